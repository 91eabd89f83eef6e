"""Bulkheads measured: what three agencies and the gateway feel while the fourth is cut off, silent, slow or wrong.

`make bulkheads`, options by environment (`SECONDS=30 RATE=20 make bulkheads`). For each harm a gateway and four
agencies over HTTP are started, six processes in all. Declarations come at a fixed rate. An agency's time is the
gateway's own: from the message on its way to the reply on disk, as the status of each case tells; they are compared
with those of the same six processes before the harm. Afterwards the harm is ended, and the cases that waited have to
go on by themselves. (The pattern: M. Nygard, Release It!, "Bulkheads".)
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import aiohttp
import uvloop
from aiohttp import web
from msgspec import Struct

from onewindow.bench.budgets import seconds
from onewindow.bench.gateway_process import COMMAND, GatewayProcess
from onewindow.bench.latency import percentile
from onewindow.bench.load import WARM_UP, BadOption, Load, Options, options, verified

HARMED: Final = "quality-inspection"
OTHERS: Final = ("customs", "tax", "market-supervision")

TIMEOUT_SECONDS: Final = 5
TREACLE_SECONDS: Final = 4.0
BACK_SECONDS_MAX: Final = 180


class Harm(StrEnum):
    """What is wrong with one agency."""

    NONE = "as usual"
    CUT_OFF = "cut off"
    SILENT = "silent"
    SLOW = "slow"
    RUBBISH = "rubbish"


WHAT: Final[Mapping[Harm, str]] = {
    Harm.NONE: "answers at once",
    Harm.CUT_OFF: "its port is closed",
    Harm.SILENT: f"takes the request and never answers; the gateway gives up after {TIMEOUT_SECONDS} s",
    Harm.SLOW: f"answers each message {TREACLE_SECONDS:g} s later",
    Harm.RUBBISH: "answers each message with a page of HTML",
}


class Felt(Struct, frozen=True, kw_only=True):
    """What came of one run. Times in seconds; `before` and `others` are those of the three agencies, in order.

    states, code: of the harmed agency's parts while the harm lasted, and what the status gives as the cause.
    back: from the end of the harm to the last response. memory: the gateway's at its most before the harm and at the
    harm's end, in MiB; None where the system does not say.
    """

    harm: Harm
    before: tuple[float, ...]
    others: tuple[float, ...]
    states: Mapping[str, int]
    code: str
    memory: tuple[float, float] | None
    back: float
    problems: tuple[str, ...]


class Front:
    """What stands at the harmed agency's address and passes messages on to it, or does not."""

    def __init__(self, port: int, behind: str) -> None:
        self._port = port
        self._behind = behind
        self._harm = Harm.NONE
        self._over = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._client = aiohttp.ClientSession()

    async def open(self) -> None:
        """Listen at the address."""
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_post("/messages", self._message)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def close(self) -> None:
        """Close the address, and every connection to it."""
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = None

    async def leave(self) -> None:
        """Close all that is open."""
        await self.close()
        await self._client.close()

    async def begin(self, harm: Harm) -> None:
        """From now on this is wrong."""
        self._harm = harm
        if harm is Harm.CUT_OFF:
            await self.close()

    async def end(self) -> None:
        """From now on all is well."""
        self._harm = Harm.NONE
        self._over.set()
        if self._runner is None:
            await self.open()

    async def _message(self, request: web.Request) -> web.Response:
        harm, body = self._harm, await request.read()
        if harm is Harm.SILENT:
            await self._over.wait()
        if harm is Harm.SLOW:
            await asyncio.sleep(TREACLE_SECONDS)
        if harm is Harm.RUBBISH:
            return web.Response(text="<html><body>It works!</body></html>", content_type="text/html")
        async with self._client.post(self._behind, data=body, headers=request.headers) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _agency(folder: Path, code: str, port: int) -> subprocess.Popen[bytes]:
    command = [*COMMAND, "agency", "run", code, "--port", str(port), "--ledger", str(folder / f"{code}.ledger.db")]
    with (folder / f"{code}.log").open("wb") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


@asynccontextmanager
async def _agencies(folder: Path) -> AsyncIterator[tuple[Front, str]]:
    """Four agencies as processes and the front of one of them; with the settings by which a gateway reaches them."""
    front_port, *ports = _free_ports(5)
    codes = (HARMED, *OTHERS)
    running = [_agency(folder, code, port) for code, port in zip(codes, ports, strict=True)]
    front = Front(front_port, f"http://127.0.0.1:{ports[0]}/messages")
    try:
        await front.open()
        lines = []
        for code, port in zip(codes, (front_port, *ports[1:]), strict=True):
            url = f"http://127.0.0.1:{port}/messages"
            lines.append(f'[agencies.{code}]\ntransport = "http"\nurl = "{url}"\ntimeout = {TIMEOUT_SECONDS}\n')
        yield front, "".join(lines)
    finally:
        await front.leave()
        for process in running:
            process.kill()
            process.wait()


async def felt(harm: Harm, settings: Options, folder: Path) -> Felt:
    """One run. Raises RuntimeError where the gateway does not start, TimeoutError where the cases do not go on."""
    async with _agencies(folder) as (front, reached):
        gateway = await asyncio.to_thread(GatewayProcess, folder, settings.workers, reached)
        try:
            load = Load(gateway.port, settings)
            place = await load.at_full_rate(1, WARM_UP)
            await load.drained()
            place, usual = await _load(load, place, gateway.port, settings)
            first = gateway.usage()
            await front.begin(harm)
            _, statuses = await _load(load, place, gateway.port, settings)
            last = gateway.usage()
            begun = asyncio.get_running_loop().time()
            await front.end()
            async with asyncio.timeout(BACK_SECONDS_MAX):
                await load.drained()
            back = asyncio.get_running_loop().time() - begun
            load.close()
            status = await asyncio.to_thread(gateway.stop)
        finally:
            gateway.kill()
    harmed = [part for each in statuses for part in each["agencies"] if part["code"] == HARMED]
    problems = await verified(f"sqlite:///{folder / 'load.db'}", gateway.authority, load)
    return Felt(
        harm=harm,
        before=_times(usual),
        others=_times(statuses),
        states=Counter(part["state"] for part in harmed),
        code=_cause(harmed),
        memory=None if first is None or last is None else (first.peak_mib, last.peak_mib),
        back=back,
        problems=(*problems, *([f"the gateway ended with status {status}"] if status else [])),
    )


async def _load(load: Load, first: int, port: int, settings: Options) -> tuple[int, list[Any]]:
    """Submit from number `first` on; the number after the last one, and where the cases stand then."""
    known = frozenset(load.sent)
    after = await load.at_rate(first, settings.seconds)
    return after, await _others_answered(port, [each for each in load.sent if each not in known])


def _times(statuses: list[Any]) -> tuple[float, ...]:
    parts = [part for each in statuses for part in each["agencies"]]
    return tuple(sorted(part["elapsed_seconds"] for part in parts if part["code"] in OTHERS))


def _cause(parts: list[Any]) -> str:
    """What most of them give as the cause."""
    causes = Counter(part.get("failure") or "" for part in parts)
    causes.pop("", None)
    return str(causes.most_common(1)[0][0]) if causes else ""


async def _others_answered(port: int, case_ids: list[str]) -> list[Any]:
    """The statuses of these cases, once the agencies that are well have answered all of them."""
    found = {}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client, asyncio.timeout(60):
        for case_id in case_ids:
            while case_id not in found:
                async with client.get(f"/v1/declarations/{case_id}") as answer:
                    status = await answer.json()
                if all(part["replied_at"] for part in status["agencies"] if part["code"] in OTHERS):
                    found[case_id] = status
                else:
                    await asyncio.sleep(0.05)
    return list(found.values())


def shown(runs: list[Felt], settings: Options) -> str:
    """The runs as Markdown, each beside the first."""
    lines = [
        f"# Bulkheads: {HARMED} harmed, {settings.rate:g} declarations/s for {settings.seconds:g} s before and then",
        "",
        "| harm | the others' p50 | their p95 | by before | gateway's memory | parts | decided after |",
        "| --- | ---: | ---: | ---: | ---: | --- | ---: |",
    ]
    for run in runs:
        p50, p95, usual = (percentile(*each) for each in ((run.others, 0.5), (run.others, 0.95), (run.before, 0.95)))
        memory = "" if run.memory is None else "{:.0f} → {:.0f} MiB".format(*run.memory)
        states = ", ".join(f"{count} {state}" for state, count in sorted(run.states.items()))
        lines.append(
            f"| {run.harm}: {WHAT[run.harm]} | {seconds(p50)} | {seconds(p95)} | {p95 / usual:.2f} | {memory} "
            f"| {states}{f' ({run.code})' if run.code else ''} | {run.back:.1f} s |"
        )
    for run in runs:
        lines += [f"- WRONG, {run.harm}: {each}" for each in run.problems[:20]]
    return "\n".join(lines)


def main() -> int:
    """The command; 0 where nothing was lost, 1 where something was, 2 for options that can't be."""
    try:
        settings = options({"RATE": "20", **os.environ, "WAIT_EVERY": str(10**9)})
        if settings.rate == 0:
            raise BadOption("RATE is greater than 0")
    except BadOption as error:
        print(f"make bulkheads: {error}", file=sys.stderr)
        return 2
    runs = []
    for harm in Harm:
        print(f"{harm} …", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="onewindow-bulkheads-", dir=settings.store_folder or None) as name:
            runs.append(uvloop.run(felt(harm, settings, Path(name))))
    print(shown(runs, settings))
    return 1 if any(run.problems for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
