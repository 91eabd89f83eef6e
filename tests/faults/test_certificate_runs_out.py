"""A certificate that runs out under load, agencies over each transport: nothing is signed by it, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import msgspec
import pytest
from support.declarations import declaration
from support.far_side import Behaviour, FarSide, Message, far_sides, free_ports, reached
from support.gateway_process import AGENCIES
from support.nats_server import nats_server
from support.office import answering
from support.served import LIMITS, XML
from support.short_lived import keys_until, renew
from support.windows import HeldClock, now

from onewindow.agencies.ledger import MemoryLedger
from onewindow.codecs.finding import Rejected
from onewindow.codecs.verification import verify
from onewindow.gateway.case import CaseStatus
from onewindow.gateway.config import KEY_FOLDER, AgencyConfig, BusConfig, Config, StoreConfig
from onewindow.gateway.seal import Seal
from onewindow.gateway.server import serve
from onewindow.gateway.store import Query
from onewindow.gateway.window import Window

TRANSPORTS = ("http", "mailbox", "nats")
LOAD = 12
HOUR = timedelta(hours=1)


@asynccontextmanager
async def serving(config: Config, clock: HeldClock) -> AsyncIterator[tuple[Window, str]]:
    """A gateway as its configuration says, at a time of the test's own, and its URL."""
    opened = await Window.open(config, clock)
    stop = asyncio.Event()
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    work = asyncio.create_task(serve(opened, "127.0.0.1", 0, on_ready=url.set_result, limits=LIMITS, stop=stop))
    try:
        yield opened, await url
    finally:
        stop.set()
        await work


class Gate:
    """Agencies that have their messages, and answer once they may."""

    def __init__(self) -> None:
        self.came: set[str] = set()
        self.all_came = asyncio.Event()
        self.opened = asyncio.Event()

    def behaviour(self, code: str) -> Behaviour:
        """One of them."""
        right = answering(MemoryLedger(), code)

        async def answer(side: FarSide, message: Message) -> bytes | None:
            self.came.add(message.message_id)
            if len(self.came) == LOAD * len(AGENCIES):
                self.all_came.set()
            await self.opened.wait()
            return await right(side, message)

        return answer


async def submitted(url: str, reference: str) -> aiohttp.ClientResponse:
    """The answer to a declaration."""
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{url}/v1/declarations", data=declaration(reference), headers={"Content-Type": XML}) as answer,
    ):
        await answer.read()
        return answer


async def come_to(opened: Window, wanted: int, *, decided: bool) -> None:
    """Returns once so many cases are decided, or have every answer."""
    async with asyncio.timeout(120):
        while True:
            cases = await opened.find(Query(limit=2 * LOAD))
            done = [
                case
                for case in cases
                if (case.status is CaseStatus.DECIDED if decided else all(part.replied_at for part in case.parts))
            ]
            if len(done) == wanted:
                return
            await asyncio.sleep(0)


async def signed_out_of_time(opened: Window, at: datetime) -> list[str]:
    """What is wrong with each response that there is, at this time."""
    wrong = []
    for case in await opened.find(Query(limit=2 * LOAD)):
        record = await opened.load(case.id, "response")
        assert record is not None
        for response in record.documents.values():
            try:
                verify(response.body, opened.trust, at)
            except Rejected as rejected:
                wrong.append(rejected.findings[0].code)
    return wrong


@pytest.mark.parametrize("looks", [True, False])
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_certificate_that_runs_out_under_load(
    transport: str, looks: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All answers come after the certificate has run out: all are kept, none is signed, and all are by the next one.

    The control has a seal that does not look at the time: all its responses are believed by nobody.
    """
    if not looks:
        monkeypatch.setattr(Seal, "check", lambda *_: None)
    clock, gate, ports = HeldClock(now()), Gate(), free_ports(AGENCIES)
    keys_until(tmp_path / KEY_FOLDER, clock.at + HOUR)
    ways = {code: msgspec.convert(way, AgencyConfig) for code, way in reached(transport, ports).items()}
    store = StoreConfig(url=f"sqlite:///{tmp_path / 'onewindow.db'}")
    (tmp_path / "bus").mkdir()
    async with nats_server(tmp_path / "bus") as bus:
        config = Config(store=store, agencies=ways, bus=BusConfig(url=bus.url if transport == "nats" else "memory://"))
        async with serving(config, clock) as (opened, url):
            ends = far_sides(transport, bus.url if transport == "nats" else url, ports, _all(gate))
            async with ends:
                answers = await asyncio.gather(*(submitted(url, f"RUNS-OUT-{place}") for place in range(LOAD)))
                async with asyncio.timeout(120):
                    await gate.all_came.wait()
                clock.advance(HOUR + timedelta(seconds=1))
                gate.opened.set()
                await come_to(opened, LOAD, decided=not looks)
                refused = await submitted(url, "RUNS-OUT-LATE")
                wrong = await signed_out_of_time(opened, clock.at)
        assert [202] * LOAD == [answer.status for answer in answers]
        if not looks:
            assert ["signature-key-expired"] * LOAD == wrong[:LOAD]
            return
        assert ([], 503, "300") == (wrong, refused.status, refused.headers["Retry-After"])
        renew(tmp_path / KEY_FOLDER, clock.at - timedelta(seconds=1))
        async with serving(config, clock) as (opened, _):
            await come_to(opened, LOAD, decided=True)
            assert [] == await signed_out_of_time(opened, clock.at)


def _all(gate: Gate) -> dict[str, Behaviour]:
    return {code: gate.behaviour(code) for code in AGENCIES}
