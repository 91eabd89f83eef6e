"""Agencies' ledgers for fsck: files that are ledgers already, of which none is made and none is changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from msgspec.structs import fields

from ...agencies.ledger import Entry, SqliteLedger


class NotALedger(Exception):
    """A file is no agency's ledger, or is damaged; the words say why."""


def open_ledger(file: Path) -> SqliteLedger:
    """The ledger in a file. Raises NotALedger where the file is none; it is left as it was then."""
    wanted = {field.name for field in fields(Entry)}
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            columns = {row[1] for row in connection.execute("PRAGMA table_info(ledger)")}
        if wanted <= columns:
            return SqliteLedger(file)
    except sqlite3.Error as error:
        raise NotALedger(str(error)) from error
    raise NotALedger("it has no table of entries")


def entries(ledger: SqliteLedger) -> Iterator[Entry]:
    """Every entry. Raises NotALedger at one that can't be read."""
    try:
        for entry in ledger.entries():
            _check(entry)
            yield entry
    except (sqlite3.Error, TypeError, ValueError) as error:
        raise NotALedger(str(error)) from error


def _check(entry: Entry) -> None:
    """Raises TypeError for an entry that has something else in a column than the ledger puts there."""
    found = (entry.message_id, entry.digest, entry.reply, entry.taken_at)
    for value, kind in zip(found, (str, str, bytes, datetime), strict=True):
        if not isinstance(value, kind):
            raise TypeError(f"an entry has {type(value).__name__} where {kind.__name__} should be")
