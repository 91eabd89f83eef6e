"""An agency that can't do with some messages, over each transport: it costs the others nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from support.declarations import declaration
from support.far_side import Behaviour, FarSide, Lost, Message, far_sides, free_ports
from support.nats_server import nats_server
from support.office import answering
from support.served import Gateway, configured

from onewindow.agencies.ledger import MemoryLedger
from onewindow.gateway import breaker
from onewindow.gateway.breaker import FAILED_MESSAGES_MAX, Breaker
from onewindow.gateway.config import AgencyConfig
from onewindow.gateway.events import SendFailed

TRANSPORTS = ("http", "mailbox", "nats")

TAX = "tax"
POISON = FAILED_MESSAGES_MAX + 2
OTHERS = 48


class Choosy:
    """Tax, which does not answer messages of a reference that begins with POISON until it is `mended`."""

    def __init__(self) -> None:
        self.mended = False
        self.poison: list[str] = []
        self.others: list[str] = []
        self._answer = answering(MemoryLedger(), TAX)

    async def answer(self, side: FarSide, message: Message) -> bytes | None:
        """What it does with a message: over HTTP it is unable, and nothing comes from it otherwise."""
        if b">POISON-" not in message.body:
            self.others.append(message.message_id)
        else:
            self.poison.append(message.message_id)
            if not self.mended:
                raise Lost
        return await self._answer(side, message)


@asynccontextmanager
async def office(folder: Path, transport: str, tax: Behaviour) -> AsyncIterator[Gateway]:
    """A gateway with tax at the other end of this transport, over real sockets."""
    ports = free_ports((TAX,))
    async with AsyncExitStack() as stack:
        bus = None
        own = AgencyConfig(transport=transport, lease=1.0)  # type: ignore[arg-type]  # one of TRANSPORTS
        if transport == "http":
            own = AgencyConfig(transport="http", url=f"http://127.0.0.1:{ports[TAX]}/messages")
        if transport == "nats":
            bus = (await stack.enter_async_context(nats_server(folder))).url
        gateway = await stack.enter_async_context(configured(folder, {TAX: own}, bus or "memory://"))
        await stack.enter_async_context(far_sides(transport, bus or gateway.url, ports, {TAX: tax}))
        yield gateway


async def submitted(gateway: Gateway, name: str, count: int) -> list[str]:
    """The cases of so many declarations."""
    return [(await gateway.post(declaration(f"{name}-{number}"))).json["id"] for number in range(count)]


async def tried(choosy: Choosy, cases: list[str], times: int) -> None:
    """Returns once tax has had the message of each of these cases so often."""
    async with asyncio.timeout(60):
        while min(choosy.poison.count(f"{case_id}/{TAX}/1") for case_id in cases) < times:
            await asyncio.sleep(0)


async def held_up(gateway: Gateway, choosy: Choosy, cases: list[str]) -> list[str]:
    """Those cases of which the window says that tax failed, though it was never asked."""
    held = []
    for case_id in cases:
        record = await gateway.window.load(case_id)
        assert record is not None
        failed = any(isinstance(event, SendFailed) for event in record.events)
        if failed and f"{case_id}/{TAX}/1" not in choosy.others:
            held.append(case_id)
    return held


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_others_are_answered(transport: str, tmp_path: Path) -> None:
    """All others reach their response while what the agency can't do with is open and tried again; none is lost."""
    choosy = Choosy()
    async with office(tmp_path, transport, choosy.answer) as gateway:
        poison = await submitted(gateway, "POISON", POISON)
        await tried(choosy, poison, 1)
        for part in ("BEFORE", "AFTER"):
            for case_id in await submitted(gateway, part, OTHERS // 2):
                assert await gateway.window.decided(case_id, 60) is not None
            await tried(choosy, poison, 2)
        stand = [await gateway.window.load(case_id) for case_id in poison]
        assert {None} == {record and record.case.outcome for record in stand}
        choosy.mended = True
        for case_id in poison:
            assert await gateway.window.decided(case_id, 60) is not None


async def test_attempts_that_are_counted_are_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a breaker that counts attempts holds others up, of which tax was never asked, until it is mended."""
    choosy = Choosy()
    counted = iter(range(10**6))

    def each_attempt(self: Breaker, message_id: str, now: float, spread: float) -> Breaker:
        return failed_first(self, f"{message_id} {next(counted)}", now, spread)

    failed_first = Breaker.failed_first
    monkeypatch.setattr(Breaker, "failed_first", each_attempt)
    monkeypatch.setattr(Breaker, "failed_again", each_attempt)
    for name in ("PAUSE_SECONDS_FIRST", "PAUSE_SECONDS_MAX", "UNTRIED_PAUSE_SECONDS_MAX"):
        monkeypatch.setattr(breaker, name, 3600.0)
    async with office(tmp_path, "http", choosy.answer) as gateway:
        await submitted(gateway, "POISON", 4)
        async with asyncio.timeout(60):
            while b'onewindow_agency_breaker{agency="tax"} 2.0' not in (await gateway.get("/metrics")).body:
                await asyncio.sleep(0)
        others = await submitted(gateway, "OTHER", 3)
        async with asyncio.timeout(60):
            while len(await held_up(gateway, choosy, others)) < len(others):
                await asyncio.sleep(0)
        assert [] == choosy.others


async def test_messages_that_are_counted_are_not_caught(tmp_path: Path) -> None:
    """Beside the control: as it is, nothing that tax was not asked is said to have failed."""
    choosy = Choosy()
    async with office(tmp_path, "http", choosy.answer) as gateway:
        await tried(choosy, await submitted(gateway, "POISON", 4), 3)
        others = await submitted(gateway, "OTHER", 3)
        for case_id in others:
            assert await gateway.window.decided(case_id, 60) is not None
        assert [] == await held_up(gateway, choosy, others)
