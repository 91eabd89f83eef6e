"""The contract of every ledger, and what only one of them has."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onewindow.agencies.ledger import Entry, Ledger, MemoryLedger, SqliteLedger

THEN = datetime(2026, 10, 12, 1, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger of each kind."""
    if request.param == "memory":
        yield MemoryLedger(1000)
    else:
        with closing(SqliteLedger(tmp_path / "ledger.db")) as opened:
            yield opened


def test_unknown_id(ledger: Ledger) -> None:
    """An id that was never put has no entry."""
    assert None is ledger.get("case-1/tax/1")


def test_put_then_get(ledger: Ledger) -> None:
    """What was put is got back, the reply byte for byte and the time to the microsecond."""
    put = ledger.put("case-1/tax/1", "sha256:aa", b"\x00<Reply/>\xff", THEN)
    assert Entry("case-1/tax/1", "sha256:aa", b"\x00<Reply/>\xff", THEN, 1) == put
    assert put == ledger.get("case-1/tax/1")


def test_first_entry_stands(ledger: Ledger) -> None:
    """A second put under an id changes nothing but the number of deliveries."""
    ledger.put("case-1/tax/1", "sha256:aa", b"first", THEN)
    again = ledger.put("case-1/tax/1", "sha256:bb", b"second", THEN + timedelta(days=1))
    assert Entry("case-1/tax/1", "sha256:aa", b"first", THEN, 2) == again
    assert again == ledger.get("case-1/tax/1")


def test_entries_in_order(ledger: Ledger) -> None:
    """Entries come in the order of their first deliveries, whatever was delivered again since."""
    for number in range(1, 4):
        ledger.put(f"case-{number}/tax/1", "sha256:aa", b"reply", THEN)
    ledger.put("case-1/tax/1", "sha256:aa", b"reply", THEN)
    assert [("case-1/tax/1", 2), ("case-2/tax/1", 1), ("case-3/tax/1", 1)] == [
        (entry.message_id, entry.deliveries) for entry in ledger.entries()
    ]


def test_many_entries(ledger: Ledger) -> None:
    """Every one of many entries is listed exactly once."""
    put = [f"case-{number}/tax/1" for number in range(600)]
    for message_id in put:
        ledger.put(message_id, "sha256:aa", b"reply", THEN)
    assert put == [entry.message_id for entry in ledger.entries()]


def test_entries_while_putting(ledger: Ledger) -> None:
    """Putting while entries are being read neither breaks the reading nor hides what was there."""
    for number in range(3):
        ledger.put(f"case-{number}/tax/1", "sha256:aa", b"reply", THEN)
    seen = []
    for entry in ledger.entries():
        seen.append(entry.message_id)
        if len(seen) == 1:
            ledger.put("case-late/tax/1", "sha256:aa", b"reply", THEN)
    assert ["case-0/tax/1", "case-1/tax/1", "case-2/tax/1"] == seen[:3]


def test_one_of_many_threads_is_first(ledger: Ledger) -> None:
    """Of many threads that put under one id at once one is first, and all are told its reply."""
    with ThreadPoolExecutor(8) as threads:
        replies = [f"reply {number}".encode() for number in range(40)]
        standing = list(threads.map(lambda reply: ledger.put("case-1/tax/1", "sha256:aa", reply, THEN), replies))
    assert 1 == len({entry.reply for entry in standing})
    assert list(range(1, 41)) == sorted(entry.deliveries for entry in standing)


def test_memory_ledger_is_bounded() -> None:
    """At its capacity the memory ledger forgets the id that was delivered longest ago, and no other."""
    ledger = MemoryLedger(2)
    ledger.put("a", "sha256:aa", b"reply", THEN)
    ledger.put("b", "sha256:aa", b"reply", THEN)
    ledger.put("a", "sha256:aa", b"reply", THEN)
    ledger.put("c", "sha256:aa", b"reply", THEN)
    assert ["a", "c"] == [entry.message_id for entry in ledger.entries()]


def test_memory_ledger_needs_room() -> None:
    """A capacity of nothing is refused."""
    with pytest.raises(ValueError, match="at least 1"):
        MemoryLedger(0)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from onewindow.agencies.ledger import SqliteLedger

ledger = SqliteLedger(Path(sys.argv[1]))
for number in range(5):
    ledger.put(f"case-{number}/tax/1", "sha256:aa", f"reply {number}".encode(), datetime(2026, 10, 12, tzinfo=UTC))
ledger.put("case-0/tax/1", "sha256:aa", b"other", datetime(2026, 10, 13, tzinfo=UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_sqlite_ledger_outlives_its_process(tmp_path: Path) -> None:
    """A process that is killed without a goodbye leaves every entry that it was told stands."""
    path = tmp_path / "ledger.db"
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert -signal.SIGKILL == ended.returncode
    with closing(SqliteLedger(path)) as reopened:
        entries = list(reopened.entries())
    assert [f"reply {number}".encode() for number in range(5)] == [entry.reply for entry in entries]
    assert [2, 1, 1, 1, 1] == [entry.deliveries for entry in entries]


def test_two_processes_share_a_ledger(tmp_path: Path) -> None:
    """Two openings of one file see each other's entries, and the first entry stands for both."""
    with closing(SqliteLedger(tmp_path / "ledger.db")) as one, closing(SqliteLedger(tmp_path / "ledger.db")) as other:
        one.put("case-1/tax/1", "sha256:aa", b"first", THEN)
        assert b"first" == other.put("case-1/tax/1", "sha256:aa", b"second", THEN).reply
