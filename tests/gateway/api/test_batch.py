"""Batches over HTTP: a declaration a line in, an answer a line out."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from support.batches import BATCH, NDJSON, answers, one_bad_in_a_hundred, spoilt, streamed, twin
from support.declarations import declaration
from support.gateway_process import GatewayProcess
from support.gateway_process import gateway as gateway_process
from support.served import Gateway, Held, served

from onewindow.codecs.digest import digest
from onewindow.gateway import window
from onewindow.gateway.api import Limits
from onewindow.gateway.config import GatewayConfig
from onewindow.gateway.receipt import receipt_xml
from onewindow.gateway.store.store import Query, StoreUnavailable
from onewindow.gateway.submission import Submission

MEGABYTE = 1024 * 1024


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def batch(gateway: Gateway, *lines: bytes, end: bytes = b"\n") -> list[dict[str, Any]]:
    """The answers to these lines."""
    async with gateway.client.post(
        gateway.url + BATCH, data=b"\n".join(lines) + end, headers={"Content-Type": NDJSON}
    ) as answer:
        return [each async for each in answers(answer)]


def kind(answer: dict[str, Any]) -> str:
    """The stable part of a problem's type."""
    return str(answer["problem"]["type"]).removeprefix("urn:onewindow:problem:")


async def count(gateway: Gateway) -> int:
    """How many cases there are."""
    return len(await gateway.window.find(Query(limit=100_000)))


async def settle() -> None:
    """Let everything go on that does not wait for anything."""
    for _ in range(1_000):
        await asyncio.sleep(0)


class Client:
    """A client that writes and reads what and when the test wants."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def begin(cls, gateway: Gateway, *headers: str, receive_bytes: int | None = None) -> "Client":
        """A batch in chunks whose head has been sent."""
        host, port = gateway.url.removeprefix("http://").split(":")
        connection = socket.socket()
        if receive_bytes is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (host, int(port)))
        client = cls(*await asyncio.open_connection(sock=connection))
        head = [f"POST {BATCH} HTTP/1.1", "Host: a", f"Content-Type: {NDJSON}", "Transfer-Encoding: chunked", *headers]
        client.writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
        return client

    async def head(self) -> bytes:
        """The head of the answer."""
        return await self.reader.readuntil(b"\r\n\r\n")

    def send(self, data: bytes) -> None:
        """One chunk of the body."""
        self.writer.write(b"%x\r\n%s\r\n" % (len(data), data))

    async def answer(self) -> dict[str, Any]:
        """The next answer, which has to come as one chunk."""
        size = int(await self.reader.readuntil(b"\r\n"), 16)
        line = await self.reader.readexactly(size + 2)
        return dict(msgspec.json.decode(line))

    async def ended(self) -> bytes:
        """What comes after the last answer."""
        return await self.reader.readuntil(b"0\r\n\r\n")


async def test_each_line_is_answered_in_order(gateway: Gateway) -> None:
    """Each line is answered with its number, its receipt or its problem; the receipts' signatures hold."""
    lines = [twin("B-1"), spoilt("B-2"), twin("B-3")]
    first, second, third = await batch(gateway, *lines)
    assert [(1, 202), (2, 422), (3, 202)] == [(each["line"], each["status"]) for each in (first, second, third)]
    for answer, line in ((first, lines[0]), (third, lines[2])):
        assert {"line", "status", "receipt"} == set(answer)
        assert digest(line) == answer["receipt"]["digest"]
        receipt_xml(msgspec.json.encode(answer["receipt"]))
    assert {"line", "status", "problem"} == set(second)
    assert (f"{BATCH}#2", "invalid") == (second["problem"]["instance"], kind(second))
    assert 2 == await count(gateway)


async def test_findings_are_those_of_a_single_declaration(gateway: Gateway) -> None:
    """A line that is not valid has the findings that it would have alone, with the same pointers."""
    alone = await gateway.post(spoilt("B-4"), Content_Type="application/json")
    (answer,) = await batch(gateway, spoilt("B-4"))
    assert alone.json["findings"] == answer["problem"]["findings"]


@pytest.mark.parametrize(
    ("line", "status", "problem"),
    [
        (b"\xff\xfe", 400, "not-well-formed"),
        (b'{"FunctionalReferenceID": "\xff"}', 400, "not-well-formed"),
        (b"{", 400, "not-well-formed"),
        (b"null", 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b"<Declaration/>", 400, "not-well-formed"),
        (b"[" * 100_000, 413, "too-large"),
    ],
)
async def test_a_bad_line_is_one_bad_answer(line: bytes, status: int, problem: str, gateway: Gateway) -> None:
    """Whatever is wrong with a line, those before and after it are taken."""
    before, answer, after = await batch(gateway, twin("B-5"), line, twin("B-6"))
    assert (202, status, 202) == (before["status"], answer["status"], after["status"])
    assert problem == kind(answer)
    assert "last" not in answer


async def test_blank_lines_count_and_are_not_answered(gateway: Gateway) -> None:
    """Blank lines are skipped, numbers go on, carriage returns do no harm, and the last line needs no end."""
    found = await batch(gateway, b"", twin("B-7"), b"  \t", twin("B-8") + b"\r", b"\r", b"", twin("B-9"), end=b"")
    assert [(2, 202), (4, 202), (7, 202)] == [(each["line"], each["status"]) for each in found]


async def test_only_blank_lines(gateway: Gateway) -> None:
    """A batch of blank lines has no answers."""
    assert [] == await batch(gateway, b"", b" ", b"")


async def test_the_same_again(gateway: Gateway) -> None:
    """A line over again, in the same batch or the next, is the same case; other content is 409 and names it."""
    body = twin("B-10")
    other = body.replace(b"DEHAM", b"DEBRV")
    once, twice, conflict = await batch(gateway, body, body, other)
    (again,) = await batch(gateway, body)
    assert [False, True, True] == [each.get("replay", False) for each in (once, twice, again)]
    assert once["receipt"] == twice["receipt"] == again["receipt"]
    assert (409, "reference-conflict") == (conflict["status"], kind(conflict))
    assert once["receipt"]["links"]["self"] == conflict["problem"]["related"]
    assert 1 == await count(gateway)


async def test_a_batch_may_be_larger_than_a_body(tmp_path: Path) -> None:
    """The limit of a body is that of a line: at it a line is read, one past it is 413, and the batch has none."""
    limit = 8_192
    async with served(tmp_path, gateway=GatewayConfig(max_body=limit)) as gateway:
        good = twin("B-11")
        at_limit, past_it = b" " * (limit - len(good)) + good, b" " * (limit + 1 - len(good)) + twin("B-12")
        found = await batch(gateway, at_limit, past_it, b"x" * 3 * limit, *(twin(f"B-13-{n}") for n in range(10)))
    assert [202, 413, 413, *[202] * 10] == [each["status"] for each in found]
    assert ["body-bytes"] == [each["code"] for each in found[1]["problem"]["findings"]]


async def test_answers_come_while_lines_are_sent(gateway: Gateway) -> None:
    """A client may wait for the answer to a line before it sends the next: nothing waits for the body's end."""
    client = await Client.begin(gateway)
    assert (await client.head()).startswith(b"HTTP/1.1 200 ")
    for number in range(1, 4):
        client.send(twin(f"B-14-{number}") + b"\n")
        answer = await client.answer()
        assert (number, 202) == (answer["line"], answer["status"])
    client.writer.write(b"0\r\n\r\n")
    assert b"0\r\n\r\n" == await client.ended()
    client.writer.close()


async def test_lines_come_in_any_pieces(gateway: Gateway) -> None:
    """Where the client cuts its lines in pieces makes no difference."""
    body = twin("B-15") + b"\n" + twin("B-16") + b"\n"

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 7):
            yield body[start : start + 7]

    async with gateway.client.post(gateway.url + BATCH, data=pieces(), headers={"Content-Type": NDJSON}) as answer:
        found = [each async for each in answers(answer)]
    assert [(1, 202), (2, 202)] == [(each["line"], each["status"]) for each in found]


@pytest.mark.parametrize(
    ("limits", "least", "most"),
    [
        (Limits(drain_seconds=0.01, batch_lines_inflight_max=8), 8, 10),
        (Limits(drain_seconds=0.01, batch_bytes_inflight_max=3 * len(twin("B-17-10"))), 3, 3),
    ],
)
async def test_what_is_in_flight_is_bounded(
    limits: Limits, least: int, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many lines come, only so many, of only so many bytes together, are taken before others are answered.

    Beside those ahead there is the one that is to be answered next, and one that is to join them.
    """
    async with served(tmp_path, limits=limits) as gateway:
        submit, begun, released = gateway.window.submit, list[bytes](), asyncio.Event()

        async def watched(body: bytes, media_type: str, *, patient: bool = False) -> Submission:
            begun.append(body)
            await released.wait()
            return await submit(body, media_type, patient=patient)

        monkeypatch.setattr(gateway.window, "submit", watched)
        running = asyncio.create_task(batch(gateway, *(twin(f"B-17-{number}") for number in range(10, 40))))
        async with asyncio.timeout(30):
            while len(begun) < least:
                await asyncio.sleep(0)
        await settle()
        assert least <= len(begun) <= most
        released.set()
        found = await running
    assert [202] * 30 == [each["status"] for each in found]


async def test_a_full_window_is_waited_for(tmp_path: Path) -> None:
    """Where as much is in hand as the window takes on a batch waits, leaves room for others, and then goes on."""
    held = Held()
    async with served(tmp_path, held, gateway=GatewayConfig(max_inflight=4)) as gateway:
        running = asyncio.create_task(batch(gateway, *(twin(f"B-18-{number}") for number in range(10))))
        async with asyncio.timeout(30):
            while await count(gateway) < 3:
                await asyncio.sleep(0)
        single = await gateway.post(declaration("B-19"))
        too_many = await gateway.post(declaration("B-20"))
        assert 4 == await count(gateway)
        held.released.set()
        found = await running
    assert (202, 429) == (single.status, too_many.status)
    assert [202] * 10 == [each["status"] for each in found]


async def test_a_stop_ends_a_batch_between_two_lines(tmp_path: Path) -> None:
    """When the gateway stops the last answer says from which line on nothing was taken; what was is carried on."""
    async with served(tmp_path, Held(), gateway=GatewayConfig(max_inflight=4)) as gateway:
        running = asyncio.create_task(batch(gateway, *(twin(f"B-21-{number}") for number in range(10))))
        async with asyncio.timeout(30):
            while await count(gateway) < 3:
                await asyncio.sleep(0)
        gateway.stop.set()
        found = await running
    assert [(1, 202), (2, 202), (3, 202), (4, 503)] == [(each["line"], each["status"]) for each in found]
    assert [False, False, False, True] == [each.get("last", False) for each in found]
    assert "stopping" == kind(found[-1])
    async with served(tmp_path) as gateway:
        again = await batch(gateway, *(twin(f"B-21-{number}") for number in range(10)))
    assert [*[True] * 3, *[False] * 7] == [each.get("replay", False) for each in again]


async def test_lines_that_wait_are_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that wait for room are answered as soon as nothing more is taken, though no case has left."""
    monkeypatch.setattr(window, "GRACE_SECONDS", 60.0)
    held = Held()
    async with served(tmp_path, held, gateway=GatewayConfig(max_inflight=1)) as gateway:
        running = asyncio.create_task(batch(gateway, twin("B-32"), twin("B-33"), twin("B-34")))
        async with asyncio.timeout(30):
            while await count(gateway) < 1:
                await asyncio.sleep(0)
            await settle()
            gateway.window.close_intake()
            found = await running
        held.released.set()
    assert [(1, 202), (2, 503)] == [(each["line"], each["status"]) for each in found]


@pytest.mark.parametrize("begun", [b"", b'{"Functional'])
async def test_a_stop_while_the_client_is_silent(begun: bytes, tmp_path: Path) -> None:
    """A stop ends a batch whose client sends nothing, or half a line, just now."""
    async with served(tmp_path) as gateway:
        client = await Client.begin(gateway)
        await client.head()
        client.send(twin("B-22") + b"\n" + begun)
        assert 202 == (await client.answer())["status"]
        gateway.stop.set()
        last = await client.answer()
        assert b"0\r\n\r\n" == await client.ended()
        client.writer.close()
    assert (2, 503, True) == (last["line"], last["status"], last["last"])


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        (Limits(drain_seconds=0.01, idle_seconds_max=0.05), b""),
        (Limits(drain_seconds=0.01, body_seconds_max=0.05), b'{"Functional'),
    ],
)
async def test_a_slow_client_is_given_up(limits: Limits, sent: bytes, tmp_path: Path) -> None:
    """A client that is silent for too long, or takes too long over one line, is told so in the last answer."""
    async with served(tmp_path, limits=limits) as gateway:
        client = await Client.begin(gateway)
        await client.head()
        client.send(twin("B-23") + b"\n" + sent)
        assert 202 == (await client.answer())["status"]
        last = await client.answer()
        client.writer.close()
        assert 202 == (await gateway.post(declaration("GOOD"))).status
    assert (2, 408, True, "slow-upload") == (last["line"], last["status"], last["last"], kind(last))


async def test_a_client_that_hangs_up_leaves_nothing_behind(tmp_path: Path) -> None:
    """What a client held that hung up in the middle of a large line is free again, and whole lines are taken."""
    limits = Limits(drain_seconds=0.01, upload_bytes_inflight_max=2 * MEGABYTE)
    async with served(tmp_path, limits=limits) as gateway:
        for number in range(5):
            client = await Client.begin(gateway)
            await client.head()
            client.send(twin(f"B-25-{number}") + b"\n")
            assert 202 == (await client.answer())["status"]
            client.send(b" " * (3 * MEGABYTE // 2))
            await client.writer.drain()
            client.writer.transport.abort()
            large = await gateway.post(b" " * MEGABYTE)
            while 429 == large.status:  # until the gateway has noticed
                large = await gateway.post(b" " * MEGABYTE)
            assert (400, "not-well-formed") == (large.status, large.problem)
        assert 5 == await count(gateway)


async def test_large_lines_wait_for_room(tmp_path: Path) -> None:
    """While others hold what bodies may hold together a large line waits instead of failing."""
    limits = Limits(drain_seconds=0.01, upload_bytes_inflight_max=MEGABYTE)
    async with served(tmp_path, limits=limits) as gateway:
        other = await Client.begin(gateway)
        await other.head()
        other.send(b" " * MEGABYTE)
        await other.writer.drain()
        while 429 != (await gateway.post(b" " * (MEGABYTE // 2))).status:
            await asyncio.sleep(0)
        running = asyncio.create_task(batch(gateway, twin("B-26"), *[b" " * (MEGABYTE // 2) + b"{}"] * 4))
        while 1 != await count(gateway):
            await asyncio.sleep(0)
        assert not running.done()
        other.writer.transport.abort()
        found = await running
    assert [202, *[422] * 4] == [each["status"] for each in found]


async def test_a_client_that_does_not_read_holds_up_nobody(tmp_path: Path) -> None:
    """A client that sends and never reads is cut off after a while, and others are served meanwhile."""
    limits = Limits(drain_seconds=0.01, unread_seconds_max=0.5)
    many = b"{" + b",".join(b'"Unknown%d":1' % number for number in range(100)) + b"}\n"
    async with served(tmp_path, limits=limits) as gateway:
        client = await Client.begin(gateway, receive_bytes=4_096)

        async def send_on() -> None:
            while True:
                client.send(many)
                await client.writer.drain()
                await asyncio.sleep(0)

        with pytest.raises(ConnectionError):
            await send_on()
        assert 202 == (await gateway.post(declaration("GOOD"))).status
        client.writer.transport.abort()


async def test_a_line_that_fails_inside_is_one_answer(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that can't be written just now, or a fault of ours, is an answer to its line; the next is taken."""
    submit = gateway.window.submit
    failures = {"B-27": StoreUnavailable("full"), "B-28": ValueError("a fault")}

    async def failing(body: bytes, media_type: str, *, patient: bool = False) -> Submission:
        for reference, failure in failures.items():
            if reference.encode() in body:
                raise failure
        return await submit(body, media_type, patient=patient)

    monkeypatch.setattr(gateway.window, "submit", failing)
    found = await batch(gateway, twin("B-27"), twin("B-28"), twin("B-29"))
    assert [(503, False), (500, False), (202, False)] == [(each["status"], each.get("last", False)) for each in found]
    assert found[1]["problem"]["instance"].startswith("urn:uuid:")
    assert b"a fault" not in msgspec.json.encode(found[1])


@pytest.mark.parametrize(
    ("status", "problem", "headers", "body"),
    [
        (415, "unsupported-media-type", {"Content-Type": "application/json"}, b"{}"),
        (415, "unsupported-media-type", {"Content-Type": f"{NDJSON}; charset=gb18030"}, b"{}"),
        (415, "unsupported-encoding", {"Content-Type": NDJSON, "Content-Encoding": "gzip"}, b"{}"),
        (400, "empty-body", {"Content-Type": NDJSON}, b""),
        (417, "expectation-failed", {"Content-Type": NDJSON, "Expect": "200-ok"}, b"{}"),
        (406, "not-acceptable", {"Content-Type": NDJSON, "Accept": "application/xml"}, b"{}"),
    ],
)
async def test_what_is_no_batch(
    status: int, problem: str, headers: dict[str, str], body: bytes, gateway: Gateway
) -> None:
    """What is wrong with the whole is answered as everywhere, before anything is read."""
    answer = await gateway.ask("POST", BATCH, headers, body)
    assert (status, problem) == (answer.status, answer.problem)


async def test_a_gateway_that_stops_begins_no_batch(gateway: Gateway) -> None:
    """A gateway that is about to stop refuses a batch as it does a declaration."""
    gateway.window.close_intake()
    answer = await gateway.ask("POST", BATCH, {"Content-Type": NDJSON}, twin("B-30"))
    assert (503, "stopping") == (answer.status, answer.problem)
    assert "Retry-After" in answer.headers


async def test_expecting_to_be_asked(gateway: Gateway) -> None:
    """`Expect: 100-continue` is answered by asking for the body."""
    client = await Client.begin(gateway, "Expect: 100-continue")
    assert b"HTTP/1.1 100 Continue\r\n\r\n" == await client.head()
    assert (await client.head()).startswith(b"HTTP/1.1 200 ")
    client.send(twin("B-31") + b"\n")
    assert 202 == (await client.answer())["status"]
    client.writer.close()


def resident_bytes(process: GatewayProcess) -> int:
    """How much memory a process has now."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process.process_id}/status").read_text("ascii"))
    assert found is not None
    return 1024 * int(found[1])


async def test_a_long_batch(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Many lines, one bad in a hundred, are as many answers in order, and bodies of any size leave memory flat."""
    lines = int(request.config.getoption("batch_lines"))
    headers = {"Content-Type": NDJSON}
    async with gateway_process(tmp_path) as process, aiohttp.ClientSession() as client:
        process.start()
        await process.ready()
        body = streamed(one_bad_in_a_hundred("L", lines))
        async with client.post(process.url + BATCH, data=body, headers=headers) as answer:
            found = [(each["line"], each["status"]) async for each in answers(answer)]
        assert [(number, 202 if number % 100 else 422) for number in range(1, lines + 1)] == found
        for place, size in enumerate((60, 150)):
            before = resident_bytes(process)
            large = streamed(b" " * MEGABYTE + b"{}\n" for _ in range(size))
            async with client.post(process.url + BATCH, data=large, headers=headers) as answer:
                found = [(each["line"], each["status"]) async for each in answers(answer)]
            assert [(number, 422) for number in range(1, size + 1)] == found
            grown = resident_bytes(process) - before
            assert place == 0 or grown < 60 * MEGABYTE  # the first have made room for what is held at one time
        assert 0 == await process.terminate()
