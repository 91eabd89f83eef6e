"""The stand-in for the window: it says of what an agency brings what the window would say."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import msgspec
import pytest
from msgspec.structs import replace
from support.outgoing import desk, message, notice
from support.windows import now

from onewindow.agencies.registry import installed
from onewindow.agencies.transport import HELD, Outgoing
from onewindow.gateway.agency_check import Arrivals, Brought, StandIn, hearing
from onewindow.gateway.config import AgencyConfig, Config

TAX = installed()["tax"]
TOKEN = "a-token-of-tax-in-a-test"  # noqa: S105 - it opens nothing
SENT = message("tax")


@asynccontextmanager
async def heard(transport: str = "http", token: str = "") -> AsyncIterator[tuple[StandIn, aiohttp.ClientSession]]:
    """A stand-in that listens, and a client of it."""
    own = AgencyConfig(transport="mailbox" if transport == "mailbox" else "http", url="http://127.0.0.1/")
    stand_in = StandIn(TAX, Config(agencies={"tax": own}), {"tax": token} if token else {}, Arrivals(0.05), now)
    stand_in.expect(SENT)
    async with (
        hearing(stand_in, "127.0.0.1", 0) as url,
        aiohttp.ClientSession(f"{url}/v1/agencies/") as client,
    ):
        yield stand_in, client


async def brought(client: aiohttp.ClientSession, body: bytes, agency: str = "tax", token: str = "") -> tuple[int, str]:
    """Status, and problem or where the case stands, of a reply."""
    headers = {"Content-Type": "application/xml", **({"Authorization": f"Bearer {token}"} if token else {})}
    async with client.post(f"{agency}/replies", data=body, headers=headers) as answer:
        said = msgspec.json.decode(await answer.read())
        return answer.status, str(said.get("type", said.get("status"))).rpartition(":")[2]


def reply(outgoing: Outgoing = SENT) -> bytes:
    """A reply that is right."""
    return desk("tax").answer(outgoing.message_id, outgoing.body)


async def test_reply_is_taken() -> None:
    """A reply is answered as the window answers one, and arrives byte for byte."""
    async with heard() as (stand_in, client):
        assert (200, "processing") == await brought(client, reply())
        assert Brought(reply()) == await stand_in.arrivals.late(SENT.message_id, 10)


@pytest.mark.parametrize(
    ("status", "problem", "body"),
    [
        (409, "message-unknown", reply(message("tax", 7))),
        (422, "invalid", reply().replace(b"AgencyCode>tax<", b"AgencyCode>customs<")),
        (422, "invalid", reply().replace(b"OutcomeCode>", b"Outcome>")),
        (422, "invalid", reply().replace(b"<DecisionDateTime>20", b"<DecisionDateTime>21")),
        (400, "not-well-formed", b"<Reply>"),
        (409, "reply-differs", reply().replace(b"OutcomeCode>approved<", b"OutcomeCode>refused<")),
    ],
)
async def test_reply_is_refused(status: int, problem: str, body: bytes) -> None:
    """What the window would refuse is refused alike."""
    async with heard() as (_, client):
        await brought(client, reply())
        assert (status, problem) == await brought(client, body)


async def test_reply_of_another_media_type() -> None:
    """What comes as no XML is refused by name, as the window refuses it."""
    async with (
        heard() as (_, client),
        client.post("tax/replies", data=reply(), headers={"Content-Type": "text/plain"}) as answer,
    ):
        assert (415, "unsupported-media-type") == (answer.status, (await answer.json())["type"].rpartition(":")[2])


async def test_who_may_speak() -> None:
    """An agency with a token has to show it, and there is no other agency here, nor any other route."""
    async with heard(token=TOKEN) as (_, client):
        assert (401, "unauthenticated") == await brought(client, reply())
        assert (200, "processing") == await brought(client, reply(), token=TOKEN)
        assert (404, "not-found") == await brought(client, reply(), "port-health", TOKEN)
        async with client.get("tax/messages", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            assert (409, "no-mailbox") == (answer.status, (await answer.json())["type"].rpartition(":")[2])
        async with client.get("/v1/guide") as answer:
            assert 404 == answer.status


async def test_notice_is_not_answered() -> None:
    """A reply to a notice is refused, and an acknowledgement of it taken; that of an unknown message is refused."""
    told = notice("tax")
    async with heard() as (stand_in, client):
        stand_in.expect(told)
        wrong = reply().replace(SENT.message_id.encode(), told.message_id.encode())
        assert (409, "reply-not-awaited") == await brought(client, wrong)
        for message_id, status in ((told.message_id, 200), ("somebody/tax/1", 409)):
            async with client.post("tax/acknowledgements", json={"message_id": message_id}) as answer:
                assert status == answer.status


async def test_every_delivery_is_a_letter() -> None:
    """A message that is laid in the mailbox twice is fetched twice, and each has to be settled."""
    async with heard("mailbox") as (stand_in, client):
        for attempt in (1, 2):
            assert HELD is await stand_in.box.deliver(replace(SENT, attempt=attempt))
        async with client.get("tax/messages?wait=10") as answer:
            fetched = msgspec.json.decode(await answer.read())["messages"]
        assert [(SENT.message_id, 1), (SENT.message_id, 2)] == [
            (each["message_id"], each["attempt"]) for each in fetched
        ]
        await brought(client, reply())
        assert Brought(reply()) == await stand_in.arrivals.settled(SENT.message_id, 10)
        assert await stand_in.arrivals.settled(SENT.message_id, 0.01) is None


async def test_letters_are_given_back() -> None:
    """A letter that reached nobody is fetched again, as if it had not been."""
    async with heard("mailbox") as (stand_in, _):
        await stand_in.box.deliver(SENT)
        letters = await stand_in.box.fetch("tax", 0, 10)
        stand_in.box.give_back("tax", letters)
        assert letters == await stand_in.box.fetch("tax", 0, 10)
