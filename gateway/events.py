"""Facts of a case, in the past tense: the journal is made of these and nothing else.

Every event is frozen, carries the aware time at which it was taken down, and is tagged by its name so that a journal
line reads `{"event": "replied", "at": ..., ...}`. Events are only ever added to: a field may get a new optional
sibling, none may change its meaning, because old journals must replay for as long as cases are kept.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from ..codecs.finding import Text
from ..codecs.messages.codes import CaseOutcome, ReplyOutcome
from .case import DeferredDocument, Money, ReleaseRule


class Assignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One agency in a case's plan: the digest of the message it is to be sent, or none where it is not concerned.

    `after`: the agencies whose answers have to be in before it is sent. `reason`: why it is not concerned, where the
    window or the agency has said so.
    """

    agency: str
    message_digest: str | None = None
    after: tuple[str, ...] = ()
    reason: Text | None = None


class Accepted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag="accepted"):
    """The window has taken the declaration over and promised an answer: the receipt says so.

    `deferred` are the documents that it says will follow, `release` the rule of its procedure. `test`: the window
    was in test mode then.
    """

    at: datetime
    case_id: str
    reference: str
    declarant: str
    type_code: str
    digest: str
    media_type: str
    plan: tuple[Assignment, ...]
    deferred: tuple[DeferredDocument, ...] = ()
    release: ReleaseRule = ReleaseRule.BEFORE_PAYMENT
    test: bool = False


class OnOverdue(StrEnum):
    """What happens when an agency lets its time limit pass."""

    ESCALATE = "escalate"
    DEEM_APPROVED = "deem-approved"
    DEEM_REFUSED = "deem-refused"


class Sent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag="sent"):
    """A message is on its way to its agency.

    Taken down before the bytes leave, so that a crash in between sends the message again under the same id and never
    forgets that it may have been sent. The agency is warned of at `warn_at` and has to have answered by `due_at`.
    """

    at: datetime
    agency: str
    message_id: str
    warn_at: datetime | None = None
    due_at: datetime | None = None


class SendFailed(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="send-failed"):
    """An attempt did not reach the agency; `code` is stable, `detail` is for the operator."""

    at: datetime
    agency: str
    message_id: str
    code: str
    detail: str


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="acknowledged"):
    """The agency has taken the message; its answer comes later."""

    at: datetime
    agency: str
    message_id: str


class Replied(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="replied"):
    """The agency has answered; `digest` is that of the reply's bytes, which are kept as they came."""

    at: datetime
    agency: str
    message_id: str
    outcome: ReplyOutcome
    agency_reference: str
    decided_at: datetime
    digest: str


class Warned(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="warned"):
    """Most of an agency's time is over and its answer is not in."""

    at: datetime
    agency: str
    message_id: str
    due_at: datetime


class Overdue(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="overdue"):
    """An agency has let its time limit pass; `policy` is what follows from it."""

    at: datetime
    agency: str
    message_id: str
    policy: OnOverdue


class Supplemented(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag="supplemented"
):
    """The trader has given what agencies asked for, as a new revision.

    `plan` is what each agency would be sent of it, `asked` are the agencies that are sent it.
    """

    at: datetime
    revision: int
    digest: str
    media_type: str
    plan: tuple[Assignment, ...]
    asked: tuple[str, ...]
    deferred: tuple[DeferredDocument, ...] = ()


class Amended(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag="amended"):
    """The trader has replaced the declaration by a new revision; `plan` and `asked` as in Supplemented."""

    at: datetime
    revision: int
    digest: str
    media_type: str
    plan: tuple[Assignment, ...]
    asked: tuple[str, ...]
    deferred: tuple[DeferredDocument, ...] = ()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A notice to an agency that was sent the message which it follows, and the digest of the notice."""

    agency: str
    message_id: str
    message_digest: str


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag="withdrawn"):
    """The trader has taken the declaration back; `concerned` are the agencies that had been sent something by then."""

    at: datetime
    reason: str
    concerned: tuple[str, ...]
    notices: tuple[Told, ...] = ()


class SupplementRequested(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="supplement-requested"):
    """All have answered, these agencies ask for more, and the case waits for the trader."""

    at: datetime
    agencies: tuple[str, ...]


class InspectionOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order to one agency; `visit`: from when to when it sees the goods, where a time was proposed."""

    agency: str
    message_id: str
    message_digest: str
    visit: tuple[datetime, datetime] | None = None


class InspectionOrdered(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="inspection-ordered"):
    """All have answered, these agencies want to see the goods, and they are told when and where."""

    at: datetime
    orders: tuple[InspectionOrder, ...]


class Decided(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag="decided"):
    """The one signed response exists; `digest` is that of its bytes, which never change from here on.

    `payable` is the total of its bill in each currency, where the goods are cleared.
    """

    at: datetime
    outcome: CaseOutcome
    digest: str
    payable: tuple[Money, ...] = ()


class DocumentReceived(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag="document-received"
):
    """A deferred document has come; `digest` is that of its bytes, `notices` tell the agencies that were sent it."""

    at: datetime
    type_code: str
    document_id: str
    digest: str
    notices: tuple[Told, ...] = ()


class DocumentOverdue(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="document-overdue"):
    """A deferred document has not come in time; this is put before the supervisor."""

    at: datetime
    type_code: str
    document_id: str
    due_at: datetime


class Paid(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="paid"):
    """A payment of the bill was confirmed; `reference` is the payer's or the bank's."""

    at: datetime
    reference: str
    money: Money


class Released(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="released"):
    """The goods, cleared before and held until the bill was paid, may move."""

    at: datetime


class Cleared(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="cleared"):
    """All is settled: the goods are released, the bill is paid, and every deferred document has come."""

    at: datetime


class Rated(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag="rated"):
    """The trader says how well the case was handled: 1 (very poor) to 5 (very good)."""

    at: datetime
    score: int
    comment: str | None = None


Event = (
    Accepted
    | Sent
    | SendFailed
    | Acknowledged
    | Replied
    | Warned
    | Overdue
    | Supplemented
    | Amended
    | Withdrawn
    | SupplementRequested
    | InspectionOrdered
    | Decided
    | DocumentReceived
    | DocumentOverdue
    | Paid
    | Released
    | Cleared
    | Rated
)

_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode_event(event: Event) -> bytes:
    """The journal line of an event: JSON, the same bytes for equal events."""
    return _encoder.encode(event)


def decode_event(line: bytes) -> Event:
    """The event of a journal line.

    Raises msgspec.ValidationError or msgspec.DecodeError where the line is not one.
    """
    return _decoder.decode(line)


def event_name(event: Event) -> str:
    """The tag of an event, as it stands in the journal and in the event stream: `accepted`, `sent`, ..."""
    tag = event.__struct_config__.tag
    return str(tag)
