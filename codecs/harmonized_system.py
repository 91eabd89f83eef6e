"""The Harmonized System: which six digits a commodity code may begin with.

What nations add to them is not checked, since every nation has its own list.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from .. import schemas

EDITION: Final = "HS 2022"
"""The edition of the list; the next one is in force from 1 January 2028."""

NATIONAL_CHAPTER: Final = "98"
"""Left to nations by the Harmonized System; China's tariff has special goods there, cash and software among them."""

SUBHEADING_DIGITS: Final = 6


def is_listed(code: str) -> bool:
    """Whether a commodity code begins with a subheading of the Harmonized System, or is of the nations' own chapter."""
    return code.startswith(NATIONAL_CHAPTER) or code[:SUBHEADING_DIGITS] in subheadings()


def listed_part(code: str) -> str:
    """How much of a code there is in the list: its heading, its chapter, or nothing."""
    return next((code[:length] for length in (4, 2) if code[:length] in _headings()), "")


@cache
def subheadings() -> frozenset[str]:
    """Every subheading of six digits."""
    lines = (line.split() for line in schemas.harmonized_system().splitlines() if not line.startswith("#"))
    return frozenset(heading + last for heading, *lasts in lines for last in lasts)


@cache
def _headings() -> frozenset[str]:
    return frozenset(code[:length] for code in subheadings() for length in (2, 4))
