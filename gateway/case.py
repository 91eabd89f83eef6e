"""A case: one declaration on its way through the window.

Three pure functions make up its life: `decide` turns a command into events, `evolve` applies one event, `outstanding`
says what is still to be done. Whoever replays a case's journal through `evolve` gets its snapshot, byte for byte; after
a crash the work is worked out from the snapshot again and nothing else needs remembering.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from ..codecs.messages.codes import CaseOutcome, ReplyOutcome
from .events import (
    Accepted,
    Acknowledged,
    Assignment,
    Decided,
    Event,
    Replied,
    SendFailed,
    Sent,
)


class CaseStatus(StrEnum):
    """Where a case stands."""

    ACCEPTED = "accepted"
    PROCESSING = "processing"
    DECIDED = "decided"


class PartState(StrEnum):
    """Where one agency's part of a case stands."""

    READY = "ready"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    NOT_CONCERNED = "not-concerned"


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One agency's part: the message it was sent and what it answered. Digests are `sha256:` and 64 hex digits."""

    agency: str
    state: PartState
    message_id: str
    message_digest: str | None = None
    failure: str | None = None
    sent_at: datetime | None = None
    replied_at: datetime | None = None
    decided_at: datetime | None = None
    outcome: ReplyOutcome | None = None
    agency_reference: str | None = None
    reply_digest: str | None = None

    @property
    def settled(self) -> bool:
        """Nothing more is awaited from this agency."""
        return self.state in (PartState.ANSWERED, PartState.NOT_CONCERNED)


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A snapshot of the journal: `sequence` is the number of events that made it."""

    id: str
    reference: str
    declarant: str
    type_code: str
    digest: str
    media_type: str
    status: CaseStatus
    received_at: datetime
    parts: tuple[Part, ...]
    sequence: int
    revision: int = 1
    outcome: CaseOutcome | None = None
    decided_at: datetime | None = None
    response_digest: str | None = None

    def part(self, agency: str) -> Part | None:
        """The part of one agency, or None where the plan does not name it."""
        return next((part for part in self.parts if part.agency == agency), None)


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """A valid declaration came in under an id not used before."""

    case_id: str
    reference: str
    declarant: str
    type_code: str
    digest: str
    media_type: str
    plan: tuple[Assignment, ...]


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """The messages of these agencies are about to leave."""

    agencies: tuple[str, ...]


class FailSend(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt to deliver did not get through."""

    agency: str
    message_id: str
    code: str
    detail: str


class Acknowledge(msgspec.Struct, frozen=True, kw_only=True):
    """The agency took the message and will answer later."""

    agency: str
    message_id: str


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The agency answered: the reply's bytes were read, are valid, and hash to `digest`."""

    agency: str
    message_id: str
    outcome: ReplyOutcome
    agency_reference: str
    decided_at: datetime
    digest: str


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer is in, and the response made from them hashes to `digest`."""

    outcome: CaseOutcome
    digest: str


Command = Submit | Send | FailSend | Acknowledge | Reply | Decide


class Deliver(msgspec.Struct, frozen=True, kw_only=True):
    """Work: bring this message to this agency and its answer back."""

    agency: str
    message_id: str


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """Work: all agencies have answered, make the one response."""


Work = Deliver | Merge


class Forbidden(Exception):
    """The case's state does not allow the command; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def message_id(case_id: str, agency: str, revision: int) -> str:
    """The id under which a message is delivered however often: case / agency / revision."""
    return f"{case_id}/{agency}/{revision}"


def decide(case: Case | None, command: Command, now: datetime) -> tuple[Event, ...]:
    """The events that a command makes of a case; none where it says what is known already.

    A second delivery of a reply, an acknowledgement after the answer and a second decision are taken for the first
    (every transport delivers at least once); a failure that repeats the last one is no news. Raises Forbidden where the
    command fits no state of this case: `case-exists`, `case-unknown`, `message-unknown` (the id is not one this case
    sent), `answers-missing`.
    """
    if isinstance(command, Submit):
        if case is not None:
            raise Forbidden("case-exists")
        return (
            Accepted(
                at=now,
                case_id=command.case_id,
                reference=command.reference,
                declarant=command.declarant,
                type_code=command.type_code,
                digest=command.digest,
                media_type=command.media_type,
                plan=command.plan,
            ),
        )
    if case is None:
        raise Forbidden("case-unknown")
    if isinstance(command, Decide):
        if case.status is CaseStatus.DECIDED:
            return ()
        if not all(part.settled for part in case.parts):
            raise Forbidden("answers-missing")
        return (Decided(at=now, outcome=command.outcome, digest=command.digest),)
    if isinstance(command, Send):
        return tuple(
            Sent(at=now, agency=part.agency, message_id=part.message_id)
            for part in case.parts
            if part.agency in command.agencies and part.state is PartState.READY
        )
    return _answer(case, command, now)


def _answer(case: Case, command: FailSend | Acknowledge | Reply, now: datetime) -> tuple[Event, ...]:
    part = case.part(command.agency)
    if part is None or part.message_id != command.message_id or part.state is PartState.NOT_CONCERNED:
        raise Forbidden("message-unknown")
    if part.state is PartState.ANSWERED:
        return ()
    if isinstance(command, Reply):
        return (
            Replied(
                at=now,
                agency=command.agency,
                message_id=command.message_id,
                outcome=command.outcome,
                agency_reference=command.agency_reference,
                decided_at=command.decided_at,
                digest=command.digest,
            ),
        )
    if part.state is PartState.ACKNOWLEDGED:
        return ()
    if isinstance(command, Acknowledge):
        return (Acknowledged(at=now, agency=command.agency, message_id=command.message_id),)
    if part.state is PartState.UNREACHABLE and part.failure == command.code:
        return ()  # an agency that is down for days must not fill the journal
    return (
        SendFailed(
            at=now,
            agency=command.agency,
            message_id=command.message_id,
            code=command.code,
            detail=command.detail,
        ),
    )


def evolve(case: Case | None, event: Event) -> Case:
    """The case after one event.

    Raises Forbidden("journal-broken") where the event can't follow: the first must be Accepted, and only the first.
    """
    if isinstance(event, Accepted):
        if case is not None:
            raise Forbidden("journal-broken")
        return _accepted(event)
    if case is None:
        raise Forbidden("journal-broken")
    sequence = case.sequence + 1
    if isinstance(event, Decided):
        return msgspec.structs.replace(
            case,
            sequence=sequence,
            status=CaseStatus.DECIDED,
            outcome=event.outcome,
            decided_at=event.at,
            response_digest=event.digest,
        )
    if case.part(event.agency) is None:
        raise Forbidden("journal-broken")
    parts = tuple(_evolve_part(part, event) if part.agency == event.agency else part for part in case.parts)
    status = CaseStatus.PROCESSING if case.status is CaseStatus.ACCEPTED else case.status
    return msgspec.structs.replace(case, sequence=sequence, status=status, parts=parts)


def _accepted(event: Accepted) -> Case:
    return Case(
        id=event.case_id,
        reference=event.reference,
        declarant=event.declarant,
        type_code=event.type_code,
        digest=event.digest,
        media_type=event.media_type,
        status=CaseStatus.ACCEPTED,
        received_at=event.at,
        sequence=1,
        parts=tuple(
            Part(
                agency=assignment.agency,
                state=PartState.NOT_CONCERNED if assignment.message_digest is None else PartState.READY,
                message_id=message_id(event.case_id, assignment.agency, 1),
                message_digest=assignment.message_digest,
            )
            for assignment in event.plan
        ),
    )


def _evolve_part(part: Part, event: Sent | SendFailed | Acknowledged | Replied) -> Part:
    if isinstance(event, Sent):
        return msgspec.structs.replace(part, state=PartState.SENT, sent_at=event.at)
    if isinstance(event, SendFailed):
        return msgspec.structs.replace(part, state=PartState.UNREACHABLE, failure=event.code)
    if isinstance(event, Acknowledged):
        return msgspec.structs.replace(part, state=PartState.ACKNOWLEDGED, failure=None)
    return msgspec.structs.replace(
        part,
        state=PartState.ANSWERED,
        failure=None,
        replied_at=event.at,
        decided_at=event.decided_at,
        outcome=event.outcome,
        agency_reference=event.agency_reference,
        reply_digest=event.digest,
    )


def replay(events: Iterable[Event], case: Case | None = None) -> Case:
    """The case that a journal tells, or a further stretch of it on top of `case`.

    Raises Forbidden("journal-broken") where the events can't follow one another, also where there is none.
    """
    for event in events:
        case = evolve(case, event)
    if case is None:
        raise Forbidden("journal-broken")
    return case


def outstanding(case: Case) -> tuple[Work, ...]:
    """What is still to be done for a case, worked out from its state alone.

    A message that was sent and not answered counts: whether it arrived is not known after a crash, and its id makes
    the second delivery harmless. One that the agency acknowledged does not: the agency has it.
    """
    if case.status is CaseStatus.DECIDED:
        return ()
    if all(part.settled for part in case.parts):
        return (Merge(),)
    return tuple(
        Deliver(agency=part.agency, message_id=part.message_id)
        for part in case.parts
        if part.state in (PartState.READY, PartState.SENT, PartState.UNREACHABLE)
    )


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(Case)


def encode_case(case: Case) -> bytes:
    """The snapshot of a case: JSON, the same bytes for equal cases."""
    return _encoder.encode(case)


def decode_case(snapshot: bytes) -> Case:
    """The case of a snapshot. Raises msgspec.ValidationError or msgspec.DecodeError where it is not one."""
    return _decoder.decode(snapshot)
