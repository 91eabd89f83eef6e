"""An agency that takes as long as real ones do, and fails as often: a transport around another, for trials and load."""

from collections.abc import Awaitable, Callable

from .latency import Latency, share
from .transport import Answer, MessageKind, Outgoing, Transport, Unreachable


class Simulated:
    """Delivers by another transport, after a time drawn from `latency`; a share of attempts, `error_rate`, fails.

    latency: None for no time of its own. seed: another one draws other times and failures. pause: waits some seconds.
    A message has the same time whenever it is drawn: it goes by the declaration's reference and what the message is,
    so that a trial can be repeated, and compared with another way to do the same declarations. Of a notice the agency
    takes note at once.
    """

    def __init__(
        self,
        inner: Transport,
        latency: Latency | None,
        error_rate: float,
        seed: int,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._inner = inner
        self._latency = latency
        self._error_rate = error_rate
        self._seed = seed
        self._pause = pause

    async def deliver(self, outgoing: Outgoing) -> Answer:
        """The other transport's answer, late. Raises Unreachable(`simulated-failure`), and as the other does."""
        what = outgoing.message_id.partition("/")[2]
        if self._latency is not None and outgoing.kind is not MessageKind.NOTICE:
            await self._pause(self._latency.at(share(self._seed, "latency", outgoing.reference, what)))
        if share(self._seed, "failure", outgoing.reference, what, str(outgoing.attempt)) < self._error_rate:
            raise Unreachable("simulated-failure", f"one of {self._error_rate:.1%} of attempts")
        return await self._inner.deliver(outgoing)
