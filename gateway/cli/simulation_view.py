"""What a simulation shows: a table, the times as strips on one axis, and how it was done."""

from collections.abc import Iterator
from math import log10
from typing import Final

import msgspec
from rich.text import Text

from ...agencies.latency import Figures, Latency
from ..simulation import KEYING, LOAD_MAX, SOURCES, WALK, Result, Way
from .console import stdout, write_json
from .console import table as new_table
from .language import label, text
from .terms import both
from .wrapping import wrapped

_STRIP: Final = 60
_TICKS: Final = (
    (1, "1m"),
    (5, "5m"),
    (10, "10m"),
    (30, "30m"),
    (60, "1h"),
    (120, "2h"),
    (240, "4h"),
    (480, "8h"),
    (1440, "24h"),
)


def write(result: Result) -> None:
    """The result as one JSON document; times in seconds."""
    write_json(
        msgspec.json.encode(
            {
                "settings": result.settings,
                "ways": [
                    {
                        "way": way.code,
                        "name": way.name,
                        "seconds": {
                            "median": way.spread.median,
                            "p90": way.spread.p90,
                            "p99": way.spread.p99,
                            "mean": way.mean,
                            "largest": way.spread.largest,
                        },
                        "per_hour": way.per_hour,
                    }
                    for way in result.ways
                ],
                "gateway_seconds": result.overhead,
                "agreement": result.agreement,
                "counters": [
                    {
                        "name": each.name,
                        "agency": each.agency or None,
                        "clerks": result.clerks[each.name.en],
                        "seconds": {"median": each.service.at(0.5), "p90": each.service.at(0.9)},
                        "why": each.why,
                        "source": each.source,
                    }
                    for each in result.counters
                ],
                "after": result.after,
                "left_out": result.left_out,
                "method": list(_method(result)),
                "sources": SOURCES,
            }
        )
    )


def show(result: Result) -> None:
    """The result on the console."""
    console = stdout()
    table = new_table(expand=False)
    table.add_column("Minutes from submission to answer\n从申报到办结的分钟数", no_wrap=True)
    for heading in ("median\n中位数", "p90\n", "p99\n", "mean\n平均", "an hour\n每小时"):
        table.add_column(heading, justify="right", no_wrap=True)
    for way in result.ways:
        found = (way.spread.median, way.spread.p90, way.spread.p99, way.mean)
        name = both(way.name, "good" if way.code == "window" else "", "\n")
        table.add_row(name, *(f"{(each or 0) / 60:.1f}" for each in found), f"{way.per_hour:.1f}")
    console.print(table)
    console.print()
    for line in _strips(result.ways):
        console.print(Text(line), soft_wrap=True)
    console.print(label("╶ 1 to 99 %  ━ 10 to 90 %  █ median 中位数"), style="quiet")
    console.print()
    _show_counters(result)
    for line in (*_method(result), *(text(each, "\n") for each in SOURCES)):
        for part in wrapped(line, console.width):
            console.print(Text(part, "quiet"), soft_wrap=True)


def _show_counters(result: Result) -> None:
    table = new_table(expand=False)
    for heading in ("Counter\n柜台", "Clerks\n人数", "Median, p90\n中位数、p90", "Source\n来源"):
        table.add_column(heading, no_wrap=True)
    for each in result.counters:
        clerks, source = str(result.clerks[each.name.en]), text(each.source)
        table.add_row(both(each.name), clerks, _times(each.service), source)
    stdout().print(table)
    for each in result.counters:
        stdout().print(Text(f"{each.name.en}: {each.why.en}", "quiet"), soft_wrap=True)
    if result.left_out:
        codes = ", ".join(result.left_out)
        stdout().print(
            f"{label('Left out, for they have no counter 没有对应柜台，未纳入')}  {codes}",
            style="mixed",
            soft_wrap=True,
        )
    stdout().print()


def _times(service: Latency) -> str:
    kind = f"{len(service.seconds)} figures: " if isinstance(service, Figures) else ""
    return f"{kind}{_minutes(service.at(0.5))}, {_minutes(service.at(0.9))}"


def _minutes(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _strips(ways: tuple[Way, ...]) -> Iterator[str]:
    """One line for each way on a logarithmic axis: from the fastest hundredth to the slowest."""
    rising = [sorted(way.seconds) for way in ways]
    low = log10(max(min(each[0] for each in rising), 6)) - 0.02
    high = log10(max(each[-1] for each in rising)) + 0.02

    def place(seconds: float) -> int:
        return round((log10(max(seconds, 10**low)) - low) / (high - low) * (_STRIP - 1))

    for way, seconds in zip(ways, rising, strict=True):
        last = len(seconds) - 1
        first, tenth, middle, ninth, hundredth = (
            place(seconds[min(int(share * len(seconds)), last)]) for share in (0.01, 0.1, 0.5, 0.9, 0.99)
        )
        strip = [" "] * _STRIP
        strip[first : hundredth + 1] = "╶" * (hundredth - first + 1)
        strip[tenth : ninth + 1] = "━" * (ninth - tenth + 1)
        strip[middle] = "█"
        yield f"{way.code:<15}{''.join(strip)}"
    axis = [" "] * (_STRIP + 6)
    for minutes, tick in _TICKS:
        if low <= log10(minutes * 60) <= high:
            axis[place(minutes * 60) : place(minutes * 60) + len(tick)] = tick
    yield " " * 15 + "".join(axis).rstrip()


def _method(result: Result) -> Iterator[str]:
    own, gateway = result.settings, result.overhead * 1000
    first = "; ".join(f"{code} after {' and '.join(before)}" for code, before in result.after.items() if before)
    yield (
        f"Method: {own.declarations} sample imports of 1 to 9 items come at random, {own.per_hour:g} an hour "
        f"(seed {own.seed}). All ways have the same declarations, the same clerks and the same time for each "
        "declaration at each agency. Queues are first come, first served; of clerks there are as few as are at work "
        f"for at most {LOAD_MAX:.0%} of their time at the counters. There, papers are carried from one to the next "
        f"({_times(WALK)}) and keyed in at each agency's ({_times(KEYING)}). The window asks all agencies at once"
        f"{f', but {first}' if first else ''}. Times are working hours: nights, inspections and supplements are left "
        "out on all sides, and the window's answer does not wait for payment."
    )
    yield (
        "The queues are simulated in all ways; to the window's times is added what the gateway itself takes, "
        f"{gateway:.1f} ms, measured here at full speed."
    )
    if (found := result.agreement) is not None:
        yield (
            f"Check of the simulation: the first {found.declarations} declarations also went through a real gateway in "
            f"this process, {own.speed:g} times faster than life; its own milliseconds count so many times as well. "
            f"Median measured {_minutes(found.measured_median)}, simulated {_minutes(found.modelled_median)}; apart by "
            f"{found.apart_median:.0f} s in the median and {found.apart_max:.0f} s at most."
        )
