"""The Python source of message modules: what the compiler understood of an XSD, and how it is written down."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Final, cast
from unicodedata import east_asian_width

from msgspec import Struct

from .finding import Text

WIDTH: Final = 120
INDENT: Final = "    "
IMPORTS: Final = {
    "StrEnum": "from enum import StrEnum",
    "Decimal": "from decimal import Decimal",
    "Annotated": "from typing import Annotated",
    "ClassVar": "from typing import ClassVar",
    "Final": "from typing import Final",
    "UNSET": "from msgspec import UNSET",
    "Meta": "from msgspec import Meta",
    "Struct": "from msgspec import Struct",
    "UnsetType": "from msgspec import UnsetType",
    "field": "from msgspec import field",
    "dt": "import datetime as dt",
}


class Member(Struct, frozen=True):
    """One value of an enumeration."""

    name: str
    value: str
    label: Text


class Enumeration(Struct, frozen=True):
    """A simple type with a closed list of values."""

    name: str
    label: Text
    members: tuple[Member, ...]


class Alias(Struct, frozen=True):
    """A simple type: a Python type and the arguments of its `Meta`, as source text."""

    name: str
    label: Text
    base: str
    meta: tuple[tuple[str, str], ...]


class Field(Struct, frozen=True, kw_only=True):
    """A field of a record; `type` is source text, `element` the name in JSON."""

    name: str
    element: str
    label: Text = Text("", "")
    type: str
    place: str = "element"
    namespace: str = ""
    """Of a wildcard those it takes; of others empty once `extra` says what there is to say."""
    occurs: tuple[int, int | None] = (1, 1)
    extra: tuple[tuple[str, str], ...] = ()
    """What its `Meta` says of its place in XML, as source text."""
    is_nillable: bool = False


class Record(Struct, frozen=True):
    """A complex type; `xmlns` is its elements' namespace as source text, `tag` the type's name in `xsi:type`."""

    name: str
    label: Text
    fields: tuple[Field, ...]
    xmlns: str = ""
    tag: str = ""


Declaration = Enumeration | Alias | Record


class Module(Struct, frozen=True, kw_only=True):
    """One XSD, or one file of it: its declarations, and the modules that names from other files come from."""

    file: str
    label: Text
    namespace: str
    declarations: tuple[Declaration, ...]
    origins: dict[str, str]
    """Names of types declared elsewhere, with the module that holds them."""
    constants: dict[str, str] = {}
    """The other namespaces by the names of their constants."""
    roots: dict[str, str] = {}
    """The structs of the elements that a document may have as its root, where the module says so."""


def source_of(module: Module, binding: str = "..binding") -> str:
    """The module as Python source text; `binding` is where it imports the marks of fields from."""
    body: list[str] = []
    if module.namespace:
        body.append(f"NAMESPACE: Final = {quoted(module.namespace)}\n")
    if module.constants:
        body.append("".join(f"{name}: Final = {quoted(each)}\n" for name, each in module.constants.items()))
    body += [_alias(each) for each in module.declarations if isinstance(each, Alias)]
    for each in module.declarations:
        if isinstance(each, Enumeration):
            body.append("\n" + _enumeration(each))
        elif isinstance(each, Record):
            body.append("\n" + _record(each))
    if module.roots:
        roots = "".join(f"    {quoted(element)}: {name},\n" for element, name in module.roots.items())
        words = '"""The structs of the elements that a document may have as its root."""'
        body.append(f"\nROOTS: Final[dict[str, type[Struct]]] = {{\n{roots}}}\n{words}\n")
    text = "\n".join(body)
    head = [f"# Generated from {module.file} by onewindow.codecs.compiler; do not edit."]
    head.append(_docstring(module.label, fallback=f"The types of {module.file}.", indent=""))
    code = _code(text)
    groups = [*_library_imports(code), *_own_imports(module, code, binding)]
    imports = "\n\n".join("\n".join(group) for group in groups if group)
    return "\n".join([*head, "", "from __future__ import annotations", "", imports, "", text.rstrip("\n"), ""])


def _library_imports(code: str) -> list[list[str]]:
    grouped: dict[str, list[str]] = {}
    lines = []
    for name, line in IMPORTS.items():
        if _mentions(code, name) and line.startswith("from"):
            grouped.setdefault(line.split()[1], []).append(name)
        elif _mentions(code, name):
            lines.append(line)
    third_party = grouped.pop("msgspec", [])
    standard = lines + [_from(origin, names) for origin, names in sorted(grouped.items())]
    return [standard, [_from("msgspec", third_party)] if third_party else []]


def _own_imports(module: Module, code: str, binding: str) -> list[list[str]]:
    marks = [
        name for name in ("ITEMS", "WILDCARD", "Attribute", "Content", "Double", "Verbatim") if _mentions(code, name)
    ]
    by_origin: dict[str, list[str]] = {}
    for name, origin in module.origins.items():
        by_origin.setdefault(origin, []).append(name)
    own = [_from(f".{origin}", names) for origin, names in sorted(by_origin.items())]
    if not marks:
        return [own]
    if binding.startswith("."):
        return [[_from(binding, marks), *own]]
    return [[_from(binding, marks)], own]


def _mentions(code: str, name: str) -> bool:
    return re.search(rf"(?<![\w\"]){name}\b", code) is not None


def _code(text: str) -> str:
    """Source text without its docstrings and comments, in which any word may stand."""
    return re.sub(r'""".*?"""|  # [^\n]*', "", text, flags=re.DOTALL)


def _from(origin: str, names: Iterable[str]) -> str:
    ordered = sorted(set(names), key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {origin} import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    return f"from {origin} import (\n" + "".join(f"    {name},\n" for name in ordered) + ")"


def annotated(alias: Alias) -> str:
    """What an alias stands for, in one line."""
    meta = ", ".join(f"{name}={value}" for name, value in alias.meta)
    return f"Annotated[{alias.base}, Meta({meta})]" if meta else alias.base


def _alias(alias: Alias) -> str:
    text = f"{alias.name} = {annotated(alias)}"
    if len(text) > WIDTH:
        meta = ", ".join(f"{name}={value}" for name, value in alias.meta)
        text = f"{alias.name} = Annotated[\n    {alias.base},\n    Meta({meta}),\n]"
    if any(len(line) > WIDTH for line in text.splitlines()):
        inner = "".join(f"        {_member(name, value, 2 * INDENT)},\n" for name, value in alias.meta)
        text = f"{alias.name} = Annotated[\n    {alias.base},\n    Meta(\n{inner}    ),\n]"
    return f"{text}\n{_docstring(alias.label, indent='')}\n" if alias.label.en else f"{text}\n"


def _wrapped(annotated: str) -> str:
    """An inner `Annotated[…, Meta(…)]` as it stands, or, where that is too long for a line, in as many as it takes."""
    if len(annotated) + 2 * len(INDENT) <= WIDTH or not annotated.startswith("Annotated["):
        return annotated
    base, rest = annotated.removeprefix("Annotated[").split(", ", 1)
    meta = cast("ast.Call", cast("ast.Expr", ast.parse(rest.removesuffix("]")).body[0]).value)
    arguments = ((str(each.arg), ast.get_source_segment(rest, each.value) or "") for each in meta.keywords)
    inner = "".join(f"{4 * INDENT}{_member(name, value, 4 * INDENT)},\n" for name, value in arguments)
    return f"Annotated[\n{3 * INDENT}{base},\n{3 * INDENT}Meta(\n{inner}{3 * INDENT}),\n{2 * INDENT}]"


def _member(name: str, value: str, indent: str) -> str:
    """An argument of `Meta` on a line, or, a long dictionary, with a line for each of its members."""
    line = f"{name}={value}"
    if len(indent) + len(line) + len(",") <= WIDTH or not value.startswith("{"):
        return line
    each = re.split(r', (?=")', value.strip("{}"))
    comma = "," if len(each) > 1 else ""
    lines = (f"{indent}{INDENT}{member}{comma}" for member in each)
    members = "".join(f"{line}  # noqa: E501\n" if len(line) > WIDTH else f"{line}\n" for line in lines)
    return f"{name}={{\n{members}{indent}}}"


def _enumeration(enumeration: Enumeration) -> str:
    lines = [f"class {enumeration.name}(StrEnum):"]
    lines.append(_docstring(enumeration.label, fallback=f"The values of {enumeration.name}.") + "\n")
    for member in enumeration.members:
        line = f"    {member.name} = {quoted(member.value)}"
        words = "; ".join(each for each in (member.label.en, member.label.zh) if each)
        lines.append(f"{line}  # {words}" if words else line)
    return "\n".join(lines) + "\n"


def _record(record: Record) -> str:
    tag = f', tag_field="xsi:type", tag={quoted(record.tag)}' if record.tag else ""
    head = f"class {record.name}(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False{tag}):"
    if len(head) > WIDTH:
        options = f"frozen=True, kw_only=True, omit_defaults=True, gc=False{tag}"
        head = f"class {record.name}(\n    Struct, {options}\n):"
    lines = [head, _docstring(record.label, fallback=f"The content of {record.name}.") + "\n"]
    if record.xmlns:
        lines.append(f"    xmlns: ClassVar[str] = {record.xmlns}" + ("\n" if record.fields else ""))
    for each in record.fields:
        lines.extend(_field(each))
    if not record.fields and not record.xmlns:
        lines[-1] = lines[-1].rstrip("\n")
    return "\n".join(lines) + "\n"


def _field(field: Field) -> Iterator[str]:
    type_, default = _annotation(field)
    if field.element != field.name:
        given = f"default={default}, " if default else ""
        default = f"field({given}name={quoted(field.element)})"
    tail = f" = {default}" if default else ""
    line = f"    {field.name}: {type_}{tail}"
    if len(line) > WIDTH and type_.startswith("Annotated["):
        first, rest = type_.removeprefix("Annotated[").removesuffix("]").split(", Meta(", 1)
        line = f"    {field.name}: Annotated[\n        {first},\n        Meta({rest},\n    ]{tail}"
    elif len(line) > WIDTH and default.startswith("field("):
        line = f"    {field.name}: {type_} = field(\n        {default.removeprefix('field(').removesuffix(')')}\n    )"
    elif len(line) > WIDTH and type_.endswith("]"):
        mark, rest = type_.removesuffix("]").split("[", 1)
        line = f"    {field.name}: {mark}[\n        {_wrapped(rest)}\n    ]{tail}"
    yield line
    if field.label.en:
        yield _docstring(field.label)


def _annotation(field: Field) -> tuple[str, str]:
    """A field's type and its default, as source text; an empty default for none."""
    least, most = field.occurs
    type_, default = field.type, ""
    if field.place in ("attribute", "content"):
        type_ = f"{field.place.capitalize()}[{type_}]"
    if field.is_nillable:
        type_ = f"{type_} | None"
    marks = _marks(field)
    if most != 1:
        bounds = [f"min_length={least}"] if least else []
        bounds += [] if most is None else [f"max_length={most}"]
        type_ = f"tuple[{type_}, ...]"
        marks = bounds + marks
        default = "" if least else "()"
    elif not least:
        type_, default = (f"{type_} | UnsetType", "UNSET") if field.is_nillable else (f"{type_} | None", "None")
    return f"Annotated[{type_}, Meta({', '.join(marks)})]" if marks else type_, default


def _marks(field: Field) -> list[str]:
    """What the field's `Meta` says of its place in XML."""
    extra = dict(field.extra)
    if field.place == "wildcard":
        extra = {"xml": "WILDCARD", "namespace": quoted(field.namespace)}
    elif field.place == "items":
        extra = {"xml": "ITEMS"}
    return [f"extra={{{', '.join(f'{quoted(name)}: {value}' for name, value in extra.items())}}}"] if extra else []


def _docstring(label: Text, fallback: str = "", indent: str = "    ") -> str:
    english, chinese = (_plain(words) for words in (label.en or fallback, label.zh))
    if english and english[-1] not in ".!?":
        english += "."
    line = f'{indent}"""{" ".join(filter(None, (english, chinese)))}"""'
    if _columns(line) <= WIDTH:
        return line
    room = WIDTH - len(indent) - len('"""')
    if not chinese and len(english) <= room:
        room -= len('"""')  # a formatter would draw the quotes up behind a single line, past the margin
    lines = textwrap.wrap(english, room) + list(_broken(chinese, WIDTH - len(indent)))
    return "\n".join([f'{indent}"""{lines[0]}', *(indent + line for line in lines[1:]), f'{indent}"""'])


def _plain(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', "'")


def _columns(text: str) -> int:
    """The width of `text` on a screen, where a Chinese character takes two columns."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _broken(words: str, width: int) -> Iterator[str]:
    """Chinese text in lines of `width` columns; it has no blanks to break at."""
    line, used = "", 0
    for each in words:
        line, used = line + each, used + _columns(each)
        if used >= width - 2:
            yield line
            line, used = "", 0
    if line:
        yield line.strip()


def quoted(text: str) -> str:
    """A text as a literal in source text."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else repr(each)[1:-1] for each in plain) + '"'
