"""The interface described: /openapi.json, and /docs, a page made from it that needs nothing from elsewhere."""

from aiohttp import web

from .context import DESCRIPTION
from .negotiation import JSON

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


async def openapi(request: web.Request) -> web.Response:
    """The OpenAPI document."""
    return web.Response(body=request.app[DESCRIPTION]().openapi, content_type=JSON)


async def page(request: web.Request) -> web.Response:
    """The page."""
    return web.Response(
        body=request.app[DESCRIPTION]().page,
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": _POLICY},
    )
