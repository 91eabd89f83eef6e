"""The budgets of the design: what each path may cost, and whether what was measured keeps to it."""

from collections.abc import Iterable
from typing import Final, Literal

from msgspec import Struct

from onewindow.bench.pairs import Pair

Sense = Literal["at most", "at least"]


class Budget(Struct, frozen=True, kw_only=True):
    """One budget. `unit` stands behind its figures: `x` (times), ` ms`, `/s`, ` MiB`."""

    key: str
    path: str
    sense: Sense
    limit: float
    unit: str = "x"

    @property
    def target(self) -> str:
        """The limit in words."""
        return f"{self.sense} {figure(self.limit)}{self.unit}"

    def holds(self, value: float) -> bool:
        """Whether a figure keeps to the budget."""
        return value <= self.limit if self.sense == "at most" else value >= self.limit


class Measured(Struct, frozen=True, kw_only=True):
    """One figure for one budget: of which document or run, with the quartiles of its rounds where it has rounds."""

    budget: str
    document: str
    value: float
    low: float | None = None
    high: float | None = None
    detail: str = ""


BUDGETS: Final = (
    Budget(
        key="decode-lxml",
        path="decode (parse, XSD validation, binding) against lxml's bare parse + validation",
        sense="at most",
        limit=1.3,
    ),
    Budget(key="decode-lxml-python", path="the same in the Python form", sense="at most", limit=2.1),
    Budget(key="decode-xmlschema", path="decode, times faster than xmlschema's `to_dict`", sense="at least", limit=15),
    Budget(
        key="decode-xsdata",
        path="decode, times faster than xsdata's parser on lxml (it does not validate)",
        sense="at least",
        limit=8,
    ),
    Budget(key="encode-xsdata", path="encode, times faster than xsdata's serializer", sense="at least", limit=30),
    Budget(key="sign-signxml", path="sign one response, times faster than signxml", sense="at least", limit=5),
    Budget(key="codec-path", path="codec path of one declaration", sense="at most", limit=1.5, unit=" ms"),
    Budget(
        key="linear",
        path="cost of one more item, from 100 to 999 against from 10 to 100",
        sense="at most",
        limit=1.15,
    ),
    Budget(
        key="throughput",
        path="durable end to end over HTTP at full rate, reference agencies in process",
        sense="at least",
        limit=1164,
        unit="/s",
    ),
    Budget(key="latency", path="the same at 300/s: p99 of the response", sense="at most", limit=250, unit=" ms"),
    Budget(key="memory", path="memory of a worker, at its peak", sense="at most", limit=150, unit=" MiB"),
)


def slower(key: str, document: str, pair: Pair) -> Measured:
    """Our time by theirs, for a budget that limits how much slower we may be."""
    return Measured(budget=key, document=document, value=pair.ratio, low=pair.low, high=pair.high, detail=_times(pair))


def faster(key: str, document: str, pair: Pair) -> Measured:
    """Their time by ours, for a budget that asks how much faster we have to be."""
    return Measured(
        budget=key,
        document=document,
        value=1 / pair.ratio,
        low=1 / pair.high,
        high=1 / pair.low,
        detail=_times(pair),
    )


def missed(measured: Iterable[Measured]) -> tuple[Measured, ...]:
    """The figures that break their budget."""
    known = {budget.key: budget for budget in BUDGETS}
    return tuple(each for each in measured if not known[each.budget].holds(each.value))


def figure(value: float) -> str:
    """A number with three digits that count, and no fewer than its whole ones."""
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def seconds(value: float) -> str:
    """A time in the unit that suits it, with three digits that count."""
    for unit, size in (("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3)):
        if value < 999.5 * size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g} s"


def _times(pair: Pair) -> str:
    return f"{seconds(pair.ours)} against {seconds(pair.theirs)}"
