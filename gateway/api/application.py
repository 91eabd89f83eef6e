"""The aiohttp application: routes from the table, every failure as a problem document, headers on every answer."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import msgspec
from aiohttp import web

from ...codecs.finding import Text
from ..window import Window
from . import openapi
from .agency_routes import AGENCIES
from .agency_side import AgencySide
from .body import Uploads, leaves_body
from .callers import callers
from .context import DESCRIPTION, LIMITS, MEDIA_TYPE, PARAMETERS, UPLOADS, WINDOW, Description
from .failure import failures
from .limits import Limits
from .mailbox import FETCHERS
from .negotiation import choose
from .page import page
from .parameters import read_parameters
from .problem import Refusal
from .route import Handler, Route
from .routes import ROUTES
from .waiting import WAITS, WEBHOOK_TESTS, Waits

_NO_PARAMETERS: Mapping[str, Any] = MappingProxyType({})


def application(window: Window, limits: Limits | None = None) -> web.Application:
    """The HTTP interface of a window. The window's `run` and `stop` are its owner's business."""
    return _application(window, ROUTES, limits)


def agency_application(side: AgencySide, limits: Limits | None = None) -> web.Application:
    """The part of the interface that is for agencies, and nothing else."""
    return _application(side, AGENCIES, limits)


def _application(window: AgencySide, routes: Iterable[Route], limits: Limits | None) -> web.Application:
    app = web.Application(middlewares=[failures, callers])
    app[WINDOW] = window  # type: ignore[misc]  # a whole one wherever routes are served that are not for agencies
    app[LIMITS] = limits = limits or Limits()
    app[UPLOADS] = Uploads(limits.upload_bytes_inflight_max)
    app[FETCHERS] = Counter()
    app[WAITS] = Waits(limits.waits_per_caller_max)
    app[WEBHOOK_TESTS] = Waits(limits.webhook_tests_per_caller_max)
    described: Callable[[], Description] = _description
    app[DESCRIPTION] = described
    by_path: dict[str, list[Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, []).append(route)
    for path, calls in by_path.items():
        for route in calls:
            endpoint = _endpoint(route)
            for method in (route.method, "HEAD") if route.method == "GET" else (route.method,):
                app.router.add_route(method, path, endpoint, expect_handler=_not_yet)
        app.router.add_route("*", path, _other_method([route.method for route in calls]), expect_handler=_not_yet)
    app.router.add_route("*", "/{path:.*}", _nowhere, expect_handler=_not_yet)
    app.on_response_prepare.append(_headers)
    return app


# aiohttp's own answers to what no route is for would ask for the body first.
def _other_method(known: Iterable[str]) -> Handler:
    allowed = {*known, "HEAD"} if "GET" in known else set(known)

    async def refuse(request: web.Request) -> web.StreamResponse:
        raise web.HTTPMethodNotAllowed(request.method, allowed)

    return refuse


async def _nowhere(request: web.Request) -> web.StreamResponse:
    raise web.HTTPNotFound


@cache
def _description() -> Description:
    """Made once, when somebody first asks: it is the same for every window."""
    described = openapi.document(ROUTES)
    return Description(msgspec.json.encode(described), page(described).encode())


def _endpoint(route: Route) -> Handler:
    """The route's handler behind what all routes have in common: negotiation and the check of query parameters."""
    offered = route.offered
    known = route.query
    required = any(parameter.required for parameter in known.values())

    async def endpoint(request: web.Request) -> web.StreamResponse:
        if offered:
            media_type = choose(",".join(request.headers.getall("Accept", ())), offered)
            if media_type is None:
                raise Refusal("not-acceptable", _offers(offered))
            request[MEDIA_TYPE] = media_type
        given = required or request.query_string
        request[PARAMETERS] = read_parameters(known, request.query) if given else _NO_PARAMETERS
        return await route.handler(request)

    return endpoint


def _offers(offered: tuple[str, ...]) -> Text:
    media_types = ", ".join(offered)
    return Text(en=f"The answer can be given as: {media_types}.", zh=f"可提供的媒体类型：{media_types}。")


async def _not_yet(request: web.Request) -> None:
    """Leaves `Expect: 100-continue` to whoever reads the body: asking for one that will be refused helps nobody."""


async def _headers(request: web.Request, response: web.StreamResponse) -> None:
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Cache-Control", "no-store")
    headers.popall("Server", None)  # whose version it is helps only those who look for its weaknesses
    if request.app[WINDOW].stopping or leaves_body(request, response.status):
        headers["Connection"] = "close"  # aiohttp has made up its mind about this header before it calls this
        response.force_close()
