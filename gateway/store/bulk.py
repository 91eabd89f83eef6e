"""Many rows in one statement.

A driver gives up the interpreter's lock for every row of an executemany and has to wait for it again, behind an event
loop that is busy; a batch of hundreds of rows then takes as long as hundreds of turns of the loop. One statement for
many rows waits once. It is also built once and for all for each power of two of rows, which is most of its cost.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    Subquery,
    Table,
    Update,
    bindparam,
    column,
    insert,
    literal_column,
    select,
    update,
    values,
)
from sqlalchemy.types import TypeEngine

from ..dead_letter import UNSETTLED, LetterState
from .tables import cases, dead_letters

ROWS_MAX = 128
"""Rows in one statement; the widest has ten values a row, and drivers take 32,766 values at least."""

Row = tuple[object, ...]
Statement = Callable[[int], Insert | Update]


class Bulk:
    """One kind of statement, compiled for 1, 2, 4, ... ROWS_MAX rows as they are needed."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        self._statement = statement
        self._dialect = dialect
        self._compiled: dict[int, str] = {}

    def execute(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Run the statement for all rows, in their order; returns the number of rows changed."""
        changed = 0
        for start, count in _stretches(len(rows)):
            sql = self._compiled.get(count) or self._compile(count)
            parameters = tuple(chain.from_iterable(rows[start : start + count]))
            changed += connection.exec_driver_sql(sql, parameters).rowcount
        return changed

    def _compile(self, count: int) -> str:
        sql = str(self._statement(count).compile(dialect=self._dialect))
        self._compiled[count] = sql
        return sql


def _stretches(total: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < total:
        count = min(ROWS_MAX, 1 << ((total - start).bit_length() - 1))
        yield start, count
        start += count


def inserting(table: Table) -> Statement:
    """INSERT of n rows: the values are the table's columns in their order, but for one that the database counts."""
    columns = [column for column in table.columns if column is not table.autoincrement_column]

    def statement(count: int) -> Insert:
        rows = [
            {column.name: bindparam(f"{column.name}_{row}", type_=column.type) for column in columns}
            for row in range(count)
        ]
        return insert(table).values(rows)

    return statement


CONTINUED = ("id", "expected", "status", "outcome", "decided_at", "sequence", "unfinished", "snapshot")
"""The values of a row that continues a case: where it stands, and what it becomes."""


def continuing(count: int) -> Update:
    """UPDATE of n different cases, each only where it stands at the sequence expected; values are CONTINUED."""
    types: dict[str, TypeEngine[Any]] = {
        name: cases.c["sequence" if name == "expected" else name].type for name in CONTINUED
    }
    steps = _rows(types, count)
    return (
        update(cases)
        .where(cases.c.id == steps.c.id, cases.c.sequence == steps.c.expected)
        .values({name: steps.c[name] for name in CONTINUED[2:]})
    )


ANSWERED = ("agency", "message_id", "at")
"""The values of a row that settles dead letters."""


def answering(count: int) -> Update:
    """UPDATE of the unsettled dead letters of n messages that were answered or taken; values are ANSWERED."""
    replies = _rows(dict.fromkeys(ANSWERED, dead_letters.c.agency.type), count)
    unsettled: list[ColumnElement[str]] = [literal_column(f"'{state.value}'") for state in UNSETTLED]
    return (
        update(dead_letters)
        .where(
            dead_letters.c.message_id == replies.c.message_id,
            dead_letters.c.agency == replies.c.agency,
            dead_letters.c.state.in_(unsettled),
        )
        .values(state=literal_column(f"'{LetterState.ANSWERED.value}'"), changed_at=replies.c.at)
    )


def _rows(types: Mapping[str, TypeEngine[Any]], count: int) -> Subquery:
    """N rows of values to go by. SQLite's driver counts what changed only where UPDATE comes before the WITH."""
    given = (
        values(*(column(name, type_) for name, type_ in types.items()))
        .data([tuple(bindparam(f"{name}_{row}", type_=type_) for name, type_ in types.items()) for row in range(count)])
        .cte("given", nesting=True)
    )
    return select(given).subquery("steps")
