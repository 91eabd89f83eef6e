"""Sweeps: tests that strike at every point of something, or, in an ordinary run, at some points that a seed chooses."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")

Sampled = Callable[[Sequence[int]], Sequence[int]]
"""Of the points at which a sweep can strike, those at which it is to: a sample, or all of them."""


def seed(config: pytest.Config) -> int:
    """The seed of everything in a run that is left to chance; the run's first lines show it."""
    return int(config.getoption("fault_seed"))


def sampling(config: pytest.Config) -> bool:
    """Whether sweeps strike at some points only."""
    return int(config.getoption("strikes")) > 0


def sample(config: pytest.Config, of: str, points: Sequence[T], most: int | None = None) -> list[T]:
    """Some of the points in their order, chosen by the seed and by what they are points `of`; or all of them.

    most: how many, where it is not for the run to say.
    """
    if not sampling(config):
        return list(points)
    strikes = most or int(config.getoption("strikes"))
    chosen = random.Random(f"{seed(config)} {of}").sample(range(len(points)), min(strikes, len(points)))
    return [points[place] for place in sorted(chosen)]


def left_out_of_sample(config: pytest.Config, items: Sequence[pytest.Item]) -> set[pytest.Item]:
    """The cases that a run leaves out of tests marked `sweep(cases=N)`: all but N that the seed chooses."""
    cases: dict[tuple[str, int], list[pytest.Item]] = {}
    for item in items:
        mark = item.get_closest_marker("sweep")
        if mark is not None and "cases" in mark.kwargs:
            cases.setdefault((item.nodeid.partition("[")[0], mark.kwargs["cases"]), []).append(item)
    if len({item.path for item in items}) == 1:  # who names one file wants all of it
        return set()
    return {
        item for (name, most), of_one in cases.items() for item in set(of_one) - set(sample(config, name, of_one, most))
    }
