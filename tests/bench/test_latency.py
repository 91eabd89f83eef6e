"""Percentiles of latencies."""

from onewindow.bench.latency import Latency, latency, percentile


def test_percentiles() -> None:
    """Of a hundred times the p-th percentile is the p-th in order, whatever order they came in."""
    times = [float(number) for number in range(100, 0, -1)]
    assert Latency(count=100, p50=50, p90=90, p99=99, p999=100, worst=100) == latency(times)


def test_few_times() -> None:
    """A single time is every percentile; without times there is none."""
    assert Latency(count=1, p50=7, p90=7, p99=7, p999=7, worst=7) == latency([7])
    assert None is latency([])


def test_the_lowest_share() -> None:
    """No share is below the first value."""
    assert 1.0 == percentile([1.0, 2.0], 0.0)
