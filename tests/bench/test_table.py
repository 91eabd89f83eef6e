"""The table that `make bench` writes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from onewindow.bench.load_report import LoadRun, keep
from onewindow.bench.table import main

STATS = {"iqr": 1e-6, "rounds": 9, "mean": 1.0}
RUN: dict[str, Any] = {
    "datetime": "2026-01-31T12:00:00+00:00",
    "machine_info": {"python_version": "3.12.1", "system": "Linux", "cpu": {"brand_raw": "A processor", "count": 2}},
    "form": "compiled",
    "benchmarks": [
        {"name": "peer", "group": "decode", "stats": {"median": 3e-3} | STATS},
        {"name": "ours", "group": "decode", "stats": {"median": 2e-4} | STATS},
    ],
}
KEPT = {"budget": "decode-lxml", "document": "1 item", "value": 1.25, "low": 1.2, "high": 1.31, "detail": "5 us"}
BROKEN = {"budget": "encode-xsdata", "document": "1 item", "value": 20.0}


def written(folder: Path, run: dict[str, Any], *flags: str) -> tuple[int, str]:
    """The exit status and the table for a run."""
    (folder / "latest.json").write_bytes(msgspec.json.encode(run))
    status = main(str(folder / "latest.json"), str(folder / "latest.md"), *flags)
    return status, (folder / "latest.md").read_text("utf-8")


def test_groups(tmp_path: Path) -> None:
    """The fastest of a group comes first, and the others say how many times its median they take."""
    status, text = written(tmp_path, RUN)
    assert 0 == status
    assert text.startswith("# Benchmarks, 2026-01-31\n\n## decode\n")
    assert ["| ours | 200 us | 1 us | 1.00 | 9 |", "| peer | 3 ms | 1 us | 15.00 | 9 |"] == text.splitlines()[-2:]


def test_budgets(tmp_path: Path) -> None:
    """A budget's line says target, figure, spread and whether it holds; one without a figure says so."""
    _, text = written(tmp_path, RUN | {"budgets": [KEPT, BROKEN]})
    assert "Measured: 2026-01-31, A processor, 2 cores, Linux, Python 3.12.1, compiled form." in text
    assert "| at most 1.3x | 1 item: 1.25x [1.2, 1.31] (5 us) | yes |" in text
    assert "| at least 30x | 1 item: **20x** | **no** (1 of 1) |" in text
    assert "| at least 15x | not in this run |  |" in text


@pytest.mark.parametrize(
    ("budgets", "flags", "status"),
    [([KEPT], ["--strict"], 0), ([KEPT, BROKEN], [], 0), ([KEPT, BROKEN], ["--strict"], 1)],
)
def test_strict(tmp_path: Path, budgets: list[Any], flags: list[str], status: int) -> None:
    """A missed budget is an error where that is asked for, and only there."""
    assert status == written(tmp_path, RUN | {"budgets": budgets}, *flags)[0]


def test_stages(tmp_path: Path) -> None:
    """The stages of the codec path stand in their order, with their share of the whole."""
    _, text = written(tmp_path, RUN | {"stages": {"decode": 3e-4, "sign": 1e-4}})
    assert "| decode | 300 us | 75% |\n| sign | 100 us | 25% |" in text


def test_load_beside(tmp_path: Path, load_run: LoadRun) -> None:
    """What the last load run found stands in the table and counts for its budgets."""
    keep(load_run, tmp_path / "load.json")
    status, text = written(tmp_path, RUN, "--strict")
    assert 1 == status
    assert "| at least 1164/s | 1 item, 1 worker: **900/s** | **no** (1 of 1) |" in text
    assert "## Load, full rate, 2026-01-31" in text


def test_instructions_beside(tmp_path: Path) -> None:
    """Counted instructions stand in the table, and their growth counts for its budget."""
    counts = [
        {"operation": "encode", "items": items, "form": "compiled", "instructions": items * 1000.0}
        for items in (10, 100, 999)
    ]
    run = {"at": datetime(2026, 1, 31, tzinfo=UTC), "python": "3.12.1", "machine": "x86_64", "counts": counts}
    (tmp_path / "instructions.json").write_bytes(msgspec.json.encode(run))
    _, text = written(tmp_path, RUN)
    assert "| at most 1.15x | encode, instructions: 1x | yes |" in text
    assert "| encode | 100 items | compiled | 100,000 | 1,000 |" in text
