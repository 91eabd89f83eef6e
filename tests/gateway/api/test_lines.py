"""Lines of a body, in whatever pieces it comes."""

import asyncio
import sys
from unittest.mock import Mock

import pytest
from aiohttp import StreamReader, web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.api import Limits
from onewindow.gateway.api.body import Uploads
from onewindow.gateway.api.lines import Line, Lines
from onewindow.gateway.api.problem import Refusal

BYTES_MAX = 8


def reading(
    *pieces: bytes, failure: Exception | None = None, uploads: Uploads | None = None, ended: bool = True
) -> tuple[Lines, StreamReader]:
    """The lines of a body that comes in these pieces, and then ends, fails or is to go on; and the body, to add to."""
    body = StreamReader(Mock(_reading_paused=False), limit=2**16, loop=asyncio.get_running_loop())
    for piece in pieces:
        body.feed_data(piece)
    if failure is not None:
        body.set_exception(failure)
    elif ended:
        body.feed_eof()
    request = make_mocked_request("POST", "/", payload=body)
    return Lines(request, BYTES_MAX, Limits(), uploads or Uploads(2**20)), body


async def read(lines: Lines) -> list[Line]:
    """All lines."""
    found = []
    while (line := await lines.next()) is not None:
        found.append(line)
    return found


def expected(body: bytes) -> list[Line]:
    """The same, of a body that is held as a whole."""
    return [
        Line(number, line if len(line) <= BYTES_MAX else None)
        for number, line in enumerate(body.split(b"\n"), start=1)
        if line.strip() or len(line) > BYTES_MAX
    ]


@given(st.lists(st.text("ab \r\n", max_size=24), max_size=8))
def test_any_body_in_any_pieces(texts: list[str]) -> None:
    """However a body is cut, its lines are those of the whole: numbered with the blank ones, the long ones left out."""
    pieces = [text.encode() for text in texts]

    async def all_lines() -> list[Line]:
        return await read(reading(*pieces)[0])

    assert expected(b"".join(pieces)) == asyncio.run(all_lines())


async def test_at_the_limit_and_one_past_it() -> None:
    """A line of exactly the limit is read, one of a byte more is known to be too long, and the next is read."""
    lines, _ = reading(b"x" * BYTES_MAX + b"\n" + b"x" * (BYTES_MAX + 1) + b"\ny\n")
    assert [Line(1, b"x" * BYTES_MAX), Line(2, None), Line(3, b"y")] == await read(lines)


async def test_broken_framing() -> None:
    """A body whose framing is broken can't be read on, and the number is that of the line that did not come."""
    lines, _ = reading(failure=web.RequestPayloadError())
    with pytest.raises(Refusal) as refusal:
        await lines.next()
    assert ("bad-request", 1) == (refusal.value.code, lines.number)


async def test_uploads_that_are_broken_off() -> None:
    """Where the server has broken uploads off nothing is read any more, even if it is there already."""
    uploads = Uploads(2**20)
    lines, _ = reading(b"a\n", b"b\n", uploads=uploads)
    assert Line(1, b"a") == await lines.next()
    uploads.break_off()
    with pytest.raises(Refusal) as refusal:
        await lines.next()
    assert ("stopping", 2) == (refusal.value.code, lines.number)


@pytest.mark.parametrize("blank", [b"\n", b" \r\n", b"\t\n"])
async def test_blank_lines_cost_little(blank: bytes) -> None:
    """Blank lines are passed over together, not each for itself, and others have their turn meanwhile."""
    count, chunks = 50_000, 4
    lines, body = reading(blank * count, ended=False)
    calls = turns = 0

    def called(*_: object) -> None:
        nonlocal calls
        calls += 1

    async def others() -> None:
        nonlocal turns
        for _ in range(chunks - 1):
            turns += 1
            body.feed_data(blank * count)
            await asyncio.sleep(0)
        body.feed_eof()

    task = asyncio.create_task(others())
    sys.setprofile(called)
    try:
        assert await lines.next() is None
    finally:
        sys.setprofile(None)
    await task
    assert (count * chunks + 1, True, chunks - 1) == (lines.number, calls < count, turns)
