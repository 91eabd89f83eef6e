"""Output in a locale that lacks characters: JSON is UTF-8 all the same, and tables for people keep their columns."""

import io
import json
import sys
from pathlib import Path

import pytest

from onewindow.gateway.cli import main


@pytest.fixture(params=["ascii", "gbk", "latin-1"])
def encoding(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ran(monkeypatch: pytest.MonkeyPatch, encoding: str, *command: str) -> tuple[bytes, bytes]:
    """What a command writes to streams of this encoding."""
    kept = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(each, encoding=encoding) for each in kept)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert main(command) in (0, 1, 2)
    out.flush()
    err.flush()
    return kept[0].getvalue(), kept[1].getvalue()


@pytest.mark.parametrize("command", [("agency", "list"), ("guide",), ("submit",), ("validate", "/dev/null")])
def test_json_is_utf_8(monkeypatch: pytest.MonkeyPatch, encoding: str, command: tuple[str, ...]) -> None:
    """With --json standard output is one document in UTF-8, Chinese words included, whatever the locale."""
    out, _ = ran(monkeypatch, encoding, *command, "--json")
    assert any("\u4e00" <= each <= "\u9fff" for each in json.dumps(json.loads(out), ensure_ascii=False))


def test_columns_stay(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """What can't be shown is marked in as many cells as it has, so a table's columns stay; and that is said once."""
    out, err = ran(monkeypatch, encoding, "agency", "list")
    rows = [line for line in out.decode(encoding).splitlines() if "inprocess" in line]
    assert 4 == len(rows)
    cells = {len(row.partition("inprocess")[0].encode("gbk", "replace")) for row in rows}
    assert 1 == len(cells)
    if encoding == "gbk":
        assert b"" == err
        assert "海关" in out.decode(encoding)
    else:
        assert 1 == err.decode(encoding).count("? stands for what the character set")
        assert b"Customs ????" in out


def test_nothing_is_said_where_all_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In UTF-8 there is nothing to say, nor after a command that lost something."""
    monkeypatch.chdir(tmp_path)
    assert b"?" in ran(monkeypatch, "ascii", "agency", "list")[1]
    assert b"" == ran(monkeypatch, "utf-8", "agency", "list")[1]
