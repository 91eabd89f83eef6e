"""Every limit holds at its value and breaks one past it, in both engines."""

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from lxml import etree

if TYPE_CHECKING:
    from tests.schemas.conftest import Engines

ITEM = "{*}GoodsShipment/{*}GovernmentAgencyGoodsItem"
COMMODITY = f"{ITEM}/{{*}}Commodity"

VALUES = [
    ("{*}FunctionalReferenceID", "A" * 140, "A" * 141),
    ("{*}FunctionalReferenceID", "TEST-customs=refuse;tax=late:30s", "TEST,customs"),
    ("{*}Declarant/{*}ID", "A" * 5, "A" * 4),
    ("{*}Declarant/{*}ID", "A" * 20, "A" * 21),
    ("{*}Declarant/{*}Name", "中" * 256, "中" * 257),
    ("{*}Declarant/{*}Name", "中", ""),
    ("{*}GoodsItemQuantity", "1", "0"),
    ("{*}GoodsItemQuantity", "999", "1000"),
    ("{*}InvoiceAmount", "99999999999999.99", "999999999999999.99"),
    ("{*}InvoiceAmount", "0.01", "0.001"),
    ("{*}InvoiceAmount", "0", "-0.01"),
    ("{*}TotalGrossMassMeasure", "9999999999.999999", "99999999999.999999"),
    ("{*}TotalGrossMassMeasure", "0.000001", "0.0000001"),
    ("{*}CurrencyExchange/{*}RateNumeric", "999999.999999", "9999999.999999"),
    ("{*}CurrencyExchange/{*}CurrencyTypeCode", "XCG", "XXX"),
    ("{*}IssueDateTime", "1900-01-01T00:00:00Z", "1899-12-31T23:59:59Z"),
    ("{*}IssueDateTime", "2199-12-31T23:59:59.999999Z", "2200-01-01T00:00:00Z"),
    ("{*}IssueDateTime", "2026-09-14T09:30:00+08:00", "2026-09-14T09:30:00"),
    ("{*}IssueDateTime", "2026-09-14T23:59:59.123456Z", "2026-09-14T23:59:59.1234567Z"),
    ("{*}IssueDateTime", "2026-09-14T00:00:00Z", "2026-09-14T24:00:00Z"),
    ("{*}IssueDateTime", "2028-02-29T00:00:00Z", "2026-02-29T00:00:00Z"),
    ("{*}AdditionalDocument/{*}Digest", "sha256:" + "0" * 64, "sha256:" + "0" * 63),
    (f"{COMMODITY}/{{*}}Description", "x" * 512, "x" * 513),
    (f"{COMMODITY}/{{*}}Classification/{{*}}ID", "220421", "2204211"),
    (f"{COMMODITY}/{{*}}Classification/{{*}}ID", "2204210000", "22042100001"),
    (f"{COMMODITY}/{{*}}Product/{{*}}ShelfLifeDays", "99999", "100000"),
    (f"{COMMODITY}/{{*}}Product/{{*}}ProductionDate", "2025-03-15", "2025-03-15Z"),
    (f"{ITEM}/{{*}}Packaging/{{*}}QuantityQuantity", "99999999", "100000000"),
    (f"{ITEM}/{{*}}Origin/{{*}}CountryCode", "IT", "IL1"),
    ("{*}GoodsShipment/{*}Consignment/{*}TransportEquipment/{*}ID", "OWDU4817263", "OWDX4817263"),
]

OCCURRENCES = [
    ("{*}CurrencyExchange", 10),
    ("{*}AdditionalDocument", 99),
    ("{*}GoodsShipment/{*}Consignment/{*}TransportContractDocument", 9),
    ("{*}GoodsShipment/{*}Consignment/{*}TransportEquipment", 99),
    (ITEM, 999),
    (f"{ITEM}/{{*}}AdditionalDocument", 99),
    (f"{ITEM}/{{*}}Packaging", 99),
    (f"{COMMODITY}/{{*}}Classification", 3),
    (f"{COMMODITY}/{{*}}DutyTaxFee", 9),
    ("{*}Agent", 1),
]


def found(root: etree._Element, path: str) -> etree._Element:
    element = root.find(path)
    assert element is not None
    return element


@pytest.mark.parametrize(("path", "within", "beyond"), VALUES)
def test_a_value_at_its_limit_passes_and_one_past_it_fails(
    path: str, within: str, beyond: str, declaration: etree._Element, engines: Callable[[str], "Engines"]
) -> None:
    """The value at the limit is accepted, the next one is not."""
    found(declaration, path).text = within
    assert engines("declaration").accept(declaration)
    found(declaration, path).text = beyond
    assert not engines("declaration").accept(declaration)


@pytest.mark.parametrize(("path", "most"), OCCURRENCES)
def test_an_element_may_occur_so_often_and_no_more(
    path: str, most: int, declaration: etree._Element, engines: Callable[[str], "Engines"]
) -> None:
    """The highest number of an element is accepted, one more is not: 999 items pass, 1000 fail."""
    first = found(declaration, path)
    parent = first.getparent()
    assert parent is not None
    for each in parent.findall(f"{{*}}{etree.QName(first).localname}")[1:]:
        parent.remove(each)
    for _ in range(most - 1):
        first.addnext(deepcopy(first))
    assert engines("declaration").accept(declaration)
    first.addnext(deepcopy(first))
    assert not engines("declaration").accept(declaration)


@pytest.mark.parametrize("path", [ITEM, "{*}Declarant", f"{COMMODITY}/{{*}}Classification", f"{ITEM}/{{*}}Origin"])
def test_what_is_required_cannot_be_left_out(
    path: str, declaration: etree._Element, engines: Callable[[str], "Engines"]
) -> None:
    """A declaration without a required element is refused."""
    for each in declaration.findall(path):
        parent = each.getparent()
        assert parent is not None
        parent.remove(each)
    assert not engines("declaration").accept(declaration)


@pytest.mark.parametrize(
    ("path", "attribute", "good", "bad"),
    [
        ("{*}InvoiceAmount", "currencyID", "CNY", "BGN"),
        ("{*}InvoiceAmount", "currencyID", "CNY", "cny"),
        ("{*}TotalGrossMassMeasure", "unitCode", "TNE", "KG"),
    ],
)
def test_an_attribute_holds_a_code_of_its_list(
    path: str, attribute: str, good: str, bad: str, declaration: etree._Element, engines: Callable[[str], "Engines"]
) -> None:
    """A code of the list is accepted, another is not, and none at all is not either."""
    element = found(declaration, path)
    element.set(attribute, good)
    assert engines("declaration").accept(declaration)
    element.set(attribute, bad)
    assert not engines("declaration").accept(declaration)
    del element.attrib[attribute]
    assert not engines("declaration").accept(declaration)


def test_an_attribute_that_no_type_has_is_refused(
    declaration: etree._Element, engines: Callable[[str], "Engines"]
) -> None:
    """There are no attributes but the named ones."""
    declaration.set("Id", "x")
    assert not engines("declaration").accept(declaration)


def test_a_signature_may_stand_at_the_end_and_nowhere_else(
    declaration: etree._Element, engines: Callable[[str], "Engines"]
) -> None:
    """One element of the XML Signature namespace is accepted at the end; two, or another namespace's, are not."""
    signature = etree.SubElement(declaration, "{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert engines("declaration").accept(declaration)
    second = etree.SubElement(declaration, signature.tag)
    assert not engines("declaration").accept(declaration)
    declaration.remove(second)
    declaration.insert(0, signature)
    assert not engines("declaration").accept(declaration)
    declaration.remove(signature)
    etree.SubElement(declaration, "{urn:example:other}Signature")
    assert not engines("declaration").accept(declaration)
