"""The client against servers that are not as a gateway should be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from onewindow.gateway.cli.client import Client
from onewindow.gateway.cli.document import XML, Given
from onewindow.gateway.cli.ending import Stop

GIVEN = Given("a declaration", b"<Declaration/>", XML)
CASE = "01990000-0000-7000-8000-000000000000"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[Client]:
    """A client of a server that answers everything with `handler`."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with Client(f"http://127.0.0.1:{runner.addresses[0][1]}/") as client:
            yield client
    finally:
        await runner.cleanup()


async def stopped(handler: Handler) -> Stop:
    """How a submission to that server ends."""
    async with served(handler) as client:
        with pytest.raises(Stop) as caught:
            await client.submit(GIVEN)
    return caught.value


def answering(status: int, body: str, media_type: str = "application/json", **headers: str) -> Handler:
    """A server that always answers this."""

    async def handler(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response(status=status, text=body, content_type=media_type, headers=headers)

    return handler


@pytest.mark.parametrize(
    ("status", "body"), [(200, "<html></html>"), (502, "<html></html>"), (404, "gone"), (202, "{}"), (202, "[1]")]
)
async def test_what_is_no_gateway(status: int, body: str) -> None:
    """An answer that no gateway gives counts as no gateway reached."""
    stop = await stopped(answering(status, body, "text/html"))
    assert (3, "not-a-gateway") == (stop.status, stop.code)


@pytest.mark.parametrize("status", [429, 503])
async def test_busy_gateway(status: int) -> None:
    """A gateway that takes nothing just now counts as not reached, and the user is told when to come again."""
    body = '{"type": "urn:onewindow:problem:overloaded", "title": "Too much", "detail": "Too much in hand."}'
    stop = await stopped(answering(status, body, "application/problem+json", **{"Retry-After": "7"}))
    assert (3, "overloaded") == (stop.status, stop.code)
    assert "Try again in 7 s." in stop.en


async def test_problem_is_handed_on() -> None:
    """A refusal keeps the gateway's own document, its code and its findings."""
    body = (
        '{"type": "urn:onewindow:problem:invalid", "title": "Invalid", "detail": "Not valid.", "findings": '
        '[{"code": "item-count", "pointer": "/", "message": {"en": "Too few.", "zh": "过少。"}}]}'
    )
    stop = await stopped(answering(422, body, "application/problem+json"))
    assert (1, "invalid", body.encode()) == (stop.status, stop.code, stop.problem)
    assert ["item-count"] == [finding.code for finding in stop.findings]


async def test_gateway_that_hangs_up() -> None:
    """A connection that breaks before the answer counts as no gateway reached."""

    async def handler(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    stop = await stopped(handler)
    assert (3, "unreachable") == (stop.status, stop.code)


def event(sequence: int, name: str) -> bytes:
    """An event as the gateway writes it, with a sign of life before it."""
    words = '"words":{"en":"","zh":""}'
    data = f'{{"sequence":{sequence},"at":"2026-03-02T08:00:00Z","event":"{name}","agency":null,"detail":null,{words}}}'
    return f": alive\n\nid: {sequence}\nevent: {name}\ndata: {data}\n\n".encode()


async def test_event_stream_that_is_cut_off() -> None:
    """A stream that breaks off is taken up again after the last whole event, and none comes twice."""
    asked: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers["Last-Event-ID"])
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        if len(asked) == 1:
            await stream.write(event(1, "accepted") + event(2, "sent") + event(3, "replied")[:40])
            assert request.transport is not None
            request.transport.abort()
        else:
            await stream.write(event(3, "replied") + event(4, "decided") + event(5, "never"))
        return stream

    async with served(handler) as client:
        entries = [entry async for entry in client.events(CASE)]
    assert ["0", "2"] == asked
    assert [1, 2, 3, 4] == [entry.sequence for entry in entries]


async def test_event_stream_that_never_comes() -> None:
    """A stream that breaks off again and again counts as no gateway reached."""

    async def handler(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        await asyncio.sleep(0)
        return web.Response()

    async with served(handler) as client:
        with pytest.raises(Stop) as caught:
            _ = [entry async for entry in client.events(CASE)]
    assert 3 == caught.value.status


async def test_client_needs_its_context() -> None:
    """A client outside its `async with` has no connection and says so."""
    with pytest.raises(RuntimeError, match="async with"):
        await Client("http://127.0.0.1:1").response(CASE)
