"""The service guide over HTTP."""

import msgspec
from aiohttp import web

from ..config import PROCEDURES
from ..service_guide import guide_list, service_guide
from .context import WINDOW
from .negotiation import JSON
from .problem import Refusal


async def list_guides(request: web.Request) -> web.Response:
    """Every procedure, its class and its time limit."""
    window = request.app[WINDOW]
    return _json(guide_list(window.config, window.agencies))


async def guide(request: web.Request) -> web.Response:
    """The guide to one procedure."""
    window = request.app[WINDOW]
    for name in PROCEDURES:
        if name == request.match_info["procedure"]:
            return _json(service_guide(name, window.config, window.agencies))
    raise Refusal("not-found")


def _json(value: msgspec.Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type=JSON)
