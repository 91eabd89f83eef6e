"""The register of documents on file in an SQL database."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import msgspec
import structlog
from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from .register import OnFile, RawOnFile, Search
from .steps import instant
from .tables import documents_on_file as entries

DIGESTS_AT_ONCE = 500
"""Digests asked for in one statement: drivers take a limited number of values."""

INSPECTED_ENTRIES = 500
"""Entries read at a time when all are."""

T = TypeVar("T")

log = structlog.get_logger("onewindow.store")

_parties = msgspec.json.Decoder(tuple[str, ...])
_Rows = Sequence[Row[Any]]
_NO_VALUES: Mapping[str, object] = MappingProxyType({})

# Built once: to build a statement and its cache key costs more than to run it.
_of = select(entries).where(entries.c.digest.in_(bindparam("digests", expanding=True)))


class Transaction(Protocol):
    """Runs a function on a connection, off the event loop, in one transaction. Raises StoreUnavailable."""

    def __call__(self, function: Callable[[Connection], T]) -> Awaitable[T]:
        """What the function returns, once the transaction has ended."""


class SqlRegister:
    """A Register: `read` and `write` are the database's ways to it."""

    def __init__(self, read: Transaction, write: Transaction) -> None:
        self._read = read
        self._write = write

    async def put(self, entry: OnFile) -> tuple[OnFile, bool]:
        """See Register."""
        return await self._write(lambda connection: _put(connection, entry))

    async def of(self, digests: Collection[str]) -> tuple[OnFile, ...]:
        """See Register."""
        wanted = sorted(set(digests))
        found: list[OnFile] = []
        for start in range(0, len(wanted), DIGESTS_AT_ONCE):
            some = {"digests": wanted[start : start + DIGESTS_AT_ONCE]}
            found += _sound(await self._rows(_of, some))
        return tuple(sorted(found, key=lambda entry: entry.number))

    async def find(self, search: Search) -> tuple[OnFile, ...]:
        """See Register. The page is as long as it would be without what is damaged."""
        found: list[OnFile] = []
        after = search.after
        while len(found) < search.limit:
            wanted = search.limit - len(found)
            statement = _searching(search, after, wanted)
            rows = await self._rows(statement)
            found += _sound(rows)
            if len(rows) < wanted:
                break
            after = rows[-1].number
        return tuple(found)

    async def inspect(self) -> AsyncIterator[RawOnFile]:
        """See Register."""
        after = -(2**63)
        while True:
            statement = select(entries).where(entries.c.number > after)
            statement = statement.order_by(entries.c.number).limit(INSPECTED_ENTRIES)
            rows = await self._rows(statement)
            for row in rows:
                yield _raw(row)
            if len(rows) < INSPECTED_ENTRIES:
                return
            after = rows[-1].number

    async def _rows(self, statement: Select[Any], values: Mapping[str, object] = _NO_VALUES) -> _Rows:
        return await self._read(lambda connection: connection.execute(statement, values).all())


def _put(connection: Connection, entry: OnFile) -> tuple[OnFile, bool]:
    same = (
        (entries.c.digest == entry.digest)
        & (entries.c.owner == entry.owner)
        & (entries.c.type_code == entry.type_code.value)
    )
    row = connection.execute(select(entries).where(same)).first()
    before = None if row is None else _raw(row).entry
    kept = entry if before is None else msgspec.structs.replace(entry, received_at=before.received_at)
    if row is None:
        number = connection.execute(insert(entries).values(_values(kept))).inserted_primary_key
        return msgspec.structs.replace(kept, number=number[0] if number else 0), True
    kept = msgspec.structs.replace(kept, number=row.number)
    if kept != before:
        connection.execute(update(entries).where(entries.c.number == row.number).values(_values(kept)))
    return kept, False


def _values(entry: OnFile) -> dict[str, object]:
    return {
        "digest": entry.digest,
        "owner": entry.owner,
        "type_code": entry.type_code.value,
        "id": entry.id,
        "media_type": entry.media_type,
        "bytes": entry.bytes,
        "received_at": instant(entry.received_at),
        "expires_at": None if entry.expires_at is None else instant(entry.expires_at),
        "shared_with": msgspec.json.encode(entry.shared_with).decode(),
    }


def _searching(search: Search, after: int | None, count: int) -> Select[Any]:
    wanted = select(entries).order_by(entries.c.number.desc()).limit(count)
    if search.owner is not None:
        wanted = wanted.where(entries.c.owner == search.owner)
    if search.digest is not None:
        wanted = wanted.where(entries.c.digest == search.digest)
    return wanted if after is None else wanted.where(entries.c.number < after)


def _sound(rows: _Rows) -> list[OnFile]:
    found = []
    for row in rows:
        raw = _raw(row)
        if raw.entry is None:
            log.error("entry-damaged", number=raw.number, detail=raw.unreadable)
        else:
            found.append(raw.entry)
    return found


def _raw(row: Row[Any]) -> RawOnFile:
    try:
        return RawOnFile(number=row.number, entry=_entry(row))
    except (TypeError, msgspec.MsgspecError) as error:
        return RawOnFile(number=row.number, unreadable=str(error))


def _entry(row: Row[Any]) -> OnFile:
    """The entry of a row: SQLite keeps what it is given in any column. Raises TypeError or MsgspecError."""
    plain = {str(name): value for name, value in row._mapping.items()}
    plain["shared_with"] = _parties.decode(plain["shared_with"])
    return msgspec.convert(plain, OnFile)
