"""The agency's end of a way to a gateway, over sockets and in the test's own hands: what comes and what is brought.

A reference agency behaves well; these do what the test says, over each transport that has a network in it.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import aiohttp
import msgspec
import nats
from aiohttp import web
from msgspec import Struct
from nats.errors import NoRespondersError
from support.gateway_process import free_port

from onewindow.agencies.http import KIND, MESSAGE_ID, XML
from onewindow.agencies.nats import STREAM
from onewindow.agencies.return_address import STATUS, return_address
from onewindow.agencies.transport import MessageKind

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg


class Message(Struct, frozen=True):
    """One message as it has come; `attempt`: how often the test has seen its id, from 1."""

    message_id: str
    kind: MessageKind
    body: bytes
    attempt: int


class Told(Struct, frozen=True):
    """What the window says to something that was brought; `problem`: the stable part of its type, empty where taken."""

    status: int
    problem: str = ""


class Lost(Exception):
    """The agency has done its part, and nothing of it reaches the window this time."""


class FarSide(ABC):
    """One agency's end. `told`: the window's answers to what was brought, in their order."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.told: list[Told] = []
        self._seen: dict[str, int] = {}

    def came(self, message_id: str, kind: str, body: bytes) -> Message:
        """A message that has come."""
        self._seen[message_id] = self._seen.get(message_id, 0) + 1
        return Message(message_id, MessageKind(kind), body, self._seen[message_id])

    async def bring(self, reply: bytes) -> Told:
        """Bring a reply; what the window says to it."""
        return self._heard(await self._say("replies", XML, reply))

    async def acknowledge(self, message_id: str) -> Told:
        """Tell the window that a message is taken and answered later."""
        body = msgspec.json.encode({"message_id": message_id})
        return self._heard(await self._say("acknowledgements", "application/json", body))

    def _heard(self, told: Told) -> Told:
        self.told.append(told)
        return told

    @abstractmethod
    async def _say(self, what: str, media_type: str, body: bytes) -> Told:
        """Bring something, and hear what the window says."""


class OverHttp(FarSide):
    """An agency that speaks to the gateway at `url` over HTTP."""

    def __init__(self, code: str, url: str, client: aiohttp.ClientSession) -> None:
        super().__init__(code)
        self._address = f"{url}/v1/agencies/{code}"
        self._client = client

    async def _say(self, what: str, media_type: str, body: bytes) -> Told:
        headers = {"Content-Type": media_type}
        async with self._client.post(f"{self._address}/{what}", data=body, headers=headers) as answer:
            return _told(answer.status, await answer.read())

    async def messages(self) -> list[tuple[str, str, bytes]]:
        """Fetch what lies in the agency's mailbox, or wait for it: ids, kinds and bodies."""
        async with self._client.get(f"{self._address}/messages", params={"wait": 5, "max": 50}) as answer:
            answer.raise_for_status()
            return [
                (each["message_id"], each["kind"], each["body"].encode()) for each in (await answer.json())["messages"]
            ]


class OverBus(FarSide):
    """An agency that speaks to the gateway over the bus."""

    def __init__(self, code: str, client: "Client") -> None:
        super().__init__(code)
        self._client = client

    async def _say(self, what: str, media_type: str, body: bytes) -> Told:
        headers = {"Content-Type": media_type}
        async with asyncio.timeout(30):
            while True:
                try:
                    answer = await self._client.request(return_address(self.code), body, timeout=20, headers=headers)
                except NoRespondersError:  # the window is away, or not yet back on the bus
                    await asyncio.sleep(0.05)
                else:
                    return _told(int((answer.headers or {})[STATUS]), answer.data)

    async def messages(self) -> AsyncIterator["Msg"]:
        """What lies ready for the agency, one after another."""
        while True:
            try:
                stream = self._client.jetstream()
                pulled = await stream.pull_subscribe_bind(durable=self.code, stream=STREAM)
                while True:
                    for each in await pulled.fetch(20, timeout=5):
                        yield each
            except Exception:  # noqa: BLE001 - nothing is there, or the gateway has not laid the stream out yet
                await asyncio.sleep(0.05)


def _told(status: int, body: bytes) -> Told:
    said = msgspec.json.decode(body, type=dict[str, Any])
    return Told(status, str(said.get("type", "")).removeprefix("urn:onewindow:problem:"))


Behaviour = Callable[[FarSide, Message], Awaitable[bytes | None]]
"""What an agency does with a message: the reply, or None where it takes it and says nothing now. Raises Lost."""


@asynccontextmanager
async def far_sides(
    transport: str, url: str, ports: Mapping[str, int], behaviours: Mapping[str, Behaviour]
) -> AsyncIterator[dict[str, FarSide]]:
    """The far sides of these agencies, at work; `url` is the gateway's, or the bus's; `ports`: where they listen."""
    async with AsyncExitStack() as stack:
        sides: dict[str, FarSide] = {}
        client = await stack.enter_async_context(aiohttp.ClientSession())
        for code, behaviour in behaviours.items():
            if transport == "nats":
                bus = await nats.connect(url)
                stack.push_async_callback(bus.close)
                over_bus = sides[code] = OverBus(code, bus)
                way = _pulls(over_bus, behaviour)
            else:
                over_http = sides[code] = OverHttp(code, url, client)
                is_mailbox = transport == "mailbox"
                way = _fetches(over_http, behaviour) if is_mailbox else _listens(over_http, behaviour, ports[code])
            await stack.enter_async_context(way)
        yield sides


def reached(transport: str, ports: Mapping[str, int]) -> dict[str, dict[str, str | float]]:
    """How a gateway reaches agencies whose far sides are the test's."""
    if transport == "http":
        return {
            code: {"transport": "http", "url": f"http://127.0.0.1:{port}/messages", "timeout": 20}
            for code, port in ports.items()
        }
    return {code: {"transport": transport, "lease": 1.0} for code in ports}


def free_ports(codes: tuple[str, ...]) -> dict[str, int]:
    """A free port for each agency."""
    return {code: free_port() for code in codes}


@asynccontextmanager
async def _listens(side: FarSide, behaviour: Behaviour, port: int) -> AsyncIterator[None]:
    async def message(request: web.Request) -> web.Response:
        headers = request.headers
        try:
            reply = await behaviour(side, side.came(unquote(headers[MESSAGE_ID]), headers[KIND], await request.read()))
        except Lost:
            return web.Response(status=503)
        return web.Response(status=202) if reply is None else web.Response(body=reply, content_type=XML)

    app = web.Application()
    app.router.add_post("/messages", message)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _settled(side: FarSide, behaviour: Behaviour, message: Message) -> Told | None:
    """What the window says to the agency's answer; None where that gets lost."""
    try:
        reply = await behaviour(side, message)
    except Lost:
        return None
    return await (side.acknowledge(message.message_id) if reply is None else side.bring(reply))


@asynccontextmanager
async def _fetches(side: OverHttp, behaviour: Behaviour) -> AsyncIterator[None]:
    async def fetch() -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    for each in await side.messages():
                        group.create_task(_settled(side, behaviour, side.came(*each)))
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)

    async with _running(fetch()):
        yield


@asynccontextmanager
async def _pulls(side: OverBus, behaviour: Behaviour) -> AsyncIterator[None]:
    async def settle(message: "Msg") -> None:
        headers = message.headers or {}
        came = side.came(unquote(headers[MESSAGE_ID]), headers[KIND], message.data)
        told = await _settled(side, behaviour, came)
        if told is not None and told.status == 200:
            await message.ack()

    async def pull() -> None:
        async with asyncio.TaskGroup() as group:
            async for each in side.messages():
                group.create_task(settle(each))

    async with _running(pull()):
        yield


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
