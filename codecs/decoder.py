"""A validated XML tree to typed structs: a walk guided by the binding table, then msgspec's conversion in C.

The walk trusts the validation before it: it knows every element, and no text is read that the schema does not allow.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import msgspec
from lxml import etree
from msgspec import Struct

from .binding import Kind, Place, Record, Slot
from .finding import Finding, Rejected, Text

T = TypeVar("T", bound=Struct)

BLANKS: Final = " \t\r\n"
"""White space as XML has it; Python's own idea of it includes the ideographic space, which is a character here."""

_IRREGULAR: Final = re.compile(r"[ \t\r\n]+")
_PLACE: Final = re.compile(r"`\$?(.*)`$")

TRIM: Final = 0
COLLAPSE: Final = 1
RECORD: Final = 2
QUANTITY: Final = 3
CALL: Final = 4

Step = tuple[str, int, Any, bool]
"""What to do with a child element: its name in the plain data, the action, what the action needs, repeatable or not.

TRIM: text without blanks around it. COLLAPSE: text with all its white space collapsed. RECORD: a record of child
elements; needs its steps. QUANTITY: a trimmed text with one attribute, always there; needs their names. CALL: anything
rarer; needs a function of the element.
"""


class Decoder(Generic[T]):
    """Reads validated trees of one root element into structs of one type."""

    def __init__(self, record: Record, type_: type[T]) -> None:
        self.steps = _steps(record, {})
        self.type = type_

    def decode(self, root: etree._Element) -> T:
        """The struct for a tree that the schema has found valid.

        Raises Rejected (`invalid`) for a value that is valid by the schema and has no counterpart in Python.
        """
        plain = _read(without_comments(root), self.steps)
        try:
            return msgspec.convert(plain, self.type, strict=False)
        except msgspec.ValidationError as error:
            raise Rejected("invalid", (_unreadable(error, etree.QName(root).localname),)) from None


def without_comments(root: etree._Element) -> etree._Element:
    """The tree itself, or a copy without its comments and processing instructions, which would cut texts in two."""
    if next(root.iter(etree.Comment, etree.ProcessingInstruction), None) is None:
        return root
    root = copy.deepcopy(root)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return root


def _read(element: Any, steps: dict[str, Step]) -> dict[str, Any]:
    """The plain data of an element. Most of decoding is spent here, so the commonest actions are written out."""
    plain: dict[str, Any] = {}
    for child in element[:]:  # a list of all children at once costs less than an iterator over them
        name, action, needs, repeatable = steps.get(child.tag) or _wildcard(child.tag, steps)
        value: Any
        if action == TRIM:
            value = (child.text or "").strip(" \t\r\n")
        elif action == COLLAPSE:
            value = (child.text or "").strip(" \t\r\n")
            if "  " in value or "\n" in value or "\t" in value or "\r" in value:
                value = collapsed(value)
        elif action == RECORD:
            value = _read(child, needs)
        elif action == QUANTITY:
            content, attribute = needs
            value = {
                content: (child.text or "").strip(" \t\r\n"),
                attribute: child.get(attribute, "").strip(" \t\r\n"),
            }
        else:
            value = needs(child)
        if not repeatable:
            plain[name] = value
        elif name in plain:
            plain[name].append(value)
        else:
            plain[name] = [value]
    return plain


def _wildcard(tag: str, steps: dict[str, Step]) -> Step:
    return steps[f"{tag.partition('}')[0]}}}"]


def collapsed(text: str) -> str:
    """`text` with its white space collapsed (XML Schema part 2, section 4.3.6)."""
    text = text.strip(BLANKS)
    if "  " in text or "\n" in text or "\t" in text or "\r" in text:
        return _IRREGULAR.sub(" ", text)
    return text


def _trimmed(text: str) -> str:
    return text.strip(BLANKS)


def whole(element: etree._Element) -> str:
    """A foreign element as text, in exclusive canonical form: it needs no namespace declared around it."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False).decode()


def _steps(record: Record, known: dict[int, dict[str, Step]]) -> dict[str, Step]:
    if id(record) in known:
        return known[id(record)]
    steps = known[id(record)] = {}
    for tag, slot in record.by_tag.items():
        steps[tag] = (slot.name, *_action(slot, known), slot.repeatable)
    return steps


def _action(slot: Slot, known: dict[int, dict[str, Step]]) -> tuple[int, Any]:
    if slot.place is Place.WILDCARD:
        return CALL, whole
    if slot.record is None:
        if slot.kind is Kind.INTEGER:
            return CALL, lambda element: int(element.text)
        return (COLLAPSE if slot.kind is Kind.TEXT else TRIM), None
    content, attributes = slot.record.content, list(slot.record.attributes.values())
    if content is None:
        return RECORD, _steps(slot.record, known)
    is_plain = all(each.kind not in (Kind.TEXT, Kind.INTEGER) for each in (content, *attributes))
    if is_plain and len(attributes) == 1 and attributes[0].required:
        return QUANTITY, (content.name, attributes[0].name)
    return CALL, _leaf(content, attributes)


def _leaf(content: Slot, attributes: list[Slot]) -> Callable[[etree._Element], dict[str, Any]]:
    """The reader of an element of text and attributes."""
    read = _text_reader(content)
    readers = [(each.name, _text_reader(each)) for each in attributes]

    def read_leaf(element: etree._Element) -> dict[str, Any]:
        plain = {content.name: read(element.text or "")}
        for name, read_attribute in readers:
            given = element.get(name)
            if given is not None:
                plain[name] = read_attribute(given)
        return plain

    return read_leaf


def _text_reader(slot: Slot) -> Callable[[str], Any]:
    """How text becomes what msgspec reads: `int` because XML Schema allows `+3` and `007`, which JSON does not."""
    if slot.kind is Kind.TEXT:
        return collapsed
    return int if slot.kind is Kind.INTEGER else _trimmed


def _unreadable(error: msgspec.ValidationError, root: str) -> Finding:
    words, _, where = str(error).partition(" - at ")
    match = _PLACE.match(where)
    path = re.sub(r"\[(\d+)\]", lambda index: f"[{int(index[1]) + 1}]", match[1] if match else "")
    return Finding(
        code="value-type",
        pointer=f"/{root}{path.replace('.', '/')}",
        message=Text(f"The value cannot be read: {words}.", f"无法读取该值：{words}。"),
    )
