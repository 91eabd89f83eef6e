"""Which tests are pure and which run something, told from what a file and its helpers import."""

import ast
from functools import cache
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parents[1]

RUNNING: Final = (
    "aiohttp",
    "nats",
    "onewindow.docs",
    "onewindow.gateway.cli",
    "onewindow.gateway.server",
    "onewindow.gateway.store",
    "onewindow.gateway.window",
    "schemathesis",
    "socket",
    "sqlite3",
    "subprocess",
)
"""What is imported by whoever starts a process, a server, a store, a window or a command."""


def runs_something(file: Path) -> bool:
    """Whether a file of tests, its helpers or its folder's fixtures import any of RUNNING."""
    return any(map(_runs, (file, *_fixtures(file))))


def _fixtures(file: Path) -> list[Path]:
    """The conftest.py files that serve a file of tests, but for the one at the top, which serves all."""
    folders = [folder for folder in file.parents if TESTS in folder.parents]
    return [found for folder in folders if (found := folder / "conftest.py").is_file()]


@cache
def _runs(file: Path) -> bool:
    for name in _imports(file):
        if any(name == each or name.startswith(f"{each}.") for each in RUNNING):
            return True
        helper = TESTS.joinpath(*name.split(".")).with_suffix(".py")
        if helper.is_file() and _runs(helper):
            return True
    return False


@cache
def _imports(file: Path) -> frozenset[str]:
    """The modules that a file names in its imports, wherever in it they stand; of `from a import b` both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        match node:
            case ast.Import(names=names):
                found.update(each.name for each in names)
            case ast.ImportFrom(module=str(module), level=0, names=names):
                found.add(module)
                found.update(f"{module}.{each.name}" for each in names)
    return frozenset(found)
