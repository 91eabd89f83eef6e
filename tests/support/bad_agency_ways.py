"""An agency of a test behind the transports: it answers over HTTP, at once or later, or fetches from mailbox or bus."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote

import aiohttp
import msgspec
from aiohttp import web
from msgspec.structs import replace
from support.nats_server import NatsServer, nats_server
from support.waiting import listening
from support.windows import now

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.bus import end
from onewindow.agencies.http import ATTEMPT, KIND, MESSAGE_ID, Access, Http
from onewindow.agencies.nats import RETURN_ADDRESS, STREAM, Nats
from onewindow.agencies.return_address import CONTENT_TYPE, STATUS, return_address
from onewindow.agencies.transport import MessageKind, Outgoing, Transport, Unreachable
from onewindow.codecs.finding import Rejected
from onewindow.gateway.agency_check import Arrivals, BusBox, StandIn, hearing
from onewindow.gateway.api.bus_replies import BusReplies
from onewindow.gateway.config import AgencyConfig, BusConfig, Config
from onewindow.gateway.transports import bus_of

if TYPE_CHECKING:
    from nats.aio.client import Client

XML: Final = "application/xml"
AGAIN_SECONDS: Final = 0.2
TAKERS: Final = 4

Deliver: TypeAlias = Callable[[Outgoing], Awaitable[bytes | None]]
Linked: TypeAlias = tuple[Transport, StandIn]
Way: TypeAlias = Callable[[AnyAgency, Deliver], AbstractAsyncContextManager[Linked]]


@asynccontextmanager
async def standing_in(agency: AnyAgency, transport: str) -> AsyncIterator[tuple[StandIn, str]]:
    """The stand-in for the window, and the address of what it has for this agency."""
    own = AgencyConfig(transport="mailbox" if transport == "mailbox" else "http", url="http://127.0.0.1/")
    stand_in = StandIn(agency, Config(agencies={agency.code: own}), {}, Arrivals(AGAIN_SECONDS), now)
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


@asynccontextmanager
async def over_nats(agency: AnyAgency, deliver: Deliver) -> AsyncIterator[Linked]:
    """It takes its messages from a bus of its own, and lets go of each once the window has its answer."""
    with TemporaryDirectory() as folder:
        async with nats_server(Path(folder)) as server, bus_box(server, agency) as (box, stand_in):
            client = await server.client()
            taking = {asyncio.create_task(_take(client, agency.code, deliver)) for _ in range(TAKERS)}
            try:
                yield box, stand_in
            finally:
                await end(taking)
                await client.close()


@asynccontextmanager
async def bus_box(server: NatsServer, agency: AnyAgency, run: str = "run") -> AsyncIterator[tuple[BusBox, StandIn]]:
    """The check's end of the bus."""
    own = AgencyConfig(transport="nats")
    config = Config(bus=BusConfig(url=server.url), agencies={agency.code: own})
    bus, address = bus_of(config, [agency.code]), return_address(agency.code, run)
    box = BusBox(Nats(bus, agency.code, address))
    stand_in = StandIn(agency, config, {}, Arrivals(AGAIN_SECONDS), now, box)
    BusReplies(stand_in, bus, run)
    async with bus:
        async with asyncio.timeout(30):
            await bus.connected()
        try:
            yield box, stand_in
        finally:
            await box.clear()


async def _take(client: "Client", code: str, deliver: Deliver) -> None:
    pulled = await client.jetstream().pull_subscribe_bind(durable=code, stream=STREAM)
    while True:
        try:
            (message,) = await pulled.fetch(1, timeout=20)
        except TimeoutError:
            continue
        said = message.headers or {}
        outgoing = Outgoing(unquote(said[MESSAGE_ID]), code, message.data, 1, "", MessageKind(said[KIND]))
        headers, body = {CONTENT_TYPE: "application/json"}, {"message_id": outgoing.message_id}
        try:
            reply = await deliver(outgoing)
        except Rejected as refused:
            reply, body["refused"] = None, refused.problem
        except Unreachable:
            continue
        if reply:
            headers = {CONTENT_TYPE: XML}
        brought = reply or msgspec.json.encode(body)
        answer = await client.request(said[RETURN_ADDRESS], brought, timeout=20, headers=headers)
        await (message.ack() if (answer.headers or {})[STATUS] == "200" else message.term())


WAYS: Final[dict[str, Way]] = {
    "http": over_http,
    "http-later": over_http_later,
    "mailbox": over_mailbox,
    "nats": over_nats,
}
