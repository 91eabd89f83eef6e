"""One request after another on a connection: what follows a refusal is a request, and is answered."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.batches import BATCH, twin
from support.declarations import declaration
from support.served import DECLARATIONS, JSON, XML, Gateway, served

from onewindow.gateway.document_names import declaration_name

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
NEXT = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def heads(gateway: Gateway, *sent: bytes | str) -> list[bytes]:
    """Status line of each answer on one connection, to what is sent part by part, each after the answer before it.

    Closed: the answer that says so is the last.
    """
    host, port = gateway.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    answers = []
    async with asyncio.timeout(60):
        for part in sent:
            writer.write(part.encode() if isinstance(part, str) else part)
            head = await reader.readuntil(b"\r\n\r\n")
            answers.append(head.partition(b"\r\n")[0].removeprefix(b"HTTP/1.1 "))
            if b"\r\nConnection: close\r\n" in head:
                answers.append(b"closed")
                break
            for line in head.split(b"\r\n"):
                if line.startswith(b"Content-Length: "):
                    await reader.readexactly(int(line.partition(b": ")[2]))
    writer.close()
    return answers


def expecting(method: str, path: str, length: int, *lines: str) -> str:
    """The head of a request that expects to be asked for its body."""
    head = [f"{method} {path} HTTP/1.1", "Host: a", "Expect: 100-continue", f"Content-Length: {length}", *lines]
    return "\r\n".join(head) + "\r\n\r\n"


XML_LINE = f"Content-Type: {XML}"

REFUSED = [
    (expecting("POST", DECLARATIONS, 9, "Content-Type: text/plain"), b"415 Unsupported Media Type"),
    (expecting("POST", DECLARATIONS, 9, XML_LINE, "Accept: image/webp"), b"406 Not Acceptable"),
    (expecting("POST", f"{DECLARATIONS}?x=y", 9, XML_LINE), b"400 Bad Request"),
    (expecting("POST", DECLARATIONS, 99_999_999, XML_LINE), b"413 Request Entity Too Large"),
    (expecting("POST", DECLARATIONS, 9, XML_LINE, "Origin: http://evil.example"), b"403 Forbidden"),
    (expecting("POST", DECLARATIONS, 9, XML_LINE, "Content-Encoding: gzip"), b"415 Unsupported Media Type"),
    (expecting("POST", BATCH, 9, XML_LINE), b"415 Unsupported Media Type"),
    (expecting("POST", "/nothing", 9, XML_LINE), b"404 Not Found"),
    (expecting("PUT", DECLARATIONS, 9, XML_LINE), b"405 Method Not Allowed"),
    (expecting("DELETE", f"{DECLARATIONS}/x/events", 9, XML_LINE), b"405 Method Not Allowed"),
    (expecting("POST", "/v1/documents", 9, "Content-Type: video/mp4"), b"400 Bad Request"),
]


async def test_who_was_not_asked_for_his_body(gateway: Gateway) -> None:
    """A refusal in place of `100 Continue` closes the connection: no request after it is taken for the body."""
    for head, status in REFUSED:
        assert [status, b"closed"] == await heads(gateway, head, NEXT)


async def test_who_was_not_asked_and_was_not_refused(gateway: Gateway) -> None:
    """Where nobody needs the body it is not asked for, and the connection ends with the answer."""
    assert [b"200 OK", b"closed"] == await heads(gateway, expecting("GET", DECLARATIONS, 9), NEXT)
    assert [b"204 No Content", b"closed"] == await heads(gateway, expecting("OPTIONS", DECLARATIONS, 9), NEXT)


async def test_who_was_asked(gateway: Gateway) -> None:
    """Who is asked for his body sends it, and the next request on the connection is answered, refused or not."""
    body = declaration("ASKED-1")
    good = expecting("POST", DECLARATIONS, len(body), XML_LINE)
    bad = expecting("POST", DECLARATIONS, 3, XML_LINE)
    answers = await heads(gateway, good, body, bad, "<x>", NEXT)
    assert [b"100 Continue", b"202 Accepted", b"100 Continue", b"400 Bad Request", b"200 OK"] == answers


async def test_a_body_that_nobody_reads(gateway: Gateway) -> None:
    """A refused body that has come is thrown away, and the next request is answered; one that has not closes."""
    head = f"POST {DECLARATIONS} HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n"
    assert [b"415 Unsupported Media Type", b"200 OK"] == await heads(gateway, f"{head}123456789", NEXT)
    assert [b"415 Unsupported Media Type", b"closed"] == await heads(gateway, f"{head}12345", NEXT)


async def test_an_expectation_without_a_body(gateway: Gateway) -> None:
    """Where no body follows there is nothing to mistake, and the connection goes on."""
    assert [b"200 OK", b"200 OK"] == await heads(gateway, expecting("GET", DECLARATIONS, 0), NEXT)


NAMES_OF_XML = ["text/xml", 'text/xml; charset="UTF-8"', "TEXT/XML", "application/vnd.example.declaration+xml"]
NAMES_OF_JSON = ["text/json", "application/x-json", "application/vnd.example+json; charset=utf-8"]
NAMES_OF_LINES = ["application/ndjson", "application/jsonl", "application/x-jsonlines"]
OTHERS = ["text/xml; charset=iso-8859-1", "text/plain", "image/svg+xml", "application/xmlx", "xml", "text/html"]


async def test_other_names_of_media_types(gateway: Gateway) -> None:
    """XML, JSON and lines of JSON are taken under their other names, and kept under their own."""
    for place, media_type in enumerate((*NAMES_OF_XML, *NAMES_OF_JSON)):
        sent = declaration(f"ALIAS-{place}") if media_type in NAMES_OF_XML else twin(f"ALIAS-{place}")
        answer = await gateway.post(sent, Content_Type=media_type)
        assert (202, media_type) == (answer.status, media_type)
        record = await gateway.window.load(answer.json["id"], declaration_name(1))
        assert record is not None
        kept = record.documents[declaration_name(1)].media_type
        assert (XML if media_type in NAMES_OF_XML else JSON) == kept
    for place, media_type in enumerate(NAMES_OF_LINES):
        answer = await gateway.ask("POST", BATCH, {"Content-Type": media_type}, twin(f"ALIAS-L-{place}"))
        assert (200, True) == (answer.status, b'"status":202' in answer.body)


async def test_what_is_no_name_of_them(gateway: Gateway) -> None:
    """Another charset, and what is no name of XML or JSON, is 415 with what is taken."""
    for media_type in OTHERS:
        answer = await gateway.post(declaration("ALIAS-N"), Content_Type=media_type)
        assert (415, "unsupported-media-type") == (answer.status, answer.problem)
        assert f"{XML}, {JSON}" == answer.headers["Accept"]


async def test_other_names_in_accept(gateway: Gateway) -> None:
    """An answer in XML is given to who asks for it by its other name."""
    answer = await gateway.post(declaration("ALIAS-A"), Accept="text/xml")
    assert (202, XML) == (answer.status, answer.headers["Content-Type"])
