"""A transport in test mode: what a test reference asks for goes wrong on the way to an agency and back."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from .directives import Directive, Fault, directions
from .transport import Held, MessageKind, Outgoing, Transport, Unreachable

ATTEMPT_MAX: Final = timedelta(seconds=5)
"""How long an agency that never answers keeps one attempt."""

RUBBISH: Final = b"<!DOCTYPE html><title>502 Bad Gateway</title>"
"""What comes back instead of a reply: the page of a proxy in between, as agencies' systems have them."""

Inbound = Callable[[str, bytes], Awaitable[object]]
"""Takes a reply that an agency brings by itself: the agency's code, the reply's bytes."""

Wait = Callable[[timedelta], Awaitable[None]]

_AS_USUAL: Final = Directive()


class Rehearsal:
    """Delivers by another transport, as a reference that begins with TEST- says; notices and all others as usual.

    What fails does so before the message reaches the agency, what comes back unreadable after. A reply delivered twice
    comes by itself and as the answer; one out of order comes by itself, and then word that the message was taken.
    """

    def __init__(self, inner: Transport, inbound: Inbound, wait: Wait) -> None:
        self._inner = inner
        self._inbound = inbound
        self._wait = wait

    async def deliver(self, outgoing: Outgoing) -> bytes | Held | None:
        """Deliver, or fail, as the reference says. Raises as transports do."""
        answered = outgoing.kind is not MessageKind.NOTICE
        asked = directions(outgoing.reference).of.get(outgoing.agency, _AS_USUAL) if answered else _AS_USUAL
        if asked.fault is Fault.TIMEOUT:
            await self._wait(ATTEMPT_MAX)
            raise Unreachable("timeout", "the reference asks for it")
        if asked.fault is Fault.UNREACHABLE and asked.fails(outgoing.attempt):
            raise Unreachable("connection-refused", "the reference asks for it")
        if asked.fault is Fault.LATE:
            await self._wait(asked.delay)
        answer = await self._inner.deliver(outgoing)
        if not isinstance(answer, bytes):
            return answer
        if asked.fault is Fault.MALFORMED and asked.fails(outgoing.attempt):
            return RUBBISH
        if asked.fault in (Fault.DUPLICATE, Fault.OUT_OF_ORDER):
            await self._inbound(outgoing.agency, answer)
        return None if asked.fault is Fault.OUT_OF_ORDER else answer
