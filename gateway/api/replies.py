"""Replies that agencies bring over HTTP."""

import msgspec
from aiohttp import web

from . import body
from .context import LIMITS, UPLOADS, WINDOW
from .negotiation import JSON, XML
from .problem import Refusal


class ReplyTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that is stored; `known`: it was there already. `status` is where the case stands with it."""

    case_id: str
    known: bool
    status: str


_encode = msgspec.json.Encoder().encode


async def reply(request: web.Request) -> web.Response:
    """Take an agency's reply; answered once it is on disk."""
    window = request.app[WINDOW]
    if body.media_type(request) != XML:
        raise Refusal("unsupported-media-type", headers={"Accept": XML})
    with window.metrics.stage("receive"):
        document = await body.read(
            request, window.config.gateway.max_body, request.app[LIMITS].body_seconds_max, request.app[UPLOADS]
        )
    taken = await window.reply(request.match_info["agency"], document)
    if taken is None:
        raise Refusal("not-found")
    case, known = taken
    answer = ReplyTaken(case_id=case.id, known=known, status=case.status.value)
    return web.Response(body=_encode(answer), content_type=JSON)
