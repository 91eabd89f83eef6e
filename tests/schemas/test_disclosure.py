"""An agency's message is cut out of the declaration: no element beyond its share, none that does not fit."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest
import xmlschema
from lxml import etree

from onewindow import schemas

if TYPE_CHECKING:
    from tests.schemas.conftest import Engines

AGENCIES = ["customs", "tax", "market-supervision", "quality-inspection"]
EACH_AGENCY = pytest.mark.parametrize("agency", AGENCIES)
EACH_SAMPLE = pytest.mark.parametrize("kind", ["import", "export"])

WITHHELD = {
    "customs": {"Manufacturer", "Product", "BrandName", "ModelName", "ProductStandardID"},
    "tax": {
        "ArrivalDateTime", "BorderTransportMeans", "BrandName", "Consignment", "DangerousGoods", "ExportCountry",
        "GrossMassMeasure", "Manufacturer", "ModelName", "NetNetWeightMeasure", "Origin", "Packaging", "Product",
        "ProductStandardID", "SecondQuantity", "TotalGrossMassMeasure",
    },
    "market-supervision": {
        "BorderTransportMeans", "Consignment", "CurrencyExchange", "CustomsValuation", "CustomsValueAmount",
        "DangerousGoods", "Destination", "DutyTaxFee", "ExportCountry", "GoodsMeasure", "GovernmentProcedure",
        "InvoiceAmount", "InvoiceLine", "Packaging", "Product", "TotalGrossMassMeasure", "TradeTerms",
    },
    "quality-inspection": {
        "CurrencyExchange", "CustomsValuation", "CustomsValueAmount", "DutyTaxFee", "GovernmentProcedure",
        "GrossMassMeasure", "InvoiceAmount", "InvoiceLine", "Seal", "SecondQuantity", "TotalGrossMassMeasure",
        "TradeTerms", "TransportContractDocument",
    },
}  # fmt: skip


class Slot(NamedTuple):
    """A place for elements in a message: the local names to it, how often, its type unless it has children."""

    path: tuple[str, ...]
    least: int
    most: int
    type_name: str | None


SlotsOf = Callable[[str], dict[tuple[str, ...], Slot]]


def slots(element: xmlschema.XsdElement, path: tuple[str, ...] = ()) -> Iterator[Slot]:
    """Every slot under `element`, in schema order, paths without the root."""
    group = element.type.model_group
    for child in () if group is None else group.iter_elements():
        if isinstance(child, xmlschema.XsdElement):
            here = (*path, child.local_name)
            simple = None if child.type.has_complex_content() else child.type.local_name
            yield Slot(here, child.min_occurs, child.max_occurs or 10**9, simple)
            yield from slots(child, here)


@pytest.fixture(scope="session")
def message_slots(engines: Callable[[str], "Engines"]) -> SlotsOf:
    def by_path(name: str) -> dict[tuple[str, ...], Slot]:
        (root,) = engines(name).xmlschema.elements.values()
        return {slot.path: slot for slot in slots(root)}

    return by_path


@EACH_AGENCY
def test_every_element_of_a_message_is_one_of_the_declaration(agency: str, message_slots: SlotsOf) -> None:
    """A message's paths are some of the declaration's, in the declaration's order."""
    own = list(message_slots(agency))
    assert own == [path for path in message_slots("declaration") if path in set(own)]


@EACH_AGENCY
def test_whatever_a_declaration_holds_fits_into_the_message(agency: str, message_slots: SlotsOf) -> None:
    """No message demands what a declaration may lack, allows another number of it, or types it otherwise."""
    declared = message_slots("declaration")
    narrower = [
        slot.path
        for slot in message_slots(agency).values()
        if slot.least > declared[slot.path].least
        or slot.most != declared[slot.path].most
        or slot.type_name != declared[slot.path].type_name
    ]
    assert [] == narrower


@EACH_AGENCY
def test_what_an_agency_may_not_see_has_no_place_in_its_message(agency: str, message_slots: SlotsOf) -> None:
    """The elements withheld from an agency are nowhere in its schema, though the declaration has them."""
    assert set() == WITHHELD[agency] & {name for path in message_slots(agency) for name in path}
    assert set() == WITHHELD[agency] - {name for path in message_slots("declaration") for name in path}


@pytest.mark.parametrize("party", ["Importer", "Exporter"])
def test_tax_sees_traders_by_identifier_and_name_only(party: str, message_slots: SlotsOf) -> None:
    """Importer and exporter have neither address nor contact in the tax message."""
    assert {(party, "ID"), (party, "Name")} == {path for path in message_slots("tax") if path[0] == party and path[1:]}


@EACH_AGENCY
def test_a_message_has_no_room_for_the_declarations_signature(agency: str) -> None:
    """The declarant's signature covers the whole declaration, so no part of it carries it."""
    assert b"<xs:any " in schemas.text("declaration")
    assert b"<xs:any " not in schemas.text(agency)


def projection(
    source: etree._Element, target: etree._Element, kept: set[tuple[str, ...]], path: tuple[str, ...]
) -> None:
    """Copies into `target`, in its namespace, the children of `source` whose paths are `kept`."""
    namespace = etree.QName(target).namespace
    for child in source:
        name = etree.QName(child).localname
        if (*path, name) in kept:
            copy = etree.SubElement(target, f"{{{namespace}}}{name}")
            copy.attrib.update(child.attrib)
            copy.text = child.text
            projection(child, copy, kept, (*path, name))


@EACH_SAMPLE
@EACH_AGENCY
def test_the_share_of_a_sample_is_a_valid_message(
    agency: str, kind: Literal["import", "export"], message_slots: SlotsOf, engines: Callable[[str], "Engines"]
) -> None:
    """Cut to a message's elements, each sample is valid against the message's schema."""
    (root,) = engines(agency).xmlschema.elements.values()
    message = etree.Element(root.qualified_name)
    projection(etree.fromstring(schemas.sample(kind)), message, set(message_slots(agency)), ())
    assert engines(agency).accept(message)
