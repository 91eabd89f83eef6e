"""Fault 2 at the store: no step is told while the bytes that stand for it are unsynced."""

import os
import sys
from pathlib import Path

import pytest
from support import appender, cases, strace

from onewindow.gateway.store import UnsafeStore, open_store

TESTS = Path(__file__).resolve().parents[1]
ENV = {**os.environ, "PYTHONPATH": str(TESTS)}
CASES = 2

needs_strace = pytest.mark.skipif(strace.unavailable() is not None, reason=str(strace.unavailable()))


def traced(mode: str, folder: Path) -> list[str]:
    """The tokens that a run of the appender tells too early."""
    file = folder / "store.db"
    command = [sys.executable, appender.__file__, mode, f"sqlite:///{file}", str(CASES)]
    trace, run = strace.trace(command, folder / "strace.log", ENV)
    assert 0 == run.returncode, run.stderr
    tokens = [appender.token(step) for number in range(1, CASES + 1) for step in appender.steps(number)]
    assert tokens == [line.split()[2] for line in run.stdout.decode().splitlines()]
    return trace.early(tokens, (file, file.with_name("store.db-wal")))


@needs_strace
def test_told_after_sync(tmp_path: Path) -> None:
    """Every step is told after the sync that covers it has ended."""
    assert [] == traced("honest", tmp_path)


@needs_strace
def test_control_early(tmp_path: Path) -> None:
    """Of a process that tells each step before it keeps it, every step is found out."""
    assert CASES * 3 == len(traced("early", tmp_path))


@needs_strace
def test_control_weak(tmp_path: Path) -> None:
    """Of a process with synchronous=NORMAL, which no kill would find out, every step is."""
    assert CASES * 3 == len(traced("weak", tmp_path))


@pytest.mark.parametrize("setting", ["off", "normal", "0", "1", "nonsense"])
async def test_weak_setting_refused(tmp_path: Path, setting: str) -> None:
    """The store does not open with a setting under which a commit may be lost."""
    with pytest.raises(UnsafeStore) as refusal:
        await open_store(f"sqlite:///{tmp_path / 'store.db'}?synchronous={setting}")
    assert "store-synchronous-weak" == refusal.value.code


@pytest.mark.parametrize("setting", ["full", "extra"])
async def test_strong_setting_taken(tmp_path: Path, setting: str) -> None:
    """The store opens with the settings under which a commit lasts, and keeps a case."""
    store = await open_store(f"sqlite:///{tmp_path / 'store.db'}?synchronous={setting}")
    entry = cases.accepted(1)
    await store.append(entry)
    record = await store.load(entry.case.id)
    await store.close()
    assert record is not None
    assert entry.case == record.case


WRITE = '7 pwrite64(3</db>, "key"..., 3, 0) = 3'
SYNC = "7 fdatasync(3</db>) = 0"
TELL = '8 write(1<pipe:[1]>, "key", 3) = 3'
BEGIN_SYNC = "7 fdatasync(3</db> <unfinished ...>"
END_SYNC = "7 <... fdatasync resumed>) = 0"
FAILED_SYNC = "7 fdatasync(3</db>) = -1 EIO (Input/output error)"


@pytest.mark.parametrize(
    ("lines", "early"),
    [
        ([WRITE, SYNC, TELL], []),
        ([WRITE, BEGIN_SYNC, END_SYNC, TELL], []),
        ([WRITE, FAILED_SYNC, SYNC, TELL], []),
        ([TELL, WRITE, SYNC], ["key"]),
        ([WRITE, TELL, SYNC], ["key"]),
        ([WRITE, BEGIN_SYNC, TELL, END_SYNC], ["key"]),
        ([BEGIN_SYNC, WRITE, END_SYNC, TELL], ["key"]),
        ([WRITE, FAILED_SYNC, TELL], ["key"]),
        ([WRITE, TELL], ["key"]),
    ],
)
def test_trace_reader(lines: list[str], early: list[str]) -> None:
    """The reader of traces takes a key for kept only once a sync begun after its write has ended well."""
    assert early == strace.Trace(lines).early(["key"], [Path("/db")])


def test_trace_without_key() -> None:
    """A key that never leaves the process is a mistake of the test, and said to be one."""
    with pytest.raises(ValueError, match="never leaves"):
        strace.Trace([WRITE, SYNC]).early(["key"], [Path("/db")])
