"""A case: one declaration on its way through the window, as the sum of its journal.

What a case is stands here; what may become of it, in `life`.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from ..codecs.messages.codes import CaseOutcome, ReplyOutcome


class CaseStatus(StrEnum):
    """Where a case stands."""

    ACCEPTED = "accepted"
    PROCESSING = "processing"
    AWAITING_TRADER = "awaiting-trader"
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

    `revision` is the one in which its message was last made: message and reply are kept under its number. `after` are
    the agencies whose answers have to be in before the message is sent. A part that is deemed has an outcome and no
    reply: the agency let its time pass.
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
    after: tuple[str, ...] = ()
    warn_at: datetime | None = None
    due_at: datetime | None = None
    warned_at: datetime | None = None
    overdue_at: datetime | None = None

    @property
    def settled(self) -> bool:
        """Nothing more is awaited from this agency."""
        return self.state in (PartState.ANSWERED, PartState.DEEMED, PartState.NOT_CONCERNED)


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


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """The trader has taken the declaration back."""

    at: datetime
    reason: str


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A snapshot of the journal: `sequence` is the number of events that made it.

    `digest` and `media_type` are those of the declaration as it first came, which the receipt names; `revisions` are
    the later ones, the first of them number 2. `past` are parts whose message a later revision replaced.
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

    @property
    def declaration_digest(self) -> str:
        """The digest of the declaration in its latest revision."""
        return self.revisions[-1].digest if self.revisions else self.digest

    @property
    def closed(self) -> bool:
        """No agency is waited for any more: the case is decided or withdrawn."""
        return self.status is CaseStatus.DECIDED or self.withdrawal is not None

    def part(self, agency: str) -> Part | None:
        """The part of one agency, or None where the plan does not name it."""
        return next((part for part in self.parts if part.agency == agency), None)

    def part_of(self, message: str) -> Part | None:
        """The part, present or past, to which a message id belongs, or None where this case has no such message."""
        return next((part for part in (*self.parts, *self.past) if part.message_id == message), None)


def message_id(case_id: str, agency: str, revision: int) -> str:
    """The id under which a message is delivered however often: case / agency / revision."""
    return f"{case_id}/{agency}/{revision}"


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(Case)


def encode_case(case: Case) -> bytes:
    """The snapshot of a case: JSON, the same bytes for equal cases."""
    return _encoder.encode(case)


def decode_case(snapshot: bytes) -> Case:
    """The case of a snapshot. Raises msgspec.ValidationError or msgspec.DecodeError where it is not one."""
    return _decoder.decode(snapshot)
