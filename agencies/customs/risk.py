"""The channel that an import or export goes through: green passes, yellow is read by a person, red is examined."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.customs import Customs, GovernmentAgencyGoodsItem
from ..decision import Remark, inspection, note
from ..hs import longest_heading
from ..pointer import item_pointer
from ..tariff import PREFERENCES
from .tables import (
    RED_FROM,
    RISK_BY_GOODS,
    RISK_BY_ORIGIN,
    RISK_BY_VALUE,
    RISK_OF_PREFERENCE,
    YELLOW_FROM,
)
from .valuation import ROOT


class Channel(StrEnum):
    """The three channels of the Revised Kyoto Convention's selectivity, standard 6.3 and 6.4."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


def channel(item: GovernmentAgencyGoodsItem, value: Decimal, *, importing: bool) -> Channel:
    """The channel of one item, from its HS code, its customs value in CNY and, at import, its origin."""
    points = longest_heading(RISK_BY_GOODS, item.commodity.classification[0].id) or 0
    points += next((more for least, more in RISK_BY_VALUE if value >= least), 0)
    if importing:
        points += RISK_BY_ORIGIN.get(item.origin.country_code, 0)
        if any(claim.duty_regime_code in PREFERENCES for claim in item.commodity.duty_tax_fee):
            points += RISK_OF_PREFERENCE
    if points >= RED_FROM:
        return Channel.RED
    return Channel.YELLOW if points >= YELLOW_FROM else Channel.GREEN


def channels(message: Customs, values: tuple[Decimal, ...]) -> tuple[Channel, ...]:
    """The channel of every item, in order; none where the goods could not be valued."""
    importing = message.type_code is DeclarationType.IM
    items = message.goods_shipment.government_agency_goods_item
    return tuple(channel(item, value, importing=importing) for item, value in zip(items, values, strict=False))


def channel_remarks(found: tuple[Channel, ...]) -> Iterator[Remark]:
    """What to say of channels that are not green."""
    for index, of_item in enumerate(found, 1):
        if of_item is Channel.RED:
            words = ("Red channel: the goods are examined.", "红色通道：须查验货物。")
            yield inspection("customs.channel-red", item_pointer(ROOT, index), *words)
        elif of_item is Channel.YELLOW:
            words = ("Yellow channel: the papers were checked.", "黄色通道：已审核单证。")
            yield note("customs.channel-yellow", item_pointer(ROOT, index), *words)
