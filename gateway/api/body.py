"""Reading a request's body: what the headers forbid is refused unread, the rest is read up to a size and a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from aiohttp import HttpVersion11, web

from ...agencies.media_type import media_type as content_type
from ...codecs.finding import Finding, Text
from .limits import UPLOAD_BYTES_FREE
from .negotiation import JSON, XML, canonical
from .problem import Refusal

TAKEN: Final = (XML, JSON)
"""Media types in which a document can be sent."""


_ASKED: Final = web.RequestKey("asked", bool)
"""Set once the body was asked for."""


class Uploads:
    """The bodies being read: how much they hold together, and a way to break them off when the server has to stop.

    bytes_max: what they may hold, see Limits.
    """

    def __init__(self, bytes_max: int) -> None:
        self.broken_off = False
        self._bytes_max = bytes_max
        self._bytes = 0
        self._streams = 0
        self._timeouts: set[asyncio.Timeout] = set()
        self._freed = asyncio.Event()

    @contextmanager
    def reading(self, timeout: asyncio.Timeout) -> Iterator[bytearray]:
        """One body is being read under this timeout, into what is given."""
        body = bytearray()
        with self._under(timeout):
            try:
                yield body
            finally:
                self.release(len(body))

    @contextmanager
    def streaming(self, timeout: asyncio.Timeout, count_max: int) -> Iterator[None]:
        """One body is being read under this timeout and not held.

        Raises Refusal (`overloaded`) where so many are already.
        """
        if self._streams >= count_max:
            raise Refusal("overloaded", close=True)
        self._streams += 1
        with self._under(timeout):
            try:
                yield
            finally:
                self._streams -= 1

    @contextmanager
    def _under(self, timeout: asyncio.Timeout) -> Iterator[None]:
        self._timeouts.add(timeout)
        try:
            yield
        finally:
            self._timeouts.discard(timeout)

    def add(self, body: bytearray, chunk: bytes) -> None:
        """Read on into a body. Raises Refusal (`overloaded`) where all bodies together would hold too much."""
        if not self._has_room(body, chunk):
            raise Refusal("overloaded", close=True)
        self._bytes += self._growth(body, chunk)
        body += chunk

    async def add_patiently(self, body: bytearray, chunk: bytes) -> None:
        """Read on into a body, as soon as all bodies together leave room for it."""
        while not self._has_room(body, chunk):
            self._freed.clear()
            await self._freed.wait()
        self.add(body, chunk)

    def clear(self, body: bytearray) -> None:
        """Forget what was read of a body."""
        self.release(len(body))
        body.clear()

    def hold(self, size: int) -> None:
        """What was read is not done with yet: so many bytes count on, until they are released."""
        self._bytes += _counted(size)

    def release(self, size: int) -> None:
        """So many bytes, of one body, are no longer held."""
        self._bytes -= _counted(size)
        self._freed.set()

    def _has_room(self, body: bytearray, chunk: bytes) -> bool:
        grown = self._growth(body, chunk)
        others = self._bytes - _counted(len(body))
        return not (grown and others and self._bytes + grown > self._bytes_max)

    def _growth(self, body: bytearray, chunk: bytes) -> int:
        return _counted(len(body) + len(chunk)) - _counted(len(body))

    def break_off(self) -> None:
        """Let every body being read run into its timeout now."""
        self.broken_off = True
        now = asyncio.get_running_loop().time()
        for timeout in self._timeouts:
            timeout.reschedule(now)


def _counted(size: int) -> int:
    return max(0, size - UPLOAD_BYTES_FREE)


def media_type(request: web.Request, taken: Collection[str] = TAKEN) -> str:
    """The body's media type, one of `taken`. Raises Refusal for another, another charset, and any content encoding."""
    check_encoding(request.headers.get("Content-Encoding", ""))
    given = content_type(request.headers.get("Content-Type", ""))
    name = given.name if given.name in taken else canonical(given.name)
    if name not in taken or (given.charset or "utf-8") not in ("utf-8", "utf8"):
        words = ", ".join(taken)
        detail = Text(f"The document has to be {words}, in UTF-8.", f"文件须为 {'、'.join(taken)}，并采用 UTF-8 编码。")
        raise Refusal("unsupported-media-type", detail, headers={"Accept": words})
    return name


def check_encoding(encoding: str) -> None:
    """Raises Refusal (`unsupported-encoding`) for any content encoding.

    Nothing is unpacked here: a small body that unpacks to gigabytes costs its sender nothing.
    """
    if encoding.strip().lower() not in ("", "identity"):
        raise Refusal("unsupported-encoding", headers={"Accept-Encoding": "identity"})


def _check_length(request: web.Request, bytes_max: int) -> None:
    """Raises Refusal where the headers already say that the body is too large, or that there is none."""
    length = request.content_length
    if length is not None and length > bytes_max:
        raise too_large(bytes_max, str(length))
    check_exists(request)


def check_exists(request: web.Request) -> None:
    """Raises Refusal where the headers already say that there is no body."""
    if request.content_length == 0 or not request.body_exists:
        raise Refusal("empty-body")


async def read(request: web.Request, bytes_max: int, seconds_max: float, uploads: Uploads) -> bytes:
    """The body, of one byte to `bytes_max`; never more than that and one chunk of it is held.

    Raises Refusal: `too-large`, `empty-body`, `slow-upload`, `overloaded`, `bad-request` where its framing is broken;
    ConnectionError where the client is gone.
    """
    _check_length(request, bytes_max)
    await ask_for(request)
    async with _timed(seconds_max, uploads) as timeout:
        with uploads.reading(timeout) as body:
            while chunk := await request.content.readany():
                uploads.add(body, chunk)
                if len(body) > bytes_max:
                    raise too_large(bytes_max, None)
    if not body:
        raise Refusal("empty-body")
    return bytes(body)


async def stream(
    request: web.Request,
    bytes_max: int,
    seconds_max: float,
    uploads: Uploads,
    count_max: int,
    take: Callable[[bytes], Awaitable[None]],
) -> None:
    """Hand the body, of one byte to `bytes_max`, to `take` as it comes, where fewer than `count_max` are streamed.

    Raises as `read` does, and what `take` raises.
    """
    _check_length(request, bytes_max)
    size = 0
    async with _timed(seconds_max, uploads) as timeout:
        with uploads.streaming(timeout, count_max):
            await ask_for(request)
            while chunk := await request.content.readany():
                size += len(chunk)
                if size > bytes_max:
                    raise too_large(bytes_max, None)
                await take(chunk)
    if not size:
        raise Refusal("empty-body")


@asynccontextmanager
async def _timed(seconds_max: float, uploads: Uploads) -> AsyncIterator[asyncio.Timeout]:
    """Time to read a body in, and what to say of one that does not come in time or breaks off."""
    try:
        async with asyncio.timeout(seconds_max) as timeout:
            yield timeout
    except TimeoutError:
        raise Refusal("stopping" if uploads.broken_off else "slow-upload", close=True) from None
    except web.RequestPayloadError:
        raise Refusal("bad-request", close=True) from None


async def ask_for(request: web.Request) -> None:
    """Answer `Expect: 100-continue` (RFC 9110, section 10.1.1), now that nothing in the headers stands against it."""
    expectation = request.headers.get("Expect")
    if expectation is None or request.version < HttpVersion11:  # which knows no interim answers
        return
    if expectation.lower() != "100-continue":
        raise Refusal("expectation-failed", close=True)
    request[_ASKED] = True
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0  # aiohttp takes what has been written for the beginning of the answer


def leaves_body(request: web.Request, status: int) -> bool:
    """Whether an answer leaves the rest of a body behind, which would be taken for the next request, or it for that.

    Who expected to be asked for his body and was not sends none, or all of it: nobody can tell what follows.
    """
    if request.content.is_eof():
        return False
    return status >= 400 or (_ASKED not in request and "Expect" in request.headers)


def too_large(bytes_max: int, value: str | None) -> Refusal:
    """What to say of a body that is longer; `value` is its length, where it is known."""
    finding = Finding(
        code="body-bytes",
        pointer="/",
        message=Text(en=f"The body is larger than {bytes_max} bytes.", zh=f"请求体超过 {bytes_max} 字节。"),
        value=value,
        expected=f"at most {bytes_max} bytes",
    )
    return Refusal("too-large", findings=(finding,), close=True)
