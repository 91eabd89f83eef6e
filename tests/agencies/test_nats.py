"""The bus: the contract of transports over a real server, and what is special about a stream that may lose things."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from contract.transport import Link, TransportContract, answered
from msgspec.structs import replace
from support.nats_server import NatsServer, nats_server
from support.outgoing import desk, message
from support.waiting import Arrivals

from onewindow.agencies import nats
from onewindow.agencies.bus import Bus, BusAccess
from onewindow.agencies.desk import Desk
from onewindow.agencies.desk_nats import NatsDesk
from onewindow.agencies.ledger import MemoryLedger
from onewindow.agencies.nats import (
    BEGINNING_BYTES,
    DIGEST,
    FETCHES_MAX,
    STREAM,
    Consumer,
    Nats,
    laid_out,
    leases,
    subject,
)
from onewindow.agencies.transport import HELD, Held, Outgoing, Unfit, Unreachable
from onewindow.codecs import REPLY
from onewindow.codecs.digest import digest
from onewindow.gateway.api.bus_replies import BusReplies
from onewindow.gateway.api.problem import Refusal
from onewindow.gateway.config import Config
from onewindow.gateway.mailboxes import Mailboxes
from onewindow.gateway.metrics import Metrics

TAX = "tax"


class Office:
    """What the bus asks of a window, with one agency and no cases."""

    def __init__(self, bus: Bus, agency: str) -> None:
        self.transport = Nats(bus, agency)
        self.arrivals = Arrivals(self.transport)
        self.config = Config()
        self.metrics = Metrics()
        self.agencies = {agency: None}
        self.refusing = ""
        self.agency_tokens: dict[str, str] = {}
        self.mailboxes = Mailboxes({agency: self.transport})
        BusReplies(self, bus)  # type: ignore[arg-type]  # as much of a window as the bus needs here

    async def reply(self, agency: str, body: bytes) -> Any:
        """A reply is kept."""
        if self.refusing:
            raise Refusal(self.refusing)
        message_id = REPLY.decode_xml(body).message_id
        self.arrivals.came(message_id, body)
        return _CASE, False

    async def acknowledge(self, agency: str, message_id: str, refused: str | None) -> Any:
        """An acknowledgement is kept."""
        self.arrivals.came(message_id, refused)
        return _CASE, False


_CASE = SimpleNamespace(id="0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f", status=SimpleNamespace(value="processing"))


@asynccontextmanager
async def window(
    server: NatsServer, agency: str = TAX, lease: float = 60.0, leased_max: int = 64
) -> AsyncIterator[Office]:
    """A window's end of the bus, connected."""
    bus = Bus(BusAccess(url=server.url))
    bus.keep(laid_out([Consumer(agency, lease, leased_max)]))
    office = Office(bus, agency)
    async with bus:
        async with asyncio.timeout(30):
            await bus.connected()
        yield office


@asynccontextmanager
async def fetching(server: NatsServer, own: Desk, by_hand: tuple[str, ...] = ()) -> AsyncIterator[None]:
    """A desk that takes its messages from the bus."""
    async with Bus(BusAccess(url=server.url, inbox=f"_INBOX.{own.agency.code}")) as bus:
        running = asyncio.create_task(NatsDesk(own, bus, by_hand=by_hand).run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])


class Patient(Nats):
    """Lays a message ready again once its agency has let go of it, as a window does that takes its acknowledgement."""

    def __init__(self, server: NatsServer, bus: Bus, agency: str) -> None:
        super().__init__(bus, agency)
        self._server = server
        self._laid: set[str] = set()

    async def deliver(self, outgoing: Outgoing) -> Held:
        """Lay it there."""
        name = subject(outgoing.message_id)
        if name in self._laid:
            await until(partial(is_out, self._server, name))
        self._laid.add(name)
        return await super().deliver(outgoing)


class TestContract(TransportContract):
    """The contract of transports."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    @asynccontextmanager
    async def linked(self, desk: Desk, by_hand: tuple[str, ...] = ()) -> AsyncIterator[Link]:
        """A desk that fetches."""
        async with (
            nats_server(self.folder) as server,
            window(server, desk.agency.code) as office,
            fetching(server, desk, by_hand),
        ):
            office.arrivals.transport = Patient(server, office.transport.bus, desk.agency.code)
            yield office.arrivals

    @asynccontextmanager
    async def gone(self) -> AsyncIterator[Link]:
        """Nobody who fetches."""
        async with nats_server(self.folder) as server, window(server) as office:
            yield office.arrivals


async def pulled(server: NatsServer, seconds: float = 5.0) -> Any:
    """The next message that the tax agency would fetch."""
    client = await server.client()
    try:
        fetched = await (await client.jetstream().pull_subscribe_bind(durable=TAX, stream=STREAM)).fetch(1, seconds)
        return fetched[0]
    finally:
        await client.close()


async def lying(server: NatsServer) -> list[str]:
    """The subjects of what is in the stream."""
    client = await server.client()
    try:
        info = await client.jetstream().stream_info(STREAM, subjects_filter=">")
        return sorted(info.state.subjects or {})
    finally:
        await client.close()


async def is_out(server: NatsServer, name: str) -> bool:
    """Nothing lies under this subject."""
    return name not in await lying(server)


async def is_empty(server: NatsServer) -> bool:
    """Nothing is in the stream."""
    return not await lying(server)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Returns once it holds."""
    async with asyncio.timeout(30):
        while not await holds():
            await asyncio.sleep(0)


async def test_laid_twice_is_one(tmp_path: Path) -> None:
    """A message that lies ready or is leased is not laid there again, however often it is delivered."""
    sent = message(TAX)
    async with nats_server(tmp_path) as server, window(server) as office:
        for _ in range(3):
            assert await office.transport.deliver(sent) is HELD
        assert [subject(sent.message_id)] == await lying(server)
        assert 1 == (await pulled(server)).metadata.num_delivered
        assert await office.transport.deliver(sent) is HELD
        with pytest.raises(TimeoutError):
            await pulled(server, 0.2)


async def test_a_lease_ends(tmp_path: Path) -> None:
    """A message that is fetched and not settled comes again, and the server counts how often."""
    async with nats_server(tmp_path) as server, window(server, lease=0.2) as office:
        await office.transport.deliver(message(TAX))
        first, second = await pulled(server), await pulled(server)
    assert [1, 2] == [first.metadata.num_delivered, second.metadata.num_delivered]
    assert message(TAX).body == second.data


def test_leases_grow() -> None:
    """A message that is never settled comes again after its lease at first, later each time then, up to a limit."""
    assert [60.0, 60.0, 120.0, 180.0, 300.0, 540.0] == leases(60.0)[:6]
    assert (FETCHES_MAX, 660.0) == (len(leases(60.0)), leases(60.0)[-1])


async def test_headers(tmp_path: Path) -> None:
    """A message says what it is in the same headers as over HTTP, its digest, and where its reply goes."""
    sent = message(TAX)
    async with nats_server(tmp_path) as server, window(server) as office:
        await office.transport.deliver(sent)
        headers = (await pulled(server)).headers
    assert {
        "Content-Type": "application/xml",
        "Onewindow-Message-Id": sent.message_id,
        "Onewindow-Kind": "declaration",
        "Onewindow-Attempt": "1",
        "Onewindow-Reference": "REF-1/A%3BB%3DC",
        "Onewindow-Digest": digest(sent.body),
        "Onewindow-Return-Address": "onewindow.replies.tax",
    } == headers


async def test_answered_another_way(tmp_path: Path) -> None:
    """What the window has another answer to, or does not wait for, leaves the stream when the agency has answered."""
    async with nats_server(tmp_path) as server, window(server) as office:
        office.refusing = "reply-differs"
        await office.transport.deliver(message(TAX))
        async with fetching(server, desk(TAX)):
            await until(partial(is_empty, server))


async def test_window_away(tmp_path: Path) -> None:
    """A message stays in the stream while the window can't take its reply, and is answered when it can."""
    sent, ledger = message(TAX), MemoryLedger()
    async with (
        nats_server(tmp_path) as server,
        window(server, lease=0.2) as office,
        fetching(server, desk(TAX, ledger)),
    ):
        office.refusing = "stopping"
        await office.transport.deliver(sent)
        await until(partial(has_entries, ledger))
        assert [subject(sent.message_id)] == await lying(server)
        office.refusing = ""
        assert [await office.arrivals.reply(sent.message_id)] == [entry.reply for entry in ledger.entries()]
        await until(partial(is_empty, server))


async def has_entries(ledger: MemoryLedger) -> bool:
    """The desk has answered something."""
    return bool(list(ledger.entries()))


@pytest.mark.parametrize("said", ["", "sha256:" + 64 * "0"])
async def test_damaged(tmp_path: Path, said: str) -> None:
    """A message whose digest is wrong or missing is never answered: it is let go, and the window is to lay it anew."""
    ledger, sent = MemoryLedger(), message(TAX)
    async with nats_server(tmp_path) as server, window(server) as office:
        lost = asyncio.Event()
        office.transport.bus.when_lost(lambda _: lost.set())
        client = await server.client()
        headers = {"Onewindow-Message-Id": sent.message_id, "Onewindow-Kind": "declaration", DIGEST: said}
        await client.jetstream().publish(subject(sent.message_id), sent.body, headers=headers)
        await client.close()
        async with fetching(server, desk(TAX, ledger)):
            async with asyncio.timeout(30):
                await lost.wait()
            assert [] == await lying(server)
            assert [] == list(ledger.entries())
            await office.transport.deliver(sent)
            await office.arrivals.reply(sent.message_id)


async def test_damaged_and_laid_again(tmp_path: Path) -> None:
    """Where something else lies under a message's subject, delivering the message again puts it there."""
    sent = message(TAX)
    async with nats_server(tmp_path) as server, window(server) as office:
        await office.transport.deliver(replace(sent, body=sent.body + b" "))
        await office.transport.deliver(sent)
        assert sent.body == (await pulled(server)).data


async def test_larger_than_the_bus_takes(tmp_path: Path) -> None:
    """A message that is larger than the server takes is an error with words of its own, and the next one goes."""
    sent = message(TAX)
    async with nats_server(tmp_path, max_payload="16KB") as server, window(server) as office:
        with pytest.raises(Unfit) as refused:
            await office.transport.deliver(replace(sent, body=sent.body + bytes(16 * 1024)))
        assert "message-too-large" == refused.value.code
        assert await office.transport.deliver(sent) is HELD


@pytest.mark.parametrize(("spare", "code"), [(0, None), (-1, "message-too-large")])
async def test_as_large_as_the_bus_takes(tmp_path: Path, spare: int, code: str | None) -> None:
    """A message that just fits with its headers goes, and one byte more does not."""
    sent = replace(message(TAX), body=b"")
    async with nats_server(tmp_path, max_payload="16KB") as server, window(server) as office:
        with pytest.raises(Unreachable) as refused:
            await office.transport.deliver(replace(sent, body=bytes(16 * 1024)))
        over = int(refused.value.detail.split()[0]) - 16 * 1024
        body = bytes(16 * 1024 - over - BEGINNING_BYTES - spare)
        met = None
        try:
            await office.transport.deliver(replace(sent, body=body))
        except Unreachable as error:
            met = error.code
        assert code == met


async def test_bus_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that is full says so, what lies there stays, and there is room when something was taken out."""
    monkeypatch.setattr(nats, "STREAM_BYTES_MAX", 16 * 1024)
    async with nats_server(tmp_path) as server, window(server) as office:
        large = [replace(message(TAX, each), body=bytes(10 * 1024)) for each in (1, 2)]
        await office.transport.deliver(large[0])
        with pytest.raises(Unreachable) as full:
            await office.transport.deliver(large[1])
        assert "bus-full" == full.value.code
        async with fetching(server, desk(TAX)):
            await until(partial(is_empty, server))
        assert await office.transport.deliver(large[1]) is HELD


async def test_bus_away_at_start(tmp_path: Path) -> None:
    """A bus that is away at the start is an outage that is logged once, and what is delivered when it is there goes."""
    server = NatsServer(tmp_path)
    bus = Bus(BusAccess(url=server.url))
    bus.keep(laid_out([Consumer(TAX, 60.0, 64)]))
    with structlog.testing.capture_logs() as logs:
        async with bus:
            office = Office(bus, TAX)
            with pytest.raises(Unreachable) as away:
                await office.transport.deliver(message(TAX))
            await until(partial(tried, bus))
            await server.start()
            try:
                await bus.connected()
                async with fetching(server, desk(TAX)):
                    await answered(office.arrivals, message(TAX))
            finally:
                await server.kill()
    assert "bus-unreachable" == away.value.code
    assert 1 == [each["event"] for each in logs][: logs.index({**_THERE, "url": server.url})].count(_AWAY)
    assert server.url == logs[0]["url"]


async def test_data_deleted(tmp_path: Path) -> None:
    """Where the bus has lost all its data stream and consumers are made anew, and the window is told each time."""
    async with nats_server(tmp_path) as server, window(server) as office:
        lost = asyncio.Queue[None]()
        office.transport.bus.when_lost(lambda _: lost.put_nowait(None))
        await office.transport.deliver(message(TAX))
        await server.kill()
        server.lose_data()
        await server.start()
        async with asyncio.timeout(30):
            await lost.get()
        assert [] == await lying(server)
        async with fetching(server, desk(TAX)):
            await answered(office.arrivals, message(TAX))


async def test_stream_deleted(tmp_path: Path) -> None:
    """A stream that somebody deletes while the connection stands is made anew as soon as it is missed."""
    async with nats_server(tmp_path) as server, window(server) as office:
        lost = asyncio.Queue[None]()
        office.transport.bus.when_lost(lambda _: lost.put_nowait(None))
        client = await server.client()
        await client.jetstream().delete_stream(STREAM)
        await client.close()
        with pytest.raises(Unreachable) as missing:
            await office.transport.deliver(message(TAX))
        assert "bus-not-ready" == missing.value.code
        async with asyncio.timeout(4):  # sooner than the next regular look
            await lost.get()
        assert await office.transport.deliver(message(TAX)) is HELD


async def test_a_spoilt_consumer(tmp_path: Path) -> None:
    """An agency whose consumer can't be laid out is logged once by name, and the others and the connection go on."""
    async with nats_server(tmp_path) as server, window(server):
        client = await server.client()
        await client.jetstream().delete_consumer(STREAM, TAX)
        await client.jetstream().pull_subscribe(f"{nats.MESSAGES}.{TAX}.>", "spoilt", STREAM)
        with structlog.testing.capture_logs() as logs:
            look = laid_out([Consumer(TAX, 60.0, 64), Consumer("customs", 60.0, 64)])
            for _ in range(2):
                assert frozenset() == await look(client)
            assert "customs" == (await client.jetstream().consumer_info(STREAM, "customs")).name
            await client.jetstream().delete_consumer(STREAM, "spoilt")
            await look(client)
            assert TAX == (await client.jetstream().consumer_info(STREAM, TAX)).name
        await client.close()
    assert [("warning", TAX), ("info", TAX)] == [(each["log_level"], each["agency"]) for each in logs]


async def test_one_agency_lets_go(tmp_path: Path) -> None:
    """Word that a message was let go is word of one agency, and said of nobody where it names none of the window's."""
    async with nats_server(tmp_path) as server:
        client = await server.client()
        look = laid_out([Consumer(TAX, 60.0, 64), Consumer("customs", 60.0, 64)])
        assert {TAX, "customs"} == await look(client)
        for name in ("police", TAX, TAX):
            await client.publish(f"$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.{STREAM}.{name}", b"{}")
        await client.flush()
        async with asyncio.timeout(30):
            while not (lost := await look(client)):
                pass
        assert {TAX} == lost
        assert frozenset() == await look(client)
        await client.close()


async def test_small_payload_is_told_once(tmp_path: Path) -> None:
    """That the bus takes no large messages is said once, and not on every connection."""
    async with nats_server(tmp_path, max_payload="16KB") as server:
        look = laid_out([Consumer(TAX, 60.0, 64)])
        with structlog.testing.capture_logs() as logs:
            for _ in range(2):
                client = await server.client()
                await look(client)
                await client.close()
    assert [16 * 1024] == [each["max_payload"] for each in logs]


async def test_another_stream(tmp_path: Path) -> None:
    """A stream of that name that would lose or double messages is not used: its settings are an outage's words."""
    async with nats_server(tmp_path) as server:
        client = await server.client()
        await client.jetstream().add_stream(name=STREAM, subjects=[f"{nats.MESSAGES}.>"])
        await client.close()
        bus = Bus(BusAccess(url=server.url))
        bus.keep(laid_out([Consumer(TAX, 60.0, 64)]))
        with structlog.testing.capture_logs() as logs:
            async with bus:
                await until(partial(tried, bus))
                with pytest.raises(Unreachable) as refused:
                    await Nats(bus, TAX).deliver(message(TAX))
    assert "bus-not-ready" == refused.value.code
    assert "has other settings" in refused.value.detail
    assert 1 == [each["event"] for each in logs].count(_AWAY)


_AWAY = "the bus can't be reached"
_THERE = {"event": "the bus is there", "log_level": "info"}


async def tried(bus: Bus) -> bool:
    """The bus has tried more than once."""
    return bus.attempts > 2
