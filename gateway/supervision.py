"""Supervision: what agencies were sent, what they answered in time, and how long cases took.

A message belongs to the procedure and to the time in which its case was received. Those that a later revision replaced
count too, and so do orders to inspect, for which time begins when the goods have been seen; notices ask for nothing and
do not. How long an agency took is measured in its working time where it has a calendar; how long a case took, by the
clock.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heappush, heappushpop
from typing import Final, TypeVar

import msgspec

from ..codecs.finding import Text
from ..codecs.messages.codes import CaseOutcome
from .case import SCORE_MAX, Case, CaseStatus, Part, PartState
from .config import PROCEDURES, ProcedureName, procedure_name
from .percentiles import Spread, Values
from .working_time import Calendar, elapsed

SLOWEST_MAX: Final = 10
"""The slowest messages and cases that are named, of each agency and procedure."""

_SECOND: Final = timedelta(seconds=1)

T = TypeVar("T")


class Standing(StrEnum):
    """What became of a message to an agency.

    on-time, late: answered. deemed: the agency let its limit pass and is taken to have answered. open: the answer is
    awaited. dropped: it is no longer, because of a revision or a withdrawal. unsent: it has not left. not-concerned:
    there is none, the declaration does not concern the agency.
    """

    ON_TIME = "on-time"
    LATE = "late"
    DEEMED = "deemed"
    OPEN = "open"
    DROPPED = "dropped"
    UNSENT = "unsent"
    NOT_CONCERNED = "not-concerned"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases are looked at: received at `start` or later and before `end`, of one procedure or of all.

    `agency`: the only one whose messages are counted.
    """

    start: datetime
    end: datetime
    procedure: ProcedureName | None = None
    agency: str | None = None


class SlowMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that took long, or still does; `of_limit`: the part of its limit, 1 being all of it."""

    case_id: str
    message_id: str
    standing: Standing
    sent_at: datetime
    elapsed_seconds: float
    of_limit: float | None


class AgencyFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What one agency was sent in one procedure, in messages.

    sent = on_time + late + deemed + open + dropped. open_overdue: those of the open ones whose limit has passed.
    warned: of those sent, whatever became of them. elapsed_seconds, of_limit: of those answered. slowest: of those
    answered, deemed and open, the slowest first. calendar: the name of the business calendar, None: the clock runs all
    the time.
    """

    agency: str
    name: Text
    procedure: ProcedureName
    calendar: str | None
    sent: int
    on_time: int
    late: int
    deemed: int
    open: int
    open_overdue: int
    dropped: int
    warned: int
    unsent: int
    not_concerned: int
    elapsed_seconds: Spread
    of_limit: Spread
    slowest: tuple[SlowMessage, ...]


class SlowCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case that took long, or still does."""

    case_id: str
    status: CaseStatus
    received_at: datetime
    elapsed_seconds: float


class Ratings(msgspec.Struct, frozen=True, kw_only=True):
    """How traders rated their cases, from 1 (very poor) to 5 (very good); `scores`: how many gave which."""

    count: int
    average: float | None
    scores: dict[str, int]


class ProcedureFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of one procedure: received = decided + open. elapsed_seconds: of those decided, from their receipt."""

    procedure: ProcedureName
    received: int
    decided: int
    open: int
    outcomes: dict[str, int]
    elapsed_seconds: Spread
    ratings: Ratings
    slowest: tuple[SlowCase, ...]


class Supervision(
    msgspec.Struct, frozen=True, kw_only=True, rename={"received_from": "from", "received_to": "to", "made_at": "at"}
):
    """How the cases went that were received in a stretch of time, as they stand at `at`."""

    received_from: datetime
    received_to: datetime
    made_at: datetime
    cases: int
    procedures: tuple[ProcedureFigures, ...]
    agencies: tuple[AgencyFigures, ...]


class Supervised(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known of an agency: its name, and its calendar and what that is called, if it has one."""

    name: Text
    calendar: Calendar | None = None
    calendar_name: str | None = None


def standing(part: Part, *, awaited: bool) -> Standing:
    """What became of a part's message; `awaited`: the part is not past and its case not closed."""
    if part.state is PartState.NOT_CONCERNED:
        return Standing.NOT_CONCERNED
    if part.sent_at is None:
        return Standing.UNSENT
    if part.state is PartState.DEEMED:
        return Standing.DEEMED
    if part.replied_at is not None:
        in_time = part.due_at is None or part.replied_at <= part.due_at
        return Standing.ON_TIME if in_time and part.overdue_at is None else Standing.LATE
    return Standing.OPEN if awaited else Standing.DROPPED


class Tally:
    """Counts cases up, one after another and in any order, for the answer to a question; `now`: until when it counts.

    Its memory grows with the number of agencies, and not with that of cases.
    """

    def __init__(self, question: Question, agencies: Mapping[str, Supervised], now: datetime) -> None:
        self.cases = 0
        self._question = question
        self._agencies = agencies
        self._now = now
        self._procedures = {name: _Cases() for name in PROCEDURES if question.procedure in (None, name)}
        self._messages: dict[tuple[str, ProcedureName], _Messages] = {}

    def add(self, cases: Iterable[Case]) -> None:
        """Count cases that were received in the time asked for; those of another procedure are passed over."""
        for case in cases:
            self.cases += 1
            procedure = procedure_name(case.type_code)
            if procedure not in self._procedures:
                continue
            self._procedures[procedure].add(case, self._now)
            for part in case.past:
                self._add(case, part, procedure, awaited=False)
            for part in (*case.parts, *case.orders):
                self._add(case, part, procedure, awaited=not case.closed)

    def _add(self, case: Case, part: Part, procedure: ProcedureName, *, awaited: bool) -> None:
        if self._question.agency not in (None, part.agency):
            return
        key = (part.agency, procedure)
        if key not in self._messages:
            known = self._agencies.get(part.agency)
            self._messages[key] = _Messages(known.calendar if known else None)
        self._messages[key].add(case.id, part, standing(part, awaited=awaited), self._now)

    def supervision(self) -> Supervision:
        """The answer, from what was counted so far; agencies in the order in which they are installed."""
        order = {code: place for place, code in enumerate(self._agencies)}
        keys = sorted(self._messages, key=lambda key: (order.get(key[0], len(order)), key[0], PROCEDURES.index(key[1])))
        return Supervision(
            received_from=self._question.start,
            received_to=self._question.end,
            made_at=self._now,
            cases=sum(each.received for each in self._procedures.values()),
            procedures=tuple(counted.figures(name) for name, counted in self._procedures.items()),
            agencies=tuple(self._figures(*key) for key in keys),
        )

    def _figures(self, agency: str, procedure: ProcedureName) -> AgencyFigures:
        known = self._agencies.get(agency, Supervised(name=Text(en=agency, zh=agency)))
        return self._messages[agency, procedure].figures(agency, known, procedure)


class _Messages:
    """The messages to one agency in one procedure."""

    def __init__(self, calendar: Calendar | None) -> None:
        self._calendar = calendar
        self._standings = dict.fromkeys(Standing, 0)
        self._overdue = 0
        self._warned = 0
        self._seconds = Values()
        self._of_limit = Values()
        self._slowest: list[tuple[float, str, SlowMessage]] = []

    def add(self, case_id: str, part: Part, stands: Standing, now: datetime) -> None:
        self._standings[stands] += 1
        if part.sent_at is None:
            return
        self._warned += part.warned_at is not None
        self._overdue += stands is Standing.OPEN and part.due_at is not None and part.due_at <= now
        if stands is Standing.DROPPED:
            return
        end = part.replied_at or (now if stands is Standing.OPEN else part.overdue_at)
        if end is None:
            return
        begin = part.sent_at if part.visit is None else max(part.sent_at, part.visit[1])
        seconds = elapsed(begin, end, self._calendar) / _SECOND
        of_limit = self._share(begin, part.due_at, seconds)
        if part.replied_at is not None:
            self._seconds.add(seconds)
            if of_limit is not None:
                self._of_limit.add(of_limit)
        slow = SlowMessage(
            case_id=case_id,
            message_id=part.message_id,
            standing=stands,
            sent_at=part.sent_at,
            elapsed_seconds=seconds,
            of_limit=of_limit,
        )
        _keep(self._slowest, (seconds, part.message_id, slow))

    def _share(self, begin: datetime, due_at: datetime | None, seconds: float) -> float | None:
        """The part of its limit that a message took; None where by today's calendar the limit has no working time."""
        limit = elapsed(begin, due_at, self._calendar) / _SECOND if due_at is not None else 0
        return seconds / limit if limit > 0 else None

    def figures(self, agency: str, known: Supervised, procedure: ProcedureName) -> AgencyFigures:
        counts = self._standings
        return AgencyFigures(
            agency=agency,
            name=known.name,
            procedure=procedure,
            calendar=known.calendar_name,
            sent=sum(counts.values()) - counts[Standing.UNSENT] - counts[Standing.NOT_CONCERNED],
            on_time=counts[Standing.ON_TIME],
            late=counts[Standing.LATE],
            deemed=counts[Standing.DEEMED],
            open=counts[Standing.OPEN],
            open_overdue=self._overdue,
            dropped=counts[Standing.DROPPED],
            warned=self._warned,
            unsent=counts[Standing.UNSENT],
            not_concerned=counts[Standing.NOT_CONCERNED],
            elapsed_seconds=self._seconds.spread(),
            of_limit=self._of_limit.spread(),
            slowest=tuple(slow for _, _, slow in sorted(self._slowest, reverse=True)),
        )


class _Cases:
    """The cases of one procedure."""

    def __init__(self) -> None:
        self.received = 0
        self._outcomes = {outcome.value: 0 for outcome in CaseOutcome}
        self._scores = dict.fromkeys(range(1, SCORE_MAX + 1), 0)
        self._seconds = Values()
        self._slowest: list[tuple[float, str, SlowCase]] = []

    def add(self, case: Case, now: datetime) -> None:
        self.received += 1
        seconds = elapsed(case.received_at, case.decided_at or now, None) / _SECOND
        if case.outcome is not None:
            self._outcomes[case.outcome.value] += 1
            self._seconds.add(seconds)
        if case.rating is not None:
            self._scores[case.rating.score] += 1
        slow = SlowCase(case_id=case.id, status=case.status, received_at=case.received_at, elapsed_seconds=seconds)
        _keep(self._slowest, (seconds, case.id, slow))

    def figures(self, procedure: ProcedureName) -> ProcedureFigures:
        decided = sum(self._outcomes.values())
        return ProcedureFigures(
            procedure=procedure,
            received=self.received,
            decided=decided,
            open=self.received - decided,
            outcomes=dict(self._outcomes),
            elapsed_seconds=self._seconds.spread(),
            ratings=self._ratings(),
            slowest=tuple(slow for _, _, slow in sorted(self._slowest, reverse=True)),
        )

    def _ratings(self) -> Ratings:
        count = sum(self._scores.values())
        total = sum(score * given for score, given in self._scores.items())
        return Ratings(
            count=count,
            average=total / count if count else None,
            scores={str(score): given for score, given in self._scores.items()},
        )


def _keep(slowest: list[tuple[float, str, T]], found: tuple[float, str, T]) -> None:
    """Keep a heap of the slowest; of equals, the one whose id comes last."""
    if len(slowest) < SLOWEST_MAX:
        heappush(slowest, found)
    else:
        heappushpop(slowest, found)
