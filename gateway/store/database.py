"""The record in an SQL database."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import msgspec
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ..case import Case
from ..crash_point import crash_point
from ..place import Place
from ..webhook import Subscription
from . import feed, links, reads, sql_dead_letters, subscriptions
from .chain import NOTHING, Head
from .dead_letters import DeadLetters
from .files import Files
from .group_commit import GroupCommit, Observe, Write
from .head_file import HeadFile
from .register import Register
from .sql_dead_letters import LetterWrite, SqlDeadLetters
from .sql_register import SqlRegister
from .sqlite import READERS, Engines, check_room, integrity, reason, try_write
from .steps import Stale, Step, Steps, step_of
from .store import (
    Entry,
    FeedPage,
    Link,
    Names,
    Query,
    RawRecord,
    Record,
    RecordDamaged,
    StoreUnavailable,
    UnsafeStore,
    no_names,
)
from .subscriptions import Keeping, dropping, keeping

FRESH_SECONDS = 1.0
"""A commit so short a time ago says all that a probe could, and a busy writer is not asked to make room for one."""

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger("onewindow.store")

PAGE_CASES = 256
"""Cases read at a time: a long read would keep the write-ahead log from being emptied."""

PAGE_ENTRIES = 1000
"""Entries of the chain read at a time."""

INSPECTED_CASES = 16
"""Cases with all their documents read at a time."""


class Database:
    """A Store: appends go through one writer, reads run on threads and connections of their own."""

    def __init__(self, engines: Engines, files: Files, observe: Observe | None) -> None:
        self._engines = engines
        self._files = files
        self._head_file: HeadFile | None = None
        self._committed_at: float | None = None
        self._probing = asyncio.Lock()
        self._steps = Steps(engines.writer.dialect)
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="onewindow-store-reader")
        self._closed = False
        self._writer = GroupCommit(self._commit, observe)
        self._writing_apart = asyncio.Lock()
        self.documents: Register = SqlRegister(self._read, self._write_apart)
        self.dead_letters: DeadLetters = SqlDeadLetters(self._read, self._writer.append)

    async def append(self, entry: Entry) -> None:
        """See Store."""
        await self._writer.append(step_of(entry))
        crash_point("journaled")

    async def keep_webhook(self, subscription: Subscription) -> None:
        """See Store."""
        await self._writer.append(keeping(subscription))

    async def drop_webhook(self, subscription: Subscription) -> None:
        """See Store."""
        await self._writer.append(dropping(subscription))

    def _commit(self, writes: Sequence[Write]) -> Sequence[Exception | None]:
        """What became of each write. Files that nobody will find again keep no promise, whatever their commit says."""
        try:
            self._files.check()
            self._steps.head = None
            outcomes = self._write(writes)
            self._files.check()
        except Exception as error:  # noqa: BLE001 - a writer that dies would leave everyone waiting for ever
            self._failed(error, len(writes))
            return [StoreUnavailable(reason(error)) for _ in writes]
        self._committed_at = time.monotonic()
        if self._head_file is not None and self._steps.head is not None:
            self._note(self._head_file, self._steps.head)
        return outcomes

    def _note(self, file: HeadFile, head: Head) -> None:
        """What is committed is kept, whether or not it can be noted."""
        try:
            file.note(head)
        except OSError as error:
            self._head_file = None
            log.error("the store's head is noted no more", error=error.strerror)

    async def adopt(self, authority: str, file: Path) -> None:
        """See Store."""
        identity, head = await self._write_apart(partial(links.adopt, authority=authority))
        try:
            self._head_file = await asyncio.to_thread(HeadFile, file, identity, head)
        except OSError as error:
            log.warning("the store's head can't be noted", file=str(file), error=error.strerror)

    async def links(self) -> AsyncIterator[Link]:
        """See Store."""
        after = NOTHING
        while page := await self._read(links.page, after, PAGE_ENTRIES):
            for link in page:
                yield link
            after = Head(page[-1].number, page[-1].digest)

    def _failed(self, error: Exception, entries: int) -> None:
        # After a failed sync the system may take lost pages for clean ones; a new connection reads the log anew.
        self._engines.writer.dispose()
        self._committed_at = None
        log.error("commit-failed", entries=entries, error=reason(error))

    def _write(self, writes: Sequence[Write]) -> Sequence[Exception | None]:
        """One transaction for all; where one write can't be, another in which each has a savepoint of its own."""
        try:
            with self._engines.writer.begin() as connection:
                self._steps.write(connection, [write for write in writes if isinstance(write, Step)])
                for write in writes:
                    if isinstance(write, Keeping):
                        subscriptions.write(connection, write)
                return [
                    sql_dead_letters.write(connection, write) if isinstance(write, LetterWrite) else None
                    for write in writes
                ]
        except (IntegrityError, Stale):
            with self._engines.writer.begin() as connection:
                return [self._write_alone(connection, write) for write in writes]

    def _write_alone(self, connection: Connection, write: Write) -> Exception | None:
        if isinstance(write, Step):
            return self._steps.write_alone(connection, write)
        if isinstance(write, LetterWrite):
            return sql_dead_letters.write(connection, write)
        return subscriptions.write_alone(connection, write)

    async def load(self, case_id: str, *documents: str, of: Names = no_names) -> Record | None:
        """See Store."""
        return await self._read(reads.load, case_id, documents, of)

    async def outstanding(self) -> AsyncIterator[Case]:
        """See Store. A damaged case is logged and left out, so that the others go on."""
        after: reads.CaseId = ""
        while page := await self._read(reads.open_cases, after, PAGE_CASES):
            for case in self._sound(page):
                yield case
            after = page[-1][0]

    async def find(self, query: Query) -> tuple[Case, ...]:
        """See Store. A damaged case is logged and left out; the page is as long as it would be without it."""
        cases: list[Case] = []
        after: reads.CaseId | None = query.after
        while len(cases) < query.limit:
            wanted = query.limit - len(cases)
            page = await self._read(reads.find, msgspec.structs.replace(query, limit=wanted), after)
            cases += self._sound(page)
            if len(page) < wanted:
                break
            after = page[-1][0]
        return tuple(cases)

    async def count_open(self) -> Mapping[str, int]:
        """See Store."""
        return await self._read(reads.count_open)

    async def received(self, start: datetime, end: datetime) -> AsyncIterator[tuple[Case, ...]]:
        """See Store. A damaged case is logged and left out."""
        after: reads.CaseId | None = None
        while page := await self._read(reads.received, start, end, after, PAGE_CASES):
            yield tuple(self._sound(page))
            after = page[-1][0]

    async def feed(self, after: Place, limit: int, declarant: str | None = None) -> FeedPage:
        """See Store. A damaged event is logged and left out; the page is shorter then."""
        found, reached, more = await self._read(feed.page, after, limit, declarant)
        return FeedPage(events=tuple(self._sound(found)), next=reached, more=more)

    async def feed_end(self) -> Place:
        """See Store."""
        return await self._read(feed.end)

    async def webhooks(self) -> tuple[Subscription | RecordDamaged, ...]:
        """See Store."""
        return tuple(await self._read(subscriptions.read))

    def _sound(self, page: Iterable[tuple[reads.CaseId, T | RecordDamaged]]) -> Iterator[T]:
        for case_id, found in page:
            if isinstance(found, RecordDamaged):
                log.error("record-damaged", case=str(case_id), detail=found.detail)
            else:
                yield found

    async def inspect(self) -> AsyncIterator[RawRecord]:
        """See Store. Rows under ids that are no text come last."""
        after: reads.CaseId = ""
        while page := await self._read(reads.raw_records, after, INSPECTED_CASES):
            for _, record in page:
                yield record
            after = page[-1][0]
        for record in await self._read(reads.nameless_records):
            yield record

    async def damage(self) -> tuple[str, ...]:
        """See Store."""
        return await self._read(integrity)

    async def probe(self) -> None:
        """See Store. A commit of late answers for tables and disk; otherwise both are tried out.

        A page is written to the disk in earnest: a full one lets itself be locked, and writes be taken back.
        """
        async with self._probing:  # probes that pile up must not take the threads of those who read
            await self._read(self._probe)

    def _probe(self, _: Connection) -> None:
        check_room(self._files.folder)
        if self._committed_at is not None and time.monotonic() - self._committed_at < FRESH_SECONDS:
            return
        try:
            try_write(self._engines.prober, self._steps.rehearse)
        except Exception:
            self._engines.prober.dispose()
            raise
        self._files.check()

    async def close(self) -> None:
        """See Store."""
        self._closed = True
        await self._writer.close()
        await asyncio.to_thread(self._let_go)

    def _let_go(self) -> None:
        self._threads.shutdown()
        if self._head_file is not None:
            self._head_file.close()
        self._engines.dispose()
        self._files.close()

    async def _read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._closed:
            raise StoreUnavailable("the store is closed")

        def run() -> T:
            with self._engines.readers.connect() as connection:
                self._files.check()
                return function(connection, *args, **kwargs)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        except (SQLAlchemyError, sqlite3.Error, UnsafeStore) as error:
            raise StoreUnavailable(reason(error)) from error

    async def _write_apart(self, function: Callable[[Connection], T]) -> T:
        """One transaction beside those of the cases, and one at a time: those who read need the threads as well."""

        def run() -> T:
            try:
                self._files.check()
                with self._engines.writer.begin() as connection:
                    outcome = function(connection)
                self._files.check()
            except Exception as error:
                self._failed(error, 1)
                raise
            return outcome

        async with self._writing_apart:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            try:
                return await asyncio.get_running_loop().run_in_executor(self._threads, run)
            except (SQLAlchemyError, sqlite3.Error, UnsafeStore) as error:
                raise StoreUnavailable(reason(error)) from error
