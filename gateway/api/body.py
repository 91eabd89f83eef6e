"""Reading a request's body: what the headers forbid is refused unread, the rest is read up to a size and a time."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aiohttp import web

from ...codecs.finding import Finding, Text
from .negotiation import JSON, XML
from .problem import Refusal

TAKEN: Final = (XML, JSON)
"""Media types in which a document can be sent."""


class Uploads:
    """The bodies being read, so that a server told to stop can break them off: nothing has been promised for them."""

    def __init__(self) -> None:
        self.broken_off = False
        self._timeouts: set[asyncio.Timeout] = set()

    @contextmanager
    def reading(self, timeout: asyncio.Timeout) -> Iterator[None]:
        """One body is being read under this timeout."""
        self._timeouts.add(timeout)
        try:
            yield
        finally:
            self._timeouts.discard(timeout)

    def break_off(self) -> None:
        """Let every body being read run into its timeout now."""
        self.broken_off = True
        now = asyncio.get_running_loop().time()
        for timeout in self._timeouts:
            timeout.reschedule(now)


def media_type(request: web.Request) -> str:
    """The body's media type, one of TAKEN. Raises Refusal for another, another charset, and any content encoding."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        # Nothing is unpacked here: a small body that unpacks to gigabytes costs its sender nothing.
        raise Refusal("unsupported-encoding", headers={"Accept-Encoding": "identity"})
    if request.content_type not in TAKEN or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Refusal("unsupported-media-type", headers={"Accept": ", ".join(TAKEN)})
    return request.content_type


def _check_length(request: web.Request, bytes_max: int) -> None:
    """Raises Refusal where the headers already say that the body is too large, or that there is none."""
    length = request.content_length
    if length is not None and length > bytes_max:
        raise _too_large(bytes_max, str(length))
    if length == 0 or not request.body_exists:
        raise Refusal("empty-body")


async def read(request: web.Request, bytes_max: int, seconds_max: float, uploads: Uploads) -> bytes:
    """The body, of one byte to `bytes_max`; never more than that and one chunk of it is held.

    Raises Refusal: `too-large`, `empty-body`, `slow-upload`, `bad-request` where its framing is broken; ConnectionError
    where the client is gone.
    """
    _check_length(request, bytes_max)
    await _ask_for(request)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds_max) as timeout:
            with uploads.reading(timeout):
                while chunk := await request.content.readany():
                    body += chunk
                    if len(body) > bytes_max:
                        raise _too_large(bytes_max, None)
    except TimeoutError:
        raise Refusal("stopping" if uploads.broken_off else "slow-upload", close=True) from None
    except web.RequestPayloadError:
        raise Refusal("bad-request", close=True) from None
    if not body:
        raise Refusal("empty-body")
    return bytes(body)


async def _ask_for(request: web.Request) -> None:
    """Answer `Expect: 100-continue` (RFC 9110, section 10.1.1), now that nothing in the headers stands against it."""
    expectation = request.headers.get("Expect")
    if expectation is None:
        return
    if expectation.lower() != "100-continue":
        raise Refusal("expectation-failed", close=True)
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0  # aiohttp takes what has been written for the beginning of the answer


def _too_large(bytes_max: int, value: str | None) -> Refusal:
    finding = Finding(
        code="body-bytes",
        pointer="/",
        message=Text(en=f"The body is larger than {bytes_max} bytes.", zh=f"请求体超过 {bytes_max} 字节。"),
        value=value,
        expected=f"at most {bytes_max} bytes",
    )
    return Refusal("too-large", findings=(finding,), close=True)
