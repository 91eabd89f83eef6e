"""Revisions: agencies that become concerned by one, or cease to be, and why; journals from before reasons were kept."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from onewindow.codecs.finding import Text
from onewindow.codecs.messages.codes import ReplyOutcome
from onewindow.gateway.case import Case, CaseStatus, Part, PartState, encode_case
from onewindow.gateway.commands import Amend, OrderInspection, Reply, Send, Submit
from onewindow.gateway.events import Assignment, Event, InspectionOrder, decode_event, encode_event
from onewindow.gateway.life import decide, outstanding, replay
from onewindow.gateway.message_id import INSPECTION, following

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
NO_FOOD = Text("There is no food in it.", "其中没有食品。")
NO_PLANTS = Text("There are no plants in it.", "其中没有植物。")


def assigned(customs: str, quality: str | Text | None) -> tuple[Assignment, ...]:
    """A plan of two agencies: digests of what they are sent, or why quality inspection is not."""
    concerned = isinstance(quality, str)
    return (
        Assignment(agency="customs", message_digest=f"sha256:{customs}"),
        Assignment(
            agency="quality-inspection",
            message_digest=f"sha256:{quality}" if concerned else None,
            reason=quality if isinstance(quality, Text) else None,
        ),
    )


class Told:
    """A case and its journal."""

    def __init__(self, plan: tuple[Assignment, ...]) -> None:
        submit = Submit(
            case_id="case-1",
            reference="REF-1",
            declarant="91310000MA1FL4QK75",
            type_code="IM",
            digest="sha256:1",
            media_type="application/xml",
            plan=plan,
        )
        self.journal: list[Event] = list(decide(None, submit, NOW))
        self.case: Case = replay(self.journal)

    def then(self, *commands: Amend | OrderInspection | Reply | Send) -> "Told":
        """What the commands make of it."""
        for command in commands:
            events = decide(self.case, command, NOW + timedelta(seconds=len(self.journal)))
            self.journal += events
            self.case = replay(events, self.case)
        return self

    @property
    def quality(self) -> Part:
        """Quality inspection's part."""
        part = self.case.part("quality-inspection")
        assert part is not None
        return part


def amend(revision: int, plan: tuple[Assignment, ...]) -> Amend:
    """Another declaration in its place."""
    return Amend(digest=f"sha256:{revision}", media_type="application/xml", plan=plan)


def approval(agency: str, revision: int) -> Reply:
    """The agency agrees."""
    return Reply(
        agency=agency,
        message_id=f"case-1/{agency}/{revision}",
        outcome=ReplyOutcome.APPROVED,
        agency_reference="Q-1",
        decided_at=NOW,
        digest="sha256:reply",
    )


def test_an_agency_becomes_concerned() -> None:
    """A revision that concerns an agency for the first time is sent to it under its own number, and to it alone."""
    told = Told(assigned("a", NO_FOOD)).then(Send(), amend(2, assigned("a", "b")))
    assert (PartState.READY, None, "case-1/quality-inspection/2") == (
        told.quality.state,
        told.quality.absence,
        told.quality.message_id,
    )
    assert () == told.case.past
    assert {"case-1/customs/1", "case-1/quality-inspection/2"} == {
        getattr(work, "message_id", None) for work in outstanding(told.case)
    }


@pytest.mark.parametrize("answered", [False, True])
def test_an_agency_ceases_to_be_concerned(answered: bool) -> None:
    """An agency that a revision no longer concerns is not waited for, whether it had answered; what it was is past."""
    told = Told(assigned("a", "b")).then(Send())
    if answered:
        told.then(approval("quality-inspection", 1))
    told.then(amend(2, assigned("a", NO_FOOD)))
    assert (PartState.NOT_CONCERNED, NO_FOOD, None) == (
        told.quality.state,
        told.quality.absence,
        told.quality.outcome,
    )
    assert ["case-1/quality-inspection/1"] == [part.message_id for part in told.case.past]
    assert ["case-1/customs/1"] == [getattr(work, "message_id", None) for work in outstanding(told.case)]
    late = told.then(approval("quality-inspection", 1))
    assert (
        ([], None)
        if answered
        else (["case-1/quality-inspection/1"], None)
        == (
            [each.message_id for each in late.case.late],
            late.quality.outcome,
        )
    )


def test_an_amendment_that_asks_nobody_leaves_an_inspection_awaited() -> None:
    """Goods that are still to be seen are awaited after an amendment in which no agency's part has changed."""
    told = Told(assigned("c1", "q1")).then(Send(limits={}))
    wanted = replace(approval("quality-inspection", 1), outcome=ReplyOutcome.INSPECTION_REQUIRED)
    order = InspectionOrder(
        agency="quality-inspection",
        message_id=following("case-1/quality-inspection/1", INSPECTION),
        message_digest="sha256:order",
    )
    told.then(approval("customs", 1), wanted, OrderInspection(orders=(order,)))
    assert CaseStatus.AWAITING_INSPECTION is told.case.status
    told.then(amend(2, assigned("c1", "q1")))
    assert (2, CaseStatus.AWAITING_INSPECTION) == (told.case.revision, told.case.status)


def test_an_agency_is_concerned_again() -> None:
    """An agency that is concerned, not concerned and concerned again by the same message is asked about it again."""
    told = Told(assigned("a", "b")).then(amend(2, assigned("a", NO_FOOD)), amend(3, assigned("a", "b")))
    assert (PartState.READY, "case-1/quality-inspection/3", None) == (
        told.quality.state,
        told.quality.message_id,
        told.quality.absence,
    )


@pytest.mark.parametrize("now", [NO_PLANTS, None])
def test_the_reason_is_that_of_the_latest_revision(now: Text | None) -> None:
    """An agency that stays unconcerned for another reason has the other reason, and nothing else changes."""
    told = Told(assigned("a", NO_FOOD)).then(amend(2, assigned("c", now)))
    assert (now, "case-1/quality-inspection/1", 1) == (
        told.quality.absence,
        told.quality.message_id,
        told.quality.revision,
    )
    assert ["case-1/customs/1"] == [part.message_id for part in told.case.past]


def test_reasons_replay() -> None:
    """A journal with reasons gives the snapshot byte for byte."""
    told = Told(assigned("a", NO_FOOD)).then(
        Send(),
        amend(2, assigned("c", NO_PLANTS)),
        amend(3, assigned("c", "b")),
        amend(4, assigned("c", NO_FOOD)),
    )
    again = replay(decode_event(encode_event(event)) for event in told.journal)
    assert encode_case(told.case) == encode_case(again)
    assert NO_FOOD.zh.encode() in encode_case(again)


OLD_JOURNAL = (
    b'{"event":"accepted","at":"2026-11-21T08:00:00Z","case_id":"case-1","reference":"REF-1","declarant":"D",'
    b'"type_code":"IM","digest":"sha256:1","media_type":"application/xml","plan":['
    b'{"agency":"customs","message_digest":"sha256:a"},{"agency":"quality-inspection"}]}',
    b'{"event":"amended","at":"2026-11-21T08:01:00Z","revision":2,"digest":"sha256:2","media_type":"application/xml",'
    b'"plan":[{"agency":"customs","message_digest":"sha256:c"},{"agency":"quality-inspection"}],"asked":["customs"]}',
)
OLD_SNAPSHOT = (
    b'{"id":"case-1","reference":"REF-1","declarant":"D","type_code":"IM","digest":"sha256:1",'
    b'"media_type":"application/xml","status":"processing","received_at":"2026-11-21T08:00:00Z","parts":['
    b'{"agency":"customs","state":"ready","message_id":"case-1/customs/2","message_digest":"sha256:c","revision":2},'
    b'{"agency":"quality-inspection","state":"not-concerned","message_id":"case-1/quality-inspection/1"}],'
    b'"sequence":2,"revision":2,"revisions":[{"kind":"amendment","at":"2026-11-21T08:01:00Z","digest":"sha256:2"}],'
    b'"past":[{"agency":"customs","state":"ready","message_id":"case-1/customs/1","message_digest":"sha256:a"}]}'
)


def test_a_journal_from_before_reasons_replays() -> None:
    """A journal whose plans have no reasons gives the snapshot that it gave, byte for byte."""
    assert OLD_SNAPSHOT == encode_case(replay(decode_event(line) for line in OLD_JOURNAL))
    assert list(OLD_JOURNAL) == [encode_event(decode_event(line)) for line in OLD_JOURNAL]
