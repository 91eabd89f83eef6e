"""The check of an agency over real sockets: HTTP with answers at once and later, the mailbox, and a bus."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.bad_agency import BadAgency
from support.bad_agency_ways import WAYS, bus_box, over_http, over_mailbox, over_nats
from support.nats_server import nats_server
from support.windows import now

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.nats import STREAM
from onewindow.agencies.registry import installed
from onewindow.agencies.transport import Outgoing, Transport, Unreachable
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway.agency_check import Probe, StandIn, State, Verdict, check, specimens
from onewindow.gateway.sample import sample

AGENCY = installed()["quality-inspection"]
PATIENCE_SECONDS = 20.0

BREACHES = {
    **{
        name: {name}
        for name in (
            *("agency-code", "decision-time", "reasons", "languages", "pointers", "levies", "id-reused"),
            *("rubbish-doctype", "inspection-result", "inspection-duplicate", "inspection-order", "rubbish-no-trace"),
        )
    },
    "reply-schema": {"reply-schema", "largest-message"},
    "duplicate": {"duplicate", "duplicates-at-once", "id-reused", "inspection-duplicate"},
}
"""What is planted, and what the check has to say of it, over every way."""


async def checked(
    transport: Transport, stand_in: StandIn | None, agency: AnyAgency, patience_seconds: float = PATIENCE_SECONDS
) -> dict[str, Verdict]:
    """The verdicts on an agency, by check; the messages are small, so that it is quick."""
    at = now()
    sent = specimens(agency, [sample(items, DeclarationType.IM, "X", at) for items in (2, 12)], "run")
    (full,) = specimens(agency, [sample(60, DeclarationType.IM, "X", at)], "run-large")
    probe = Probe(agency.code, transport, "run", now, patience_seconds, stand_in)
    return {each.check: each for each in await check(agency, probe, sent, full, timedelta(minutes=1), at)}


def broken(verdicts: dict[str, Verdict]) -> set[str]:
    """The names of what was broken."""
    return {each.check for each in verdicts.values() if each.state is State.BROKEN}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", ["customs", "tax", "market-supervision", "quality-inspection"])
async def test_reference_agencies_keep_the_contract(code: str, way: str) -> None:
    """A reference agency breaks nothing, whichever way it is reached; late answers are heard where there are any."""
    agency = installed()[code]
    async with WAYS[way](agency, BadAgency(agency, now, "nothing").deliver) as (transport, stand_in):
        verdicts = await checked(transport, stand_in, agency)
    assert set() == broken(verdicts), [each.detail.en for each in verdicts.values() if each.state is State.BROKEN]
    assert (State.KEPT if way == "http-later" else State.SKIPPED) is verdicts["late-answers"].state


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("breach", BREACHES)
async def test_breach_is_found(breach: str, way: str) -> None:
    """A breach that is planted is found by its name, whichever way the agency is reached, and nothing else is."""
    async with WAYS[way](AGENCY, BadAgency(AGENCY, now, breach).deliver) as (transport, stand_in):
        verdicts = await checked(transport, stand_in, AGENCY)
    assert BREACHES[breach] == broken(verdicts)


@pytest.mark.parametrize("way", WAYS)
async def test_agency_that_fails(way: str) -> None:
    """One that falls over what it should refuse is found; where it fetches, all that is seen of it is its silence."""
    async with WAYS[way](AGENCY, BadAgency(AGENCY, now, "rubbish-crash").deliver) as (transport, stand_in):
        verdicts = await checked(transport, stand_in, AGENCY, patience_seconds=1.0)
    assert {"rubbish-empty", "rubbish-text", "rubbish-foreign"} <= broken(verdicts)
    assert (way in ("mailbox", "nats")) is ("not settled within" in verdicts["rubbish-text"].detail.en)


@pytest.mark.parametrize("way", WAYS)
async def test_reply_that_names_another_message(way: str) -> None:
    """A reply under another message's id is found, though nobody can say for certain what it was an answer to."""
    agency = BadAgency(AGENCY, now, "message-id")
    async with WAYS[way](AGENCY, agency.deliver) as (transport, stand_in):
        verdicts = await checked(transport, stand_in, AGENCY, patience_seconds=0.5)
    assert {"message-id", "order", "concurrency", "rubbish-no-trace", "largest-message"} <= broken(verdicts)


async def test_nobody_fetches_from_the_bus(tmp_path: Path) -> None:
    """An agency that nobody runs is silent on the bus too, and nothing that was laid there for it stays."""
    async with nats_server(tmp_path) as server:
        async with bus_box(server, AGENCY) as (box, stand_in):
            verdicts = await checked(box, stand_in, AGENCY, patience_seconds=0.2)
        assert {"reachable", "time", "still-there"} == broken(verdicts)
        assert "nobody fetched it within 0.2 s" in verdicts["reachable"].detail.en
        client = await server.client()
        assert 0 == (await client.jetstream().stream_info(STREAM)).state.messages
        await client.close()


async def test_nobody_fetches() -> None:
    """Where nobody fetches its messages that is said in so many words, and the rest is left open."""
    async with over_mailbox(AGENCY, BadAgency(AGENCY, now, "nothing").deliver) as (_, stand_in):
        pass
    verdicts = await checked(stand_in.box, stand_in, AGENCY, patience_seconds=0.05)
    assert {"reachable", "time", "still-there"} == broken(verdicts)
    assert "nobody fetched it within 0.05 s" in verdicts["reachable"].detail.en


async def test_fetched_and_not_settled() -> None:
    """One that fetches its messages, and neither answers nor acknowledges them, is told apart from that."""

    async def stuck(_: Outgoing) -> bytes | None:
        raise Unreachable("stuck", "it does nothing")

    for way in (over_mailbox, over_nats):
        async with way(AGENCY, stuck) as (transport, stand_in):
            verdicts = await checked(transport, stand_in, AGENCY, patience_seconds=0.5)
        assert "it was fetched, and not settled within 0.5 s" in verdicts["reachable"].detail.en


async def test_taken_and_never_answered() -> None:
    """An agency that takes its messages, and brings no answer while the check waits, breaks that."""

    async def taking(_: Outgoing) -> bytes | None:
        return None

    for way in (over_http, over_mailbox, over_nats):
        async with way(AGENCY, taking) as (transport, stand_in):
            verdicts = await checked(transport, stand_in, AGENCY, patience_seconds=0.1)
        assert {"late-answers"} == broken(verdicts)
