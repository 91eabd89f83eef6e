"""From an agency's message back to the trader's declaration."""

from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from onewindow import schemas
from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.customs import AGENCY as CUSTOMS
from onewindow.agencies.market_supervision import AGENCY as MARKET_SUPERVISION
from onewindow.agencies.registry import installed
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway.pointer import Tracer

ITEM = "GoodsShipment/GovernmentAgencyGoodsItem"


@pytest.fixture
def declaration() -> Declaration:
    return DECLARATION.decode_xml(schemas.sample("import"))


def trace(pointer: str, message: Struct, declaration: Declaration) -> str:
    """The pointer into the declaration."""
    return Tracer(message, declaration).trace(pointer)


def sent(agency: AnyAgency, declaration: Declaration) -> Any:
    """What the agency is sent of the declaration."""
    return agency.split(declaration)


def test_a_pointer_keeps_its_way_under_the_declaration(declaration: Declaration) -> None:
    """An element that every sibling of came along has the same place in both documents."""
    message = sent(CUSTOMS, declaration)
    pointer = trace(f"/Customs/{ITEM}[2]/Commodity/Classification[1]/ID", message, declaration)
    assert pointer == f"/Declaration/{ITEM}[2]/Commodity/Classification[1]/ID"


def test_an_attribute_is_pointed_at(declaration: Declaration) -> None:
    """A pointer to an attribute keeps it."""
    message = sent(CUSTOMS, declaration)
    assert "/Declaration/InvoiceAmount/@currencyID" == trace("/Customs/InvoiceAmount/@currencyID", message, declaration)


@pytest.mark.parametrize("code", sorted(installed()))
def test_a_document_left_out_moves_the_ones_after_it(code: str, declaration: Declaration) -> None:
    """A document's place in a message, which has only the agency's own, becomes its place in the declaration."""
    message = sent(installed()[code], declaration)
    root = type(message).__name__
    for place, document in enumerate(message.additional_document, start=1):
        expected = declaration.additional_document.index(document) + 1
        pointer = trace(f"/{root}/AdditionalDocument[{place}]/ID", message, declaration)
        assert pointer == f"/Declaration/AdditionalDocument[{expected}]/ID"


def test_the_second_of_two_equal_documents_is_the_second(declaration: Declaration) -> None:
    """Of elements that can't be told apart the k-th of the message is the k-th of the declaration."""
    message = sent(MARKET_SUPERVISION, declaration)
    items = declaration.goods_shipment.government_agency_goods_item
    document = declaration.additional_document[0]
    item = replace(items[0], additional_document=(document, document))
    shipment = replace(declaration.goods_shipment, government_agency_goods_item=(item, *items[1:]))
    doubled = replace(declaration, goods_shipment=shipment)
    first = replace(message.goods_shipment.government_agency_goods_item[0], additional_document=(document, document))
    with_both = replace(
        message,
        goods_shipment=replace(
            message.goods_shipment,
            government_agency_goods_item=(first, *message.goods_shipment.government_agency_goods_item[1:]),
        ),
    )
    pointer = trace(f"/MarketSupervision/{ITEM}[1]/AdditionalDocument[2]/TypeCode", with_both, doubled)
    assert pointer == f"/Declaration/{ITEM}[1]/AdditionalDocument[2]/TypeCode"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("", "/Declaration"),
        ("/", "/Declaration"),
        ("nonsense", "/Declaration"),
        ("/Customs/Nothing/There", "/Declaration"),
        (f"/Customs/{ITEM}[999]/Commodity", "/Declaration/GoodsShipment"),
        (f"/Customs/{ITEM}[0]/Commodity", "/Declaration/GoodsShipment"),
        (f"/Customs/{ITEM}[1]/Commodity/DangerousGoods/UNDGID", f"/Declaration/{ITEM}[1]/Commodity"),
        ("/Customs/GoodsShipment/__class__/x", "/Declaration/GoodsShipment"),
        ("/Customs/InvoiceAmount[2]", "/Declaration"),
    ],
)
def test_a_pointer_that_leads_nowhere_ends_at_the_last_shared_element(
    wrong: str, expected: str, declaration: Declaration
) -> None:
    """An agency's mistake in a pointer costs precision and nothing else."""
    assert trace(wrong, sent(CUSTOMS, declaration), declaration) == expected
