"""The samples are valid, and what they say is consistent in itself: numbers, sums and check characters."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest
from lxml import etree
from stdnum import iso6346
from stdnum.cn import uscc

from onewindow import schemas

if TYPE_CHECKING:
    from tests.schemas.conftest import Engines

Kind = Literal["import", "export"]
SAMPLES = pytest.mark.parametrize("kind", ["import", "export"])
ITEM = "{*}GoodsShipment/{*}GovernmentAgencyGoodsItem"


def sample(kind: Kind) -> etree._Element:
    return etree.fromstring(schemas.sample(kind))


def decimals(root: etree._Element, path: str) -> list[Decimal]:
    """The numbers at `path`, in document order."""
    return [Decimal(text) for text in texts(root, path)]


def texts(root: etree._Element, path: str) -> list[str]:
    return [each.text or "" for each in root.iterfind(path)]


@SAMPLES
def test_a_sample_is_valid_in_both_engines(kind: Kind, engines: Callable[[str], "Engines"]) -> None:
    """libxml2 and xmlschema both accept the sample."""
    assert engines("declaration").accept(sample(kind))


@SAMPLES
def test_items_are_counted_and_numbered_from_one(kind: Kind) -> None:
    """GoodsItemQuantity is the number of items, and their numbers run from 1 without a gap."""
    numbers = texts(sample(kind), f"{ITEM}/{{*}}SequenceNumeric")
    assert ["1", "2", "3"] == numbers
    assert str(len(numbers)) == sample(kind).findtext("{*}GoodsItemQuantity")


@SAMPLES
def test_the_invoice_total_is_the_sum_of_the_items(kind: Kind) -> None:
    """Item prices add up to the invoice total, in one currency."""
    root = sample(kind)
    prices = f"{ITEM}/{{*}}Commodity/{{*}}InvoiceLine/{{*}}ItemChargeAmount"
    assert decimals(root, "{*}InvoiceAmount") == [sum(decimals(root, prices))]
    currencies = {each.get("currencyID") for each in [*root.iterfind(prices), *root.iterfind("{*}InvoiceAmount")]}
    assert {root.findtext("{*}CurrencyExchange/{*}CurrencyTypeCode")} == currencies


@SAMPLES
def test_the_customs_value_is_price_and_charges_at_the_exchange_rate(kind: Kind) -> None:
    """An item's customs value is its price, its share of freight and insurance, times the rate, in yuan to the cent."""
    root = sample(kind)
    (rate,) = decimals(root, "{*}CurrencyExchange/{*}RateNumeric")
    (total,) = decimals(root, "{*}InvoiceAmount")
    charges = sum(decimals(root, "{*}GoodsShipment/{*}CustomsValuation/*"))
    prices = decimals(root, f"{ITEM}/{{*}}Commodity/{{*}}InvoiceLine/{{*}}ItemChargeAmount")
    expected = [(price * (1 + charges / total) * rate).quantize(Decimal("0.01")) for price in prices]
    assert expected == decimals(root, f"{ITEM}/{{*}}CustomsValueAmount")
    assert {"CNY"} == {each.get("currencyID") for each in root.iterfind(f"{ITEM}/{{*}}CustomsValueAmount")}


@SAMPLES
def test_gross_masses_add_up_and_are_not_below_net_masses(kind: Kind) -> None:
    """The total gross mass is the sum of the items', and no item weighs less packed than unpacked."""
    root = sample(kind)
    gross = decimals(root, f"{ITEM}/{{*}}Commodity/{{*}}GoodsMeasure/{{*}}GrossMassMeasure")
    net = decimals(root, f"{ITEM}/{{*}}Commodity/{{*}}GoodsMeasure/{{*}}NetNetWeightMeasure")
    assert decimals(root, "{*}TotalGrossMassMeasure") == [sum(gross)]
    assert [] == [pair for pair in zip(gross, net, strict=True) if pair[0] < pair[1]]


@SAMPLES
def test_chinese_parties_have_credit_codes_with_a_right_check_character(kind: Kind) -> None:
    """Every 18-character identifier is right by GB 32100; the declarant and the Chinese trader have one."""
    root = sample(kind)
    identifiers = [
        text
        for tag in ("Declarant", "Importer", "Exporter", "Agent", "Manufacturer")
        for text in texts(root, f".//{{*}}{tag}/{{*}}ID")
    ]
    codes = [identifier for identifier in identifiers if len(identifier) == 18]
    assert [] == [code for code in codes if not uscc.is_valid(code)]
    assert root.findtext("{*}Declarant/{*}ID") in codes
    own = {"import": "Importer", "export": "Exporter"}[kind]
    assert root.findtext(f"{{*}}{own}/{{*}}ID") in codes


@SAMPLES
def test_container_numbers_have_a_right_check_digit(kind: Kind) -> None:
    """Every container number is right by ISO 6346."""
    numbers = texts(sample(kind), ".//{*}TransportEquipment/{*}ID")
    assert numbers
    assert [] == [number for number in numbers if not iso6346.is_valid(number)]


@SAMPLES
def test_wooden_packaging_is_treated_and_certified(kind: Kind) -> None:
    """Wooden packaging states its ISPM 15 treatment, and its item has the certificate."""
    wooden = sample(kind).findall(f"{ITEM}/{{*}}Packaging[{{*}}WoodenIndicator='true']")
    assert wooden
    for packaging in wooden:
        assert packaging.findtext("{*}TreatmentCode") is not None
        item = packaging.getparent()
        assert item is not None
        assert "IPPC" in texts(item, "{*}AdditionalDocument/{*}TypeCode")


def test_an_agent_is_shown_to_be_empowered() -> None:
    """The import sample's agent has a mandate that is valid on the day of the declaration."""
    root = sample("import")
    assert "MANDATE" == root.findtext("{*}Agent/{*}Mandate/{*}TypeCode")
    (begin,) = texts(root, "{*}Agent/{*}Mandate/{*}IssueDateTime")
    (declared,) = texts(root, "{*}IssueDateTime")
    (end,) = texts(root, "{*}Agent/{*}Mandate/{*}ExpirationDateTime")
    assert begin < declared < end
