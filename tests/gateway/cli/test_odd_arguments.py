"""Odd values for every argument and option of every command: none of them is taken for a fault of the program."""

import asyncio
import random
from collections.abc import Coroutine, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from cyclopts import App
from support.command_line import Run

from onewindow.gateway.cli import verify as verify_module
from onewindow.gateway.cli.application import application

SEED: Final = 20261201
EACH: Final = 3
"""Values tried of each option, beside all times of those that take a time."""

TEXTS: Final = (
    "",
    " ",
    "-",
    "-1",
    "0",
    "9" * 30,
    "nan",
    "inf",
    "1e400",
    "x" * 5000,
    "\udcff",
    "\u202e\x1b[31m",
    "\u6d77\u5173",
    "a\nb",
    "/dev/null",
    "no/such/file",
    "http://[::1",
    "http://127.0.0.1:99999",
    "127.0.0.1:1",
    "{}",
    "%s%00",
)
TIMES: Final = (
    "0001-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59",
    "9999-12-31T23:59:59-12:00",
    "1900-01-01T00:00:00+23:59",
    "0000-01-01",
    "2026-02-30",
    "2026-03-29T02:30:00",
)
LIKELY: Final = {
    "CASE_ID": "0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f",
    "FILE": "no/such/file",
    "--url": "http://127.0.0.1:9",
    "--outcome": "approved",
    "SCORE": "5",
}
"""What stands for the others of a command's arguments, so that it comes to the odd one."""

SERVERS: Final = frozenset({"serve", "demo", "simulate", "run", "check"})
"""Commands that would go on if they took the value: what they would run is not run."""

Command = tuple[tuple[str, ...], list[Any]]


def commands(app: App, before: tuple[str, ...] = ()) -> Iterator[Command]:
    """Every command with its arguments."""
    for name in app:
        if name.startswith("-"):
            continue
        own, chain = app[name], (*before, name)
        if any(not each.startswith("-") for each in own):
            yield from commands(own, chain)
        else:
            yield chain, list(own.assemble_argument_collection())


def given(argument: Any, value: str) -> list[str]:
    """An argument as it is written."""
    name = argument.names[0]
    return [f"{name}={value}"] if name.startswith("-") else [value]


def lines() -> list[list[str]]:
    """Command lines with one odd value each."""
    chosen = random.Random(SEED)
    found = []
    for chain, arguments in commands(application()):
        for odd in arguments:
            if odd.hint is bool:
                continue
            is_time = datetime in (odd.hint, *get_args(odd.hint))
            for value in (*chosen.sample(TEXTS, EACH), *(TIMES if is_time else ())):
                others = [each for each in arguments if each is not odd and (each.required or each.names[0] == "--url")]
                positional = [each for each in arguments if not each.names[0].startswith("-")]
                line = [*chain]
                for each in sorted({*map(id, others), id(odd)}, key=lambda one: one):
                    argument = next(one for one in arguments if id(one) == each)
                    if argument not in positional:
                        line += given(argument, value if argument is odd else LIKELY.get(argument.names[0], "x"))
                line += ["--"] if positional else []
                for argument in positional:
                    if argument is odd or argument.required:
                        line += given(argument, value if argument is odd else LIKELY.get(argument.names[0], "x"))
                found.append(line)
    return found
