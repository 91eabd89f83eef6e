"""`onewindow spreadsheet`: from a template to a batch."""

from pathlib import Path

import msgspec
from support.command_line import Run
from support.gateway_process import GatewayProcess


def test_from_a_template_to_a_batch(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """The template is converted to lines that are valid and that a gateway takes."""
    sheet, lines = tmp_path / "declarations.csv", tmp_path / "declarations.ndjson"
    made = run("spreadsheet", "template", "--items", 2)
    sheet.write_text(made.out, "utf-8")
    done = run("spreadsheet", "convert", sheet)
    lines.write_text(done.out, "utf-8")
    valid = run("validate", "--batch", lines)
    taken = run("submit", "--batch", lines, "--url", gateway.url)
    assert (0, 0, 0, 0) == (made.status, done.status, valid.status, taken.status)
    assert "1 taken" in taken.err
    assert 1 == msgspec.json.decode(taken.out)["line"]


def test_mistakes(run: Run, tmp_path: Path) -> None:
    """Where anything is wrong nothing is written, and it is told by row and column in both languages."""
    sheet = tmp_path / "declarations.csv"
    sheet.write_text(run("spreadsheet", "template").out.replace(",IM,", ",XX,", 1), "utf-8")
    ended = run("spreadsheet", "convert", sheet)
    assert (1, "") == (ended.status, ended.out)
    assert "row 第 3 行  TypeCode  " in ended.err
    assert "one mistake; nothing was written" in ended.err
    assert 2 == run("spreadsheet", "convert", tmp_path / "nowhere.csv").status
