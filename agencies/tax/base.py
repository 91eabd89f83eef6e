"""What imports are taxed on: the customs value and the duty, as the tax office reckons them itself.

It takes the customs value from price, freight and insurance by the rules of customs, and the duty from the published
tariff: both stand in the bill beside what customs levies. It is told neither the origin nor the papers that prove it,
so that only the most-favoured-nation duty, declared as such, is beyond doubt; all else makes the taxes provisional.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum

from msgspec import Struct

from ...codecs.finding import Text
from ...codecs.messages.codes import DutyTaxFeeType
from ...codecs.messages.tax import GovernmentAgencyGoodsItem, Tax
from ..pointer import item_pointer
from ..tariff import PREFERENCES, SUSPENDING_PROCEDURES, import_rate
from ..valuation import NoFreight, claimed_duty, customs_values, declared_values, deviates
from ..yuan import exchange_rates, in_yuan, levied

ROOT = "Tax"


class Doubt(Enum):
    """Why the taxes on an item are provisional: the code of the note that says so, and its words."""

    VALUE = (
        "tax.value-implausible",
        Text(
            "The declared customs value is not what price, freight and insurance come to; the taxes are provisional",
            "申报的计税价格与成交价格、运费和保险费不符，税额为暂定",
        ),
    )
    UNDECLARED = (
        "tax.duty-estimated",
        Text(
            "No duty was declared; tax was worked out on the most-favoured-nation duty and is provisional",
            "未申报关税税额，暂按最惠国税率估算关税计税，税额为暂定",
        ),
    )
    IMPLAUSIBLE = (
        "tax.duty-implausible",
        Text(
            "The declared duty is not what the tariff comes to; tax was worked out on the most-favoured-nation duty, "
            "or the declared one where that is higher, and is provisional",
            "申报的关税税额与税则不符，按最惠国税率税额与申报税额中较高者计税，税额为暂定",
        ),
    )
    CUSTOMS = (
        "tax.duty-by-customs",
        Text(
            "Whether the preference, exemption or further duty that was declared applies is for customs to decide; "
            "the taxes are provisional until then",
            "申报的优惠税率、减免税或其他关税由海关核定，核定前税额为暂定",
        ),
    )


class Base(Struct, frozen=True):
    """What one item is taxed on: customs value and duty in CNY, and why they may change; None where they won't."""

    value: Decimal
    duty: Decimal
    doubt: Doubt | None


def taxable(message: Tax) -> Iterator[tuple[int, Base]]:
    """The taxable items, by index from 1. Raises NoRate."""
    rates = exchange_rates(message.currency_exchange)
    declared = declared_values(message)
    try:
        values = customs_values(message)
    except NoFreight:
        values = declared
        known = False
    else:
        known = True
    for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1):
        if item.government_procedure.current_code in SUSPENDING_PROCEDURES:
            continue
        duty, doubt = _duty(item, values[index - 1], item_pointer(ROOT, index), rates)
        is_plausible = known and not deviates(declared[index - 1], values[index - 1])
        yield index, Base(values[index - 1], duty, doubt if is_plausible else Doubt.VALUE)


FURTHER_DUTIES = (DutyTaxFeeType.ADD, DutyTaxFeeType.CVD)
"""Anti-dumping and countervailing duty, which go into the base of import taxes as customs duty does."""


def _duty(
    item: GovernmentAgencyGoodsItem, value: Decimal, pointer: str, rates: dict[str, Decimal]
) -> tuple[Decimal, Doubt | None]:
    """The duty that goes into the base, and the doubt about it. Raises NoRate."""
    claims = item.commodity.duty_tax_fee
    claimed = claimed_duty(claims, rates, pointer)
    further = _further(item, pointer, rates)
    tariff = import_rate(item.commodity.classification[0].id)
    mfn = levied(value, tariff.mfn)
    for claim in claims:
        if claim.type_code is not DutyTaxFeeType.CUD:
            continue
        if claim.exemption_indicator:
            return further, Doubt.CUSTOMS
        if claim.duty_regime_code in PREFERENCES:
            agreed = (levied(value, rate) for rate in tariff.agreement.values())
            granted = next((amount for amount in agreed if claimed is not None and not deviates(claimed, amount)), mfn)
            return granted + further, Doubt.CUSTOMS
    if claimed is None:
        return mfn + further, Doubt.UNDECLARED
    if deviates(claimed, mfn):
        return max(claimed, mfn) + further, Doubt.IMPLAUSIBLE
    return mfn + further, Doubt.CUSTOMS if further else None


def _further(item: GovernmentAgencyGoodsItem, pointer: str, rates: dict[str, Decimal]) -> Decimal:
    amounts = (
        in_yuan(claim.assessed_amount, rates, f"{pointer}/Commodity/DutyTaxFee[{number}]/AssessedAmount")
        for number, claim in enumerate(item.commodity.duty_tax_fee, 1)
        if claim.type_code in FURTHER_DUTIES and claim.assessed_amount is not None
    )
    return sum(amounts, Decimal(0))
