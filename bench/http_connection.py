"""HTTP/1.1 for the load generator: one kept connection, one request at a time, as little work of its own as can be.

A general client would take as long for a request as the gateway does, and they share the machine. It knows what the
gateway sends: a status line, headers with Content-Length, a body.
"""

import asyncio
from typing import Self, cast

from msgspec import Struct


class Answer(Struct, frozen=True):
    """An answer: its status, its head as sent, its body."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str | None:
        """A header's value; the first, where it is there several times."""
        key = name.lower().encode()
        for line in self.head.split(b"\r\n")[1:]:
            found, _, value = line.partition(b":")
            if found.lower() == key:
                return value.strip().decode("latin-1")
        return None


class BrokenOff(ConnectionError):
    """The connection ended, or sent something else than an answer, before there was a whole answer."""


class HttpConnection(asyncio.Protocol):
    """One connection. Requests follow one another; a second one before the answer is a mistake of the caller."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        """A connection to there. Raises OSError."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, host, port)
        return connection

    async def ask(self, request: bytes) -> Answer:
        """The answer to a whole request. Raises BrokenOff."""
        if self._transport is None or self._transport.is_closing():
            raise BrokenOff("closed")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Ends the connection."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The loop's call: the connection is there."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """The loop's call: something came; a whole answer goes to who asked."""
        self._received += data
        try:
            answer = taken(self._received)
        except ValueError as error:
            self._tell(BrokenOff(str(error)))
            self.close()
            return
        if answer is not None:
            self._tell(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """The loop's call: the connection has ended."""
        self._tell(BrokenOff(str(exc or "closed by the gateway")))

    def _tell(self, news: Answer | BrokenOff) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting.done():
            return
        if isinstance(news, Answer):
            waiting.set_result(news)
        else:
            waiting.set_exception(news)


def taken(received: bytearray) -> Answer | None:
    """The answer at the front of `received`, which is removed from it; None while it is not whole.

    Raises ValueError for what is no answer of the kind described above.
    """
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end])
    if not head.startswith(b"HTTP/1.1 "):
        raise ValueError(f"no answer: {head[:40]!r}")
    answer = Answer(int(head[9:12]), head, b"")
    length = answer.header("Content-Length")
    if length is None:
        raise ValueError("an answer without Content-Length")
    whole = end + 4 + int(length)
    if len(received) < whole:
        return None
    body = bytes(received[end + 4 : whole])
    del received[:whole]
    return Answer(answer.status, head, body)


def request(method: str, path: str, host: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A whole request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
