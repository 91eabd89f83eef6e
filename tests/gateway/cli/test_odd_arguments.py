"""Odd values for every argument and option of every command: none of them is taken for a fault of the program."""

import asyncio
import random
from collections.abc import Coroutine, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn, get_args

import pytest
from cyclopts import App
from support.command_line import Run

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


def line(chain: tuple[str, ...], arguments: list[Any], odd: Any, value: str) -> list[str]:
    """The command with this value of one argument, and likely ones of the others that it needs."""
    used = [each for each in arguments if each is odd or each.required or each.names[0] == "--url"]
    written = [(each.names[0], value if each is odd else LIKELY.get(each.names[0], "x")) for each in used]
    options = [f"{name}={text}" for name, text in written if name.startswith("-")]
    positional = [text for name, text in written if not name.startswith("-")]
    return [*chain, *options, *(["--", *positional] if positional else [])]


def lines() -> list[list[str]]:
    """Command lines with one odd value each."""
    chosen = random.Random(SEED)
    found = []
    for chain, arguments in commands(application()):
        for odd in (each for each in arguments if each.hint is not bool):
            takes_time = datetime in (odd.hint, *get_args(odd.hint))
            values = (*chosen.sample(TEXTS, EACH), *(TIMES if takes_time else ()))
            found += [line(chain, arguments, odd, value) for value in values]
    return found


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands write into a folder of the test's own."""
    monkeypatch.chdir(tmp_path)


def never(_: asyncio.Runner, coroutine: Coroutine[Any, Any, Any], **_options: Any) -> NoReturn:
    """In place of what would go on: it is interrupted at once."""
    coroutine.close()
    raise KeyboardInterrupt


def test_no_value_is_a_fault_of_the_program(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No value of any argument or option ends a command with an internal error."""
    faults = []
    for each in lines():
        with monkeypatch.context() as patch:
            if SERVERS & set(each[:2]):
                patch.setattr(asyncio.Runner, "run", never)
            ended = run(*each)
        if "fault of onewindow" in ended.err or ended.status not in (0, 1, 2, 3, 130):
            faults.append((each, ended))
    assert [] == faults


@pytest.mark.parametrize("command", [["verify", "--trust=x"], ["supervision", "--url=http://127.0.0.1:9"]])
def test_times_outside_the_calendar(run: Run, command: list[str]) -> None:
    """A time outside the calendar is wrong usage."""
    option = "--at" if command[0] == "verify" else "--from"
    for value in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        ended = run(*command, f"{option}={value}", *(["x"] if command[0] == "verify" else []))
        assert (2, True) == (ended.status, option in ended.err)


def test_a_value_that_is_a_fault_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a value is a fault of the program, the same command lines find it."""
    module = import_module("onewindow.gateway.cli.verify")  # the package has the function of this name
    monkeypatch.setattr(module, "in_utc", lambda _, given: given.astimezone())
    found = [each for each in lines() if each[0] == "verify" and "fault of onewindow" in run(*each).err]
    assert ["verify", "--at=0001-01-01", "--", "no/such/file"] in found
