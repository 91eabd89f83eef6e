"""A reference agency as a process that fails on poison: on every declaration whose reference begins with POISON.

`python -m onewindow.bench.poison_agency CODE TRANSPORT WHERE`; WHERE is the port, the gateway's URL, or the bus's.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

import uvloop
from aiohttp import web
from msgspec.structs import replace

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.bus import Bus, BusAccess
from onewindow.agencies.desk import Desk
from onewindow.agencies.desk_http import application
from onewindow.agencies.desk_mailbox import MailboxDesk
from onewindow.agencies.desk_nats import NatsDesk
from onewindow.agencies.ledger import MemoryLedger
from onewindow.agencies.registry import installed
from onewindow.codecs.messages.reply import Reply
from onewindow.gateway.server import signalled

POISON: Final = "POISON-"


class Poisoned(Exception):
    """The agency can't do with this declaration."""


def poisoned(agency: AnyAgency) -> AnyAgency:
    """The agency, with rules that fail on poison."""
    rules = agency.assess
    if rules is None:
        raise ValueError(f"there is no reference agency {agency.code}")

    def assess(message: Any, message_id: str, now: datetime) -> Reply:
        if message.functional_reference_id.startswith(POISON):
            raise Poisoned
        return rules(message, message_id, now)

    return replace(agency, assess=assess)


@asynccontextmanager
async def _listens(desk: Desk, where: str) -> AsyncIterator[None]:
    runner = web.AppRunner(application(desk), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", int(where)).start()
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _fetches(desk: Desk, where: str) -> AsyncIterator[None]:
    async with MailboxDesk(desk, where) as fetching, _running(fetching.run()):
        yield


@asynccontextmanager
async def _takes(desk: Desk, where: str) -> AsyncIterator[None]:
    code = desk.agency.code
    bus = Bus(BusAccess(url=where, name=f"agency {code}", inbox=f"_INBOX.{code}"))
    async with bus, _running(NatsDesk(desk, bus).run()):
        yield


@asynccontextmanager
async def _running(work: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


_RUNS: Final[Mapping[str, Callable[[Desk, str], AbstractAsyncContextManager[None]]]] = MappingProxyType(
    {"http": _listens, "mailbox": _fetches, "nats": _takes}
)


async def answer(code: str, transport: str, where: str) -> None:
    """Answer until SIGTERM."""
    desk = Desk(poisoned(installed()[code]), MemoryLedger(), lambda: datetime.now(UTC))
    with signalled() as told:
        async with _RUNS[transport](desk, where):
            await told.wait()


if __name__ == "__main__":
    uvloop.run(answer(*sys.argv[1:]))
