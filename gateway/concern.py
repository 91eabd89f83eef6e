"""Concerns: with which declarations an agency is concerned, as the configuration of a procedure says.

It is concerned with a declaration of which at least one goods item meets every criterion that is named for it: by HS
code, by regime (监管方式) and by origin, in the notation of `agencies.criterion`.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ..agencies.criterion import COUNTRY, HS, REGIME, Kind, covers, in_words, mistakes
from ..codecs.finding import Text
from ..codecs.messages.declaration import Declaration, GovernmentAgencyGoodsItem

CRITERIA: Final[Mapping[str, Kind]] = MappingProxyType({"hs": HS, "regime": REGIME, "origin": COUNTRY})
"""The criteria by the names that they have in a configuration."""


class Concern(msgspec.Struct, frozen=True):
    """One agency's condition; `rule` is its key in the configuration, `criteria` are patterns by a criterion's name."""

    rule: str
    criteria: Mapping[str, tuple[str, ...]]

    def meets(self, declaration: Declaration) -> bool:
        """Whether a goods item of the declaration meets all criteria."""
        return any(self._is_met_by(item) for item in declaration.goods_shipment.government_agency_goods_item)

    def _is_met_by(self, item: GovernmentAgencyGoodsItem) -> bool:
        return all(any(covers(patterns, code) for code in _codes(item, name)) for name, patterns in self._named)

    @property
    def _named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        return ((name, self.criteria[name]) for name in CRITERIA if name in self.criteria)

    @property
    def words(self) -> Text:
        """What a goods item has to meet: `HS code 01-24, not 0301; origin JP`."""
        each = [in_words(patterns, CRITERIA[name]) for name, patterns in self._named]
        return Text("; ".join(words.en for words in each), "；".join(words.zh for words in each))

    @property
    def absence(self) -> Text:
        """Why the agency is not asked about a declaration that does not meet this."""
        words = self.words
        return Text(
            f"No goods item meets {self.rule} ({words.en}), so this agency was not asked.",
            f"没有商品项符合 {self.rule}（{words.zh}），未向该部门分发。",
        )


def _codes(item: GovernmentAgencyGoodsItem, criterion: str) -> Iterator[str]:
    match criterion:
        case "hs":
            yield from (each.id for each in item.commodity.classification)
        case "regime":
            yield item.government_procedure.current_code
        case "origin":
            yield item.origin.country_code


def flaws(concern: Concern) -> Iterator[tuple[str, Text]]:
    """What is wrong with a condition, by the name of the criterion; under an empty name what is wrong with the whole.

    A name that is no criterion is wrong as well.
    """
    if not concern.criteria:
        names = ", ".join(CRITERIA)
        yield "", Text(f"name at least one of {names}", f"须至少设置 {names} 之一")
    for name, patterns in concern.criteria.items():
        if name not in CRITERIA:
            yield (
                name,
                Text(
                    f"there is no criterion {name}; allowed: {', '.join(CRITERIA)}",
                    f"没有条件 {name}；可用：{'、'.join(CRITERIA)}",
                ),
            )
            continue
        for words in mistakes(patterns, CRITERIA[name]):
            yield name, words
