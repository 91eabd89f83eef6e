"""Percentiles: exact for as many values as are kept, within the error that is promised beyond."""

import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway import percentiles
from onewindow.gateway.percentiles import ERROR, EXACT_MAX, SMALLEST, Spread, Values

values = st.lists(st.floats(0, 1e9) | st.sampled_from([0.0, 1.0, 1e-9, 1e-12, 86_400.0]), min_size=1, max_size=60)


def nearest_rank(given: list[float], percent: int) -> float:
    """The smallest value that so many in a hundred do not exceed."""
    return next(each for each in sorted(given) if 100 * sum(other <= each for other in given) >= percent * len(given))


def spread(given: list[float]) -> Spread:
    """The spread of these values."""
    counted = Values()
    for each in given:
        counted.add(each)
    return counted.spread()


@given(given=values)
def test_few_values_are_exact(given: list[float]) -> None:
    """Percentiles are those of a model that looks at every value, each of them one of the values."""
    expected = Spread(
        count=len(given),
        median=nearest_rank(given, 50),
        p90=nearest_rank(given, 90),
        p99=nearest_rank(given, 99),
        largest=max(given),
        exact=True,
    )
    assert expected == spread(given)


def test_no_values() -> None:
    """Of no values there are no percentiles."""
    assert Spread(count=0, median=None, p90=None, p99=None, largest=None, exact=True) == spread([])


@given(given=values, kept=st.integers(0, 5), seed=st.integers(0, 9))
def test_more_values_are_within_the_error(given: list[float], kept: int, seed: int) -> None:
    """With more values than are kept each percentile is within the error, in whatever order they come."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(percentiles, "EXACT_MAX", kept)
        found = spread(given)
        shuffled = random.Random(seed).sample(given, len(given))
        assert found == spread(shuffled)
    assert (len(given), max(given), len(given) <= kept) == (found.count, found.largest, found.exact)
    for percent, told in ((50, found.median), (90, found.p90), (99, found.p99)):
        assert told is not None
        exactly = nearest_rank(given, percent)
        assert abs(told - exactly) <= ERROR * exactly * 1.0001 + SMALLEST


def test_where_exactness_ends() -> None:
    """EXACT_MAX values are told exactly, one more is not; memory is then that of the buckets."""
    counted = Values()
    for number in range(EXACT_MAX):
        counted.add(number + 0.5)
    assert (True, EXACT_MAX / 2 - 0.5) == (counted.spread().exact, counted.spread().median)
    counted.add(1e6)
    assert (False, EXACT_MAX + 1) == (counted.spread().exact, counted.spread().count)
    for number in range(10 * EXACT_MAX):
        counted.add(10 ** (number % 240 / 10 - 12) * (1 + number / EXACT_MAX))
    assert len(pickle.dumps(counted)) < EXACT_MAX * 8 / 4
