"""Declarations through a real window in this process, whose agencies take their time faster than life."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from ...agencies.latency import share
from ...agencies.registry import installed
from ...agencies.transport import Answer, MessageKind, Outgoing, Transport
from ...codecs import DECLARATION
from ...codecs.messages.declaration import Declaration
from ..clock import SystemClock
from ..config import Config
from ..metrics import Metrics
from ..papers import XML
from ..signing_keys import signing_keys
from ..store import open_store
from ..transports import open_transports
from ..window import Window
from .counter import Counter
from .journeys import Load

DECIDED_SECONDS_MAX: Final = 600.0
"""Real seconds after which a declaration is given up."""

Slowed = Callable[[str, Transport], Transport]


class Staffed:
    """An agency with so many clerks and a queue before them, around its reference desk; `speed` times as fast."""

    def __init__(self, inner: Transport, counter: Counter, clerks: int, seed: int, speed: float) -> None:
        self._inner = inner
        self._counter = counter
        self._clerks = asyncio.Semaphore(clerks)  # whoever waits longest comes next
        self._seed = seed
        self._speed = speed

    async def deliver(self, outgoing: Outgoing) -> Answer:
        """The desk's answer, once a clerk was free and has taken the declaration's time."""
        if outgoing.kind is not MessageKind.DECLARATION:
            return await self._inner.deliver(outgoing)
        taken = self._counter.service.at(share(self._seed, "service", self._counter.name.en, outgoing.reference))
        async with self._clerks:
            await asyncio.sleep(taken / self._speed)
            return await self._inner.deliver(outgoing)


async def through(
    config: Config, load: Load, declarations: Sequence[Declaration], counters: Sequence[Counter], speed: float
) -> tuple[float, ...]:
    """Submit the declarations when they are due and take down when each is decided: seconds of life, from submission.

    The gateway's own milliseconds count `speed` times as well. Raises TimeoutError where one is not decided.
    """
    staff = {each.agency: each for each in counters if each.agency}

    def slowed(code: str, inner: Transport) -> Transport:
        counter = staff.get(code)
        return inner if counter is None else Staffed(inner, counter, load.clerks[counter.name.en], load.seed, speed)

    async with _window(config, slowed) as opened:
        loop = asyncio.get_running_loop()
        begun = loop.time()

        async def one(number: int) -> float:
            await asyncio.sleep(max(0.0, begun + load.arrivals[number] / speed - loop.time()))
            return await _decided(opened, declarations[number], loop) * speed

        return tuple(await asyncio.gather(*(one(number) for number in range(len(declarations)))))


async def overhead(config: Config, declarations: Sequence[Declaration]) -> tuple[float, ...]:
    """What the gateway itself takes from submission to decision, one declaration after another: real seconds."""
    async with _window(config, lambda _, inner: inner) as opened:
        loop = asyncio.get_running_loop()
        return tuple([await _decided(opened, each, loop) for each in declarations])


async def _decided(opened: Window, declared: Declaration, loop: asyncio.AbstractEventLoop) -> float:
    body = DECLARATION.encode_xml(declared)
    begun = loop.time()
    taken = await opened.submit(body, XML)
    if await opened.decided(taken.case.id, DECIDED_SECONDS_MAX) is None:
        raise TimeoutError(f"{declared.functional_reference_id} was not decided")
    return loop.time() - begun


@asynccontextmanager
async def _window(config: Config, slowed: Slowed) -> AsyncIterator[Window]:
    """A running window whose transports are what `slowed` makes of those that the configuration describes."""
    clock = SystemClock()
    signer, trust = signing_keys(config, clock())
    agencies, metrics = installed(), Metrics()
    async with AsyncExitStack() as stack:
        inner = await open_transports(config, agencies, clock, stack)
        transports = {code: slowed(code, each) for code, each in inner.items()}
        store = await open_store(config.store.url, observe=metrics.committed)
        opened = Window(config, store, agencies, transports, signer, trust, metrics, clock)
        running = asyncio.create_task(opened.run())
        try:
            await asyncio.sleep(0)  # the window takes declarations once its task has begun
            yield opened
        finally:
            await opened.stop()
            await running
