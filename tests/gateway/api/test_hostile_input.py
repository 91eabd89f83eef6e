"""Hostile headers and bodies at every route: no answer blames the gateway, and the event loop is never held."""

import asyncio
import random
import re
import sys
import threading
from asyncio.events import Handle
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from email.message import Message
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace
from support.declarations import declaration
from support.served import DECLARATIONS, JSON, LIMITS, XML, Gateway, served

from onewindow.agencies.media_type import MediaType, media_type
from onewindow.agencies.transport import Outgoing
from onewindow.codecs import explanation
from onewindow.gateway import window as window_module
from onewindow.gateway.api import body as body_module
from onewindow.gateway.api.limits import HEADER_BYTES_MAX
from onewindow.gateway.api.route import Route
from onewindow.gateway.api.routes import ROUTES

SEED = 20261201
NDJSON = "application/x-ndjson"

HEADERS = (
    "Content-Type",
    "Accept",
    "Prefer",
    "If-None-Match",
    "Last-Event-ID",
    "Content-Encoding",
    "Content-Digest",
    "Repr-Digest",
    "Authorization",
    "Cookie",
    "Range",
    "Forwarded",
)
VALUES = (
    "application/xml; a*",
    "application/xml; charset*=x''%ff",
    f"application/json; a={'(' * 3000}",
    f"application/xml{'; a=b' * 1000}",
    "application/xml; charset=nonsense",
    'application/json; charset="',
    "text/html, */*;q=nan, ,;q=1e9",
    "wait=99999999999999999999",
    "wait=-1, wait=nan;;=",
    '"' * 999,
    'W/"a", W/"',
    "sha-256=:AAAA:, sha-256=:====:",
    "Bearer",
    "Bearer \u00e9\u6d77",
    "Basic Og==",
    "bytes=9-1,,-",
    "\u6d77\u5173",
    "\t",
    ",;=*/%\\",
    "-1",
)
Asked = tuple[str, str, dict[str, str]]
"""A request without its body: method, path and headers."""

BODIES: dict[str, tuple[str, bytes]] = {
    "empty elements": (
        XML,
        b'<Declaration xmlns="urn:onewindow:declaration:1">' + b"<i/>" * 10_000 + b"</Declaration>",
    ),
    "attributes": (XML, b"<Reply " + b" ".join(b"a%d=''" % number for number in range(9_000)) + b"/>"),
    "names": (XML, b"<Reply>" + b"".join(b"<a%d/>" % number for number in range(9_000)) + b"</Reply>"),
    "one mistake": (XML, b'<Reply xmlns="urn:onewindow:reply:1"/>'),
    "objects": (JSON, b'{"AdditionalDocument":[' + b",".join([b"{}"] * 10_000) + b"]}"),
    "members": (JSON, b"{" + b",".join(b'"a%d":1' % number for number in range(9_000)) + b"}"),
    "lists": (JSON, b"[" * 20_000),
    "blank lines": (NDJSON, b"\n" * 100_000),
    "lines": (NDJSON, (b'{"AdditionalDocument":[' + b",".join([b"{}"] * 5_000) + b"]}\n") * 3),
}

HEADERS_EACH = 6
PARAMETERS = ("", "-1", "1" * 400, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "\u6d77\x00", "'\"%;--")

CALLS_MAX = 50_000
"""Calls of functions in one turn of the loop, of which an ordinary declaration takes a small part."""


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once, and which nobody can ask to wait."""
    async with served(tmp_path, limits=replace(LIMITS, wait_seconds_max=0)) as opened:
        yield opened


async def calls(gateway: Gateway) -> list[tuple[Route, str]]:
    """Every route with a path that fits it, of a case that is decided."""
    taken = await gateway.post(declaration("HOSTILE"))
    case_id = taken.json["id"]
    assert await gateway.window.decided(case_id, 60) is not None
    known = {"agency": "tax", "name": "declaration", "list": "currency", "procedure": "import"}

    def filled(route: Route) -> str:
        named = known | {"id": case_id if route.path.startswith(DECLARATIONS) else "1"}
        return re.sub(r"{(\w+)[^}]*}", lambda part: named.get(part[1], "1"), route.path)

    return [(route, filled(route)) for route in ROUTES]


async def blamed(gateway: Gateway, asked: Iterable[Asked]) -> list[Asked]:
    """What was asked and answered as a fault of the gateway's."""
    found: list[Asked] = []
    for method, path, headers in asked:
        data = b"<a/>" if method == "POST" else None
        answer = await gateway.ask(method, path, headers, data)
        if answer.status >= 500:
            found.append((method, path, headers))
    return found


async def odd_headers(gateway: Gateway) -> list[Asked]:
    """Every route with every odd Content-Type, where it takes any, and with some of the other odd headers."""
    chosen = random.Random(SEED)
    asked: list[Asked] = []
    for route, path in await calls(gateway):
        pairs = chosen.sample([*product(HEADERS[1:], VALUES)], HEADERS_EACH)
        if route.method == "POST":
            pairs += product(HEADERS[:1], VALUES)
        asked += [(route.method, path, {"Content-Type": XML, name: value}) for name, value in pairs]
    return asked


async def test_no_header_is_a_fault_of_the_gateway(gateway: Gateway) -> None:
    """No header at any route is answered as a fault of the gateway's."""
    assert [] == await blamed(gateway, await odd_headers(gateway))


async def test_a_header_that_is_a_fault_is_found(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where reading a header fails, the same headers find out."""

    def reading(header: str) -> MediaType:
        message = Message()
        message["Content-Type"] = header
        message.get_params(header="Content-Type", unquote=True)
        if header.endswith("*"):
            raise ValueError(header)
        return media_type(header)

    asked = [each for each in await odd_headers(gateway) if each[1] == DECLARATIONS]
    monkeypatch.setattr(body_module, "content_type", reading)
    found = await blamed(gateway, asked)
    assert ["application/xml; a*"] == [headers["Content-Type"] for _, _, headers in found]


async def test_no_parameter_is_a_fault_of_the_gateway(gateway: Gateway) -> None:
    """No value of any query parameter at any route is answered as a fault of the gateway's."""
    asked: list[Asked] = []
    for route, path in await calls(gateway):
        for name, value in product(route.query, PARAMETERS):
            asked.append((route.method, f"{path}?{urlencode({name: value})}", {"Content-Type": XML}))
    assert [] == await blamed(gateway, asked)


@pytest.mark.parametrize(("beyond", "status"), [(0, 200), (1, 400)])
async def test_headers_end(gateway: Gateway, beyond: int, status: int) -> None:
    """All headers of a request together have as many bytes as the limit, and not one more."""
    host = gateway.url.removeprefix("http://")
    own = len("Host") + len(host)
    padding = [f"X-{number}: {'x' * (4096 - 3)}" for number in range(3)]
    rest = HEADER_BYTES_MAX - own - 3 * 4096 - len("X-3") + beyond
    lines = ["GET /health/live HTTP/1.1", f"Host: {host}", *padding, f"X-3: {'x' * rest}", "", ""]
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write("\r\n".join(lines).encode())
    assert f"HTTP/1.1 {status} " == (await reader.readline()).decode()[:13]
    writer.close()


@contextmanager
def watched() -> Iterator[list[str]]:
    """What kept the loop for longer than it may: turns with too many calls, and what has no place on it at all.

    Calls are counted and no time is taken, so that this is the same on every machine.
    """
    held: list[str] = []
    loop_thread = threading.get_ident()
    run, explain = Handle._run, explanation.explain

    def counted(handle: Handle) -> None:
        count = 0

        def called(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event.endswith("call")

        sys.setprofile(called)
        try:
            run(handle)
        finally:
            sys.setprofile(None)
        if count > CALLS_MAX:
            held.append(f"{count} calls")

    def explained(*given: Any) -> Any:
        if threading.get_ident() == loop_thread:
            held.append("an explanation")
        return explain(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Handle, "_run", counted)
        patch.setattr(explanation, "explain", explained)
        yield held


@pytest.mark.parametrize("kind", BODIES)
async def test_the_loop_is_not_held(gateway: Gateway, kind: str) -> None:
    """No body at any route keeps the event loop from everybody else."""
    media_type, body = BODIES[kind]
    known = await calls(gateway)
    await gateway.get("/openapi.json")  # which is made when it is first asked for
    statuses = set()
    with watched() as held:
        for route, path in known:
            if route.method == "POST":
                answer = await gateway.ask("POST", path, {"Content-Type": media_type}, body)
                statuses.add(answer.status)
    assert ([], True) == (held, max(statuses) < 500)


@pytest.mark.parametrize("kind", ["empty elements", "objects"])
async def test_a_held_loop_is_seen(gateway: Gateway, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where such a body is worked on on the loop, that is noticed."""

    async def on_loop(_body: bytes, work: Callable[[], Any]) -> Any:
        return work()

    monkeypatch.setattr(window_module, "read_off_loop", on_loop)
    with watched() as held:
        await gateway.ask("POST", DECLARATIONS, {"Content-Type": BODIES[kind][0]}, BODIES[kind][1])
    assert "an explanation" in held


async def test_what_an_agency_answers_does_not_hold_the_loop(tmp_path: Path) -> None:
    """An agency's answer with ten thousand elements is read in a thread."""
    reply = b'<Reply xmlns="urn:onewindow:reply:1">' + b"<i/>" * 10_000 + b"</Reply>"
    answered = asyncio.Event()

    class Agency:
        async def deliver(self, outgoing: Outgoing) -> bytes:
            answered.set()
            return reply

    with watched() as held:
        async with served(tmp_path, Agency()) as gateway:
            await gateway.post(declaration("ANSWER"))
            async with asyncio.timeout(60):
                await answered.wait()
                while not (await gateway.get("/v1/dead-letters")).json["dead_letters"]:
                    await asyncio.sleep(0)
    assert [] == [each for each in held if each == "an explanation"]
