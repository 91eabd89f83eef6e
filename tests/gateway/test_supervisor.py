"""The supervisor: answers from the store, one at a time, and not for more cases than it counts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from support import cases
from support.declarations import declaration, incomplete
from support.following import Logged, answer, awaited, come_to
from support.windows import HeldClock, window

from onewindow.codecs.finding import Text
from onewindow.gateway.case import Case
from onewindow.gateway.case_id import case_id
from onewindow.gateway.config import AgencyConfig, Config
from onewindow.gateway.events import OnOverdue
from onewindow.gateway.papers import XML
from onewindow.gateway.store import Store, open_store
from onewindow.gateway.supervision import Question, Supervised
from onewindow.gateway.supervisor import ASKED_MAX, Supervisor, Unanswered

HOUR = timedelta(hours=1)
DAY = Question(start=cases.NOON, end=cases.NOON + 24 * HOUR)
AGENCIES = {"customs": Supervised(name=Text("Customs", "海关"))}


async def filled(folder: Path, count: int) -> Store:
    """A store with so many cases, received a second after another from noon."""
    store = await open_store(f"sqlite:///{folder / 'store.db'}")
    for number in range(count):
        at = cases.noon(number)
        await store.append(cases.accepted(number, at=at, named=case_id(at, number.to_bytes(10))))
    return store


def supervisor(store: Store, cases_max: int = 1000) -> Supervisor:
    """A supervisor whose clock stands a day after noon."""
    return Supervisor(store, AGENCIES, HeldClock(DAY.end), cases_max)


async def test_no_more_cases_than_are_counted(tmp_path: Path) -> None:
    """As many cases as an answer may count are counted, and with one more there is no answer."""
    store = await filled(tmp_path, 3)
    assert 3 == (await supervisor(store, 3).answer(DAY)).cases
    with pytest.raises(Unanswered) as refused:
        await supervisor(store, 2).answer(DAY)
    assert "too-many-cases" == refused.value.code
    shorter = Question(start=DAY.start, end=cases.noon(2))
    assert 2 == (await supervisor(store, 2).answer(shorter)).cases
    await store.close()


async def test_one_question_after_another(tmp_path: Path) -> None:
    """Questions are answered one at a time; who asks when as many wait as may is told to come later, and then may."""
    store = await filled(tmp_path, 2)

    class Watched:
        """The store, which counts who reads it at one time and lets nobody through until it is opened."""

        def __init__(self) -> None:
            self.reading = self.most = 0
            self.opened = asyncio.Event()

        async def received(self, start: datetime, end: datetime) -> AsyncIterator[tuple[Case, ...]]:
            self.reading += 1
            self.most = max(self.most, self.reading)
            await self.opened.wait()
            async for page in store.received(start, end):
                yield page
            self.reading -= 1

    watched = Watched()
    asked = supervisor(cast("Store", watched))
    waiting = [asyncio.create_task(asked.answer(DAY)) for _ in range(ASKED_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(Unanswered) as refused:
        await asked.answer(DAY)
    watched.opened.set()
    found = await asyncio.gather(*waiting)
    assert ("busy", 1) == (refused.value.code, watched.most)
    assert [2] * ASKED_MAX == [each.cases for each in found]
    assert 2 == (await asked.answer(DAY)).cases
    await store.close()


async def test_what_became_of_messages(tmp_path: Path) -> None:
    """A window tells what was in time, late, deemed and open, and ratings; messages that were replaced count too."""
    clock = HeldClock()
    start = clock()
    hour = AgencyConfig(time_limit=HOUR, on_overdue=OnOverdue.DEEM_REFUSED)
    config = Config(agencies={"tax": hour, "customs": AgencyConfig(time_limit=HOUR)})
    logged = Logged(held=("tax/1", "customs/1"))
    async with window(tmp_path, clock=clock, config=config) as opened:
        supplemented = await awaited(opened, "SV-1")
        await opened.supplement(supplemented.id, declaration("SV-1"), XML)
        await answer(opened, supplemented.id)
    async with window(tmp_path, logged, clock=clock, config=config) as opened:
        clock.advance(HOUR)
        submission = await opened.submit(declaration("SV-2"), XML)
        case = await come_to(opened, submission.case.id, "replied")
        while sum(part.settled for part in case.parts) < 2:
            case = await come_to(opened, submission.case.id, "replied")
        clock.advance(HOUR)
        case = await come_to(opened, case.id, "overdue")
        while sum(part.overdue_at is not None for part in case.parts) < 2:
            case = await come_to(opened, case.id, "overdue")
        clock.advance(HOUR)
        between = await opened.supervise(Question(start=start, end=clock(), procedure="import"))
        logged.released.set()
        await answer(opened, case.id)
        await opened.rate(case.id, 2, "too late")
        await opened.rate(supplemented.id, 5, None)
        withdrawn = await opened.submit(incomplete("SV-3"), XML)
        await come_to(opened, withdrawn.case.id, "supplement-requested")
        await opened.withdraw(withdrawn.case.id, "the order was cancelled")
        await answer(opened, withdrawn.case.id)
        after = await opened.supervise(Question(start=start, end=clock() + HOUR))
        none = await opened.supervise(Question(start=start - HOUR, end=start))
    figures = {(row.agency, row.procedure): row for row in between.agencies}
    customs, tax = figures["customs", "import"], figures["tax", "import"]
    assert (3, 2, 0, 1, 1) == (customs.sent, customs.on_time, customs.late, customs.open, customs.open_overdue)
    assert (2, 1, 1, 0) == (tax.sent, tax.on_time, tax.deemed, tax.open)
    assert (case.id, 7200, 2.0) == (
        customs.slowest[0].case_id,
        customs.slowest[0].elapsed_seconds,
        customs.slowest[0].of_limit,
    )
    figures = {(row.agency, row.procedure): row for row in after.agencies}
    customs = figures["customs", "import"]
    assert (4, 3, 1, 0) == (customs.sent, customs.on_time, customs.late, customs.open)
    assert (7200, 2.0) == (customs.elapsed_seconds.largest, customs.of_limit.largest)
    imports, exports = after.procedures
    assert (3, 3, 0) == (imports.received, imports.decided, imports.open)
    assert 1 == imports.outcomes["withdrawn"]
    assert (2, 3.5, 1) == (imports.ratings.count, imports.ratings.average, imports.ratings.scores["5"])
    assert (0, None) == (exports.received, exports.elapsed_seconds.median)
    assert (0, ()) == (none.cases, none.agencies)
