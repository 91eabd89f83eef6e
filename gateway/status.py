"""What a trader or an officer sees of a case: where it stands, agency by agency, and how it came there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ..agencies.agency import AnyAgency
from ..codecs import REPLY
from ..codecs.finding import Text
from ..codecs.messages import common
from ..codecs.messages.codes import CaseOutcome, ReplyOutcome
from .case import Case, Part, PartState
from .deadlines import OPEN
from .document_names import declaration_name, message_name, reply_name
from .event_words import event_detail, event_words
from .events import Event, event_name
from .life import PartEvent
from .papers import read_declaration
from .plan import awaited
from .pointer import Tracer
from .store.store import Record


class AgencyFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency found; `pointer` leads into the declaration that the trader sent."""

    code: str
    pointer: str | None
    message: Text


class AgencyStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One agency's part of a case; `waits_for`: the agencies that have to have answered before it is asked."""

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


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event, as a line to read; `sequence` counts from 1, `words` say what `event` and `detail` mean."""

    sequence: int
    at: datetime
    event: str
    agency: str | None
    detail: str | None
    words: Text


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stands. `due_at` is when the last of the open agencies has to have answered."""

    id: str
    reference: str
    declarant: str
    status: str
    outcome: CaseOutcome | None
    revision: int
    received_at: datetime
    decided_at: datetime | None
    elapsed_seconds: float
    due_at: datetime | None
    agencies: tuple[AgencyStatus, ...]
    timeline: tuple[TimelineEntry, ...]


def documents(case: Case) -> tuple[str, ...]:
    """The documents that `status` reads: the declaration, and message and reply of every agency that has answered."""
    answered = [part for part in case.parts if part.state is PartState.ANSWERED]
    return (
        declaration_name(case.revision),
        *(message_name(part.agency, part.revision) for part in answered),
        *(reply_name(part.agency, part.revision) for part in answered),
    )


def status(record: Record, agencies: Mapping[str, AnyAgency], now: datetime) -> Status:
    """The status of a case at `now` (aware); findings are there as far as their documents are in the record."""
    case = record.case
    parts = tuple(_agency(part, record, agencies, now) for part in case.parts)
    return Status(
        id=case.id,
        reference=case.reference,
        declarant=case.declarant,
        status=case.status.value,
        outcome=case.outcome,
        revision=case.revision,
        received_at=case.received_at,
        decided_at=case.decided_at,
        elapsed_seconds=_seconds(case.received_at, case.decided_at or now),
        due_at=max((part.due_at for part in parts if part.due_at is not None), default=None),
        agencies=parts,
        timeline=tuple(timeline_entry(place, event) for place, event in enumerate(record.events, start=1)),
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
    agency = agencies.get(part.agency)
    due_at = part.due_at
    if due_at is None and part.sent_at is not None and agency is not None:
        due_at = part.sent_at + agency.time_limit
    waiting = part.state in OPEN and not record.case.closed
    return AgencyStatus(
        code=part.agency,
        name=Text(en=part.agency, zh=part.agency) if agency is None else agency.name,
        state=part.state,
        outcome=part.outcome,
        failure=part.failure,
        waits_for=awaited(part, record.case.parts) if part.state is PartState.WAITING else (),
        sent_at=part.sent_at,
        replied_at=part.replied_at,
        due_at=due_at if waiting else None,
        overdue=part.state is PartState.DEEMED or (waiting and due_at is not None and now > due_at),
        elapsed_seconds=None if part.sent_at is None else _seconds(part.sent_at, part.replied_at or now),
        findings=() if agency is None else _findings(part, record, agency),
    )


def _findings(part: Part, record: Record, agency: AnyAgency) -> tuple[AgencyFinding, ...]:
    sent = record.documents.get(message_name(part.agency, part.revision))
    answered = record.documents.get(reply_name(part.agency, part.revision))
    declared = record.documents.get(declaration_name(record.case.revision))
    if sent is None or answered is None or declared is None:
        return ()
    found = REPLY.decode_xml(answered.body).finding
    if not found:
        return ()
    message: Any = agency.message.decode_xml(sent.body)
    tracer = Tracer(message, read_declaration(declared))
    return tuple(
        AgencyFinding(
            code=finding.code,
            pointer=None if finding.pointer is None else tracer.trace(finding.pointer),
            message=bilingual(finding.text),
        )
        for finding in found
    )


def bilingual(texts: tuple[common.Text, ...]) -> Text:
    """The English and Chinese words of a message's texts; one language stands in for the other where it is missing."""
    words = {text.language_id.value: text.value for text in texts}
    fallback = texts[0].value if texts else ""
    return Text(en=words.get("en", fallback), zh=words.get("zh", fallback))


def _seconds(start: datetime, end: datetime) -> float:
    return max(end - start, timedelta(0)) / timedelta(seconds=1)
