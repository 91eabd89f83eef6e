"""The agencies of a case side by side, each with a bar for the time in which it had the message."""

from time import monotonic
from typing import Final

from msgspec import Struct
from rich.bar import Bar
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ...codecs.finding import Text as Words
from ..status import AgencyStatus, Status
from .console import ByWidth, grid
from .console import table as new_table
from .terms import DECISIONS, DEEMED, OUTCOMES, STATES, Term, both, term

BAR_CELLS_MIN: Final = 76
"""Cells of a terminal from which on there is room for the time axis."""

_SCALES: Final = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)


class Lane(Struct, frozen=True):
    """One agency's part, in seconds from the moment the case was accepted; `end` is None while it is at work."""

    name_en: str
    name_zh: str
    words: Term
    start: float | None
    end: float | None


def lanes(status: Status) -> tuple[Lane, ...]:
    """The lanes of a case, in the order of its plan."""
    return tuple(_lane(agency, status) for agency in status.agencies)


def _lane(agency: AgencyStatus, status: Status) -> Lane:
    decisions = DEEMED if agency.state == "deemed" else DECISIONS
    words = term(STATES, agency.state.value) if agency.outcome is None else term(decisions, agency.outcome.value)
    if status.outcome == "withdrawn" and agency.outcome is None:
        words = OUTCOMES["withdrawn"]
    ended_at = agency.replied_at or status.decided_at
    return Lane(
        agency.name.en,
        agency.name.zh,
        words,
        None if agency.sent_at is None else (agency.sent_at - status.received_at).total_seconds(),
        None if ended_at is None else (ended_at - status.received_at).total_seconds(),
    )


def agencies_table(rows: tuple[Lane, ...], elapsed: float, least: float = 0) -> ByWidth:
    """The lanes against one time axis from acceptance (0) to `elapsed` seconds, at least `least`, or a little more.

    Where there is no room for the axis, the times alone say it.
    """
    return ByWidth(lambda width: _table(rows, elapsed, least, with_bars=width >= BAR_CELLS_MIN))


def _table(rows: tuple[Lane, ...], elapsed: float, least: float, *, with_bars: bool) -> Table:
    size = next((scale for scale in _SCALES if scale >= max(elapsed, least)), elapsed)
    axis = grid(expand=True)
    axis.add_column()
    axis.add_column(justify="right")
    axis.add_row(Text("0", "quiet"), Text(duration(size), "quiet"))
    table = new_table(expand=with_bars)
    table.add_column("Agency 部门", no_wrap=with_bars)
    if with_bars:
        table.add_column(axis, ratio=1, no_wrap=True)
    table.add_column("Answer 答复", no_wrap=with_bars, min_width=17 if with_bars else None)
    table.add_column("Sent, answered\n分发、答复", justify="right", no_wrap=True)
    for lane in rows:
        bars = (_bar(lane, elapsed, size),) if with_bars else ()
        times = Text("" if lane.start is None else span(lane.start, lane.end))
        table.add_row(both(Words(lane.name_en, lane.name_zh)), *bars, lane.words.text(), times)
    return table


def _bar(lane: Lane, elapsed: float, size: float) -> RenderableType:
    if lane.start is None:
        return Text("")
    colour = {"good": "green", "mixed": "yellow", "bad": "red", "running": "cyan"}.get(lane.words.style, "white")
    return Bar(size, lane.start, elapsed if lane.end is None else lane.end, color=colour)


def duration(seconds: float) -> str:
    """A duration in the unit that suits it: `12 ms`, `0.84 s`, `12 min`, `3.5 h`."""
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def span(start: float, end: float | None) -> str:
    """From when to when, in seconds since acceptance; open where there is no end yet."""
    if end is None:
        return f"{start:.2f} s -     " if start < 100 else f"{duration(start)} -"
    return f"{start:.2f} - {end:.2f} s" if end < 100 else f"{duration(start)} - {duration(end)}"


class LiveCase:
    """The agencies of a case as they stand now, for a live display: bars grow between two looks at the gateway.

    least: seconds that the time axis covers from the start, so that it need not change while one watches.
    """

    def __init__(self, least: float = 0) -> None:
        self._least = least
        self._status: Status | None = None
        self._seen = 0.0

    def see(self, status: Status) -> None:
        """Show this from now on."""
        self._status = status
        self._seen = monotonic()

    def __rich__(self) -> RenderableType:
        """The table at this moment, by the gateway's clock and not by this machine's."""
        if self._status is None:
            return Text("")
        passed = 0.0 if self._status.decided_at else monotonic() - self._seen
        return agencies_table(lanes(self._status), self._status.elapsed_seconds + passed, self._least)
