"""Crash points do nothing unless armed, and kill where they are."""

import os
import signal
import subprocess
import sys

import pytest

from onewindow.gateway.crash_point import NAMES, VARIABLE, crash_point

PROGRAM = """
from onewindow.gateway.crash_point import NAMES, crash_point
for passing in (1, 2, 3):
    for name in NAMES:
        crash_point(name)
        print(name, passing, flush=True)
"""

PASSINGS = [f"{name} {passing}" for passing in (1, 2, 3) for name in NAMES]


def run(setting: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, VARIABLE: setting}
    return subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False)


def test_unarmed() -> None:
    """Not armed, every point is passed."""
    for name in NAMES:
        crash_point(name)
    ended = run("")
    assert (0, PASSINGS) == (ended.returncode, ended.stdout.splitlines())


@pytest.mark.parametrize(
    ("setting", "name", "passing"),
    [
        ("accepted", "accepted", 1),
        ("shown", "shown", 1),
        ("reply-stored:1", "reply-stored", 1),
        ("reply-stored:2", "reply-stored", 2),
        ("sent:3", "sent", 3),
    ],
)
def test_armed(setting: str, name: str, passing: int) -> None:
    """Armed, the process is killed at the passing that is named, and not before."""
    ended = run(setting)
    passed = PASSINGS[: PASSINGS.index(f"{name} {passing}")]
    assert (-signal.SIGKILL, passed) == (ended.returncode, ended.stdout.splitlines())


@pytest.mark.parametrize("setting", ["rejected", "accepted:0", "accepted:x", ":1"])
def test_unknown_point(setting: str) -> None:
    """A point or number that there is not stops the start, and the message names what there is."""
    ended = run(setting)
    assert (1, "") == (ended.returncode, ended.stdout)
    assert setting in ended.stderr
    assert all(name in ended.stderr for name in NAMES)
    assert "Traceback" not in ended.stderr
