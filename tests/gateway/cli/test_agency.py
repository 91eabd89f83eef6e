"""`onewindow agency list`: the agencies that are installed."""

from pathlib import Path

import pytest
from support.command_line import Run


def test_agencies_are_listed(run: Run) -> None:
    """Every agency is listed with its names, how it is reached, and its time limit."""
    ended = run("agency", "list")
    assert (0, "") == (ended.status, ended.err)
    for words in ("customs", "Customs 海关", "market-supervision", "quality-inspection", "inprocess", "30m"):
        assert words in ended.out


def test_agencies_as_json(run: Run, tmp_path: Path) -> None:
    """With --json the list is one document; the configuration's time limit stands above the agency's own."""
    file = tmp_path / "onewindow.toml"
    file.write_text('[agencies.tax]\ntime_limit = "1d"\n', encoding="utf-8")
    ended = run("agency", "list", "--json", "--config", file)
    assert ["customs", "tax", "market-supervision", "quality-inspection"] == [each["code"] for each in ended.json]
    assert 86_400 == ended.json[1]["time_limit_seconds"]


def test_bad_configuration(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that is not taken is wrong usage, by the variable's name."""
    monkeypatch.setenv("ONEWINDOW_GATWAY_PORT", "1")
    ended = run("agency", "list")
    assert (2, "") == (ended.status, ended.out)
    assert "did you mean ONEWINDOW_GATEWAY_PORT?" in ended.err
