"""The server: the HTTP interface of one window on one socket, from the first request to a clean end.

A stop loses nothing that was promised: no new connection is taken, submissions are refused with 503, whoever waits
gets the receipt at once, event streams end between two events and batches between two lines, what is being answered is
answered whole, and cases that are still open go on at the next start.
"""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Final

import structlog
from aiohttp import web

from .api import Limits, application
from .api.bus_replies import BusReplies
from .api.connection import Connection
from .api.context import UPLOADS
from .config import Config
from .store import UnsafeStore
from .window import Window

BACKLOG: Final = 1024
"""Connections that may wait to be taken."""

FOLDER_MISSING: Final = "store-folder-missing"
"""Code of the UnsafeStore where the store's folder is not there."""

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
    try:
        sockets = await listen(host, port)
    except OSError:
        await window.stop()
        raise
    await _serve(window, sockets, on_ready, limits or Limits(), stop)


async def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen at every address that the host stands for; whoever connects waits until it is served.

    Raises OSError where an address can't be had.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((each[0], each[4]) for each in found):
            sockets.append(socket.create_server(address, family=family, backlog=BACKLOG))
    except OSError:
        _close(sockets)
        raise
    return sockets


def _close(sockets: Sequence[socket.socket]) -> None:
    for each in sockets:
        each.close()


async def _serve(
    window: Window,
    sockets: Sequence[socket.socket],
    on_ready: Callable[[str], None],
    limits: Limits,
    stop: asyncio.Event | None,
) -> None:
    app = application(window, limits)
    if (bus := window.mailboxes.bus) is not None:
        BusReplies(window, bus)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=limits.grace_seconds_max)
    await runner.setup()
    listeners: list[asyncio.Server] = []
    running: asyncio.Task[None] | None = None
    with nullcontext(stop) if stop is not None else signalled() as told:
        try:
            url = url_of(sockets[0].getsockname())
            factory = Connection.factory(runner, limits)
            loop = asyncio.get_running_loop()
            window.webhooks.own.update(each.getsockname()[:2] for each in sockets)
            running = asyncio.create_task(window.run(), name="window")
            await asyncio.sleep(0)  # the window takes declarations once its task has begun
            listeners = [await loop.create_server(factory, sock=each, backlog=BACKLOG) for each in sockets]
            log.info("serving", url=url)
            if window.config.gateway.test_mode:
                log.warning("test mode: references that begin with TEST- say what agencies are to do")
            on_ready(url)
            await _first(running, told)
        finally:
            log.info("stopping")
            window.close_intake()
            app[UPLOADS].break_off()
            for listener in listeners:
                listener.close()
            if listeners:
                await asyncio.sleep(limits.drain_seconds)
            else:
                _close(sockets)
            await runner.cleanup()
            await window.stop()
            if running is not None:
                await running
            log.info("stopped")


@contextmanager
def signalled() -> Iterator[asyncio.Event]:
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


def url_of(address: tuple[str, int]) -> str:
    """The URL of what listens at a socket's address."""
    host, port = address[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(config: Config, *, on_ready: Callable[[str], None], new_store: bool = False, new_keys: bool = False) -> None:
    """Open the window that a configuration describes and serve it on its host and port, on uvloop where there is one.

    Raises what `Window.open` and `serve` raise; OSError and UnsafeStore before anything is made or changed.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_opened(config, on_ready, new_store=new_store, new_keys=new_keys))


async def _opened(config: Config, on_ready: Callable[[str], None], *, new_store: bool, new_keys: bool) -> None:
    """Serve the window of a configuration; keys and store are touched only once the address is had."""
    _check_folder(config)
    sockets = await listen(config.gateway.host, config.gateway.port)
    try:
        window = await Window.open(config, new_store=new_store, new_keys=new_keys)
    except BaseException:
        _close(sockets)
        raise
    await _serve(window, sockets, on_ready, Limits(), None)


def _check_folder(config: Config) -> None:
    """Raises UnsafeStore where a folder is not there: a mistyped path must not begin an empty record."""
    folder = config.store.path.parent
    if not folder.is_dir():
        raise UnsafeStore(FOLDER_MISSING, f"there is no folder {folder}; make it first, or mend [store] url")
    folder = config.documents_folder.parent
    if not folder.is_dir():
        raise UnsafeStore(FOLDER_MISSING, f"there is no folder {folder}; make it first, or mend [documents] folder")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return None
    return uvloop.new_event_loop
