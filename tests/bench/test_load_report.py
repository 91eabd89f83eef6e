"""What a load run says of itself."""

from pathlib import Path

from msgspec.structs import replace

from onewindow.bench.load_report import LoadRun, keep, kept, measured, shown


def test_shown(load_run: LoadRun) -> None:
    """The report has throughput, latencies, CPU time for a declaration, and what the check of the store found."""
    text = shown(load_run)
    assert "9000 declarations of 1 item (4819 bytes) in 10.0 s, 1 worker: **900/s**" in text
    assert "| response | 20 ms | 30 ms | 260 ms | 300 ms | 400 ms | 900 |" in text
    assert "gateway 1 ms, client 100 us" in text
    assert "every case exactly one response" in text


def test_shown_wrong(load_run: LoadRun) -> None:
    """A store that lost something is shown as wrong, with what is wrong."""
    text = shown(replace(load_run, problems=("case-missing 1: gone",)))
    assert "WRONG (1):\n- case-missing 1: gone" in text
    assert "exactly one response" not in text


def test_kept(tmp_path: Path, load_run: LoadRun) -> None:
    """The last run of each kind is kept, those of other kinds beside it."""
    results = tmp_path / "results" / "load.json"
    steady = replace(load_run, rate=300.0)
    for run in (load_run, steady, replace(load_run, throughput=1000.0)):
        keep(run, results)
    assert {"full rate": replace(load_run, throughput=1000.0), "300/s": steady} == kept(results)
    assert {} == kept(tmp_path / "none.json")


def test_measured(load_run: LoadRun) -> None:
    """A run has figures for the budgets of its kind, and none where it found something wrong."""
    steady = replace(load_run, rate=300)
    assert {"throughput": 900, "memory": 120} == {each.budget: each.value for each in measured(load_run)}
    assert {"latency": 260, "memory": 120} == {each.budget: each.value for each in measured(steady)}
    assert {"memory"} == {each.budget for each in measured(replace(load_run, rate=50))}
    assert () == measured(replace(load_run, problems=("gone",)))
    assert () == measured(replace(load_run, refused=1))
