"""The engine that a store's URL names."""

import asyncio
import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from . import sqlite
from .database import Database
from .files import Files
from .group_commit import Observe
from .migration import upgrade
from .store import Store, StoreUnavailable, UnsafeStore


async def open_store(url: str, *, observe: Observe | None = None, busy_ms: int = 5000) -> Store:
    """The store at a URL, its tables brought up to date: `sqlite:///onewindow.db`, `sqlite:////var/lib/onewindow.db`.

    `observe` is told of each commit (seconds, entries), on the writer's thread; `busy_ms` is how long to wait for a
    lock that another process holds. The store belongs to the event loop that runs now.

    Raises StoreUnavailable where the database is locked or can't be read just now, and UnsafeStore where it can't keep
    the promise: `store-url`, `store-engine-unknown`, `store-in-memory`, `store-setting-unknown`, `store-file`,
    `store-not-a-database`, `store-journal-weak`, `store-synchronous-weak`, `store-foreign-keys-off`,
    `store-schema-newer`.
    """
    engines, files = await asyncio.to_thread(_prepare, url, busy_ms)
    return Database(engines, files, observe)


def _prepare(url: str, busy_ms: int) -> tuple[sqlite.Engines, Files]:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnsafeStore("store-url", "not a database URL; sqlite:///onewindow.db is one") from error
    if parsed.get_backend_name() != "sqlite":
        raise UnsafeStore("store-engine-unknown", f"{parsed.get_backend_name()}: the engines are sqlite")
    engines = sqlite.connect(parsed, busy_ms)
    try:
        upgrade(engines.writer)
        with engines.readers.connect():
            return engines, Files(Path(str(parsed.database)))
    except (DBAPIError, sqlite3.Error) as error:
        engines.dispose()
        if isinstance(error, OperationalError | sqlite3.OperationalError):
            raise StoreUnavailable(sqlite.reason(error)) from error
        raise UnsafeStore("store-not-a-database", sqlite.reason(error)) from error
    except (UnsafeStore, StoreUnavailable):
        engines.dispose()
        raise
