"""Commands: what comes to a case from outside, from the trader, from an agency or from the window itself."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ..codecs.messages.codes import CaseOutcome, ReplyOutcome
from .case import DeferredDocument, Money, ReleaseRule
from .deadlines import Limit
from .events import Assignment, InspectionOrder, Told


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """A valid declaration came in under an id not used before; `test`: the window is in test mode."""

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


class Supplement(msgspec.Struct, frozen=True, kw_only=True):
    """A valid revision that answers what agencies asked for; `plan` is what each agency would be sent of it."""

    digest: str
    media_type: str
    plan: tuple[Assignment, ...]
    deferred: tuple[DeferredDocument, ...] = ()


class Amend(msgspec.Struct, frozen=True, kw_only=True):
    """A valid revision that replaces the declaration; `plan` is what each agency would be sent of it."""

    digest: str
    media_type: str
    plan: tuple[Assignment, ...]
    deferred: tuple[DeferredDocument, ...] = ()


class Withdraw(msgspec.Struct, frozen=True, kw_only=True):
    """The trader takes the declaration back; `notices` tell the agencies that were sent something."""

    reason: str
    notices: tuple[Told, ...] = ()


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """Every message that is ready is about to leave; `limits` are the agencies' time limits by code."""

    limits: Mapping[str, Limit] = {}


class FailSend(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt to deliver did not get through."""

    agency: str
    message_id: str
    code: str
    detail: str


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """The message lies ready for its agency to fetch."""

    agency: str
    message_id: str


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


class TimePassed(msgspec.Struct, frozen=True, kw_only=True):
    """The clock has gone on; `limits` are the agencies' time limits by code."""

    limits: Mapping[str, Limit] = {}


class RequestSupplement(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer is in, and what agencies ask for is the trader's to give."""


class OrderInspection(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer is in, and these agencies are to see the goods."""

    orders: tuple[InspectionOrder, ...]


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer is in, and the response made from them hashes to `digest`; `payable`: what it bills."""

    outcome: CaseOutcome
    digest: str
    payable: tuple[Money, ...] = ()


class ReceiveDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A deferred document came, its bytes hash to `digest`; `notices` tell the agencies that were sent its number."""

    type_code: str
    document_id: str
    digest: str
    notices: tuple[Told, ...] = ()


class RecordPayment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment of the bill was confirmed."""

    reference: str
    money: Money


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """The trader rates how the case was handled, 1 to 5."""

    score: int
    comment: str | None = None


Command = (
    Submit
    | Supplement
    | Amend
    | Withdraw
    | Send
    | FailSend
    | Hold
    | Acknowledge
    | Reply
    | TimePassed
    | RequestSupplement
    | OrderInspection
    | Decide
    | ReceiveDocument
    | RecordPayment
    | Rate
)


class Forbidden(Exception):
    """The case's state does not allow the command; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
