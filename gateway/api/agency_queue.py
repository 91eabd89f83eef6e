"""What waits for a person at an agency, over HTTP."""

import msgspec
from aiohttp import web

from .agency_access import admit
from .context import PARAMETERS, WINDOW
from .limits import PAGE_CASES
from .negotiation import JSON

_encode = msgspec.json.Encoder().encode


async def show(request: web.Request) -> web.Response:
    """The messages that an agency has taken and that wait for a person to answer them."""
    agency = admit(request)
    found = await request.app[WINDOW].queue(agency, request[PARAMETERS].get("limit", PAGE_CASES))
    return web.Response(body=_encode(found), content_type=JSON)
