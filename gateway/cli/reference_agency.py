"""A reference agency as a process: a desk with a ledger on disk, at one end of a transport."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from re import fullmatch
from types import MappingProxyType
from typing import Final

import structlog
from aiohttp import web
from msgspec import Struct

from ...agencies.bus import Bus, BusAccess
from ...agencies.desk import Desk
from ...agencies.desk_http import application
from ...agencies.desk_mailbox import MailboxDesk
from ...agencies.desk_nats import NatsDesk
from ...agencies.ledger import LedgerUnusable, SqliteLedger
from ...agencies.registry import installed
from ...agencies.tls_files import server_context
from ...codecs import INSPECTION_ORDER, NOTICE
from ...codecs.causes import cause
from ..config import BUS_URL, BadConfig, BusConfig
from ..config_check import flaws_of_bus
from ..server import signalled
from ..transports import read_token
from .ending import NO, USAGE, Stop
from .starting import not_taken

log = structlog.get_logger("onewindow.agency")


class Place(Struct, frozen=True, kw_only=True):
    """Where an agency runs and how it is reached; see the options of `onewindow agency run`."""

    transport: str
    ledger: Path
    by_hand: frozenset[str]
    token_file: Path | None
    host: str
    port: int
    certificate: Path | None
    private_key: Path | None
    ca: Path | None
    url: str
    bus: str
    credentials: Path | None


async def run_agency(code: str, place: Place) -> None:
    """Answer until SIGTERM or SIGINT. Raises Stop where the agency can't be run like this."""
    agency = installed().get(code)
    if agency is None or agency.assess is None:
        raise Stop(USAGE, "agency-unknown", f"There is no reference agency {code}.", f"没有参考部门 {code}。")
    try:
        token = read_token("--token-file", place.token_file)
        ledger = SqliteLedger(place.ledger)
    except BadConfig as bad:
        raise not_taken(bad) from bad
    except LedgerUnusable as error:
        en, zh = f"{error}.", f"{place.ledger}：无法使用该台账文件。"
        raise Stop(NO, "ledger-unusable", en, zh) from error
    for codec in (agency.message, agency.reply, NOTICE, INSPECTION_ORDER):
        codec.prepare(explanations=False)
    desk = Desk(agency, ledger, lambda: datetime.now(UTC))
    try:
        with signalled() as told:
            async with _RUNS[place.transport](desk, place, token) as where:
                log.info("agency answers", agency=code, transport=place.transport, at=where)
                await told.wait()
    except OSError as error:
        why = cause(error)
        what = error.filename or (f"{place.host}:{place.port}" if place.transport == "http" else place.transport)
        en, zh = f"It can't be run: {what}: {why.en}.", f"无法运行：{what}：{why.zh}。"
        raise Stop(NO, "agency-unusable", en, zh) from error
    finally:
        ledger.close()


@asynccontextmanager
async def _listens(desk: Desk, place: Place, token: str) -> AsyncIterator[str]:
    runner = web.AppRunner(application(desk, token=token, by_hand=place.by_hand), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        own = place.certificate
        context = None if own is None else server_context(place.ca, own, place.private_key)
        site = web.TCPSite(runner, place.host, place.port, ssl_context=context, backlog=1024)
        await site.start()
        yield f"{'https' if context else 'http'}://{place.host}:{runner.addresses[0][1]}/messages"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _fetches(desk: Desk, place: Place, token: str) -> AsyncIterator[str]:
    async with MailboxDesk(desk, place.url, token=token, by_hand=place.by_hand) as fetching:
        running = asyncio.create_task(fetching.run())
        try:
            yield place.url
        finally:
            running.cancel()
            await asyncio.wait([running])


@asynccontextmanager
async def _takes(desk: Desk, place: Place, token: str) -> AsyncIterator[str]:
    own = BusConfig(url=place.bus, certificate=place.certificate, private_key=place.private_key)
    if not own.is_nats or not fullmatch(BUS_URL, place.bus):
        en, zh = (
            "nats://HOST:PORT or tls://HOST:PORT, without a user in it",
            "不含用户名的 nats://HOST:PORT 或 tls://HOST:PORT",
        )
        raise Stop(USAGE, "bus", f"--bus: write {en}.", f"--bus：应写作{zh}。")
    for _, flaw in flaws_of_bus(own):
        raise Stop(USAGE, "bus", f"{flaw.en}.", f"{flaw.zh}。")
    try:
        bus = Bus(
            BusAccess(
                url=place.bus,
                credentials=place.credentials,
                ca=place.ca,
                certificate=place.certificate,
                private_key=place.private_key,
                name=f"onewindow agency {desk.agency.code}",
                inbox=f"_INBOX.{desk.agency.code}",
            )
        )
    except ValueError as error:
        en, zh = "--credentials holds no NATS credentials.", "--credentials 的文件不含 NATS 凭证。"
        raise Stop(USAGE, "credentials", en, zh) from error
    async with bus:
        taking = asyncio.create_task(NatsDesk(desk, bus, token=token, by_hand=place.by_hand).run())
        try:
            yield place.bus
        finally:
            taking.cancel()
            await asyncio.wait([taking])


_Run = Callable[[Desk, Place, str], AbstractAsyncContextManager[str]]
_RUNS: Final[Mapping[str, _Run]] = MappingProxyType({"http": _listens, "mailbox": _fetches, "nats": _takes})
