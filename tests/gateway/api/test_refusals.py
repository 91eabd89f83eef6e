"""Bodies that are not taken: each is answered with a fitting problem, and the next good one is served."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path

import pytest
from support.declarations import declaration
from support.served import JSON, XML, Gateway, served

from onewindow.codecs import DECLARATION
from onewindow.gateway.api import Limits
from onewindow.gateway.store.store import Query

ENTITY_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + place, b"&%c;" % (97 + place) * 10) for place in range(10))
    + b"]><l>&k;</l>"
)
EXTERNAL_ENTITY = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]><l>&x;</l>'


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def still_serves(gateway: Gateway) -> None:
    """A good declaration is taken, and nothing else has been stored."""
    assert () == await gateway.window.find(Query())
    answer = await gateway.post(declaration("GOOD"))
    assert 202 == answer.status


@pytest.mark.parametrize(
    ("status", "problem", "body", "headers"),
    [
        (400, "empty-body", b"", {}),
        (400, "not-well-formed", b"<Declaration>", {}),
        (400, "forbidden-construct", "<Declaration/>".encode("utf-16"), {}),
        (400, "not-well-formed", b"{", {"Content-Type": JSON}),
        (400, "forbidden-construct", ENTITY_BOMB, {}),
        (400, "forbidden-construct", EXTERNAL_ENTITY, {}),
        (413, "too-large", b"<d>" * 10_000 + b"</d>" * 10_000, {}),
        (415, "unsupported-media-type", b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}),
        (415, "unsupported-media-type", b"<Declaration/>", {"Content-Type": "text/plain"}),
        (415, "unsupported-media-type", b"<Declaration/>", {"Content-Type": "application/xml; charset=gb18030"}),
        (415, "unsupported-encoding", gzip.compress(b" " * 1_000_000, mtime=0), {"Content-Encoding": "gzip"}),
        (415, "unsupported-encoding", gzip.compress(b"<d/>", mtime=0), {"Content-Encoding": "x-gzip"}),
        (417, "expectation-failed", b"<Declaration/>", {"Expect": "200-ok"}),
        (422, "invalid", b"<Declaration/>", {}),
        (422, "invalid", b"{}", {"Content-Type": JSON}),
        (422, "invalid", b'<Receipt xmlns="urn:onewindow:receipt:1"/>', {}),
    ],
)
async def test_what_is_not_taken(
    status: int, problem: str, body: bytes, headers: dict[str, str], gateway: Gateway
) -> None:
    """The answer names the problem, and the next good declaration is served."""
    answer = await gateway.ask("POST", "/v1/declarations", {"Content-Type": XML, **headers}, body)
    assert (status, problem) == (answer.status, answer.problem)
    await still_serves(gateway)


async def test_no_content_type(gateway: Gateway) -> None:
    """A body of which nobody says what it is, is not guessed at."""
    answer = await gateway.ask("POST", "/v1/declarations", {"Content-Type": ""}, declaration("R-1"))
    assert (415, "unsupported-media-type") == (answer.status, answer.problem)


async def test_ten_mistakes_are_ten_findings(gateway: Gateway) -> None:
    """Ten wrong values in one declaration are one 422 with ten findings: pointer, line, words, what was expected."""
    good = DECLARATION.decode_xml(declaration("R-2", items=10))
    lines = DECLARATION.encode_xml(good).replace(b"><", b">\n<")
    code = good.goods_shipment.government_agency_goods_item[0].commodity.goods_measure.tariff_quantity.unit_code
    mark = b"<TariffQuantity unitCode="
    wrong = lines.replace(mark + b'"', mark + b'"?')
    answer = await gateway.post(wrong)
    findings = answer.json["findings"]
    assert code is not None
    assert 10 == wrong.count(mark + b'"?')
    assert (422, "invalid", 10) == (answer.status, answer.problem, len(findings))
    assert [
        f"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[{place}]/Commodity/GoodsMeasure/TariffQuantity/@unitCode"
        for place in range(1, 11)
    ] == [finding["pointer"] for finding in findings]
    expected = [number for number, line in enumerate(wrong.split(b"\n"), start=1) if mark in line]
    assert expected == [finding["line"] for finding in findings]
    for finding in findings:
        assert finding["code"]
        assert finding["expected"]
        assert finding["message"]["en"]
        assert finding["message"]["zh"]
    await still_serves(gateway)


async def test_twenty_megabytes_are_refused_unread(gateway: Gateway) -> None:
    """A body whose length is announced as too large is refused from its headers: not one byte of it has to be sent."""
    reader, writer = await _connection(gateway)
    writer.write(b"POST /v1/declarations HTTP/1.1\r\nHost: a\r\nContent-Type: application/xml\r\n")
    writer.write(b"Content-Length: 20971520\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in head
    await still_serves(gateway)


async def test_twenty_megabytes_announced(gateway: Gateway) -> None:
    """A client that sends 20 MB with their length gets its 413."""
    answer = await gateway.post(b" " * 20_971_520)
    assert (413, "too-large") == (answer.status, answer.problem)
    await still_serves(gateway)


async def test_twenty_megabytes_in_chunks(gateway: Gateway) -> None:
    """A body without a length is read no further than one chunk past the limit."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(320):
            yield b" " * 65_536

    answer = await gateway.post(chunks())
    assert (413, "too-large") == (answer.status, answer.problem)
    await still_serves(gateway)


async def test_at_the_limit_and_one_past_it(gateway: Gateway) -> None:
    """A body of exactly the limit is read (and found wanting), one byte more is too large."""
    limit = gateway.window.config.gateway.max_body
    at_limit = await gateway.post(b"<" + b" " * (limit - 1))
    past_it = await gateway.post(b"<" + b" " * limit)
    assert (400, "not-well-formed") == (at_limit.status, at_limit.problem)
    assert (413, "too-large") == (past_it.status, past_it.problem)


async def test_a_slow_upload_is_given_up(tmp_path: Path) -> None:
    """A body that does not arrive in time is answered with 408."""
    async with served(tmp_path, limits=Limits(drain_seconds=0.01, body_seconds_max=0.05)) as gateway:
        reader, writer = await _connection(gateway)
        writer.write(b"POST /v1/declarations HTTP/1.1\r\nHost: a\r\nContent-Type: application/xml\r\n")
        writer.write(b"Content-Length: 100\r\n\r\n<Declaration>")
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await still_serves(gateway)
    assert head.startswith(b"HTTP/1.1 408 ")


async def test_expecting_to_be_asked(gateway: Gateway) -> None:
    """`Expect: 100-continue` is answered by asking for the body, and not where the headers rule it out."""
    body = declaration("GOOD")
    head = b"POST /v1/declarations HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\n"
    head += b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    reader, writer = await _connection(gateway)
    writer.write(head % (b"application/xml", len(body)))
    asked = await reader.readuntil(b"\r\n\r\n")
    writer.write(body)
    taken = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    reader, writer = await _connection(gateway)
    writer.write(head % (b"text/plain", len(body)))
    refused = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert b"HTTP/1.1 100 Continue\r\n\r\n" == asked
    assert taken.startswith(b"HTTP/1.1 202 ")
    assert refused.startswith(b"HTTP/1.1 415 ")


async def test_not_asked_before_http_1_1(gateway: Gateway) -> None:
    """A client of HTTP/1.0, which knows no interim answers, gets none (RFC 9110, section 10.1.1)."""
    body = declaration("GOOD")
    reader, writer = await _connection(gateway)
    writer.write(b"POST /v1/declarations HTTP/1.0\r\nContent-Type: application/xml\r\nExpect: 100-continue\r\n")
    writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert re.match(rb"HTTP/1\.[01] 202 ", head)


async def test_bodies_held_together(tmp_path: Path) -> None:
    """Large bodies that are held hold a bounded number of bytes; beyond it is 429, and small ones still get through."""
    size = 1_000_000
    limits = Limits(drain_seconds=0.01, upload_bytes_inflight_max=2 * size)
    async with served(tmp_path, limits=limits) as gateway:
        held = [await _connection(gateway) for _ in range(5)]
        for _, writer in held:
            writer.write(b"POST /v1/declarations HTTP/1.1\r\nHost: a\r\nContent-Type: application/xml\r\n")
            writer.write(b"Content-Length: %d\r\n\r\n" % (size + 1) + b" " * size)
        heads = [asyncio.create_task(reader.readuntil(b"\r\n\r\n")) for reader, _ in held]
        for answered in islice(asyncio.as_completed(heads), 3):
            head = await answered
            assert head.startswith(b"HTTP/1.1 429 ")
            assert b"Retry-After: " in head
        await still_serves(gateway)
        assert 2 == sum(not waiting.done() for waiting in heads)
        for _, writer in held:
            writer.transport.abort()
        await asyncio.gather(*heads, return_exceptions=True)
        large = await gateway.post(b" " * size)
    assert (400, "not-well-formed") == (large.status, large.problem)


async def test_one_body_alone_is_read(tmp_path: Path) -> None:
    """A body alone is read whatever the bodies may hold together."""
    async with served(tmp_path, limits=Limits(drain_seconds=0.01, upload_bytes_inflight_max=0)) as gateway:
        answer = await gateway.post(b" " * 1_000_000)
    assert (400, "not-well-formed") == (answer.status, answer.problem)


async def test_a_client_that_hangs_up(gateway: Gateway) -> None:
    """A client that hangs up in the middle of its body leaves nothing behind."""
    _, writer = await _connection(gateway)
    writer.write(b"POST /v1/declarations HTTP/1.1\r\nHost: a\r\nContent-Type: application/xml\r\n")
    writer.write(b"Content-Length: 100\r\n\r\n<Declaration>")
    await writer.drain()
    writer.transport.abort()
    await still_serves(gateway)


async def test_a_body_with_broken_framing(gateway: Gateway) -> None:
    """Chunks that are no chunks are answered with 400."""
    reader, writer = await _connection(gateway)
    writer.write(b"POST /v1/declarations HTTP/1.1\r\nHost: a\r\nContent-Type: application/xml\r\n")
    writer.write(b"Transfer-Encoding: chunked\r\n\r\nhello\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert re.match(rb"HTTP/1\.[01] 400 ", head)
    await still_serves(gateway)


async def _connection(gateway: Gateway) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = gateway.url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))
