"""Calls that wait for their clients: so many a caller, and none for a client that has hung up."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from .connection import Connection
from .problem import Refusal


class Waits:
    """How many calls of each caller wait. In demo identity callers are told apart by their addresses only."""

    def __init__(self, per_caller_max: int) -> None:
        self._per_caller_max = per_caller_max
        self._counts: Counter[str] = Counter()

    def are_full(self, caller: str) -> bool:
        """So many wait that there may be no more."""
        return self._counts[caller] >= self._per_caller_max

    @contextmanager
    def one_more(self, caller: str) -> Iterator[None]:
        """One more of this caller waits."""
        self._counts[caller] += 1
        try:
            yield
        finally:
            self._counts[caller] -= 1
            if not self._counts[caller]:
                del self._counts[caller]


WAITS = web.AppKey("waits", Waits)
WEBHOOK_TESTS = web.AppKey("webhook_tests", Waits)
"""Those that wait for a subscriber's answer, which may take its time over it."""


def may_wait(request: web.Request) -> bool:
    """Whether one more call of this caller may wait."""
    return not request.app[WAITS].are_full(request.remote or "")


@asynccontextmanager
async def waiting(request: web.Request, kind: web.AppKey[Waits] = WAITS) -> AsyncIterator[None]:
    """Wait on behalf of the client, for as long as it is there.

    Raises Refusal (`too-many-waits`) where as many calls of the caller wait as may; ConnectionResetError once the
    client has hung up. What is waited for must be able to bear that at any time.
    """
    caller = request.remote or ""
    if request.app[kind].are_full(caller):
        raise Refusal("too-many-waits")
    with request.app[kind].one_more(caller):
        async with while_connected(request):
            yield


@asynccontextmanager
async def while_connected(request: web.Request) -> AsyncIterator[None]:
    """Raises ConnectionResetError out of what is awaited meanwhile, once the client has hung up."""
    connection = request.protocol
    if request.transport is None:
        raise ConnectionResetError
    scope = asyncio.timeout(None)
    try:
        async with scope:
            if isinstance(connection, Connection):
                connection.waiting = scope
            try:
                yield
            finally:
                if isinstance(connection, Connection):
                    connection.waiting = None
    except TimeoutError:
        if scope.expired():
            raise ConnectionResetError from None
        raise
