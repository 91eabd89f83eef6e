"""How long an agency takes: distributions of times, drawn from without chance, so that a seed repeats each of them.

A draw is the quantile at a share between 0 and 1, and the share comes of a seed and of what is drawn for: the same
declaration has the same time at the same agency, whatever else is drawn, in whatever order, in whichever process.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256
from statistics import NormalDist
from typing import Final, TypeAlias

from msgspec import Struct

SECONDS_MAX: Final = 30 * 86_400.0
"""No draw is longer: a log-normal distribution has no end."""

_NORMAL: Final = NormalDist()


class LogNormal(Struct, frozen=True):
    """Times whose logarithms are spread normally, as service times mostly are. median: seconds; sigma: above 0."""

    median: float
    sigma: float

    def at(self, share: float) -> float:
        """The time that this share of all times do not exceed, in seconds; share: between 0 and 1."""
        return min(self.median * math.exp(self.sigma * _NORMAL.inv_cdf(share)), SECONDS_MAX)

    @property
    def mean(self) -> float:
        """The mean, in seconds."""
        return self.median * math.exp(self.sigma**2 / 2)


def log_normal(median: float, percentile: float, seconds: float) -> LogNormal:
    """The distribution by its median and one higher percentile, such as 0.9, both in seconds.

    Raises ValueError where the percentile's time is not above the median, or the median not above 0.
    """
    if not 0 < median < seconds:
        raise ValueError(f"{seconds} s at {percentile} is not above a median of {median} s")
    return LogNormal(median, math.log(seconds / median) / _NORMAL.inv_cdf(percentile))


class Figures(Struct, frozen=True):
    """Times that really occurred, in seconds and in rising order; at least one."""

    seconds: tuple[float, ...]

    def at(self, share: float) -> float:
        """One of the figures: the one at this share of them."""
        return self.seconds[min(int(share * len(self.seconds)), len(self.seconds) - 1)]

    @property
    def mean(self) -> float:
        """The mean, in seconds."""
        return math.fsum(self.seconds) / len(self.seconds)

    def share_below(self, seconds: float) -> float:
        """The share of figures that do not exceed a time."""
        return bisect_right(self.seconds, seconds) / len(self.seconds)


Latency: TypeAlias = LogNormal | Figures


def share(seed: int, *of: str) -> float:
    """A share between 0 and 1, both left out, evenly spread over what it is drawn for and the same for the same."""
    drawn = int.from_bytes(sha256("\x00".join([str(seed), *of]).encode()).digest()[:8], "big")
    return (drawn + 0.5) / 2**64


def figures(seconds: Sequence[float]) -> Figures:
    """The distribution of figures in any order. Raises ValueError without any, or where one is below 0 or no number."""
    if not seconds or not all(0 <= each <= SECONDS_MAX for each in seconds):
        raise ValueError(f"figures are at least one number from 0 to {SECONDS_MAX:g} seconds")
    return Figures(tuple(sorted(seconds)))
