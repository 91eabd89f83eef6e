"""Supervision: what is counted of cases, against a model that looks at every message over again for every figure."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from onewindow.agencies.transport import MessageKind
from onewindow.codecs.finding import Text
from onewindow.codecs.messages.codes import CaseOutcome, ReplyOutcome
from onewindow.gateway.case import Case, CaseStatus, Part, PartState, Rating, Withdrawal
from onewindow.gateway.config import PROCEDURES, ProcedureName
from onewindow.gateway.percentiles import Spread
from onewindow.gateway.supervision import (
    SLOWEST_MAX,
    AgencyFigures,
    ProcedureFigures,
    Question,
    Ratings,
    SlowCase,
    SlowMessage,
    Standing,
    Supervised,
    Tally,
    standing,
)
from onewindow.gateway.working_time import Calendar, Span, elapsed

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NOW = MONDAY + timedelta(days=9)
DIGEST = "sha256:" + "0" * 64
OFFICE = Calendar(zone=ZoneInfo("Asia/Shanghai"), week=((Span(540, 720), Span(810, 1020)),) * 5 + ((), ()))
AGENCIES = {
    "customs": Supervised(name=Text("Customs", "海关")),
    "tax": Supervised(name=Text("Tax", "税务"), calendar=OFFICE, calendar_name="office"),
}
CODES = ("tax", "customs", "gone")
EVERYTHING = Question(start=MONDAY, end=NOW)

seconds = st.integers(0, 3 * 86_400).map(lambda number: timedelta(seconds=number))


@st.composite
def parts(draw: st.DrawFn, agency: str, revision: int) -> Part:
    """A part in any state, its times in order."""
    message_id = f"?/{agency}/{revision}"
    state = draw(st.sampled_from(PartState))
    if state is PartState.NOT_CONCERNED:
        return Part(agency=agency, state=state, message_id=message_id, revision=revision)
    part = Part(agency=agency, state=state, message_id=message_id, message_digest=DIGEST, revision=revision)
    if state in (PartState.WAITING, PartState.READY):
        return part
    sent = MONDAY + draw(seconds)
    due = draw(st.just(NOW) | st.builds(sent.__add__, seconds))
    part = msgspec.structs.replace(
        part,
        sent_at=sent,
        warn_at=sent,
        due_at=draw(st.just(due) | st.none()),
        warned_at=draw(st.just(due) | st.none()),
        overdue_at=draw(st.just(due) | st.none()),
    )
    if state is PartState.ANSWERED:
        return msgspec.structs.replace(part, replied_at=sent + draw(seconds), outcome=ReplyOutcome.APPROVED)
    if state is PartState.DEEMED:
        return msgspec.structs.replace(part, overdue_at=due, outcome=ReplyOutcome.REFUSED)
    return part


@st.composite
def orders(draw: st.DrawFn, agency: str, number: int) -> Part:
    """An order to inspect: a part with a visit, or without one."""
    part = draw(parts(agency, number).filter(lambda part: part.state is not PartState.NOT_CONCERNED))
    start = MONDAY + draw(seconds)
    return msgspec.structs.replace(
        part,
        message_id=f"{part.message_id}/inspection",
        kind=MessageKind.INSPECTION_ORDER,
        visit=draw(st.none() | st.just((start, start + timedelta(hours=1)))),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of some agencies, open, decided or withdrawn, with parts that are past; its id is not set yet."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True))
    received = MONDAY + draw(seconds)
    case = Case(
        id="?",
        reference="R",
        declarant="D",
        type_code=draw(st.sampled_from(("IM", "EX"))),
        digest=DIGEST,
        media_type="application/xml",
        status=CaseStatus.PROCESSING,
        received_at=received,
        parts=tuple(draw(parts(code, 3)) for code in codes),
        past=tuple(draw(parts(draw(st.sampled_from(CODES)), number)) for number in range(draw(st.integers(0, 2)))),
        orders=tuple(draw(orders(draw(st.sampled_from(CODES)), number)) for number in range(draw(st.integers(0, 2)))),
        notices=tuple(draw(parts(draw(st.sampled_from(CODES)), number)) for number in range(draw(st.integers(0, 1)))),
        sequence=9,
        withdrawal=draw(st.none() | st.just(Withdrawal(at=NOW, reason="r"))),
    )
    if draw(st.booleans()):
        outcome, decided = draw(st.sampled_from(CaseOutcome)), received + draw(seconds)
        rating = draw(st.none() | st.builds(Rating, at=st.just(decided), score=st.integers(1, 5)))
        return msgspec.structs.replace(
            case, status=CaseStatus.DECIDED, outcome=outcome, decided_at=decided, rating=rating
        )
    return case


def numbered(given: Iterable[Case]) -> list[Case]:
    """The cases with ids of their own, and messages of these."""
    return [
        msgspec.structs.replace(
            case,
            id=f"case-{number:04}",
            parts=tuple(_renamed(part, number) for part in case.parts),
            past=tuple(_renamed(part, number) for part in case.past),
            orders=tuple(_renamed(part, number) for part in case.orders),
        )
        for number, case in enumerate(given)
    ]


def _renamed(part: Part, number: int) -> Part:
    return msgspec.structs.replace(part, message_id=part.message_id.replace("?", f"case-{number:04}"))


many = st.lists(cases(), max_size=30).map(numbered)
questions = st.builds(
    Question,
    start=st.just(MONDAY),
    end=st.just(NOW),
    procedure=st.none() | st.sampled_from(PROCEDURES),
    agency=st.none() | st.sampled_from(CODES),
)


def nearest_rank(values: list[float], percent: int) -> float | None:
    """The smallest value that so many in a hundred do not exceed."""
    hits = (each for each in sorted(values) if 100 * sum(other <= each for other in values) >= percent * len(values))
    return next(hits, None)


def spread(values: list[float]) -> Spread:
    """The spread of values that are looked at one by one."""
    median, p90, p99 = (nearest_rank(values, percent) for percent in (50, 90, 99))
    largest = max(values, default=None)
    return Spread(count=len(values), median=median, p90=p90, p99=p99, largest=largest, exact=True)


def procedure_of(case: Case) -> ProcedureName:
    """The procedure of a case."""
    return "import" if case.type_code == "IM" else "export"


def messages(given: list[Case], agency: str, procedure: ProcedureName) -> list[tuple[Case, Part, Standing]]:
    """Every message to an agency in a procedure, present and past, and what became of it."""
    return [
        (case, part, became(case, part))
        for case in given
        if procedure_of(case) == procedure
        for part in (*case.parts, *case.past, *case.orders)
        if part.agency == agency
    ]


def became(case: Case, part: Part) -> Standing:
    """What became of a message, told from its state alone."""
    open_now = part not in case.past and case.status is not CaseStatus.DECIDED and case.withdrawal is None
    lasting = {
        PartState.NOT_CONCERNED: Standing.NOT_CONCERNED,
        PartState.WAITING: Standing.UNSENT,
        PartState.READY: Standing.UNSENT,
        PartState.DEEMED: Standing.DEEMED,
    }
    if part.state is PartState.ANSWERED:
        late = part.overdue_at is not None or (part.due_at is not None and part.due_at < (part.replied_at or NOW))
        return Standing.LATE if late else Standing.ON_TIME
    return lasting.get(part.state, Standing.OPEN if open_now else Standing.DROPPED)


def ended(part: Part, what: Standing) -> datetime | None:
    """Until when a message took time."""
    return {Standing.OPEN: NOW, Standing.DEEMED: part.overdue_at}.get(what, part.replied_at)


def expected_agency(given: list[Case], agency: str, procedure: ProcedureName) -> AgencyFigures:
    """An agency's figures, each looked for in all messages."""
    found = messages(given, agency, procedure)
    known = AGENCIES.get(agency, Supervised(name=Text(agency, agency)))

    def count(hit: Callable[[Part, Standing], bool]) -> int:
        return sum(hit(part, what) for _, part, what in found)

    def took(part: Part, end: datetime | None) -> float:
        if end is None or part.sent_at is None:
            return 0.0
        seen = part.visit[1] if part.visit else part.sent_at
        return elapsed(max(seen, part.sent_at), end, known.calendar).total_seconds()

    def share(part: Part, end: datetime | None) -> float | None:
        limit = took(part, part.due_at)
        return took(part, end) / limit if limit else None

    answered = [part for _, part, what in found if what in (Standing.ON_TIME, Standing.LATE)]
    shares = [share(part, part.replied_at) for part in answered]
    slow = [
        SlowMessage(
            case_id=case.id,
            message_id=part.message_id,
            standing=what,
            sent_at=part.sent_at,
            elapsed_seconds=took(part, end),
            of_limit=share(part, end),
        )
        for case, part, what in found
        if what in (Standing.ON_TIME, Standing.LATE, Standing.OPEN, Standing.DEEMED) and part.sent_at is not None
        for end in (ended(part, what),)
    ]
    slow.sort(key=lambda each: (each.elapsed_seconds, each.message_id), reverse=True)
    return AgencyFigures(
        agency=agency,
        name=known.name,
        procedure=procedure,
        calendar=known.calendar_name,
        sent=count(lambda part, _: part.sent_at is not None),
        on_time=count(lambda _, what: what is Standing.ON_TIME),
        late=count(lambda _, what: what is Standing.LATE),
        deemed=count(lambda _, what: what is Standing.DEEMED),
        open=count(lambda _, what: what is Standing.OPEN),
        open_overdue=count(lambda part, what: what is Standing.OPEN and part.due_at is not None and part.due_at <= NOW),
        dropped=count(lambda _, what: what is Standing.DROPPED),
        warned=count(lambda part, _: part.warned_at is not None),
        unsent=count(lambda _, what: what is Standing.UNSENT),
        not_concerned=count(lambda _, what: what is Standing.NOT_CONCERNED),
        elapsed_seconds=spread([took(part, part.replied_at) for part in answered]),
        of_limit=spread([each for each in shares if each is not None]),
        slowest=tuple(slow[:SLOWEST_MAX]),
    )


def ratings(scores: list[int]) -> Ratings:
    """The ratings with these scores."""
    average = sum(scores) / len(scores) if scores else None
    return Ratings(count=len(scores), average=average, scores={str(each): scores.count(each) for each in range(1, 6)})


def expected_procedure(given: list[Case], procedure: ProcedureName) -> ProcedureFigures:
    """A procedure's figures, each looked for in all cases."""
    found = [case for case in given if procedure_of(case) == procedure]
    took = {case.id: ((case.decided_at or NOW) - case.received_at).total_seconds() for case in found}
    slow = sorted(found, key=lambda case: (took[case.id], case.id), reverse=True)
    return ProcedureFigures(
        procedure=procedure,
        received=len(found),
        decided=sum(case.status is CaseStatus.DECIDED for case in found),
        open=sum(case.status is not CaseStatus.DECIDED for case in found),
        outcomes={outcome.value: sum(case.outcome is outcome for case in found) for outcome in CaseOutcome},
        elapsed_seconds=spread([took[case.id] for case in found if case.decided_at is not None]),
        ratings=ratings([case.rating.score for case in found if case.rating is not None]),
        slowest=tuple(
            SlowCase(case_id=case.id, status=case.status, received_at=case.received_at, elapsed_seconds=took[case.id])
            for case in slow[:SLOWEST_MAX]
        ),
    )


@given(given=many, question=questions, pages=st.integers(1, 9))
@settings(deadline=None)
def test_as_counted_one_by_one(given: list[Case], question: Question, pages: int) -> None:
    """Every figure is what the model finds; in whatever pages the cases come."""
    tally = Tally(question, AGENCIES, NOW)
    for start in range(0, len(given), pages):
        tally.add(given[start : start + pages])
    found = tally.supervision()
    names = [name for name in PROCEDURES if question.procedure in (None, name)]
    assert (question.start, question.end, NOW) == (found.received_from, found.received_to, found.made_at)
    assert tuple(expected_procedure(given, name) for name in names) == found.procedures
    assert sum(procedure_of(case) in names for case in given) == found.cases
    expected = [
        expected_agency(given, agency, name)
        for agency in ("customs", "tax", "gone")
        for name in names
        if question.agency in (None, agency) and messages(given, agency, name)
    ]
    assert expected == list(found.agencies)
    for row in found.agencies:
        assert row.sent == row.on_time + row.late + row.deemed + row.open + row.dropped


def test_an_answer_at_the_due_time_is_in_time() -> None:
    """An answer at the very end of the limit is in time, one a moment later is late, and so is one after escalation."""
    part = Part(agency="tax", state=PartState.ANSWERED, message_id="m", sent_at=MONDAY, due_at=NOW, replied_at=NOW)
    late = msgspec.structs.replace(part, replied_at=NOW + timedelta(microseconds=1))
    escalated = msgspec.structs.replace(part, overdue_at=NOW)
    unlimited = msgspec.structs.replace(late, due_at=None)
    found = [standing(each, awaited=True) for each in (part, late, escalated, unlimited)]
    assert [Standing.ON_TIME, Standing.LATE, Standing.LATE, Standing.ON_TIME] == found


def test_time_without_work_does_not_count() -> None:
    """An answer on Monday to a message of Friday afternoon took the hours of work between, of a limit in such hours."""
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=OFFICE.zone)
    part = Part(
        agency="tax",
        state=PartState.ANSWERED,
        message_id="case-0000/tax/1",
        message_digest=DIGEST,
        sent_at=friday,
        due_at=friday + timedelta(days=2, hours=17, minutes=30),
        replied_at=friday + timedelta(days=2, hours=17),
    )
    case = Case(
        id="case-0000",
        reference="R",
        declarant="D",
        type_code="IM",
        digest=DIGEST,
        media_type="application/xml",
        status=CaseStatus.PROCESSING,
        received_at=friday,
        parts=(part, msgspec.structs.replace(part, agency="customs", message_id="case-0000/customs/1")),
        sequence=4,
    )
    tally = Tally(EVERYTHING, AGENCIES, NOW)
    tally.add([case])
    figures = {row.agency: row for row in tally.supervision().agencies}
    assert (3600, 2 / 3) == (figures["tax"].elapsed_seconds.median, figures["tax"].of_limit.median)
    assert 65 * 3600 == figures["customs"].elapsed_seconds.median
