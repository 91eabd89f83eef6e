"""What handlers find on the application and on the request they answer."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from aiohttp import web

from ..window import Window
from .body import Uploads
from .limits import Limits

WINDOW = web.AppKey("window", Window)
LIMITS = web.AppKey("limits", Limits)
UPLOADS = web.AppKey("uploads", Uploads)


class Description(msgspec.Struct, frozen=True):
    """The interface described: the OpenAPI document, and the page made from it."""

    openapi: bytes
    page: bytes


DESCRIPTION: web.AppKey[Callable[[], Description]] = web.AppKey("description")

MEDIA_TYPE = web.RequestKey("media_type", str)
"""The media type that was agreed on for the answer."""

PARAMETERS = web.RequestKey("parameters", Mapping[str, Any])
"""The query parameters that were given, by name, read and checked."""
