"""The Python source of message modules: what the compiler understood of an XSD, and how it is written down."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import east_asian_width

from msgspec import Struct

from .finding import Text

WIDTH: Final = 120
IMPORTS: Final = {
    "StrEnum": "from enum import StrEnum",
    "Decimal": "from decimal import Decimal",
    "Annotated": "from typing import Annotated",
    "Final": "from typing import Final",
    "Meta": "from msgspec import Meta",
    "Struct": "from msgspec import Struct",
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
    """A field of a record; `type` is source text and names at most one type of the schema."""

    name: str
    element: str
    label: Text
    type: str
    place: str = "element"
    namespace: str = ""
    occurs: tuple[int, int | None] = (1, 1)


class Record(Struct, frozen=True):
    """A complex type."""

    name: str
    label: Text
    fields: tuple[Field, ...]


Declaration = Enumeration | Alias | Record


class Module(Struct, frozen=True, kw_only=True):
    """One XSD file: its declarations, and the modules that names from other files come from."""

    file: str
    label: Text
    namespace: str
    declarations: tuple[Declaration, ...]
    origins: dict[str, str]
    """Names of types declared elsewhere, with the module that holds them."""


def source_of(module: Module, binding: str = "..binding") -> str:
    """The module as Python source text; `binding` is where it imports the marks of fields from."""
    body: list[str] = []
    if module.namespace:
        body.append(f"NAMESPACE: Final = {_quoted(module.namespace)}\n")
    body += [_alias(each) for each in module.declarations if isinstance(each, Alias)]
    for each in module.declarations:
        if isinstance(each, Enumeration):
            body.append("\n" + _enumeration(each))
        elif isinstance(each, Record):
            body.append("\n" + _record(each))
    text = "\n".join(body)
    head = [f"# Generated from schemas/{module.file} by onewindow.codecs.compiler; do not edit."]
    head.append(_docstring(module.label, fallback=f"The types of {module.file}.", indent=""))
    groups = [*_library_imports(text), *_own_imports(module, text, binding)]
    imports = "\n\n".join("\n".join(group) for group in groups if group)
    return "\n".join([*head, "", "from __future__ import annotations", "", imports, "", text.rstrip("\n"), ""])


def _library_imports(text: str) -> list[list[str]]:
    grouped: dict[str, list[str]] = {}
    lines = []
    for name, line in IMPORTS.items():
        if _mentions(text, name) and line.startswith("from"):
            grouped.setdefault(line.split()[1], []).append(name)
        elif _mentions(text, name):
            lines.append(line)
    third_party = grouped.pop("msgspec", [])
    standard = lines + [_from(origin, names) for origin, names in sorted(grouped.items())]
    return [standard, [_from("msgspec", third_party)] if third_party else []]


def _own_imports(module: Module, text: str, binding: str) -> list[list[str]]:
    marks = [name for name in ("WILDCARD", "Attribute", "Content") if _mentions(text, name)]
    by_origin: dict[str, list[str]] = {}
    for name, origin in module.origins.items():
        by_origin.setdefault(origin, []).append(name)
    own = [_from(f".{origin}", names) for origin, names in sorted(by_origin.items())]
    if not marks:
        return [own]
    if binding.startswith("."):
        return [[_from(binding, marks), *own]]
    return [[_from(binding, marks)], own]


def _mentions(text: str, name: str) -> bool:
    return any(f"{before}{name}{after}" in text for before in " [(" for after in " [(].,)|\n:")


def _from(origin: str, names: Iterable[str]) -> str:
    ordered = sorted(set(names), key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {origin} import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    return f"from {origin} import (\n" + "".join(f"    {name},\n" for name in ordered) + ")"


def _alias(alias: Alias) -> str:
    if not alias.meta:
        text = f"{alias.name} = {alias.base}"
    else:
        meta = ", ".join(f"{name}={value}" for name, value in alias.meta)
        text = f"{alias.name} = Annotated[{alias.base}, Meta({meta})]"
        if len(text) > WIDTH:
            text = f"{alias.name} = Annotated[\n    {alias.base},\n    Meta({meta}),\n]"
        if any(len(line) > WIDTH for line in text.splitlines()):
            inner = "".join(f"        {name}={value},\n" for name, value in alias.meta)
            text = f"{alias.name} = Annotated[\n    {alias.base},\n    Meta(\n{inner}    ),\n]"
    return f"{text}\n{_docstring(alias.label, indent='')}\n" if alias.label.en else f"{text}\n"


def _enumeration(enumeration: Enumeration) -> str:
    lines = [f"class {enumeration.name}(StrEnum):"]
    lines.append(_docstring(enumeration.label, fallback=f"The values of {enumeration.name}.") + "\n")
    for member in enumeration.members:
        line = f"    {member.name} = {_quoted(member.value)}"
        words = "; ".join(each for each in (member.label.en, member.label.zh) if each)
        lines.append(f"{line}  # {words}" if words else line)
    return "\n".join(lines) + "\n"


def _record(record: Record) -> str:
    lines = [f"class {record.name}(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):"]
    lines.append(_docstring(record.label, fallback=f"The content of {record.name}.") + "\n")
    for each in record.fields:
        lines.extend(_field(each))
    if not record.fields:
        lines[-1] = lines[-1].rstrip("\n")
    return "\n".join(lines) + "\n"


def _field(field: Field) -> Iterator[str]:
    least, most = field.occurs
    type_, default = field.type, ""
    if field.place != "element" and field.place != "wildcard":
        type_ = f"{field.place.capitalize()}[{type_}]"
    if most != 1:
        bounds = [f"min_length={least}"] if least else []
        bounds += [] if most is None else [f"max_length={most}"]
        type_ = f"tuple[{type_}, ...]"
        type_ = f"Annotated[{type_}, Meta({', '.join(bounds)})]" if bounds else type_
        default = "" if least else "()"
    elif not least:
        type_, default = f"{type_} | None", "None"
    if field.place == "wildcard":
        type_ = f'Annotated[{type_}, Meta(extra={{"xml": WILDCARD, "namespace": {_quoted(field.namespace)}}})]'
    if field.element != field.name:
        given = f"default={default}, " if default else ""
        default = f"field({given}name={_quoted(field.element)})"
    line = f"    {field.name}: {type_}" + (f" = {default}" if default else "")
    if len(line) > WIDTH and type_.startswith("Annotated["):
        first, rest = type_.removeprefix("Annotated[").removesuffix("]").split(", Meta(", 1)
        tail = f" = {default}" if default else ""
        line = f"    {field.name}: Annotated[\n        {first},\n        Meta({rest},\n    ]{tail}"
    yield line
    if field.label.en:
        yield _docstring(field.label)


def _docstring(label: Text, fallback: str = "", indent: str = "    ") -> str:
    english, chinese = (_plain(words) for words in (label.en or fallback, label.zh))
    if english and english[-1] not in ".!?":
        english += "."
    line = f'{indent}"""{" ".join(filter(None, (english, chinese)))}"""'
    if _columns(line) <= WIDTH:
        return line
    lines = textwrap.wrap(english, WIDTH - len(indent) - 3) + list(_broken(chinese, WIDTH - len(indent)))
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


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
