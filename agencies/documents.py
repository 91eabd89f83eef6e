"""Documents that rules require: whether they are there, still valid, or promised for later."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Protocol

from msgspec import Struct

from ..codecs.finding import Text
from ..codecs.messages.codes import DocumentType
from ..codecs.messages.common import AdditionalDocument
from .decision import Remark, condition, supplement
from .visits import end_of

DEFERRAL = timedelta(days=15)
"""How long a deferred document may take where the declaration names no date."""


class Attached(Protocol):
    """A document as any agency's message may have it, compiled from the window's schemas or from the agency's own."""

    @property
    def type_code(self) -> str:
        """Its code in the window's list of document types."""

    @property
    def expiration_date_time(self) -> datetime | None:
        """Until when it holds."""

    @property
    def deferred_indicator(self) -> bool | None:
        """It is to follow."""

    @property
    def due_date(self) -> date | None:
        """By when it is to follow."""


Placed = tuple[str, Attached]
"""A document and the pointer to it in the agency's message."""


class State(IntEnum):
    """What became of a required document, the best first."""

    PRESENT = 0
    DEFERRED = 1
    EXPIRED = 2
    OVERDUE = 3
    MISSING = 4


class Standing(Struct, frozen=True):
    """A document's state, where it is, and when it is due if it was deferred."""

    state: State
    pointer: str | None = None
    due: datetime | None = None


def own_documents(
    documents: tuple[AdditionalDocument, ...], types: Collection[DocumentType]
) -> tuple[AdditionalDocument, ...]:
    """The documents of these types, in their order: an agency gets no others."""
    return tuple(document for document in documents if document.type_code in types)


def placed(parent: str, documents: Sequence[Attached]) -> tuple[Placed, ...]:
    """The documents under the element at ``parent``, each with its own pointer."""
    return tuple((f"{parent}/AdditionalDocument[{index}]", document) for index, document in enumerate(documents, 1))


def standing(documents: Sequence[Placed], types: Collection[str], now: datetime) -> Standing:
    """The best that there is among the documents of one of these types."""
    states = [_standing(pointer, document, now) for pointer, document in documents if document.type_code in types]
    return min(states, key=lambda found: found.state, default=Standing(State.MISSING))


def _standing(pointer: str, document: Attached, now: datetime) -> Standing:
    if document.expiration_date_time is not None and document.expiration_date_time <= now:
        return Standing(State.EXPIRED, pointer)
    if not document.deferred_indicator:
        return Standing(State.PRESENT, pointer)
    if document.due_date is None:
        return Standing(State.DEFERRED, pointer, now + DEFERRAL)
    due = end_of(document.due_date)
    return Standing(State.DEFERRED if now <= due else State.OVERDUE, pointer, due)


def remarks_on(found: Standing, code: str, name: Text, needed_at: str) -> Iterator[Remark]:
    """What to say of a required document: nothing when it is there.

    code: ``agency.document``, to which ``-missing``, ``-expired``, ``-overdue`` or ``-deferred`` is added.
    needed_at: the element that needs the document, pointed at when there is no document to point at.
    """
    match found.state:
        case State.MISSING:
            yield supplement(f"{code}-missing", needed_at, f"A {name.en} is required.", f"须提交{name.zh}。")
        case State.EXPIRED:
            yield supplement(f"{code}-expired", found.pointer, f"The {name.en} has expired.", f"{name.zh}已过有效期。")
        case State.OVERDUE:
            en, zh = f"The deferred {name.en} did not come in time.", f"容缺的{name.zh}逾期未补交。"
            yield supplement(f"{code}-overdue", found.pointer, en, zh)
        case State.DEFERRED:
            en, zh = f"The deferred {name.en} is to be handed in by the due date.", f"容缺的{name.zh}须按期补交。"
            yield condition(f"{code}-deferred", found.pointer, en, zh, found.due)
        case State.PRESENT:
            return
