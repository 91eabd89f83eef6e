"""Segregation: which classes must be kept apart, and how far (IMDG Code, table 7.2.4).

Illustrative: the table goes by class alone. In force are also subsidiary hazards, segregation groups (acids, cyanides)
and what column 16b of the Dangerous Goods List says of a substance, which take precedence over the table (7.2.3.1).
"""

from collections.abc import Mapping
from enum import IntEnum


class Apart(IntEnum):
    """How two classes are kept apart; COMPATIBILITY: by the compatibility groups of class 1, which 7.2.7 has."""

    NOTHING = 0
    AWAY = 1
    SEPARATED = 2
    COMPARTMENT = 3
    LONGITUDINALLY = 4
    COMPATIBILITY = 5


_ORDER = ("1.1", "1.3", "1.4", "2.1", "2.2", "2.3", "3", "4.1", "4.2", "4.3", "5.1", "5.2", "6.1", "6.2", "7", "8", "9")

_SAME: Mapping[str, str] = {"1.2": "1.1", "1.5": "1.1", "1.6": "1.3"}
"""Divisions that have one row with another."""

_ROWS = (
    "* * * 4 2 2 4 4 4 4 4 4 2 4 2 4 X",
    "* * * 4 2 2 4 3 3 4 4 4 2 4 2 2 X",
    "* * * 2 1 1 2 2 2 2 2 2 X 4 2 2 X",
    "4 4 2 X X X 2 1 2 2 2 2 X 4 2 1 X",
    "2 2 1 X X X 1 X 1 X X 1 X 2 1 X X",
    "2 2 1 X X X 2 X 2 X X 2 X 2 1 X X",
    "4 4 2 2 1 2 X X 2 2 2 2 X 3 2 X X",
    "4 3 2 1 X X X X 1 X 1 2 X 3 2 1 X",
    "4 3 2 2 1 2 2 1 X 1 2 2 1 3 2 1 X",
    "4 4 2 2 X X 2 X 1 X 2 2 X 2 2 1 X",
    "4 4 2 2 X X 2 1 2 2 X 2 1 3 1 2 X",
    "4 4 2 2 1 2 2 2 2 2 2 X 1 3 2 2 X",
    "2 2 X X X X X X 1 X 1 1 X 1 X X X",
    "4 4 4 4 2 2 3 3 3 2 3 3 1 X 3 3 X",
    "2 2 2 2 1 1 2 2 2 2 1 2 X 3 X 2 X",
    "4 2 2 1 X X X 1 1 1 2 2 X 3 2 X X",
    "X X X X X X X X X X X X X X X X X",
)

_APART: Mapping[str, Apart] = {
    "X": Apart.NOTHING,
    "1": Apart.AWAY,
    "2": Apart.SEPARATED,
    "3": Apart.COMPARTMENT,
    "4": Apart.LONGITUDINALLY,
    "*": Apart.COMPATIBILITY,
}

TABLE: Mapping[tuple[str, str], Apart] = {
    (row, column): _APART[mark]
    for row, marks in zip(_ORDER, _ROWS, strict=True)
    for column, mark in zip(_ORDER, marks.split(), strict=True)
}
"""By two classes, in either order."""


def apart(one: str, other: str) -> Apart | None:
    """How two classes are kept apart; None where one of them is no class of the table."""
    return TABLE.get((_SAME.get(one, one), _SAME.get(other, other)))
