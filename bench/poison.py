"""Poison measured: what all others feel of a few declarations that one agency can't do with.

`python -m onewindow.bench.poison`, options by environment (`DECLARATIONS=1000 POISON=20 TRANSPORTS=http,nats`). For
each transport two gateways run side by side, each with an agency as a process of its own at the transport's other end;
only one of them is given the poison, beside the same others. They take turns, a share of the declarations at a time,
each first as often as second, so that what else the machine does falls on both. A time is a client's: from its
declaration to the response. The poison has to be open still at the end, and nothing lost.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import uvloop

from onewindow.bench.budgets import seconds
from onewindow.bench.gateway_process import GatewayProcess
from onewindow.bench.http_connection import Answer, HttpConnection, request
from onewindow.bench.latency import percentile
from onewindow.bench.nats_process import nats_process, program
from onewindow.bench.poison_agency import POISON
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway.sample import sample

TRANSPORTS: Final = ("http", "mailbox", "nats")
HARMED: Final = "tax"
HOST: Final = "127.0.0.1"

RATIO_MAX: Final = 1.3
"""The others' p95 with poison, by that without."""

LEASE_SECONDS: Final = 2
"""So that the agency is handed what it can't do with again and again."""

WARM_UP: Final = 50
WAIT_SECONDS: Final = 60


class BadOption(ValueError):
    """An option of the environment that can't be."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How much. `declarations` with the `poison` among them, in so many `rounds`, over `connections` at a time."""

    declarations: int = 1000
    poison: int = 20
    rounds: int = 10
    connections: int = 8
    transports: str = ",".join(TRANSPORTS)


class Felt(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one transport: the others' times in seconds, in order, without the poison and beside it."""

    transport: str
    without: tuple[float, ...]
    beside: tuple[float, ...]
    poison_open: int
    problems: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        """Of the p95 beside the poison to that without."""
        return percentile(self.beside, 0.95) / percentile(self.without, 0.95)


def options(environ: Mapping[str, str]) -> Options:
    """The options that the environment names, in capitals. Raises BadOption."""
    given = {name: environ[name.upper()] for name in Options.__struct_fields__ if environ.get(name.upper())}
    try:
        found = msgspec.convert(given, Options, strict=False)
    except msgspec.ValidationError as error:
        raise BadOption(str(error)) from None
    if min(found.declarations, found.poison, found.rounds, found.connections) <= 0:
        raise BadOption("numbers are greater than 0")
    if found.poison + found.rounds > found.declarations:
        raise BadOption("DECLARATIONS is more than POISON, by one at least for each of ROUNDS")
    unknown = set(found.transports.split(",")) - set(TRANSPORTS)
    if unknown:
        raise BadOption(f"TRANSPORTS is of {', '.join(TRANSPORTS)}")
    return found


class Client:
    """Submits declarations to one gateway. `others`: the times of those that are no poison."""

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self._connections = connections
        self._idle: list[HttpConnection] = []
        mark = "POISON-REFERENCE"
        template = DECLARATION.encode_xml(sample(1, DeclarationType.IM, mark, datetime.now(UTC)))
        self._before, self._after = template.split(mark.encode())
        self.others: list[float] = []
        self.poison: list[str] = []
        self.problems: list[str] = []

    async def submit(self, references: Sequence[str]) -> None:
        """Submit these, so many at a time; returns once all but the poison are answered."""
        waiting = iter(references)

        async def one_after_the_other() -> None:
            for reference in waiting:
                await self._one(reference)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._connections):
                group.create_task(one_after_the_other())

    async def _one(self, reference: str) -> None:
        is_poison = reference.startswith(POISON)
        headers = {"Content-Type": "application/xml", "Accept": "application/xml"}
        if not is_poison:
            headers["Prefer"] = f"wait={WAIT_SECONDS}"
        begun = asyncio.get_running_loop().time()
        body = b"%b%b%b" % (self._before, reference.encode(), self._after)
        answer = await self._ask("POST", "/v1/declarations", headers, body)
        took = asyncio.get_running_loop().time() - begun
        if answer.status != (202 if is_poison else 200):
            self.problems.append(f"{reference}: HTTP {answer.status}")
        elif is_poison:
            self.poison.append((answer.header("Location") or "").rpartition("/")[2])
        else:
            self.others.append(took)

    async def still_open(self) -> int:
        """How many of the poison have no response."""
        found = [await self._ask("GET", f"/v1/declarations/{each}", {}) for each in self.poison]
        return sum(msgspec.json.decode(each.body)["status"] != "decided" for each in found)

    def close(self) -> None:
        """End the connections."""
        for connection in self._idle:
            connection.close()

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        connection = self._idle.pop() if self._idle else await HttpConnection.open(HOST, self._port)
        answer = await connection.ask(request(method, path, f"{HOST}:{self._port}", headers, body))
        self._idle.append(connection)
        return answer


def rounds(settings: Options) -> list[tuple[list[str], list[str]]]:
    """The references of each round: the others, and the poison that comes among them, spread over all rounds."""
    others = [f"OTHER-{number:08d}" for number in range(settings.declarations - settings.poison)]
    poison = [f"{POISON}{number:08d}" for number in range(settings.poison)]
    return [(others[each :: settings.rounds], poison[each :: settings.rounds]) for each in range(settings.rounds)]


def among(others: Sequence[str], poison: Sequence[str]) -> list[str]:
    """The poison among the others, evenly, the first of it at the front."""
    between = max(1, len(others) // max(1, len(poison)))
    mixed = list(others)
    for place, each in enumerate(poison):
        mixed.insert(place * (between + 1), each)
    return mixed


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _office(folder: Path, transport: str) -> Iterator[GatewayProcess]:
    """A gateway and the agency at the other end of this transport. Raises RuntimeError where it does not get ready."""
    folder.mkdir()
    port = _free_port()
    with ExitStack() as stack:
        settings = f'[agencies.{HARMED}]\ntransport = "{transport}"\n'
        where = str(port)
        if transport == "http":
            settings += f'url = "http://{HOST}:{port}/messages"\n'
        else:
            settings += f'lease = "{LEASE_SECONDS}s"\n'
        if transport == "nats":
            where = stack.enter_context(nats_process(folder, port))
            settings += f'[bus]\nurl = "{where}"\n'
        gateway = GatewayProcess(folder, 1, settings)
        stack.callback(gateway.kill)
        if transport == "mailbox":
            where = f"http://{HOST}:{gateway.port}"
        command = [sys.executable, "-m", "onewindow.bench.poison_agency", HARMED, transport, where]
        with (folder / "agency.log").open("wb") as log:
            agency = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        stack.callback(agency.wait)
        stack.callback(agency.kill)
        yield gateway


@asynccontextmanager
async def _client(gateway: GatewayProcess, settings: Options) -> AsyncIterator[Client]:
    client = Client(gateway.port, settings.connections)
    await client.submit([f"WARM-{number}" for number in range(WARM_UP)])
    client.others.clear()
    try:
        yield client
    finally:
        client.close()


async def felt(transport: str, settings: Options, folder: Path) -> Felt:
    """Both gateways, in turns. Raises RuntimeError where one does not get ready."""
    with _office(folder / "without", transport) as clean, _office(folder / "beside", transport) as harmed:
        async with _client(clean, settings) as without, _client(harmed, settings) as beside:
            for number, (others, poison) in enumerate(rounds(settings)):
                turns = [(without, others), (beside, among(others, poison))]
                for client, references in turns if number % 2 else reversed(turns):
                    await client.submit(references)
            still_open = await beside.still_open()
    problems = [*without.problems, *beside.problems]
    if still_open != settings.poison:
        problems.append(f"{settings.poison} were poison, and {still_open} are open")
    return Felt(
        transport=transport,
        without=tuple(sorted(without.others)),
        beside=tuple(sorted(beside.others)),
        poison_open=still_open,
        problems=tuple(problems),
    )


def shown(runs: Sequence[Felt], settings: Options) -> str:
    """The runs as Markdown."""
    lines = [
        f"# Poison: {settings.declarations} declarations, {settings.poison} of which {HARMED} can't do with",
        "",
        "| transport | p50 without | p50 beside it | p95 without | p95 beside it | p95 by that without | poison open |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for run in runs:
        p50, p95 = ((percentile(run.without, share), percentile(run.beside, share)) for share in (0.5, 0.95))
        lines.append(
            f"| {run.transport} | {seconds(p50[0])} | {seconds(p50[1])} | {seconds(p95[0])} | {seconds(p95[1])} "
            f"| {run.ratio:.2f} | {run.poison_open} |"
        )
    for run in runs:
        lines += [f"- WRONG, {run.transport}: {each}" for each in run.problems[:20]]
        if run.ratio > RATIO_MAX:
            lines.append(
                f"- SLOW, {run.transport}: p95 is {run.ratio:.2f} of that without poison, more than {RATIO_MAX}"
            )
    return "\n".join(lines)


def main() -> int:
    """The command; 0 where the others were as fast and nothing was lost, 1 where not, 2 for options that can't be."""
    try:
        settings = options(os.environ)
    except BadOption as error:
        print(f"poison: {error}", file=sys.stderr)
        return 2
    runs = []
    for transport in settings.transports.split(","):
        if transport == "nats" and program() is None:
            print("nats is left out: there is no nats-server", file=sys.stderr)
            continue
        print(f"{transport} …", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="onewindow-poison-") as name:
            runs.append(uvloop.run(felt(transport, settings, Path(name))))
    print(shown(runs, settings))
    return 1 if any(run.problems or run.ratio > RATIO_MAX for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
