"""Fault 8: the bus is killed under load, its data deleted, a bit flipped in its files; the store sends it all again."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from support.agency_process import Office, office_at
from support.declarations import declaration
from support.gateway_process import ClientLedger
from support.nats_server import NatsServer, nats_server
from support.oracle import oracle

from onewindow.agencies.ledger import SqliteLedger

LOADS = 3
DECLARATIONS = 8


@asynccontextmanager
async def on_a_bus(folder: Path) -> AsyncIterator[tuple[NatsServer, Office, aiohttp.ClientSession]]:
    """A bus that runs, a gateway and four agencies on it that are not started yet, and a client."""
    (folder / "bus").mkdir()
    async with (
        nats_server(folder / "bus") as server,
        office_at(folder, "nats", server.url) as parts,
        aiohttp.ClientSession() as client,
    ):
        yield server, parts, client


async def taken(client: aiohttp.ClientSession, ledger: ClientLedger, url: str, load: str) -> None:
    """So many declarations, all of them with receipts."""
    bodies = [declaration(f"BUS-{load}-{place}") for place in range(DECLARATIONS)]
    assert {202} == set(await asyncio.gather(*(ledger.submit(client, url, body) for body in bodies)))


async def judged(parts: Office, ledger: ClientLedger) -> None:
    """Ends the processes and holds them against the oracle: each message was taken by its agency exactly once."""
    process, agencies = parts
    for agency in agencies.values():
        await agency.kill()
    await process.kill()
    await oracle(process, ledger)
    entries = [entry for code in agencies for entry in SqliteLedger(process.ledger(code)).entries()]
    assert 4 * len(ledger.receipts) == len(entries)


def nothing(_: NatsServer) -> None:
    """Its data is as it left it."""


def flip_a_bit(server: NatsServer) -> None:
    """One bit of one message's body is another, the first of them: what comes after it in the file is lost as well."""
    block = next(each for each in server.blocks() if b"</" in each.read_bytes())
    content = bytearray(block.read_bytes())
    content[content.index(b"</") + 2] ^= 1
    block.write_bytes(content)


@pytest.mark.sweep(cases=1)
@pytest.mark.parametrize("fault", [nothing, NatsServer.lose_data], ids=["killed", "data-deleted"])
async def test_bus_lost_under_load(
    fault: Callable[[NatsServer], None], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """A bus that is killed under load, with its data or without, loses no message and has none answered twice."""
    chance = random.Random(int(pytestconfig.getoption("fault_seed")))
    ledger = ClientLedger()
    async with on_a_bus(tmp_path) as (server, parts, client):
        process, agencies = parts
        process.start()
        for agency in agencies.values():
            agency.start()
        await process.ready()
        for load in range(LOADS):
            work = asyncio.create_task(taken(client, ledger, process.url, str(load)))
            await asyncio.sleep(chance.uniform(0.1, 0.6))
            await server.kill()
            fault(server)
            await work
            await server.start()
        await ledger.settled(client, process.url, seconds=120)
        await judged(parts, ledger)
    assert LOADS * DECLARATIONS == len(ledger.receipts)


async def laid_ready(server: NatsServer, count: int) -> None:
    """Returns once so many messages are in the stream."""
    client = await server.client()
    try:
        async with asyncio.timeout(60):
            while (await client.jetstream().stream_info("ONEWINDOW")).state.messages < count:
                await asyncio.sleep(0.02)
    finally:
        await client.close()


@pytest.mark.sweep(cases=1)
@pytest.mark.parametrize("fault", [NatsServer.lose_data, flip_a_bit], ids=["data-deleted", "bit-flipped"])
async def test_messages_that_lay_ready(fault: Callable[[NatsServer], None], tmp_path: Path) -> None:
    """What lay ready on the bus when it lost its data or a bit of it is laid there again when it is back."""
    ledger = ClientLedger()
    async with on_a_bus(tmp_path) as (server, parts, client):
        process, agencies = parts
        process.start()
        await process.ready()
        await taken(client, ledger, process.url, "ready")
        await laid_ready(server, 4 * DECLARATIONS)
        await server.kill()
        fault(server)
        await server.start()
        for agency in agencies.values():
            agency.start()
        await ledger.settled(client, process.url, seconds=60)
        await judged(parts, ledger)


async def test_what_is_lost_is_missed(tmp_path: Path) -> None:
    """The control: messages that are gone from the bus and not laid again leave their cases without a response."""
    ledger = ClientLedger()
    async with on_a_bus(tmp_path) as (server, (process, agencies), client):
        process.start()
        await process.ready()
        await taken(client, ledger, process.url, "control")
        await laid_ready(server, 4 * DECLARATIONS)
        emptying = await server.client()
        await emptying.jetstream().purge_stream("ONEWINDOW")  # of which the window hears nothing
        await emptying.close()
        for agency in agencies.values():
            agency.start()
        with pytest.raises(AssertionError):
            await ledger.settled(client, process.url, seconds=8)
        for agency in agencies.values():
            await agency.kill()
        await process.kill()
        with pytest.raises(AssertionError, match=next(iter(ledger.receipts))):
            await oracle(process, ledger)
