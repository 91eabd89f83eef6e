"""Queues before clerks, against what is known of queues."""

import math
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.agencies.latency import share
from onewindow.gateway.simulation.queueing import clerks_for, served

SECONDS = st.floats(0, 1000)


def test_one_clerk() -> None:
    """One clerk serves who comes first, and waits where nobody is there."""
    assert {0: 5, 1: 9, 2: 21} == served({1: 3, 0: 0, 2: 20}, {0: 5, 1: 4, 2: 1}, 1)


def test_two_clerks() -> None:
    """Whoever is first goes to the clerk who is free first."""
    assert {0: 10, 1: 3, 2: 5, 3: 8} == served({0: 0, 1: 1, 2: 2, 3: 3}, {0: 10, 1: 2, 2: 2, 3: 3}, 2)


@given(st.lists(st.tuples(SECONDS, SECONDS), min_size=1, max_size=30), st.integers(1, 5))
def test_nobody_is_done_before_time(customers: list[tuple[float, float]], clerks: int) -> None:
    """Nobody is done before arrival and service, and one more clerk makes nobody later."""
    arrivals = {number: at for number, (at, _) in enumerate(customers)}
    services = {number: takes for number, (_, takes) in enumerate(customers)}
    done, sooner = served(arrivals, services, clerks), served(arrivals, services, clerks + 1)
    assert all(done[each] >= arrivals[each] + services[each] for each in arrivals)
    assert all(sooner[each] <= done[each] + 1e-6 for each in arrivals)


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_queue_of_the_textbook(load: float) -> None:
    """Random arrivals at one clerk with random times take what the M/M/1 queue has: 1 / (1 - load) services."""
    at, arrivals, services = 0.0, {}, {}
    for number in range(60_000):
        at -= math.log(share(1, "arrival", str(number))) / load
        arrivals[number], services[number] = at, -math.log(share(1, "service", str(number)))
    done = served(arrivals, services, 1)
    assert 1 / (1 - load) == pytest.approx(fmean(done[each] - arrivals[each] for each in arrivals), rel=0.1)


@pytest.mark.parametrize(
    ("per_second", "mean", "clerks"), [(0.01, 100, 2), (0.01, 80, 1), (0.01, 80.1, 2), (0.001, 1, 1)]
)
def test_clerks_that_are_needed(per_second: float, mean: float, clerks: int) -> None:
    """There are as few clerks as are at work for at most eight tenths of their time, and never none."""
    assert clerks == clerks_for(per_second, [mean / 2, mean / 2], 0.8)
