"""SQLite as an engine: connections that keep the promise, or none.

A commit must be on disk when it returns, so the log is written ahead (WAL) and synced at every commit
(synchronous=FULL, https://www.sqlite.org/pragma.html#pragma_synchronous). Each connection reads its settings back.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from .store import StoreUnavailable, UnsafeStore

SETTINGS = frozenset({"synchronous"})
"""What a store's URL may set after the question mark."""

READERS = 4
"""Connections, and threads, that read at the same time."""

PROBE_BUSY_MS = 250
"""How long a probe waits for a lock that somebody else holds."""

FREE_BYTES_MIN = 8 * 1024 * 1024
"""What the disk has to have left: a declaration of the largest size, and what is made of it."""

_FULL = 2
_CHECKPOINT_PAGES = 4000
_CACHE_KIB = 16 * 1024


class Engines(msgspec.Struct, frozen=True):
    """One database: `writer` locks it from the start of a transaction, `readers` can't change it.

    `prober` is as the writer and waits PROBE_BUSY_MS at most, so that a probe need not wait for the writer.
    """

    writer: Engine
    readers: Engine
    prober: Engine

    def dispose(self) -> None:
        """Close every connection; the prober's and the readers' first, so that the writer's empties the log."""
        for engine in (self.prober, self.readers, self.writer):
            engine.dispose()


def connect(url: URL, busy_ms: int) -> Engines:
    """Engines for the file that a URL names; it is created, for its owner only, where it is not there.

    Raises UnsafeStore: `store-in-memory`, `store-setting-unknown`, `store-file`.
    """
    if url.database in (None, "", ":memory:") or str(url.database).startswith("file:"):
        raise UnsafeStore("store-in-memory", "the URL names no file: sqlite:///onewindow.db is one")
    unknown = ", ".join(sorted(set(url.query) - SETTINGS))
    if unknown:
        raise UnsafeStore("store-setting-unknown", f"{unknown}: a store's URL may set {', '.join(sorted(SETTINGS))}")
    try:
        _create(Path(str(url.database)))
    except OSError as error:
        raise UnsafeStore("store-file", str(error)) from error
    settings = {name: str(value) for name, value in url.query.items()}
    file = Path(str(url.database)).absolute()  # a connection made later must not look for it in another folder
    plain = url.set(drivername="sqlite+pysqlite", database=str(file), query={})
    return Engines(
        writer=_engine(plain, settings, busy_ms, writes=True),
        readers=_engine(plain, settings, busy_ms, writes=False),
        prober=_engine(plain, settings, min(busy_ms, PROBE_BUSY_MS), writes=True),
    )


def _create(path: Path) -> None:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)  # SQLite syncs the file and not its name
    finally:
        os.close(directory)


def _engine(url: URL, settings: Mapping[str, str], busy_ms: int, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=1 if writes else READERS,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": busy_ms / 1000},
    )

    def configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin transactions too late for savepoints
        connection.text_factory = _text
        _configure(connection, settings, busy_ms, writes=writes)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)
    return engine


def _text(value: bytes) -> str | bytes:
    """Text as it is kept. Bytes where it is none: one damaged value must not make a whole page unreadable."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _configure(connection: sqlite3.Connection, settings: Mapping[str, str], busy_ms: int, *, writes: bool) -> None:
    """Make the settings and read them back. Raises UnsafeStore where one does not hold."""
    synchronous = settings.get("synchronous", "full")
    if not synchronous.isalnum():
        raise UnsafeStore("store-synchronous-weak", f"synchronous={synchronous} is not a setting of SQLite")
    if writes:
        _write_ahead(connection, busy_ms)
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    else:
        connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    mode = _pragma(connection, "journal_mode")
    if mode != "wal":
        raise UnsafeStore("store-journal-weak", f"the journal mode is {mode}, and must be wal")
    level = _pragma(connection, "synchronous")
    if not isinstance(level, int) or level < _FULL:
        raise UnsafeStore("store-synchronous-weak", f"synchronous is {level}, and must be {_FULL} (full) at least")
    if _pragma(connection, "foreign_keys") != 1:
        raise UnsafeStore("store-foreign-keys-off", "this SQLite does not enforce foreign keys")


def _write_ahead(connection: sqlite3.Connection, busy_ms: int) -> None:
    """Switch to WAL; where another opener is about to do so SQLite says locked at once, whatever the timeout."""
    until = time.monotonic() + busy_ms / 1000
    while _pragma(connection, "journal_mode") != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.01)


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def reason(error: Exception) -> str:
    """What the driver says of an error, without the statement and its values: they are the trader's."""
    return str(error.orig if isinstance(error, DBAPIError) else error)


def try_write(prober: Engine, rehearse: Callable[[Connection], None]) -> None:
    """Write as a declaration would and take it back, then write a page to the disk that says what it said before.

    Raises DBAPIError where the database can't be written: locked, full, for reading only, or without one of its tables.
    """
    with prober.connect() as connection:
        with connection.begin() as transaction:
            rehearse(connection)
            transaction.rollback()
        with connection.begin():
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            connection.exec_driver_sql(f"PRAGMA user_version = {version}")


def check_room(folder: Path) -> None:
    """Raises StoreUnavailable where the disk has less than FREE_BYTES_MIN left."""
    found = os.statvfs(folder)
    blocks = found.f_bfree if os.geteuid() == 0 else found.f_bavail
    if blocks * found.f_frsize < FREE_BYTES_MIN:
        raise StoreUnavailable(f"the disk is full: less than {FREE_BYTES_MIN} bytes are free in {folder}")


def integrity(connection: Connection) -> tuple[str, ...]:
    """What SQLite's own check finds wrong with pages, trees, indexes and foreign keys."""
    try:
        lines = [str(line) for (line,) in connection.exec_driver_sql("PRAGMA integrity_check")]
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    except DatabaseError as error:  # too damaged to be checked
        return (reason(error),)
    lines += [f"foreign key: a row of {table} belongs to no row of {parent}" for table, _, parent, _ in dangling]
    return tuple(line for line in lines if line != "ok")
