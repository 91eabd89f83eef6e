"""The server: the HTTP interface of one window on one socket, from the first request to a clean end.

A stop loses nothing that was promised: no new connection is taken, submissions are refused with 503, whoever waits
gets the receipt at once, event streams end between two events, what is being answered is answered whole, and cases
that are still open go on at the next start.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

import structlog
from aiohttp import web

from .api import Limits, application
from .api.connection import Connection
from .api.context import UPLOADS
from .config import Config
from .window import Window

BACKLOG: Final = 1024
"""Connections that may wait to be taken."""

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger("onewindow.server")


async def serve(
    window: Window,
    host: str,
    port: int,
    *,
    on_ready: Callable[[str], None],
    limits: Limits | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve a window until SIGTERM or SIGINT, then end in order and close the window.

    Port 0 takes any free one; `on_ready` is told the URL once declarations are taken. With `stop` the caller ends it by
    setting that, and signals are left alone. Raises OSError where the address can't be had, and whatever ended the
    window's own work before its time.
    """
    limits = limits or Limits()
    app = application(window, limits)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=limits.grace_seconds_max)
    await runner.setup()
    listener: asyncio.Server | None = None
    running: asyncio.Task[None] | None = None
    with nullcontext(stop) if stop is not None else _signalled() as told:
        try:
            factory = Connection.factory(runner, limits)
            listener = await asyncio.get_running_loop().create_server(factory, host, port, backlog=BACKLOG)
            running = asyncio.create_task(window.run(), name="window")
            await asyncio.sleep(0)  # the window takes declarations once its task has begun
            url = _url(listener.sockets[0].getsockname())
            log.info("serving", url=url)
            on_ready(url)
            await _first(running, told)
        finally:
            log.info("stopping")
            window.close_intake()
            app[UPLOADS].break_off()
            if listener is not None:
                listener.close()
                await asyncio.sleep(limits.drain_seconds)
            await runner.cleanup()
            await window.stop()
            if running is not None:
                await running


@contextmanager
def _signalled() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set, instead of what else they would do."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, told.set)
    try:
        yield told
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


async def _first(running: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Returns once either has come to its end."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()


def _url(address: tuple[str, int]) -> str:
    host, port = address[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(config: Config, *, on_ready: Callable[[str], None]) -> None:
    """Open the window that a configuration describes and serve it on its host and port, on uvloop where there is one.

    Raises what `Window.open` and `serve` raise.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_opened(config, on_ready))


async def _opened(config: Config, on_ready: Callable[[str], None]) -> None:
    window = await Window.open(config)
    await serve(window, config.gateway.host, config.gateway.port, on_ready=on_ready)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return None
    return uvloop.new_event_loop
