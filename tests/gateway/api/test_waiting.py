"""Calls that wait: they end with their clients, each caller has so many, and idle ones cost the store nothing."""

import asyncio
import resource
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs
from support.declarations import declaration
from support.served import DECLARATIONS, LIMITS, XML, Gateway, Held, served

from onewindow.gateway import lookout
from onewindow.gateway.store.store import Query

DESCRIPTORS_OF_OTHERS = 200
CLIENTS_MAX = 2000
QUIET = "/v1/events?after=now&declarant=NOBODY"
"""Events of which there are none."""

Writers = list[asyncio.StreamWriter]


def clients() -> int:
    """As many clients as this process may have descriptors for: each takes two, its own and the gateway's."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(CLIENTS_MAX, (allowed - DESCRIPTORS_OF_OTHERS) // 2)


def roomy(count: int) -> Any:
    """Limits with room for so many who wait."""
    return replace(LIMITS, waits_per_caller_max=count)


async def ask(gateway: Gateway, head: str, body: bytes = b"") -> asyncio.StreamWriter:
    """A client that has asked and does not read the answer."""
    host, port = gateway.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"{head}\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    return writer


async def until(holds: Callable[[], bool]) -> None:
    """Returns once it holds."""
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0)


def followers(gateway: Gateway) -> int:
    """Those who wait for news."""
    return sum(len(bells) for bells in gateway.window._announcer._followers.values())


def counting(gateway: Gateway, patch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the looks at the gateway's store from here on."""
    looks: Counter[str] = Counter()
    store = gateway.window._store

    def counted(name: str) -> Callable[..., Any]:
        look = getattr(store, name)

        async def call(*arguments: Any) -> Any:
            looks[name] += 1
            return await look(*arguments)

        return call

    for name in ("feed", "feed_end", "load"):
        patch.setattr(store, name, counted(name))
    return looks


async def test_long_polls_that_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever hangs up waits no longer: the next event is looked up for nobody, and no failure is logged."""
    count = clients()
    held = Held()
    with capture_logs() as logs:
        async with served(tmp_path, held, roomy(count)) as gateway:
            poll = "GET /v1/events?after=now HTTP/1.1\r\nPrefer: wait=60"
            left = [await ask(gateway, poll) for _ in range(count)]
            await until(lambda: followers(gateway) == count)
            for writer in left:
                writer.transport.abort()
            await until(lambda: followers(gateway) == 0)
            looks = counting(gateway, monkeypatch)
            assert 202 == (await gateway.post(declaration("LEFT-1"))).status
            held.released.set()
    assert 0 == looks["feed"]
    assert [] == [entry for entry in logs if entry["log_level"] in ("error", "critical")]


async def test_followers_are_woken_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who wait at one place are answered from one look, and all of them with the same events."""
    count = 50
    held = Held()
    async with served(tmp_path, held, roomy(count)) as gateway:
        polls = [asyncio.create_task(gateway.get("/v1/events", Prefer="wait=60")) for _ in range(count)]
        await until(lambda: followers(gateway) == count)
        looks = counting(gateway, monkeypatch)
        before = gateway.window._announcer.count
        await gateway.post(declaration("TOGETHER-1"))
        answers = await asyncio.gather(*polls)
        announced = gateway.window._announcer.count - before
        held.released.set()
    assert {200} == {answer.status for answer in answers}
    assert {"accepted"} == {answer.json["events"][0]["event"] for answer in answers}
    assert 1 <= looks["feed"] <= announced


async def test_idle_followers_cost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait, the store is looked at for all of them together, and nothing is read where nothing is new."""
    held = Held()
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.001)
    async with served(tmp_path, held, roomy(60)) as gateway:
        path = (await gateway.post(declaration("IDLE-1"))).headers["Location"]
        streams = [await ask(gateway, f"GET {path}/events HTTP/1.1") for _ in range(30)]
        polls = [await ask(gateway, f"GET {QUIET} HTTP/1.1\r\nPrefer: wait=60") for _ in range(30)]
        await until(lambda: followers(gateway) == 60)
        looks = counting(gateway, monkeypatch)
        await until(lambda: looks["feed_end"] >= 3)
        settled = looks.copy()
        await until(lambda: looks["feed_end"] >= settled["feed_end"] + 20)
        idle = looks.copy()
        for writer in (*streams, *polls):
            writer.transport.abort()
        held.released.set()
    assert (settled["feed"], settled["load"]) == (idle["feed"], idle["load"])


async def test_news_of_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows is told of what another process writes to the same store, of one case or of all."""
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.001)
    held = Held()
    async with served(tmp_path, held) as ours, served(tmp_path) as others:
        poll = asyncio.create_task(ours.get("/v1/events?after=now", Prefer="wait=60"))
        await until(lambda: followers(ours) == 1)
        path = (await others.post(declaration("OTHER-1"))).headers["Location"]
        news = await poll
        async with ours.client.get(f"{ours.url}{path}/events") as stream:
            followed = await stream.read()
        held.released.set()
    assert "OTHER-1" == news.json["events"][0]["reference"]
    assert b"event: decided" in followed


async def test_much_news_of_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too much has been written between two looks to be told apart everybody is woken."""
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(lookout, "NEWS_POSITIONS_MAX", 0)
    async with served(tmp_path, Held()) as ours, served(tmp_path) as others:
        poll = asyncio.create_task(ours.get("/v1/events?after=now", Prefer="wait=60"))
        await until(lambda: followers(ours) == 1)
        await others.post(declaration("OTHER-2"))
        assert "OTHER-2" == (await poll).json["events"][0]["reference"]


async def test_so_many_waits_a_caller(tmp_path: Path) -> None:
    """One wait past the limit is 429 and says so; what need not wait is answered, and a declaration is taken."""
    async with served(tmp_path, Held(), roomy(3)) as gateway:
        path = (await gateway.post(declaration("CAP-1"))).headers["Location"]
        poll = f"GET {QUIET} HTTP/1.1\r\nPrefer: wait=60"
        first = await ask(gateway, poll)
        others = [await ask(gateway, poll), await ask(gateway, f"GET {path}/events HTTP/1.1")]
        await until(lambda: followers(gateway) == 3)
        refused = [await gateway.get(QUIET, Prefer="wait=60"), await gateway.get(f"{path}/events")]
        answered = [await gateway.get("/v1/events"), await gateway.get("/v1/events", Prefer="wait=0")]
        taken = await gateway.post(declaration("CAP-2"), Prefer="wait=60")
        first.transport.abort()
        await until(lambda: followers(gateway) == 2)
        again = await gateway.get("/v1/events?after=0-0", Prefer="wait=60")
        for writer in others:
            writer.transport.abort()
        await until(lambda: followers(gateway) == 0)
    assert {(429, "too-many-waits", "5")} == {
        (each.status, each.problem, each.headers["Retry-After"]) for each in refused
    }
    assert [200, 200, 200] == [each.status for each in (*answered, again)]
    assert (202, None) == (taken.status, taken.headers.get("Preference-Applied"))


async def test_declarations_whose_senders_hang_up(tmp_path: Path) -> None:
    """A sender who hangs up while he waits, or as soon as he has sent, has declared all the same."""
    held = Held()
    with capture_logs() as logs:
        async with served(tmp_path, held) as gateway:
            head = f"POST {DECLARATIONS} HTTP/1.1\r\nContent-Type: {XML}\r\nPrefer: wait=60"
            waited = [await ask(gateway, head, declaration(f"GONE-{place}")) for place in range(10)]
            await until(lambda: followers(gateway) == 10)
            sent = [await ask(gateway, head, declaration(f"GONE-{place}")) for place in range(10, 20)]
            for writer in (*waited, *sent):
                writer.transport.abort()
            async with asyncio.timeout(60):
                while len(await gateway.window.find(Query())) < 20:
                    await asyncio.sleep(0)
            await until(lambda: followers(gateway) == 0)
            held.released.set()
            for case in await gateway.window.find(Query()):
                assert await gateway.window.decided(case.id, 60) is not None
    assert [] == [entry for entry in logs if entry["log_level"] in ("error", "critical")]


async def test_streams_that_are_left_while_news_comes(tmp_path: Path) -> None:
    """Streams whose clients hang up while they are written to end without a failure in the log."""
    held = Held()
    with capture_logs() as logs:
        async with served(tmp_path, held, replace(LIMITS, heartbeat_seconds=0.001)) as gateway:
            path = (await gateway.post(declaration("STREAM-1"))).headers["Location"]
            for _ in range(20):
                async with gateway.client.get(f"{gateway.url}{path}/events") as answer:
                    await answer.content.readany()
                    answer.close()
            await until(lambda: followers(gateway) == 0)
            held.released.set()
    assert [] == [entry for entry in logs if entry["log_level"] in ("error", "critical")]


async def test_the_usual_number_of_waits(tmp_path: Path) -> None:
    """At the usual limit the last call waits, and the one past it is refused."""
    most = LIMITS.waits_per_caller_max
    async with served(tmp_path, Held()) as gateway:
        left = [await ask(gateway, "GET /v1/events?after=now HTTP/1.1\r\nPrefer: wait=60") for _ in range(most)]
        await until(lambda: followers(gateway) == most)
        refused = await gateway.get("/v1/events?after=now", Prefer="wait=60")
        for writer in left:
            writer.transport.abort()
    assert (429, "too-many-waits") == (refused.status, refused.problem)
