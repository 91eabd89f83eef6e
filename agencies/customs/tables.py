"""What customs looks up: licences and risk points; what is prohibited has a table of its own.

Every table here is illustrative: real in form, a sample in content. In force are the catalogues named below.
"""

from collections.abc import Mapping
from decimal import Decimal

from ...codecs.messages.codes import CountryCode

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
