"""Counting instructions: what callgrind's dumps say, and what is made of it."""

import pytest

from onewindow.bench.instructions import Count, differences, measured, total


def test_total() -> None:
    """The total of a dump is read; a dump without one is refused."""
    assert 1077970168 == total("events: Ir\nsummary: 12\n\ntotals: 1077970168\n")
    with pytest.raises(ValueError, match="totals"):
        total("events: Ir\n")


def test_differences() -> None:
    """Of each job's two counts the difference remains; what came before the first job is left out."""
    assert [100, 30] == differences([9_999, 110, 210, 40, 70])


def test_measured() -> None:
    """The growth is that of the form in use, whatever was counted of the other."""
    compiled = [Count("decode", items, "compiled", 500 + items * 7) for items in (10, 100, 999)]
    python = [Count("decode", 10, "python", 9_999)]
    assert [("decode, instructions", 1.0)] == [(each.document, each.value) for each in measured([*compiled, *python])]
    assert () == measured([])
