"""The results of a benchmark run as Markdown: `python -m onewindow.bench.table RESULTS.json TABLE.md [--strict]`.

Reads the JSON that `make bench` has pytest-benchmark write and, where they are beside it, the last results of
`make load` and `make instructions`. First the design's budgets: target, what was measured, whether it holds. Then a
table for each group of benchmarks; the fastest of a group is first, and the others say how many times its median they
take. With --strict the command ends with 1 where a budget is missed; without, it only says so.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from onewindow.bench import instructions, load_report
from onewindow.bench.budgets import BUDGETS, Budget, Measured, figure, missed, seconds
from onewindow.bench.run import Benchmark, Results


def table(results: Results, more: Sequence[Measured] = ()) -> str:
    """The Markdown for one run; `more`: figures for budgets from elsewhere."""
    lines = [f"# Benchmarks, {results.datetime[:10]}", ""]
    if results.budgets or more:
        lines += [f"Measured: {results.origin}.", "", *_budgets([*results.budgets, *more])]
    if results.stages:
        lines += _stages(results.stages)
    lines += _groups(results.benchmarks)
    return "\n".join(lines)


def _budgets(measured: Sequence[Measured]) -> Iterator[str]:
    yield "## Budgets"
    yield ""
    yield "| path | target | measured | holds |"
    yield "| --- | --- | --- | --- |"
    for budget in BUDGETS:
        own = [each for each in measured if each.budget == budget.key]
        figures = "; ".join(_figure(budget, each) for each in own) or "not in this run"
        broken = missed(own)
        verdict = "" if not own else "yes" if not broken else f"**no** ({len(broken)} of {len(own)})"
        yield f"| {budget.path} | {budget.target} | {figures} | {verdict} |"
    yield ""


def _figure(budget: Budget, each: Measured) -> str:
    value = f"{figure(each.value)}{budget.unit}"
    value = value if budget.holds(each.value) else f"**{value}**"
    spread = "" if each.low is None or each.high is None else f" [{figure(each.low)}, {figure(each.high)}]"
    detail = f" ({each.detail})" if each.detail else ""
    return f"{each.document}: {value}{spread}{detail}"


def _stages(stages: dict[str, float]) -> Iterator[str]:
    yield "## Stages of the codec path"
    yield ""
    yield "| stage | median CPU time | share |"
    yield "| --- | ---: | ---: |"
    whole = sum(stages.values())
    for name, value in stages.items():
        yield f"| {name} | {seconds(value)} | {value / whole:.0%} |"
    yield ""


def _groups(benchmarks: Iterable[Benchmark]) -> Iterator[str]:
    groups: dict[str, list[Benchmark]] = {}
    for each in benchmarks:
        groups.setdefault(each.group or "ungrouped", []).append(each)
    for group, members in groups.items():
        fastest = min(each.stats.median for each in members)
        yield f"## {group}"
        yield ""
        yield "| | median | interquartile range | times the fastest | rounds |"
        yield "| --- | ---: | ---: | ---: | ---: |"
        for each in sorted(members, key=lambda each: each.stats.median):
            yield (
                f"| {each.name} | {seconds(each.stats.median)} | {seconds(each.stats.iqr)} "
                f"| {each.stats.median / fastest:.2f} | {each.stats.rounds} |"
            )
        yield ""


def beside(folder: Path) -> tuple[tuple[Measured, ...], str]:
    """What `make load` and `make instructions` have left in a folder: figures for budgets, and Markdown."""
    runs = load_report.kept(folder / load_report.RESULTS.name)
    figures = tuple(each for run in runs.values() for each in load_report.measured(run))
    words = [load_report.shown(run).replace("# Load", "## Load", 1) + "\n" for run in runs.values()]
    counts = folder / instructions.RESULTS.name
    if counts.exists():
        run = msgspec.json.decode(counts.read_bytes(), type=instructions.Counts)
        figures = (*figures, *instructions.measured(run.counts))
        words.append(
            f"## Instructions, {run.at:%Y-%m-%d}, Python {run.python}, {run.machine}\n\n"
            f"{instructions.shown(run.counts)}\n"
        )
    return figures, "\n".join(words)


def main(source: str, target: str, *flags: str) -> int:
    """Reads one file, writes and prints the other; msgspec.ValidationError if the first isn't a benchmark's result."""
    results = msgspec.json.decode(Path(source).read_bytes(), type=Results)
    figures, words = beside(Path(source).parent)
    text = table(results, figures) + words
    Path(target).write_text(text, "utf-8")
    print(text)
    broken = missed([*results.budgets, *figures])
    if broken:
        print(f"{len(broken)} of {len(results.budgets) + len(figures)} figures miss their budget.", file=sys.stderr)
    return 1 if broken and "--strict" in flags else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
