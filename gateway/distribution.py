"""Distribution: a declaration split into the messages of the agencies that it concerns, and why others get none."""

from collections.abc import Mapping

import msgspec

from ..agencies.agency import AnyAgency, NotConcerned
from ..codecs.digest import digest
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.limits import DEFAULT
from ..codecs.messages.declaration import Declaration
from .events import Assignment
from .papers import Message
from .plan import Procedure

REASON_CHARS_MAX = 1024
"""Characters of a reason in one language, as many as the response's schema takes."""


class Distribution(msgspec.Struct, frozen=True):
    """The messages by agency code, and the plan that names them or says why there is none."""

    messages: Mapping[str, Message]
    plan: tuple[Assignment, ...]


def distribute(declaration: Declaration, procedure: Procedure, agencies: Mapping[str, AnyAgency]) -> Distribution:
    """What each agency of a procedure is sent of a declaration.

    An agency is not asked where the declaration does not meet the procedure's condition for it, or where its own split
    says so. Raises Rejected (`too-large`) where a message would be larger than an agency takes: characters that XML
    escapes make it longer than what it was made of.
    """
    messages: dict[str, Message] = {}
    reasons: dict[str, Text] = {}
    for code in procedure.agencies:
        agency = agencies[code]
        concern = procedure.when.get(code)
        if concern is not None and not concern.meets(declaration):
            reasons[code] = concern.absence
            continue
        value = agency.split(declaration)
        if isinstance(value, NotConcerned):
            if _is_sayable(value.reason):
                reasons[code] = value.reason
        elif value is not None:
            messages[code] = _message(agency, value)
    plan = procedure.plan({code: digest(message.body) for code, message in messages.items()}, reasons)
    return Distribution(messages, plan)


def _is_sayable(reason: Text) -> bool:
    """Whether a plug-in's words can stand in a response: what an agency says badly must not hold a case up."""
    return all(
        0 < len(words) <= REASON_CHARS_MAX and words.isprintable() and words == " ".join(words.split())
        for words in (reason.en, reason.zh)
    )


def _message(agency: AnyAgency, value: msgspec.Struct) -> Message:
    body = agency.message.encode_xml(value)
    if len(body) > DEFAULT.body_bytes_max:
        raise Rejected("too-large", (_too_large(agency, len(body)),))
    return Message(value, body)


def _too_large(agency: AnyAgency, size: int) -> Finding:
    most = DEFAULT.body_bytes_max
    return Finding(
        code="message-too-large",
        pointer="/Declaration",
        message=Text(
            en=f"The message to {agency.name.en} would have {size} bytes; at most {most} can be sent.",
            zh=f"发往{agency.name.zh}的报文将有{size}字节；最多可发送{most}字节。",
        ),
        value=str(size),
        expected=f"at most {most} bytes",
    )
