"""What an agency has taken and what it answered: the memory by which a second delivery gets the first's answer.

A ledger is also the agency's half of the oracle that ``onewindow fsck`` and the fault tests hold the store against.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace


class Entry(Struct, frozen=True):
    """One message that was taken.

    digest: ``sha256:`` and the hex digest of the message's bytes. reply: the reply's bytes.
    taken_at: when it came first. deliveries: how many times it came.
    """

    message_id: str
    digest: str
    reply: bytes
    taken_at: datetime
    deliveries: int


class Ledger(Protocol):
    """Entries by message id; the first entry under an id stands for ever."""

    def get(self, message_id: str) -> Entry | None:
        """The entry under this id, if there is one."""

    def put(self, message_id: str, digest: str, reply: bytes, taken_at: datetime) -> Entry:
        """Record one delivery and return the entry that stands: the first one's, with one delivery more."""

    def entries(self) -> Iterator[Entry]:
        """Every entry, in the order in which the messages came first."""


class MemoryLedger:
    """A ledger in memory that keeps the ids delivered last.

    capacity: the most entries it holds; the one delivered longest ago goes first. Choose it well above the number of
    messages that can be on their way at once, for an id that was forgotten is assessed again.
    """

    def __init__(self, capacity: int = 100_000) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        self._capacity = capacity
        self._entries: OrderedDict[str, tuple[int, Entry]] = OrderedDict()
        self._count = count(1)
        self._lock = Lock()

    def get(self, message_id: str) -> Entry | None:
        """The entry under this id, if it is still held."""
        with self._lock:
            held = self._entries.get(message_id)
        return held[1] if held else None

    def put(self, message_id: str, digest: str, reply: bytes, taken_at: datetime) -> Entry:
        """Record one delivery and return the entry that stands."""
        with self._lock:
            held = self._entries.get(message_id)
            if held is None:
                number, entry = next(self._count), Entry(message_id, digest, reply, taken_at, 1)
            else:
                number, entry = held[0], replace(held[1], deliveries=held[1].deliveries + 1)
            self._entries[message_id] = (number, entry)
            self._entries.move_to_end(message_id)
            if len(self._entries) > self._capacity:
                self._entries.popitem(last=False)
            return entry

    def entries(self) -> Iterator[Entry]:
        """Every entry held, in the order in which the messages came first."""
        with self._lock:
            held = sorted(self._entries.values(), key=lambda numbered: numbered[0])
        return (entry for _, entry in held)


_TABLE = """
CREATE TABLE IF NOT EXISTS ledger (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    reply BLOB NOT NULL,
    taken_at TEXT NOT NULL,
    deliveries INTEGER NOT NULL
)
"""

_PUT = """
INSERT INTO ledger (message_id, digest, reply, taken_at, deliveries) VALUES (?, ?, ?, ?, 1)
ON CONFLICT (message_id) DO UPDATE SET deliveries = deliveries + 1
RETURNING message_id, digest, reply, taken_at, deliveries
"""

_COLUMNS = "SELECT message_id, digest, reply, taken_at, deliveries FROM ledger"


class LedgerUnusable(Exception):
    """The file can't be used as a ledger."""


class SqliteLedger:
    """A ledger in a SQLite file; an entry that ``put`` returned is on disk. Raises LedgerUnusable.

    The write-ahead log with synchronous=FULL outlives a kill and a power cut alike. Several processes may share the
    file; one that finds it locked waits up to five seconds before it raises sqlite3.OperationalError.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        try:
            self._connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(_TABLE)
        except sqlite3.Error as error:
            raise LedgerUnusable(f"{path}: {error}") from error

    def get(self, message_id: str) -> Entry | None:
        """The entry under this id, if there is one."""
        with self._lock:
            row = self._connection.execute(f"{_COLUMNS} WHERE message_id = ?", (message_id,)).fetchone()
        return _entry(row) if row else None

    def put(self, message_id: str, digest: str, reply: bytes, taken_at: datetime) -> Entry:
        """Record one delivery and return the entry that stands, once it is on disk."""
        with self._lock:
            # fetchall, not fetchone: the statement commits when it has run to its end.
            rows = self._connection.execute(_PUT, (message_id, digest, reply, taken_at.isoformat())).fetchall()
        return _entry(rows[0])

    def entries(self) -> Iterator[Entry]:
        """Every entry, in the order in which the messages came first."""
        last = 0
        while True:
            with self._lock:
                page = self._connection.execute(
                    "SELECT message_id, digest, reply, taken_at, deliveries, number FROM ledger"
                    " WHERE number > ? ORDER BY number LIMIT 500",
                    (last,),
                ).fetchall()
            if not page:
                return
            for *row, _ in page:
                yield _entry(row)
            last = page[-1][-1]

    def close(self) -> None:
        """Close the file; the ledger can't be used afterwards."""
        with self._lock:
            self._connection.close()


def _entry(row: Sequence[Any]) -> Entry:
    message_id, digest, reply, taken_at, deliveries = row
    return Entry(message_id, digest, reply, datetime.fromisoformat(taken_at), deliveries)
