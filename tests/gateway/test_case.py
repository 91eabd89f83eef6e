"""The life of a case: decide, evolve, outstanding."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.inspecting import ordering, result

from onewindow.agencies.transport import MessageKind
from onewindow.codecs.messages.codes import CaseOutcome, ReplyOutcome
from onewindow.gateway.case import Case, CaseStatus, PartState, decode_case, encode_case
from onewindow.gateway.commands import (
    Acknowledge,
    Command,
    Decide,
    FailSend,
    Forbidden,
    Reply,
    RequestSupplement,
    Send,
    Submit,
)
from onewindow.gateway.events import Assignment, Event, Replied, Sent, decode_event, encode_event, event_name
from onewindow.gateway.life import Ask, Deliver, Merge, Order, Work, decide, evolve, outstanding, replay, verdict
from onewindow.gateway.message_id import message_id

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
AGENCIES = ("customs", "tax", "market-supervision", "quality-inspection")
DIGEST = "sha256:" + "0" * 64


def submit(*agencies: str, not_concerned: tuple[str, ...] = ()) -> Submit:
    return Submit(
        case_id="case-1",
        reference="REF-1",
        declarant="91310000MA1FL4QK75",
        type_code="IM",
        digest=DIGEST,
        media_type="application/xml",
        plan=tuple(
            Assignment(agency=agency, message_digest=None if agency in not_concerned else DIGEST)
            for agency in agencies or AGENCIES
        ),
    )


def reply(agency: str, outcome: ReplyOutcome = ReplyOutcome.APPROVED) -> Reply:
    return Reply(
        agency=agency,
        message_id=message_id("case-1", agency, 1),
        outcome=outcome,
        agency_reference=f"{agency}-7",
        decided_at=NOW,
        digest=DIGEST,
    )


def driven(*commands: Command) -> tuple[Case, tuple[Event, ...]]:
    case: Case | None = None
    journal: tuple[Event, ...] = ()
    for tick, command in enumerate(commands):
        events = decide(case, command, NOW + timedelta(seconds=tick))
        case = replay(events, case) if events else case
        journal += events
    assert case is not None
    return case, journal


def test_an_accepted_case_wants_every_concerned_agency_asked() -> None:
    """What is outstanding after acceptance is a delivery to each agency that the declaration concerns, no other."""
    case, _ = driven(submit(not_concerned=("tax",)))
    expected = tuple(Deliver(agency=agency, message_id=f"case-1/{agency}/1") for agency in AGENCIES if agency != "tax")
    assert expected == outstanding(case)
    assert case.status is CaseStatus.ACCEPTED


def test_a_message_sent_and_not_answered_is_outstanding() -> None:
    """After a crash nobody knows whether a sent message arrived, so it is delivered again under its id."""
    case, _ = driven(submit("customs"), Send())
    assert outstanding(case) == (Deliver(agency="customs", message_id="case-1/customs/1"),)


def test_a_message_acknowledged_is_not_outstanding() -> None:
    """An agency that has taken its message is waited for, not asked again."""
    taken = Acknowledge(agency="customs", message_id="case-1/customs/1")
    case, _ = driven(submit("customs"), Send(), taken)
    assert () == outstanding(case)


def test_the_last_answer_makes_the_merge_outstanding() -> None:
    """Once every agency has answered, what is left to do is the merge."""
    case, _ = driven(submit(), Send(), *(reply(agency) for agency in AGENCIES))
    assert outstanding(case) == (Merge(),)


def test_a_decided_case_has_nothing_outstanding() -> None:
    """After the response there is no more work, and the case says what was decided and when."""
    decision = Decide(outcome=CaseOutcome.CLEARED, digest=DIGEST)
    case, _ = driven(submit("tax"), Send(), reply("tax"), decision)
    assert () == outstanding(case)
    assert (case.status, case.outcome, case.response_digest) == (CaseStatus.DECIDED, CaseOutcome.CLEARED, DIGEST)
    assert case.decided_at == NOW + timedelta(seconds=3)


def test_the_second_delivery_of_a_reply_is_taken_for_the_first() -> None:
    """A reply that comes again, even with another outcome, makes no event."""
    case, _ = driven(submit(), Send(), reply("tax"))
    assert () == decide(case, reply("tax", ReplyOutcome.REFUSED), NOW)


def test_sending_again_makes_no_event() -> None:
    """A message is sent once as far as the journal is concerned, however often it is delivered."""
    case, _ = driven(submit("tax"), Send())
    assert () == decide(case, Send(), NOW)


def test_a_repeated_failure_is_no_news() -> None:
    """An agency that stays down writes one line in the journal, one that fails in another way writes the next."""
    failed = FailSend(agency="tax", message_id="case-1/tax/1", code="timeout", detail="")
    case, _ = driven(submit("tax"), Send(), failed)
    assert case.parts[0].state is PartState.UNREACHABLE
    assert () == decide(case, failed, NOW)
    other = FailSend(agency="tax", message_id="case-1/tax/1", code="refused", detail="")
    assert ["send-failed"] == [event_name(event) for event in decide(case, other, NOW)]


def test_an_answer_after_failures_is_an_answer() -> None:
    """An unreachable agency that answers at last is answered, and the failure is forgotten."""
    failed = FailSend(agency="tax", message_id="case-1/tax/1", code="timeout", detail="")
    case, _ = driven(submit("tax"), Send(), failed, reply("tax"))
    assert (case.parts[0].state, case.parts[0].failure) == (PartState.ANSWERED, None)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (submit(), "case-exists"),
        (Decide(outcome=CaseOutcome.CLEARED, digest=DIGEST), "answers-missing"),
        (reply("police"), "message-unknown"),
        (
            Reply(
                agency="tax",
                message_id="case-2/tax/1",
                outcome=ReplyOutcome.APPROVED,
                agency_reference="T",
                decided_at=NOW,
                digest=DIGEST,
            ),
            "message-unknown",
        ),
    ],
)
def test_a_command_that_fits_no_state_is_forbidden(command: Command, code: str) -> None:
    """What a case can't take is refused with a stable code and changes nothing."""
    case, _ = driven(submit())
    with pytest.raises(Forbidden) as forbidden:
        decide(case, command, NOW)
    assert forbidden.value.code == code


def test_a_reply_of_an_agency_not_concerned_is_forbidden() -> None:
    """An agency that was sent nothing has nothing to answer."""
    case, _ = driven(submit(not_concerned=("tax",)))
    with pytest.raises(Forbidden, match="message-unknown"):
        decide(case, reply("tax"), NOW)


def test_commands_to_no_case_are_forbidden() -> None:
    """Only a submission can begin a case."""
    with pytest.raises(Forbidden, match="case-unknown"):
        decide(None, reply("tax"), NOW)


def test_a_journal_that_does_not_begin_with_acceptance_is_broken() -> None:
    """A journal with its first event missing, or with a second beginning, or with nothing in it, does not replay."""
    _, journal = driven(submit("tax"), Send())
    for broken in (journal[1:], (*journal, journal[0]), ()):
        with pytest.raises(Forbidden, match="journal-broken"):
            replay(broken)


def test_an_event_of_an_unknown_agency_breaks_the_journal() -> None:
    """An event for an agency that the plan does not name is not passed over."""
    case, _ = driven(submit("tax"))
    with pytest.raises(Forbidden, match="journal-broken"):
        evolve(case, Sent(at=NOW, agency="police", message_id="case-1/police/1"))


_agency = st.sampled_from(AGENCIES)
_commands = st.lists(
    st.one_of(
        st.just(Send()),
        st.builds(reply, _agency, st.sampled_from(ReplyOutcome)),
        _agency.map(lambda agency: Acknowledge(agency=agency, message_id=message_id("case-1", agency, 1))),
        st.tuples(_agency, st.sampled_from(["timeout", "refused"])).map(
            lambda pair: FailSend(agency=pair[0], message_id=message_id("case-1", pair[0], 1), code=pair[1], detail="d")
        ),
        st.sampled_from(CaseOutcome).map(lambda outcome: Decide(outcome=outcome, digest=DIGEST)),
    ),
    max_size=40,
)


@given(_commands, st.sets(_agency))
def test_the_journal_gives_the_snapshot_byte_for_byte(commands: list[Command], idle: set[str]) -> None:
    """Whatever commands come, replaying the encoded journal gives the encoded snapshot, and no answer changes."""
    case = replay(decide(None, submit(not_concerned=tuple(idle)), NOW))
    journal = list(decide(None, submit(not_concerned=tuple(idle)), NOW))
    for tick, command in enumerate(commands):
        try:
            events = decide(case, command, NOW + timedelta(seconds=tick))
        except Forbidden:
            continue
        case = replay(events, case)
        journal.extend(events)
    again = replay(decode_event(encode_event(event)) for event in journal)
    assert encode_case(case) == encode_case(again)
    assert decode_case(encode_case(case)) == case
    assert case.sequence == len(journal)
    answered = [event.agency for event in journal if isinstance(event, Replied)]
    assert len(answered) == len(set(answered))
    assert (case.status is CaseStatus.DECIDED) == any(event_name(event) == "decided" for event in journal)


def _done(case: Case, work: Work) -> Command:
    """What the window, or an agency that approves of everything, does of outstanding work."""
    match work:
        case Deliver(kind=MessageKind.INSPECTION_ORDER):
            return result(case, work.agency, NOW)
        case Deliver():
            return reply(work.agency)
        case Order():
            return ordering(case)
        case Ask():
            return RequestSupplement()
        case Merge():
            return Decide(outcome=verdict(case), digest=DIGEST)


@given(_commands)
def test_outstanding_work_always_leads_to_the_end(commands: list[Command]) -> None:
    """From every state that can be reached, doing what is outstanding ends in one decision or with the trader."""
    case = replay(decide(None, submit(), NOW))
    for command in commands:
        try:
            case = replay(decide(case, command, NOW), case)
        except Forbidden:
            continue
    for part in case.parts:
        if part.state is PartState.ACKNOWLEDGED:
            case = replay(decide(case, reply(part.agency), NOW), case)
    while work := outstanding(case):
        for each in work:
            done = _done(case, each)
            case = replay(decide(case, done, NOW), case)
    awaited = verdict(case) is CaseOutcome.SUPPLEMENT_REQUIRED
    assert case.status is (CaseStatus.AWAITING_TRADER if awaited else CaseStatus.DECIDED)
