"""A dead letter: what an agency sent that is no answer, or word that it does not take our message; for an operator.

The Invalid Message Channel and the Dead Letter Channel of G. Hohpe and B. Woolf, Enterprise Integration Patterns. No
message is lost by becoming one: the case keeps it and tries again; the dead letter is the evidence, and the handle by
which an operator sends again at once, answers by hand, or puts it aside.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from ..agencies.transport import Evidence
from ..codecs.digest import digest
from . import message_id
from .case_id import PATTERN

LETTERS_MAX: Final = 1000
"""Dead letters kept of one agency: a settled one makes room for a new one; where none is, the new one is not kept."""

DETAIL_CHARS_MAX: Final = 500
NOTE_CHARS_MAX: Final = 512
NAME_CHARS_MAX: Final = 140

Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class Origin(StrEnum):
    """How it came: instead of a reply to a delivery, brought by the agency, or by our message that it refuses."""

    ANSWER = "answer"
    BROUGHT = "brought"
    MESSAGE = "message"


class LetterState(StrEnum):
    """What has become of it; `answered`: the agency has answered its message since, or taken it, by whatever way."""

    OPEN = "open"
    SENT_AGAIN = "sent-again"
    ANSWERED = "answered"
    DISCARDED = "discarded"


UNSETTLED: Final = (LetterState.OPEN, LetterState.SENT_AGAIN)
SETTLED: Final = (LetterState.ANSWERED, LetterState.DISCARDED)


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """One dead letter, without its bytes.

    `code` is that of the failure or of the problem. `message_id` is the message that it is about and `case_id` that
    message's case, as far as the agency's own word goes where it was brought. The same thing again (agency, message,
    code, bytes) is the same dead letter: `count` and `last_at` grow. `size_bytes` came, of which `kept_bytes` are kept;
    `digest` is of these. `changed_at`: when it came into its state; `note`: an operator's words.
    """

    id: str
    agency: str
    origin: Origin
    code: str
    detail: str
    message_id: str | None
    case_id: str | None
    media_type: str | None
    size_bytes: int
    kept_bytes: int
    digest: str
    first_at: Aware
    last_at: Aware
    count: int = 1
    state: LetterState = LetterState.OPEN
    changed_at: Aware
    note: str | None = None


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become a dead letter; see DeadLetter."""

    agency: str
    origin: Origin
    code: str
    detail: str
    message_id: str | None = None
    evidence: Evidence


def dead_letter(returned: Returned, letter_id: str, now: datetime) -> DeadLetter:
    """The dead letter that it becomes, unless it is one already."""
    named = None if returned.message_id is None else one_line(returned.message_id, NAME_CHARS_MAX)
    case_id = None if named is None else message_id.case_of(named)
    evidence = returned.evidence
    return DeadLetter(
        id=letter_id,
        agency=returned.agency,
        origin=returned.origin,
        code=returned.code,
        detail=one_line(returned.detail, DETAIL_CHARS_MAX),
        message_id=named or None,
        case_id=case_id if case_id is not None and PATTERN.fullmatch(case_id) else None,
        media_type=one_line(evidence.media_type, NAME_CHARS_MAX) or None,
        size_bytes=evidence.size_bytes,
        kept_bytes=len(evidence.body),
        digest=digest(evidence.body),
        first_at=now,
        last_at=now,
        changed_at=now,
    )


_NAMED: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?MessageID\s*>\s*([!-;=-~]{1,140}?)\s*<")
_LOOKED_AT_BYTES: Final = 4096


def named_message(body: bytes) -> str | None:
    """The message that a reply names which can't be read; a guess, from its first bytes, that nothing is decided by."""
    found = _NAMED.search(body[:_LOOKED_AT_BYTES])
    return None if found is None else found[1].decode("ascii")


def one_line(text: str, chars_max: int) -> str:
    """The text without what is not to be printed: lines, control characters, and halves of characters."""
    return "".join(character if character.isprintable() else " " for character in text[:chars_max])
