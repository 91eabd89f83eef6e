"""What waits for a person at an agency: messages that it has taken and not answered yet."""

from datetime import datetime

import msgspec

from ..agencies.transport import MessageKind
from .case import Case, Part, PartState
from .store.store import Store


class QueuedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that a person is to answer, by its id; `due_at` is when the agency's time ends."""

    message_id: str
    kind: MessageKind
    case_id: str
    reference: str
    declarant: str
    sent_at: datetime | None
    due_at: datetime | None
    overdue: bool


class AgencyQueue(msgspec.Struct, frozen=True, kw_only=True):
    """An agency's messages that wait for a person, those of the oldest cases first; `more`: there are others."""

    agency: str
    messages: tuple[QueuedMessage, ...]
    more: bool


async def agency_queue(store: Store, agency: str, count_max: int, now: datetime) -> AgencyQueue:
    """The first of them. Raises StoreUnavailable."""
    found: list[QueuedMessage] = []
    async for case in store.outstanding():
        found += (_queued(case, part, now) for part in _waiting(case, agency))
        if len(found) > count_max:
            break
    return AgencyQueue(agency=agency, messages=tuple(found[:count_max]), more=len(found) > count_max)


def _waiting(case: Case, agency: str) -> tuple[Part, ...]:
    if case.closed:
        return ()
    parts = (*case.parts, *case.orders)
    return tuple(part for part in parts if part.agency == agency and part.state is PartState.ACKNOWLEDGED)


def _queued(case: Case, part: Part, now: datetime) -> QueuedMessage:
    return QueuedMessage(
        message_id=part.message_id,
        kind=part.kind,
        case_id=case.id,
        reference=case.reference,
        declarant=case.declarant,
        sent_at=part.sent_at,
        due_at=part.due_at,
        overdue=part.due_at is not None and now > part.due_at,
    )
