"""Declarations in a spreadsheet: a row for each goods item, a column for each element, as CSV.

A column is named by the way to its element, as a finding's pointer has it: `Declarant/ID`, `AdditionalDocument[2]/ID`,
`InvoiceAmount/@currencyID`; `Item/` stands for the goods item that the row is of. Rows with one reference make one
declaration; what is said of the whole stands in any of its rows. Items are numbered and counted here.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from .. import schemas as xsd
from ..codecs import DECLARATION
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.messages.declaration import Declaration
from .intake import ITEMS, JSON
from .intake import read as read_declaration
from .partial_check import Rule

SHEET_BYTES_MAX: Final = 16 * 1024 * 1024
SHEET_ROWS_MAX: Final = 20_000
SHEET_COLUMNS_MAX: Final = 500
OCCURRENCES_MAX: Final = 99
"""The greatest number in brackets in a column's name."""
CELL_FINDINGS_MAX: Final = 1_000

REFERENCE: Final = "FunctionalReferenceID"
ITEM: Final = "Item/"
COMMENT: Final = "#"
"""With what a row begins that is for people only."""

_ROOT: Final = "/Declaration/"
_COUNT: Final = "GoodsItemQuantity"
_NUMBER: Final = "SequenceNumeric"
_STEP: Final = re.compile(r"(@?[A-Za-z]+)(?:\[([1-9][0-9]?)\])?")
_DELIMITERS: Final = ",;\t"
_YES: Final = {"true": True, "false": False, "1": True, "0": False, "是": True, "否": False}

Tree = dict[str, Any]


class CellFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in a sheet: its row, from 1 as spreadsheets count, and its column by name, where there is one."""

    row: int | None
    column: str | None
    finding: Finding


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its name, the steps to its element with the number of each that may be repeated, what it holds."""

    name: str
    steps: tuple[tuple[str, int | None], ...]
    kind: type

    @property
    def is_of_item(self) -> bool:
        """Its cells are of the row's own item."""
        return self.name.startswith(ITEM)


class Converted(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a sheet: the declarations in JSON, or all that is wrong with it."""

    declarations: tuple[bytes, ...] = ()
    findings: tuple[CellFinding, ...] = ()


class _Cell(msgspec.Struct, frozen=True):
    row: int
    column: Column
    text: str


class _Rows(msgspec.Struct):
    """The rows of one declaration."""

    numbers: list[int]
    whole: dict[str, _Cell]
    items: list[list[_Cell]]


def template(declaration: Declaration) -> bytes:
    """A sheet with a column for each element that this declaration has, and its values as an example."""
    twin = msgspec.json.decode(DECLARATION.encode_json(declaration))
    items = [dict(_flat(item, ITEM)) for item in twin["GoodsShipment"].pop("GovernmentAgencyGoodsItem")]
    whole = dict(_flat(twin, ""))
    left_out = {_COUNT, ITEM + _NUMBER}
    found = dict.fromkeys([REFERENCE, *whole, *(name for item in items for name in item)])
    names = [name for name in found if name not in left_out]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerow([f"{COMMENT} {_label(names[0])}", *map(_label, names[1:])])
    for place, item in enumerate(items):
        own = {**(whole if place == 0 else {REFERENCE: whole[REFERENCE]}), **item}
        writer.writerow([own.get(name, "") for name in names])
    return b"\xef\xbb\xbf" + written.getvalue().encode()  # without the mark spreadsheets take it for another charset


def _label(name: str) -> str:
    """What people call a column's element; the way to it says of what."""
    from ..codecs.explanation import named_at  # takes long to import, and nobody else here needs it

    path = name.replace(ITEM, "GoodsShipment/GovernmentAgencyGoodsItem/") if name.startswith(ITEM) else name
    words = named_at(xsd.path("declaration"), _ROOT + path)
    return f"{words.zh} {words.en}"


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "value":
                yield from _flat(part, name.removesuffix("/"))
            else:
                attribute = "@" if "value" in value else ""
                yield from _flat(part, f"{name}{attribute}{key}" + ("/" if isinstance(part, dict) else ""))
    elif isinstance(value, list):
        for place, part in enumerate(value, start=1):
            yield from _flat(part, f"{name}[{place}]" + ("/" if isinstance(part, dict) else ""))
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def converted(sheet: bytes, rules: tuple[Rule, ...] = ()) -> Converted:
    """The declarations that a sheet holds, each valid by schema and rules; or what is wrong, by row and column."""
    try:
        columns, rows = _read(sheet)
    except Rejected as rejected:
        return Converted(findings=tuple(CellFinding(row=None, column=None, finding=each) for each in rejected.findings))
    found, grouped = _grouped(columns, rows)
    declarations = []
    for reference, group in grouped.items():
        cells: dict[str, _Cell] = {}
        body = msgspec.json.encode(_tree(reference, group, cells))
        try:
            read_declaration(body, JSON, rules)
        except Rejected as rejected:
            found += [_placed(finding, group, cells) for finding in rejected.findings]
        declarations.append(body)
        if len(found) > CELL_FINDINGS_MAX:
            break
    return (
        Converted(findings=tuple(found[:CELL_FINDINGS_MAX])) if found else Converted(declarations=tuple(declarations))
    )


def _read(sheet: bytes) -> tuple[list[Column], list[tuple[int, list[str]]]]:
    """The columns, and the rows that hold anything with their numbers. Raises Rejected."""
    if len(sheet) > SHEET_BYTES_MAX:
        raise _unreadable("sheet-size", f"more than {SHEET_BYTES_MAX} bytes", f"超过 {SHEET_BYTES_MAX} 字节")
    text = _text(sheet)
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            cells = [cell.strip() for cell in row]
            if any(cells) and not cells[0].startswith(COMMENT):
                rows.append((number, cells))
            if len(rows) > SHEET_ROWS_MAX + 1:
                raise _unreadable("sheet-size", f"more than {SHEET_ROWS_MAX} rows", f"超过 {SHEET_ROWS_MAX} 行")
    except csv.Error as error:
        raise _unreadable("sheet-unreadable", f"no CSV: {error}", "不是 CSV 格式") from None
    if not rows:
        raise _unreadable("sheet-unreadable", "empty", "没有内容")
    return _columns(rows[0][1]), rows[1:]


def _text(sheet: bytes) -> str:
    """The text of a sheet in UTF-8, in UTF-16 with its mark, or as Chinese spreadsheets keep it. Raises Rejected."""
    charset = "utf-16" if sheet.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for each in (charset, "gb18030"):
        try:
            return sheet.decode(each)
        except UnicodeDecodeError:
            continue
    raise _unreadable("sheet-unreadable", "neither in UTF-8 nor in GB 18030", "既非 UTF-8 也非 GB 18030 编码")


def _unreadable(code: str, en: str, zh: str) -> Rejected:
    return Rejected("invalid", (Finding(code=code, pointer="/", message=Text(f"The sheet is {en}.", f"表格{zh}。")),))


def _columns(names: list[str]) -> list[Column]:
    """The columns of these names. Raises Rejected with a finding for each that is none, or is there twice."""
    while names and not names[-1]:
        names.pop()
    if len(names) > SHEET_COLUMNS_MAX:
        raise _unreadable("sheet-size", f"wider than {SHEET_COLUMNS_MAX} columns", f"超过 {SHEET_COLUMNS_MAX} 列")
    found = [_column(name) for name in names]
    wrong = [_unknown(name) for name, column in zip(names, found, strict=True) if column is None]
    wrong += [_named_twice(name) for name in dict.fromkeys(names) if name and names.count(name) > 1]
    if REFERENCE not in names:
        wrong.append(_unknown_reference())
    if wrong:
        raise Rejected("invalid", tuple(wrong))
    return [column for column in found if column is not None]


@cache
def _column(name: str) -> Column | None:
    """The column of this name; None where a declaration has no such element."""
    path = f"GoodsShipment/GovernmentAgencyGoodsItem/{name.removeprefix(ITEM)}" if name.startswith(ITEM) else name
    kind: inspect.Type = inspect.type_info(Declaration)
    steps: list[tuple[str, int | None]] = []
    for step in path.split("/"):
        match = _STEP.fullmatch(step)
        kind = _plain(kind)
        if match is None or not isinstance(kind, inspect.StructType):
            return None
        element = match[1].removeprefix("@")
        field = next((field for field in kind.fields if field.encode_name == element), None)
        if field is None or element == "value":
            return None
        kind = _plain(field.type)
        if isinstance(kind, inspect.VarTupleType):
            steps.append((element, int(match[2] or 1)))
            kind = _plain(kind.item_type)
        elif match[2]:
            return None
        else:
            steps.append((element, None))
    if isinstance(kind, inspect.StructType):
        value = next((field for field in kind.fields if field.encode_name == "value"), None)
        if value is None:
            return None
        steps.append(("value", None))
        kind = _plain(value.type)
    held = int if isinstance(kind, inspect.IntType) else bool if isinstance(kind, inspect.BoolType) else str
    return Column(name=name, steps=tuple(steps), kind=held)


def _plain(kind: inspect.Type) -> inspect.Type:
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        else:
            kind = next(each for each in kind.types if not isinstance(each, inspect.NoneType))
    return kind


def _unknown(name: str) -> Finding:
    near = get_close_matches(name, _known(), n=1)
    en, zh = (f"; did you mean {near[0]}?", f"；是否为 {near[0]}？") if near else (".", "。")
    message = Text(f"There is no element for a column {name!r}{en}", f"没有名为“{name}”的列{zh}")
    return Finding(code="column-unknown", pointer="/", message=message, value=name)


@cache
def _known() -> tuple[str, ...]:
    """Names of columns, each repeated element once: those that a misspelt one is compared with."""
    return tuple(_names(inspect.type_info(Declaration), ""))


def _names(kind: inspect.Type, before: str) -> Iterator[str]:
    for field in kind.fields if isinstance(kind, inspect.StructType) else ():
        own, mark = _plain(field.type), ""
        if isinstance(own, inspect.VarTupleType):
            own, mark = _plain(own.item_type), "[1]"
        name = f"{before}{field.encode_name}{mark}"
        name = ITEM.removesuffix("/") if name == "GoodsShipment/GovernmentAgencyGoodsItem[1]" else name
        if isinstance(own, inspect.StructType):
            yield from _names(own, f"{name}/")
        yield name


def _named_twice(name: str) -> Finding:
    message = Text(f"There are two columns {name}.", f"列“{name}”重复。")
    return Finding(code="column-repeated", pointer="/", message=message, value=name)


def _unknown_reference() -> Finding:
    message = Text(
        f"There is no column {REFERENCE}, which tells declarations apart.", f"缺少用以区分申报单的列“{REFERENCE}”。"
    )
    return Finding(code="column-missing", pointer="/", message=message, expected=REFERENCE)


def _grouped(
    columns: Sequence[Column], rows: Iterable[tuple[int, list[str]]]
) -> tuple[list[CellFinding], dict[str, _Rows]]:
    """The rows by reference; a row without one goes on with that above it. And what is wrong with them as such."""
    found: list[CellFinding] = []
    groups: dict[str, _Rows] = {}
    reference = ""
    for number, texts in rows:
        cells = [_Cell(number, column, text) for column, text in zip(columns, texts, strict=False) if text]
        if any(texts[len(columns) :]):
            message = Text("The row has cells beyond the last column.", "该行单元格超出列数。")
            found.append(_of_row(number, None, Finding(code="cells-too-many", pointer="/", message=message)))
        reference = next((cell.text for cell in cells if cell.column.name == REFERENCE), reference)
        if not reference:
            message = Text("The first row has no reference.", "首行没有业务编号。")
            found.append(_of_row(number, REFERENCE, Finding(code="reference-missing", pointer="/", message=message)))
            continue
        group = groups.setdefault(reference, _Rows([], {}, []))
        group.numbers.append(number)
        group.items.append([cell for cell in cells if cell.column.is_of_item])
        for cell in cells:
            before = cell if cell.column.is_of_item else group.whole.setdefault(cell.column.name, cell)
            if before.text != cell.text:
                found.append(_differs(cell, before))
    return found, groups


def _of_row(row: int, column: str | None, finding: Finding) -> CellFinding:
    return CellFinding(row=row, column=column, finding=finding)


def _differs(cell: _Cell, before: _Cell) -> CellFinding:
    message = Text(
        f"This differs from row {before.row}, and it is of the same declaration as a whole.",
        f"与第 {before.row} 行不一致，而该列属于整份申报单。",
    )
    finding = Finding(
        code="cell-differs", pointer="/", message=message, value=cell.text[:200], expected=before.text[:200]
    )
    return _of_row(cell.row, cell.column.name, finding)


def _tree(reference: str, group: _Rows, cells: dict[str, _Cell]) -> Tree:
    """A declaration in JSON; `cells` is given the cell of each pointer."""
    document: Tree = {}
    for cell in group.whole.values():
        _put(document, cell, None)
    for place, item in enumerate(group.items, start=1):
        for cell in item:
            _put(document, cell, place)
    tree = _listed(document, _ROOT.removesuffix("/"), cells)
    tree.setdefault(_COUNT, len(group.items))
    for place, item in enumerate(tree.get("GoodsShipment", {}).get("GovernmentAgencyGoodsItem", ()), start=1):
        item.setdefault(_NUMBER, place)
    return tree


def _put(document: Tree, cell: _Cell, item: int | None) -> None:
    node = document
    for name, occurrence in cell.column.steps[:-1]:
        node = node.setdefault(name, {})
        if occurrence is not None:
            is_item = item is not None and name == "GovernmentAgencyGoodsItem"
            node = node.setdefault(item if is_item else occurrence, {})
    name, occurrence = cell.column.steps[-1]
    if occurrence is None:
        node[name] = cell
    else:
        node.setdefault(name, {})[occurrence] = cell


def _listed(node: Tree, pointer: str, cells: dict[str, _Cell]) -> Tree:
    """The tree with lists where elements are repeated, numbered without gaps as pointers number them."""
    tree: Tree = {}
    for name, part in node.items():
        here = pointer if name == "value" else f"{pointer}/{'@' if 'value' in node else ''}{name}"
        if isinstance(part, _Cell):
            tree[name] = _value(part)
            cells[here] = part
        elif all(isinstance(key, int) for key in part):
            parts = [part[key] for key in sorted(part)]
            tree[name] = [_element(each, f"{here}[{place}]", cells) for place, each in enumerate(parts, start=1)]
        else:
            tree[name] = _listed(part, here, cells)
    return tree


def _element(part: "Tree | _Cell", pointer: str, cells: dict[str, _Cell]) -> Any:
    if isinstance(part, _Cell):
        cells[pointer] = part
        return _value(part)
    return _listed(part, pointer, cells)


def _value(cell: _Cell) -> object:
    """The cell's value; text that is none of its kind stays what it is, for the schema to explain."""
    if cell.column.kind is int and cell.text.isascii() and cell.text.isdigit():
        return int(cell.text[:20])
    if cell.column.kind is bool:
        return _YES.get(cell.text.lower(), cell.text)
    return cell.text


def _placed(finding: Finding, group: _Rows, cells: Mapping[str, _Cell]) -> CellFinding:
    """A finding at its cell; of what is missing at the row where it would be, in the column that it would have."""
    cell = cells.get(finding.pointer)
    if cell is not None:
        return CellFinding(row=cell.row, column=cell.column.name, finding=finding)
    within = re.match(re.escape(ITEMS) + r"\[(\d+)\]/?(.*)", finding.pointer)
    if within is None:
        column = finding.pointer.removeprefix(_ROOT)
        return CellFinding(row=group.numbers[0], column=column if _column(column) else None, finding=finding)
    row, column = group.numbers[min(int(within[1]), len(group.numbers)) - 1], ITEM + within[2]
    return CellFinding(row=row, column=column if _column(column) else None, finding=finding)
