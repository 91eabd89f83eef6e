"""The record in an SQL database."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ..case import Case
from . import reads
from .group_commit import GroupCommit, Observe
from .sqlite import READERS, Engines, integrity, reason
from .steps import Stale, Step, Steps, step_of
from .store import Entry, Query, RawRecord, Record, RecordDamaged, StoreUnavailable, UnsafeStore

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger("onewindow.store")

PAGE_CASES = 256
"""Open cases read at a time: a long read would keep the write-ahead log from being emptied."""

INSPECTED_CASES = 16
"""Cases with all their documents read at a time."""


class Database:
    """A Store: appends go through one writer, reads run on threads and connections of their own."""

    def __init__(self, engines: Engines, observe: Observe | None) -> None:
        self._engines = engines
        self._steps = Steps(engines.writer.dialect)
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="onewindow-store-reader")
        self._closed = False
        self._writer = GroupCommit(self._commit, observe)

    async def append(self, entry: Entry) -> None:
        """See Store."""
        await self._writer.append(step_of(entry))

    def _commit(self, steps: Sequence[Step]) -> Sequence[Exception | None]:
        """One transaction for all; where one step can't be, another in which each has a savepoint of its own."""
        try:
            try:
                with self._engines.writer.begin() as connection:
                    self._steps.write(connection, steps)
            except (IntegrityError, Stale):
                with self._engines.writer.begin() as connection:
                    return [self._steps.write_alone(connection, step) for step in steps]
            return [None] * len(steps)
        except Exception as error:  # noqa: BLE001 - a writer that dies would leave everyone waiting for ever
            # After a failed sync the system may take lost pages for clean ones; a new connection reads the log anew.
            self._engines.writer.dispose()
            log.error("commit-failed", entries=len(steps), error=reason(error))
            return [StoreUnavailable(reason(error)) for _ in steps]

    async def load(self, case_id: str, *documents: str) -> Record | None:
        """See Store."""
        return await self._read(reads.load, case_id, documents)

    async def outstanding(self) -> AsyncIterator[Case]:
        """See Store. A damaged case is logged and left out, so that the others go on."""
        after = ""
        while page := await self._read(reads.open_cases, after, PAGE_CASES):
            for case_id, snapshot in page:
                try:
                    yield reads.snapshot_of(case_id, snapshot)
                except RecordDamaged as damaged:
                    log.error("record-damaged", case=case_id, detail=damaged.detail)
            after = page[-1][0]

    async def find(self, query: Query) -> tuple[Case, ...]:
        """See Store."""
        return await self._read(reads.find, query)

    async def inspect(self) -> AsyncIterator[RawRecord]:
        """See Store."""
        after = ""
        while page := await self._read(reads.raw_records, after, INSPECTED_CASES):
            for record in page:
                yield record
            after = page[-1].case_id

    async def damage(self) -> tuple[str, ...]:
        """See Store."""
        return await self._read(integrity)

    async def close(self) -> None:
        """See Store."""
        self._closed = True
        await self._writer.close()
        await asyncio.to_thread(self._let_go)

    def _let_go(self) -> None:
        self._threads.shutdown()
        self._engines.readers.dispose()
        self._engines.writer.dispose()

    async def _read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._closed:
            raise StoreUnavailable("the store is closed")

        def run() -> T:
            with self._engines.readers.connect() as connection:
                return function(connection, *args, **kwargs)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        except (SQLAlchemyError, sqlite3.Error, UnsafeStore) as error:
            raise StoreUnavailable(reason(error)) from error
