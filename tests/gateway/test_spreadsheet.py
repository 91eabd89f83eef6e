"""Declarations in a spreadsheet: the template, its way back, and what is said of a sheet that is wrong."""

import csv
import io
from collections.abc import Callable

import msgspec
import pytest
from support.windows import now

from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway import spreadsheet
from onewindow.gateway.sample import sample
from onewindow.gateway.spreadsheet import ITEM, REFERENCE, converted, template

Sheet = list[list[str]]


def sheet(items: int = 2, reference: str = "SHEET-1", kind: DeclarationType = DeclarationType.IM) -> Sheet:
    """The template's rows."""
    return list(csv.reader(io.StringIO(template(sample(items, kind, reference, now())).decode("utf-8-sig"))))


def written(rows: Sheet, delimiter: str = ",", charset: str = "utf-8") -> bytes:
    """The rows as a file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(charset)


def put(rows: Sheet, row: int, column: str, value: str) -> None:
    """Write into a cell; rows count as spreadsheets count."""
    rows[row - 1][rows[0].index(column)] = value


def told(rows: Sheet) -> list[tuple[int | None, str | None, str]]:
    """Row, column and code of each finding; each has words in both languages, and nothing is converted."""
    found = converted(written(rows))
    assert () == found.declarations
    for each in found.findings:
        assert each.finding.message.en
        assert not each.finding.message.zh.isascii()
    return [(each.row, each.column, each.finding.code) for each in found.findings]


@pytest.mark.parametrize("kind", [DeclarationType.IM, DeclarationType.EX])
def test_the_template_is_a_declaration(kind: DeclarationType) -> None:
    """What the template is made of comes back from it whole, its items numbered and counted."""
    declared = sample(3, kind, "SHEET-2", now())
    (body,) = converted(template(declared)).declarations
    assert declared == DECLARATION.decode_json(body)


def test_labels_are_for_people() -> None:
    """The template's second row says in both languages what its columns are."""
    rows = sheet()
    assert rows[1][0].startswith("# ")
    assert all(not label.isascii() for label in rows[1])
    assert len(rows[0]) == len(rows[1])


def test_rows_are_grouped_by_reference() -> None:
    """Rows with one reference are one declaration wherever they stand; a row without one goes on with that above."""
    first, second = sheet(2, "SHEET-A"), sheet(1, "SHEET-B")
    assert first[0] == second[0] or set(second[0]) <= set(first[0])
    widened = [[row[second[0].index(name)] if name in second[0] else "" for name in first[0]] for row in second]
    rows = [first[0], first[2], widened[2], first[3], [""] * len(first[0])]
    found = converted(written(rows))
    bodies = [DECLARATION.decode_json(body) for body in found.declarations]
    assert [("SHEET-A", 2), ("SHEET-B", 1)] == [
        (each.functional_reference_id, len(each.goods_shipment.government_agency_goods_item)) for each in bodies
    ]
    put(first, 4, REFERENCE, "")
    assert 1 == len(converted(written(first)).declarations)


@pytest.mark.parametrize(("delimiter", "charset"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "gb18030")])
def test_forms_of_a_sheet(delimiter: str, charset: str) -> None:
    """A sheet may be separated and encoded as spreadsheets do it."""
    rows = sheet()
    put(rows, 3, "Declarant/Name", "上海浦江贸易有限公司")
    (body,) = converted(written(rows, delimiter, charset)).declarations
    assert "上海浦江贸易有限公司" == DECLARATION.decode_json(body).declarant.name


def test_mistakes_are_told_by_row_and_column() -> None:
    """Every mistake is told at its cell; what is missing in the row and column where it would be."""
    rows = sheet(2)
    put(rows, 3, "InvoiceAmount", "a lot")
    put(rows, 4, f"{ITEM}Commodity/Classification[1]/ID", "2.2E+09")
    put(rows, 4, f"{ITEM}Origin/CountryCode", "ZZ")
    put(rows, 3, "Declarant/Name", "")
    assert {
        (3, "InvoiceAmount", "value-type"),
        (4, f"{ITEM}Commodity/Classification[1]/ID", "value-pattern"),
        (4, f"{ITEM}Origin/CountryCode", "value-enumeration"),
        (3, "Declarant/Name", "element-missing"),
    } == set(told(rows))


def test_numbers_without_gaps() -> None:
    """Where the first of repeated elements is left out the others move up, and mistakes are told at their own cells."""
    rows = sheet(1)
    for name in [name for name in rows[0] if name.startswith("AdditionalDocument[1]/")]:
        put(rows, 3, name, "")
    assert 1 == len(converted(written(rows)).declarations)
    put(rows, 3, "AdditionalDocument[2]/TypeCode", "??")
    assert [(3, "AdditionalDocument[2]/TypeCode", "value-enumeration")] == told(rows)


def _two_columns(rows: Sheet) -> None:
    rows[0][3] = rows[0][4]


def _misspelt(rows: Sheet) -> None:
    rows[0][rows[0].index("Declarant/Name")] = "Declarant/Nmae"


def _no_reference_column(rows: Sheet) -> None:
    rows[0][0] = "TypeCode" if "TypeCode" not in rows[0] else "DeclarationOfficeID/@x"


def _no_reference(rows: Sheet) -> None:
    rows[2][0] = ""


def _differing(rows: Sheet) -> None:
    put(rows, 4, "InvoiceAmount", "1.00")


def _too_wide(rows: Sheet) -> None:
    rows[2].append("more")


@pytest.mark.parametrize(
    ("spoil", "row", "column", "code"),
    [
        (_two_columns, None, None, "column-repeated"),
        (_misspelt, None, None, "column-unknown"),
        (_no_reference_column, None, None, "column-missing"),
        (_no_reference, 3, REFERENCE, "reference-missing"),
        (_differing, 4, "InvoiceAmount", "cell-differs"),
        (_too_wide, 3, None, "cells-too-many"),
    ],
)
def test_sheets_that_are_wrong_as_such(
    spoil: Callable[[Sheet], None], row: int | None, column: str | None, code: str
) -> None:
    """A sheet with columns or rows that can't be is told so, with the nearest name that there is."""
    rows = sheet()
    spoil(rows)
    assert (row, column, code) in told(rows)


def test_the_nearest_name() -> None:
    """A column that is misspelt is told with the one that was meant."""
    rows = sheet()
    _misspelt(rows)
    (finding,) = converted(written(rows)).findings
    assert "did you mean Declarant/Name?" in finding.finding.message.en


@pytest.mark.parametrize(
    "name", ["value", "Declarant", "Declarant[1]/ID", "InvoiceAmount/value", "Item", "Item/", "a//b", "@x"]
)
def test_names_that_are_no_columns(name: str) -> None:
    """What names no element with a value, or numbers what is there once, is no column."""
    rows = sheet()
    rows[0][4] = name
    assert "column-unknown" in {code for _, _, code in told(rows)}


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only words\n", b"\xff\xff\xff", b'"' + b"x" * 200_000])
def test_what_is_no_sheet(content: bytes) -> None:
    """What holds no rows, or can't be read, is told in words."""
    found = converted(content)
    assert ((), 1) == (found.declarations, len(found.findings))


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of as many rows, columns and bytes as may be is taken; one more of any is told."""
    rows = sheet(2)
    size = len(written(rows))
    for name, most in (("SHEET_ROWS_MAX", 2), ("SHEET_COLUMNS_MAX", len(rows[0])), ("SHEET_BYTES_MAX", size)):
        with monkeypatch.context() as patch:
            patch.setattr(spreadsheet, name, most)
            assert 1 == len(converted(written(rows)).declarations)
            patch.setattr(spreadsheet, name, most - 1)
            assert ["sheet-size"] == [each.finding.code for each in converted(written(rows)).findings]


def test_so_many_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings are told up to a number."""
    rows = sheet(2)
    put(rows, 3, "InvoiceAmount", "x")
    put(rows, 4, f"{ITEM}Origin/CountryCode", "ZZ")
    assert 2 == len(told(rows))
    monkeypatch.setattr(spreadsheet, "CELL_FINDINGS_MAX", 1)
    assert 1 == len(told(rows))


def test_lines_are_json() -> None:
    """Each declaration is one line of JSON, as a batch takes it."""
    (body,) = converted(written(sheet())).declarations
    assert b"\n" not in body
    assert "SHEET-1" == msgspec.json.decode(body)["FunctionalReferenceID"]
