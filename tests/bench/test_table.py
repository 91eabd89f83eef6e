"""The table that `make bench` writes."""

from pathlib import Path

import msgspec
import pytest

from onewindow.bench.table import main, seconds


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.5e-8, "25 ns"), (1.25e-4, "125 us"), (0.0009996, "1 ms"), (0.0305, "30.5 ms"), (1.5, "1.5 s")],
)
def test_seconds(value: float, words: str) -> None:
    """A time is shown in the unit that suits it."""
    assert words == seconds(value)


def test_table(tmp_path: Path) -> None:
    """The fastest of a group comes first, and the others say how many times its median they take."""
    stats = {"iqr": 1e-6, "rounds": 9, "mean": 1.0}
    run = {
        "datetime": "2026-01-31T12:00:00+00:00",
        "benchmarks": [
            {"name": "peer", "group": "decode", "stats": {"median": 3e-3} | stats},
            {"name": "ours", "group": "decode", "stats": {"median": 2e-4} | stats},
        ],
    }
    (tmp_path / "latest.json").write_bytes(msgspec.json.encode(run))
    main(str(tmp_path / "latest.json"), str(tmp_path / "latest.md"))
    text = (tmp_path / "latest.md").read_text("utf-8")
    assert text.startswith("# Benchmarks, 2026-01-31\n\n## decode\n")
    assert ["| ours | 200 us | 1 us | 1.00 | 9 |", "| peer | 3 ms | 1 us | 15.00 | 9 |"] == text.splitlines()[-2:]
