"""Following one case: its events as they happen, and its decision as soon as it is there."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from .announcer import Announcer
from .case import Case, CaseStatus
from .events import Event, SupplementRequested
from .lookout import Lookout
from .store.store import Record


class CaseFollowing:
    """Follows the cases of a window; `load` gives one with its journal. `stopping`: nobody waits any longer."""

    def __init__(
        self,
        load: Callable[[str], Awaitable[Record | None]],
        announcer: Announcer,
        lookout: Lookout,
        stopping: asyncio.Event,
    ) -> None:
        self._load = load
        self._announcer = announcer
        self._lookout = lookout
        self._stopping = stopping

    async def follow(self, case_id: str, after: int) -> AsyncGenerator[tuple[int, Event]]:
        """The case's events after sequence `after`, as they happen; ends after the final one or when the window closes.

        A case that does not exist has no events. Raises StoreUnavailable.
        """
        with self._announcer.following(case_id) as bell:
            while True:
                bell.clear()
                record = await self._lookout.look(case_id, lambda: self._load(case_id))
                if record is None:
                    return
                for sequence, event in enumerate(record.events, start=1):
                    if sequence > after:
                        after = sequence
                        yield sequence, event
                if record.case.status is CaseStatus.DECIDED or self._stopping.is_set():
                    return
                await bell.wait()

    async def decided(self, case_id: str, seconds: float) -> Case | None:
        """The case once it has its response.

        None where that takes longer than `seconds`, where the case waits for the trader, and where the window closes.
        """
        try:
            async with asyncio.timeout(seconds), aclosing(self.follow(case_id, 0)) as events:
                async for sequence, event in events:
                    if isinstance(event, SupplementRequested) and await self._stands(case_id, sequence):
                        return None
        except TimeoutError:
            return None
        record = await self._load(case_id)
        return record.case if record is not None and record.case.status is CaseStatus.DECIDED else None

    async def _stands(self, case_id: str, sequence: int) -> bool:
        record = await self._load(case_id)
        return record is not None and record.case.sequence == sequence
