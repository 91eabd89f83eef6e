"""The end-to-end load run: `make load`, options by environment (`SECONDS=60 RATE=300 make load`).

Starts a gateway as a process of its own on a temporary store and submits declarations to it over HTTP: as fast as it
takes them, or at a fixed rate. At a fixed rate the loop is open: a request has its time whether or not those before it
were answered, and its latency counts from that time, so a gateway that falls behind can't hide it. Afterwards the
store is gone through: every receipt has its case, and every case exactly one response.

Latencies are the client's: of a receipt until its 202, of a response until the answer to a submission with
`Prefer: wait` (every WAIT_EVERY-th). The client runs on the same machine, its CPU time is told too.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Final

import msgspec
import uvloop
from msgspec import Struct

from onewindow.bench.gateway_process import GatewayProcess, Usage
from onewindow.bench.http_connection import Answer, HttpConnection, request
from onewindow.bench.latency import latency
from onewindow.bench.load_report import LoadRun, keep, shown
from onewindow.codecs import DECLARATION
from onewindow.codecs.keys import load_trust
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway.fsck import check
from onewindow.gateway.sample import sample
from onewindow.gateway.store import open_store

HOST: Final = "127.0.0.1"
WAIT_SECONDS: Final = 60
DRAIN_SECONDS: Final = 120
WARM_UP: Final = 50
"""Declarations before the clock starts, so that schemas are compiled and connections open."""

SIGNATURES_MAX: Final = 5_000
"""Up to so many cases every signature is verified afterwards; beyond, all else is checked."""


class BadOption(ValueError):
    """An option of the environment that can't be."""


class Options(Struct, frozen=True, kw_only=True):
    """How to load. `rate` in declarations a second; 0: as fast as they are taken, over `connections` at a time.

    A declaration of one item has as many elements (139) as the UK's sample declarations have on average (135).
    """

    seconds: float = 20
    workers: int = 1
    rate: float = 0
    items: int = 1
    connections: int = 32
    wait_every: int = 10
    store_folder: str = ""
    accept: str = "application/xml"


def options(environ: Mapping[str, str]) -> Options:
    """The options that the environment names, in capitals. Raises BadOption."""
    given = {name: environ[name.upper()] for name in Options.__struct_fields__ if environ.get(name.upper())}
    try:
        found = msgspec.convert(given, Options, strict=False)
    except msgspec.ValidationError as error:
        raise BadOption(str(error)) from None
    if min(found.seconds, found.workers, found.items, found.connections, found.wait_every) <= 0 or found.rate < 0:
        raise BadOption("numbers are greater than 0 (RATE may be 0: at full rate)")
    return found


class Load:
    """One run against one gateway: who submits what, and what came of it."""

    def __init__(self, port: int, settings: Options) -> None:
        self._port = port
        self._settings = settings
        self._idle: list[HttpConnection] = []
        self._free = asyncio.Semaphore(settings.connections if settings.rate == 0 else 1_000)
        mark = "LOAD-REFERENCE"
        template = DECLARATION.encode_xml(sample(settings.items, DeclarationType.IM, mark, datetime.now(UTC)))
        self._before, self._after = template.split(mark.encode())
        self.sent: dict[str, int] = {}
        self.receipts: list[float] = []
        self.responses: list[float] = []
        self.put_off = 0
        self.refused: dict[int, int] = {}

    def document(self, number: int) -> bytes:
        """The declaration with this number; no two have the same reference."""
        return b"%bLOAD-%08d%b" % (self._before, number, self._after)

    async def at_full_rate(self, first: int, count: int | None, seconds: float = 0) -> int:
        """Submits from number `first` on, so many or for so long; the number after the last one."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        number = first

        async def one_after_the_other() -> None:
            nonlocal number
            while (number < first + count) if count is not None else loop.time() < end:
                mine, number = number, number + 1
                await self._submit(mine, loop.time())

        async with asyncio.TaskGroup() as group:
            for _ in range(self._settings.connections):
                group.create_task(one_after_the_other())
        return number

    async def at_rate(self, first: int, seconds: float) -> int:
        """Submits from number `first` on at the fixed rate; the number after the last one."""
        loop = asyncio.get_running_loop()
        begun, count = loop.time(), round(self._settings.rate * seconds)
        async with asyncio.TaskGroup() as group:
            for place in range(count):
                due = begun + place / self._settings.rate
                if due > loop.time():
                    await asyncio.sleep(due - loop.time())
                group.create_task(self._submit(first + place, due))
        return first + count

    async def drained(self) -> None:
        """Returns once no case is open. Raises TimeoutError."""
        async with asyncio.timeout(DRAIN_SECONDS):
            for status in ("accepted", "processing"):
                path = f"/v1/declarations?status={status}&limit=1"
                while b'"id"' in (await self._ask("GET", path, {})).body:  # noqa: ASYNC110 - the gateway tells no one
                    await asyncio.sleep(0.02)

    def close(self) -> None:
        """Ends the connections."""
        for connection in self._idle:
            connection.close()

    async def _submit(self, number: int, due: float) -> None:
        waits = number % self._settings.wait_every == 0
        headers = {"Content-Type": "application/xml", "Accept": self._settings.accept}
        if waits:
            headers["Prefer"] = f"wait={WAIT_SECONDS}"
        body = self.document(number)
        async with self._free:
            while True:
                answer = await self._ask("POST", "/v1/declarations", headers, body)
                if answer.status != 503:
                    break
                self.put_off += 1
                await asyncio.sleep(0.05 if self._settings.rate == 0 else float(answer.header("Retry-After") or 1))
        took = asyncio.get_running_loop().time() - due
        if answer.status not in (200, 202):
            self.refused[answer.status] = self.refused.get(answer.status, 0) + 1
            return
        self.sent[(answer.header("Location") or "").rpartition("/")[2]] = number
        if not waits:
            self.receipts.append(took)
        elif answer.status == 200:
            self.responses.append(took)

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        connection = self._idle.pop() if self._idle else await HttpConnection.open(HOST, self._port)
        answer = await connection.ask(request(method, path, f"{HOST}:{self._port}", headers, body))
        self._idle.append(connection)
        return answer


async def measured(gateway: GatewayProcess, settings: Options) -> tuple[Load, LoadRun]:
    """One run: warm up, load, wait for the last response."""
    loop = asyncio.get_running_loop()
    load = Load(gateway.port, settings)
    first = await load.at_full_rate(0, WARM_UP)
    await load.drained()
    load.receipts.clear()
    load.responses.clear()
    warmed, before = len(load.sent), gateway.usage()
    begun, client = loop.time(), process_time()
    if settings.rate:
        await load.at_rate(first, settings.seconds)
    else:
        await load.at_full_rate(first, None, settings.seconds)
    submitted = loop.time() - begun
    await load.drained()
    elapsed = loop.time() - begun
    after = gateway.usage()
    load.close()
    count = len(load.sent) - warmed
    return load, LoadRun(
        at=datetime.now(UTC),
        workers=settings.workers,
        rate=settings.rate,
        items=settings.items,
        document_bytes=len(load.document(0)),
        connections=settings.connections,
        declarations=count,
        submitted_seconds=submitted,
        seconds=elapsed,
        throughput=count / elapsed,
        receipt=latency(load.receipts),
        response=latency(load.responses),
        put_off=load.put_off,
        refused=sum(load.refused.values()),
        gateway_cpu=_cpu(before, after),
        client_cpu=process_time() - client,
        peak_mib=None if after is None else after.peak_mib,
    )


def _cpu(before: Usage | None, after: Usage | None) -> float | None:
    return None if before is None or after is None else after.cpu_seconds - before.cpu_seconds


async def verified(store_url: str, authority: Path, load: Load) -> tuple[str, ...]:
    """What is wrong with a store at rest, held against the receipts; nothing where each has exactly one response."""
    store = await open_store(store_url)
    held = [(case_id, f"sha256:{sha256(load.document(number)).hexdigest()}") for case_id, number in load.sent.items()]
    trust = load_trust(authority) if len(held) <= SIGNATURES_MAX else None
    try:
        report = await check(store, trust=trust, receipts=held)
    finally:
        await store.close()
    problems = [f"{each.code} {each.case_id}: {each.message.en}" for each in report.problems]
    if not report.received == report.decided == len(held):
        problems.append(f"{len(held)} receipts, {report.received} cases, {report.decided} responses")
    return tuple(problems)


def main() -> int:
    """The command; 0 where every receipt got its response, 1 where not, 2 for options that can't be."""
    try:
        settings = options(os.environ)
    except BadOption as error:
        print(f"make load: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="onewindow-load-", dir=settings.store_folder or None) as name:
        folder = Path(name)
        try:
            gateway = GatewayProcess(folder, settings.workers)
        except RuntimeError as error:
            print(f"make load: {error}", file=sys.stderr)
            return 1
        try:
            load, run = uvloop.run(measured(gateway, settings))
            status = gateway.stop()
        finally:
            gateway.kill()
        problems = asyncio.run(verified(f"sqlite:///{folder / 'load.db'}", gateway.authority, load))
        if status:
            problems = (*problems, f"the gateway ended with status {status}:\n{gateway.log}")
    run = msgspec.structs.replace(run, problems=problems)
    print(shown(run))
    keep(run)
    return 1 if problems or run.refused else 0


if __name__ == "__main__":
    sys.exit(main())
