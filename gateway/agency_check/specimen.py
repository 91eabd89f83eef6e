"""Specimens: declarations made up for the check, and what the agency is sent of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from ... import schemas
from ...agencies.agency import AnyAgency, NotConcerned
from ...agencies.agency_fault import Work, faults_of
from ...codecs import DECLARATION, DEFAULT
from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.declaration import Declaration
from ..message_id import CHECK
from ..sample import ITEM_COUNT_MAX, sample

_SIZES: Final = ((3, DeclarationType.IM), (12, DeclarationType.IM), (3, DeclarationType.EX), (1, DeclarationType.IM))


class Specimen(Struct, frozen=True):
    """What the agency is sent of a declaration: its reference, the message as struct and as bytes."""

    reference: str
    message: Any
    body: bytes


def built_in(now: datetime) -> Iterator[Declaration]:
    """Samples of both directions and several sizes, and the two documents that the schemas come with."""
    for items, type_code in _SIZES:
        yield sample(items, type_code, CHECK + "SAMPLE", now)
    yield DECLARATION.decode_xml(schemas.sample("export"))
    yield DECLARATION.decode_xml(schemas.sample("import"))


def specimens(agency: AnyAgency, declarations: Iterable[Declaration], run: str) -> tuple[Specimen, ...]:
    """What it is sent of the declarations that concern it, under references of this run. Raises AgencyFault."""
    made = (
        _specimen(agency, replace(declared, functional_reference_id=f"{CHECK}{run}-{number}"))
        for number, declared in enumerate(declarations, start=1)
    )
    return tuple(each for each in made if each is not None)


def largest(agency: AnyAgency, declarations: Iterable[Declaration], run: str, now: datetime) -> Specimen | None:
    """The largest message that can be made of 999 items, those of the declarations or of samples, and can be sent."""
    grown = (_grown(declared) for declared in declarations)
    full = (sample(ITEM_COUNT_MAX, type_code, CHECK + "LARGEST", now) for type_code in DeclarationType)
    made = specimens(agency, (*grown, *full), f"{run}-LARGEST")
    sendable = (each for each in made if len(each.body) <= DEFAULT.body_bytes_max)
    return max(sendable, key=lambda each: len(each.body), default=None)


def _grown(declared: Declaration) -> Declaration:
    """The declaration with its own items over and over, up to as many as there may be."""
    shipment = declared.goods_shipment
    items = shipment.government_agency_goods_item
    more = tuple(replace(items[number % len(items)], sequence_numeric=number + 1) for number in range(ITEM_COUNT_MAX))
    shipment = replace(shipment, government_agency_goods_item=more)
    return replace(declared, goods_item_quantity=len(more), goods_shipment=shipment)


def _specimen(agency: AnyAgency, declared: Declaration) -> Specimen | None:
    with faults_of(agency, Work.SPLIT):
        message = agency.split(declared)
        if message is None or isinstance(message, NotConcerned):
            return None
        return Specimen(declared.functional_reference_id, message, agency.message.encode_xml(message))
