"""What holds for every call: methods, headers, problem documents, failures that nobody foresaw."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.declarations import declaration
from support.served import DECLARATIONS, PROBLEM, Gateway, served

from onewindow.gateway.api.problem import KINDS
from onewindow.gateway.api.route import Route
from onewindow.gateway.api.routes import ROUTES
from onewindow.gateway.store.store import RecordDamaged, StoreUnavailable
from onewindow.gateway.submission import NotServing

GETS = ["/v1/declarations", "/v1/schemas", "/v1/schemas/tax.xsd", "/v1/codes/Incoterm", "/health/live", "/docs"]


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("path", GETS)
async def test_head(path: str, gateway: Gateway) -> None:
    """HEAD is answered as GET is, without the content."""
    head, got = await gateway.ask("HEAD", path), await gateway.get(path)
    assert (200, b"") == (head.status, head.body)
    assert {**got.headers, "Date": ""} == {**head.headers, "Date": ""}


async def test_head_of_an_event_stream(gateway: Gateway) -> None:
    """HEAD of an event stream ends at once."""
    path = (await gateway.post(declaration("I-1"))).headers["Location"]
    head = await gateway.ask("HEAD", f"{path}/events")
    assert (200, "text/event-stream", b"") == (head.status, head.headers["Content-Type"], head.body)


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/v1/declarations", "GET, HEAD, OPTIONS, POST"),
        ("/v1/schemas", "GET, HEAD, OPTIONS"),
        ("/docs", "GET, HEAD, OPTIONS"),
    ],
)
async def test_methods(path: str, allow: str, gateway: Gateway) -> None:
    """OPTIONS names the methods of an address, and so does 405 for any other method."""
    options = await gateway.ask("OPTIONS", path)
    refused = await gateway.ask("DELETE", path)
    assert (204, allow, b"") == (options.status, options.headers["Allow"], options.body)
    assert (405, "method-not-allowed", allow) == (refused.status, refused.problem, refused.headers["Allow"])


@pytest.mark.parametrize("path", ["/v1/declarations", "/nothing", "/docs", "/v1/declarations?x=y"])
async def test_headers_of_every_answer(path: str, gateway: Gateway) -> None:
    """No answer may be guessed at or kept unasked, and none says what server it comes from."""
    answer = await gateway.get(path)
    assert "nosniff" == answer.headers["X-Content-Type-Options"]
    assert "no-store" == answer.headers["Cache-Control"]
    assert "Server" not in answer.headers


ANSWERING = [route for route in ROUTES if route.offered]


@pytest.mark.parametrize("route", ANSWERING, ids=lambda route: route.operation)
async def test_media_types_that_are_not_offered(route: Route, gateway: Gateway) -> None:
    """A media type that a call does not offer is 406, with those it offers; nothing is stored."""
    method, path = route.method, route.path.replace("{", "").replace("}", "")
    answer = await gateway.ask(method, path, {"Accept": "image/webp", "Content-Type": "application/xml"})
    assert (406, "not-acceptable") == (answer.status, answer.problem)
    assert route.offered[0] in answer.json["detail"]


@pytest.mark.parametrize(
    ("error", "status", "problem"),
    [
        (RuntimeError("secret at /etc"), 500, "internal"),
        (ConnectionResetError("the store's, not the client's"), 500, "internal"),
        (TimeoutError(), 500, "internal"),
        (RecordDamaged("1", "secret"), 500, "record-damaged"),
        (StoreUnavailable("secret"), 503, "store-unavailable"),
        (NotServing("stopping", 7), 503, "stopping"),
    ],
)
async def test_failures(
    error: Exception, status: int, problem: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure inside is a problem document that shows nothing of the inside, and the next request is served."""

    async def failing(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(gateway.window, "find", failing)
        answer = await gateway.get(DECLARATIONS)
    assert (status, problem) == (answer.status, answer.problem)
    assert b"secret" not in answer.body
    assert (status == 503) == ("Retry-After" in answer.headers)
    if problem == "internal":
        assert [answer.json["instance"]] == [entry["incident"] for entry in logs if "incident" in entry]
    assert 200 == (await gateway.get(DECLARATIONS)).status


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nBroken\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_not_http(sent: bytes, gateway: Gateway) -> None:
    """What can't be read as HTTP is answered with a problem document, and the connection ends."""
    host, port = gateway.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    async with asyncio.timeout(30):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert re.match(rb"HTTP/1\.[01] 400 ", head)
    assert PROBLEM.encode() in head
    assert b"aiohttp" not in head
    assert b"urn:onewindow:problem:bad-request" in body


def test_every_problem_has_words_in_both_languages() -> None:
    """Every kind of problem has a title and a detail in English and in Chinese, and a status that fits."""
    for kind in KINDS.values():
        assert 400 <= kind.status <= 599
        for words in (kind.title, kind.detail):
            assert words.en.isascii()
            assert not words.zh.isascii()
