"""One attempt to deliver, against subscribers and addresses that are not as they should be."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from support.gateway_process import free_port
from support.subscriber import Subscriber, answering

from onewindow.gateway import webhook_post
from onewindow.gateway.webhook_post import Miss, Post

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Names(AbstractResolver):
    """Every name stands for these addresses; it counts how often it was asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses."""
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
            for address in self.addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""


async def sent(url: str, resolver: AbstractResolver | None = None, *, demo: bool = True) -> Miss | None:
    """What comes of one attempt."""
    post = Post(demo, resolver)
    try:
        async with asyncio.timeout(30):
            return await post.send(url, {"Content-Type": "application/json"}, b"{}", NOW)
    finally:
        await post.close()


@asynccontextmanager
async def talking(answer: Callable[[asyncio.StreamWriter], None]) -> AsyncIterator[str]:
    """A server that says this to whoever connects, and hangs up."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        answer(writer)
        writer.close()

    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_taken(status: int) -> None:
    """Any 2xx takes a delivery; the body arrives as it was given."""
    async with Subscriber(answering(status)).listening() as subscriber:
        assert await sent(subscriber.url) is None
    assert [b"{}"] == [each.body for each in subscriber.received]


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
async def test_not_taken(status: int) -> None:
    """Any other status is a failure that names it."""
    async with Subscriber(answering(status)).listening() as subscriber:
        miss = await sent(subscriber.url)
    assert miss is not None
    assert ("status", f"the subscriber answered {status} and not 2xx") == (miss.code, miss.message.en)
    assert str(status) in miss.message.zh


async def test_gone() -> None:
    """410 is a failure of its own: nothing more is wanted."""
    async with Subscriber(answering(410)).listening() as subscriber:
        miss = await sent(subscriber.url)
    assert miss is not None
    assert ("gone", "the subscriber answered 410: it is gone, nothing more is sent") == (miss.code, miss.message.en)


async def test_retry_after() -> None:
    """What the subscriber asks for is handed on."""
    async with Subscriber(answering(503, Retry_After="30")).listening() as subscriber:
        miss = await sent(subscriber.url)
    assert miss is not None
    assert timedelta(seconds=30) == miss.retry_after


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirections_are_not_followed(status: int) -> None:
    """A redirection is a failure, and where it leads to hears nothing."""
    inside = Subscriber()
    outside = Subscriber(answering(status, Location=inside.url))
    async with inside.listening(), outside.listening():
        miss = await sent(outside.url)
    assert miss is not None
    assert "redirected" == miss.code
    assert (1, 0) == (len(outside.received), len(inside.received))


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "192.168.0.1", "0.0.0.0", "[::ffff:10.0.0.1]"])  # noqa: S104 - not bound to
async def test_private_numbers_are_not_connected_to(address: str) -> None:
    """A URL with a number of somebody's own network, which no name has to be looked up for, is not connected to."""
    miss = await sent(f"http://{address}:{free_port()}/")
    assert miss is not None
    assert "address-forbidden" == miss.code
    assert "loopback" in miss.message.en


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("169.254.169.254", "10.0.0.1"), ("fe80::1",)])
async def test_a_name_that_stands_for_a_private_address(addresses: tuple[str, ...]) -> None:
    """A name is judged by what it stands for at the moment of the connection, whatever it stood for before."""
    async with Subscriber().listening() as subscriber:
        names = Names("127.0.0.1")
        url = f"http://rebound.example:{subscriber.port}/"
        assert await sent(url, names) is None
        names.addresses = addresses
        miss = await sent(url, names)
    assert miss is not None
    assert "address-forbidden" == miss.code
    assert (2, 1) == (names.asked, len(subscriber.received))


async def test_a_name_that_stands_for_several_addresses() -> None:
    """Of several addresses only those are tried that webhooks may lead to."""
    async with Subscriber().listening() as subscriber:
        url = f"http://several.example:{subscriber.port}/"
        assert await sent(url, Names("10.0.0.1", "127.0.0.1")) is None
    assert 1 == len(subscriber.received)


async def test_loopback_is_private_too() -> None:
    """Where callers are told apart the gateway's own machine is not for them to reach."""
    async with Subscriber().listening() as subscriber:
        misses = [
            await sent(subscriber.url, demo=False),
            await sent(f"http://own.example:{subscriber.port}/", Names("127.0.0.1"), demo=False),
        ]
    assert ["address-forbidden"] * 2 == [miss.code for miss in misses if miss is not None]
    assert [] == subscriber.received


async def test_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is not used: it would connect to addresses that are not looked at here."""
    async with Subscriber().listening() as proxy, Subscriber().listening() as subscriber:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert await sent(subscriber.url) is None
    assert (0, 1) == (len(proxy.received), len(subscriber.received))


async def test_nobody_listens() -> None:
    """A port at which nobody listens is a failure, in words of both languages."""
    miss = await sent(f"http://127.0.0.1:{free_port()}/")
    assert miss is not None
    assert ("unreachable", "the subscriber can't be reached: connection refused") == (miss.code, miss.message.en)
    assert "连接被拒绝" in miss.message.zh


async def test_no_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A subscriber who does not answer is given up after a while."""
    monkeypatch.setattr(webhook_post, "ATTEMPT_SECONDS_MAX", 0.05)

    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    async with Subscriber(silent).listening() as subscriber:
        miss = await sent(subscriber.url)
    assert miss is not None
    assert "timeout" == miss.code


async def test_a_body_without_end() -> None:
    """The body of an answer is not waited for: a subscriber who never ends it has taken the delivery all the same."""
    hung_up = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x" * 65536)
        except (ConnectionError, asyncio.CancelledError):
            hung_up.set()
            raise

    async with Subscriber(endless).listening() as subscriber:
        assert await sent(subscriber.url) is None
        async with asyncio.timeout(30):
            await hung_up.wait()


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1", b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"],
    ids=["nothing", "half a line", "not HTTP", "a header without end"],
)
async def test_what_is_no_answer(answer: bytes) -> None:
    """A connection that breaks, or on which something else than HTTP comes back, is a failure."""
    async with talking(lambda writer: writer.write(answer)) as url:
        miss = await sent(url)
    assert miss is not None
    assert "broken" == miss.code


async def test_no_secure_connection() -> None:
    """An https URL at which nobody speaks TLS is a failure."""
    async with Subscriber().listening() as subscriber:
        miss = await sent(subscriber.url.replace("http:", "https:"))
    assert miss is not None
    assert "tls" == miss.code
    assert [] == subscriber.received


async def test_a_name_that_comes_to_stand_for_the_gateway() -> None:
    """A name that leads to the gateway itself when it is connected to is not connected to; to its neighbour it is."""
    async with Subscriber().listening() as subscriber:
        found = []
        for own in ({("127.0.0.1", subscriber.port)}, {("127.0.0.1", subscriber.port + 1)}):
            post = Post(True, Names("127.0.0.1"), own)
            found.append(await post.send(f"http://name.example:{subscriber.port}/", {}, b"{}", NOW))
            await post.close()
    assert isinstance(found[0], Miss)
    assert ("own-address", None, 1) == (found[0].code, found[1], len(subscriber.received))
