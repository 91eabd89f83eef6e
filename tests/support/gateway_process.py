"""A gateway as a process of its own, that a test may kill, and the client's and agencies' ledgers that judge it."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
from support.child_process import ChildProcess

AGENCIES = ("customs", "tax", "market-supervision", "quality-inspection")


def free_port() -> int:
    """A port of the loopback address on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class GatewayProcess(ChildProcess):
    """`onewindow serve` on a store and four agency ledgers in `folder`; it can be started again after any end.

    `reached`: settings of the agencies that are not reached in process. `bus`: where some are reached over one.
    """

    def __init__(
        self,
        folder: Path,
        delays: Mapping[str, float] | None = None,
        reached: Mapping[str, Mapping[str, str | float | list[str]]] | None = None,
        bus: str | None = None,
    ) -> None:
        super().__init__(folder / "gateway.log")
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.store_url = f"sqlite:///{folder / 'onewindow.db'}"
        lines = ["[gateway]", f"port = {self.port}", "[store]", f'url = "{self.store_url}"']
        if bus is not None:
            lines += ["[bus]", f'url = "{bus}"']
        for agency in AGENCIES:
            lines += [f"[agencies.{agency}]"]
            if reached and agency in reached:
                lines += [f"{key} = {json.dumps(value)}" for key, value in reached[agency].items()]
            else:
                lines.append(f'ledger = "{self.ledger(agency)}"')
            if delays and agency in delays:
                lines.append(f"delay = {delays[agency]}")
        (folder / "onewindow.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def ledger(self, agency: str) -> Path:
        """The file in which an agency keeps what reached it."""
        return self.folder / f"{agency}.ledger.db"

    @property
    def authority(self) -> Path:
        """The certificate against which receipts and responses verify."""
        return self.folder / "onewindow-keys" / "authority.crt.pem"

    def command(self) -> list[str]:
        """The command line that serves."""
        return [sys.executable, "-m", "onewindow.gateway.cli", "serve", "--config", str(self.folder / "onewindow.toml")]

    def start(self, crash_point: str | None = None, under: Sequence[str] = (), ahead: timedelta | None = None) -> None:
        """Start the process; `crash_point` arms one, `under` is a command that runs it (a tracer, say).

        ahead: by how much its clock is ahead of the time.
        """
        more = {} if crash_point is None else {"ONEWINDOW_CRASH_POINT": crash_point}
        if ahead is not None:
            more["ONEWINDOW_CLOCK_AHEAD"] = str(ahead.total_seconds())
        self.begin([*under, *self.command()], more)

    def peak_bytes(self) -> int:
        """The most memory that the process has held so far, as Linux tells it."""
        status = Path(f"/proc/{self.process_id}/status").read_text("ascii", errors="replace")
        return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))

    async def alive(self) -> None:
        """Returns once declarations are taken, or the process has ended before."""
        try:
            await self.ready()
        except AssertionError:
            if self.running:
                raise

    async def ready(self, seconds: float = 60, sign: str = "/health/ready") -> None:
        """Returns once declarations are taken; fails with the log where the process ends or takes too long.

        sign: what to ask; /health/live tries nothing out in the store.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        async with aiohttp.ClientSession() as client:
            while self.running and asyncio.get_running_loop().time() < deadline:
                try:
                    async with client.get(self.url + sign) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError(f"the gateway did not get ready:\n{self.log()}")


@asynccontextmanager
async def gateway(
    folder: Path,
    delays: Mapping[str, float] | None = None,
    reached: Mapping[str, Mapping[str, str | float | list[str]]] | None = None,
    bus: str | None = None,
) -> AsyncIterator[GatewayProcess]:
    """A gateway that is not started yet and is gone afterwards."""
    process = GatewayProcess(folder, delays, reached, bus)
    try:
        yield process
    finally:
        if process.running:
            await process.kill()


@contextmanager
def serving(process: GatewayProcess) -> Iterator[GatewayProcess]:
    """The process while it takes declarations, for tests that have no event loop; gone afterwards."""
    process.start()
    try:
        asyncio.run(process.ready())
        yield process
    finally:
        if process.running:
            asyncio.run(process.kill())


class ClientLedger:
    """What a client sent and was promised: receipts by case id, as they came in 202s."""

    def __init__(self) -> None:
        self.receipts: dict[str, dict[str, Any]] = {}
        self.sent: dict[str, str] = {}
        self.shown: dict[str, bytes] = {}

    async def submit(self, client: aiohttp.ClientSession, url: str, body: bytes) -> int | None:
        """Submit once; the status of the answer, or None where the connection broke before there was a whole one."""
        try:
            async with client.post(
                f"{url}/v1/declarations", data=body, headers={"Content-Type": "application/xml"}
            ) as answer:
                content = await answer.json(content_type=None)
                if answer.status == 202 or (answer.status == 200 and "digest" in content):
                    known = self.receipts.setdefault(content["id"], content)
                    assert content == known, "a case has one receipt"
                    self.sent[content["id"]] = f"sha256:{sha256(body).hexdigest()}"
                return answer.status
        except (aiohttp.ClientError, ConnectionError, TimeoutError):
            return None

    async def response(self, client: aiohttp.ClientSession, url: str, case_id: str) -> bytes | None:
        """The case's response, if there is one; the bytes shown once are the bytes shown ever after."""
        try:
            async with client.get(
                f"{url}/v1/declarations/{case_id}/response", headers={"Accept": "application/xml"}
            ) as answer:
                body = await answer.read()
                if answer.status != 200:
                    return None
        except (aiohttp.ClientError, ConnectionError, TimeoutError):
            return None
        assert body == self.shown.setdefault(case_id, body), "a response shown is never another"
        return body

    async def settled(self, client: aiohttp.ClientSession, url: str, seconds: float = 60) -> None:
        """Returns once every receipt has its response; fails with the ids that have none in time."""
        deadline = asyncio.get_running_loop().time() + seconds
        waiting = set(self.receipts)
        while waiting and asyncio.get_running_loop().time() < deadline:
            for case_id in sorted(waiting):
                if await self.response(client, url, case_id) is not None:
                    waiting.discard(case_id)
            if waiting:
                await asyncio.sleep(0.05)
        assert waiting == set(), "every 202 ends in a response"
