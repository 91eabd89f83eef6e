"""Pointers in the words of their readers."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.cli.places import places, ranges

ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"


@pytest.mark.parametrize(
    ("pointers", "words"),
    [
        ((), ""),
        ((None,), ""),
        (("/",), "the declaration"),
        (("/Declaration/Importer",), "Importer"),
        ((f"{ITEM}[3]",), "item 3"),
        ((f"{ITEM}[3]/Origin", f"{ITEM}[1]/Origin", f"{ITEM}[2]/Origin", f"{ITEM}[7]/Origin"), "items 1-3, 7: Origin"),
        ((f"{ITEM}[3]/Origin", f"{ITEM}[4]/Packaging[1]"), "item 3: Origin\nitem 4: Packaging[1]"),
        (("/Declaration/A", "/Declaration/B", "/Declaration/C", "/Declaration/D"), "A\nB\nC\n... and 1 more"),
    ],
)
def test_places(pointers: Sequence[str | None], words: str) -> None:
    """Items go by their numbers, alike ones together; other elements by what is left of their path."""
    assert words == places(pointers)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_ranges_lose_no_number(numbers: set[int]) -> None:
    """Ranges name exactly the numbers that went in, in order."""
    named: list[int] = []
    for part in ranges(numbers).split(", "):
        first, _, last = part.partition("-")
        named.extend(range(int(first), int(last or first) + 1))
    assert sorted(numbers) == named
