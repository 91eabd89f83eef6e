"""Deadlines: how long an agency may take, and what its time running out makes of a case.

A time limit counts from the moment the message was sent, so that time in which the case waits for the trader, when no
message is with any agency, does not count; nor does time in which an agency with a business calendar does not work.
Which times these are stands in the journal: a change of configuration does not reach into messages that are out.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from ..codecs.messages.codes import ReplyOutcome
from .case import Case, Part, PartState
from .events import DocumentOverdue, OnOverdue, Overdue, Warned
from .working_time import Calendar, ends

OPEN = (PartState.SENT, PartState.UNREACHABLE, PartState.ACKNOWLEDGED)
"""States in which an agency has its message, as far as we know, and owes the answer."""

_DEEMED = {OnOverdue.DEEM_APPROVED: ReplyOutcome.APPROVED, OnOverdue.DEEM_REFUSED: ReplyOutcome.REFUSED}


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """An agency's time limit, the fraction of it at which to warn, and what happens at its end.

    Both count by the working time of `calendar`; without one the clock runs all the time.
    """

    time_limit: timedelta
    warn_at: float = 0.8
    on_overdue: OnOverdue = OnOverdue.ESCALATE
    calendar: Calendar | None = None

    def warns(self, sent_at: datetime) -> datetime:
        """When a message that was sent then is to be warned of."""
        return ends(sent_at, self.time_limit * self.warn_at, self.calendar)

    def ends(self, sent_at: datetime) -> datetime:
        """When a message that was sent then has to be answered."""
        return ends(sent_at, self.time_limit, self.calendar)


def passed(case: Case, limits: Mapping[str, Limit], now: datetime) -> Iterator[Warned | Overdue | DocumentOverdue]:
    """What has come due by `now` and is not in the journal yet; an agency that `limits` has not is escalated."""
    for deferral in case.missing:
        document = deferral.document
        if deferral.overdue_at is None and document.due_at <= now:
            yield DocumentOverdue(
                at=now, type_code=document.type_code, document_id=document.document_id, due_at=document.due_at
            )
    for part in () if case.closed else (*case.parts, *case.orders):
        if part.state not in OPEN or part.overdue_at is not None or part.due_at is None:
            continue
        if part.due_at <= now:
            policy = limits[part.agency].on_overdue if part.agency in limits else OnOverdue.ESCALATE
            yield Overdue(at=now, agency=part.agency, message_id=part.message_id, policy=policy)
        elif part.warn_at is not None and part.warn_at <= now and part.warned_at is None:
            yield Warned(at=now, agency=part.agency, message_id=part.message_id, due_at=part.due_at)


def next_deadline(case: Case) -> datetime | None:
    """The next time at which something comes due in a case, or None."""
    documents = [each.document.due_at for each in case.missing if each.overdue_at is None]
    answers = [
        part.due_at if part.warned_at is not None or part.warn_at is None else part.warn_at
        for part in (() if case.closed else (*case.parts, *case.orders))
        if part.state in OPEN and part.overdue_at is None
    ]
    return min((at for at in (*documents, *answers) if at is not None), default=None)


def evolve_time(part: Part, event: Warned | Overdue) -> Part:
    """The part after a warning or after its time has run out."""
    if isinstance(event, Warned):
        return msgspec.structs.replace(part, warned_at=event.at)
    deemed = _DEEMED.get(event.policy)
    if deemed is None:
        return msgspec.structs.replace(part, overdue_at=event.at)
    return msgspec.structs.replace(part, state=PartState.DEEMED, overdue_at=event.at, outcome=deemed, failure=None)
