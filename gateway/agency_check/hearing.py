"""Hearing an agency that is checked: the routes of agencies, and no others, at the address that the window has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from ..api import Limits, agency_application
from ..api.connection import Connection
from ..server import BACKLOG, listen, url_of
from .stand_in import StandIn


@asynccontextmanager
async def hearing(stand_in: StandIn, host: str, port: int) -> AsyncIterator[str]:
    """Serve the agency under check; the URL. Raises OSError where the address can't be had."""
    limits = Limits()
    sockets = await listen(host, port)
    runner = web.AppRunner(agency_application(stand_in, limits), access_log=None, shutdown_timeout=1.0)
    servers: list[asyncio.Server] = []
    try:
        await runner.setup()
        factory = Connection.factory(runner, limits)
        loop = asyncio.get_running_loop()
        servers = [await loop.create_server(factory, sock=each, backlog=BACKLOG) for each in sockets]
        yield url_of(sockets[0].getsockname())
    finally:
        stand_in.box.close()
        for server in servers:
            server.close()
        for each in sockets:
            each.close()
        await runner.cleanup()
