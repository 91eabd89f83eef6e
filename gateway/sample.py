"""Sample declarations: valid ones of any size, for trying things out, for tests and for load.

Everybody and everything named here is made up. With the reference agencies' rules a sample import of one item is
cleared, one of two to nine is cleared with a condition (a certificate is to follow), a longer one has goods that two
agencies want to see; sample exports are cleared.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from ..agencies.tariff import import_rate
from ..agencies.yuan import CENT, levied, rounded, yuan
from ..codecs.keys import TRADER
from ..codecs.messages.charges import DutyTaxFee
from ..codecs.messages.codes import (
    ClassificationType,
    CommunicationType,
    CountryCode,
    CurrencyCode,
    DeclarationType,
    DocumentType,
    DutyRegime,
    DutyTaxFeeType,
    FunctionCode,
    Incoterm,
    TransportMode,
    UnitCode,
    WoodTreatment,
)
from ..codecs.messages.common import (
    AdditionalDocument,
    Address,
    Amount,
    BorderTransportMeans,
    Classification,
    Communication,
    Contact,
    CurrencyExchange,
    Destination,
    ExportCountry,
    GoodsLocation,
    GovernmentProcedure,
    InvoiceLine,
    Location,
    Manufacturer,
    Measure,
    Origin,
    Packaging,
    Party,
    Product,
    Seal,
    TradeTerms,
    TransportContractDocument,
    TransportEquipment,
)
from ..codecs.messages.declaration import (
    Commodity,
    Consignment,
    Declaration,
    GoodsMeasure,
    GoodsShipment,
    GovernmentAgencyGoodsItem,
)
from .sample_goods import EXPORTED, IMPORTED, Good

ITEM_COUNT_MAX = 999

CURRENCY = CurrencyCode.USD
YUAN_PER_DOLLAR = Decimal("7.1274")

ORDINARY_TRADE = "0110"
"""Supervision mode (监管方式) of ordinary trade."""


HOME = Party(
    id=TRADER,
    name="Shanghai Pujiang Trading Co., Ltd.",
    address=Address(city_name="Shanghai", country_code=CountryCode.CN, line="18 Lingang Avenue", postcode_id="201306"),
    contact=Contact(
        name="Declarations desk",
        communication=(Communication(id="+86-21-5555-0100", type_code=CommunicationType.TE),),
    ),
)

ABROAD = Party(
    id="DE271828182845904",
    name="Elbhafen Handels GmbH",
    address=Address(city_name="Hamburg", country_code=CountryCode.DE, line="Am Sandtorkai 1", postcode_id="20457"),
)


def sample(items: int, type_code: DeclarationType, reference: str, at: datetime) -> Declaration:
    """A valid declaration with `items` goods items (1 to 999), the same for the same arguments.

    at: an aware datetime, the time of declaration; other dates follow from it. Raises ValueError for a number of items
    out of range.
    """
    if not 1 <= items <= ITEM_COUNT_MAX:
        raise ValueError(f"a declaration has 1 to {ITEM_COUNT_MAX} items, not {items}")
    at = at.replace(microsecond=0)
    importing = type_code is DeclarationType.IM
    goods = IMPORTED if importing else EXPORTED
    lines = tuple(_item(number, goods[(number - 1) % len(goods)], at) for number in range(1, items + 1))
    return Declaration(
        function_code=FunctionCode._9,
        functional_reference_id=reference,
        type_code=type_code,
        issue_date_time=at,
        declaration_office_id="2248",
        goods_item_quantity=items,
        total_gross_mass_measure=_kilograms(sum((_gross(line) for line in lines), Decimal(0))),
        invoice_amount=_dollars(
            sum((line.commodity.invoice_line.item_charge_amount.value for line in lines), Decimal(0))
        ),
        currency_exchange=(CurrencyExchange(currency_type_code=CURRENCY, rate_numeric=YUAN_PER_DOLLAR),),
        additional_document=tuple(
            _document(kind, f"{kind}-{at:%Y%m%d}-001", at) for kind in (DocumentType._380, DocumentType._271)
        ),
        border_transport_means=BorderTransportMeans(
            mode_code=TransportMode._1,
            id="COSMOS PIONEER",
            journey_id="214W" if importing else "214E",
            registration_nationality_code=CountryCode.CN,
        ),
        declarant=HOME,
        exporter=ABROAD if importing else HOME,
        importer=HOME if importing else ABROAD,
        goods_shipment=_shipment(lines, at, importing=importing),
    )


def _shipment(lines: tuple[GovernmentAgencyGoodsItem, ...], at: datetime, *, importing: bool) -> GoodsShipment:
    hamburg, shanghai = Location(id="DEHAM", name="Hamburg"), Location(id="CNSHG", name="Shanghai")
    return GoodsShipment(
        arrival_date_time=at + timedelta(days=1),
        consignment=Consignment(
            goods_location=GoodsLocation(id="CNSHG-YS3", name="Yangshan terminal 3"),
            loading_location=hamburg if importing else shanghai,
            unloading_location=shanghai if importing else hamburg,
            transport_contract_document=(
                TransportContractDocument(id=f"BL{at:%Y%m%d}001", type_code=DocumentType._705),
            ),
            transport_equipment=(
                TransportEquipment(
                    sequence_numeric=1, id="CSQU3054383", seal=(Seal(sequence_numeric=1, id="S884412"),)
                ),
            ),
        ),
        destination=Destination(country_code=CountryCode.CN if importing else CountryCode.DE),
        export_country=ExportCountry(id=CountryCode.DE if importing else CountryCode.CN),
        trade_terms=TradeTerms(condition_code=Incoterm.CIF if importing else Incoterm.FOB, location_name="Shanghai"),
        government_agency_goods_item=lines,
    )


def _item(number: int, good: Good, at: datetime) -> GovernmentAgencyGoodsItem:
    quantity = 40 + number * 37 % 160
    net = (good.kilograms * quantity).quantize(Decimal("0.001"))
    gross = (net * Decimal("1.08") + 1).quantize(Decimal("0.001"))
    price = (good.price * quantity).quantize(CENT)
    value = rounded(price * YUAN_PER_DOLLAR)
    return GovernmentAgencyGoodsItem(
        sequence_numeric=number,
        customs_value_amount=yuan(value),
        additional_document=(
            *(_document(kind, f"{kind}-{good.hs}-{number}", at) for kind in good.documents),
            *(_promised(kind, f"{kind}-{good.hs}-{number}", at) for kind in good.deferred),
        ),
        commodity=Commodity(
            description=good.description,
            brand_name=good.brand,
            model_name=good.model,
            product_standard_id=good.standard,
            classification=(Classification(id=good.hs, identification_type_code=ClassificationType.HS),),
            duty_tax_fee=_duty(good, value),
            goods_measure=GoodsMeasure(
                gross_mass_measure=_kilograms(gross),
                net_net_weight_measure=_kilograms(net),
                tariff_quantity=Measure(value=Decimal(quantity), unit_code=good.unit),
            ),
            invoice_line=InvoiceLine(item_charge_amount=_dollars(price)),
            product=_product(good, number, at),
        ),
        government_procedure=GovernmentProcedure(current_code=ORDINARY_TRADE),
        manufacturer=Manufacturer(name=f"{good.brand} works", address=Address(country_code=good.origin)),
        origin=Origin(country_code=good.origin),
        packaging=(
            Packaging(
                sequence_numeric=1,
                marks_numbers_id=f"PJ {number}/{quantity}",
                quantity_quantity=1 + quantity // 10,
                type_code=good.package,
                wooden_indicator=good.wooden,
                treatment_code=WoodTreatment.HT if good.wooden and good.treated else None,
            ),
        ),
    )


def _duty(good: Good, value: Decimal) -> tuple[DutyTaxFee, ...]:
    """The customs duty as the declarant works it out, by the published tariff; none for exports."""
    if good.origin is CountryCode.CN:
        return ()
    rates = import_rate(good.hs)
    rate = rates.agreement[good.origin] if good.preference else rates.mfn
    return (
        DutyTaxFee(
            type_code=DutyTaxFeeType.CUD,
            duty_regime_code=DutyRegime._300 if good.preference else DutyRegime._100,
            assessed_amount=yuan(levied(value, rate)),
        ),
    )


def _product(good: Good, number: int, at: datetime) -> Product | None:
    if good.shelf_life_days is None:
        return None
    age = min(good.shelf_life_days // 10, 200)
    return Product(
        production_date=(at - timedelta(days=age)).date(),
        batch_id=f"L{number:04}",
        shelf_life_days=good.shelf_life_days,
        storage_temperature="10 to 18 degrees Celsius",
        ingredients=good.ingredients or good.description,
    )


def _document(kind: DocumentType, number: str, at: datetime) -> AdditionalDocument:
    return AdditionalDocument(
        type_code=kind,
        id=number,
        issuer_name="Issuing authority",
        issue_date_time=at - timedelta(days=20),
        expiration_date_time=at + timedelta(days=345),
    )


def _promised(kind: DocumentType, number: str, at: datetime) -> AdditionalDocument:
    """A deferred document (容缺受理): it follows within ten days."""
    due = (at + timedelta(days=10)).date()
    return AdditionalDocument(type_code=kind, id=number, deferred_indicator=True, due_date=due)


def _gross(line: GovernmentAgencyGoodsItem) -> Decimal:
    gross = line.commodity.goods_measure.gross_mass_measure
    return Decimal(0) if gross is None else gross.value


def _kilograms(value: Decimal) -> Measure:
    return Measure(value=value, unit_code=UnitCode.KGM)


def _dollars(value: Decimal) -> Amount:
    return Amount(value=value, currency_id=CURRENCY)
