"""The published tariff, which more than one agency reads: import and export duty by HS code, and who pays none now.

The tables are illustrative: real in form, a sample in content. In force is the Import and Export Tariff, published each
year under the Customs Tariff Law of the PRC (关税法, in force since 1 December 2024).
"""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from ..codecs.messages.codes import CountryCode, DutyRegime
from .hs import longest_heading


class ImportRate(Struct, frozen=True):
    """Import duty in percent of the customs value.

    mfn: for most-favoured-nation origins. general: for all others. agreement: by origin, with proof of it.
    """

    mfn: Decimal
    general: Decimal
    agreement: Mapping[str, Decimal] = {}


def _rate(mfn: str, general: str, **agreement: str) -> ImportRate:
    return ImportRate(Decimal(mfn), Decimal(general), {origin: Decimal(rate) for origin, rate in agreement.items()})


IMPORT_TARIFF: Mapping[str, ImportRate] = {
    **{f"{chapter:02}": _rate("12", "70") for chapter in range(1, 25)},
    **{f"{chapter:02}": _rate("3", "35") for chapter in range(25, 28)},
    **{f"{chapter:02}": _rate("5.5", "35") for chapter in range(28, 39)},
    **{f"{chapter:02}": _rate("6.5", "45") for chapter in range(39, 50)},
    **{f"{chapter:02}": _rate("8", "90") for chapter in range(50, 72)},
    **{f"{chapter:02}": _rate("6", "45") for chapter in range(72, 84)},
    **{f"{chapter:02}": _rate("5", "40") for chapter in range(84, 94)},
    **{f"{chapter:02}": _rate("5", "80") for chapter in range(94, 97)},
    "97": _rate("0", "0"),
    "0203": _rate("12", "70"),
    "0402": _rate("10", "40", NZ="0", AU="0"),
    "0805": _rate("11", "100", TH="0", AU="0", PE="0"),
    "0809": _rate("10", "80", CL="0", AU="0", NZ="0"),
    "0810": _rate("20", "80", TH="0", VN="0", MY="0"),
    "1001": _rate("65", "180"),
    "1509": _rate("10", "30"),
    "1806": _rate("8", "50", CH="3.2", SG="0"),
    "1905": _rate("10", "80", KR="6", MY="0"),
    "2204": _rate("14", "180", CL="0", AU="0", NZ="0", GE="0"),
    "2208": _rate("5", "180", NZ="0"),
    "2402": _rate("25", "180"),
    "3004": _rate("0", "30"),
    "3303": _rate("3", "150", KR="1.5"),
    "3304": _rate("5", "150", KR="2.5"),
    "6109": _rate("6", "90", VN="0", PK="0"),
    "6403": _rate("10", "100", VN="0", ID="0"),
    "7108": _rate("0", "0"),
    "7113": _rate("8", "130"),
    "8413": _rate("8", "40", CH="0", KR="4"),
    "8471": _rate("0", "40"),
    "8501": _rate("9", "50", KR="4.5"),
    "8517": _rate("0", "30"),
    "8528": _rate("12", "130", KR="9"),
    "8542": _rate("0", "24"),
    "8703": _rate("15", "230", KR="15"),
    "8708": _rate("6", "100", KR="4"),
    "9018": _rate("4", "17", CH="0", KR="2"),
    "9102": _rate("11", "100", CH="4.4"),
    "9503": _rate("0", "80"),
}
"""Ad valorem import duty by chapter or heading; tariff quotas and specific duties are left out."""

GENERAL_RATE_ORIGINS: frozenset[str] = frozenset({CountryCode.AD, CountryCode.BT})
"""Origins with which there is no most-favoured-nation treatment (Tariff Law, article 10)."""

PREFERENCES: frozenset[str] = frozenset(
    {DutyRegime._200, DutyRegime._220, DutyRegime._300, DutyRegime._320, DutyRegime._400}
)
"""Duty regimes that claim a preference, for which origin has to be proved."""

NO_RATE = _rate("0", "0")


def import_rate(code: str) -> ImportRate:
    """The import duty rates for an HS code; goods of a chapter that is not listed are free."""
    return longest_heading(IMPORT_TARIFF, code) or NO_RATE


EXPORT_TARIFF: Mapping[str, Decimal] = {
    "0506": Decimal(40),
    "2607": Decimal(30),
    "2608": Decimal(30),
    "2804": Decimal(20),
    "7202": Decimal(25),
    "7403": Decimal(30),
    "7601": Decimal(30),
}
"""Export duty in percent (Export Tariff): bones, lead and zinc ore, phosphorus, ferro-alloys, copper, aluminium."""


def export_rate(code: str) -> Decimal:
    """Export duty in percent for an HS code; nothing for most goods."""
    return longest_heading(EXPORT_TARIFF, code) or Decimal(0)


SUSPENDING_PROCEDURES: frozenset[str] = frozenset(
    {"0214", "0255", "0615", "0654", "1200", "1233", "5000", "5034", "2600", "2700", "3339"}
)
"""Supervision modes (监管方式) under which nothing is levied now: processing trade (0214 to 0654), bonded warehouses
and zones (1200 to 5034), temporary admission and exhibitions (2600, 2700), donated relief goods (3339)."""
