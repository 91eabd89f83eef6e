"""What a load run has found: as a table for people, and kept in bench/results/load.json for the budgets."""

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from onewindow.bench.budgets import Measured, seconds
from onewindow.bench.documents import sized
from onewindow.bench.latency import Latency

RESULTS: Final = Path(__file__).resolve().parent / "results" / "load.json"

BUDGET_RATE: Final = 300
"""Declarations a second at which the design limits the latency."""


class LoadRun(Struct, frozen=True, kw_only=True):
    """One run. Times in seconds; `throughput` is cases decided in a second, the last one's end included.

    `receipt` and `response`: latencies as the client saw them. `put_off`: answers 503 with Retry-After, tried again.
    `gateway_cpu`, `client_cpu`: CPU seconds of the run. `problems`: what the check of the store has found.
    """

    at: datetime
    workers: int
    rate: float
    items: int
    document_bytes: int
    connections: int
    declarations: int
    submitted_seconds: float
    seconds: float
    throughput: float
    receipt: Latency | None
    response: Latency | None
    put_off: int
    refused: int
    gateway_cpu: float | None
    client_cpu: float
    peak_mib: float | None
    problems: tuple[str, ...] = ()

    @property
    def mode(self) -> str:
        """The kind of run, of which the last one is kept."""
        return f"{self.rate:g}/s" if self.rate else "full rate"


def shown(run: LoadRun) -> str:
    """The run as Markdown."""
    lines = [
        f"# Load, {run.mode}, {run.at:%Y-%m-%d}",
        "",
        f"{run.declarations} declarations of {sized(run.items)} ({run.document_bytes} bytes) in {run.seconds:.1f} s, "
        f"{run.workers} worker{'s' if run.workers > 1 else ''}: **{run.throughput:.0f}/s**, each durable before its "
        "receipt and again before its response.",
        "",
        "| | p50 | p90 | p99 | p99.9 | worst | of |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_row(name, each) for name, each in (("receipt", run.receipt), ("response", run.response)) if each),
        "",
    ]
    if run.gateway_cpu is not None:
        lines.append(
            f"CPU time for a declaration: gateway {seconds(run.gateway_cpu / max(1, run.declarations))}, "
            f"client {seconds(run.client_cpu / max(1, run.declarations))}; gateway's memory at its peak "
            f"{run.peak_mib:.0f} MiB a worker."
        )
    lines.append(f"Put off with 503 and tried again: {run.put_off}. Refused: {run.refused}.")
    lines.append(
        "Checked afterwards: every receipt has its case, every case exactly one response."
        if not run.problems
        else f"WRONG ({len(run.problems)}):\n" + "\n".join(f"- {each}" for each in run.problems[:20])
    )
    return "\n".join(lines)


def keep(run: LoadRun, results: Path = RESULTS) -> None:
    """Keeps a run as the last one of its kind."""
    results.parent.mkdir(exist_ok=True)
    runs = {**kept(results), run.mode: run}
    results.write_bytes(msgspec.json.format(msgspec.json.encode(runs), indent=2))


def kept(results: Path = RESULTS) -> dict[str, LoadRun]:
    """The last run of each kind."""
    if not results.exists():
        return {}
    return msgspec.json.decode(results.read_bytes(), type=dict[str, LoadRun])


def measured(run: LoadRun) -> tuple[Measured, ...]:
    """The figures of a run that has budgets. A run that found something wrong has none."""
    if run.problems or run.refused:
        return ()
    document = f"{sized(run.items)}, {run.workers} worker{'s' if run.workers > 1 else ''}"
    found = []
    if not run.rate:
        found.append(Measured(budget="throughput", document=document, value=run.throughput))
    if run.rate == BUDGET_RATE and run.response is not None:
        found.append(Measured(budget="latency", document=document, value=run.response.p99 * 1000))
    if run.peak_mib is not None:
        found.append(Measured(budget="memory", document=f"{run.mode}, {run.declarations} cases", value=run.peak_mib))
    return tuple(found)


def _row(name: str, each: Latency) -> str:
    figures = " | ".join(seconds(value) for value in (each.p50, each.p90, each.p99, each.p999, each.worst))
    return f"| {name} | {figures} | {each.count} |"
