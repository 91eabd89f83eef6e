"""What an agency brings by itself while it is checked, by message: its replies, and its word that it has a message."""

import asyncio
from collections import defaultdict, deque
from typing import Final

from msgspec import Struct

AGAIN_SECONDS: Final = 2.0
"""How long a reply is waited for that has come once: whoever has brought it need not bring it again."""

WAITING_MAX: Final = 64
"""What is kept of one message and nobody has asked for yet; the oldest goes first."""


class Brought(Struct, frozen=True):
    """What came of one message: `reply` with its bytes, or without one that the agency has it, or has `refused` it."""

    reply: bytes | None = None
    refused: str | None = None


class _Arrived:
    """What has arrived for one message, and the first reply among it."""

    def __init__(self) -> None:
        self.waiting: deque[Brought] = deque(maxlen=WAITING_MAX)
        self.standing: Brought | None = None
        self.has_been_fetched = False
        self.bell = asyncio.Event()


class Arrivals:
    """What arrived, whichever way it came: whoever receives it says `came`, and the probe waits for it here.

    again_seconds: see AGAIN_SECONDS.
    """

    def __init__(self, again_seconds: float = AGAIN_SECONDS) -> None:
        self._again_seconds = again_seconds
        self._by_message: defaultdict[str, _Arrived] = defaultdict(_Arrived)
        self._awaited: list[str] = []

    def came(self, message_id: str, brought: Brought) -> None:
        """The agency brought this."""
        arrived = self._by_message[message_id]
        arrived.waiting.append(brought)
        if brought.reply is not None and arrived.standing is None:
            arrived.standing = brought
        arrived.bell.set()

    def fetched(self, message_id: str) -> None:
        """The agency has fetched this message."""
        self._by_message[message_id].has_been_fetched = True

    def was_fetched(self, message_id: str) -> bool:
        """Whether the agency has fetched this message."""
        return self._by_message[message_id].has_been_fetched

    @property
    def awaited(self) -> frozenset[str]:
        """The messages of which something is waited for just now."""
        return frozenset(self._awaited)

    async def settled(self, message_id: str, seconds: float) -> Brought | None:
        """What comes of one delivery of a message that lay ready for the agency; None where nothing does in time."""
        return await self._next(message_id, seconds, by_standing=False)

    async def late(self, message_id: str, seconds: float) -> Brought | None:
        """What comes of a message after it was taken; where a reply has come before and no other comes, that one."""
        return await self._next(message_id, seconds, by_standing=True)

    async def _next(self, message_id: str, seconds: float, *, by_standing: bool) -> Brought | None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        arrived = self._by_message[message_id]
        self._awaited.append(message_id)
        try:
            while True:
                while by_standing and arrived.waiting and arrived.waiting[0] == Brought():
                    arrived.waiting.popleft()  # that it has the message is known
                if arrived.waiting:
                    return arrived.waiting.popleft()
                standing = arrived.standing if by_standing else None
                wait_until = until if standing is None else min(until, loop.time() + self._again_seconds)
                arrived.bell.clear()
                try:
                    async with asyncio.timeout_at(wait_until):
                        await arrived.bell.wait()
                except TimeoutError:
                    return standing
        finally:
            self._awaited.remove(message_id)
