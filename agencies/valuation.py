"""What goods are worth: CIF at import, FOB without export duty at export, in CNY and to the cent.

Customs assesses by it, and the tax office reckons the same values, so that both tax the goods on one base.
Source: WTO Valuation Agreement, articles 1 and 8; Decree 213 of the General Administration of Customs (海关审定进出口
货物完税价格办法): transaction value, freight and insurance to the place of entry, export duty taken out again.
"""

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from ..codecs.messages import customs, tax
from ..codecs.messages.charges import DutyTaxFee
from ..codecs.messages.codes import DeclarationType, DutyTaxFeeType, Incoterm
from ..codecs.messages.customs import Customs
from ..codecs.messages.tax import Tax
from .apportionment import apportion
from .pointer import item_pointer
from .tariff import export_rate
from .yuan import exchange_rates, in_yuan, rounded

EXCLUDES_FREIGHT: frozenset[str] = frozenset({Incoterm.EXW, Incoterm.FCA, Incoterm.FAS, Incoterm.FOB})
"""Incoterms 2020 (groups E and F) by which the buyer pays main carriage and insurance: the price has neither."""

EXCLUDES_INSURANCE: frozenset[str] = EXCLUDES_FREIGHT | {Incoterm.CFR, Incoterm.CPT}
"""Incoterms 2020 by which the price has no insurance."""

INSURANCE_PER_MILLE = Decimal(3)
"""Insurance where it is unknown: 3 per mille of price plus freight (GACC Decree 213 on valuation)."""

DEVIATION_PERCENT_MAX = Decimal(5)
"""How far a declared amount may be from the computed one and still be taken for the same."""


def deviates(declared: Decimal, computed: Decimal) -> bool:
    """Whether a declared amount is too far from the computed one."""
    return abs(computed - declared) * 100 > computed * DEVIATION_PERCENT_MAX


class NoFreight(Exception):
    """The terms of delivery need the freight, and it is not declared; term: the Incoterm."""

    def __init__(self, term: str) -> None:
        super().__init__(term)
        self.term = term


def customs_values(message: Customs | Tax) -> tuple[Decimal, ...]:
    """The customs value of every item, in order. Raises NoRate, and NoFreight where the freight has to be declared."""
    root = type(message).__name__
    rates = exchange_rates(message.currency_exchange)
    prices = _prices(message, rates, root)
    charges = _charges(message, rates, sum(prices, Decimal(0)), root)
    importing = message.type_code is DeclarationType.IM
    return _at_import(prices, charges) if importing else _at_export(message, prices, charges)


def declared_values(message: Customs | Tax) -> tuple[Decimal, ...]:
    """The customs value that is declared for every item, in CNY. Raises NoRate."""
    root = type(message).__name__
    rates = exchange_rates(message.currency_exchange)
    return tuple(
        in_yuan(item.customs_value_amount, rates, f"{item_pointer(root, index)}/CustomsValueAmount")
        for index, item in enumerate(_goods(message), 1)
    )


def _goods(message: Customs | Tax) -> tuple[customs.GovernmentAgencyGoodsItem | tax.GovernmentAgencyGoodsItem, ...]:
    return message.goods_shipment.government_agency_goods_item


def claimed_duty(claims: Iterable[DutyTaxFee], rates: dict[str, Decimal], item: str) -> Decimal | None:
    """The customs duty that is declared for the item at the pointer `item`, in CNY; None without one. Raises NoRate."""
    amounts = [
        in_yuan(claim.assessed_amount, rates, f"{item}/Commodity/DutyTaxFee[{number}]/AssessedAmount")
        for number, claim in enumerate(claims, 1)
        if claim.type_code is DutyTaxFeeType.CUD and claim.assessed_amount is not None
    ]
    return sum(amounts, Decimal(0)) if amounts else None


class _Charges(Struct, frozen=True):
    """Freight and insurance in CNY, and whether the price has them in it already."""

    freight: Decimal
    insurance: Decimal
    freight_in_price: bool
    insurance_in_price: bool


def _prices(message: Customs | Tax, rates: dict[str, Decimal], root: str) -> tuple[Decimal, ...]:
    return tuple(
        in_yuan(
            item.commodity.invoice_line.item_charge_amount,
            rates,
            f"{item_pointer(root, index)}/Commodity/InvoiceLine/ItemChargeAmount",
        )
        for index, item in enumerate(_goods(message), 1)
    )


def _charges(message: Customs | Tax, rates: dict[str, Decimal], price: Decimal, root: str) -> _Charges:
    """Freight and insurance of the shipment; at import, insurance that is not declared is reckoned from the price."""
    shipment = message.goods_shipment
    term = shipment.trade_terms.condition_code
    freight_in_price = term not in EXCLUDES_FREIGHT
    insurance_in_price = term not in EXCLUDES_INSURANCE
    declared = shipment.customs_valuation
    at = f"/{root}/GoodsShipment/CustomsValuation"
    freight_amount = declared.freight_charge_amount if declared else None
    insurance_amount = declared.insurance_charge_amount if declared else None
    importing = message.type_code is DeclarationType.IM
    freight = Decimal(0)
    if freight_amount is not None:
        freight = in_yuan(freight_amount, rates, f"{at}/FreightChargeAmount")
    elif importing != freight_in_price:
        raise NoFreight(term)
    insurance = Decimal(0)
    if insurance_amount is not None:
        insurance = in_yuan(insurance_amount, rates, f"{at}/InsuranceChargeAmount")
    elif importing and not insurance_in_price:
        insurance = rounded((price + freight) * INSURANCE_PER_MILLE / 1000)
    return _Charges(freight, insurance, freight_in_price, insurance_in_price)


def _at_import(prices: tuple[Decimal, ...], charges: _Charges) -> tuple[Decimal, ...]:
    """CIF: what the price lacks is added, shared out over the items by value."""
    added = Decimal(0)
    if not charges.freight_in_price:
        added += charges.freight
    if not charges.insurance_in_price:
        added += charges.insurance
    return tuple(price + share for price, share in zip(prices, apportion(added, prices), strict=True))


def _at_export(message: Customs | Tax, prices: tuple[Decimal, ...], charges: _Charges) -> tuple[Decimal, ...]:
    """FOB: what the price has too much is taken out, shared out by value; then the export duty in it, item by item."""
    removed = Decimal(0)
    if charges.freight_in_price:
        removed += charges.freight
    if charges.insurance_in_price:
        removed += charges.insurance
    removed = min(removed, sum(prices, Decimal(0)))
    free_on_board = (price - share for price, share in zip(prices, apportion(removed, prices), strict=True))
    items = _goods(message)
    return tuple(
        rounded(value / (1 + export_rate(item.commodity.classification[0].id) / 100))
        for value, item in zip(free_on_board, items, strict=True)
    )
