"""A reference desk behind HTTP: the far side of the transport `http`."""

import asyncio
import hmac
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote

import structlog
from aiohttp import web

from ..codecs.finding import Rejected
from ..codecs.limits import DEFAULT
from .desk import Desk
from .http import KIND, MESSAGE_ID, XML
from .media_type import media_type
from .transport import MessageKind

MESSAGE_ID_CHARS_MAX: Final = 200

log = structlog.get_logger("onewindow.desk")


def application(desk: Desk, *, token: str = "", by_hand: Collection[str] = ()) -> web.Application:
    """Answers messages that are posted to `/messages`, each once it is in the desk's ledger.

    token: the bearer token that the window has to show, empty for none. by_hand: kinds that are only taken.
    """
    turned_away: set[str] = set()  # for which reasons, of those told in the log; each once until somebody is let in

    async def message(request: web.Request) -> web.Response:
        shown = request.headers.get("Authorization", "")
        if token and not hmac.compare_digest(shown.encode("utf-8", "surrogateescape"), f"Bearer {token}".encode()):
            reason = "a wrong token" if shown else "no token"
            if reason not in turned_away:
                turned_away.add(reason)
                log.warning("a caller is turned away", shown=reason, caller=request.remote)
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        turned_away.clear()
        message_id = unquote(request.headers.get(MESSAGE_ID, ""))
        kind = request.headers.get(KIND, "")
        if not 0 < len(message_id) <= MESSAGE_ID_CHARS_MAX or kind not in list(MessageKind):
            return web.Response(status=400, text=f"{MESSAGE_ID} or {KIND} is missing or wrong\n")
        if media_type(request.headers.get("Content-Type", "")).name != XML:
            return web.Response(status=415, headers={"Accept": XML})
        body = await request.read()
        try:
            return await _answered(message_id, MessageKind(kind), body)
        except Rejected as error:
            return web.Response(status=422, text=f"{error}\n")

    async def _answered(message_id: str, kind: MessageKind, body: bytes) -> web.Response:
        if kind is MessageKind.NOTICE:
            await asyncio.to_thread(desk.note, message_id, body)
            return web.Response(status=204)
        if kind in by_hand:
            return web.Response(status=202)
        return web.Response(body=await asyncio.to_thread(desk.answer, message_id, body, kind), content_type=XML)

    app = web.Application(client_max_size=DEFAULT.body_bytes_max)
    app.router.add_post("/messages", message)
    return app
