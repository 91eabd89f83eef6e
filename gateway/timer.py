"""The timer: wakes each case at its next deadline. It remembers nothing that the cases do not say."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from heapq import heapify, heappop, heappush

from .clock import Clock

STALE_MAX = 1_000
"""Times that were set anew and stay in the heap until it is made afresh, beside as many as there are deadlines."""


class Timer:
    """The next deadline of each case; `wake` is told the case when it has come."""

    def __init__(self, clock: Clock, wake: Callable[[str], None]) -> None:
        self._clock = clock
        self._wake = wake
        self._due: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []
        self._bell = asyncio.Event()

    def set(self, case_id: str, at: datetime | None) -> None:
        """Wake this case at that time and at no other; None: not at all."""
        if at is None:
            self._due.pop(case_id, None)
        elif self._due.get(case_id) != at:
            self._due[case_id] = at
            heappush(self._heap, (at, case_id))
            if self._heap[0] == (at, case_id):
                self._bell.set()
        if len(self._heap) > 2 * len(self._due) + STALE_MAX:
            self._heap = [(due, each) for each, due in self._due.items()]
            heapify(self._heap)

    async def run(self) -> None:
        """Wake cases until cancelled."""
        while True:
            self._bell.clear()
            while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
                heappop(self._heap)  # was set to another time since
            if self._heap and self._heap[0][0] <= self._clock():
                _, case_id = heappop(self._heap)
                del self._due[case_id]
                self._wake(case_id)
                continue
            await self._clock.wait(self._bell, self._heap[0][0] if self._heap else None)
