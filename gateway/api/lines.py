"""Reading a request's body line by line: never more than one line and one chunk of it is held."""

import asyncio
import re
from typing import Final

from aiohttp import web
from msgspec import Struct

from .body import Uploads
from .limits import Limits
from .problem import Refusal

_NEWLINE: Final = b"\n"


class Line(Struct, frozen=True):
    """A line that is not blank; lines are numbered from 1, the blank ones too. body: None where it is too long."""

    number: int
    body: bytes | None


class Lines:
    """The lines of one body.

    A line may take `limits.body_seconds_max` from its first byte to its last, and the first byte
    `limits.idle_seconds_max` to come. One of more than `bytes_max` bytes is read to its end and thrown away.
    """

    def __init__(self, request: web.Request, bytes_max: int, limits: Limits, uploads: Uploads) -> None:
        self.number = 0
        self._content = request.content
        self._bytes_max = bytes_max
        self._blank_lines = re.compile(rb"(?:[ \t\r\v\f]{0,%d}+\n)++" % bytes_max)  # a longer one is too long
        self._limits = limits
        self._uploads = uploads
        self._chunk = b""
        self._start = 0
        self._waiting_for_room = False

    async def next(self) -> Line | None:
        """The next line that is not blank, None at the end; `number` is that of the line last looked for.

        Raises Refusal where there can be no next one: `stopping`, `slow-upload`, `overloaded`, `bad-request`;
        ConnectionError where the client is gone.
        """
        self.number += 1
        if self._uploads.broken_off:
            raise Refusal("stopping")
        try:
            async with asyncio.timeout(self._limits.idle_seconds_max) as timeout:
                with self._uploads.reading(timeout) as body:
                    return await self._read(body, timeout)
        except TimeoutError:
            late = "overloaded" if self._waiting_for_room else "slow-upload"
            raise Refusal("stopping" if self._uploads.broken_off else late) from None
        except web.RequestPayloadError:
            raise Refusal("bad-request") from None

    async def _read(self, body: bytearray, deadline: asyncio.Timeout) -> Line | None:
        too_long = begun = False
        while True:
            if self._start == len(self._chunk):
                self._chunk, self._start = await self._content.readany(), 0
                await asyncio.sleep(0)  # reading what has come already does not wait, whatever there is of it
            if not (body or too_long) and self._pass_over():
                continue
            piece, ended = self._piece()
            too_long = too_long or len(body) + len(piece) > self._bytes_max
            if not too_long:
                await self._add(body, piece)
            if ended or not self._chunk:
                if too_long or body.strip():
                    return Line(self.number, None if too_long else bytes(body))
                if not self._chunk:
                    return None
                self._uploads.clear(body)
                self.number += 1
            elif not begun:
                begun = True
                deadline.reschedule(asyncio.get_running_loop().time() + self._limits.body_seconds_max)

    def _pass_over(self) -> bool:
        """Go on behind the blank lines that come next, however many; whether the chunk has nothing else."""
        blank = self._blank_lines.match(self._chunk, self._start)
        if blank is not None:
            self.number += self._chunk.count(_NEWLINE, self._start, blank.end())
            self._start = blank.end()
        return blank is not None and self._start == len(self._chunk)

    def _piece(self) -> tuple[bytes, bool]:
        """What the chunk still holds of the line, and whether the line ends with it."""
        end = self._chunk.find(_NEWLINE, self._start)
        piece = self._chunk[self._start : None if end < 0 else end]
        self._start = len(self._chunk) if end < 0 else end + 1
        return piece, end >= 0

    async def _add(self, body: bytearray, piece: bytes) -> None:
        self._waiting_for_room = True
        await self._uploads.add_patiently(body, piece)
        self._waiting_for_room = False
