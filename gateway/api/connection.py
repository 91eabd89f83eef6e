"""One client's connection: aiohttp's, with our answer to what is not HTTP."""

import asyncio
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from .failure import answer
from .limits import Limits
from .problem import Refusal


class Connection(web.RequestHandler):
    """aiohttp's connection; requests that can't be read as HTTP are answered with a problem document too."""

    __slots__ = ("waiting",)

    def __init__(self, manager: web.Server, **settings: Any) -> None:
        super().__init__(manager, **settings)
        self.waiting: asyncio.Timeout | None = None
        """What the call under way waits under, if it only waits: to be broken off when the client hangs up."""

    def connection_lost(self, exc: BaseException | None) -> None:
        """The client has hung up. Nothing but waiting is broken off: what it sent before may be on its way to disk."""
        super().connection_lost(exc)
        if self.waiting is not None:
            self.waiting.reschedule(asyncio.get_running_loop().time())

    @classmethod
    def factory(cls, runner: web.AppRunner, limits: Limits) -> Callable[[], Self]:
        """Makes connections of a runner that has been set up; the runner counts and closes them as its own."""
        server = runner.server
        if server is None:
            raise RuntimeError("the runner has not been set up")
        loop = asyncio.get_running_loop()
        return lambda: cls(
            server,
            loop=loop,
            access_log=None,
            auto_decompress=False,  # no body is unpacked here, see body.py
            keepalive_timeout=limits.idle_seconds_max,
            lingering_time=limits.linger_seconds_max,
        )

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to a request line or head that is no HTTP or is too large; it ends the connection."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer had been begun")
        self.logger.debug("not HTTP from %s: %s", request.remote, message)
        refusal = answer(Refusal("bad-request" if status < 500 else "internal", close=True), "about:blank")
        refusal.headers["X-Content-Type-Options"] = "nosniff"
        refusal.headers["Server"] = "onewindow"  # or aiohttp would say which version of what this is
        return refusal
