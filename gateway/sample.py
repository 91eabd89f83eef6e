"""Sample declarations: valid ones of any size, for trying things out, for tests and for load.

Everybody and everything named here is made up. With the reference agencies' rules a sample import of one item is
cleared, one of two to nine is cleared with a condition (a certificate is to follow), a longer one has goods that two
agencies want to see; sample exports are cleared.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

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
    PackageType,
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

ITEM_COUNT_MAX = 999

CURRENCY = CurrencyCode.USD
YUAN_PER_DOLLAR = Decimal("7.1274")

ORDINARY_TRADE = "0110"
"""Supervision mode (监管方式) of ordinary trade."""


class Good(Struct, frozen=True, kw_only=True):
    """A kind of goods: what is declared of one unit, its price in US dollars, its net mass in kilograms.

    documents: types of the documents that come with it; deferred: of those that are to follow. shelf_life_days: for
    food. preference: whether the agreement rate is claimed.
    """

    description: str
    hs: str
    origin: CountryCode
    unit: UnitCode
    price: Decimal
    kilograms: Decimal
    brand: str
    model: str
    standard: str
    package: PackageType = PackageType.CT
    wooden: bool = False
    treated: bool = True
    documents: tuple[DocumentType, ...] = ()
    deferred: tuple[DocumentType, ...] = ()
    shelf_life_days: int | None = None
    ingredients: str | None = None
    preference: bool = False


IMPORTED = (
    Good(
        description="Centrifugal pump, stainless steel, 4 kW",
        hs="84137099",
        origin=CountryCode.CH,
        unit=UnitCode.H87,
        price=Decimal("1240.00"),
        kilograms=Decimal("38.5"),
        brand="Aarequell",
        model="CP-40",
        standard="GB/T 5657-2013",
        package=PackageType._7B,
        wooden=True,
        documents=(DocumentType._861, DocumentType.IPPC),
        preference=True,
    ),
    Good(
        description="Wine of fresh grapes, red, 750 ml bottles",
        hs="22042100",
        origin=CountryCode.FR,
        unit=UnitCode.LTR,
        price=Decimal("8.60"),
        kilograms=Decimal("1.0"),
        brand="Clos des Peupliers",
        model="Rouge 2022",
        standard="GB/T 15037-2006",
        documents=(DocumentType.GACC, DocumentType.LABEL),
        deferred=(DocumentType._852,),
        shelf_life_days=3650,
        ingredients="Grapes, sulphites",
    ),
    Good(
        description="Liquid crystal monitor, 27 inch",
        hs="85285212",
        origin=CountryCode.KR,
        unit=UnitCode.H87,
        price=Decimal("146.00"),
        kilograms=Decimal("5.8"),
        brand="Hanbit",
        model="HB27Q",
        standard="GB 4943.1-2022",
        documents=(DocumentType.CCC, DocumentType.ENERGY),
    ),
    Good(
        description="Integrated circuits, microcontrollers",
        hs="85423119",
        origin=CountryCode.MY,
        unit=UnitCode.H87,
        price=Decimal("1.85"),
        kilograms=Decimal("0.002"),
        brand="Selatan",
        model="SM32F4",
        standard="GB/T 17574-1998",
    ),
    Good(
        description="T-shirts, cotton, knitted",
        hs="61091000",
        origin=CountryCode.VN,
        unit=UnitCode.H87,
        price=Decimal("4.20"),
        kilograms=Decimal("0.18"),
        brand="Songhong",
        model="TS-180",
        standard="GB/T 22849-2024",
        documents=(DocumentType._861,),
        preference=True,
    ),
    Good(
        description="Ball bearings",
        hs="84821020",
        origin=CountryCode.DE,
        unit=UnitCode.H87,
        price=Decimal("6.75"),
        kilograms=Decimal("0.24"),
        brand="Mainlager",
        model="6204-2RS",
        standard="GB/T 276-2013",
    ),
    Good(
        description="Electric motors, three-phase, 11 kW",
        hs="85015200",
        origin=CountryCode.KR,
        unit=UnitCode.H87,
        price=Decimal("415.00"),
        kilograms=Decimal("72"),
        brand="Hanbit",
        model="M3-160",
        standard="GB 18613-2020",
        package=PackageType._8A,
        wooden=True,
        documents=(DocumentType.IPPC, DocumentType.ENERGY, DocumentType.CCC),
    ),
    Good(
        description="Screws and bolts of steel",
        hs="73181590",
        origin=CountryCode.DE,
        unit=UnitCode.KGM,
        price=Decimal("3.10"),
        kilograms=Decimal("1"),
        brand="Mainlager",
        model="M8x40",
        standard="GB/T 5783-2016",
    ),
    Good(
        description="Durians, fresh",
        hs="08106000",
        origin=CountryCode.TH,
        unit=UnitCode.KGM,
        price=Decimal("3.90"),
        kilograms=Decimal("1"),
        brand="Suan Thong",
        model="Monthong",
        standard="GB 2763-2021",
        documents=(DocumentType._851, DocumentType._861, DocumentType.GACC),
        shelf_life_days=30,
        preference=True,
    ),
    Good(
        description="Toys, building blocks",
        hs="95030060",
        origin=CountryCode.DK,
        unit=UnitCode.KGM,
        price=Decimal("14.50"),
        kilograms=Decimal("1"),
        brand="Byggekasse",
        model="Classic 500",
        standard="GB 6675.1-2014",
        package=PackageType._8A,
        wooden=True,
        treated=False,
        documents=(DocumentType.CCC,),
    ),
    Good(
        description="Jewellery of gold, set with jade",
        hs="71131911",
        origin=CountryCode.MM,
        unit=UnitCode.GRM,
        price=Decimal("58.00"),
        kilograms=Decimal("0.001"),
        brand="Hpakant",
        model="Ring 750",
        standard="GB 11887-2012",
    ),
)

EXPORTED = (
    Good(
        description="Portable computers, 14 inch",
        hs="84713010",
        origin=CountryCode.CN,
        unit=UnitCode.H87,
        price=Decimal("468.00"),
        kilograms=Decimal("1.4"),
        brand="Pujiang",
        model="PJ-14",
        standard="GB/T 9813.2-2016",
    ),
    Good(
        description="Ceramic tableware, porcelain",
        hs="69111019",
        origin=CountryCode.CN,
        unit=UnitCode.KGM,
        price=Decimal("5.40"),
        kilograms=Decimal("1"),
        brand="Changjiang",
        model="Blue and white 18",
        standard="GB/T 3532-2022",
    ),
    Good(
        description="LED lamps, 9 W",
        hs="85395210",
        origin=CountryCode.CN,
        unit=UnitCode.H87,
        price=Decimal("0.92"),
        kilograms=Decimal("0.06"),
        brand="Pujiang",
        model="A60-9",
        standard="GB/T 24908-2014",
    ),
    Good(
        description="Hand tools, sets of spanners",
        hs="82041100",
        origin=CountryCode.CN,
        unit=UnitCode.KGM,
        price=Decimal("7.80"),
        kilograms=Decimal("1"),
        brand="Tiegong",
        model="T-12",
        standard="GB/T 4388-2008",
        package=PackageType._8A,
        wooden=True,
        documents=(DocumentType.IPPC,),
    ),
    Good(
        description="Bicycles without motor",
        hs="87120030",
        origin=CountryCode.CN,
        unit=UnitCode.H87,
        price=Decimal("96.00"),
        kilograms=Decimal("13.2"),
        brand="Haifeng",
        model="HF-700",
        standard="GB 3565.1-2022",
    ),
    Good(
        description="Sofas, upholstered, wooden frame",
        hs="94016110",
        origin=CountryCode.CN,
        unit=UnitCode.H87,
        price=Decimal("210.00"),
        kilograms=Decimal("42"),
        brand="Haifeng",
        model="S-3",
        standard="QB/T 1952.1-2023",
    ),
    Good(
        description="Curtains of synthetic fibres",
        hs="63039200",
        origin=CountryCode.CN,
        unit=UnitCode.KGM,
        price=Decimal("9.10"),
        kilograms=Decimal("1"),
        brand="Keqiao",
        model="C-280",
        standard="FZ/T 62011-2016",
    ),
)

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
