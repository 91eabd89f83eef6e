"""An agency of a test behind the transports: it answers over HTTP, at once or later, or fetches its messages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, TypeAlias
from urllib.parse import unquote

import aiohttp
import msgspec
from aiohttp import web
from msgspec.structs import replace
from support.waiting import listening

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.http import ATTEMPT, KIND, MESSAGE_ID, Access, Http
from onewindow.agencies.transport import MessageKind, Outgoing, Transport, Unreachable
from onewindow.codecs.finding import Rejected
from onewindow.gateway.agency_check import Arrivals, StandIn, hearing
from onewindow.gateway.config import AgencyConfig, Config

XML: Final = "application/xml"
AGAIN_SECONDS: Final = 0.2

Deliver: TypeAlias = Callable[[Outgoing], Awaitable[bytes | None]]
Linked: TypeAlias = tuple[Transport, StandIn]
Way: TypeAlias = Callable[[AnyAgency, Deliver], AbstractAsyncContextManager[Linked]]


@asynccontextmanager
async def standing_in(agency: AnyAgency, transport: str) -> AsyncIterator[tuple[StandIn, str]]:
    """The stand-in for the window, and the address of what it has for this agency."""
    own = AgencyConfig(transport="mailbox" if transport == "mailbox" else "http", url="http://127.0.0.1/")
    stand_in = StandIn(agency, Config(agencies={agency.code: own}), {}, Arrivals(AGAIN_SECONDS))
    async with hearing(stand_in, "127.0.0.1", 0) as url:
        yield stand_in, f"{url}/v1/agencies/{agency.code}"


def posted(agency: AnyAgency, deliver: Deliver, later: Callable[[Outgoing, bytes], None] | None) -> web.Application:
    """An agency to which messages are posted."""

    async def message(request: web.Request) -> web.Response:
        outgoing = Outgoing(
            message_id=unquote(request.headers[MESSAGE_ID]),
            agency=agency.code,
            body=await request.read(),
            attempt=int(request.headers[ATTEMPT]),
            reference="",
            kind=MessageKind(request.headers[KIND]),
        )
        try:
            reply = await deliver(outgoing)
        except Rejected as refused:
            return web.Response(status=422, text=refused.problem)
        except Unreachable:
            return web.Response(status=500)
        if reply is None:
            return web.Response(status=204 if outgoing.kind is MessageKind.NOTICE else 202)
        if later is not None:
            later(outgoing, reply)
            return web.Response(status=202)
        return web.Response(body=reply, content_type=XML)

    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_post("/messages", message)
    return app


@asynccontextmanager
async def over_http(agency: AnyAgency, deliver: Deliver) -> AsyncIterator[Linked]:
    """It answers at once."""
    async with (
        standing_in(agency, "http") as (stand_in, _),
        listening(posted(agency, deliver, None)) as url,
        Http(Access(url=f"{url}/messages")) as transport,
    ):
        yield transport, stand_in


@asynccontextmanager
async def over_http_later(agency: AnyAgency, deliver: Deliver) -> AsyncIterator[Linked]:
    """It takes every message, and brings its reply to the window."""
    bringing: set[asyncio.Task[None]] = set()

    async def bring(at: str, reply: bytes) -> None:
        async with session.post(f"{at}/replies", data=reply, headers={"Content-Type": XML}):
            pass

    def later(_: Outgoing, reply: bytes) -> None:
        bringing.add(asyncio.create_task(bring(at, reply)))

    async with (
        standing_in(agency, "http") as (stand_in, at),
        aiohttp.ClientSession() as session,
        listening(posted(agency, deliver, later)) as url,
        Http(Access(url=f"{url}/messages")) as transport,
    ):
        try:
            yield transport, stand_in
        finally:
            await asyncio.gather(*bringing)


@asynccontextmanager
async def over_mailbox(agency: AnyAgency, deliver: Deliver) -> AsyncIterator[Linked]:
    """It fetches its messages, and settles each."""
    async with standing_in(agency, "mailbox") as (stand_in, at), aiohttp.ClientSession() as session:
        fetching = asyncio.create_task(_fetch(session, at, deliver))
        try:
            yield stand_in.box, stand_in
        finally:
            fetching.cancel()
            await asyncio.wait([fetching])


async def _fetch(session: aiohttp.ClientSession, at: str, deliver: Deliver) -> None:
    while True:
        async with session.get(f"{at}/messages?wait=20&max=20") as answer:
            fetched = msgspec.json.decode(await answer.read())["messages"]
        await asyncio.gather(*(_settle(session, at, deliver, each) for each in fetched))


async def _settle(session: aiohttp.ClientSession, at: str, deliver: Deliver, fetched: dict[str, str]) -> None:
    kind = MessageKind(fetched["kind"])
    said = {"message_id": fetched["message_id"]}
    outgoing = Outgoing(fetched["message_id"], "", fetched["body"].encode(), 1, "", kind)
    try:
        reply = await deliver(replace(outgoing, agency=at.rpartition("/")[2]))
    except Rejected as refused:
        said["refused"] = refused.problem
    except Unreachable:
        return
    else:
        if reply:
            async with session.post(f"{at}/replies", data=reply, headers={"Content-Type": XML}):
                return
    async with session.post(f"{at}/acknowledgements", json=said):
        pass


WAYS: Final[dict[str, Way]] = {"http": over_http, "http-later": over_http_later, "mailbox": over_mailbox}
