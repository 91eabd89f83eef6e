"""A validated XML tree to typed structs: a walk guided by the binding table, then msgspec's conversion in C.

The walk trusts the validation before it: it knows every element, and no text is read that the schema does not allow.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

import msgspec
from lxml import etree
from msgspec import Struct

from .binding import ANY, TAG_FIELD, XSI, Kind, Place, Record, Slot
from .finding import Finding, Rejected, Text

T = TypeVar("T", bound=Struct)

BLANKS: Final = " \t\r\n"
"""White space as XML has it; Python's own idea of it includes the ideographic space, which is a character here."""

_IRREGULAR: Final = re.compile(r"[ \t\r\n]+")
_INTEGER: Final = re.compile(r"[ \t\r\n]*([+-]?)0*([0-9]+)[ \t\r\n]*")
_DIGITS_MAX: Final = 4300
"""Digits that `int` reads before it refuses, for the time that takes."""
_PLACE: Final = re.compile(r"`\$?(.*)`$")

TRIM: Final = 0
COLLAPSE: Final = 1
RECORD: Final = 2
QUANTITY: Final = 3
CALL: Final = 4
VERBATIM: Final = 5
LEAF: Final = 6
ELEMENT: Final = 7
INTEGER: Final = 8
STRUCT: Final = 9

Step = tuple[str, int, Any, bool]
"""What to do with a child element: its name in the plain data, the action, what the action needs, repeatable or not.

TRIM: text without blanks around it. COLLAPSE: text with all its white space collapsed. VERBATIM: text as written.
INTEGER: a whole number. RECORD: a record of child elements; needs its steps. STRUCT: the same, made into its struct at
once; needs the steps and the type. ELEMENT: a record with attributes; needs the steps and how each attribute is read,
`{tag: (name, TRIM, COLLAPSE or VERBATIM)}`. QUANTITY: a trimmed text with one attribute that is always there; needs
their names. LEAF: a text with attributes; needs the text's name, how it is read, and the attributes as ELEMENT does.
CALL: anything rarer; needs a function of the element.
"""

_XSI: Final = f"{{{XSI}}}"
_TYPE: Final = f"{_XSI}type"
_NIL: Final = f"{_XSI}nil"


class Decoder(Generic[T]):
    """Reads validated trees of one root element into structs of one type.

    An `xsi:type` counts where the struct has a union for it. Elsewhere it names a restriction of what is expected,
    which tells nothing new, or an extension: children, and attributes beside others, that the struct has no place for
    are refused.
    """

    def __init__(self, record: Record, type_: type[T]) -> None:
        self.type = type_
        self._record = record
        self._root = _structure(record, _Tables(_Tables()))

    def decode(self, root: etree._Element, is_bare: bool = False) -> T:
        """The struct for a tree that the schema has found valid.

        `is_bare` says that it has no comments and no processing instructions, which spares a look for them.

        Raises Rejected (`invalid`) for a value that is valid by the schema and has no counterpart in Python.
        """
        root = root if is_bare else without_comments(root)
        try:
            return msgspec.convert(_value(root, *self._root), self.type, strict=False)
        except (msgspec.ValidationError, _Misplaced):
            return self._in_one_piece(root)

    def _in_one_piece(self, root: etree._Element) -> T:
        """The same without structs made at once, which do not know where they stand when one is refused."""
        try:
            plain = _value(root, *_structure(self._record, _Tables()))
            return msgspec.convert(plain, self.type, strict=False)
        except msgspec.ValidationError as error:
            raise Rejected("invalid", (_unreadable(error, etree.QName(root).localname),)) from None
        except _Misplaced as error:
            raise Rejected("invalid", (error.finding,)) from None


class _Misplaced(Exception):
    """An element where its parent's struct has no place for it; only an `xsi:type` brings one there."""

    def __init__(self, element: Any) -> None:
        super().__init__(element.tag)
        names = [etree.QName(each).localname for each in (element, *element.iterancestors())]
        message = Text("The element belongs to a type that is not taken here.", "该元素属于此处不接受的类型。")
        self.finding = Finding(
            code="element-unexpected", pointer=f"/{'/'.join(reversed(names))}", message=message, line=element.sourceline
        )


def without_comments(root: etree._Element) -> etree._Element:
    """The tree itself, or a copy without its comments and processing instructions, which would cut texts in two."""
    if next(root.iter(etree.Comment, etree.ProcessingInstruction), None) is None:
        return root
    root = copy.deepcopy(root)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return root


def _read(element: Any, steps: dict[str, Step]) -> dict[str, Any]:  # noqa: C901 - the hot loop, written out
    """The plain data of an element. Most of decoding is spent here, so the commonest actions are written out."""
    plain: dict[str, Any] = {}
    for child in element[:]:  # a list of all children at once costs less than an iterator over them
        try:
            name, action, needs, repeatable = steps[child.tag]
        except KeyError:
            name, action, needs, repeatable = _wildcard(child, steps)
        value: Any
        if action == RECORD:
            value = _read(child, needs)
        elif action <= COLLAPSE:  # or TRIM
            value = (child.text or "").strip(" \t\r\n")
            if action and ("  " in value or not value.isprintable()):  # tabs and line ends are not
                value = collapsed(value)
        elif action == LEAF:
            content, mode, attributes = needs
            text = child.text or ""
            if mode != VERBATIM:
                text = text.strip(" \t\r\n")
                if mode and ("  " in text or not text.isprintable()):
                    text = collapsed(text)
            value = {content: text}
            given = child.items()
            if given:
                _attributes(child, given, attributes, value)
        elif action == QUANTITY:
            content, attribute = needs
            value = {
                content: (child.text or "").strip(" \t\r\n"),
                attribute: child.get(attribute, "").strip(" \t\r\n"),
            }
        elif action == INTEGER:
            value = _integer(child.text or "")
        else:
            value = _value(child, action, needs)
        if not repeatable:
            plain[name] = value
        elif name in plain:
            plain[name].append(value)
        else:
            plain[name] = [value]
    return plain


def _value(element: Any, action: int, needs: Any) -> Any:
    """The plain data of one element by itself: the rarer actions, and those of a root."""
    if action == CALL:
        return needs(element)
    if action == INTEGER:
        return _integer(element.text or "")
    if action == STRUCT:
        steps, type_ = needs
        return msgspec.convert(_read(element, steps), type_, strict=False)
    if action in _MODES:
        return _MODES[action](element.text or "")
    if action == RECORD:
        return _read(element, needs)
    if action == ELEMENT:
        steps, attributes = needs
        plain = _read(element, steps)
        _attributes(element, element.items(), attributes, plain)
        return plain
    content, mode, attributes = needs
    plain = {content: _MODES[mode](element.text or "")}
    _attributes(element, element.items(), attributes, plain)
    return plain


def _attributes(
    element: Any, given: list[tuple[str, str]], attributes: dict[str, tuple[str, int]], plain: dict[str, Any]
) -> None:
    """The attributes of an element; `xsi:` ones need no place, and others without one come with an `xsi:type`."""
    for tag, text in given:
        known = attributes.get(tag)
        if known is not None:
            name, mode = known
            plain[name] = text if mode == VERBATIM else collapsed(text)
        elif not tag.startswith(_XSI):
            raise _Misplaced(element)


def _wildcard(child: Any, steps: dict[str, Step]) -> Step:
    tag = child.tag
    namespace = tag[1:].partition("}")[0] if tag[0] == "{" else ""
    step = steps.get(f"{{{namespace}}}") or steps.get(ANY)
    if step is None:
        raise _Misplaced(child)
    return step


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
    text = etree.tostring(element, method="c14n", exclusive=True, with_comments=False).decode()
    start = text.partition(">")[0]
    if ' xmlns="' in start or next(element.iter("{}*"), None) is None:
        return text
    name = start.rstrip("/").partition(" ")[0]
    return f'{name} xmlns=""{text[len(name) :]}'  # elements without a namespace must not fall into the document's


class _Tables:
    """The steps of the records of one message, each made once.

    With tables for what is `inside`, a repeatable record that has repeatable ones in it becomes a struct as soon as it
    is read, and what is in it is read by those. Otherwise the plain data of a document with a thousand items would be
    there all at once, more of it than a processor's caches hold, and each item would take longer the more there are.
    """

    def __init__(self, inside: _Tables | None = None) -> None:
        self.steps: dict[int, dict[str, Step]] = {}
        self.inside = inside


def _steps(record: Record, known: _Tables) -> dict[str, Step]:
    if id(record) in known.steps:
        return known.steps[id(record)]
    steps = known.steps[id(record)] = {}
    for tag, slot in record.by_tag.items():
        steps[tag] = (slot.name, *_action(tag, slot, known), slot.repeatable)
    return steps


def _structure(record: Record, known: _Tables) -> tuple[int, Any]:
    """How the element of a record is read."""
    if record.content is not None:
        return _leaf(record.content, list(record.attributes.values()))
    if record.tag is not None:
        return CALL, _tagged(record, known)
    steps = _steps(record, known)
    if not record.attributes:
        return RECORD, steps
    if any(_mode(slot) == CALL for slot in record.attributes.values()):
        return CALL, _with_attributes(record, steps)
    return ELEMENT, (steps, {slot.tag: (slot.name, _mode(slot)) for slot in record.attributes.values()})


def _action(tag: str, slot: Slot, known: _Tables) -> tuple[int, Any]:
    action: tuple[int, Any]
    if slot.place is Place.WILDCARD:
        return CALL, whole
    if slot.place is Place.ITEMS and slot.record is not None:
        return CALL, _item(slot.record.by_tag[tag], tag, known)
    if slot.variants is not None:
        action = CALL, _variant(slot, known)
    elif slot.record is not None:
        action = _structure(slot.record, known)
        is_large = slot.repeatable and any(each.repeatable for each in slot.record.slots)
        if action[0] == RECORD and is_large and known.inside is not None:
            action = STRUCT, (_steps(slot.record, known.inside), slot.record.type)
    else:
        mode = INTEGER if slot.kind is Kind.INTEGER else _mode(slot)
        action = (CALL, _reader_of_text(_text_reader(slot))) if mode == CALL else (mode, None)
    if slot.default is not None:
        action = CALL, _defaulted(action, slot.default)
    return (CALL, _nillable(action)) if slot.nillable else action


def _mode(slot: Slot) -> int:
    """How a text is read; CALL for one that needs more than its white space seen to."""
    if slot.kind in (Kind.INTEGER, Kind.BINARY, Kind.DOUBLE):
        return CALL
    if slot.kind is Kind.TEXT:
        return VERBATIM if slot.verbatim else COLLAPSE
    return TRIM


def _leaf(content: Slot, attributes: list[Slot]) -> tuple[int, Any]:
    """How an element of text and attributes is read."""
    mode = _mode(content)
    if any(_mode(each) == CALL for each in (content, *attributes)):
        return CALL, _leaf_reader(content, attributes)
    is_quantity = mode == TRIM and len(attributes) == 1 and _mode(attributes[0]) == TRIM and attributes[0].required
    if is_quantity and attributes[0].name == attributes[0].tag:
        return QUANTITY, (content.name, attributes[0].name)
    return LEAF, (content.name, mode, {each.tag: (each.name, _mode(each)) for each in attributes})


def _leaf_reader(content: Slot, attributes: list[Slot]) -> Callable[[Any], dict[str, Any]]:
    read = _text_reader(content)
    read_attributes = _attribute_reader(attributes)

    def read_leaf(element: Any) -> dict[str, Any]:
        return {content.name: read(element.text or "")} | read_attributes(element)

    return read_leaf


def _with_attributes(record: Record, steps: dict[str, Step]) -> Callable[[Any], dict[str, Any]]:
    read_attributes = _attribute_reader(list(record.attributes.values()))
    return lambda element: _read(element, steps) | read_attributes(element)


def _attribute_reader(slots: list[Slot]) -> Callable[[Any], dict[str, Any]]:
    readers = {slot.tag: (slot.name, _text_reader(slot)) for slot in slots}

    def read_attributes(element: Any) -> dict[str, Any]:
        known = [(readers[tag], text) for tag, text in element.items() if tag in readers]
        return {name: read(text) for (name, read), text in known}

    return read_attributes


def _reader_of_text(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda element: read(element.text or "")


def _item(slot: Slot, tag: str, known: _Tables) -> Callable[[Any], dict[str, Any]]:
    """The reader of one child of several names: an object with the one member."""
    action, needs = _action(tag, slot, known)
    if slot.place is Place.WILDCARD or not slot.repeatable:
        return lambda element: {slot.name: _value(element, action, needs)}
    return lambda element: {slot.name: [_value(element, action, needs)]}


def _tagged(record: Record, known: _Tables) -> Callable[[Any], dict[str, Any]]:
    """The reader of a struct that is one of a union wherever there is one."""
    steps = _steps(record, known)
    read_attributes = _attribute_reader(list(record.attributes.values()))
    return lambda element: {TAG_FIELD: record.tag} | _read(element, steps) | read_attributes(element)


def _variant(slot: Slot, known: _Tables) -> Callable[[Any], dict[str, Any]]:
    """The reader of an element whose `xsi:type` says which struct it is."""
    readers = {tag: _structure(record, known) for tag, record in (slot.variants or {}).items()}
    declared = slot.record.tag if slot.record is not None else None

    def read_variant(element: Any) -> dict[str, Any]:
        given = element.get(_TYPE)
        if given is None:
            return dict(_value(element, *readers[declared or ""]))
        prefix, colon, local = collapsed(given).rpartition(":")
        namespace = element.nsmap.get(prefix if colon else None)
        found = readers.get(f"{{{namespace}}}{local}" if namespace else local)
        return dict(_value(element, *(found or readers[declared or ""])))

    return read_variant


def _nillable(action: tuple[int, Any]) -> Callable[[Any], Any]:
    return lambda element: None if collapsed(element.get(_NIL, "false")) in ("true", "1") else _value(element, *action)


def _defaulted(action: tuple[int, Any], default: str) -> Callable[[Any], Any]:
    def read_defaulted(element: Any) -> Any:
        if not element.text:
            element = copy.copy(element)
            element.text = default
        return _value(element, *action)

    return read_defaulted


def _text_reader(slot: Slot) -> Callable[[str], Any]:
    """How text becomes what msgspec reads: integers because XML Schema allows `+3` and `007`, which JSON does not."""
    if slot.kind is Kind.INTEGER:
        return _integer
    if slot.kind is Kind.BINARY:
        return lambda text: "".join(text.split())
    if slot.kind is Kind.DOUBLE:
        return lambda text: Decimal(text.strip(BLANKS))
    return _MODES[_mode(slot)]


def _integer(text: str) -> int:
    """The integer, however many zeros it starts with: Python itself reads a few thousand digits at most.

    Raises msgspec's ValidationError past that, for a type that the schema puts no bounds to.
    """
    if text.isdecimal() and text.isascii() and len(text) <= _DIGITS_MAX:
        return int(text)
    match = _INTEGER.fullmatch(text)
    if match is None or len(match[2]) > _DIGITS_MAX:
        raise msgspec.ValidationError(f"Expected an `int` of at most {_DIGITS_MAX} digits")
    return int(match[1] + match[2])


_MODES: Final[dict[int, Callable[[str], str]]] = {TRIM: _trimmed, COLLAPSE: collapsed, VERBATIM: str}


def _unreadable(error: msgspec.ValidationError, root: str) -> Finding:
    words, _, where = str(error).partition(" - at ")
    match = _PLACE.match(where)
    path = re.sub(r"\[(\d+)\]", lambda index: f"[{int(index[1]) + 1}]", match[1] if match else "")
    return Finding(
        code="value-type",
        pointer=f"/{root}{path.replace('.', '/')}",
        message=Text(f"The value cannot be read: {words}.", f"无法读取该值：{words}。"),
    )
