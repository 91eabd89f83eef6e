"""Typed structs to XML: compact UTF-8 without prefixes on elements, the same bytes for the same value every time.

msgspec turns the struct into plain values in C and leaves out what is absent; one writer, compiled for each slot of the
binding table, turns each of those into text. No tree is built.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from .binding import TAG_FIELD, XSI, Kind, Place, Record, Slot

Writer = Callable[[Any], str]
"""The XML of one plain value."""

Encoder = Callable[[Struct], bytes]
"""The XML document of one struct."""

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

FORBIDDEN: Final = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
"""The ASCII control characters that XML 1.0 cannot carry in any form (section 2.2); the others are `FORBIDDEN_WIDE`."""

FORBIDDEN_WIDE: Final = ("\ufffe".encode(), "\uffff".encode())

_XML: Final = "http://www.w3.org/XML/1998/namespace"

_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = _TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def encoder(record: Record, root: str, namespace: str) -> Encoder:
    """The function that writes structs of `record` as documents with the root element `root`.

    It raises ValueError for a value that XML cannot carry: a control character, a lone surrogate, a decimal that is not
    finite. No document that was decoded has such a value.
    """
    write = _record(record, Opening(root, namespace, "", ""), {})
    to_plain = msgspec.to_builtins

    def encode(value: Struct) -> bytes:
        data = (HEAD + write(to_plain(value))).encode()
        if len(data.translate(None, FORBIDDEN)) != len(data) or any(each in data for each in FORBIDDEN_WIDE):
            raise ValueError("a character that XML cannot carry")
        return data

    return encode


def escape(text: str) -> str:
    """`text` as element content; a carriage return is kept by a character reference (XML 1.0, section 2.11)."""
    return text.translate(_TEXT)


def escape_attribute(text: str) -> str:
    """`text` as an attribute's value in double quotes; blanks are kept by character references (section 3.3.3)."""
    return text.translate(_ATTRIBUTE)


def positional(text: str) -> str:
    """A decimal as XML Schema writes it, without an exponent (XML Schema part 2, section 3.2.3)."""
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(f"{text} is not a finite decimal")
    return format(number, "f")


class Opening(Struct, frozen=True):
    """A start tag: the element's name, its namespace, the one it stands in, and what it carries beside its data."""

    name: str
    namespace: str
    around: str
    type: str

    def start(self, prefixes: dict[str, str]) -> str:
        """The tag without its attributes and without its end; `prefixes` are those of its attributes."""
        own = "" if self.namespace == self.around else f' xmlns="{escape_attribute(self.namespace)}"'
        declared = {XSI: "xsi"} | prefixes if self.type else prefixes
        others = [f' xmlns:{prefix}="{escape_attribute(each)}"' for each, prefix in declared.items() if each != _XML]
        return f"<{self.name}{own}{''.join(others)}{self.type}"


def typed(opening: Opening, tag: str) -> Opening:
    """The start tag with an `xsi:type`; the type as `{namespace}name` or `name`."""
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    prefixed = f' xmlns:t="{escape_attribute(namespace)}" xsi:type="t:{name}"'
    return Opening(opening.name, opening.namespace, opening.around, prefixed if namespace else f' xsi:type="{name}"')


def prefixes_of(attributes: dict[str, Slot]) -> dict[str, str]:
    """The prefixes of the attributes' namespaces; the data has none, so any will do."""
    fixed = {XSI: "xsi", _XML: "xml"}
    namespaces = dict.fromkeys(slot.namespace for slot in attributes.values() if slot.namespace)
    return {each: fixed.get(each, f"a{index}") for index, each in enumerate(namespaces, 1)}


def _record(record: Record, opening: Opening, known: dict[tuple[int, Opening], Writer]) -> Writer:
    key = (id(record), opening)
    if key in known:
        return known[key]
    prefixes = prefixes_of(record.attributes)
    start, end = opening.start(prefixes), f"</{opening.name}>"
    if record.content is not None:
        known[key] = _leaf(record, record.content, start, end, prefixes)
        return known[key]
    attributes = _attributes(record, prefixes)
    writers: dict[str, Writer] = {}
    if not attributes and record.tag is None:
        start += ">"

        def write(plain: dict[str, Any]) -> str:
            return f"{start}{''.join([writers[each](value) for each, value in plain.items()])}{end}"

    else:

        def write(plain: dict[str, Any]) -> str:
            given = [attributes[each](value) for each, value in plain.items() if each in attributes]
            inner = [writers[each](value) for each, value in plain.items() if each in writers]
            return f"{start}{''.join(given)}>{''.join(inner)}{end}"

    known[key] = write
    writers |= _members(record, opening.namespace, known)
    return write


def _members(record: Record, around: str, known: dict[tuple[int, Opening], Writer]) -> dict[str, Writer]:
    """The writers of a record's children, which stand in an element of the namespace `around`."""
    writers = {}
    for slot in record.slots:
        if slot.place is not Place.ATTRIBUTE:
            write = _element(slot, around, known)
            writers[slot.name] = _repeated(write) if slot.repeatable else write
    return writers


def _repeated(write: Writer) -> Writer:
    def write_all(values: list[Any]) -> str:
        return "".join([write(each) for each in values])

    return write_all


def _element(slot: Slot, around: str, known: dict[tuple[int, Opening], Writer]) -> Writer:
    if slot.place is Place.WILDCARD:
        return str
    if slot.place is Place.ITEMS and slot.record is not None:
        members = _members(slot.record, around, known)
        return lambda item: "".join([members[each](value) for each, value in item.items()])
    opening = Opening(slot.local, slot.namespace, around, "")
    if slot.variants is not None:
        write = _variant(slot, opening, known)
    elif slot.record is not None:
        write = _record(slot.record, opening, known)
    else:
        write = _simple(_text(slot), f"{opening.start({})}>", f"</{slot.local}>")
    return _nillable(write, opening) if slot.nillable else write


def _simple(text: Writer, start: str, end: str) -> Writer:
    if text is str:
        return lambda value: f"{start}{value}{end}"
    return lambda value: f"{start}{text(value)}{end}"


def _variant(slot: Slot, opening: Opening, known: dict[tuple[int, Opening], Writer]) -> Writer:
    """An element whose struct says by `xsi:type` which one it is, where it is not the one to be expected."""
    writers = {}
    for tag, record in (slot.variants or {}).items():
        is_expected = record is slot.record and not slot.is_abstract
        writers[tag] = _record(record, opening if is_expected else typed(opening, tag), known)
    return lambda plain: writers[plain[TAG_FIELD]](plain)


def _nillable(write: Writer, opening: Opening) -> Writer:
    nil = f'{opening.start({XSI: "xsi"})} xsi:nil="true"></{opening.name}>'
    return lambda value: nil if value is None else write(value)


def _attributes(record: Record, prefixes: dict[str, str]) -> dict[str, Writer]:
    """The writers of a record's attributes, by their names in plain data."""

    def attribute(slot: Slot) -> Writer:
        text = _text(slot)
        name = f"{prefixes[slot.namespace]}:{slot.local}" if slot.namespace else slot.local
        return lambda value: f' {name}="{text(value)}"'

    return {slot.name: attribute(slot) for slot in record.attributes.values()}


def _leaf(record: Record, content: Slot, start: str, end: str, prefixes: dict[str, str]) -> Writer:
    """An element of text and attributes; nearly all have one that is always there, or none: they go in one piece."""
    text, value_name = _text(content), content.name
    if len(record.attributes) == 1 and not prefixes and all(slot.required for slot in record.attributes.values()):
        (slot,) = record.attributes.values()
        value_of, attribute = _text(slot), slot.name
        start = f"{start} {slot.local}="
        return lambda plain: f'{start}"{value_of(plain[attribute])}">{text(plain[value_name])}{end}'
    writers = _attributes(record, prefixes)

    def write(plain: dict[str, Any]) -> str:
        if len(plain) == 1 and value_name in plain:
            return f"{start}>{text(plain[value_name])}{end}"
        given = [writers[each](value) for each, value in plain.items() if each in writers]
        return f"{start}{''.join(given)}>{text(plain[value_name])}{end}"

    return write


def _text(slot: Slot) -> Writer:
    """How a plain value of the slot becomes escaped text."""
    match slot.kind:
        case Kind.TEXT:
            return escape_attribute if slot.place is Place.ATTRIBUTE else _escaped
        case Kind.BOOLEAN:
            return _boolean
        case Kind.DECIMAL:
            return _decimal
        case Kind.DOUBLE:
            return _double
        case Kind.CODE if any(escape_attribute(each.value) != each.value for each in slot.codes or ()):
            return escape_attribute
        case _:
            return str  # codes hold no markup in nearly every list; numbers and times are plain


def _escaped(text: str) -> str:
    return text.translate(_TEXT) if "&" in text or "<" in text or ">" in text or "\r" in text else text


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _decimal(text: str) -> str:
    return text if text.upper() == text.lower() else positional(text)


def _double(text: str) -> str:
    return text.replace("Infinity", "INF")
