"""Test mode: references that say what agencies are to do."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from support.declarations import declaration, repacked
from support.following import answer, come_to, sound
from support.windows import HeldClock, desks, now, window

from onewindow.agencies.directives import FAILURES_MAX, POINTER
from onewindow.agencies.rehearsal import ATTEMPT_MAX
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.codes import CaseOutcome
from onewindow.gateway import backoff, lane
from onewindow.gateway.case import PartState
from onewindow.gateway.config import AgencyConfig, Config, GatewayConfig, StoreConfig
from onewindow.gateway.events import Event, OnOverdue, Replied, SendFailed, event_name
from onewindow.gateway.papers import XML
from onewindow.gateway.status import documents, status
from onewindow.gateway.store import Query
from onewindow.gateway.window import Window


def rehearsed(
    folder: Path, clock: HeldClock | None = None, agencies: dict[str, AgencyConfig] | None = None
) -> AbstractAsyncContextManager[Window]:
    """A window in test mode."""
    config = Config(
        store=StoreConfig(url=f"sqlite:///{folder / 'onewindow.db'}"),
        gateway=GatewayConfig(test_mode=True),
        agencies=agencies or {},
    )
    return window(folder, desks(test_mode=True), clock=clock or now, config=config)


async def journal(opened: Window, case_id: str) -> tuple[Event, ...]:
    """The case's events."""
    record = await opened.load(case_id)
    assert record is not None
    return record.events


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("approve", CaseOutcome.CLEARED),
        ("approve-with-conditions", CaseOutcome.CLEARED_WITH_CONDITIONS),
        ("refuse", CaseOutcome.REFUSED),
    ],
)
async def test_outcomes(word: str, outcome: CaseOutcome, tmp_path: Path) -> None:
    """What an agency is to answer decides the case, and the response says of its finding that it is a test's."""
    async with rehearsed(tmp_path) as opened:
        submission = await opened.submit(declaration(f"TEST-tax={word}-1"), XML)
        response = await answer(opened, submission.case.id)
        await sound(tmp_path, opened)
    assert outcome is response.outcome_code
    codes = {*(finding.code for finding in response.finding), *(condition.code for condition in response.condition)}
    assert "tax.test" in codes


async def test_a_supplement_that_is_asked_for(tmp_path: Path) -> None:
    """A case whose agency is to ask for a supplement waits for the trader, and giving one brings it to its end."""
    reference = "TEST-tax=supplement"
    async with rehearsed(tmp_path) as opened:
        submission = await opened.submit(declaration(reference), XML)
        await come_to(opened, submission.case.id, "supplement-requested")
        assert await opened.supplement(submission.case.id, repacked(reference), XML) is not None
        response = await answer(opened, submission.case.id)
    assert CaseOutcome.CLEARED is response.outcome_code


@pytest.mark.parametrize("fault", ["duplicate", "out-of-order"])
async def test_a_reply_twice_or_out_of_order(fault: str, tmp_path: Path) -> None:
    """A reply that comes twice, or before its acknowledgement, is one answer in the journal and changes nothing."""
    async with rehearsed(tmp_path) as opened:
        submission = await opened.submit(declaration(f"TEST-customs={fault}"), XML)
        response = await answer(opened, submission.case.id)
        events = await journal(opened, submission.case.id)
        await sound(tmp_path, opened)
    assert CaseOutcome.CLEARED is response.outcome_code
    assert 1 == sum(isinstance(event, Replied) and event.agency == "customs" for event in events)
    assert "acknowledged" not in map(event_name, events)


@pytest.mark.parametrize(
    ("fault", "code"), [("malformed", "reply-malformed"), (f"unreachable:{FAILURES_MAX}", "connection-refused")]
)
async def test_a_fault_that_passes(fault: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rubbish, and attempts that do not get through, are named in the journal; then the agency answers."""
    monkeypatch.setattr(backoff, "RETRY_SECONDS_FIRST", 0.0)
    async with rehearsed(tmp_path) as opened:
        submission = await opened.submit(declaration(f"TEST-tax={fault}"), XML)
        response = await answer(opened, submission.case.id)
        events = await journal(opened, submission.case.id)
    assert CaseOutcome.CLEARED is response.outcome_code
    assert [("tax", code)] == [(event.agency, event.code) for event in events if isinstance(event, SendFailed)]


def test_the_window_tries_more_often_than_can_fail() -> None:
    """As many failures as can be asked for are fewer than the attempts after which a message is a dead letter."""
    assert FAILURES_MAX < lane.ATTEMPTS_MAX


async def test_an_agency_that_never_answers(tmp_path: Path) -> None:
    """A timeout shows as unreachable, and what is configured for its overdue time decides: here it is deemed."""
    clock = HeldClock()
    agencies = {"tax": AgencyConfig(on_overdue=OnOverdue.DEEM_REFUSED, time_limit=timedelta(hours=1))}
    async with rehearsed(tmp_path, clock, agencies) as opened:
        submission = await opened.submit(declaration("TEST-tax=timeout"), XML)
        while "replied" not in map(event_name, await journal(opened, submission.case.id)):
            await asyncio.sleep(0)
        clock.advance(ATTEMPT_MAX)
        case = await come_to(opened, submission.case.id, "send-failed")
        part = case.part("tax")
        assert part is not None
        assert (PartState.UNREACHABLE, "timeout") == (part.state, part.failure)
        clock.advance(timedelta(hours=1))
        response = await answer(opened, submission.case.id)
    assert CaseOutcome.REFUSED is response.outcome_code


async def test_a_late_answer(tmp_path: Path) -> None:
    """A late agency answers by the window's clock."""
    clock = HeldClock()
    async with rehearsed(tmp_path, clock) as opened:
        submission = await opened.submit(declaration("TEST-tax=late:10m"), XML)
        while 3 != list(map(event_name, await journal(opened, submission.case.id))).count("replied"):
            await asyncio.sleep(0)
        clock.advance(timedelta(minutes=10))
        response = await answer(opened, submission.case.id)
        events = await journal(opened, submission.case.id)
    assert CaseOutcome.CLEARED is response.outcome_code
    assert ["tax"] == [event.agency for event in events if isinstance(event, Replied)][-1:]


@pytest.mark.parametrize(("reference", "count"), [("TEST-taxes=refuse;tax=refusee", 2), ("TEST-fisheries=refuse", 1)])
async def test_a_misspelt_directive(reference: str, count: int, tmp_path: Path) -> None:
    """What can't be acted out is refused with a finding for each mistake, and nothing is stored."""
    async with rehearsed(tmp_path) as opened:
        with pytest.raises(Rejected) as rejected:
            await opened.submit(declaration(reference), XML)
        assert () == await opened.find(Query())
    findings = rejected.value.findings
    assert ("invalid", count) == (rejected.value.problem, len(findings))
    assert {("test-directive", POINTER, 2)} == {(each.code, each.pointer, each.line) for each in findings}


async def test_without_test_mode(tmp_path: Path) -> None:
    """Without test mode a test reference, misspelt or not, is a reference like any other."""
    async with window(tmp_path) as opened:
        for reference in ("TEST-tax=refuse;customs=timeout", "TEST-tax=refusee"):
            submission = await opened.submit(declaration(reference), XML)
            assert CaseOutcome.CLEARED is (await answer(opened, submission.case.id)).outcome_code


async def test_what_is_made_in_test_mode_says_so(tmp_path: Path) -> None:
    """A case taken in test mode is marked in its status for good, whatever its reference; others are not."""
    kept: list[bool] = []
    async with rehearsed(tmp_path) as opened:
        tested = (await opened.submit(declaration("S-1"), XML)).case.id
    async with window(tmp_path) as opened:
        for case_id in (tested, (await opened.submit(declaration("TEST-2"), XML)).case.id):
            record = await opened.load(case_id)
            assert record is not None
            record = await opened.load(case_id, *documents(record.case))
            assert record is not None
            kept.append(status(record, opened.agencies, now()).test)
    assert [True, False] == kept
