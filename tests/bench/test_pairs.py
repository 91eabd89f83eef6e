"""Two ways to do one thing, measured alternately."""

import pytest

from onewindow.bench.pairs import Pair, alternate, rounds, summary


class World:
    """A clock that only work moves, and who worked in which order."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done: list[str] = []

    def clock(self) -> float:
        """The time."""
        return self.now

    def work(self, name: str, *seconds: float) -> None:
        """Takes its seconds, the last of them again and again."""
        count = self.done.count(name)
        self.done.append(name)
        self.now += seconds[min(count, len(seconds) - 1)]


def test_ratio_is_ours_by_theirs() -> None:
    """The ratio is the median over the rounds of our time by theirs."""
    pair = summary([2.0, 6.0, 9.0], [1.0, 2.0, 3.0])
    assert Pair(ratio=3.0, low=2.5, high=3.0, ours=6.0, theirs=2.0, rounds=3) == pair


def test_drift_hits_both_sides() -> None:
    """A machine that gets ten times slower half way changes the times and not the ratio."""
    pair = summary([1.0] * 5 + [10.0] * 5, [2.0] * 5 + [20.0] * 5)
    assert (0.5, 0.5, 0.5) == (pair.low, pair.ratio, pair.high)


def test_sides_take_turns() -> None:
    """The sides are measured in turn, either one first in every other round."""
    world = World()
    ours, theirs = (lambda: world.work("ours", 1.0)), (lambda: world.work("theirs", 2.0))
    pair = alternate(ours, theirs, seconds=1, rounds_min=4, clock=world.clock)
    assert ["ours", "theirs", "theirs", "ours", "ours", "theirs", "theirs", "ours"] == world.done[4:]
    assert (0.5, 1.0, 2.0, 4) == (pair.ratio, pair.ours, pair.theirs, pair.rounds)


def test_first_call_does_not_count() -> None:
    """What the first call builds is neither measured nor taken for the cost when a block's length is chosen."""
    world = World()
    found = rounds({"slow start": lambda: world.work("it", 100.0, 0.001)}, seconds=0.01, clock=world.clock)
    assert pytest.approx((0.001, 0.001, 0.001)) == found["slow start"]
    assert 2 + 7 * (1 + 4) == len(world.done)


def test_time_ends_it() -> None:
    """Measuring ends when its time is over, and not before the least number of rounds."""
    world = World()
    ours, theirs = (lambda: world.work("ours", 1.0)), (lambda: world.work("theirs", 1.0))
    assert 10 == alternate(ours, theirs, seconds=20, rounds_min=3, clock=world.clock).rounds
    assert 3 == alternate(ours, theirs, seconds=0, rounds_min=3, clock=world.clock).rounds
    assert 5 == alternate(ours, theirs, seconds=20, rounds_max=5, rounds_min=3, clock=world.clock).rounds
