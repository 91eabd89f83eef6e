"""The results of a benchmark run as Markdown: `python -m bench.table RESULTS.json TABLE.md`.

Reads the JSON that pytest-benchmark writes. One table for each group; the fastest of a group is first, and the others
say how many times its median they take.
"""

import sys
from pathlib import Path

import msgspec

NANO, MICRO, MILLI = 1e-9, 1e-6, 1e-3


class Stats(msgspec.Struct, frozen=True):
    """What was measured: the median and the interquartile range in seconds, and the number of rounds."""

    median: float
    iqr: float
    rounds: int


class Benchmark(msgspec.Struct, frozen=True):
    """One benchmark of the run."""

    name: str
    stats: Stats
    group: str | None = None


class Results(msgspec.Struct, frozen=True):
    """A run: its benchmarks, and when it was (RFC 3339)."""

    benchmarks: tuple[Benchmark, ...]
    datetime: str


def seconds(value: float) -> str:
    """A time in the unit that suits it, with three digits that count."""
    for unit, size in (("ns", NANO), ("us", MICRO), ("ms", MILLI)):
        if value < 999.5 * size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g} s"


def table(results: Results) -> str:
    """The Markdown for one run."""
    groups: dict[str, list[Benchmark]] = {}
    for each in results.benchmarks:
        groups.setdefault(each.group or "ungrouped", []).append(each)
    lines = [f"# Benchmarks, {results.datetime[:10]}", ""]
    for group, members in sorted(groups.items()):
        fastest = min(each.stats.median for each in members)
        lines += [f"## {group}", "", "| | median | interquartile range | times the fastest | rounds |"]
        lines += ["| --- | ---: | ---: | ---: | ---: |"]
        lines += [
            f"| {each.name} | {seconds(each.stats.median)} | {seconds(each.stats.iqr)} "
            f"| {each.stats.median / fastest:.2f} | {each.stats.rounds} |"
            for each in sorted(members, key=lambda each: each.stats.median)
        ]
        lines.append("")
    return "\n".join(lines)


def main(source: str, target: str) -> None:
    """Reads one file and writes the other; msgspec.ValidationError if the first isn't a benchmark's result."""
    results = msgspec.json.decode(Path(source).read_bytes(), type=Results)
    Path(target).write_text(table(results), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
