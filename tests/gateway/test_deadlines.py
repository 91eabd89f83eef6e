"""Time limits: warnings, what follows when an agency lets its time pass, and clocks that the test holds."""

import asyncio
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from support.declarations import declaration, incomplete
from support.following import Logged, answer, awaited, come_to, late, sound
from support.windows import HeldClock, desks, now, window

from onewindow.agencies.transport import Outgoing
from onewindow.codecs.messages.codes import CaseOutcome, ReplyOutcome
from onewindow.gateway.case import CaseStatus, PartState, encode_case
from onewindow.gateway.clock import SystemClock
from onewindow.gateway.commands import Decide, Reply, RequestSupplement, Send, Submit, TimePassed
from onewindow.gateway.config import AgencyConfig, Config
from onewindow.gateway.deadlines import Limit, next_deadline
from onewindow.gateway.events import Assignment, OnOverdue, Overdue, Warned, event_name
from onewindow.gateway.life import Merge, decide, outstanding, replay
from onewindow.gateway.papers import XML
from onewindow.gateway.status import documents, status
from onewindow.gateway.timer import Timer

HOUR = timedelta(hours=1)
DIGEST = "sha256:" + "0" * 64


def limited(policy: OnOverdue = OnOverdue.ESCALATE) -> Config:
    """A configuration in which tax has an hour, and the others a day."""
    day = AgencyConfig(time_limit=24 * HOUR)
    others = dict.fromkeys(("customs", "market-supervision", "quality-inspection"), day)
    return Config(agencies={"tax": AgencyConfig(time_limit=HOUR, on_overdue=policy), **others})


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [(OnOverdue.DEEM_APPROVED, CaseOutcome.CLEARED), (OnOverdue.DEEM_REFUSED, CaseOutcome.REFUSED)],
)
async def test_an_agency_that_is_deemed_to_have_answered(
    policy: OnOverdue, outcome: CaseOutcome, tmp_path: Path
) -> None:
    """At 0.8 of its time an agency is warned of, at its end deemed; the response says so, a late answer is kept."""
    clock, logged = HeldClock(), Logged(held=("tax/1",))
    async with window(tmp_path, logged, clock=clock, config=limited(policy)) as opened:
        submission = await opened.submit(declaration("T-1"), XML)
        case = await come_to(opened, submission.case.id, "replied")
        while sum(part.settled for part in case.parts) < 3:
            case = await come_to(opened, submission.case.id, "replied")
        clock.advance(HOUR * 0.8)
        await come_to(opened, case.id, "warned")
        clock.advance(HOUR * 0.2)
        response = await answer(opened, case.id)
        record = await opened.load(case.id)
        assert record is not None
        await sound(tmp_path, opened)
        logged.released.set()
        after = await late(opened, case.id)
        assert response == await answer(opened, case.id)
        shown = status(record, opened.agencies, clock())
        await sound(tmp_path, opened)
        assert b'onewindow_agency_overdue_total{agency="tax"} 1.0' in opened.metrics.exposition()
    assert ["warned", "overdue", "decided"] == [event_name(event) for event in record.events[-3:]]
    decision = next(each for each in response.agency_decision if each.agency_code == "tax")
    deemed = "approved" if policy is OnOverdue.DEEM_APPROVED else "refused"
    assert (outcome, ReplyOutcome(deemed)) == (response.outcome_code, decision.outcome_code)
    assert f"it is deemed to have {deemed}" in decision.absence_reason[0].value
    assert (None, None) == (decision.reply_digest, decision.decision_date_time)
    tax = next(each for each in shown.agencies if each.code == "tax")
    assert (PartState.DEEMED, True) == (tax.state, tax.overdue)
    assert ["tax"] == [each.agency for each in after.late]


async def test_an_agency_that_is_escalated_is_waited_for(tmp_path: Path) -> None:
    """An overdue agency under `escalate` is shown as overdue and its answer, when it comes, counts."""
    clock, logged = HeldClock(), Logged(held=("tax/1",))
    async with window(tmp_path, logged, clock=clock, config=limited()) as opened:
        submission = await opened.submit(declaration("T-2"), XML)
        await come_to(opened, submission.case.id, "replied")
        clock.advance(2 * HOUR)
        case = await come_to(opened, submission.case.id, "overdue", "replied")
        while not any(part.overdue_at for part in case.parts):
            case = await come_to(opened, submission.case.id, "overdue", "replied")
        record = await opened.load(case.id, *documents(case))
        assert record is not None
        shown = status(record, opened.agencies, clock())
        logged.released.set()
        response = await answer(opened, case.id)
    assert [True] == [each.overdue for each in shown.agencies if each.code == "tax"]
    assert [("overdue", "escalate")] == [
        (each.event, each.detail) for each in shown.timeline if each.event in ("warned", "overdue")
    ]
    assert CaseOutcome.CLEARED is response.outcome_code


async def test_deadlines_outlive_a_restart(tmp_path: Path) -> None:
    """A limit that passes while the window is closed is acted on when it opens again."""
    clock = HeldClock()
    config = limited(OnOverdue.DEEM_APPROVED)
    async with window(tmp_path, Logged(held=("tax/1",)), clock=clock, config=config) as opened:
        submission = await opened.submit(declaration("T-3"), XML)
        await come_to(opened, submission.case.id, "replied")
    clock.advance(2 * HOUR)
    async with window(tmp_path, Logged(held=("tax/1",)), clock=clock, config=config) as opened:
        response = await answer(opened, submission.case.id)
    assert CaseOutcome.CLEARED is response.outcome_code


async def test_an_agency_that_acknowledged_is_watched_without_a_task(tmp_path: Path) -> None:
    """A case whose agencies have all taken their messages waits for its deadline, also after a restart."""

    class Mailbox:
        def __init__(self) -> None:
            self.inner = desks()

        async def deliver(self, outgoing: Outgoing) -> bytes | None:
            return None if outgoing.agency == "tax" else await self.inner.deliver(outgoing)

    clock = HeldClock()
    config = limited(OnOverdue.DEEM_APPROVED)
    for reference in ("T-4", "T-5"):
        async with window(tmp_path, Mailbox(), clock=clock, config=config) as opened:
            submission = await opened.submit(declaration(reference), XML)
            async with asyncio.timeout(30):
                while b"onewindow_inflight 0.0" not in opened.metrics.exposition():
                    await asyncio.sleep(0)
            if reference == "T-4":
                clock.advance(2 * HOUR)
                assert CaseOutcome.CLEARED is (await answer(opened, submission.case.id)).outcome_code
    async with window(tmp_path, Mailbox(), clock=clock, config=config) as opened:
        clock.advance(2 * HOUR)
        assert CaseOutcome.CLEARED is (await answer(opened, submission.case.id)).outcome_code


async def test_time_with_the_trader_does_not_count(tmp_path: Path) -> None:
    """While a case waits for the trader nothing comes due, however long; the next message has its whole limit."""
    clock = HeldClock()
    async with window(tmp_path, clock=clock, config=limited(OnOverdue.DEEM_REFUSED)) as opened:
        case = await awaited(opened, "T-6")
        assert next_deadline(case) is None
        clock.advance(100 * HOUR)
        other = incomplete("T-6").replace(b"PJ 1/77", b"PJ 1/78")
        assert await opened.amend(case.id, other, XML) is not None
        case = await come_to(opened, case.id, "supplement-requested")
        customs = case.part("customs")
        assert customs is not None
        assert customs.sent_at is not None
        assert customs.due_at == customs.sent_at + 24 * HOUR
        assert await opened.supplement(case.id, declaration("T-6"), XML) is not None
        response = await answer(opened, case.id)
        record = await opened.load(case.id)
        assert record is not None
    assert CaseOutcome.CLEARED is response.outcome_code
    assert not any(isinstance(event, Warned | Overdue) for event in record.events)


def test_the_real_answer_counts_while_the_case_is_open() -> None:
    """An agency that was deemed and answers while another waits for the trader is heard: its refusal decides."""
    plan = tuple(Assignment(agency=code, message_digest=DIGEST) for code in ("customs", "tax"))
    at = now()
    limits = {"tax": Limit(time_limit=HOUR, on_overdue=OnOverdue.DEEM_APPROVED)}
    case = replay(
        decide(
            None,
            Submit(
                case_id="c",
                reference="R",
                declarant="D",
                type_code="IM",
                digest=DIGEST,
                media_type=XML,
                plan=plan,
            ),
            at,
        )
    )
    for command in (
        Send(limits=limits),
        _reply("customs", ReplyOutcome.SUPPLEMENT_REQUIRED),
    ):
        case = replay(decide(case, command, at), case)
    at += HOUR
    for later in (TimePassed(limits=limits), RequestSupplement()):
        case = replay(decide(case, later, at), case)
    assert (CaseStatus.AWAITING_TRADER, ()) == (case.status, outstanding(case))
    case = replay(decide(case, _reply("tax", ReplyOutcome.REFUSED), at), case)
    assert (Merge(),) == outstanding(case)
    case = replay(decide(case, Decide(outcome=CaseOutcome.REFUSED, digest=DIGEST), at), case)
    assert CaseStatus.DECIDED is case.status
    assert encode_case(case)


def _reply(agency: str, outcome: ReplyOutcome) -> Reply:
    return Reply(
        agency=agency,
        message_id=f"c/{agency}/1",
        outcome=outcome,
        agency_reference="A",
        decided_at=now(),
        digest=DIGEST,
    )


async def test_the_timer_wakes_each_case_once_at_its_time() -> None:
    """Each case is woken at the time that was set last, in order of time, and none that was taken back."""
    clock = HeldClock()
    start, woken = clock(), list[str]()
    timer = Timer(clock, woken.append)
    running = asyncio.create_task(timer.run())
    timer.set("late", start + 3 * HOUR)
    timer.set("moved", start + HOUR)
    timer.set("moved", start + 2 * HOUR)
    timer.set("gone", start + HOUR)
    timer.set("gone", None)
    timer.set("early", start + HOUR)
    seen = []
    for _ in range(4):
        await _settle()
        seen.append(list(woken))
        clock.advance(HOUR)
    running.cancel()
    assert [[], ["early"], ["early", "moved"], ["early", "moved", "late"]] == seen


async def test_the_timer_forgets_what_was_set_anew() -> None:
    """The last of many times counts for each case, however many there were; what is not held any more is not kept."""
    clock = HeldClock()
    start, woken = clock(), list[str]()
    timer = Timer(clock, woken.append)
    tracemalloc.start()
    try:
        for place in range(200_000):
            timer.set(f"case {place}", start + HOUR)
            timer.set(f"case {place}", None)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    for hours in range(2_000, 0, -1):
        timer.set("moved", start + hours * HOUR)
    running = asyncio.create_task(timer.run())
    clock.advance(HOUR)
    await _settle()
    running.cancel()
    assert ["moved"] == woken
    assert held < 1024 * 1024


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_system_clock_waits_for_bell_or_time() -> None:
    """The machine's clock returns at once for a time that has come, and when the bell rings before it."""
    clock = SystemClock()
    async with asyncio.timeout(30):
        await clock.wait(asyncio.Event(), clock())
        await clock.wait(asyncio.Event(), clock() + timedelta(milliseconds=1))
        bell = asyncio.Event()
        bell.set()
        await clock.wait(bell, None)
