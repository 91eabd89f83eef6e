"""Latencies of many requests, as the percentiles that people ask for."""

from collections.abc import Sequence
from math import ceil

from msgspec import Struct


class Latency(Struct, frozen=True):
    """Percentiles of a number of times, in seconds."""

    count: int
    p50: float
    p90: float
    p99: float
    p999: float
    worst: float


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the ordered values that at least this share of them (0 to 1) does not exceed (nearest rank)."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def latency(times: Sequence[float]) -> Latency | None:
    """The percentiles; None where there are no times."""
    if not times:
        return None
    ordered = sorted(times)
    return Latency(
        len(ordered),
        percentile(ordered, 0.5),
        percentile(ordered, 0.9),
        percentile(ordered, 0.99),
        percentile(ordered, 0.999),
        ordered[-1],
    )
