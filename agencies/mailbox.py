"""The transport of an agency that fetches its messages itself, from behind a network that lets nothing in.

A message is leased: who fetches it has so long to answer or to acknowledge it, and if neither comes it is fetched again
under the same id. The mailbox holds ids only. What a message is, and whether it is still to be delivered, is asked for
when it is fetched, so the mailbox can forget anything at any time: it is laid there again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from .transport import HELD, Held, MessageKind, Outgoing

MESSAGES_MAX: Final = 50_000
"""Messages that one mailbox knows of; what is laid there beyond that is laid there again later."""

AGAIN_SHARE: Final = 4
"""One fetched message in so many, and so large a part of the leased ones, was fetched before and not settled, while
others wait: an agency that falls over some messages would else be handed these first, again and again."""

AGAIN_AT_ONCE_MAX: Final = 3
"""So often a message lies ready again as soon as its lease has ended; from then on after a pause that grows."""

AGAIN_SECONDS_MAX: Final = 600.0

FETCHED_BYTES_MAX: Final = 8 * 1024 * 1024
"""Bytes of the messages fetched at one time; one alone may be larger."""

Read = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a message by its id; None where it is not to be delivered any more."""


class Letter(Struct, frozen=True, kw_only=True):
    """One message as it is fetched; `attempt`: how often it has been, from 1."""

    message_id: str
    kind: MessageKind
    reference: str
    attempt: int
    body: bytes


class _Slip(Struct, frozen=True):
    kind: MessageKind
    reference: str
    fetched: int = 0
    until: float = 0.0


def again_seconds(lease_seconds: float, fetched: int) -> float:
    """The pause after a lease has ended of a message that was fetched so often, before it is fetched again."""
    if fetched < AGAIN_AT_ONCE_MAX:
        return 0.0
    return min(lease_seconds * 2.0 ** min(fetched - AGAIN_AT_ONCE_MAX, 16), AGAIN_SECONDS_MAX)


class Mailbox:
    """One agency's mailbox, in the event loop that runs. `leased_max`: messages fetched and not settled at one time."""

    def __init__(self, read: Read, lease_seconds: float, leased_max: int) -> None:
        self._read = read
        self._lease_seconds = lease_seconds
        self._leased_max = leased_max
        self._ready: dict[str, _Slip] = {}
        self._again: dict[str, _Slip] = {}  # were fetched before; `until`: not before
        self._leased: dict[str, _Slip] = {}  # in the order in which their leases end
        self._again_max = max(1, leased_max // AGAIN_SHARE)
        self._turn = 0
        self._bell = asyncio.Event()
        self._closed = False

    async def deliver(self, outgoing: Outgoing) -> Held:
        """Lay a message ready; one that lies there or is leased stays as it is."""
        message_id = outgoing.message_id
        places = (self._ready, self._again, self._leased)
        known = any(message_id in place for place in places)
        if not known and sum(map(len, places)) < MESSAGES_MAX:
            self._ready[message_id] = _Slip(outgoing.kind, outgoing.reference)
            self._bell.set()
        return HELD

    async def fetch(self, wait_seconds: float, count_max: int) -> tuple[Letter, ...]:
        """Lease up to so many messages, the oldest first; where there is none, wait so long for one.

        Those that were fetched before and not settled come between the others, fewer at one time. Raises what reading a
        message raises; nothing is leased then.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_seconds
        while True:
            self._bell.clear()
            letters = await self._lease(count_max)
            if letters or self._closed or loop.time() >= until:
                return letters
            now = loop.time()
            ends = [each.until for each in (*self._again.values(), *self._leased.values()) if each.until > now]
            try:
                async with asyncio.timeout_at(min((until, *ends))):
                    await self._bell.wait()
            except TimeoutError:
                pass
            if self._closed or self._next() is not None:  # others wait for the bell too
                self._bell.set()

    def settle(self, message_id: str) -> None:
        """Forget a message that was answered or acknowledged."""
        self._ready.pop(message_id, None)
        self._again.pop(message_id, None)
        if self._leased.pop(message_id, None) is not None:
            self._bell.set()

    def give_back(self, letters: tuple[Letter, ...]) -> None:
        """Messages that were fetched and have reached nobody: they lie ready at once, as if they had not been."""
        for letter in reversed(letters):
            self._return(letter.message_id)
        self._bell.set()

    def close(self) -> None:
        """Let everybody go who waits for messages."""
        self._closed = True
        self._bell.set()

    async def _lease(self, count_max: int) -> tuple[Letter, ...]:
        letters: list[Letter] = []
        size = 0
        self._reclaim()
        while len(letters) < count_max and (found := self._next()) is not None:
            place, message_id = found
            slip = place.pop(message_id)
            self._turn += 1
            now = asyncio.get_running_loop().time()
            leased = replace(slip, fetched=slip.fetched + 1, until=now + self._lease_seconds)
            self._leased[message_id] = leased
            try:
                body = await self._read(message_id)
            except BaseException:
                for each in (message_id, *(letter.message_id for letter in letters)):
                    self._return(each)
                raise
            if body is None:
                self._leased.pop(message_id, None)
            elif letters and size + len(body) > FETCHED_BYTES_MAX:
                self._return(message_id)
                break
            else:
                size += len(body)
                letters.append(
                    Letter(
                        message_id=message_id,
                        kind=slip.kind,
                        reference=slip.reference,
                        attempt=leased.fetched,
                        body=body,
                    )
                )
        return tuple(letters)

    def _next(self) -> tuple[dict[str, _Slip], str] | None:
        """Which message is fetched next, and where it lies; None where there is none, or too many are leased."""
        if len(self._leased) >= self._leased_max:
            return None
        fresh = next(iter(self._ready), None)
        if fresh is not None and self._turn % AGAIN_SHARE:
            return self._ready, fresh
        again = self._due() if self._again else None
        if again is not None:
            return self._again, again
        return None if fresh is None else (self._ready, fresh)

    def _due(self) -> str | None:
        """The first message that was fetched before and may be fetched again."""
        if sum(slip.fetched > 1 for slip in self._leased.values()) >= self._again_max and self._ready:
            return None
        now = asyncio.get_running_loop().time()
        return next((message_id for message_id, slip in self._again.items() if slip.until <= now), None)

    def _reclaim(self) -> None:
        """Messages whose lease has ended lie ready again, after a while where that has been so before."""
        now = asyncio.get_running_loop().time()
        ended = []
        for message_id, slip in self._leased.items():
            if slip.until > now:
                break
            ended.append(message_id)
        for message_id in ended:
            slip = self._leased.pop(message_id)
            self._again[message_id] = replace(slip, until=slip.until + again_seconds(self._lease_seconds, slip.fetched))

    def _return(self, message_id: str) -> None:
        """A message that was not fetched after all."""
        slip = self._leased.pop(message_id, None)
        if slip is None:
            return
        back = {message_id: replace(slip, fetched=slip.fetched - 1, until=0.0)}
        if slip.fetched > 1:
            self._again = back | self._again
        else:
            self._ready = back | self._ready
