"""The two locks: whole, hashed, and in step with each other and with pyproject.toml."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _pins(lock: str) -> dict[str, str]:
    """The text of each pin by its name, hashes and all, but for the comments on who wants it."""
    text = re.sub(r"^ *#.*\n?", "", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)
    return {pin.split("==")[0]: pin.strip() for pin in re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]}


def _names(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[^\w-]", each)[0].lower().replace("_", "-") for each in requirements}


def _wanted() -> tuple[set[str], set[str]]:
    """The names of what runs or builds the project, and of what only developers use."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    running = _names([*project["build-system"]["requires"], *project["project"]["dependencies"]])
    return running, _names(project["project"]["optional-dependencies"]["dev"])


def test_locks_have_every_dependency() -> None:
    """What runs and what builds is pinned in requirements.lock, what develops in requirements-dev.lock as well."""
    running, developing = _wanted()
    assert [] == sorted(running.difference(_pins("requirements.lock"))), "run `make lock`"
    assert [] == sorted((running | developing).difference(_pins("requirements-dev.lock"))), "run `make lock`"


def test_locks_agree() -> None:
    """The development lock holds every pin of the runtime lock as it is there, so that it comes on top of it."""
    assert [] == sorted(set(_pins("requirements.lock").values()).difference(_pins("requirements-dev.lock").values()))


def test_runtime_lock_is_free_of_tools() -> None:
    """A first run fetches no tool of developers: what only they need is in the development lock alone."""
    running, developing = _wanted()
    assert [] == sorted((developing - running).intersection(_pins("requirements.lock")))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_is_hashed(lock: str) -> None:
    """Each pin of a lock has hashes, so an installer takes nothing else."""
    assert [] == [name for name, pin in _pins(lock).items() if not re.search(r"--hash=sha256:[0-9a-f]{64}$", pin)]
