"""What the tax office looks up: VAT, consumption tax and refund rates by HS code, and the standing of taxpayers.

Every table here is illustrative: real in form, a sample in content. In force are the Interim Regulations on Value Added
Tax and on Consumption Tax (增值税暂行条例、消费税暂行条例) with their catalogues of goods.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from ...codecs.messages.codes import UnitCode
from ..hs import longest_heading

VAT_STANDARD = Decimal(13)
VAT_REDUCED = Decimal(9)

VAT_RATES: Mapping[str, Decimal] = {
    **{f"{chapter:02}": VAT_REDUCED for chapter in (1, 2, 3, 6, 7, 8, 10, 12, 14)},
    "0401": VAT_REDUCED,
    "0407": VAT_REDUCED,
    "1101": VAT_REDUCED,
    "1507": VAT_REDUCED,
    "1509": VAT_REDUCED,
    "2201": VAT_REDUCED,
    "2309": VAT_REDUCED,
    "2711": VAT_REDUCED,
    "31": VAT_REDUCED,
    "4403": VAT_REDUCED,
    "4901": VAT_REDUCED,
    "4902": VAT_REDUCED,
}
"""Goods at the reduced rate: farm produce, edible oil, water, feed, gas, fertilizer, books (VAT Regulations, 2)."""


def vat_rate(code: str) -> Decimal:
    """VAT in percent for an HS code."""
    return longest_heading(VAT_RATES, code) or VAT_STANDARD


class Consumption(Struct, frozen=True):
    """Consumption tax in percent of the composite price.

    least_unit_value: CNY of customs value per unit from which the goods are taxable; empty: always.
    """

    rate: Decimal
    least_unit_value: Mapping[str, Decimal] = {}


CONSUMPTION_TAX: Mapping[str, Consumption] = {
    "2203": Consumption(Decimal(10)),
    "2204": Consumption(Decimal(10)),
    "2205": Consumption(Decimal(10)),
    "2206": Consumption(Decimal(10)),
    "2208": Consumption(Decimal(20)),
    "240210": Consumption(Decimal(36)),
    "240220": Consumption(Decimal(56)),
    "3208": Consumption(Decimal(4)),
    "3303": Consumption(Decimal(15), {UnitCode.KGM: Decimal(10_000), UnitCode.GRM: Decimal(10)}),
    "3304": Consumption(Decimal(15), {UnitCode.KGM: Decimal(10_000), UnitCode.GRM: Decimal(10)}),
    "3604": Consumption(Decimal(15)),
    "7113": Consumption(Decimal(10)),
    "8506": Consumption(Decimal(4)),
    "870321": Consumption(Decimal(1)),
    "870322": Consumption(Decimal(3)),
    "870323": Consumption(Decimal(9)),
    "870324": Consumption(Decimal(40)),
    "8711": Consumption(Decimal(3)),
    "8903": Consumption(Decimal(10)),
    "9101": Consumption(Decimal(20), {UnitCode.H87: Decimal(10_000), UnitCode.NAR: Decimal(10_000)}),
    "9102": Consumption(Decimal(20), {UnitCode.H87: Decimal(10_000), UnitCode.NAR: Decimal(10_000)}),
    "9506": Consumption(Decimal(10)),
}
"""Ad valorem rates: wine, spirits, tobacco, high-end cosmetics and watches, jewellery, cars, yachts (消费税税目税率表).
The part by quantity of compound rates (spirits, cigarettes) is left out: a bill line is a base times a rate."""

REFUND_RATES: Mapping[str, Decimal] = {
    **{f"{chapter:02}": VAT_REDUCED for chapter in (3, 6, 7, 8, 10, 12)},
    "25": Decimal(0),
    "31": Decimal(0),
    "44": Decimal(0),
    "7403": Decimal(0),
    "7601": Decimal(0),
}
"""Export VAT refund in percent where it is not the standard 13 (出口退税率文库)."""


def refund_rate(code: str) -> Decimal:
    """Export VAT refund in percent for an HS code."""
    found = longest_heading(REFUND_RATES, code)
    return VAT_STANDARD if found is None else found


class Taxpayer(StrEnum):
    """How a taxpayer is registered."""

    GENERAL = "general"
    SMALL_SCALE = "small-scale"
    IRREGULAR = "irregular"
    DEREGISTERED = "deregistered"


TAXPAYERS: Mapping[str, Taxpayer] = {
    "91310115MA1K000029": Taxpayer.SMALL_SCALE,
    "91440300MA5D00003B": Taxpayer.IRREGULAR,
    "91330100MA27000047": Taxpayer.DEREGISTERED,
}
"""Taxpayers by unified social credit code; who is not listed is a general taxpayer in good standing. Irregular
(非正常户): found neither at its address nor filing (Measures on Tax Registration, 税务登记管理办法)."""
