"""One client's connection: aiohttp's, with our answer to what is not HTTP."""

import asyncio
from collections.abc import Callable
from typing import Self

from aiohttp import web

from .failure import answer
from .limits import Limits
from .problem import Refusal


class Connection(web.RequestHandler):
    """aiohttp's connection; requests that can't be read as HTTP are answered with a problem document too."""

    __slots__ = ()

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
            access_log=None,  # type: ignore[arg-type]  # None switches it off, says aiohttp's documentation
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
