"""Standard output and standard error as rich consoles: colours and live displays only where there is a terminal.

Whatever a command writes for people goes through here, and is made harmless here: no view has to think of it, and no
other module writes to a stream.
"""

import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from . import harmless
from .language import label

THEME = Theme(
    {
        "good": "green",
        "mixed": "yellow",
        "bad": "red",
        "running": "cyan",
        "good.strong": "bold green",
        "mixed.strong": "bold yellow",
        "bad.strong": "bold red",
        "term": "bold",
        "quiet": "dim",
    }
)


class HarmlessConsole(Console):
    """A console that escapes in every text what could do something to a terminal."""

    def render_str(self, text: str, **how: Any) -> Text:
        """A string as a text; before rich, which takes some controls out without a trace."""
        return super().render_str(harmless.lines(text), **how)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Every part of every display passes here; what rich writes itself to steer the terminal is marked as such."""
        shown = harmless.cell(renderable) if isinstance(renderable, Text) else renderable
        for segment in super().render(shown, options):
            yield segment if segment.control else segment._replace(text=harmless.lines(segment.text))


class HarmlessTable(Table):
    """A table that measures its cells as they will be shown."""

    def add_column(self, header: RenderableType = "", *more: Any, **how: Any) -> None:
        """Add a column; its heading is in the reader's language."""
        how = {"overflow": "fold"} | how  # what is shown is there to be copied: nothing of it is left out
        super().add_column(label(header) if isinstance(header, str) else header, *more, **how)

    def add_row(self, *cells: RenderableType | None, **how: Any) -> None:
        """Add a row."""
        super().add_row(*map(_cell, cells), **how)


def _cell(shown: RenderableType | None) -> RenderableType | None:
    if isinstance(shown, str):
        return harmless.lines(shown)
    return harmless.cell(shown) if isinstance(shown, Text) else shown


@cache
def stdout() -> Console:
    """What was asked for."""
    return _console(stderr=False)


@cache
def stderr() -> Console:
    """Progress and messages."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    """Strings are shown as they are, brackets and colons too: most of what is shown was written by somebody else."""
    return HarmlessConsole(theme=THEME, highlight=False, markup=False, emoji=False, stderr=stderr)


def table(*, expand: bool = True, show_footer: bool = False) -> Table:
    """An empty table in the one form that all commands use: a line under its headings, two blanks between columns."""
    return HarmlessTable(
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        expand=expand,
        show_footer=show_footer,
        header_style="",
    )


class ByWidth:
    """What is shown otherwise where there is less room: made anew for the width that there is."""

    def __init__(self, make: Callable[[int], RenderableType]) -> None:
        self._make = make

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        yield self._make(options.max_width)


def grid(*, expand: bool = False, padding: tuple[int, int] = (0, 0)) -> Table:
    """A table without headings and lines."""
    return HarmlessTable.grid(expand=expand, padding=padding)


def write_fields(console: Console, fields: Iterable[str]) -> None:
    """One line of fields with tabs between them, each with single blanks in it: for grep, cut and people."""
    console.file.write("\t".join(harmless.one_line(" ".join(field.split())) for field in fields) + "\n")


def write_json(document: bytes) -> None:
    """One JSON document on standard output, and its newline; in UTF-8 always, as JSON is between programs."""
    text = harmless.json_text(document.decode(errors="replace").rstrip("\n"))
    write_bytes(text.encode() + b"\n")


def write_bytes(document: bytes) -> None:
    """A document on standard output, byte for byte."""
    sys.stdout.flush()
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()
