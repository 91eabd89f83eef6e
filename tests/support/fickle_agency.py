"""An agency over real HTTP that answers as it is told, and as a reference desk where it is told nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

from aiohttp import web
from support.waiting import listening

from onewindow.agencies.desk import Desk
from onewindow.agencies.http import KIND, MESSAGE_ID
from onewindow.agencies.ledger import Ledger, MemoryLedger
from onewindow.agencies.registry import installed
from onewindow.agencies.transport import MessageKind
from onewindow.gateway.config import AgencyConfig

Answering = Callable[[web.Request, bytes], Awaitable[web.StreamResponse]]
"""Answers a request, given the reply that would be right."""


@dataclass
class FickleAgency:
    """The agency `code`. `answering` is how it answers, for as long as it is there; `left`: that many times only."""

    code: str
    url: str = ""
    answering: Answering | None = None
    left: int = 1_000_000
    asked: list[str] = field(default_factory=list)
    ledger: Ledger = field(default_factory=MemoryLedger)

    @property
    def config(self) -> dict[str, AgencyConfig]:
        """How the gateway reaches it."""
        return {self.code: AgencyConfig(transport="http", url=f"{self.url}/messages", timeout=1.0)}

    @asynccontextmanager
    async def listening(self, clock: Callable[[], object]) -> AsyncIterator["FickleAgency"]:
        """It, at work."""
        desk = Desk(installed()[self.code], self.ledger, clock)  # type: ignore[arg-type]  # any clock that tests have

        async def message(request: web.Request) -> web.StreamResponse:
            message_id = unquote(request.headers[MESSAGE_ID])
            self.asked.append(message_id)
            kind, body = MessageKind(request.headers[KIND]), await request.read()
            right = await asyncio.to_thread(desk.answer, message_id, body, kind)
            if self.answering is not None and self.left > 0:
                self.left -= 1
                return await self.answering(request, right)
            return web.Response(body=right, content_type="application/xml")

        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_post("/messages", message)
        async with listening(app) as self.url:
            yield self
