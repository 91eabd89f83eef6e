"""The events of a case as server-sent events."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from support.declarations import declaration
from support.served import Gateway, Held, served

from onewindow.gateway.api import Limits

NAMES = ["accepted", *["sent"] * 4, *["replied"] * 4, "decided"]


def events(stream: bytes) -> list[tuple[int, str, Any]]:
    """The events of a whole stream: id, name, data. Comments and `retry` are left out; the end has to be a boundary."""
    assert stream.endswith(b"\n\n")
    found = []
    for block in stream.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if "data" in fields:
            found.append((int(fields["id"]), fields["event"], msgspec.json.decode(fields["data"])))
    return found


async def until(stream: aiohttp.StreamReader, wanted: bytes) -> bytes:
    """What the stream brings until `wanted` is in it."""
    brought = b""
    async with asyncio.timeout(30):
        while wanted not in brought:
            brought += await stream.readany()
    return brought


async def test_events_are_followed_live_to_the_final_one(tmp_path: Path) -> None:
    """The stream brings what is there, then what happens, each event once and in order, and ends after `decided`."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("E-1"))).headers["Location"]
        async with gateway.client.get(f"{gateway.url}{path}/events") as answer:
            begun = await until(answer.content, b"event: accepted")
            held.released.set()
            rest = await answer.read()
        timeline = (await gateway.get(path)).json["timeline"]
    brought = events(begun + rest)
    assert "text/event-stream" == answer.headers["Content-Type"]
    assert list(range(1, 11)) == [number for number, _, _ in brought]
    assert NAMES == sorted((name for _, name, _ in brought), key=NAMES.index)
    assert timeline == [data for _, _, data in brought]


async def test_a_broken_stream_is_taken_up_where_it_broke(tmp_path: Path) -> None:
    """With Last-Event-ID the stream goes on after that event; 204 tells a client that has all of them to stop."""
    async with served(tmp_path) as gateway:
        path = (await gateway.post(declaration("E-2"), Prefer="wait=30")).headers["Location"] + "/events"
        whole = await gateway.get(path)
        rest = await gateway.get(path, Last_Event_ID="7")
        none = await gateway.get(path, Last_Event_ID="10")
    assert events(whole.body)[7:] == events(rest.body)
    assert 10 == len(events(whole.body))
    assert (204, b"") == (none.status, none.body)


@pytest.mark.parametrize("last", ["", "-1", "x", "1.0", "11", "9" * 400, "१"])
async def test_a_last_event_id_that_is_none(last: str, tmp_path: Path) -> None:
    """A Last-Event-ID that is the id of no event of the case is 400."""
    async with served(tmp_path) as gateway:
        path = (await gateway.post(declaration("E-3"), Prefer="wait=30")).headers["Location"] + "/events"
        answer = await gateway.get(path, Last_Event_ID=last)
    assert (400, "invalid-parameter") == (answer.status, answer.problem)
    assert ["Last-Event-ID"] == [finding["pointer"] for finding in answer.json["findings"]]


async def test_a_quiet_stream_shows_that_it_is_alive(tmp_path: Path) -> None:
    """While nothing happens, comments come."""
    held = Held()
    async with served(tmp_path, held, Limits(drain_seconds=0.01, heartbeat_seconds=0.01)) as gateway:
        path = (await gateway.post(declaration("E-4"))).headers["Location"]
        async with gateway.client.get(f"{gateway.url}{path}/events") as answer:
            brought = await until(answer.content, b": alive\n\n: alive\n\n")
            held.released.set()
            rest = await answer.read()
    assert sorted(NAMES) == sorted(name for _, name, _ in events(brought + rest))


async def test_a_stopping_gateway_ends_streams_between_events(tmp_path: Path) -> None:
    """When the gateway stops, a stream ends whole: every event in it is complete, and the rest can be had later."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("E-5"))).headers["Location"] + "/events"
        async with gateway.client.get(f"{gateway.url}{path}") as answer:
            begun = await until(answer.content, b"event: accepted")
            gateway.stop.set()
            rest = await answer.read()
    first = events(begun + rest)
    async with served(tmp_path) as gateway:
        again = await gateway.get(path, Last_Event_ID=str(first[-1][0]))
    assert list(range(1, 11)) == [number for number, _, _ in first + events(again.body)]


async def test_followers_that_hang_up(tmp_path: Path) -> None:
    """Followers that go away in the middle of the stream disturb neither the case nor other followers."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("E-6"))).headers["Location"] + "/events"
        async with gateway.client.get(f"{gateway.url}{path}") as staying:
            for _ in range(20):
                answer = await gateway.client.get(f"{gateway.url}{path}")
                await until(answer.content, b"event: accepted")
                answer.close()
            held.released.set()
            assert 10 == len(events(await staying.read()))
        await still_serves(gateway)


async def still_serves(gateway: Gateway) -> None:
    """A good declaration is taken."""
    assert 202 == (await gateway.post(declaration("GOOD"))).status
