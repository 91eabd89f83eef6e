"""What an agency is sent of a declaration, by the names that its own message has."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct, field

from onewindow import schemas
from onewindow.agencies import projection
from onewindow.codecs import DECLARATION

EXPORT = DECLARATION.decode_xml(schemas.sample("export"))


class Item(Struct, frozen=True):
    """An item, as far as a small agency knows it."""

    sequence_numeric: int = field(name="SequenceNumeric")


class Shipment(Struct, frozen=True):
    """A shipment of items, of which the small agency takes so many."""

    government_agency_goods_item: Annotated[tuple[Item, ...], Meta(max_length=3)] = field(
        name="GovernmentAgencyGoodsItem"
    )


class Small(Struct, frozen=True):
    """A message with three elements of the declaration."""

    type_code: str = field(name="TypeCode")
    goods_shipment: Shipment = field(name="GoodsShipment")
    issuer_name: str | None = field(default=None, name="IssuerName")


class Demanding(Struct, frozen=True):
    """A message with an element that no declaration has."""

    port_call_id: str = field(name="PortCallID")


def test_only_what_the_message_knows() -> None:
    """At every depth the message has the declaration's values under its own names, and nothing else."""
    expected = {
        "TypeCode": "EX",
        "GoodsShipment": {"GovernmentAgencyGoodsItem": tuple({"SequenceNumeric": n} for n in (1, 2, 3))},
    }
    assert {**expected, "IssuerName": None} == msgspec.to_builtins(projection(EXPORT, Small))


def test_what_the_message_can_not_do_without() -> None:
    """A message that needs what was not declared, or has no room for it, can't be made."""
    shipment = EXPORT.goods_shipment
    many = msgspec.structs.replace(shipment, government_agency_goods_item=shipment.government_agency_goods_item * 2)
    with pytest.raises(msgspec.ValidationError, match="port_call_id"):
        projection(EXPORT, Demanding)
    with pytest.raises(msgspec.ValidationError, match="length <= 3"):
        projection(msgspec.structs.replace(EXPORT, goods_shipment=many), Small)
