"""Capacity: how much is in hand at one time, and who waits where that is too much."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from .dispatch import Dispatch

PATIENT_SHARE = 0.75
"""Of the declarations that may be in hand, as many as those who wait for room take: the rest is for who can't wait."""

T = TypeVar("T")


class Capacity:
    """What was let in and is not done with: work that is being taken over, and the cases that the dispatch carries."""

    def __init__(self, dispatch: Dispatch, inflight_max: int) -> None:
        self._dispatch = dispatch
        self._inflight_max = inflight_max
        self._work: set[asyncio.Task[Any]] = set()
        self._queue = asyncio.Lock()

    @property
    def is_full(self) -> bool:
        """As much is in hand as the window takes on."""
        return self.in_hand >= self._inflight_max

    @property
    def in_hand(self) -> int:
        """Declarations being taken over, and cases being worked on.

        A case that waits for people (an officer, an inspection, its trader) or for an agency that is down costs nothing
        but its rows in the store, and is not counted: otherwise a slow office would close the window to everybody.
        """
        return self._dispatch.inflight + len(self._work)

    @asynccontextmanager
    async def patiently(self, going_on: Callable[[], bool]) -> AsyncIterator[None]:
        """Begins when there is room, or it does not go on; until it ends, others who wait are not let in.

        They come one after the other, in the order in which they asked.
        """
        most = max(1, int(self._inflight_max * PATIENT_SHARE))
        async with self._queue:
            while going_on() and self.in_hand >= most:
                self._dispatch.left.clear()
                await self._dispatch.left.wait()
            yield

    def let_in(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin work that goes on to its end whoever hangs up: no case must be stored and not carried."""
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._work.discard(task)
        self._dispatch.left.set()

    def look_again(self) -> None:
        """Have those who wait see whether it goes on."""
        self._dispatch.left.set()

    async def ended(self) -> None:
        """Returns once what has been let in so far is taken over."""
        if self._work:
            await asyncio.wait(self._work)
