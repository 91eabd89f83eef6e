"""Real figures from a file: one number a line, or a column of CSV."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ..codecs.bounded_file import read_file
from ..codecs.finding import Text
from .latency import Figures, figures

LINES_MAX: Final = 1_000_000
FILE_BYTES_MAX: Final = 64 * 1024 * 1024

UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


class BadFigures(Exception):
    """A file whose figures can't be used; `words` say why, as part of a sentence."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


def read_figures(path: Path, column: str | None = None, unit: str = "s") -> Figures:
    """The figures of a file, in seconds. column: the heading of the column that has them, for CSV with a heading.

    Without one every line is a number; blank lines and those that begin with # are passed over. unit: one of UNITS.
    Raises BadFigures, and OSError where the file can't be read.
    """
    content = read_file(path, FILE_BYTES_MAX)
    try:
        lines = io.StringIO(content.decode("utf-8-sig"), newline="")
        texts = _lines(lines) if column is None else _column(lines, column)
        seconds = [number * UNITS[unit] for number in _numbers(texts)]
        return figures(seconds)
    except UnicodeDecodeError as error:
        raise BadFigures(Text("it is not in UTF-8", "文件未采用 UTF-8 编码")) from error
    except csv.Error as error:
        raise BadFigures(Text(f"it is not CSV: {error}", "文件不是 CSV")) from error
    except ValueError as error:
        words = "it has no figures, or one that is no time from 0 to 30 days"
        raise BadFigures(Text(words, "没有数值，或数值不在0至30天之间")) from error


def _lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        if (text := line.strip()) and not text.startswith("#"):
            yield number, text


def _column(lines: Iterable[str], column: str) -> Iterator[tuple[int, str]]:
    rows = csv.DictReader(lines)
    if column not in (rows.fieldnames or ()):
        known = ", ".join(rows.fieldnames or ())
        raise BadFigures(Text(f"it has no column {column}; there are: {known}", f"没有列 {column}；现有：{known}"))
    for row in rows:
        if text := (row[column] or "").strip():
            yield rows.line_num, text


def _numbers(texts: Iterable[tuple[int, str]]) -> Iterator[float]:
    for count, (line, text) in enumerate(texts):
        if count == LINES_MAX:
            raise BadFigures(Text(f"it has more than {LINES_MAX} figures", f"数值超过 {LINES_MAX} 个"))
        try:
            yield float(text)
        except ValueError:
            words = Text(f"line {line} is no number: {text[:40]!r}", f"第 {line} 行不是数值：“{text[:40]}”")
            raise BadFigures(words) from None
