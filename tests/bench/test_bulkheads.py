"""What `make bulkheads` says: its table, and what it makes of options that can't be."""

import pytest

from onewindow.bench.bulkheads import Felt, Harm, main, shown
from onewindow.bench.load import Options

CUT_OFF = Felt(
    harm=Harm.CUT_OFF,
    before=(0.01, 0.01, 0.02),
    others=(0.01, 0.02, 0.03),
    states={"unreachable": 3},
    code="connection-refused",
    memory=(140.2, 141.0),
    back=1.25,
    problems=("a receipt without a case",),
)


def test_table() -> None:
    """A run's line has the others' times, beside those before the harm, and why the harmed one's messages wait."""
    *_, line, wrong = shown([CUT_OFF], Options(seconds=1, rate=3)).splitlines()
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert ["cut off: its port is closed", "20 ms", "30 ms", "1.50"] == cells[:4]
    assert ["140 → 141 MiB", "3 unreachable (connection-refused)", "1.2 s"] == cells[4:]
    assert "- WRONG, cut off: a receipt without a case" == wrong


@pytest.mark.parametrize(("name", "value"), [("RATE", "0"), ("SECONDS", "soon")])
def test_bad_options(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option that can't be is refused before anything is started."""
    monkeypatch.setenv(name, value)
    assert 2 == main()
    assert capsys.readouterr().err.startswith("make bulkheads: ")
