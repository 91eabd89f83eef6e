"""The transport that runs reference desks inside the gateway's own process."""

import asyncio
from collections.abc import Collection, Mapping
from types import MappingProxyType

from .desk import Desk
from .transport import MessageKind, Outgoing, Unreachable

THREAD_BYTES = 128 * 1024
"""Messages above this size, in bytes, are assessed in a thread; smaller ones keep the loop below ten milliseconds."""

_NO_DELAY: Mapping[str, float] = MappingProxyType({})
_NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})


class InProcess:
    """Delivers to desks by agency code; every desk answers at once, or after its delay.

    delay_seconds: per agency, how long its desk lets the answer wait; the desks wait side by side. by_hand: per agency,
    what its desk only takes, for a person to answer.
    """

    def __init__(
        self,
        desks: Mapping[str, Desk],
        delay_seconds: Mapping[str, float] = _NO_DELAY,
        by_hand: Mapping[str, Collection[str]] = _NOTHING,
        thread_bytes: int = THREAD_BYTES,
    ) -> None:
        self._desks = desks
        self._delay_seconds = delay_seconds
        self._by_hand = by_hand
        self._thread_bytes = thread_bytes

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The reply's bytes; None where the desk only takes note, or leaves the answer to a person.

        Raises Unreachable when no desk has this agency's code, Rejected as the desk does.
        """
        desk = self._desks.get(outgoing.agency)
        if desk is None:
            raise Unreachable("no-desk", f"no desk of {outgoing.agency!r} runs in this process")
        if outgoing.kind is MessageKind.NOTICE:
            desk.note(outgoing.message_id, outgoing.body)
            return None
        if outgoing.kind in self._by_hand.get(outgoing.agency, ()):
            return None
        delay = self._delay_seconds.get(outgoing.agency, 0)
        if delay > 0:
            await asyncio.sleep(delay)
        if len(outgoing.body) > self._thread_bytes:
            return await asyncio.to_thread(desk.answer, outgoing.message_id, outgoing.body, outgoing.kind)
        return desk.answer(outgoing.message_id, outgoing.body, outgoing.kind)
