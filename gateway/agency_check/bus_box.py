"""The place on the bus for the messages of a check: each delivery is laid there by itself, and none stays behind."""

import asyncio
from collections import defaultdict
from typing import Final

import structlog

from ...agencies.nats import Nats
from ...agencies.transport import Held, Outgoing, Unreachable

LOOK_SECONDS: Final = 0.02
"""How often it is seen whether a message is out of the stream."""

CLEAR_SECONDS_MAX: Final = 10.0

log = structlog.get_logger("onewindow.agency_check")


class BusBox:
    """Lays the messages of a check on a bus.

    The stream takes one message a subject: the next delivery of an id, with the same bytes or others, waits until the
    agency has let go of the one before.
    """

    def __init__(self, transport: Nats) -> None:
        self._transport = transport
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # by message id

    async def deliver(self, outgoing: Outgoing) -> Held:
        """Lay one delivery ready. Raises Unreachable as `Nats.deliver` does."""
        name = outgoing.message_id
        async with self._turns[name]:
            while await self._transport.lies(name):  # noqa: ASYNC110 - the server tells nobody of an acknowledgement
                await asyncio.sleep(LOOK_SECONDS)
            return await self._transport.deliver(outgoing)

    async def was_fetched(self, message_id: str) -> bool:
        """Whether the agency has had a message; where the bus can't say, it has not."""
        try:
            return await self._transport.was_fetched(message_id)
        except Unreachable as error:
            log.warning("the bus does not say who has fetched a message", message_id=message_id, error=str(error))
            return False

    async def clear(self) -> None:
        """Take out of the stream what the agency has left there."""
        try:
            async with asyncio.timeout(CLEAR_SECONDS_MAX):
                for name in self._turns:
                    await self._transport.take_out(name)
        except (Unreachable, TimeoutError) as error:
            log.warning("messages of the check may be left on the bus", error=str(error) or "it does not answer")
