"""Any declaration that is valid: Hypothesis strategies around the two samples, and what a document holds."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from onewindow import schemas
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.charges import CustomsValuation, DutyTaxFee
from onewindow.codecs.messages.codes import (
    ClassificationType,
    CountryCode,
    CurrencyCode,
    DangerClass,
    DocumentType,
    DutyRegime,
    DutyTaxFeeType,
    Incoterm,
    PackageType,
    UnitCode,
    WoodTreatment,
)
from onewindow.codecs.messages.common import (
    AdditionalDocument,
    Amount,
    Classification,
    DangerousGoods,
    GovernmentProcedure,
    InvoiceLine,
    Measure,
    Origin,
    Packaging,
    Product,
    TradeTerms,
)
from onewindow.codecs.messages.declaration import Declaration, GoodsShipment, GovernmentAgencyGoodsItem

IMPORT = DECLARATION.decode_xml(schemas.sample("import"))
EXPORT = DECLARATION.decode_xml(schemas.sample("export"))
GOODS = IMPORT.goods_shipment.government_agency_goods_item + EXPORT.goods_shipment.government_agency_goods_item

# Codes that the agencies' tables know something about, and some that none does.
HEADINGS = [
    *("0203", "0303", "0402", "0507", "0809", "0902", "1001", "1905", "2204", "2208", "2505", "2608", "2701", "2846"),
    *("220710", "240220", "3208", "3303", "3304", "360410", "3915", "6109", "7113", "7202", "8415", "847130", "8508"),
    *("850760", "851713", "8703", "870323", "9018", "9102", "9403", "9503", "9701"),
]

# All that a message can say, and more often dates around the samples' own.
DATES = st.dates(date(2024, 1, 1), date(2027, 1, 1)) | st.dates(date(1900, 1, 1), date(2199, 12, 31))

amounts = st.builds(
    Amount,
    value=st.decimals(0, 10**7, places=2, allow_nan=False),
    currency_id=st.sampled_from([CurrencyCode.CNY, CurrencyCode.EUR, CurrencyCode.USD]),
)
documents = st.lists(
    st.builds(
        AdditionalDocument,
        type_code=st.sampled_from(DocumentType),
        id=st.from_regex(r"[A-Z][A-Z0-9]{3,10}", fullmatch=True),
        expiration_date_time=st.none() | st.just(IMPORT.issue_date_time),
        deferred_indicator=st.none() | st.booleans(),
        due_date=st.none() | DATES,
    ),
    max_size=4,
).map(tuple)
claims = st.lists(
    st.builds(
        DutyTaxFee,
        type_code=st.sampled_from(DutyTaxFeeType),
        duty_regime_code=st.none() | st.sampled_from(DutyRegime),
        exemption_indicator=st.none() | st.booleans(),
        assessed_amount=st.none() | amounts,
    ),
    max_size=4,
).map(tuple)
packagings = st.lists(
    st.builds(
        Packaging,
        sequence_numeric=st.integers(1, 9999),
        quantity_quantity=st.integers(0, 99_999_999),
        type_code=st.sampled_from([PackageType.CT, PackageType._8A, PackageType._7B]),
        wooden_indicator=st.none() | st.booleans(),
        treatment_code=st.none() | st.sampled_from(WoodTreatment),
    ),
    max_size=3,
).map(tuple)
quantities = st.builds(Measure, value=st.integers(0, 5000).map(Decimal), unit_code=st.sampled_from(UnitCode))
products = st.builds(
    Product,
    production_date=st.none() | DATES,
    shelf_life_days=st.none() | st.integers(1, 99_999),
)


@st.composite
def goods_items(draw: st.DrawFn) -> GovernmentAgencyGoodsItem:
    """A goods item of any kind, with and without its optional parts."""
    item = draw(st.sampled_from(GOODS))
    code = draw(st.sampled_from(HEADINGS)).ljust(draw(st.sampled_from([6, 8, 10])), "0")
    price = draw(amounts)
    commodity = replace(
        item.commodity,
        brand_name=draw(st.sampled_from([None, "Polarlark", item.commodity.brand_name])),
        classification=(Classification(id=code, identification_type_code=ClassificationType.HS),),
        dangerous_goods=draw(
            st.none()
            | st.builds(DangerousGoods, undgid=st.just("3480"), hazard_classification_id=st.sampled_from(DangerClass))
        ),
        duty_tax_fee=draw(claims),
        goods_measure=replace(
            item.commodity.goods_measure,
            tariff_quantity=Measure(
                value=Decimal(draw(st.integers(0, 5000))), unit_code=draw(st.sampled_from(UnitCode))
            ),
        ),
        invoice_line=InvoiceLine(item_charge_amount=price),
        product=draw(st.none() | products),
    )
    return replace(
        item,
        customs_value_amount=draw(amounts | st.just(price)),
        additional_document=draw(documents),
        commodity=commodity,
        government_procedure=GovernmentProcedure(current_code=draw(st.sampled_from(["0110", "0615", "2600"]))),
        manufacturer=draw(st.none() | st.just(item.manufacturer)),
        origin=Origin(country_code=draw(st.sampled_from(CountryCode))),
        packaging=draw(packagings),
    )


@st.composite
def shipments(draw: st.DrawFn, base: GoodsShipment, goods: tuple[GovernmentAgencyGoodsItem, ...]) -> GoodsShipment:
    """A shipment of these goods, on any terms, with and without its optional parts."""
    return replace(
        base,
        consignment=draw(st.none() | st.just(base.consignment)),
        customs_valuation=draw(
            st.none()
            | st.builds(
                CustomsValuation,
                freight_charge_amount=st.none() | amounts,
                insurance_charge_amount=st.none() | amounts,
            )
        ),
        arrival_date_time=draw(st.none() | st.just(base.arrival_date_time)),
        trade_terms=TradeTerms(condition_code=draw(st.sampled_from(Incoterm))),
        government_agency_goods_item=goods,
    )


@st.composite
def declarations(draw: st.DrawFn) -> Declaration:
    """A valid declaration of up to four items, with and without its optional parts."""
    base = draw(st.sampled_from([IMPORT, EXPORT]))
    goods = draw(st.lists(goods_items(), min_size=1, max_size=4))
    numbered = tuple(replace(item, sequence_numeric=number) for number, item in enumerate(goods, 1))
    return replace(
        base,
        goods_item_quantity=len(numbered),
        currency_exchange=draw(
            st.sampled_from([IMPORT.currency_exchange, IMPORT.currency_exchange + EXPORT.currency_exchange])
        ),
        additional_document=draw(documents),
        agent=draw(st.none() | st.just(IMPORT.agent)),
        importer=draw(st.none() | st.just(base.importer)),
        exporter=draw(st.none() | st.just(base.exporter)),
        border_transport_means=draw(st.none() | st.just(base.border_transport_means)),
        goods_shipment=draw(shipments(base.goods_shipment, numbered)),
    )


def values(xml: bytes) -> Counter[tuple[str, str]]:
    """Every element without children and every attribute: path below the root, goods items numbered, and value."""
    return Counter(_values(etree.fromstring(xml), ""))


def _values(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    number = 0
    for attribute, value in element.attrib.items():
        yield f"{path}/@{attribute!s}", str(value)
    for child in element:
        step = str(etree.QName(child).localname)
        if step == "GovernmentAgencyGoodsItem":
            number += 1
            step = f"{step}[{number}]"
        yield from _values(child, f"{path}/{step}")
    if not len(element):
        yield path, element.text or ""
