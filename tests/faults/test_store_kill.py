"""Fault 1 at the store: killed, or refused by the disk, at each write, sync and truncate in turn."""

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support import appender, strace
from support.sweeps import Sampled

from onewindow.gateway import fsck
from onewindow.gateway.store import Store, open_store

TESTS = Path(__file__).resolve().parents[1]
ENV = {**os.environ, "PYTHONPATH": str(TESTS)}

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(strace.unavailable() is not None, reason=str(strace.unavailable())),
]


class Bench:
    """A database with its tables, put back before each run, and the process that appends to it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "store.db"
        self.log = folder / "strace.log"
        self.url = f"sqlite:///{self.file}"
        self._fresh = folder / "fresh.db"
        asyncio.run(self._create())
        shutil.copyfile(self.file, self._fresh)

    async def _create(self) -> None:
        await (await open_store(self.url)).close()

    def part(self, suffix: str) -> Path:
        """The database, or what SQLite keeps beside it under a suffix."""
        return self.file.with_name(self.file.name + suffix)

    def begin(self, *, created: bool) -> None:
        """Put the database back: an empty one, or none."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            self.part(suffix).unlink(missing_ok=True)
        if created:
            shutil.copyfile(self._fresh, self.file)

    def calls(self, call: str, suffix: str, *, created: bool = True) -> range:
        """The calls of a kind on one of the files at which a run can be struck, counted from 1."""
        self.begin(created=created)
        command = self._command("honest")
        return range(1, 1 + strace.calls(command, call=call, file=self.part(suffix), log=self.log, env=ENV))

    def strikes(
        self, mode: str, fault: str, call: str, suffix: str, nths: Sequence[int], *, created: bool = True
    ) -> Iterator[strace.Strike]:
        """Strike at these calls of a kind on one of the files, each time from an empty database, or from none."""
        file = self.part(suffix)
        for nth in nths:
            self.begin(created=created)
            yield strace.strike(self._command(mode), fault=fault, call=call, nth=nth, file=file, log=self.log, env=ENV)

    def _command(self, mode: str) -> list[str]:
        return [sys.executable, appender.__file__, mode, self.url, "1"]

    def lost(self, output: str) -> list[str]:
        """The ledger lines that the store does not bear out, and what fsck has to say of it."""
        return asyncio.run(self._lost(output))

    async def _lost(self, output: str) -> list[str]:
        store = await open_store(self.url)
        try:
            lost = [line for line in output.splitlines() if not await _kept(store, *line.split())]
            report = await fsck.check(store, trust=None)
        finally:
            await store.close()
        # The documents of these cases are tokens, which nobody can read as declarations.
        problems = [problem for problem in report.problems if problem.code != "declaration-unreadable"]
        return lost + [f"{problem.code} {problem.message.en}" for problem in problems]


async def _kept(store: Store, case_id: str, sequence: str, token: str) -> bool:
    record = await store.load(case_id, "declaration/1", "reply/tax/1", "response")
    if record is None or record.case.sequence < int(sequence):
        return False
    return any(token.encode() in document.body for document in record.documents.values())


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("kill"))


# What SQLite does to its files for one case: the log is written and synced at each commit, and emptied into the
# database at the end.
POINTS = [("pwrite64", "-wal"), ("fdatasync", "-wal"), ("pwrite64", ""), ("fdatasync", ""), ("ftruncate", "")]


@pytest.mark.parametrize(("call", "suffix"), POINTS)
def test_killed(bench: Bench, call: str, suffix: str, sampled: Sampled) -> None:
    """Killed at any write, sync or truncate, the store opens again with every step that was told, and is sound."""
    struck = 0
    for run in bench.strikes("honest", strace.KILL, call, suffix, sampled(bench.calls(call, suffix))):
        assert [] == bench.lost(run.output), run
        assert run.struck or (0, 3) == (run.returncode, len(run.output.splitlines())), run
        struck += run.struck
    assert struck > 0


@pytest.mark.parametrize(("call", "suffix"), [("fdatasync", "-journal"), ("fdatasync", ""), ("fdatasync", "-wal")])
def test_killed_while_created(bench: Bench, call: str, suffix: str, sampled: Sampled) -> None:
    """Killed at any sync while the database is being made, the next opener finishes it."""
    struck = 0
    nths = sampled(bench.calls(call, suffix, created=False))
    for run in bench.strikes("honest", strace.KILL, call, suffix, nths, created=False):
        assert [] == bench.lost(run.output), run
        struck += run.struck
    assert struck > 0


@pytest.mark.parametrize(("call", "suffix"), POINTS)
def test_disk_error(bench: Bench, call: str, suffix: str, sampled: Sampled) -> None:
    """After a disk error at any write, sync or truncate the same process goes on, and nothing is lost or half kept."""
    struck = 0
    for run in bench.strikes("honest", strace.EIO, call, suffix, sampled(bench.calls(call, suffix))):
        assert [] == bench.lost(run.output), run
        assert (0, 3) == (run.returncode, len(run.output.splitlines())), run
        struck += run.struck
    assert struck > 0


def test_control_early(bench: Bench) -> None:
    """A process that tells a step before it is kept is found out by the same sweep."""
    nths = bench.calls("fdatasync", "-wal")
    assert any(bench.lost(run.output) for run in bench.strikes("early", strace.KILL, "fdatasync", "-wal", nths))
