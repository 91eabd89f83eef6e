"""A webhook's subscriber: a real HTTP server in the test's own loop, which keeps what it is sent."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web
from multidict import CIMultiDictProxy
from support.gateway_process import free_port

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def taken(_: web.Request) -> web.StreamResponse:
    """The answer of a subscriber who takes it."""
    return web.Response(status=204)


def answering(*statuses: int, **headers: str) -> Answering:
    """Answers these statuses, one request each and the last one for ever; headers are given with underscores."""
    left = list(statuses)

    async def handler(_: web.Request) -> web.StreamResponse:
        status = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return handler


@dataclass(frozen=True)
class Received:
    """One request."""

    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def id(self) -> str:
        """What tells a repeat from news."""
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        """The document."""
        assert "application/json" == self.headers["Content-Type"]
        return msgspec.json.decode(self.body)

    def verify(self, secret: str) -> None:
        """Holds where the request is signed as Standard Webhooks has it, worked out here again."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.{self.body.decode()}"
        key = base64.b64decode(secret.split("_", 1)[1])
        expected = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
        assert f"v1,{expected}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Subscriber:
    """A port of the loopback address, at which somebody listens or not."""

    answer: Answering = taken
    port: int = field(default_factory=free_port)
    received: list[Received] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where to deliver to."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def documents(self) -> list[Any]:
        """What was received, repeats left out."""
        return list({each.id: each.json for each in self.received}.values())

    async def until(self, count: int) -> None:
        """Returns once so many requests have come."""
        async with asyncio.timeout(60):
            while len(self.received) < count:
                self._news.clear()
                await self._news.wait()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Subscriber"]:
        """Answers requests meanwhile."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
            yield self
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.received.append(Received(request.headers, await request.read()))
        self._news.set()
        return await self.answer(request)
