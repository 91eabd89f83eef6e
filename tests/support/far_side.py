"""The agency's end of a way to a gateway, over sockets and in the test's own hands: what comes and what is brought.

A reference agency behaves well; these do what the test says, over each transport that has a network in it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from msgspec import Struct
from support.gateway_process import free_port

from onewindow.agencies.http import KIND, MESSAGE_ID, XML
from onewindow.agencies.transport import MessageKind


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


class FarSide:
    """One agency's end. `url`: the gateway's. `told`: the window's answers to what was brought, in their order."""

    def __init__(self, code: str, url: str, client: aiohttp.ClientSession) -> None:
        self.code = code
        self.told: list[Told] = []
        self._address = f"{url}/v1/agencies/{code}"
        self._client = client
        self._seen: dict[str, int] = {}

    def came(self, message_id: str, kind: str, body: bytes) -> Message:
        """A message that has come."""
        self._seen[message_id] = self._seen.get(message_id, 0) + 1
        return Message(message_id, MessageKind(kind), body, self._seen[message_id])

    async def bring(self, reply: bytes, media_type: str = XML) -> Told:
        """Bring a reply; what the window says to it."""
        return await self._post("replies", media_type, reply)

    async def acknowledge(self, message_id: str) -> Told:
        """Tell the window that a message is taken and answered later."""
        return await self._post("acknowledgements", "application/json", b'{"message_id": "%b"}' % message_id.encode())

    async def _post(self, what: str, media_type: str, body: bytes) -> Told:
        headers = {"Content-Type": media_type}
        async with self._client.post(f"{self._address}/{what}", data=body, headers=headers) as answer:
            said: dict[str, Any] = await answer.json(content_type=None)
        told = Told(answer.status, str(said.get("type", "")).removeprefix("urn:onewindow:problem:"))
        self.told.append(told)
        return told

    async def messages(self) -> list[tuple[str, str, bytes]]:
        """Fetch what lies in the agency's mailbox, or wait for it: ids, kinds and bodies."""
        async with self._client.get(f"{self._address}/messages", params={"wait": 5, "max": 50}) as answer:
            answer.raise_for_status()
            return [
                (each["message_id"], each["kind"], each["body"].encode()) for each in (await answer.json())["messages"]
            ]


Behaviour = Callable[[FarSide, Message], Awaitable[bytes | None]]
"""What an agency does with a message: the reply, or None where it takes it and says nothing now. Raises Lost."""


@asynccontextmanager
async def far_sides(
    transport: str, url: str, ports: Mapping[str, int], behaviours: Mapping[str, Behaviour]
) -> AsyncIterator[dict[str, FarSide]]:
    """The far sides of these agencies, at work; `ports` are where those that listen do."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession())
        sides = {code: FarSide(code, url, client) for code in behaviours}
        for code, side in sides.items():
            ends = _WAYS[transport](side, behaviours[code], ports[code])
            await stack.enter_async_context(ends)
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


@asynccontextmanager
async def _fetches(side: FarSide, behaviour: Behaviour, _: int) -> AsyncIterator[None]:
    async def settle(message: Message) -> None:
        try:
            reply = await behaviour(side, message)
        except Lost:
            return
        await (side.acknowledge(message.message_id) if reply is None else side.bring(reply))

    async def fetch() -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    for each in await side.messages():
                        group.create_task(settle(side.came(*each)))
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)

    fetching = asyncio.create_task(fetch())
    try:
        yield
    finally:
        fetching.cancel()
        await asyncio.wait([fetching])


_WAYS = {"http": _listens, "mailbox": _fetches}
