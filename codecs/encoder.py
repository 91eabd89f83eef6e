"""Typed structs to XML: compact UTF-8 with one default namespace, the same bytes for the same value every time.

msgspec turns the struct into plain values in C and leaves out what is absent; one writer, compiled for each slot of the
binding table, turns each of those into text. No tree is built.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from .binding import Kind, Place, Record, Slot

Writer = Callable[[Any], str]
"""The XML of one plain value."""

Encoder = Callable[[Struct], bytes]
"""The XML document of one struct."""

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

FORBIDDEN: Final = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
"""The ASCII control characters that XML 1.0 cannot carry in any form (section 2.2); the others are `FORBIDDEN_WIDE`."""

FORBIDDEN_WIDE: Final = ("\ufffe".encode(), "\uffff".encode())

_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = _TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def encoder(record: Record, root: str, namespace: str) -> Encoder:
    """The function that writes structs of `record` as documents with the root element `root`.

    It raises ValueError for a value that XML cannot carry: a control character, a lone surrogate, a decimal that is not
    finite. No document that was decoded has such a value.
    """
    write = _record(record, f' xmlns="{escape_attribute(namespace)}"', root, {})
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


def _record(record: Record, declaration: str, name: str, known: dict[tuple[int, str], Writer]) -> Writer:
    key = (id(record), name)
    if key in known:
        return known[key]
    if record.content is not None:
        known[key] = _leaf(record, record.content, name)
        return known[key]
    start, end = f"<{name}{declaration}>", f"</{name}>"
    writers: dict[str, Writer] = {}

    def write(plain: dict[str, Any]) -> str:
        return f"{start}{''.join([writers[each](value) for each, value in plain.items()])}{end}"

    known[key] = write
    for slot in record.slots:
        writers[slot.name] = _repeated(_element(slot, known)) if slot.repeatable else _element(slot, known)
    return write


def _repeated(write: Writer) -> Writer:
    def write_all(values: list[Any]) -> str:
        return "".join([write(each) for each in values])

    return write_all


def _element(slot: Slot, known: dict[tuple[int, str], Writer]) -> Writer:
    if slot.place is Place.WILDCARD:
        return str
    if slot.record is not None:
        return _record(slot.record, "", slot.name, known)
    text = _text(slot)
    start, end = f"<{slot.name}>", f"</{slot.name}>"
    if text is str:
        return lambda value: f"{start}{value}{end}"
    return lambda value: f"{start}{text(value)}{end}"


def _leaf(record: Record, content: Slot, name: str) -> Writer:
    """An element of text and attributes; nearly all have one attribute, always there, and are written in one go."""
    text, end = _text(content), f"</{name}>"
    value_name = content.name
    if len(record.attributes) == 1 and all(slot.required for slot in record.attributes.values()):
        ((attribute, slot),) = record.attributes.items()
        value_of = _text(slot)
        start = f"<{name} {attribute}="
        return lambda plain: f'{start}"{value_of(plain[attribute])}">{text(plain[value_name])}{end}'
    writers = {each: _text(slot) for each, slot in record.attributes.items()}

    def write(plain: dict[str, Any]) -> str:
        given = [f' {each}="{writer(plain[each])}"' for each, writer in writers.items() if each in plain]
        return f"<{name}{''.join(given)}>{text(plain[value_name])}{end}"

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
        case _:
            return str  # codes hold no markup in any list; numbers and times are plain


def _escaped(text: str) -> str:
    return text.translate(_TEXT) if "&" in text or "<" in text or ">" in text or "\r" in text else text


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _decimal(text: str) -> str:
    return text if text.upper() == text.lower() else positional(text)
