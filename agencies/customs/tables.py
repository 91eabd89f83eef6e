"""What customs looks up: prohibitions, licences and risk points.

Every table here is illustrative: real in form, a sample in content. In force are the catalogues named below.
"""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from ...codecs.finding import Text
from ...codecs.messages.codes import CountryCode


class Prohibition(Struct, frozen=True):
    """Goods that may not pass, from or to the countries named; no country named means all."""

    goods: Text
    countries: frozenset[str] = frozenset()


IMPORT_PROHIBITED: Mapping[str, Prohibition] = {
    "0507": Prohibition(Text("ivory and articles of protected species", "象牙及濒危物种制品")),
    "2524": Prohibition(Text("asbestos", "石棉")),
    "2620": Prohibition(Text("slag and ash", "矿渣矿灰")),
    "2701": Prohibition(Text("coal of this origin", "原产于该国的煤炭"), frozenset({CountryCode.KP})),
    "3915": Prohibition(Text("waste plastics", "废塑料")),
    "4707": Prohibition(Text("waste paper", "废纸")),
    "8549": Prohibition(Text("electrical and electronic waste", "电子电气废弃物")),
}
"""Catalogue of goods prohibited from import (禁止进口货物目录); Foreign Trade Law, articles 15 to 17."""

EXPORT_PROHIBITED: Mapping[str, Prohibition] = {
    "0501": Prohibition(Text("human hair", "人发")),
    "0507": Prohibition(Text("ivory, musk and rhinoceros horn", "象牙、麝香、犀牛角")),
    "2505": Prohibition(Text("natural sand", "天然砂")),
    "4402": Prohibition(Text("wood charcoal", "木炭")),
}
"""Catalogue of goods prohibited from export (禁止出口货物目录)."""

IMPORT_LICENCE: frozenset[str] = frozenset({"2903", "1001", "5201", "1701"})
"""Headings under import licence or quota: ozone-depleting substances, wheat, cotton, sugar."""

EXPORT_LICENCE: frozenset[str] = frozenset({"2611", "2701", "2704", "2805", "2846", "8101", "8110"})
"""Headings under export licence (出口许可证管理货物目录): tungsten, coal, coke, rare earths, antimony."""

RISK_BY_GOODS: Mapping[str, int] = {"22": 10, "2208": 40, "2402": 50, "3303": 20, "7113": 40, "8703": 30, "9102": 40}
RISK_BY_ORIGIN: Mapping[str, int] = {CountryCode.AF: 40, CountryCode.KP: 60, CountryCode.MM: 30, CountryCode.CO: 20}
RISK_BY_VALUE: tuple[tuple[Decimal, int], ...] = ((Decimal(50_000_000), 40), (Decimal(10_000_000), 20))
RISK_OF_PREFERENCE = 10
"""Risk points: by HS heading, by origin, by an item's customs value in CNY from the one given up, by preference."""

YELLOW_FROM, RED_FROM = 40, 70
"""Points from which papers are checked by a person (yellow) and goods are examined (red)."""
