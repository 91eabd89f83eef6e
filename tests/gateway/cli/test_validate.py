"""`onewindow validate`: every finding of a declaration, offline."""

from pathlib import Path

import pytest
from support.command_line import Run
from support.declarations import declaration

from onewindow.codecs import DECLARATION


def written(folder: Path, body: bytes) -> Path:
    """A file with this content."""
    file = folder / "declaration.xml"
    file.write_bytes(body)
    return file


def test_valid_file(run: Run, tmp_path: Path) -> None:
    """A valid declaration is called valid."""
    ended = run("validate", written(tmp_path, declaration("R-1", 2)))
    assert (0, "") == (ended.status, ended.err)
    assert "valid" in ended.out
    assert "R-1, IM, 2 goods items" in ended.out


@pytest.mark.parametrize("form", ["xml", "json"])
def test_standard_input_in_either_form(run: Run, form: str) -> None:
    """XML and JSON are told apart by content, and - is standard input."""
    body = declaration("R-1")
    given = body if form == "xml" else DECLARATION.encode_json(DECLARATION.decode_xml(body))
    ended = run("validate", "-", "--json", stdin=given)
    assert 0 == ended.status
    assert (True, "R-1", 1) == (ended.json["valid"], ended.json["reference"], ended.json["items"])


def test_all_findings_at_once(run: Run, tmp_path: Path) -> None:
    """Every mistake is listed with its line and place, in English and Chinese."""
    body = declaration("R-1", 2).replace(b"<GoodsItemQuantity>2", b"<GoodsItemQuantity>3")
    body = body.replace(
        b"<SequenceNumeric>2</SequenceNumeric><CustomsValue", b"<SequenceNumeric>7</SequenceNumeric><CustomsValue"
    )
    ended = run("validate", written(tmp_path, body.replace(b"<GoodsShipment>", b"\n<GoodsShipment>")))
    assert (1, "") == (ended.status, ended.out)
    assert "GoodsItemQuantity" in ended.err
    assert "item 2" in ended.err
    assert "商品项号" in ended.err
    assert "2 mistakes" in ended.err


def test_findings_as_json(run: Run) -> None:
    """With --json a declaration that is not valid gives one problem document with exact pointers."""
    body = declaration("R-1").replace(b"<GoodsItemQuantity>1", b"<GoodsItemQuantity>3")
    ended = run("validate", "-", "--json", stdin=body)
    assert 1 == ended.status
    assert "urn:onewindow:problem:invalid" == ended.json["type"]
    assert ["/Declaration/GoodsItemQuantity"] == [finding["pointer"] for finding in ended.json["findings"]]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<Declaration", "not-well-formed"),
        (b"<!DOCTYPE x><Declaration/>", "forbidden-construct"),
        (b"<Declaration/>", "invalid"),
        (b'{"a":', "not-well-formed"),
        (b'{"a": 1}', "invalid"),
        (b"no document at all", "not-well-formed"),
    ],
)
def test_what_is_no_declaration(run: Run, body: bytes, problem: str) -> None:
    """Whatever is not a declaration is refused with the reason."""
    ended = run("validate", "-", "--json", stdin=body)
    assert (1, f"urn:onewindow:problem:{problem}") == (ended.status, ended.json["type"])


@pytest.mark.parametrize("content", [b"", b"  \n"])
def test_nothing_given(run: Run, content: bytes) -> None:
    """An empty file is wrong usage."""
    assert 2 == run("validate", "-", stdin=content).status


def test_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    """A file that can't be read is wrong usage, by its name."""
    ended = run("validate", tmp_path / "nowhere.xml")
    assert 2 == ended.status
    assert "nowhere.xml" in ended.err
