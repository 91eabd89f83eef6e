"""What comes back from an agency on its own account, and applications that listen."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from onewindow.agencies.transport import Transport


class Arrivals:
    """What an agency brought, by message: replies as bytes, None for an acknowledgement, words for a refusal."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._queues: defaultdict[str, asyncio.Queue[bytes | str | None]] = defaultdict(asyncio.Queue)

    def came(self, message_id: str, what: bytes | str | None) -> None:
        """The agency brought this."""
        self._queues[message_id].put_nowait(what)

    async def _next(self, message_id: str) -> bytes | str | None:
        async with asyncio.timeout(30):
            return await self._queues[message_id].get()

    async def reply(self, message_id: str) -> bytes:
        """The next reply to a message."""
        what = await self._next(message_id)
        assert isinstance(what, bytes)
        return what

    async def taken(self, message_id: str) -> None:
        """Returns once the agency has acknowledged a message."""
        assert await self._next(message_id) is None

    async def refused(self, message_id: str) -> None:
        """Returns once the agency has refused a message."""
        assert isinstance(await self._next(message_id), str)


async def said(file: Path, words: str) -> None:
    """Returns once a log has these words."""
    async with asyncio.timeout(60):
        while words not in await asyncio.to_thread(file.read_text, "utf-8", "replace"):
            await asyncio.sleep(0.05)


@asynccontextmanager
async def listening(app: web.Application, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """An application on a socket of its own; its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
