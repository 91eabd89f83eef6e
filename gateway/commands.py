"""Commands: what comes to a case from outside, from the trader, from an agency or from the window itself."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ..codecs.messages.codes import CaseOutcome, ReplyOutcome
from .deadlines import Limit
from .events import Assignment


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """A valid declaration came in under an id not used before."""

    case_id: str
    reference: str
    declarant: str
    type_code: str
    digest: str
    media_type: str
    plan: tuple[Assignment, ...]


class Supplement(msgspec.Struct, frozen=True, kw_only=True):
    """A valid revision that answers what agencies asked for; `plan` is what each agency would be sent of it."""

    digest: str
    media_type: str
    plan: tuple[Assignment, ...]


class Amend(msgspec.Struct, frozen=True, kw_only=True):
    """A valid revision that replaces the declaration; `plan` is what each agency would be sent of it."""

    digest: str
    media_type: str
    plan: tuple[Assignment, ...]


class Withdraw(msgspec.Struct, frozen=True, kw_only=True):
    """The trader takes the declaration back."""

    reason: str


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """The messages of these agencies are about to leave; `limits` are the agencies' time limits by code."""

    agencies: tuple[str, ...]
    limits: Mapping[str, Limit] = {}


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


class TimePassed(msgspec.Struct, frozen=True, kw_only=True):
    """The clock has gone on; `limits` are the agencies' time limits by code."""

    limits: Mapping[str, Limit] = {}


class RequestSupplement(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer is in, and what agencies ask for is the trader's to give."""


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer is in, and the response made from them hashes to `digest`."""

    outcome: CaseOutcome
    digest: str


Command = (
    Submit
    | Supplement
    | Amend
    | Withdraw
    | Send
    | FailSend
    | Acknowledge
    | Reply
    | TimePassed
    | RequestSupplement
    | Decide
)


class Forbidden(Exception):
    """The case's state does not allow the command; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
