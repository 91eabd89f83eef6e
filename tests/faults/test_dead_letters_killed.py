"""A gateway that is killed while an agency answers rubbish: what was told to somebody is kept, and no case is lost."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from support.declarations import declaration
from support.fickle_agency import FickleAgency
from support.gateway_process import ClientLedger, GatewayProcess, gateway
from support.oracle import oracle
from support.windows import now

from onewindow.agencies.ledger import SqliteLedger

RUBBISH = b"<html>%d</html>"
KILLED_AT = (1, 3, 7)
"""At which wrong answer of the agency the gateway is killed, beside replies that are brought."""


async def letters(client: aiohttp.ClientSession, url: str) -> list[dict[str, Any]]:
    """All dead letters."""
    async with client.get(f"{url}/v1/dead-letters", params={"limit": 200}) as answer:
        page: dict[str, Any] = await answer.json()
    assert page["next_cursor"] is None
    found: list[dict[str, Any]] = page["dead_letters"]
    return found


async def bringing(
    client: aiohttp.ClientSession, process: GatewayProcess, heard: set[bytes], begun: asyncio.Event
) -> None:
    """Bring one wrong reply after another until the gateway is gone; those of which it said that they are wrong."""
    headers = {"Content-Type": "application/xml"}
    number = len(heard)
    while True:
        number += 1
        body = b"<Reply>%d" % number
        try:
            async with client.post(f"{process.url}/v1/agencies/tax/replies", data=body, headers=headers) as answer:
                assert 400 == answer.status
                heard.add(body)
                begun.set()
        except aiohttp.ClientError:
            return


async def test_dead_letters_of_a_gateway_that_is_killed(tmp_path: Path) -> None:
    """A reply of which its bringer heard that it is wrong is kept, whenever the gateway is killed; every case ends."""
    ledger, heard = ClientLedger(), set[bytes]()
    async with (
        FickleAgency("customs", ledger=SqliteLedger(tmp_path / "customs.ledger.db")).listening(now) as agency,
        gateway(tmp_path, reached={"customs": {"transport": "http", "url": f"{agency.url}/messages"}}) as process,
        aiohttp.ClientSession() as client,
    ):
        for number, count in enumerate(KILLED_AT):
            given = 0
            reached, begun = asyncio.Event(), asyncio.Event()

            async def answering(_: web.Request, __: bytes) -> web.Response:
                nonlocal given
                given += 1
                if given >= count:  # noqa: B023 - awaited in this turn of the loop
                    reached.set()  # noqa: B023 - awaited in this turn of the loop
                return web.Response(body=RUBBISH % given, content_type="text/html")

            agency.answering = answering
            process.start()
            await process.ready()
            for place in range(4):
                await ledger.submit(client, process.url, declaration(f"KILLED-{number}-{place}"))
            brought = asyncio.create_task(bringing(client, process, heard, begun))
            await reached.wait()
            await begun.wait()
            await process.kill()
            await brought
        agency.answering = None
        process.start()
        await process.ready()
        await ledger.settled(client, process.url)
        kept = await letters(client, process.url)
        bodies = set()
        for letter in kept:
            async with client.get(f"{process.url}/v1/dead-letters/{letter['id']}/body") as answer:
                bodies.add(await answer.read())
        await process.terminate()
        await oracle(process, ledger)
    assert heard <= bodies
    customs = [letter for letter in kept if letter["agency"] == "customs"]
    assert {"answered"} == {letter["state"] for letter in customs}
