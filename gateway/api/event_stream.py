"""The events of a case as server-sent events (WHATWG HTML, section 9.2): id, event, data, and signs of life."""

import asyncio
from contextlib import aclosing
from typing import Final

import msgspec
import structlog
from aiohttp import web

from ...codecs.finding import Text
from ..case import Case, CaseStatus
from ..status import timeline_entry
from ..store.store import RecordDamaged, StoreUnavailable
from ..window import Window
from .context import LIMITS, WINDOW
from .declarations import existing
from .parameters import bad_value
from .problem import Refusal
from .waiting import waiting

EVENT_STREAM: Final = "text/event-stream"

RETRY_MILLISECONDS: Final = 1000
"""How long a client waits before it takes a broken stream up again."""

log = structlog.get_logger("onewindow.api")

_encode = msgspec.json.Encoder().encode


async def events(request: web.Request) -> web.StreamResponse:
    """The case's events after `Last-Event-ID`, as they happen; ends after the final one, or when the server stops.

    204 to a client that has them all: it tells an EventSource not to come again.
    """
    case = (await existing(request)).case
    after = _last_event_id(request, case)
    if case.status is CaseStatus.DECIDED and after == case.sequence:
        return web.Response(status=204)
    stream = web.StreamResponse(headers={"Content-Type": EVENT_STREAM, "X-Accel-Buffering": "no"})
    if request.method == "HEAD":
        await stream.prepare(request)
        return stream
    try:
        async with waiting(request):
            await stream.prepare(request)
            await stream.write(b"retry: %d\n\n" % RETRY_MILLISECONDS)
            await _send(stream, request.app[WINDOW], case.id, after, request.app[LIMITS].heartbeat_seconds)
    except (StoreUnavailable, RecordDamaged) as error:
        # The stream ends at the boundary of an event; the client comes again with the id of the last one it has.
        log.warning("event stream cut short", case=case.id, error=str(error))
    return stream


def _last_event_id(request: web.Request, case: Case) -> int:
    text = request.headers.get("Last-Event-ID")
    if text is None:
        return 0
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= case.sequence:
        return int(text)
    expected = Text(f"the id of an event of this case, 0 to {case.sequence}", f"本办件的事件序号，0 至 {case.sequence}")
    finding = bad_value("Last-Event-ID", text, expected)
    raise Refusal("invalid-parameter", findings=(finding,))


async def _send(stream: web.StreamResponse, window: Window, case_id: str, after: int, heartbeat_seconds: float) -> None:
    async with aclosing(window.follow(case_id, after)) as news:
        while True:
            # Awaited as a task: a timeout must not cancel the generator in the middle of its work.
            coming = asyncio.ensure_future(anext(news, None))
            try:
                while not (await asyncio.wait({coming}, timeout=heartbeat_seconds))[0]:
                    await stream.write(b": alive\n\n")
            except BaseException:
                coming.cancel()
                await asyncio.wait({coming})
                raise
            item = coming.result()
            if item is None:
                return
            entry = timeline_entry(*item)
            await stream.write(
                b"id: %d\nevent: %s\ndata: %s\n\n" % (entry.sequence, entry.event.encode(), _encode(entry))
            )
