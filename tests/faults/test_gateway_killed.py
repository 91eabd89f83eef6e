"""Fault 3 and the promise itself: kill -9 at every named crash point, and at random moments under load."""

import asyncio
import random
import sqlite3
from pathlib import Path

import aiohttp
import pytest
from support.declarations import declaration
from support.gateway_process import AGENCIES, ClientLedger, GatewayProcess, gateway
from support.oracle import oracle

from onewindow.codecs.messages.codes import DeclarationType

CRASH_POINTS = (
    "accepted",
    "sent",
    *(f"reply-stored:{nth}" for nth in range(1, len(AGENCIES) + 1)),
    "merged",
    "signed",
    "shown",
)
DELAYS = {agency: 0.05 * nth for nth, agency in enumerate(AGENCIES, start=1)}
"""Answers one after another, so that each reply can be the last thing stored before a crash."""


@pytest.mark.sweep(cases=4)
@pytest.mark.parametrize("crash_point", CRASH_POINTS)
async def test_a_case_goes_on_after_a_crash_at(crash_point: str, tmp_path: Path) -> None:
    """Killed at a named point, the gateway carries the case on to its one response when it is started again."""
    ledger = ClientLedger()
    body = declaration("CRASH-1")
    async with gateway(tmp_path, DELAYS) as process, aiohttp.ClientSession() as client:
        process.start(crash_point)
        await process.ready()
        await ledger.submit(client, process.url, body)
        while process.running:
            for case_id in ledger.receipts:
                await ledger.response(client, process.url, case_id)
            await asyncio.sleep(0.01)
        process.start()
        await process.ready()
        assert await ledger.submit(client, process.url, body) in (200, 202)
        await ledger.settled(client, process.url)
        await process.kill()
        assert 1 == len(ledger.receipts)
        await oracle(process, ledger)


@pytest.mark.sweep
async def test_no_receipt_is_broken_by_kills_under_load(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Killed at random moments under load, again and again, the gateway answers every receipt it ever gave."""
    kills = int(pytestconfig.getoption("kills"))
    seed = int(pytestconfig.getoption("fault_seed"))
    print(f"{kills} kills with seed {seed}")
    chance = random.Random(seed)
    ledger = ClientLedger()
    async with gateway(tmp_path, {"tax": 0.05}) as process, aiohttp.ClientSession() as client:
        for kill in range(kills):
            process.start()
            await process.ready()
            load = asyncio.create_task(_load(client, process, ledger, f"KILL-{kill}"))
            await asyncio.sleep(chance.uniform(0.02, 0.6))
            await process.kill()
            load.cancel()
            await asyncio.wait([load])
        process.start()
        await process.ready()
        await ledger.settled(client, process.url, seconds=240)
        await process.kill()
        await oracle(process, ledger)
    print(f"{kills} kills, {len(ledger.receipts)} receipts, each with one response that verifies")
    assert len(ledger.receipts) >= kills


async def test_a_receipt_whose_case_is_gone_is_noticed(tmp_path: Path) -> None:
    """The control: a store that forgets one receipt's case is caught by the same oracle."""
    ledger = ClientLedger()
    async with gateway(tmp_path) as process, aiohttp.ClientSession() as client:
        process.start()
        await process.ready()
        for place in range(3):
            await ledger.submit(client, process.url, declaration(f"LOST-{place}"))
        await ledger.settled(client, process.url)
        await process.kill()
        await oracle(process, ledger)
        lost = min(ledger.receipts)
        with sqlite3.connect(tmp_path / "onewindow.db") as store:
            for table, column in (("documents", "case_id"), ("journal", "case_id"), ("cases", "id")):
                store.execute(f"DELETE FROM {table} WHERE {column} = ?", (lost,))  # noqa: S608 - names from above
        with pytest.raises(AssertionError, match=lost):
            await oracle(process, ledger)


async def _load(client: aiohttp.ClientSession, process: GatewayProcess, ledger: ClientLedger, name: str) -> None:
    """Eight clients that submit as fast as they are answered, imports and exports, until the connection breaks."""

    async def one(lane: int) -> None:
        for nth in range(10_000):
            kind = DeclarationType.EX if nth % 3 == 0 else DeclarationType.IM
            body = declaration(f"{name}-{lane}-{nth}", items=1 + nth % 5, type_code=kind)
            if await ledger.submit(client, process.url, body) is None:
                return

    async with asyncio.TaskGroup() as group:
        for lane in range(8):
            group.create_task(one(lane))
