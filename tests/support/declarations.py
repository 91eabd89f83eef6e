"""Declarations for tests, as bytes."""

from datetime import UTC, datetime

from msgspec.structs import replace
from support.amending import amended, item

from onewindow import schemas
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import CountryCode, DeclarationType, DocumentType
from onewindow.codecs.messages.common import Origin
from onewindow.gateway.sample import sample

ISSUED = datetime.now(UTC).replace(microsecond=0)
"""When they are issued: as the run begins, since gateways that run as processes live on the day of the run."""


def declaration(reference: str, items: int = 1, type_code: DeclarationType = DeclarationType.IM) -> bytes:
    """A valid declaration in XML under `reference`; the same arguments give the same bytes."""
    return DECLARATION.encode_xml(sample(items, type_code, reference, ISSUED))


def originating(reference: str, origin: CountryCode) -> bytes:
    """The sample import under `reference`, all of its goods of this origin."""
    declared = DECLARATION.decode_xml(schemas.sample("import"))
    items = declared.goods_shipment.government_agency_goods_item
    foreign = tuple(replace(each, origin=Origin(country_code=origin)) for each in items)
    shipment = replace(declared.goods_shipment, government_agency_goods_item=foreign)
    return DECLARATION.encode_xml(replace(declared, functional_reference_id=reference, goods_shipment=shipment))


def incomplete(reference: str) -> bytes:
    """The same declaration of one item without its certificate of origin, for which customs, and nobody else, asks."""
    whole = DECLARATION.decode_xml(declaration(reference))
    path = item("additional_document")
    documents = whole.goods_shipment.government_agency_goods_item[0].additional_document
    kept = tuple(document for document in documents if document.type_code is not DocumentType._861)
    assert len(kept) == len(documents) - 1
    return DECLARATION.encode_xml(amended(whole, path, kept))


def repacked(reference: str, packages: int = 3) -> bytes:
    """The same declaration of one item in so many packages, which customs and quality inspection see."""
    path = item("packaging.0.quantity_quantity")
    return DECLARATION.encode_xml(amended(DECLARATION.decode_xml(declaration(reference)), path, packages))
