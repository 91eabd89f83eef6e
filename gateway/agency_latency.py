"""How long an agency is made to take in trials, as the configuration says it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from ..agencies.duration import parse_duration
from ..agencies.figures_file import BadFigures, read_figures
from ..agencies.latency import Latency, log_normal
from ..codecs.causes import cause
from ..codecs.finding import Text


class LatencyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """latency = { ... }: a log-normal distribution by its median and p90 or p99, or a file of real figures.

    column: of a CSV file with headings, the one that has the figures. unit: of the figures.
    """

    median: str | None = None
    p90: str | None = None
    p99: str | None = None
    file: Path | None = None
    column: str | None = None
    unit: Literal["ms", "s", "m", "h", "d"] = "s"


class BadLatency(Exception):
    """A latency that can't be used; `words` say why, as the rest of a sentence."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


_SHAPE = Text(
    'write { median = "8m", p90 = "25m" } (or p99 instead of p90), or { file = "figures.csv", unit = "m" }',
    "请写作 { median = “8m”, p90 = “25m” }（或以 p99 代替 p90），或 { file = “figures.csv”, unit = “m” }",
)


def latency(table: LatencyTable) -> Latency:
    """The distribution. Raises BadLatency."""
    if table.file is not None:
        if table.median or table.p90 or table.p99:
            raise BadLatency(_SHAPE)
        return _of_file(table.file, table.column, table.unit)
    if table.median is None or (table.p90 is None) == (table.p99 is None) or table.column is not None:
        raise BadLatency(_SHAPE)
    median, upper = parse_duration(table.median), parse_duration(table.p90 or table.p99 or "")
    if median is None or upper is None:
        raise BadLatency(_SHAPE)
    try:
        return log_normal(median.total_seconds(), 0.9 if table.p90 else 0.99, upper.total_seconds())
    except ValueError:
        words = "the higher percentile has to be above the median"
        raise BadLatency(Text(words, "高分位数须大于中位数")) from None


def _of_file(file: Path, column: str | None, unit: str) -> Latency:
    try:
        return read_figures(file, column, unit)
    except BadFigures as bad:
        raise BadLatency(Text(f"{file}: {bad.words.en}", f"{file}：{bad.words.zh}")) from bad
    except OSError as error:
        why = cause(error)
        raise BadLatency(Text(f"{file} can't be read: {why.en}", f"无法读取 {file}：{why.zh}")) from error


def flaws(tables: Mapping[str, LatencyTable | None]) -> Iterator[tuple[str, Text]]:
    """What is wrong with agencies' latencies, by code."""
    for code, table in tables.items():
        try:
            _ = table and latency(table)
        except BadLatency as bad:
            yield code, bad.words
