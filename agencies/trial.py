"""The trial of an agency: its split and its rules on the samples, before a trader's declaration meets their faults."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from .. import schemas
from ..codecs import DECLARATION
from ..codecs.finding import Finding, Text
from ..codecs.messages.declaration import Declaration
from .agency import AnyAgency, NotConcerned
from .agency_fault import AgencyFault, Work, faults_of
from .registry import GROUP, UnusableAgency

_CODES: Final = {Work.SPLIT: "agency.split-fails", Work.RULES: "agency.rules-fail"}

_MESSAGE_ID: Final = "trial/{}/1"


def tried(agencies: Iterable[AnyAgency], now: datetime) -> None:
    """Let each agency make its messages of the sample declarations, and its rules, if it has any, their replies.

    Where the schemas are compiled already it takes a few milliseconds, else some tenths of a second. Raises
    UnusableAgency (`agency.split-fails`, `agency.rules-fail`) where one fails, or what it makes breaks its schema.
    """
    samples = tuple(DECLARATION.decode_xml(schemas.sample(kind)) for kind in ("import", "export"))
    for agency in agencies:
        for declared in samples:
            try:
                _tried(agency, declared, now)
            except AgencyFault as fault:
                raise unusable(fault) from fault


def unusable(fault: AgencyFault) -> UnusableAgency:
    """The agency whose code has failed, as one that can't be used."""
    message = Text(
        en=f"The agency {fault.agency!r} is unusable: {fault.words.en}.",
        zh=f"部门“{fault.agency}”不可用：{fault.words.zh}。",
    )
    return UnusableAgency(
        fault.agency, Finding(code=_CODES[fault.work], pointer=f"{GROUP}/{fault.agency}", message=message)
    )


def _tried(agency: AnyAgency, declared: Declaration, now: datetime) -> None:
    with faults_of(agency, Work.SPLIT):
        made: Any = agency.split(declared)
        if made is None or isinstance(made, NotConcerned):
            return
        message = agency.message.decode_xml(agency.message.encode_xml(made))
    if agency.assess is not None:
        with faults_of(agency, Work.RULES):
            reply = agency.assess(message, _MESSAGE_ID.format(agency.code), now)
            agency.reply.decode_xml(agency.reply.encode_xml(reply))
