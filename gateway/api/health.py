"""What those who run the window ask it: is it alive, does it take declarations, what does it count."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

import msgspec
from aiohttp import web

from ..metrics import CONTENT_TYPE
from ..seal import Notice
from ..store.store import StoreUnavailable
from .context import LIMITS, WINDOW
from .failure import unsealed
from .negotiation import JSON
from .problem import Refusal


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a probe; `notices`: what should be seen to before long."""

    status: Literal["live", "ready"]
    notices: tuple[Notice, ...] = ()


async def live(request: web.Request) -> web.Response:
    """The process answers; nothing else is asked."""
    return _healthy(Health("live"))


async def ready(request: web.Request) -> web.Response:
    """Declarations are taken: the window runs, its key signs receipts, and its store would keep one."""
    window = request.app[WINDOW]
    if not window.ready:
        raise Refusal("stopping" if window.stopping else "not-ready")
    now = window.clock()
    if (code := window.seal.refusal(now)) is not None:
        raise unsealed(code)
    try:
        async with asyncio.timeout(request.app[LIMITS].probe_seconds_max):
            await window.probe()
    except TimeoutError:
        raise Refusal("store-unavailable") from None
    notice = window.seal.notice(now)
    return _healthy(Health("ready", () if notice is None else (notice,)))


async def metrics(request: web.Request) -> web.Response:
    """What is counted and timed, in Prometheus' text format."""
    window = request.app[WINDOW]
    counted: Mapping[str, int] | None = None
    with suppress(StoreUnavailable, TimeoutError):  # what else is counted has to be told all the more then
        async with asyncio.timeout(request.app[LIMITS].probe_seconds_max):
            counted = await window.count_open()
    window.metrics.open_cases(counted)
    return web.Response(body=window.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})


def _healthy(health: Health) -> web.Response:
    return web.Response(body=msgspec.json.encode(health), content_type=JSON)
