"""Four agencies as four processes, over each transport: the same answers as in process, and none lost to kill -9."""

import asyncio
import random
import re
from pathlib import Path

import aiohttp
import pytest
from support.agency_process import office
from support.declarations import declaration
from support.gateway_process import ClientLedger, gateway
from support.oracle import oracle

from onewindow.agencies.ledger import SqliteLedger
from onewindow.codecs.messages.codes import DeclarationType

TRANSPORTS = ("http", "mailbox", "nats")

VARYING = "|".join(
    (
        *("ID", "MessageID", "AgencyReferenceID", "ReplyDigest"),
        *("AcceptanceDateTime", "IssueDateTime", "SentDateTime", "DecisionDateTime", "DueDateTime"),
        *("StartDateTime", "EndDateTime"),
    )
)


def lasting(response: bytes) -> bytes:
    """A response without times, ids and the signature."""
    unsigned = re.sub(rb"<Signature .*</Signature>", b"", response, flags=re.DOTALL)
    return re.sub(rf"<({VARYING})>[^<]*</".encode(), rb"<\1></", unsigned)


def declarations(count: int) -> list[bytes]:
    """So many declarations of every kind: imports, exports, of few and many items."""
    return [
        declaration(f"SAME-{place}", 1 + place % 7, DeclarationType.EX if place % 3 == 0 else DeclarationType.IM)
        for place in range(count)
    ]


async def responses(client: aiohttp.ClientSession, url: str, bodies: list[bytes]) -> list[bytes]:
    """What each declaration comes to, all submitted at once."""
    ledger = ClientLedger()
    statuses = await asyncio.gather(*(ledger.submit(client, url, body) for body in bodies))
    assert {202} == set(statuses)
    await ledger.settled(client, url, seconds=240)
    by_reference = {str(receipt["reference"]): case_id for case_id, receipt in ledger.receipts.items()}
    return [ledger.shown[by_reference[reference]] for reference in sorted(by_reference)]


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> list[bytes]:
    """The responses with all agencies in process."""

    async def made() -> list[bytes]:
        folder = tmp_path_factory.mktemp("inprocess")
        async with gateway(folder) as process, aiohttp.ClientSession() as client:
            process.start()
            await process.ready()
            return await responses(client, process.url, declarations(int(pytestconfig.getoption("declarations"))))

    return asyncio.run(made())


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_same_responses(transport: str, tmp_path: Path, in_process: list[bytes]) -> None:
    """The same declarations give the same responses as in process, byte for byte but for times, ids and signatures."""
    async with office(tmp_path, transport) as (process, agencies), aiohttp.ClientSession() as client:
        process.start()
        for agency in agencies.values():
            agency.start()
        await process.ready()
        came = await responses(client, process.url, declarations(len(in_process)))
    assert [lasting(response) for response in in_process] == [lasting(response) for response in came]


def test_what_differs_is_seen(in_process: list[bytes]) -> None:
    """The control: a response that differs in more than times, ids and signatures is told apart."""
    changed = in_process[0].replace(b"<OutcomeCode>", b"<OutcomeCode>un", 1)
    assert lasting(in_process[0]) != lasting(changed)
    assert 1 < len({lasting(response) for response in in_process})


@pytest.mark.sweep(cases=1)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_killed_agencies(transport: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Agencies killed with SIGKILL at random moments under load lose no message and answer none twice."""
    kills = int(pytestconfig.getoption("kills"))
    chance = random.Random(int(pytestconfig.getoption("fault_seed")))
    ledger = ClientLedger()
    async with office(tmp_path, transport) as (process, agencies), aiohttp.ClientSession() as client:
        process.start()
        for agency in agencies.values():
            agency.start()
        await process.ready()
        for kill in range(kills):
            bodies = [declaration(f"KILLED-{kill}-{place}") for place in range(8)]
            work = asyncio.gather(*(ledger.submit(client, process.url, body) for body in bodies))
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            agency = chance.choice(list(agencies.values()))
            await agency.kill()
            await work
            agency.start()
        await ledger.settled(client, process.url, seconds=200)
        for agency in agencies.values():
            await agency.kill()
        await process.kill()
        await oracle(process, ledger)
    assert 8 * kills == len(ledger.receipts)
    repeated = [entry for code in agencies for entry in SqliteLedger(process.ledger(code)).entries()]
    assert 4 * 8 * kills == len(repeated)
