"""Prohibitions: goods that may not be imported or exported at all, or not from or to some countries."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from ..codecs.finding import Text
from ..codecs.messages.codes import DeclarationType
from .criterion import COUNTRY, HS, chapters, covers, mistakes


class Prohibition(Struct, frozen=True, kw_only=True):
    """One rule of an agency by which goods are refused at the window.

    rule: stable, ``agency.goods``. hs: HS codes, in the notation of `criterion`. countries: likewise, of origin for an
    import and of destination for an export; none named means all. goods: what they are called, in the middle of a
    sentence. legal_basis: the law and the list that forbid it.
    """

    rule: str
    type_code: DeclarationType
    hs: tuple[str, ...]
    countries: tuple[str, ...] = ()
    goods: Text
    legal_basis: Text

    def forbids(self, type_code: DeclarationType, hs: str, country: str) -> bool:
        """Whether goods of this HS code may not be imported from, or exported to, this country."""
        return type_code is self.type_code and covers(self.hs, hs) and covers(self.countries, country)


class Prohibitions:
    """The prohibitions of one agency or of several, found by HS chapter: most goods are in none that has any."""

    def __init__(self, prohibitions: Iterable[Prohibition]) -> None:
        self._by_chapter: dict[str, list[Prohibition]] = {}
        for prohibition in prohibitions:
            for chapter in chapters(prohibition.hs):
                self._by_chapter.setdefault(chapter, []).append(prohibition)

    def forbidding(self, type_code: DeclarationType, hs: str, country: str) -> Iterator[Prohibition]:
        """Those that forbid goods of this HS code from or to this country, in their order."""
        for prohibition in self._by_chapter.get(hs[:2], ()):
            if prohibition.forbids(type_code, hs, country):
                yield prohibition


def flaws(prohibitions: tuple[Prohibition, ...]) -> Iterator[Text]:
    """What keeps an agency's prohibitions from being applied."""
    rules = [prohibition.rule for prohibition in prohibitions]
    for rule in dict.fromkeys(rules):
        if rules.count(rule) > 1:
            yield Text(f"the rule {rule} is there more than once", f"规则 {rule} 重复")
    for prohibition in prohibitions:
        found = [*mistakes(prohibition.hs, HS)]
        found += mistakes(prohibition.countries, COUNTRY) if prohibition.countries else ()
        for words in found:
            yield Text(f"{prohibition.rule}: {words.en}", f"{prohibition.rule}：{words.zh}")
