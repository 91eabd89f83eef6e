"""Standard output and standard error as rich consoles: colours and live displays only where there is a terminal."""

import sys
from functools import cache

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.theme import Theme

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
    return Console(theme=THEME, highlight=False, markup=False, emoji=False, stderr=stderr)


def table(*, expand: bool = True, show_footer: bool = False) -> Table:
    """An empty table in the one form that all commands use: a line under its headings, two blanks between columns."""
    return Table(
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        expand=expand,
        show_footer=show_footer,
        header_style="",
    )


def write_json(document: bytes) -> None:
    """One JSON document on standard output, and its newline."""
    sys.stdout.write(document.decode().rstrip("\n") + "\n")


def write_bytes(document: bytes) -> None:
    """A document on standard output, byte for byte."""
    sys.stdout.flush()
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()
