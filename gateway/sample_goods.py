"""The goods of sample declarations: what they are, where they come from, what they cost, which papers they have.

Brands and makers are made up. Prices, masses and HS codes are plausible, no more.
"""

from decimal import Decimal

from msgspec import Struct

from ..codecs.messages.codes import CountryCode, DocumentType, PackageType, UnitCode


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
