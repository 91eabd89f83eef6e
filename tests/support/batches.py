"""Batches for tests: lines of declarations, and the answers to them."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import aiohttp
import msgspec
from support.declarations import declaration

from onewindow.codecs import DECLARATION

BATCH = "/v1/declarations:batch"
NDJSON = "application/x-ndjson"


def twin(reference: str) -> bytes:
    """A valid declaration as one line, without its end."""
    return DECLARATION.encode_json(DECLARATION.decode_xml(declaration(reference)))


def spoilt(reference: str) -> bytes:
    """The same with a type that there is not."""
    line = twin(reference)
    wrong = line.replace(b'"TypeCode":"IM"', b'"TypeCode":"XX"', 1)
    assert line != wrong
    return wrong


def one_bad_in_a_hundred(name: str, count: int) -> Iterator[bytes]:
    """So many lines, their references numbered from 1; each hundredth is spoilt."""
    good, bad = twin("THE.REFERENCE"), spoilt("THE.REFERENCE")
    for number in range(1, count + 1):
        line = good if number % 100 else bad
        yield line.replace(b"THE.REFERENCE", f"{name}-{number}".encode()) + b"\n"


async def streamed(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The lines as a body that nobody holds as a whole."""
    for line in lines:
        yield line


async def answers(answer: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    """The answers as they come."""
    assert (200, NDJSON) == (answer.status, answer.headers["Content-Type"])
    async for line in answer.content:
        assert line.endswith(b"\n")
        yield msgspec.json.decode(line)
