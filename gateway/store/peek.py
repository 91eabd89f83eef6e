"""A look at a store that is not opened yet: nothing in it is changed, no table is made or brought up to date."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from .chain import NOTHING, Head
from .store import StoreUnavailable, UnsafeStore


class Peek(msgspec.Struct, frozen=True, kw_only=True):
    """A store as it stands.

    id, authority: as in its table `store`; None where it is of a release that had none. head: of its newest entry. at:
    that of the entry that was asked for.
    """

    id: str | None
    authority: str | None
    has_cases: bool
    head: Head
    at: Head | None


def peek(file: Path, number: int = 0) -> Peek | None:
    """The store in a file, and its entry of this number; None where the file is not there or has no store in it.

    Raises StoreUnavailable and UnsafeStore as `open_store` does.
    """
    if not file.is_file() or not file.stat().st_size:
        return None
    with _connected(file) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "cases" not in tables:
            return None
        known = "store" in tables
        row = connection.execute("SELECT id, authority FROM store").fetchone() if known else None
        return Peek(
            id=None if row is None else row[0],
            authority=None if row is None else row[1],
            has_cases=connection.execute("SELECT 1 FROM cases LIMIT 1").fetchone() is not None,
            head=(_head(connection, _NEWEST) if known and "feed" in tables else None) or NOTHING,
            at=_head(connection, _NUMBERED, number) if known and "feed" in tables and number else None,
        )


_NEWEST: Final = "SELECT position, digest FROM feed ORDER BY position DESC LIMIT 1"
_NUMBERED: Final = "SELECT position, digest FROM feed WHERE position = ?"


def _head(connection: sqlite3.Connection, statement: str, *values: int) -> Head | None:
    row = connection.execute(statement, values).fetchone()
    return None if row is None else Head(row[0], row[1] if isinstance(row[1], bytes) else b"")


@contextmanager
def _connected(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            yield connection
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise UnsafeStore("store-not-a-database", str(error)) from error
