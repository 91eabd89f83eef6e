"""Percentiles of any number of values in little memory.

A percentile is the smallest value that so many in a hundred of all values do not exceed (nearest rank). Up to EXACT_MAX
values it is exact. With more of them they are counted in buckets whose bounds grow by a constant factor, as in DDSketch
(Masson, Rim, Lee, VLDB 2019): what is told then is within ERROR of the exact percentile, for certain and in whatever
order the values came.
"""

import math
from array import array
from typing import Final

import msgspec

EXACT_MAX: Final = 10_000
ERROR: Final = 0.01
SMALLEST: Final = 1e-9
"""Values below it are counted as none: the number of buckets must have an end."""

_FACTOR: Final = (1 + ERROR) / (1 - ERROR)
_ZERO: Final = math.floor(math.log(SMALLEST, _FACTOR)) - 1


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How values are spread: how many there are, three percentiles and the largest, None where there are none.

    `exact`: the percentiles are values; otherwise they are within one per cent of one.
    """

    count: int
    median: float | None
    p90: float | None
    p99: float | None
    largest: float | None
    exact: bool


class Values:
    """Values, none of them negative, as far as is needed to tell their spread."""

    def __init__(self) -> None:
        self._count = 0
        self._largest = 0.0
        self._exact = array("d")
        self._buckets: dict[int, int] = {}

    def add(self, value: float) -> None:
        """One more value."""
        self._count += 1
        self._largest = max(self._largest, value)
        if self._buckets:
            self._put(value)
            return
        self._exact.append(value)
        if len(self._exact) > EXACT_MAX:
            for each in self._exact:
                self._put(each)
            self._exact = array("d")

    def _put(self, value: float) -> None:
        bucket = _ZERO if value < SMALLEST else math.ceil(math.log(value, _FACTOR))
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1

    def spread(self) -> Spread:
        """How the values are spread."""
        median, p90, p99 = self._percentiles(50, 90, 99)
        return Spread(
            count=self._count,
            median=median,
            p90=p90,
            p99=p99,
            largest=self._largest if self._count else None,
            exact=not self._buckets,
        )

    def _percentiles(self, *percents: int) -> list[float | None]:
        if not self._count:
            return [None for _ in percents]
        ranks = [-(-percent * self._count // 100) for percent in percents]
        if self._buckets:
            return [self._at(rank) for rank in ranks]
        in_order = sorted(self._exact)
        return [in_order[rank - 1] for rank in ranks]

    def _at(self, rank: int) -> float:
        """The middle of the bucket in which the value of this rank is."""
        for bucket in sorted(self._buckets):
            rank -= self._buckets[bucket]
            if rank <= 0:
                break
        return 0.0 if bucket == _ZERO else min(2 * _FACTOR**bucket / (_FACTOR + 1), self._largest)
