"""Webhooks over HTTP."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from support.declarations import declaration
from support.served import LIMITS, Answer, Gateway, served
from support.subscriber import Subscriber

WEBHOOKS = "/v1/webhooks"


async def send(gateway: Gateway, path: str, document: Any) -> Answer:
    """A POST of a JSON document, or of bytes as they are."""
    body = document if isinstance(document, bytes) else msgspec.json.encode(document)
    return await gateway.ask("POST", path, {"Content-Type": "application/json"}, body)


async def test_the_life_of_a_webhook(tmp_path: Path) -> None:
    """A webhook is made, listed, looked at, sent back, tested and ended, each with the answer that is described."""
    async with served(tmp_path) as gateway, Subscriber().listening() as subscriber:
        made = await send(gateway, WEBHOOKS, {"url": subscriber.url, "events": ["decided"]})
        place = made.headers["Location"]
        await gateway.post(declaration("A-1"), Prefer="wait=30")
        await subscriber.until(1)
        listed = (await gateway.get(WEBHOOKS)).json
        shown = (await gateway.get(place)).json
        back = await send(gateway, f"{place}/redelivery", {"after": "0-0"})
        await subscriber.until(2)
        tested = await gateway.ask("POST", f"{place}/test")
        ended = await gateway.ask("DELETE", place)
        gone = [
            await gateway.get(place),
            await gateway.ask("DELETE", place),
            await gateway.ask("POST", f"{place}/test"),
        ]
    assert (201, f"{WEBHOOKS}/{made.json['id']}") == (made.status, place)
    assert [shown["id"]] == [each["id"] for each in listed["webhooks"]] == [made.json["id"]]
    assert ((subscriber.url, ["decided"], None), 1) == (
        (shown["url"], shown["events"], shown["declarant"]),
        shown["deliveries"],
    )
    assert (202, "0-0") == (back.status, back.json["cursor"])
    assert (200, {"delivered": True, "error": None}) == (tested.status, tested.json)
    assert (204, b"") == (ended.status, ended.body)
    assert ["not-found"] * 3 == [answer.problem for answer in gone]
    assert ["decided", "decided", "test"] == [each.json["event"] for each in subscriber.received]
    for each in subscriber.received:
        each.verify(made.json["secret"])


async def test_the_secret_is_shown_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The secret is in the answer to whoever makes a webhook, and in no other answer and in no log."""
    async with served(tmp_path) as gateway, Subscriber().listening() as subscriber:
        made = await send(gateway, WEBHOOKS, {"url": f"{subscriber.url}?token=of-the-url"})
        secret, place = made.json["secret"], made.headers["Location"]
        await gateway.post(declaration("A-2"), Prefer="wait=30")
        await subscriber.until(10)
        answers = [
            await gateway.get(WEBHOOKS),
            await gateway.get(place),
            await send(gateway, f"{place}/redelivery", {"after": "now"}),
            await gateway.ask("POST", f"{place}/test"),
            await gateway.get("/metrics"),
            await gateway.ask("DELETE", place),
        ]
    written = capsys.readouterr()
    assert secret.startswith("whsec_")
    assert [] == [answer for answer in answers if secret.encode() in answer.body]
    assert "webhook made" in written.out
    for word in (secret, secret.removeprefix("whsec_"), "of-the-url"):
        assert word not in written.out + written.err


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({}, "/"),
        ({"url": 5}, "/url"),
        ({"url": ""}, "/url"),
        ({"url": "http://127.0.0.1/" + "x" * 2048}, "/url"),
        ({"url": "http://10.1.2.3/"}, "/url"),
        ({"url": "https://example.com/"}, "/url"),
        ({"url": "http://127.0.0.1/", "declarant": ""}, "/declarant"),
        ({"url": "http://127.0.0.1/", "events": "decided"}, "/events"),
        ({"url": "http://127.0.0.1/", "events": ["decidd"]}, "/events[1]"),
        ({"url": "http://127.0.0.1/", "events": ["decided", 5]}, "/events[2]"),
        ({"url": "http://127.0.0.1/", "events": ["decided"] * 65}, "/events"),
        ({"url": "http://127.0.0.1/", "after": "x"}, "/after"),
        ({"url": "http://127.0.0.1/", "after": "7-1"}, "/after"),
        ({"url": "http://127.0.0.1/", "secret": "whsec_mine"}, "/"),
        ([], "/"),
    ],
)
async def test_a_wish_that_is_refused(wish: Any, pointer: str, tmp_path: Path) -> None:
    """What can't be subscribed to is 422 with a finding that says where and why in both languages; nothing is kept."""
    async with served(tmp_path) as gateway:
        answer = await send(gateway, WEBHOOKS, wish)
        kept = (await gateway.get(WEBHOOKS)).json
    assert (422, "webhook-invalid", {"webhooks": []}) == (answer.status, answer.problem, kept)
    (finding,) = answer.json["findings"]
    assert pointer == finding["pointer"]
    assert not finding["message"]["zh"].isascii()


async def test_a_private_address_is_explained(tmp_path: Path) -> None:
    """Where a webhook may not lead is said, with the setting that it depends on and what is allowed."""
    async with served(tmp_path) as gateway:
        answer = await send(gateway, WEBHOOKS, {"url": "http://169.254.169.254/latest"})
    words = answer.json["findings"][0]["message"]["en"]
    assert 'while identity.mode is "demo" webhooks lead to loopback addresses only' in words


async def test_a_body_that_is_none(tmp_path: Path) -> None:
    """A body that is no JSON, is too large, or is of another type is refused as everywhere."""
    async with served(tmp_path) as gateway:
        answers = [
            await send(gateway, WEBHOOKS, b"{"),
            await send(gateway, WEBHOOKS, b""),
            await send(gateway, WEBHOOKS, b" " * (8 * 1024 + 1)),
            await gateway.ask("POST", WEBHOOKS, {"Content-Type": "application/xml"}, b"<a/>"),
            await send(gateway, f"{WEBHOOKS}/x/redelivery", {"after": "99-9"}),
            await send(gateway, f"{WEBHOOKS}/x/redelivery", {}),
            await send(gateway, f"{WEBHOOKS}/x/redelivery", {"after": "0-0"}),
        ]
    assert [
        (400, "not-well-formed"),
        (400, "empty-body"),
        (413, "too-large"),
        (415, "unsupported-media-type"),
        (422, "webhook-invalid"),
        (422, "webhook-invalid"),
        (404, "not-found"),
    ] == [(answer.status, answer.problem) for answer in answers]


async def test_methods(tmp_path: Path) -> None:
    """An address names the methods that it takes, DELETE among them."""
    async with served(tmp_path) as gateway:
        put = await gateway.ask("PUT", f"{WEBHOOKS}/x")
        options = await gateway.ask("OPTIONS", f"{WEBHOOKS}/x")
    assert (405, "DELETE, GET, HEAD, OPTIONS") == (put.status, put.headers["Allow"])
    assert (204, "DELETE, GET, HEAD, OPTIONS") == (options.status, options.headers["Allow"])


async def test_a_webhook_to_the_gateway_itself(tmp_path: Path) -> None:
    """A webhook that leads to the gateway's own address is refused, under each of its names."""
    async with served(tmp_path) as gateway:
        port = gateway.url.rpartition(":")[2]
        hosts = ("127.0.0.1", "127.0.0.9", "localhost", "[::1]", "[::ffff:127.0.0.1]")
        urls = [f"http://{host}:{port}/v1/documents?owner=91310115MA1K7Q2H8C&type_code=705&id=1" for host in hosts]
        answers = [await send(gateway, WEBHOOKS, {"url": url}) for url in urls]
        neighbour = await send(gateway, WEBHOOKS, {"url": f"http://127.0.0.1:{int(port) % 60_000 + 1}/"})
    assert {(422, "webhook-invalid")} == {(answer.status, answer.problem) for answer in answers}
    for answer in answers:
        (finding,) = answer.json["findings"]
        assert ("webhook-url", True) == (finding["code"], "leads back to this gateway" in finding["message"]["en"])
    assert 201 == neighbour.status


async def test_so_many_tests_at_a_time(tmp_path: Path) -> None:
    """So many tests of webhooks are under way for one caller; one more is 429, until one of them has ended."""
    released = asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    async with served(tmp_path) as gateway, Subscriber(slow).listening() as subscriber:
        made = await send(gateway, WEBHOOKS, {"url": subscriber.url})
        path = f"{made.headers['Location']}/test"
        most = LIMITS.webhook_tests_per_caller_max
        under_way = [asyncio.create_task(gateway.ask("POST", path)) for _ in range(most)]
        await subscriber.until(most)
        refused = await gateway.ask("POST", path)
        released.set()
        answers = await asyncio.gather(*under_way)
        again = await gateway.ask("POST", path)
    assert (429, "too-many-waits", "5") == (refused.status, refused.problem, refused.headers["Retry-After"])
    assert [(200, True)] * (most + 1) == [(each.status, each.json["delivered"]) for each in (*answers, again)]
