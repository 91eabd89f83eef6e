"""What customs says of the values declared, beside those that it assesses."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from ...codecs.messages.customs import Customs
from ..decision import Remark, supplement
from ..pointer import item_pointer
from ..valuation import NoFreight, customs_values, declared_values, deviates
from ..yuan import DECLARATION_YUAN_MAX, NoRate

ROOT = "Customs"


class Valuation(Struct, frozen=True):
    """Customs values by item, in order; none at all where a remark says why they can't be worked out."""

    values: tuple[Decimal, ...]
    remarks: tuple[Remark, ...]


def valuation(message: Customs) -> Valuation:
    """The customs value of every item, and what to say of the values declared."""
    try:
        values = customs_values(message)
        declared = declared_values(message)
    except NoRate as missing:
        return Valuation((), (supplement("customs.exchange-rate-missing", missing.pointer, missing.en, missing.zh),))
    except NoFreight as missing:
        en = f"Under {missing.term} the freight has to be declared."
        zh = f"成交方式为{missing.term}，须申报运费。"
        return Valuation((), (supplement("customs.freight-missing", f"/{ROOT}/GoodsShipment", en, zh),))
    if sum(values) > DECLARATION_YUAN_MAX:
        en, zh = "The customs value is too high to be assessed by machine.", "计税价格过高，无法自动审定。"
        return Valuation((), (supplement("customs.value-out-of-range", f"/{ROOT}/GoodsShipment", en, zh),))
    return Valuation(values, tuple(_deviations(values, declared)))


def _deviations(values: tuple[Decimal, ...], declared: tuple[Decimal, ...]) -> Iterator[Remark]:
    for index, (value, claimed) in enumerate(zip(values, declared, strict=True), 1):
        if deviates(claimed, value):
            yield supplement(
                "customs.value-deviates",
                f"{item_pointer(ROOT, index)}/CustomsValueAmount",
                f"The declared customs value of CNY {claimed:f} is too far from the CNY {value:f} that price, freight "
                "and insurance come to. Correct it or explain the difference.",
                f"申报的计税价格{claimed:f}元与按成交价格、运费和保险费计算的{value:f}元相差过大，请更正或说明。",
            )
