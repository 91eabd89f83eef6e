"""Agencies that fetch their messages over HTTP, answer, acknowledge, refuse; and who may speak for them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from support.declarations import declaration
from support.outgoing import desk
from support.served import JSON, XML, Answer, Gateway, configured

from onewindow.agencies.desk import Desk
from onewindow.agencies.transport import MessageKind
from onewindow.codecs.digest import digest
from onewindow.gateway.config import AgencyConfig

BOX = "/v1/agencies/tax"
TOKEN = "a-token-of-tax-in-a-test"  # noqa: S105 - it opens nothing
OTHER = "a-token-of-customs-in-a-test"
MAILBOX = {"tax": AgencyConfig(transport="mailbox", inflight=3)}


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose tax fetches its messages."""
    async with configured(tmp_path, MAILBOX) as opened:
        yield opened


@pytest.fixture
def tax() -> Desk:
    """The tax office's desk."""
    return desk("tax")


async def submitted(gateway: Gateway, reference: str) -> str:
    """The path of a new case."""
    answer = await gateway.post(declaration(reference))
    assert 202 == answer.status
    return answer.headers["Location"]


async def replied(gateway: Gateway, body: bytes, **headers: str) -> Answer:
    """What is said of a reply."""
    return await gateway.ask("POST", f"{BOX}/replies", {"Content-Type": XML, **headers}, body)


async def acknowledged(gateway: Gateway, message_id: str, refused: str | None = None, **headers: str) -> Answer:
    """What is said of an acknowledgement."""
    said = {"message_id": message_id} if refused is None else {"message_id": message_id, "refused": refused}
    headers = {"Content-Type": JSON, **headers}
    return await gateway.ask("POST", f"{BOX}/acknowledgements", headers, msgspec.json.encode(said))


async def part(gateway: Gateway, path: str) -> tuple[str, str | None]:
    """State and failure of tax's part."""
    (found,) = (each for each in (await gateway.get(path)).json["agencies"] if each["code"] == "tax")
    return found["state"], found["failure"]


async def test_a_case_by_mailbox(gateway: Gateway, tax: Desk) -> None:
    """An agency fetches its message, byte for byte, brings its reply, and the case is decided."""
    path = await submitted(gateway, "BOX-1")
    fetched = (await gateway.get(f"{BOX}/messages?wait=30")).json
    (message,) = fetched["messages"]
    assert (f"{path.rpartition('/')[2]}/tax/1", "declaration", "BOX-1", 1, XML) == tuple(
        message[name] for name in ("message_id", "kind", "reference", "attempt", "media_type")
    )
    body = message["body"].encode()
    assert digest(body) == message["digest"]
    assert body == (await gateway.get(f"{path}/messages/tax", Accept=XML)).body
    assert ("sent", None) == await part(gateway, path)
    answer = await replied(gateway, tax.answer(message["message_id"], body))
    assert (200, False) == (answer.status, answer.json["known"])
    assert 200 == (await gateway.post(declaration("BOX-1"), Prefer="wait=30")).status
    assert [] == (await gateway.get(f"{BOX}/messages")).json["messages"]


async def test_one_as_xml(gateway: Gateway, tax: Desk) -> None:
    """Who takes XML gets one message as it is, with its id in a header, and 204 where there is none."""
    assert (204, b"") == ((nothing := await gateway.get(f"{BOX}/messages", Accept=XML)).status, nothing.body)
    path = await submitted(gateway, "BOX-2")
    one = await gateway.get(f"{BOX}/messages?wait=30", Accept=XML)
    assert ("declaration", "1", "BOX-2") == tuple(
        one.headers[f"Onewindow-{name}"] for name in ("Kind", "Attempt", "Reference")
    )
    assert 200 == (await replied(gateway, tax.answer(one.headers["Onewindow-Message-Id"], one.body))).status
    assert 200 == (await gateway.post(declaration("BOX-2"), Prefer="wait=30")).status
    assert 200 == (await gateway.get(f"{path}/response")).status


async def test_no_more_than_it_takes(gateway: Gateway) -> None:
    """An agency is leased as many messages at one time as its `inflight` says, and another as it settles one."""
    for place in range(5):
        await submitted(gateway, f"BOX-3-{place}")
    first: list[str] = []
    while len(first) < 3:
        messages = (await gateway.get(f"{BOX}/messages?wait=30&max=100")).json["messages"]
        first += [message["message_id"] for message in messages]
    assert [] == (await gateway.get(f"{BOX}/messages")).json["messages"]
    await acknowledged(gateway, first[0])
    (another,) = (await gateway.get(f"{BOX}/messages?wait=30&max=100")).json["messages"]
    assert another["message_id"] not in first


async def test_acknowledged(gateway: Gateway) -> None:
    """A message that is acknowledged is the agency's, and not fetched again; saying so twice is once."""
    path = await submitted(gateway, "BOX-4")
    (message,) = (await gateway.get(f"{BOX}/messages?wait=30")).json["messages"]
    answers = [await acknowledged(gateway, message["message_id"]) for _ in range(2)]
    assert [(200, False), (200, True)] == [(answer.status, answer.json["known"]) for answer in answers]
    assert ("acknowledged", None) == await part(gateway, path)
    assert [] == (await gateway.get(f"{BOX}/messages")).json["messages"]


async def test_refused(gateway: Gateway) -> None:
    """A message that the agency refuses is not fetched again and again, and status says why."""
    path = await submitted(gateway, "BOX-5")
    (message,) = (await gateway.get(f"{BOX}/messages?wait=30")).json["messages"]
    assert 200 == (await acknowledged(gateway, message["message_id"], "no such office")).status
    assert ("unreachable", "message-refused") == await part(gateway, path)
    assert [] == (await gateway.get(f"{BOX}/messages")).json["messages"]
    timeline = (await gateway.get(path)).json["timeline"]
    assert ["message-refused"] == [each["detail"] for each in timeline if each["event"] == "send-failed"]


async def test_a_notice_is_fetched_and_acknowledged(gateway: Gateway) -> None:
    """After a withdrawal the agency's message is gone, and a notice of it there, which is acknowledged."""
    path = await submitted(gateway, "BOX-6")
    (message,) = (await gateway.get(f"{BOX}/messages?wait=30")).json["messages"]
    reason = msgspec.json.encode({"reason": "order cancelled"})
    assert 202 == (await gateway.ask("POST", f"{path}/withdrawal", {"Content-Type": JSON}, reason)).status
    (notice,) = (await gateway.get(f"{BOX}/messages?wait=30")).json["messages"]
    assert (f"{message['message_id']}/withdrawal", MessageKind.NOTICE) == (notice["message_id"], notice["kind"])
    assert (409, "reply-not-awaited") == (
        (wrong := await replied(gateway, _reply_to(notice["message_id"]))).status,
        wrong.problem,
    )
    assert 200 == (await acknowledged(gateway, notice["message_id"])).status
    assert [] == (await gateway.get(f"{BOX}/messages")).json["messages"]


def _reply_to(message_id: str) -> bytes:
    """A valid reply under this id."""
    from support.outgoing import message

    sent = message("tax")
    return desk("tax").answer(sent.message_id, sent.body).replace(sent.message_id.encode(), message_id.encode())


async def test_what_was_withdrawn_is_not_fetched(gateway: Gateway) -> None:
    """A message that nobody fetched before its declaration was withdrawn is not fetched at all."""
    path = await submitted(gateway, "BOX-7")
    reason = msgspec.json.encode({"reason": "order cancelled"})
    await gateway.ask("POST", f"{path}/withdrawal", {"Content-Type": JSON}, reason)
    assert 200 == (await gateway.post(declaration("BOX-7"), Prefer="wait=30")).status
    kinds = {each["kind"] for each in (await gateway.get(f"{BOX}/messages?max=10")).json["messages"]}
    assert kinds <= {"notice"}


async def test_what_lies_there_outlives_the_gateway(tmp_path: Path, tax: Desk) -> None:
    """Messages that were fetched or not when the gateway ended are there again when it begins, under the same ids."""
    async with configured(tmp_path, MAILBOX) as first:
        for place in range(2):
            await submitted(first, f"BOX-8-{place}")
        before = {each["message_id"] for each in (await first.get(f"{BOX}/messages?wait=30&max=1")).json["messages"]}
    async with configured(tmp_path, MAILBOX) as second:
        after: dict[str, str] = {}
        while len(after) < 2:
            messages = (await second.get(f"{BOX}/messages?wait=30")).json["messages"]
            after |= {each["message_id"]: each["body"] for each in messages}
        assert before < set(after)
        for message_id, body in after.items():
            assert 200 == (await replied(second, tax.answer(message_id, body.encode()))).status
        for place in range(2):
            assert 200 == (await second.post(declaration(f"BOX-8-{place}"), Prefer="wait=30")).status


async def test_who_hangs_up_leases_nothing(gateway: Gateway) -> None:
    """A message that comes after its fetcher has hung up is there for the next one, and not leased to nobody."""
    host, port = gateway.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {BOX}/messages?wait=60 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await writer.drain()
    assert 200 == (await gateway.get("/health/live")).status  # the request before it has been read by then
    writer.transport.abort()
    await submitted(gateway, "BOX-9")
    fetched: list[dict[str, object]] = []
    async with asyncio.timeout(30):  # a lease lasts twice as long
        while not fetched:
            fetched = (await gateway.get(f"{BOX}/messages?wait=1")).json["messages"]
    assert [1] == [message["attempt"] for message in fetched]


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        (b'{"message_id": ""}', 422, "invalid"),
        (b'{"message_id": "x", "more": 1}', 422, "invalid"),
        (b"{", 400, "not-well-formed"),
        (b'{"message_id": "x"}', 409, "message-unknown"),
        (b'{"message_id": "0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f/tax/1"}', 409, "message-unknown"),
    ],
)
async def test_wrong_acknowledgements(gateway: Gateway, body: bytes, status: int, problem: str) -> None:
    """An acknowledgement of nothing is an error to its sender."""
    answer = await gateway.ask("POST", f"{BOX}/acknowledgements", {"Content-Type": JSON}, body)
    assert (status, problem) == (answer.status, answer.problem)


async def test_no_mailbox(gateway: Gateway) -> None:
    """An agency that is reached in another way has no mailbox, and one that is not there has nothing."""
    answers = [await gateway.get(f"/v1/agencies/{code}/messages") for code in ("customs", "police")]
    assert [(409, "no-mailbox"), (404, "not-found")] == [(answer.status, answer.problem) for answer in answers]


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose tax and customs have tokens."""
    for name, token in (("tax", TOKEN), ("customs", OTHER)):
        (tmp_path / name).write_text(f"{token}\n", encoding="ascii")
    agencies = {
        "tax": AgencyConfig(transport="mailbox", token_file=tmp_path / "tax"),
        "customs": AgencyConfig(token_file=tmp_path / "customs"),
    }
    async with configured(tmp_path, agencies) as opened:
        yield opened


@pytest.mark.parametrize(
    ("authorization", "status", "problem"),
    [
        ("", 401, "unauthenticated"),
        ("Bearer", 401, "unauthenticated"),
        ("Bearer wrong-wrong-wrong-wrong", 401, "unauthenticated"),
        (f"Basic {TOKEN}", 401, "unauthenticated"),
        (f"Bearer {TOKEN}x", 401, "unauthenticated"),
        ("Bearer \udcff\udcfe", 401, "unauthenticated"),
        (f"Bearer {OTHER}", 403, "forbidden"),
        (f"Bearer {TOKEN}", 200, ""),
        (f"bearer {TOKEN}", 200, ""),
    ],
)
async def test_tokens(guarded: Gateway, authorization: str, status: int, problem: str) -> None:
    """Only who shows an agency's token speaks for it: fetches, replies and acknowledges."""
    headers = {"Authorization": authorization} if authorization else {}
    answer = await guarded.ask("GET", f"{BOX}/messages", headers)
    assert status == answer.status
    if problem:
        assert problem == answer.problem
        assert (status == 401) == ("WWW-Authenticate" in answer.headers)
        others = (await replied(guarded, b"<Reply/>", **headers), await acknowledged(guarded, "x", **headers))
        assert [(status, problem)] * 2 == [(each.status, each.problem) for each in others]
        counted = (await guarded.get("/metrics")).body.decode()
        assert f'onewindow_replies_refused_total{{agency="tax",code="{problem}"}} 3.0' in counted


async def test_a_token_that_nobody_asked_for(guarded: Gateway) -> None:
    """An agency without a token is spoken for from this machine, and by no other agency's token."""
    path = "/v1/agencies/quality-inspection/messages"
    answers = [await guarded.ask("GET", path, headers) for headers in ({}, {"Authorization": f"Bearer {TOKEN}"})]
    assert [(409, "no-mailbox"), (403, "forbidden")] == [(answer.status, answer.problem) for answer in answers]
