"""A case: one declaration on its way through the window, as the sum of its journal.

What a case is stands here; what may become of it, in `life`.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from ..agencies.transport import MessageKind
from ..codecs.finding import Text
from ..codecs.messages.codes import CaseOutcome, ReplyOutcome


class CaseStatus(StrEnum):
    """Where a case stands."""

    ACCEPTED = "accepted"
    PROCESSING = "processing"
    AWAITING_TRADER = "awaiting-trader"
    AWAITING_INSPECTION = "awaiting-inspection"
    DECIDED = "decided"


class PartState(StrEnum):
    """Where one agency's part of a case stands."""

    WAITING = "waiting"
    READY = "ready"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    DEEMED = "deemed"
    NOT_CONCERNED = "not-concerned"


class RevisionKind(StrEnum):
    """How a later revision of a declaration came about."""

    SUPPLEMENT = "supplement"
    AMENDMENT = "amendment"


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One agency's part: the message it was sent and what it answered. Digests are `sha256:` and 64 hex digits.

    Orders to inspect and notices are parts too: what becomes of a message is the same for all. `revision` is the one in
    which the agency's own message was last made. `after` are the agencies whose answers have to be in before the
    message is sent. A part that is deemed has an outcome and no reply: the agency let its time pass. Of an order,
    `visit` is when the goods are seen. `absence` is why a part that is not concerned is not, where that was said.
    """

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
    revision: int = 1
    kind: MessageKind = MessageKind.DECLARATION
    visit: tuple[datetime, datetime] | None = None
    after: tuple[str, ...] = ()
    warn_at: datetime | None = None
    due_at: datetime | None = None
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    absence: Text | None = None

    @property
    def settled(self) -> bool:
        """Nothing more is awaited from this agency."""
        if self.kind is MessageKind.NOTICE:
            return self.state is PartState.ACKNOWLEDGED
        return self.state in (PartState.ANSWERED, PartState.DEEMED, PartState.NOT_CONCERNED)

    @property
    def undelivered(self) -> bool:
        """The message is to be delivered, now or again: whether one that was sent arrived is not known."""
        return self.state in (PartState.READY, PartState.SENT, PartState.UNREACHABLE)


class LateReply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that came when nobody waited for it any more: it is kept and changes nothing."""

    agency: str
    revision: int
    message_id: str
    digest: str


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A revision of the declaration after the first, as it was received."""

    kind: RevisionKind
    at: datetime
    digest: str


class ReleaseRule(StrEnum):
    """When goods that are cleared may move: at the decision, or once the bill is paid."""

    BEFORE_PAYMENT = "before-payment"
    AFTER_PAYMENT = "after-payment"


class DeferredDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that the declaration promises to follow by `due_at`: its type's code and its own number."""

    type_code: str
    document_id: str
    due_at: datetime


class Deferral(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What has become of a deferred document; `digest` is that of what came."""

    document: DeferredDocument
    received_at: datetime | None = None
    digest: str | None = None
    overdue_at: datetime | None = None


class Money(msgspec.Struct, frozen=True):
    """An amount of a currency (ISO 4217)."""

    amount: Decimal
    currency: str


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment that was recorded; `reference` is the payer's or the bank's."""

    at: datetime
    reference: str
    money: Money


SCORE_MAX = 5
"""The best that a trader can say of how a case was handled; the least is 1."""


class Rating(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the trader thinks of how the case was handled: 1 (very poor) to SCORE_MAX (very good)."""

    at: datetime
    score: int
    comment: str | None = None


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """The trader has taken the declaration back."""

    at: datetime
    reason: str


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A snapshot of the journal: `sequence` is the number of events that made it.

    `digest` and `media_type` are those of the declaration as it first came, which the receipt names; `revisions` are
    the later ones, the first of them number 2. `past` are parts whose message a later revision replaced. `orders` are
    the agencies' orders to inspect, `notices` what else they are told. `payable` is what the response bills. `test`: it
    was taken in test mode.
    """

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
    revisions: tuple[Revision, ...] = ()
    past: tuple[Part, ...] = ()
    late: tuple[LateReply, ...] = ()
    withdrawal: Withdrawal | None = None
    orders: tuple[Part, ...] = ()
    notices: tuple[Part, ...] = ()
    deferred: tuple[Deferral, ...] = ()
    release: ReleaseRule = ReleaseRule.BEFORE_PAYMENT
    payable: tuple[Money, ...] = ()
    payments: tuple[Payment, ...] = ()
    released: datetime | None = None
    cleared: datetime | None = None
    rating: Rating | None = None
    test: bool = False

    @property
    def declaration_digest(self) -> str:
        """The digest of the declaration in its latest revision."""
        return self.revisions[-1].digest if self.revisions else self.digest

    @property
    def closed(self) -> bool:
        """No agency is waited for any more: the case is decided or withdrawn."""
        return self.status is CaseStatus.DECIDED or self.withdrawal is not None

    @property
    def awaited(self) -> tuple[Part, ...]:
        """The parts and orders from which something is awaited while the case is open."""
        return tuple(part for part in (*self.parts, *self.orders) if not part.settled)

    @property
    def is_owed_documents(self) -> bool:
        """Documents that were deferred are awaited: not of a declaration that was refused or withdrawn."""
        return self.withdrawal is None and self.outcome is not CaseOutcome.REFUSED

    @property
    def missing(self) -> tuple[Deferral, ...]:
        """The deferred documents that have not come and are awaited."""
        if not self.is_owed_documents:
            return ()
        return tuple(each for each in self.deferred if each.received_at is None)

    def is_live(self, part: Part) -> bool:
        """What happens to this part still matters: it is a notice, or the case is open and it is not past."""
        return part in self.notices or (not self.closed and (part in self.parts or part in self.orders))

    def order(self, part: Part) -> Part | None:
        """The order to inspect that followed from an agency's part, or None."""
        return next(
            (each for each in self.orders if (each.agency, each.revision) == (part.agency, part.revision)), None
        )

    def part(self, agency: str) -> Part | None:
        """The part of one agency, or None where the plan does not name it."""
        return next((part for part in self.parts if part.agency == agency), None)

    def part_of(self, message: str) -> Part | None:
        """The part, present or past, to which a message id belongs, or None where this case has no such message."""
        every = (*self.parts, *self.orders, *self.notices, *self.past)
        return next((part for part in every if part.message_id == message), None)


def awaits_inspection(parts: tuple[Part, ...], orders: tuple[Part, ...]) -> bool:
    """All agencies have answered, and some of them have still to see the goods."""
    return all(part.settled for part in parts) and not all(order.settled for order in orders)


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(Case)


def encode_case(case: Case) -> bytes:
    """The snapshot of a case: JSON, the same bytes for equal cases."""
    return _encoder.encode(case)


def decode_case(snapshot: bytes) -> Case:
    """The case of a snapshot. Raises msgspec.ValidationError or msgspec.DecodeError where it is not one."""
    return _decoder.decode(snapshot)
