"""One writer per process: what waits goes to disk in one transaction, and each waiter is told when it is there.

A commit costs one or two syncs however much is in it, so under load the batches grow and the syncs per entry shrink;
a single entry on an idle store is committed at once, because the writer never waits for company.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from .sql_dead_letters import LetterWrite
from .steps import Step
from .store import StoreUnavailable
from .subscriptions import Keeping

WAITING_ENTRIES_MAX = 4096
"""Entries between `append` and disk; whoever comes after that waits for room."""

BATCH_ENTRIES_MAX = 256
"""Entries in one transaction: more would make the first of them wait for the last."""

BATCH_BYTES_MAX = 16 * 1024 * 1024
"""Snapshots and documents in one transaction; one entry may be bigger and then goes alone."""

Write = Step | Keeping | LetterWrite

Commit = Callable[[Sequence[Write]], Sequence[Exception | None]]
"""Puts writes on disk in one transaction; returns for each why it is not there, or None. Does not raise."""

Observe = Callable[[float, int], None]
"""Is told of each commit: seconds it took, entries it had. Called on the writer's thread."""

_Waiting = tuple[Write, "asyncio.Future[None]"]


class GroupCommit:
    """The queue, the thread that empties it, and the way back to the event loop that made it."""

    def __init__(self, commit: Commit, observe: Observe | None) -> None:
        self._commit = commit
        self._observe = observe
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Semaphore(WAITING_ENTRIES_MAX)
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="onewindow-store-writer", daemon=True)
        self._thread.start()

    async def append(self, write: Write) -> None:
        """Wait until it is on disk. Raises what the commit says of it; StoreUnavailable once closed."""
        await self._room.acquire()
        if self._closed:
            self._room.release()
            raise StoreUnavailable("the store is closed")
        done = self._loop.create_future()
        self._queue.put((write, done))
        await done

    async def close(self) -> None:
        """Let the writer finish what is in the queue, and end it."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def _run(self) -> None:
        going_on = True
        while going_on:
            batch, going_on = self._take()
            if not batch:
                continue
            outcomes = self._attempt([write for write, _ in batch])
            try:
                self._loop.call_soon_threadsafe(self._release, batch, outcomes)
            except RuntimeError:  # the loop was closed under us: nobody is left to tell
                return

    def _attempt(self, writes: list[Write]) -> Sequence[Exception | None]:
        """What the commit says of each write. Whatever it raises the thread goes on: those who wait must hear."""
        begun = time.perf_counter()
        try:
            outcomes = self._commit(writes)
            if self._observe is not None:
                self._observe(time.perf_counter() - begun, len(writes))
        except Exception as error:  # noqa: BLE001 - a log that can't be written, say, must not stop the only writer
            return [StoreUnavailable(f"{type(error).__name__}: {error}") for _ in writes]
        return outcomes

    def _take(self) -> tuple[list[_Waiting], bool]:
        """Everything that waits, up to the limits of a batch, and whether there may be more to come."""
        batch: list[_Waiting] = []
        size_bytes = 0
        while len(batch) < BATCH_ENTRIES_MAX and size_bytes < BATCH_BYTES_MAX:
            try:
                waiting = self._queue.get(block=not batch)
            except Empty:
                break
            if waiting is None:
                return batch, False
            batch.append(waiting)
            size_bytes += waiting[0].size_bytes
        return batch, True

    def _release(self, batch: Sequence[_Waiting], outcomes: Sequence[Exception | None]) -> None:
        for (_, done), outcome in zip(batch, outcomes, strict=True):
            self._room.release()
            if done.done():  # whoever waited was cancelled
                continue
            if outcome is None:
                done.set_result(None)
            else:
                done.set_exception(outcome)
