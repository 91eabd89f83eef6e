"""Supervision as tables: what became of messages, with a bar for each agency; times; the slowest; procedures."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...codecs.finding import Text as Words
from ..config import PROCEDURES
from ..percentiles import ERROR, Spread
from ..supervision import AgencyFigures, ProcedureFigures, Ratings, SlowMessage, Supervision
from .agencies_view import BAR_CELLS_MIN, duration
from .console import table as new_table
from .language import label, said, spoken, text
from .moments import moment
from .terms import OUTCOMES, STANDINGS, WAYS, both, term

BAR_CELLS: Final = 16
NAME_CELLS: Final = 27
ROW_COUNT_MAX: Final = 10
"""Rows of the table of the slowest messages."""

_EXPLAINED: Final = Words(
    "50, 90, 99 %: so many answers took no longer; of limit: 90 % of them.",
    "50 %、90 %、99 % 的答复用时不超过所列；占时限按 90 % 计。逾期：超时仍未答复。",
)
_BLOCKS: Final = {"on-time": "█", "late": "▓", "deemed": "▒", "open": "░", "dropped": "·"}


def show_supervision(console: Console, found: Supervision) -> None:
    """Print all of it."""
    stretch = f"{moment(found.received_from)} - {moment(found.received_to)}"
    console.print(f"{label('Supervision 电子监察')}  {label('cases received 受理办件')} {found.cases}", markup=False)
    console.print(stretch, style="quiet", markup=False)
    console.print()
    if found.agencies:
        with_bars = console.width >= BAR_CELLS_MIN
        console.print(_counts(found.agencies, with_bars=with_bars))
        if with_bars:
            console.print(_legend())
        for row in found.agencies:
            if row.not_concerned:
                way = term(WAYS, row.procedure)
                words = f"{label('not concerned 不涉及')}  {text(row.name)}  {way.said}  {row.not_concerned}"
                console.print(words, style="quiet", markup=False)
        console.print()
        console.print(_times(found.agencies))
        console.print(text(_EXPLAINED, "\n"), style="quiet", markup=False)
        console.print()
    slowest = [(figures, slow) for figures in found.agencies for slow in figures.slowest]
    if slowest:
        slowest.sort(key=lambda pair: (pair[1].of_limit or 0, pair[1].elapsed_seconds), reverse=True)
        console.print(_slowest(slowest[:ROW_COUNT_MAX]))
        console.print()
    console.print(_procedures(found.procedures))
    spreads = [each.elapsed_seconds for each in found.agencies] + [each.elapsed_seconds for each in found.procedures]
    if not all(spread.exact for spread in spreads):
        words = said(f"~ within {ERROR:.0%} of the exact percentile", f"误差在 {ERROR:.0%} 以内")
        console.print(words, style="quiet", markup=False)


def _counts(rows: Sequence[AgencyFigures], *, with_bars: bool) -> Table:
    table = _table(
        "Messages 报文", ("Sent\n分发", "On time\n按时", "Late\n超时", "Deemed\n视为", "Open\n在办"), NAME_CELLS
    )
    if with_bars:
        table.add_column("", no_wrap=True)
    for name, row in _named(rows):
        counts = () if row is None else (row.sent, row.on_time, row.late, row.deemed, row.open)
        table.add_row(name, *(_count(count) for count in counts), *([] if row is None or not with_bars else [bar(row)]))
    return table


def _times(rows: Sequence[AgencyFigures]) -> Table:
    headings = ("Warned\n预警", "Overdue\n逾期", "50 %", "90 %", "99 %", "Of limit\n占时限")
    table = _table("Time taken 用时", headings, NAME_CELLS)
    for name, row in _named(rows):
        if row is None:
            table.add_row(name)
            continue
        if row.calendar is not None:
            name.append(f" {row.calendar}", "quiet")
        share = "" if row.of_limit.p90 is None else f"{row.of_limit.p90:.0%}"
        overdue = Text(str(row.open_overdue), "bad" if row.open_overdue else "quiet")
        table.add_row(name, _count(row.warned), overdue, *_percentiles(row.elapsed_seconds), share)
    return table


def _table(first: str, numbers: Sequence[str], width: int | None = None) -> Table:
    table = new_table(expand=False)
    table.add_column(first, overflow="fold", min_width=width)
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _named(rows: Sequence[AgencyFigures]) -> Iterator[tuple[Text, AgencyFigures | None]]:
    """The agencies under a line with the procedure in which they are counted."""
    for place, figures in groupby(sorted(rows, key=_place), key=_place):
        way = term(WAYS, PROCEDURES[place])
        yield Text(way.said, "term"), None
        for row in figures:
            yield both(row.name), row


def _place(row: AgencyFigures) -> int:
    return PROCEDURES.index(row.procedure)


def _count(count: int) -> Text:
    return Text(str(count), "" if count else "quiet")


def bar(row: AgencyFigures) -> Text:
    """What became of an agency's messages, in BAR_CELLS cells; whatever there is of has one of them at least."""
    counts = {"on-time": row.on_time, "late": row.late, "deemed": row.deemed, "open": row.open, "dropped": row.dropped}
    exact = {name: count * BAR_CELLS / sum(counts.values()) for name, count in counts.items() if count}
    cells = {name: max(1, int(share)) for name, share in exact.items()}
    while cells and sum(cells.values()) < BAR_CELLS:
        cells[max(cells, key=lambda name: exact[name] - cells[name])] += 1
    while sum(cells.values()) > BAR_CELLS:
        wide = (name for name, count in cells.items() if count > 1)
        cells[max(wide, key=lambda name: cells[name] - exact[name])] -= 1
    return Text.assemble(*((_BLOCKS[name] * count, term(STANDINGS, name).style) for name, count in cells.items()))


def _legend() -> Text:
    words = [(block, term(STANDINGS, name)) for name, block in _BLOCKS.items()]
    return Text("  ").join(Text.assemble((block, each.style), " ", both(each)) for block, each in words)


def _percentiles(spread: Spread) -> list[str]:
    mark = "" if spread.exact else "~"
    values = (spread.median, spread.p90, spread.p99)
    return ["" if value is None else mark + duration(value) for value in values]


def _slowest(rows: list[tuple[AgencyFigures, SlowMessage]]) -> Table:
    table = new_table(expand=False)
    table.add_column("Slowest 用时最长", no_wrap=True)
    table.add_column("Agency\n部门", min_width=11)
    table.add_column("Took\n用时", justify="right", no_wrap=True)
    table.add_column("Of limit\n占时限", justify="right", no_wrap=True)
    table.add_column("")
    for figures, slow in rows:
        table.add_row(
            slow.case_id,
            figures.name.en if spoken()[0] else figures.name.zh,
            duration(slow.elapsed_seconds),
            "" if slow.of_limit is None else f"{slow.of_limit:.0%}",
            term(STANDINGS, slow.standing.value).text(),
        )
    return table


def _procedures(rows: tuple[ProcedureFigures, ...]) -> Table:
    table = _table("Procedure 流程", ("Received\n受理", "Decided\n办结", "Open\n在办", "50 %", "90 %", "99 %"))
    table.add_column("Rated\n评价", justify="right", no_wrap=True)
    table.add_column("Outcomes 办理结果")
    for row in rows:
        reached = [(term(OUTCOMES, name), count) for name, count in row.outcomes.items() if count]
        outcomes = (Text.assemble(f"{count} ", (each.said, each.style)) for each, count in reached)
        table.add_row(
            term(WAYS, row.procedure).text(),
            *(_count(count) for count in (row.received, row.decided, row.open)),
            *_percentiles(row.elapsed_seconds),
            _rated(row.ratings),
            Text("\n").join(outcomes),
        )
    return table


def _rated(ratings: Ratings) -> str:
    """The traders' average, and how many of them rated."""
    return "" if ratings.average is None else f"{ratings.average:.1f} ({ratings.count})"
