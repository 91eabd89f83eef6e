"""Distribution: a declaration split into the messages of the agencies that it concerns, and why others get none."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from ..agencies.agency import AnyAgency, NotConcerned
from ..agencies.agency_fault import AgencyFault, Work, faults_of
from ..codecs.digest import digest
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.limits import DEFAULT
from ..codecs.messages.declaration import Declaration
from .events import Assignment
from .papers import Message
from .plan import Procedure

REASON_CHARS_MAX = 1024
"""Characters of a reason in one language, as many as the response's schema takes."""


_NONE: Final[Mapping[str, AgencyFault]] = MappingProxyType({})


class Distribution(msgspec.Struct, frozen=True):
    """The messages by agency code, and the plan that names them or says why there is none.

    faults: by agency code, why a message could not be made.
    """

    messages: Mapping[str, Message]
    plan: tuple[Assignment, ...]
    faults: Mapping[str, AgencyFault] = _NONE


Distribute: TypeAlias = Callable[[Declaration, Procedure, Mapping[str, AnyAgency]], Distribution]
"""A way to distribute: whole, or as far as it goes."""


def distribute(declaration: Declaration, procedure: Procedure, agencies: Mapping[str, AnyAgency]) -> Distribution:
    """What each agency of a procedure is sent of a declaration, all of them or none.

    Raises AgencyFault where an agency's own code makes no message of it, and Rejected as `attempt` does.
    """
    shared = attempt(declaration, procedure, agencies)
    for fault in shared.faults.values():
        raise fault
    return shared


def attempt(declaration: Declaration, procedure: Procedure, agencies: Mapping[str, AnyAgency]) -> Distribution:
    """What each agency of a procedure is sent of a declaration, as far as their own code makes messages of it.

    An agency is not asked where the declaration does not meet the procedure's condition for it, or where its own split
    says so. Raises Rejected (`too-large`) where a message would be larger than an agency takes: characters that XML
    escapes make it longer than what it was made of.
    """
    messages: dict[str, Message] = {}
    reasons: dict[str, Text] = {}
    faults: dict[str, AgencyFault] = {}
    for code in procedure.agencies:
        agency = agencies[code]
        concern = procedure.when.get(code)
        if concern is not None and not concern.meets(declaration):
            reasons[code] = concern.absence
            continue
        try:
            made = _made(agency, declaration)
        except AgencyFault as fault:
            faults[code] = fault
            continue
        if isinstance(made, Message):
            messages[code] = _sendable(agency, made)
        elif made is not None:
            reasons[code] = made
    plan = procedure.plan({code: digest(message.body) for code, message in messages.items()}, reasons)
    return Distribution(messages, plan, faults)


def _made(agency: AnyAgency, declaration: Declaration) -> Message | Text | None:
    """The agency's message, or why there is none, if it says so. Raises AgencyFault."""
    with faults_of(agency, Work.SPLIT):
        value = agency.split(declaration)
        if value is None:
            return None
        if isinstance(value, NotConcerned):
            return value.reason if _is_sayable(value.reason) else None
        return Message(value, agency.message.encode_xml(value))


def _is_sayable(reason: Text) -> bool:
    """Whether a plug-in's words can stand in a response: what an agency says badly must not hold a case up."""
    return all(
        0 < len(words) <= REASON_CHARS_MAX and words.isprintable() and words == " ".join(words.split())
        for words in (reason.en, reason.zh)
    )


def _sendable(agency: AnyAgency, made: Message) -> Message:
    if len(made.body) > DEFAULT.body_bytes_max:
        raise Rejected("too-large", (_too_large(agency, len(made.body)),))
    return made


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
