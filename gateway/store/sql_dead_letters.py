"""Dead letters in an SQL database."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import (
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.types import NullType

from ..dead_letter import LETTERS_MAX, SETTLED, DeadLetter, LetterState
from .dead_letters import LetterSearch, LettersFull, RawDeadLetter, Settling
from .sql_register import Transaction
from .steps import instant
from .store import Conflict, RecordDamaged, StoreUnavailable
from .tables import dead_letters as letters

INSPECTED_LETTERS: Final = 500
"""Dead letters read at a time when all are."""

log = structlog.get_logger("onewindow.store")

_SHOWN: Final = [each for each in letters.columns if each is not letters.c.body]


class LetterWrite(msgspec.Struct, frozen=True):
    """A dead letter to be kept with its bytes, or what was done about one."""

    what: DeadLetter | Settling
    body: bytes = b""

    @property
    def size_bytes(self) -> int:
        """What it adds to a transaction."""
        return len(self.body)


class SqlDeadLetters:
    """DeadLetters: `read` is the database's way to read, `append` the way to its one writer."""

    def __init__(self, read: Transaction, append: Callable[[LetterWrite], Awaitable[None]]) -> None:
        self._read = read
        self._append = append

    async def keep(self, letter: DeadLetter, body: bytes) -> None:
        """See DeadLetters."""
        await self._append(LetterWrite(letter, body))

    async def settle(self, settling: Settling) -> None:
        """See DeadLetters."""
        await self._append(LetterWrite(settling))

    async def load(self, letter_id: str) -> DeadLetter | None:
        """See DeadLetters."""
        rows = await self._rows(select(*_SHOWN).where(letters.c.id == letter_id))
        if not rows:
            return None
        raw = _raw(rows[0])
        if raw.letter is None:
            raise RecordDamaged(raw.id, f"the dead letter can't be read: {raw.unreadable}")
        return raw.letter

    async def body(self, letter_id: str) -> bytes | None:
        """See DeadLetters."""
        rows = await self._rows(select(type_coerce(letters.c.body, NullType())).where(letters.c.id == letter_id))
        return None if not rows or not isinstance(rows[0][0], bytes) else rows[0][0]

    async def find(self, search: LetterSearch) -> tuple[DeadLetter, ...]:
        """See DeadLetters. The page is as long as it would be without what is damaged."""
        found: list[DeadLetter] = []
        after = search.after
        while len(found) < search.limit:
            wanted = search.limit - len(found)
            rows = await self._rows(_searching(search, after, wanted))
            found += _sound(rows)
            if len(rows) < wanted:
                break
            after = rows[-1].id
        return tuple(found)

    async def inspect(self) -> AsyncIterator[RawDeadLetter]:
        """See DeadLetters."""
        after = ""
        while True:
            statement = select(*_SHOWN).where(letters.c.id > after).order_by(letters.c.id).limit(INSPECTED_LETTERS)
            rows = await self._rows(statement)
            for row in rows:
                yield _raw(row)
            if len(rows) < INSPECTED_LETTERS:
                return
            after = rows[-1].id

    async def _rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return await self._read(lambda connection: connection.execute(statement).all())


def write(connection: Connection, wanted: LetterWrite) -> Exception | None:
    """Write it inside the caller's transaction; the reason where it is not written.

    A value that the driver doesn't take stops this letter and not the cases beside it. Errors of the database go
    through: after some of them there is no transaction any more, and whoever commits has to know.
    """
    try:
        with connection.begin_nested():
            if isinstance(wanted.what, Settling):
                return _settle(connection, wanted.what)
            return _keep(connection, wanted.what, wanted.body)
    except (ValueError, TypeError, OverflowError) as error:
        return StoreUnavailable(f"dead letter: {error}")


def _keep(connection: Connection, letter: DeadLetter, body: bytes) -> Exception | None:
    same = (
        (letters.c.agency == letter.agency)
        & (letters.c.message_id == (letter.message_id or ""))
        & (letters.c.code == letter.code)
        & (letters.c.digest == letter.digest)
    )
    row = connection.execute(select(letters.c.id, letters.c.state).where(same)).first()
    if row is not None:
        change: dict[str, object] = {"count": letters.c.count + 1, "last_at": instant(letter.last_at)}
        if row.state == LetterState.SENT_AGAIN:
            change |= {"state": LetterState.OPEN.value, "changed_at": instant(letter.last_at)}
        connection.execute(update(letters).where(letters.c.id == row.id).values(change))
        return None
    if not _has_room(connection, letter.agency):
        return LettersFull(letter.agency)
    connection.execute(insert(letters).values({**_values(letter), "body": body}))
    return None


def _has_room(connection: Connection, agency: str) -> bool:
    """Whether one more can be kept, if need be in the place of the one that has been settled for longest."""
    of_agency = letters.c.agency == agency
    if connection.scalars(select(func.count()).select_from(letters).where(of_agency)).one() < LETTERS_MAX:
        return True
    settled = select(letters.c.id).where(of_agency, letters.c.state.in_(SETTLED))
    oldest = connection.scalar(settled.order_by(letters.c.changed_at).limit(1))
    if oldest is None:
        return False
    connection.execute(delete(letters).where(letters.c.id == oldest))
    return True


def _settle(connection: Connection, settling: Settling) -> Exception | None:
    this = (letters.c.id == settling.id) & letters.c.state.in_(settling.of)
    change: dict[str, object] = {"state": settling.state.value, "changed_at": instant(settling.at)}
    if settling.note is not None:
        change["note"] = settling.note
    if connection.execute(update(letters).where(this).values(change)).rowcount != 1:
        return Conflict(f"dead letter {settling.id} is not in one of the states {', '.join(settling.of)}")
    return None


def _values(letter: DeadLetter) -> dict[str, object]:
    plain = msgspec.structs.asdict(letter)
    times = {name: instant(plain[name]) for name in ("first_at", "last_at", "changed_at")}
    words = {"origin": letter.origin.value, "state": letter.state.value, "message_id": letter.message_id or ""}
    return {**plain, **times, **words}


def _searching(search: LetterSearch, after: str | None, count: int) -> Select[Any]:
    wanted = select(*_SHOWN).order_by(letters.c.id.desc()).limit(count)
    if search.agency is not None:
        wanted = wanted.where(letters.c.agency == search.agency)
    if search.state is not None:
        wanted = wanted.where(letters.c.state == search.state)
    return wanted if after is None else wanted.where(letters.c.id < after)


def _sound(rows: Sequence[Row[Any]]) -> list[DeadLetter]:
    found = []
    for row in rows:
        raw = _raw(row)
        if raw.letter is None:
            log.error("dead-letter-damaged", id=raw.id, detail=raw.unreadable)
        else:
            found.append(raw.letter)
    return found


def _raw(row: Row[Any]) -> RawDeadLetter:
    """The dead letter of a row: SQLite keeps what it is given in any column."""
    plain = {str(name): value for name, value in row._mapping.items()}
    plain["message_id"] = plain["message_id"] or None
    try:
        return RawDeadLetter(id=str(row.id), letter=msgspec.convert(plain, DeadLetter))
    except msgspec.MsgspecError as error:
        return RawDeadLetter(id=str(row.id), unreadable=str(error))
