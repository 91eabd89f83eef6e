"""The event feed over HTTP."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from support.declarations import declaration
from support.served import JSON, LIMITS, Answer, Gateway, Held, served

from onewindow.codecs import DECLARATION

FEED = "/v1/events"


async def page(gateway: Gateway, prefer: str | None = None, **query: Any) -> Answer:
    """One page of the feed."""
    headers = {} if prefer is None else {"Prefer": prefer}
    return await gateway.ask("GET", f"{FEED}?{urlencode(query)}", headers)


async def everything(gateway: Gateway, after: str = "0-0", limit: int = 7) -> list[Any]:
    """Every entry after a cursor, page by page."""
    entries: list[Any] = []
    while True:
        answer = await page(gateway, after=after, limit=limit)
        assert 200 == answer.status
        assert len(answer.json["events"]) <= limit
        entries += answer.json["events"]
        after = answer.json["next"]
        if not answer.json["more"]:
            return entries


async def test_every_case_in_one_feed(tmp_path: Path) -> None:
    """The feed has each case's timeline, line by line, with the case that it is of, in order and each once."""
    async with served(tmp_path) as gateway:
        paths = [
            answer.headers["Location"]
            for answer in await asyncio.gather(
                *(gateway.post(declaration(f"F-{number}"), Prefer="wait=30") for number in range(5))
            )
        ]
        entries = await everything(gateway)
        timelines = {path.rpartition("/")[2]: (await gateway.get(path)).json for path in paths}
    assert 50 == len({each["cursor"] for each in entries}) == len(entries)
    for case_id, status in timelines.items():
        own = [each for each in entries if each["case_id"] == case_id]
        assert status["timeline"] == [{name: each[name] for name in status["timeline"][0]} for each in own]
        assert {(status["reference"], status["declarant"])} == {(each["reference"], each["declarant"]) for each in own}


async def test_thousands_of_events(tmp_path: Path) -> None:
    """While declarations go on coming in, a client that keeps polling gets thousands of events, none twice, no gap."""
    async with served(tmp_path) as gateway:
        limit = asyncio.Semaphore(16)

        async def declare(number: int) -> None:
            async with limit:
                assert 202 == (await gateway.post(declaration(f"F-{number}"))).status

        declaring = asyncio.gather(*(declare(number) for number in range(300)))
        entries: list[Any] = []
        after = "0-0"
        async with asyncio.timeout(120):
            while len([each for each in entries if each["event"] == "decided"]) < 300:
                answer = await page(gateway, "wait=5", after=after, limit=50)
                entries += answer.json["events"]
                after = answer.json["next"]
        await declaring
        again = await everything(gateway, limit=200)
    assert 3000 == len(entries)
    assert entries == again
    sequences: dict[str, list[int]] = {}
    for each in entries:
        sequences.setdefault(each["case_id"], []).append(each["sequence"])
    assert 300 == len(sequences)
    assert [list(range(1, 11))] * 300 == list(sequences.values())


async def test_a_stored_cursor_goes_on(tmp_path: Path) -> None:
    """A cursor that a client has stored leads to what came after it, also after a restart; so does an entry's own."""
    async with served(tmp_path) as gateway:
        await gateway.post(declaration("F-10"), Prefer="wait=30")
        stored = (await page(gateway, limit=200)).json
    async with served(tmp_path) as gateway:
        nothing = (await page(gateway, after=stored["next"])).json
        await gateway.post(declaration("F-11"), Prefer="wait=30")
        news = await everything(gateway, stored["next"])
        tail = await everything(gateway, stored["events"][6]["cursor"])
    assert ([], stored["next"], False) == (nothing["events"], nothing["next"], nothing["more"])
    assert {"F-11"} == {each["reference"] for each in news}
    assert stored["events"][7:] + news == tail


async def test_from_now_on(tmp_path: Path) -> None:
    """`now` is the end of the feed: nothing that was, and a cursor for what will be."""
    async with served(tmp_path) as gateway:
        await gateway.post(declaration("F-20"), Prefer="wait=30")
        now = (await page(gateway, after="now")).json
        await gateway.post(declaration("F-21"), Prefer="wait=30")
        news = await everything(gateway, now["next"])
    assert ([], False) == (now["events"], now["more"])
    assert {"F-21"} == {each["reference"] for each in news}


async def test_of_one_declarant(tmp_path: Path) -> None:
    """With a declarant the feed has its cases and no other."""
    async with served(tmp_path) as gateway:
        await gateway.post(declaration("F-30"), Prefer="wait=30")
        own = DECLARATION.decode_xml(declaration("F-30")).declarant.id
        mine = (await page(gateway, declarant=own, limit=200)).json
        others = (await page(gateway, declarant="SOMEONE")).json
    assert (10, 0) == (len(mine["events"]), len(others["events"]))


async def test_link_to_the_next_page(tmp_path: Path) -> None:
    """The Link header leads to the next page with the same limit and declarant."""
    async with served(tmp_path) as gateway:
        await gateway.post(declaration("F-40"), Prefer="wait=30")
        first = await page(gateway, limit=4)
        target, _, relation = first.headers["Link"].partition("; ")
        second = await gateway.get(target.strip("<>"))
    assert 'rel="next"' == relation
    assert [1, 2, 3, 4, 5, 6, 7, 8] == [each["sequence"] for each in first.json["events"] + second.json["events"]]


async def test_waiting_for_news(tmp_path: Path) -> None:
    """Whoever prefers to wait is answered as soon as there is something, with what there is."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        waiting = asyncio.create_task(page(gateway, "wait=50"))
        while not gateway.window._announcer._followers:
            await asyncio.sleep(0)
        await gateway.post(declaration("F-50"))
        answer = await waiting
        held.released.set()
    assert "wait=50" == answer.headers["Preference-Applied"]
    assert "accepted" == answer.json["events"][0]["event"]


async def test_waiting_for_nothing(tmp_path: Path) -> None:
    """Where nothing comes in time the answer is an empty page, and the cursor is as good as before."""
    async with served(tmp_path, limits=msgspec.structs.replace(LIMITS, wait_seconds_max=0)) as gateway:
        answer = await page(gateway, "wait=9")
    assert ("wait=0", {"events": [], "next": "0-0", "more": False}) == (
        answer.headers["Preference-Applied"],
        answer.json,
    )


async def test_a_stopping_gateway_lets_go_of_who_waits(tmp_path: Path) -> None:
    """When the gateway stops, whoever waits is answered at once with an empty page."""
    async with served(tmp_path) as gateway:
        waiting = asyncio.create_task(page(gateway, "wait=60"))
        while not gateway.window._announcer._followers:
            await asyncio.sleep(0)
        gateway.stop.set()
        answer = await waiting
    assert (200, []) == (answer.status, answer.json["events"])


@pytest.mark.parametrize("after", ["", "x", "1", "-1", "0-0-0", "10000-1", "now "])
async def test_what_is_no_cursor_of_this_feed(after: str, tmp_path: Path) -> None:
    """A cursor that was never given, or is ahead of this store, is refused: events would be missed unnoticed."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        await gateway.post(declaration("F-60"))
        answer = await page(gateway, after=after)
        held.released.set()
    assert (400, "invalid-parameter") == (answer.status, answer.problem)
    assert ["?after"] == [finding["pointer"] for finding in answer.json["findings"]]


@pytest.mark.parametrize(
    ("limit", "status"), [("0", 400), ("1", 200), ("200", 200), ("201", 400), ("x", 400), ("", 400)]
)
async def test_limits_of_a_page(limit: str, status: int, tmp_path: Path) -> None:
    """A page has from one to two hundred events."""
    async with served(tmp_path) as gateway:
        answer = await page(gateway, limit=limit)
    assert status == answer.status
    assert JSON in answer.headers["Content-Type"] or status == 400
