"""What goods are worth to customs: CIF at import, FOB without export duty at export, in CNY and to the cent.

Source: WTO Valuation Agreement, articles 1 and 8; Decree 213 of the General Administration of Customs (海关审定进出口
货物完税价格办法): transaction value, freight and insurance to the place of entry, export duty taken out again.
"""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.customs import Customs
from ..apportionment import apportion
from ..decision import Remark, supplement
from ..pointer import item_pointer
from ..tariff import export_rate
from ..yuan import DECLARATION_YUAN_MAX, NoRate, exchange_rates, in_yuan, rounded
from .tables import (
    DEVIATION_PERCENT_MAX,
    EXCLUDES_FREIGHT,
    EXCLUDES_INSURANCE,
    INSURANCE_PER_MILLE,
)

ROOT = "Customs"


class Valuation(Struct, frozen=True):
    """Customs values by item, in order; none at all where a remark says why they can't be worked out."""

    values: tuple[Decimal, ...]
    remarks: tuple[Remark, ...]


def valuation(message: Customs) -> Valuation:
    """The customs value of every item, and what to say of the values declared."""
    rates = exchange_rates(message.currency_exchange)
    try:
        prices = _prices(message, rates)
        charges = _charges(message, rates, sum(prices, Decimal(0)))
        declared = _declared(message, rates)
    except NoRate as missing:
        return Valuation((), (supplement("customs.exchange-rate-missing", missing.pointer, missing.en, missing.zh),))
    except _NoFreight as missing:
        en = f"Under {missing.term} the freight has to be declared."
        zh = f"成交方式为{missing.term}，须申报运费。"
        return Valuation((), (supplement("customs.freight-missing", f"/{ROOT}/GoodsShipment", en, zh),))
    importing = message.type_code is DeclarationType.IM
    values = _at_import(prices, charges) if importing else _at_export(message, prices, charges)
    if sum(values) > DECLARATION_YUAN_MAX:
        en, zh = "The customs value is too high to be assessed by machine.", "计税价格过高，无法自动审定。"
        return Valuation((), (supplement("customs.value-out-of-range", f"/{ROOT}/GoodsShipment", en, zh),))
    return Valuation(values, tuple(_deviations(values, declared)))


class _Charges(Struct, frozen=True):
    """Freight and insurance in CNY, and whether the price has them in it already."""

    freight: Decimal
    insurance: Decimal
    freight_in_price: bool
    insurance_in_price: bool


class _NoFreight(Exception):
    def __init__(self, term: str) -> None:
        super().__init__(term)
        self.term = term


def _prices(message: Customs, rates: dict[str, Decimal]) -> tuple[Decimal, ...]:
    return tuple(
        in_yuan(
            item.commodity.invoice_line.item_charge_amount,
            rates,
            f"{item_pointer(ROOT, index)}/Commodity/InvoiceLine/ItemChargeAmount",
        )
        for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1)
    )


def _declared(message: Customs, rates: dict[str, Decimal]) -> tuple[Decimal, ...]:
    return tuple(
        in_yuan(item.customs_value_amount, rates, f"{item_pointer(ROOT, index)}/CustomsValueAmount")
        for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1)
    )


def _charges(message: Customs, rates: dict[str, Decimal], price: Decimal) -> _Charges:
    """Freight and insurance of the shipment; at import, insurance that is not declared is reckoned from the price."""
    shipment = message.goods_shipment
    term = shipment.trade_terms.condition_code
    freight_in_price = term not in EXCLUDES_FREIGHT
    insurance_in_price = term not in EXCLUDES_INSURANCE
    declared = shipment.customs_valuation
    at = f"/{ROOT}/GoodsShipment/CustomsValuation"
    freight_amount = declared.freight_charge_amount if declared else None
    insurance_amount = declared.insurance_charge_amount if declared else None
    importing = message.type_code is DeclarationType.IM
    freight = Decimal(0)
    if freight_amount is not None:
        freight = in_yuan(freight_amount, rates, f"{at}/FreightChargeAmount")
    elif importing != freight_in_price:
        raise _NoFreight(term)
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


def _at_export(message: Customs, prices: tuple[Decimal, ...], charges: _Charges) -> tuple[Decimal, ...]:
    """FOB: what the price has too much is taken out, shared out by value; then the export duty in it, item by item."""
    removed = Decimal(0)
    if charges.freight_in_price:
        removed += charges.freight
    if charges.insurance_in_price:
        removed += charges.insurance
    removed = min(removed, sum(prices, Decimal(0)))
    free_on_board = (price - share for price, share in zip(prices, apportion(removed, prices), strict=True))
    items = message.goods_shipment.government_agency_goods_item
    return tuple(
        rounded(value / (1 + export_rate(item.commodity.classification[0].id) / 100))
        for value, item in zip(free_on_board, items, strict=True)
    )


def _deviations(values: tuple[Decimal, ...], declared: tuple[Decimal, ...]) -> Iterator[Remark]:
    for index, (value, claimed) in enumerate(zip(values, declared, strict=True), 1):
        if abs(value - claimed) * 100 > value * DEVIATION_PERCENT_MAX:
            yield supplement(
                "customs.value-deviates",
                f"{item_pointer(ROOT, index)}/CustomsValueAmount",
                f"The declared customs value of CNY {claimed:f} is too far from the CNY {value:f} that price, freight "
                "and insurance come to. Correct it or explain the difference.",
                f"申报的计税价格{claimed:f}元与按成交价格、运费和保险费计算的{value:f}元相差过大，请更正或说明。",
            )
