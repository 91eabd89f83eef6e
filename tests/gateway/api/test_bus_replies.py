"""What agencies bring over the bus: cases go on by it, and what is wrong is an error to its sender, and counted."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from nats.errors import NoRespondersError
from support.declarations import declaration
from support.nats_server import NatsServer, nats_server
from support.outgoing import desk, message
from support.served import JSON, PROBLEM, XML, Gateway, configured

from onewindow.agencies import return_address
from onewindow.agencies.bus import Bus, BusAccess
from onewindow.agencies.desk_nats import NatsDesk
from onewindow.agencies.ledger import MemoryLedger
from onewindow.gateway.api.requests import REQUEST_BYTES_MAX
from onewindow.gateway.config import AgencyConfig

TOKEN = "a-token-of-tax-in-a-test"  # noqa: S105 - it opens nothing
OTHER = "a-token-of-customs-in-a-test"
UNKNOWN = message("tax")
REPLY = desk("tax").answer(UNKNOWN.message_id, UNKNOWN.body)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[NatsServer]:
    """A bus."""
    (tmp_path / "bus").mkdir()
    async with nats_server(tmp_path / "bus") as running:
        yield running


@pytest.fixture
async def gateway(tmp_path: Path, server: NatsServer) -> AsyncIterator[Gateway]:
    """A gateway whose tax is on the bus."""
    async with configured(tmp_path, {"tax": AgencyConfig(transport="nats", lease=2)}, server.url) as opened:
        await connected(opened)
        yield opened


@pytest.fixture
async def guarded(tmp_path: Path, server: NatsServer) -> AsyncIterator[Gateway]:
    """A gateway whose tax is on the bus and has a token, as has customs."""
    for name, token in (("tax", TOKEN), ("customs", OTHER)):
        (tmp_path / name).write_text(f"{token}\n", encoding="ascii")
    agencies = {
        "tax": AgencyConfig(transport="nats", token_file=tmp_path / "tax"),
        "customs": AgencyConfig(token_file=tmp_path / "customs"),
    }
    async with configured(tmp_path, agencies, server.url) as opened:
        await connected(opened)
        yield opened


async def connected(gateway: Gateway) -> None:
    """Returns once the gateway is on the bus."""
    bus = gateway.window.mailboxes.bus
    assert bus is not None
    async with asyncio.timeout(30):
        await bus.connected()


async def brought(server: NatsServer, to: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
    """What is said of it: status and document."""
    client = await server.client()
    try:
        answer = await client.request(f"onewindow.replies.{to}", body, timeout=30, headers=dict(headers))
    finally:
        await client.close()
    said = answer.headers or {}
    status = int(said["Onewindow-Status"])
    assert (JSON if status == 200 else PROBLEM) == said["Content-Type"]
    return status, msgspec.json.decode(answer.data)


@asynccontextmanager
async def working(server: NatsServer, token: str = "") -> AsyncIterator[MemoryLedger]:
    """Tax at work on the bus; its ledger."""
    ledger = MemoryLedger()
    async with Bus(BusAccess(url=server.url, inbox="_INBOX.tax")) as bus:
        running = asyncio.create_task(NatsDesk(desk("tax", ledger), bus, token=token).run())
        try:
            yield ledger
        finally:
            running.cancel()
            await asyncio.wait([running])


async def test_a_case_by_bus(gateway: Gateway, server: NatsServer) -> None:
    """A case comes to its response with an agency on the bus, whose message and reply are stored as they went."""
    async with working(server) as ledger:
        answer = await gateway.post(declaration("BUS-1"), Prefer="wait=30")
        assert 200 == answer.status
    assert 1 == len(list(ledger.entries()))


async def test_an_agency_that_comes_later(gateway: Gateway, server: NatsServer) -> None:
    """A case waits for an agency that is not there, says that its message lies ready, and goes on when it is."""
    path = (await gateway.post(declaration("BUS-2"))).headers["Location"]
    async with working(server):
        assert 200 == (await gateway.post(declaration("BUS-2"), Prefer="wait=30")).status
    assert 200 == (await gateway.get(f"{path}/response")).status


async def test_no_bus_at_the_start(tmp_path: Path) -> None:
    """A gateway whose bus is away takes declarations, says why tax waits, and goes on by itself when it is there."""
    (tmp_path / "bus").mkdir()
    server = NatsServer(tmp_path / "bus")
    async with configured(tmp_path, {"tax": AgencyConfig(transport="nats")}, server.url) as gateway:
        path = (await gateway.post(declaration("BUS-3"))).headers["Location"]
        while (failure := await tax_failure(gateway, path)) is None:
            await asyncio.sleep(0)
        assert "bus-unreachable" == failure
        await server.start()
        try:
            async with working(server):
                assert 200 == (await gateway.post(declaration("BUS-3"), Prefer="wait=60")).status
        finally:
            await server.kill()


async def tax_failure(gateway: Gateway, path: str) -> str | None:
    """Why tax could not be sent its message."""
    agencies = (await gateway.get(path)).json["agencies"]
    return next((str(each["failure"]) for each in agencies if each["code"] == "tax" and each["failure"]), None)


@pytest.mark.parametrize(
    ("media_type", "body", "status", "problem"),
    [
        (XML, b"<Reply/>", 422, "invalid"),
        (XML, b"<Reply", 400, "not-well-formed"),
        (XML, b"", 400, "empty-body"),
        (XML, b"<!DOCTYPE x []><x/>", 400, "forbidden-construct"),
        (XML, REPLY, 409, "message-unknown"),
        (XML, REPLY.replace(b">tax<", b">customs<"), 422, "invalid"),
        (JSON, b'{"message_id": ""}', 422, "invalid"),
        (JSON, b"{", 400, "not-well-formed"),
        (JSON, b'{"message_id": "x"}', 409, "message-unknown"),
        (JSON, b" " * REQUEST_BYTES_MAX, 400, "not-well-formed"),
        (JSON, b" " * (REQUEST_BYTES_MAX + 1), 413, "too-large"),
        (XML, b" " * (4 * 1024 * 1024 + 1), 413, "too-large"),
        ("text/plain", b"yes", 415, "unsupported-media-type"),
        ("", b"yes", 415, "unsupported-media-type"),
    ],
    ids=lambda value: value[:20].decode() if isinstance(value, bytes) else str(value),
)
async def test_what_is_wrong(
    gateway: Gateway, server: NatsServer, media_type: str, body: bytes, status: int, problem: str
) -> None:
    """What is malformed, another's, to no message, or too large is an error to its sender and counted."""
    answer = await brought(server, "tax", body, {"Content-Type": media_type} if media_type else {})
    assert (status, f"urn:onewindow:problem:{problem}") == (answer[0], answer[1]["type"])
    assert answer[1]["title_zh"]
    counted = (await gateway.get("/metrics")).body.decode()
    assert f'onewindow_replies_refused_total{{agency="tax",code="{problem}"}} 1.0' in counted


async def test_an_encoded_reply(gateway: Gateway, server: NatsServer) -> None:
    """A body that says it is packed is refused by that name, as over HTTP: nothing is unpacked."""
    headers = {"Content-Type": XML, "Content-Encoding": "gzip"}
    status, said = await brought(server, "tax", gzip.compress(REPLY), headers)
    assert (415, "urn:onewindow:problem:unsupported-encoding") == (status, said["type"])


async def test_an_agency_that_is_not_there(gateway: Gateway, server: NatsServer) -> None:
    """Nobody listens at a return address of nobody, and it makes no series in the metrics."""
    with pytest.raises(NoRespondersError):
        await brought(server, "police", REPLY, {"Content-Type": XML})
    assert "police" not in (await gateway.get("/metrics")).body.decode()


@pytest.mark.parametrize(
    ("subject", "count"),
    [
        ("onewindow.messages.customs.forged.1", 0),
        ("$JS.API.STREAM.PURGE.ONEWINDOW", 0),
        ("anything", 0),
        ("_INBOX.customs.x", 0),
        ("_INBOX.window.x", 0),
        ("_INBOX.tax.x", 1),
        ("_INBOX.d0Ba7sQy.x", 1),
    ],
)
async def test_only_who_asks_is_answered(gateway: Gateway, server: NatsServer, subject: str, count: int) -> None:
    """The window answers to an inbox that is not another's: nobody has it write anywhere else."""
    client = await server.client()
    try:
        heard = await client.subscribe(subject)
        await client.publish("onewindow.replies.tax", b"x", reply=subject)
        await client.request("onewindow.replies.tax", b"x", timeout=30)  # which is answered after the one before
        await client.flush()
        assert count == heard.pending_msgs
    finally:
        await client.close()


async def test_one_who_brings_too_much(gateway: Gateway, server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who brings more than is taken stands in no other's way, is not listened to, and is again when there is room."""
    freed = asyncio.Event()

    async def stuck(agency: str, body: bytes) -> None:
        await freed.wait()

    monkeypatch.setattr(return_address, "PAUSE_SECONDS_FIRST", 0.01)
    monkeypatch.setattr(gateway.window, "reply", stuck)
    client = await server.client()
    for _ in range(return_address.WAITING_MAX + 500):
        await client.publish("onewindow.replies.tax", REPLY, headers={"Content-Type": XML})
    await client.flush()
    async with asyncio.timeout(30):
        while await is_listened_to(server, "tax"):
            await asyncio.sleep(0)
        assert 409 == (await brought(server, "customs", b'{"message_id": "x"}', {"Content-Type": JSON}))[0]
        freed.set()
        while not await is_listened_to(server, "tax"):
            await asyncio.sleep(0)
    await client.close()


async def is_listened_to(server: NatsServer, agency: str) -> bool:
    """Whether anybody takes what is brought to an agency's return address."""
    client = await server.client()
    try:
        await client.request(f"onewindow.replies.{agency}", b"x", timeout=1)
    except NoRespondersError:
        return False
    except TimeoutError:
        return True
    finally:
        await client.close()
    return True


@pytest.mark.parametrize(
    ("authorization", "status", "problem"),
    [
        ("", 401, "unauthenticated"),
        (f"Basic {TOKEN}", 401, "unauthenticated"),
        (f"Bearer {TOKEN}x", 401, "unauthenticated"),
        (f"Bearer {OTHER}", 403, "forbidden"),
        (f"Bearer {TOKEN}", 409, "message-unknown"),
    ],
)
async def test_tokens(guarded: Gateway, server: NatsServer, authorization: str, status: int, problem: str) -> None:
    """Only who shows an agency's token speaks for it on the bus."""
    headers = {"Content-Type": XML, "Authorization": authorization}
    answer = await brought(server, "tax", REPLY, headers)
    assert (status, f"urn:onewindow:problem:{problem}") == (answer[0], answer[1]["type"])
    counted = (await guarded.get("/metrics")).body.decode()
    assert f'onewindow_replies_refused_total{{agency="tax",code="{problem}"}} 1.0' in counted


async def test_a_case_with_a_token(guarded: Gateway, server: NatsServer) -> None:
    """An agency that shows its token has its replies taken."""
    async with working(server, TOKEN):
        assert 200 == (await guarded.post(declaration("BUS-4"), Prefer="wait=30")).status


async def test_nothing_stops_it(gateway: Gateway, server: NatsServer) -> None:
    """Rubbish without headers, without a reply subject, and a flood of it, leave the window taking what is right."""
    client = await server.client()
    for place in range(300):
        await client.publish("onewindow.replies.tax", b"\xff" * place)
    await client.flush()
    await client.close()
    async with working(server):
        assert 200 == (await gateway.post(declaration("BUS-5"), Prefer="wait=30")).status
