"""Turns: who would change a case does so one after another, and few wait for it.

Without them all who come at once decide upon the same state, one of them is first, and all others begin again: a few
hundred requests of one case kept the window busy for minutes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from .submission import NotServing

WAITING_REQUESTS_MAX: Final = 16
"""What traders ask of one case that may wait for its turn; what comes beyond is to come again."""

WAITING_REPLIES_MAX: Final = 64
"""What may wait when an agency's reply comes: more, so that no trader's requests stand in an agency's way."""

CHANGES_MAX: Final = 16
"""How often one change is decided anew because the case has gone on, by its agencies or another process."""

AGAIN_SECONDS: Final = 1


class _Queue(msgspec.Struct):
    """Those who have a case's turn or wait for it."""

    count: int = 0
    turn: asyncio.Lock = msgspec.field(default_factory=asyncio.Lock)


class CaseTurns:
    """The turns of all cases; of one that nobody would change nothing is kept."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def turn(self, case_id: str, waiting_max: int) -> AsyncIterator[None]:
        """Begins when all who came before have ended. Raises NotServing("case-busy") where too many wait."""
        queue = self._queues.setdefault(case_id, _Queue())
        if queue.count > waiting_max:
            raise case_busy()
        queue.count += 1
        try:
            async with queue.turn:
                yield
        finally:
            queue.count -= 1
            if queue.count == 0:
                del self._queues[case_id]


def case_busy() -> NotServing:
    """More is asked of a case at one time than can be done."""
    return NotServing("case-busy", AGAIN_SECONDS)
