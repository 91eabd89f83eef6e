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


class Mailbox:
    """One agency's mailbox, in the event loop that runs. `leased_max`: messages fetched and not settled at one time."""

    def __init__(self, read: Read, lease_seconds: float, leased_max: int) -> None:
        self._read = read
        self._lease_seconds = lease_seconds
        self._leased_max = leased_max
        self._ready: dict[str, _Slip] = {}
        self._leased: dict[str, _Slip] = {}  # in the order in which their leases end
        self._bell = asyncio.Event()
        self._closed = False

    async def deliver(self, outgoing: Outgoing) -> Held:
        """Lay a message ready; one that lies there or is leased stays as it is."""
        message_id = outgoing.message_id
        known = message_id in self._ready or message_id in self._leased
        if not known and len(self._ready) + len(self._leased) < MESSAGES_MAX:
            self._ready[message_id] = _Slip(outgoing.kind, outgoing.reference)
            self._bell.set()
        return HELD

    async def fetch(self, wait_seconds: float, count_max: int) -> tuple[Letter, ...]:
        """Lease up to so many messages, the oldest first; where there is none, wait so long for one.

        Raises what reading a message raises; nothing is leased then.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_seconds
        while True:
            self._bell.clear()
            letters = await self._lease(count_max)
            if letters or self._closed or loop.time() >= until:
                return letters
            first = next(iter(self._leased.values()), None)
            wake_at = until if first is None else min(until, first.until)
            try:
                async with asyncio.timeout_at(wake_at):
                    await self._bell.wait()
            except TimeoutError:
                pass
            if self._closed or (self._ready and len(self._leased) < self._leased_max):  # others wait for the bell too
                self._bell.set()

    def settle(self, message_id: str) -> None:
        """Forget a message that was answered or acknowledged."""
        self._ready.pop(message_id, None)
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
        while self._ready and len(letters) < count_max and len(self._leased) < self._leased_max:
            message_id = next(iter(self._ready))
            slip = self._ready.pop(message_id)
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

    def _reclaim(self) -> None:
        """Messages whose lease has ended lie ready again, before all others."""
        now = asyncio.get_running_loop().time()
        ended = []
        for message_id, slip in self._leased.items():
            if slip.until > now:
                break
            ended.append(message_id)
        if ended:
            again = {message_id: self._leased.pop(message_id) for message_id in ended}
            self._ready = again | self._ready

    def _return(self, message_id: str) -> None:
        """A message that was not fetched after all."""
        slip = self._leased.pop(message_id, None)
        if slip is not None:
            self._ready = {message_id: replace(slip, fetched=slip.fetched - 1)} | self._ready
