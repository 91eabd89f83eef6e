"""`onewindow validate`: every finding of a declaration, offline."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from support.amending import amended, item
from support.command_line import Run
from support.declarations import declaration

from onewindow.codecs import DECLARATION
from onewindow.codecs.finding import Rejected
from onewindow.gateway.cli.console import THEME
from onewindow.gateway.cli.findings_view import show_findings
from onewindow.gateway.intake import read


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
    """Off a terminal every mistake is one line: code, line, pointer, English and Chinese words, with tabs between."""
    body = declaration("R-1", 2).replace(b"<GoodsItemQuantity>2", b"<GoodsItemQuantity>3")
    body = body.replace(
        b"<SequenceNumeric>2</SequenceNumeric><CustomsValue", b"<SequenceNumeric>7</SequenceNumeric><CustomsValue"
    )
    ended = run("validate", written(tmp_path, body.replace(b"<GoodsShipment>", b"\n<GoodsShipment>")))
    assert (1, "") == (ended.status, ended.out)
    lines = [line.split("\t") for line in ended.err.splitlines() if "\t" in line]
    item = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]"
    assert [
        ["item-count", "2", "/Declaration/GoodsItemQuantity"],
        ["item-sequence", "3", f"{item}/SequenceNumeric"],
    ] == [line[:3] for line in lines]
    assert "商品项号" in lines[1][4]
    assert "2 mistakes" in ended.err


def test_findings_as_json(run: Run) -> None:
    """With --json a declaration that is not valid gives one problem document with exact pointers."""
    body = declaration("R-1").replace(b"<GoodsItemQuantity>1", b"<GoodsItemQuantity>3")
    ended = run("validate", "-", "--json", stdin=body)
    assert 1 == ended.status
    assert "urn:onewindow:problem:invalid" == ended.json["type"]
    assert ("Invalid", "内容不符合规范", 422) == tuple(ended.json[name] for name in ("title", "title_zh", "status"))
    assert ended.json["detail"]
    assert ended.json["detail_zh"]
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


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"<a>\n<b></a>", "at line 2, column 8: an end tag"),
        (b'{"a": 1,\n "b" 2}', "at line 2, column 6: a colon belongs"),
    ],
)
def test_where_the_syntax_is_broken(run: Run, body: bytes, place: str) -> None:
    """A document that can't be read is refused with line, column and cause, in both languages."""
    ended = run("validate", "-", stdin=body)
    assert 1 == ended.status
    assert place in ended.err
    assert "第 2 行第" in ended.err


def test_findings_on_a_terminal() -> None:
    """On a terminal of 80 columns a finding is a paragraph in which no word is cut in two."""
    console = Console(width=80, force_terminal=True, theme=THEME, stderr=True, no_color=True)
    body = declaration("R-1").replace(b"<GoodsItemQuantity>1", b"<GoodsItemQuantity>3").replace(b">84", b">8x", 1)
    with pytest.raises(Rejected) as caught:
        read(body, "application/xml")
    with console.capture() as capture:
        show_findings(console, caught.value.findings)
    lines = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in capture.get().splitlines()]
    assert any(line.startswith("line 2 第 2 行  ") for line in lines)
    assert any(line.strip() in ("item-count", "value-pattern") for line in lines)
    assert all(cell_len(line) <= 80 for line in lines)
    words = {word for finding in caught.value.findings for word in finding.message.en.split()}
    assert words <= {word for line in lines for word in line.split()}


def test_pointers_into_json(run: Run) -> None:
    """What is wrong with JSON is shown by JSON Pointers, in a line and in the document of --json."""
    body = DECLARATION.encode_json(DECLARATION.decode_xml(declaration("R-1")))
    wrong = body.replace(b'"GoodsItemQuantity":1', b'"GoodsItemQuantity":3').replace(b'"IM"', b'"IN"', 1)
    line, document = run("validate", "-", stdin=wrong), run("validate", "-", "--json", stdin=wrong)
    places = ["/TypeCode", "/GoodsItemQuantity"]
    assert places == [each.split("\t")[2] for each in line.err.splitlines() if "\t" in each]
    assert places == [each["json_pointer"] for each in document.json["findings"]]


def test_prohibited_goods_without_a_gateway(run: Run, tmp_path: Path) -> None:
    """Prohibited goods are found offline too, by the agencies that are installed."""
    path = item("commodity.classification.0.id")
    waste = DECLARATION.encode_xml(amended(DECLARATION.decode_xml(declaration("R-1")), path, "39151000"))
    ended = run("validate", written(tmp_path, waste), "--json")
    assert (1, ["goods-prohibited"]) == (ended.status, [finding["code"] for finding in ended.json["findings"]])


def test_documents_of_a_configuration(run: Run, tmp_path: Path) -> None:
    """With --config what that gateway requires is looked for; a configuration that is none is wrong usage."""
    file = tmp_path / "onewindow.toml"
    file.write_text("[procedures.import]\ndocuments = ['CCC']\ndeferrable = []\n", encoding="utf-8")
    declared = written(tmp_path, declaration("R-1", 2))
    ended = run("validate", declared, "--config", file)
    codes = [line.partition("\t")[0] for line in ended.err.splitlines() if "\t" in line]
    assert (1, ["document-missing", "document-not-deferrable"]) == (ended.status, codes)
    file.write_text("[procedures.import]\ndocuments = ['C']\n", encoding="utf-8")
    assert 2 == run("validate", declared, "--config", file).status
