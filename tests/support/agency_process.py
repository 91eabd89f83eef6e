"""Reference agencies as processes of their own, over any transport, that a test may kill."""

import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from support.child_process import ChildProcess
from support.gateway_process import AGENCIES, GatewayProcess, free_port, gateway
from support.nats_server import nats_server


class AgencyProcess(ChildProcess):
    """`onewindow agency run`, with its ledger in `folder`; it can be started again after any end."""

    def __init__(self, folder: Path, code: str, transport: str, *options: str) -> None:
        super().__init__(folder / f"{code}.log")
        self.folder = folder
        self.code = code
        self._command = [
            *(sys.executable, "-m", "onewindow.gateway.cli", "agency", "run", code, "--transport", transport),
            *("--ledger", str(folder / f"{code}.ledger.db"), *options),
        ]

    def start(self) -> None:
        """Start the process."""
        self.begin(self._command)


def listens(port: int) -> None:
    """Returns once somebody listens at this port of the loopback address."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


Office = tuple[GatewayProcess, Mapping[str, AgencyProcess]]


@asynccontextmanager
async def office(folder: Path, transport: str, lease: float = 2.0) -> AsyncIterator[Office]:
    """A gateway and four agencies, five processes in all, not started yet and gone afterwards.

    Over `nats` there is a sixth, the bus in the folder's `bus`, which is gone afterwards as well and runs at once.
    """
    async with AsyncExitStack() as stack:
        bus = None
        if transport == "nats":
            (folder / "bus").mkdir()
            bus = (await stack.enter_async_context(nats_server(folder / "bus"))).url
        yield await stack.enter_async_context(office_at(folder, transport, bus, lease))


@asynccontextmanager
async def office_at(folder: Path, transport: str, bus: str | None, lease: float = 2.0) -> AsyncIterator[Office]:
    """As `office`, with `bus` the address of one that somebody else looks after."""
    ports = {code: free_port() for code in AGENCIES}
    reached = {code: _settings(transport, ports[code], lease) for code in AGENCIES}
    async with gateway(folder, reached=reached, bus=bus) as process:
        options = {"mailbox": ("--url", process.url), "nats": ("--bus", str(bus))}
        agencies = {
            code: AgencyProcess(folder, code, transport, *options.get(transport, ("--port", str(ports[code]))))
            for code in AGENCIES
        }
        try:
            yield process, agencies
        finally:
            for agency in agencies.values():
                if agency.running:
                    await agency.kill()


def _settings(transport: str, port: int, lease: float) -> dict[str, str | float]:
    """How the gateway reaches an agency."""
    if transport == "http":
        return {"transport": "http", "url": f"http://127.0.0.1:{port}/messages", "timeout": 10}
    return {"transport": transport, "lease": lease}
