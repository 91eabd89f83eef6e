"""The design's budgets."""

import pytest

from onewindow.bench.budgets import BUDGETS, Budget, Measured, faster, figure, missed, seconds, slower
from onewindow.bench.pairs import Pair

PAIR = Pair(ratio=0.05, low=0.04, high=0.1, ours=1e-4, theirs=2e-3, rounds=9)


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.5e-8, "25 ns"), (1.25e-4, "125 us"), (0.0009996, "1 ms"), (0.0305, "30.5 ms"), (1.5, "1.5 s")],
)
def test_seconds(value: float, words: str) -> None:
    """A time is shown in the unit that suits it."""
    assert words == seconds(value)


@pytest.mark.parametrize(
    ("value", "words"), [(1.3, "1.3"), (1.2949, "1.29"), (30, "30"), (250.4, "250"), (1164, "1164")]
)
def test_figure(value: float, words: str) -> None:
    """A figure has three digits that count, and never an exponent."""
    assert words == figure(value)


def test_at_most_and_at_least() -> None:
    """A figure at the limit keeps the budget, one past it breaks it, whichever side the limit is on."""
    most = Budget(key="a", path="a", sense="at most", limit=1.3)
    least = Budget(key="b", path="b", sense="at least", limit=30)
    assert (True, False) == (most.holds(1.3), most.holds(1.31))
    assert (True, False) == (least.holds(30), least.holds(29.9))
    assert ("at most 1.3x", "at least 30x") == (most.target, least.target)


def test_slower_and_faster() -> None:
    """A pair is told as how much slower or how much faster we are, its quartiles the right way round."""
    detail = "100 us against 2 ms"
    assert Measured(budget="k", document="d", value=0.05, low=0.04, high=0.1, detail=detail) == slower("k", "d", PAIR)
    fast = faster("k", "d", PAIR)
    assert pytest.approx((20, 10, 25)) == (fast.value, fast.low, fast.high)


def test_missed() -> None:
    """The figures that break their budget are found among those that keep it."""
    kept = Measured(budget="decode-lxml", document="d", value=1.2)
    broken = Measured(budget="decode-lxml", document="e", value=1.4)
    assert (broken,) == missed([kept, broken])


def test_keys_are_unique() -> None:
    """No two budgets have the same key."""
    assert len(BUDGETS) == len({budget.key for budget in BUDGETS})
