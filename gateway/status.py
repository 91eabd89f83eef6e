"""What a trader or an officer sees of a case: where it stands, agency by agency, and how it came there."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ..agencies.agency import AnyAgency
from ..codecs import INSPECTION_ORDER, REPLY
from ..codecs.finding import Text
from ..codecs.json_pointer import json_pointer
from ..codecs.messages import common
from ..codecs.messages.codes import CaseOutcome, ReplyOutcome
from .case import Case, Deferral, Money, Part, PartState, Payment, Rating
from .deadlines import OPEN
from .document_names import declaration_name, message_name, reply_name
from .document_reuse import DocumentStatus
from .event_words import event_detail, event_words
from .events import Event, event_name
from .life import Merge, PartEvent, answered, outstanding
from .merge import NOT_CONCERNED
from .papers import JSON, read_declaration
from .plan import awaited
from .pointer import Tracer
from .seal import Notice, Seal
from .settlement import cleared_at, due, released_at
from .store.store import Record


class AgencyFinding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agency found; `pointer` leads into the declaration that the trader sent, in JSON `json_pointer` too."""

    code: str
    pointer: str | None
    message: Text
    json_pointer: str | None = None


class AgencyStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One agency's part of a case; `waits_for`: the agencies that have to have answered before it is asked.

    From the order to inspect on, state and times are those of the order; `outcome` is the last that the agency gave.
    `reason` is why it is not asked. `message_id` is what a reply to its message, or to the order, names.
    """

    code: str
    name: Text
    state: PartState
    outcome: ReplyOutcome | None
    failure: str | None
    waits_for: tuple[str, ...]
    sent_at: datetime | None
    replied_at: datetime | None
    due_at: datetime | None
    overdue: bool
    elapsed_seconds: float | None
    findings: tuple[AgencyFinding, ...]
    reason: Text | None = None
    message_id: str | None = None


class VisitStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One time at which agencies see the goods together, or on their own."""

    starts_at: datetime
    ends_at: datetime
    agencies: tuple[str, ...]


class InspectionStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The joint inspection as it is ordered: where, which items, and who comes when."""

    location: str | None
    items: tuple[int, ...]
    visits: tuple[VisitStatus, ...]


class DeferredStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was to follow: until when, and what has become of it."""

    type_code: str
    id: str
    due_at: datetime
    received_at: datetime | None
    digest: str | None
    overdue: bool


class BillStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What the response bills, what has been paid of it, and what has not."""

    payable: tuple[Money, ...]
    payments: tuple[Payment, ...]
    due: tuple[Money, ...]


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event, as a line to read; `sequence` counts from 1, `words` say what `event` and `detail` mean."""

    sequence: int
    at: datetime
    event: str
    agency: str | None
    detail: str | None
    words: Text


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stands. `due_at` is when the last of the open agencies has to have answered.

    From `released_at` on the goods may move; at `cleared_at` all is settled, bill and documents too. `documents` are
    those of the declaration that have a digest. `test`: the declaration was taken in test mode, and agencies may have
    acted out what its reference asked for. `waiting` is why its response is not made though all have answered.
    """

    id: str
    reference: str
    test: bool
    declarant: str
    status: str
    outcome: CaseOutcome | None
    revision: int
    received_at: datetime
    decided_at: datetime | None
    elapsed_seconds: float
    due_at: datetime | None
    released_at: datetime | None
    cleared_at: datetime | None
    agencies: tuple[AgencyStatus, ...]
    inspection: InspectionStatus | None
    deferred: tuple[DeferredStatus, ...]
    bill: BillStatus | None
    rating: Rating | None
    timeline: tuple[TimelineEntry, ...]
    documents: tuple[DocumentStatus, ...] = ()
    waiting: Notice | None = None


def documents(case: Case) -> tuple[str, ...]:
    """The documents that `status` reads: the declaration, the orders to inspect, and what has been answered."""
    told = [part for part in (*case.parts, *case.orders) if part.state is PartState.ANSWERED]
    return tuple(
        dict.fromkeys(
            (
                declaration_name(case.revision),
                *(message_name(part.message_id) for part in (*told, *case.orders)),
                *(reply_name(part.message_id) for part in told),
            )
        )
    )


def status(
    record: Record,
    agencies: Mapping[str, AnyAgency],
    now: datetime,
    on_file: tuple[DocumentStatus, ...] = (),
    seal: Seal | None = None,
) -> Status:
    """The status of a case at `now` (aware); findings are there as far as their documents are in the record.

    `on_file`: what is on file of the documents of its declaration. `seal`: what its response is signed with.
    """
    case = record.case
    parts = tuple(_agency(part, record, agencies, now) for part in case.parts)
    return Status(
        id=case.id,
        reference=case.reference,
        test=case.test,
        declarant=case.declarant,
        status=case.status.value,
        outcome=case.outcome,
        revision=case.revision,
        received_at=case.received_at,
        decided_at=case.decided_at,
        elapsed_seconds=_seconds(case.received_at, case.decided_at or now),
        due_at=max((part.due_at for part in parts if part.due_at is not None), default=None),
        released_at=released_at(case),
        cleared_at=cleared_at(case),
        agencies=parts,
        inspection=_inspection(record),
        deferred=tuple(_deferred(each, now) for each in case.deferred),
        bill=_bill(case),
        rating=case.rating,
        timeline=tuple(timeline_entry(place, event) for place, event in enumerate(record.events, start=1)),
        documents=on_file,
        waiting=seal.unsealed(now) if seal is not None and Merge() in outstanding(case) else None,
    )


def timeline_entry(sequence: int, event: Event) -> TimelineEntry:
    """One event of the journal as a line of the timeline and of the event stream."""
    return TimelineEntry(
        sequence=sequence,
        at=event.at,
        event=event_name(event),
        agency=event.agency if isinstance(event, PartEvent) else None,
        detail=event_detail(event),
        words=event_words(event),
    )


def _agency(part: Part, record: Record, agencies: Mapping[str, AnyAgency], now: datetime) -> AgencyStatus:
    case = record.case
    agency = agencies.get(part.agency)
    current = case.order(part) or part
    due_at = current.due_at
    if due_at is None and current.sent_at is not None and agency is not None:
        due_at = current.sent_at + agency.time_limit
    waiting = current.state in OPEN and not case.closed
    return AgencyStatus(
        code=part.agency,
        name=Text(en=part.agency, zh=part.agency) if agency is None else agency.name,
        state=current.state,
        outcome=answered(case, part).outcome,
        failure=current.failure,
        waits_for=awaited(part, case.parts) if part.state is PartState.WAITING else (),
        sent_at=current.sent_at,
        replied_at=current.replied_at,
        due_at=due_at if waiting else None,
        overdue=current.state is PartState.DEEMED or (waiting and due_at is not None and now > due_at),
        elapsed_seconds=None if current.sent_at is None else _seconds(current.sent_at, current.replied_at or now),
        findings=() if agency is None else tuple(_findings(part, record, agency)),
        reason=(part.absence or NOT_CONCERNED) if part.state is PartState.NOT_CONCERNED else None,
        message_id=None if current.sent_at is None else current.message_id,
    )


def _findings(part: Part, record: Record, agency: AnyAgency) -> Iterator[AgencyFinding]:
    """What an agency found, and what it found when it inspected; pointers lead into the trader's document."""
    sent = record.documents.get(message_name(part.message_id))
    declared = record.documents.get(declaration_name(record.case.revision))
    order = record.case.order(part)
    replies = [record.documents.get(reply_name(each.message_id)) for each in (part, order) if each is not None]
    found = [
        finding for document in replies if document is not None for finding in REPLY.decode_xml(document.body).finding
    ]
    if sent is None or declared is None or not found:
        return
    message: Any = agency.message.decode_xml(sent.body)
    tracer = Tracer(message, read_declaration(declared))
    for finding in found:
        pointer = None if finding.pointer is None else tracer.trace(finding.pointer)
        yield AgencyFinding(
            code=finding.code,
            pointer=pointer,
            message=bilingual(finding.text),
            json_pointer=json_pointer(pointer) if pointer is not None and declared.media_type == JSON else None,
        )


def _inspection(record: Record) -> InspectionStatus | None:
    orders = [
        (part, INSPECTION_ORDER.decode_xml(record.documents[name].body))
        for part in record.case.orders
        if (name := message_name(part.message_id)) in record.documents
    ]
    if not orders:
        return None
    attending: dict[tuple[datetime, datetime], list[str]] = {}
    for part, _ in orders:
        if part.visit is not None:
            attending.setdefault(part.visit, []).append(part.agency)
    location = orders[0][1].goods_location
    return InspectionStatus(
        location=None if location is None else location.name or location.id,
        items=tuple(sorted({item for _, order in orders for item in order.item_sequence_numeric})),
        visits=tuple(
            VisitStatus(starts_at=start, ends_at=end, agencies=tuple(codes))
            for (start, end), codes in sorted(attending.items())
        ),
    )


def _deferred(deferral: Deferral, now: datetime) -> DeferredStatus:
    document = deferral.document
    return DeferredStatus(
        type_code=document.type_code,
        id=document.document_id,
        due_at=document.due_at,
        received_at=deferral.received_at,
        digest=deferral.digest,
        overdue=deferral.overdue_at is not None or (deferral.received_at or now) > document.due_at,
    )


def _bill(case: Case) -> BillStatus | None:
    if not case.payable:
        return None
    return BillStatus(
        payable=case.payable,
        payments=case.payments,
        due=tuple(Money(amount, currency) for currency, amount in due(case).items()),
    )


def bilingual(texts: tuple[common.Text, ...]) -> Text:
    """The English and Chinese words of a message's texts; one language stands in for the other where it is missing."""
    words = {text.language_id.value: text.value for text in texts}
    fallback = texts[0].value if texts else ""
    return Text(en=words.get("en", fallback), zh=words.get("zh", fallback))


def _seconds(start: datetime, end: datetime) -> float:
    return max(end - start, timedelta(0)) / timedelta(seconds=1)
