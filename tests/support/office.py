"""An office: a gateway process, and four agencies whose ends are in the test's own hands."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from support.far_side import Behaviour, FarSide, Message, far_sides, free_ports, reached
from support.gateway_process import AGENCIES, ClientLedger, GatewayProcess, gateway
from support.nats_server import nats_server
from support.oracle import oracle
from support.windows import now

from onewindow.agencies import installed
from onewindow.agencies.desk import Desk
from onewindow.agencies.ledger import Ledger, SqliteLedger
from onewindow.agencies.transport import MessageKind


def answering(ledger: Ledger, code: str) -> Behaviour:
    """An agency that does everything as it should."""
    desk = Desk(installed()[code], ledger, now)

    async def answer(side: FarSide, message: Message) -> bytes | None:
        if message.kind is MessageKind.NOTICE:
            await asyncio.to_thread(desk.note, message.message_id, message.body)
            return None
        return await asyncio.to_thread(desk.answer, message.message_id, message.body, message.kind)

    return answer


class Office:
    """A gateway process and four agencies in the test's hands; `client` speaks to the gateway."""

    def __init__(self, process: GatewayProcess, client: aiohttp.ClientSession) -> None:
        self.process = process
        self.client = client
        self.ledger = ClientLedger()
        self.ledgers: dict[str, Ledger] = {code: SqliteLedger(process.ledger(code)) for code in AGENCIES}
        self.sides: dict[str, FarSide] = {}

    async def status(self, case_id: str) -> dict[str, Any]:
        """Where a case stands."""
        async with self.client.get(f"{self.process.url}/v1/declarations/{case_id}") as answer:
            found: dict[str, Any] = await answer.json()
        return found

    async def states(self, case_id: str) -> dict[str, str]:
        """How each agency's part stands."""
        return {part["code"]: part["state"] for part in (await self.status(case_id))["agencies"]}

    async def come_to(self, case_id: str, wanted: Callable[[dict[str, str]], bool]) -> dict[str, str]:
        """The states of the parts, once they are as wanted."""
        async with asyncio.timeout(60):
            while not wanted(states := await self.states(case_id)):
                await asyncio.sleep(0.02)
        return states

    async def judged(self) -> None:
        """Stop the gateway, and hold receipts, ledgers and store against each other."""
        await self.process.kill()
        await oracle(self.process, self.ledger)


@asynccontextmanager
async def office(
    folder: Path,
    transport: str,
    behaviours: Callable[[Office], dict[str, Behaviour]],
    settings: dict[str, dict[str, str | float]] | None = None,
) -> AsyncIterator[Office]:
    """An office at work; agencies that `behaviours` leaves out do everything as they should."""
    ports = free_ports(AGENCIES)
    ways = {code: each | (settings or {}).get(code, {}) for code, each in reached(transport, ports).items()}
    async with AsyncExitStack() as stack:
        bus = None
        if transport == "nats":
            (folder / "bus").mkdir()
            bus = (await stack.enter_async_context(nats_server(folder / "bus"))).url
        process = await stack.enter_async_context(gateway(folder, reached=ways, bus=bus))
        opened = Office(process, await stack.enter_async_context(aiohttp.ClientSession()))
        good = {code: answering(opened.ledgers[code], code) for code in AGENCIES}
        ends = far_sides(transport, bus or process.url, ports, good | behaviours(opened))
        opened.sides = await stack.enter_async_context(ends)
        process.start()
        await process.ready()
        yield opened
