"""Messages that hang: their places are others' once these have got past them, and not before."""

import asyncio
from pathlib import Path

import pytest
from support.declarations import declaration
from support.windows import desks, window

from onewindow.agencies.transport import Answer, Outgoing
from onewindow.gateway import lane
from onewindow.gateway.case import PartState
from onewindow.gateway.config import AgencyConfig, Config
from onewindow.gateway.events import SendFailed
from onewindow.gateway.papers import XML
from onewindow.gateway.submission import Submission
from onewindow.gateway.window import Window

PLACES = 4


class Hanging:
    """Tax never answers messages of a reference that begins with POISON, and the others once it is let."""

    def __init__(self) -> None:
        self.inner = desks()
        self.let = asyncio.Event()
        self.hanging = self.most_at_once = self.at_once = 0

    async def deliver(self, outgoing: Outgoing) -> Answer:
        """What the agency does."""
        if outgoing.agency != "tax":
            return await self.inner.deliver(outgoing)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if outgoing.reference.startswith("POISON"):
                self.hanging += 1
                await asyncio.Event().wait()
            await self.let.wait()
            return await self.inner.deliver(outgoing)
        finally:
            self.at_once -= 1


async def at_work(opened: Window, hanging: Hanging, poison: int) -> tuple[list[Submission], list[Submission]]:
    """Cases of so much poison, which hangs, and of three times as many others as there are places."""
    held = [await opened.submit(declaration(f"POISON-{number}"), XML) for number in range(poison)]
    async with asyncio.timeout(60):
        while hanging.hanging < poison:
            await asyncio.sleep(0)
    others = [await opened.submit(declaration(f"OTHER-{number}"), XML) for number in range(3 * PLACES)]
    async with asyncio.timeout(60):
        while b'onewindow_agency_waiting{agency="tax"} %d' % (2 * PLACES + poison) not in opened.metrics.exposition():
            await asyncio.sleep(0)
    hanging.let.set()
    return held, others


async def failures(opened: Window, cases: list[Submission]) -> list[str]:
    """Why the messages of these cases failed."""
    found = [await opened.load(each.case.id) for each in cases]
    return [event.code for record in found if record for event in record.events if isinstance(event, SendFailed)]


CONFIG = Config(agencies={"tax": AgencyConfig(inflight=PLACES)})


async def test_their_places_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With others waiting, a message that as many have got past as there are places gives its place up and fails."""
    monkeypatch.setattr(lane, "HANGING_SECONDS", 0.0)
    hanging = Hanging()
    async with window(tmp_path, hanging, config=CONFIG) as opened:
        poison, others = await at_work(opened, hanging, PLACES - 1)
        for each in others:
            assert await opened.decided(each.case.id, 60) is not None
        async with asyncio.timeout(60):
            while not (codes := await failures(opened, poison)):
                await asyncio.sleep(0)
        assert {"timeout"} == set(codes)
        assert [] == await failures(opened, others)
        assert PLACES == hanging.most_at_once


async def test_who_is_slow_keeps_its_place(tmp_path: Path) -> None:
    """The control: a message that has not been on its way for long keeps its place, whoever gets past it."""
    hanging = Hanging()
    async with window(tmp_path, hanging, config=CONFIG) as opened:
        poison, others = await at_work(opened, hanging, 1)
        for each in others:
            assert await opened.decided(each.case.id, 60) is not None
        stands = [await opened.load(each.case.id) for each in poison]
        states = [part.state for record in stands if record for part in record.case.parts if part.agency == "tax"]
        assert ([PartState.SENT], []) == (states, await failures(opened, poison))


async def test_who_is_alone_keeps_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message hangs for as long as it likes where nobody waits for its place."""
    monkeypatch.setattr(lane, "HANGING_SECONDS", 0.0)
    hanging = Hanging()
    hanging.let.set()
    async with window(tmp_path, hanging, config=CONFIG) as opened:
        held = await opened.submit(declaration("POISON-0"), XML)
        for number in range(2 * PLACES):
            other = await opened.submit(declaration(f"OTHER-{number}"), XML)
            assert await opened.decided(other.case.id, 60) is not None
        assert (1, []) == (hanging.at_once, await failures(opened, [held]))
