"""The JSON twin of a message: the same elements under the same names, read through the same schema.

A JSON document is written as XML along the binding table and then goes the way of all XML, so there is one set of
rules and one set of findings. What XML cannot say (a list where one value belongs, a member given twice, a character
that XML does not have) becomes a finding here. Pointers are XPaths over element names all the same.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec
from lxml import etree
from msgspec import Struct

from . import wording
from .alignment import alike
from .binding import ANY, TAG_FIELD, XSI, Kind, Place, Record, Slot
from .decoder import whole
from .encoder import HEAD, Opening, escape, escape_attribute, positional, prefixes_of, typed
from .explaining import check_place
from .finding import Finding, Rejected, Text
from .json_pointer import escaped, json_pointer
from .json_reasons import constant_place, reason
from .limits import DEFAULT, FINDING_COUNT_MAX, VALUE_CHARS_MAX, Limits
from .parser import check_readable, malformed, parse, too_large

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry in any form (section 2.2), lone surrogates among them."""

_DATE_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
"""A time as RFC 3339 has it, where `t` and `z` may be small letters (section 5.6)."""

_WHOLE: Final = re.compile("-?[0-9]{1,40}")

_NUMBER_DIGITS_MAX: Final = 40
"""Digits of a number written out without its exponent: more than any value has."""

_EXPONENT_CHARS_MAX: Final = 4

_NOT_UTF_8: Final = Text("bytes that are not UTF-8, in which it has to be", "含有非 UTF-8 字节，文档须采用 UTF-8 编码")


class Twin(Struct):
    """A JSON document written as XML, and what could not be."""

    xml: bytes | None
    """None where there is not even a root element."""
    findings: list[Finding]
    excused: list[str]
    """Pointers at or under which the schema's findings only follow from `findings`."""

    def is_excused(self, pointer: str) -> bool:
        """Whether a mistake at `pointer` follows from one that is listed here already."""
        return any(pointer == each or pointer.startswith((f"{each}/", f"{each}[")) for each in self.excused)


class Number(str):
    """A JSON number as it is written."""

    __slots__ = ()

    @property
    def written_out(self) -> str:
        """The same number without an exponent, and a whole one without a fraction; itself where that is too long."""
        if len(self.lower().partition("e")[2]) > _EXPONENT_CHARS_MAX:
            return str(self)
        value = Decimal(self)
        if value and abs(value.adjusted()) > _NUMBER_DIGITS_MAX:
            return str(self)
        return str(int(value)) if value == value.to_integral_value() else f"{value:f}"


class _Doubled(dict[str, Any]):
    """An object that gives a member twice; `names` are those members'."""

    names: frozenset[str] = frozenset()


def read(data: bytes, limits: Limits) -> Any:
    """The plain data of a JSON document: numbers as they are written, never as floats.

    Raises Rejected: `too-large`, `forbidden-construct` for another encoding than UTF-8, `not-well-formed`.
    """
    if len(data) > limits.body_bytes_max:
        raise too_large("body-too-large", limits.body_bytes_max, "bytes", "字节", len(data))
    values = data.count(b",") + data.count(b"[") + data.count(b"{")
    if values > limits.element_count_max + limits.attribute_count_max:
        most = limits.element_count_max + limits.attribute_count_max
        raise too_large("elements-too-many", most, "values", "个值", values)
    check_readable(data, "JSON", " JSON")
    text = ""
    try:
        text = data.decode("utf-8-sig")
        return _DECODER.decode(text)
    except UnicodeDecodeError as error:
        place = (data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start))
        raise malformed("JSON", " JSON", place, _NOT_UTF_8) from None
    except json.JSONDecodeError as error:
        raise malformed("JSON", " JSON", (error.lineno, error.colno), reason(error)) from None
    except _NotANumber as error:
        words = Text(f"{error} is not a JSON number", f"{error} 不是 JSON 数值")
        raise malformed("JSON", " JSON", constant_place(text), words) from None
    except RecursionError:
        raise too_large("nesting-too-deep", limits.depth_max, "levels of nesting", "层嵌套") from None


def read_plain(data: bytes, limits: Limits = DEFAULT) -> Any:
    """The plain data of a JSON document that no schema describes: whole numbers as integers, however they are written.

    Raises Rejected as `read` does, and `invalid` with a finding for each member that is given twice: its pointer has
    the names of members, and places in lists from 1.
    """
    findings: list[Finding] = []
    plain = _plain(read(data, limits), "", findings)
    if findings:
        raise Rejected("invalid", tuple(findings[:FINDING_COUNT_MAX]))
    return plain


def _plain(value: Any, pointer: str, findings: list[Finding]) -> Any:
    if isinstance(value, dict):
        for name in sorted(getattr(value, "names", ())):
            shown = _NOT_IN_XML.sub("?", wording.shortened(name))
            findings.append(wording.given_twice(f"{pointer}/{shown}", shown))
        return {name: _plain(each, f"{pointer}/{name}", findings) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, f"{pointer}[{place}]", findings) for place, each in enumerate(value, 1)]
    if isinstance(value, Number):
        digits = value.written_out
        return int(digits) if _WHOLE.fullmatch(digits) else float(value)
    return value


def written_as_xml(document: Any, record: Record, root: str, namespace: str, path: Path) -> Twin:
    """`document` as XML with the root element `root`, along `record`; `path` is the XSD that names things."""
    writer = _Writer(path)
    writer.record(document, record, Opening(root, namespace, "", ""), f"/{root}")
    xml = (HEAD + "".join(writer.pieces)).encode() if writer.pieces else None
    return Twin(xml, writer.findings, writer.excused)


def encoded(value: Struct, record: Record) -> bytes:
    """A struct as JSON in UTF-8: codes, decimals and times as strings, no exponents, nothing for what is absent."""
    plain = msgspec.to_builtins(value)
    _write_out_decimals(plain, record)
    return msgspec.json.encode(plain)


class _Writer:
    """Writes plain data as XML and collects what cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pieces: list[str] = []
        self.findings: list[Finding] = []
        self.excused: list[str] = []

    def record(self, value: Any, record: Record, opening: Opening, pointer: str) -> None:
        if not isinstance(value, dict):
            names = ", ".join(record.by_name)
            self._misshapen(pointer, value, Text(f"an object with {names}", f"含有 {names} 的对象"))
            return
        self._members(value, record, pointer)
        prefixes = prefixes_of(record.attributes)
        attributes = "".join(self._attribute(value, slot, prefixes, pointer) for slot in record.attributes.values())
        self.pieces.append(f"{opening.start(prefixes)}{attributes}>")
        if record.content is not None:
            text = self._text(value.get(record.content.name), record.content, pointer)
            self.pieces.append(escape(text or ""))
        else:
            self._children(value, record, opening.namespace, pointer)
        self.pieces.append(f"</{opening.name}>")

    def _children(self, value: dict[str, Any], record: Record, around: str, pointer: str) -> None:
        for slot in record.slots:
            given = value.get(slot.name)
            if slot.place in (Place.ATTRIBUTE, Place.CONTENT):
                continue
            if given is None and not (slot.nillable and slot.name in value):
                continue
            if slot.place is Place.ITEMS:
                self._items(given, slot, around, pointer)
            else:
                self._child(
                    given, slot, around, f"{pointer}/{slot.local if slot.place is Place.ELEMENT else slot.name}"
                )

    def _items(self, value: Any, slot: Slot, around: str, pointer: str) -> None:
        if not isinstance(value, list) or slot.record is None:
            self._misshapen(f"{pointer}/{slot.name}", value, Text("a list", "列表"))
            return
        counts: Counter[str] = Counter()
        for index, each in enumerate(value, 1):
            if not isinstance(each, dict) or len(each) != 1 or not each.keys() <= slot.record.by_name.keys():
                names = ", ".join(slot.record.by_name)
                words = Text(f"an object with one of {names}", f"含有 {names} 之一的对象")
                self._misshapen(f"{pointer}/{slot.name}[{index}]", each, words)
                continue
            ((name, given),) = each.items()
            counts[name] += 1
            one = slot.record.by_name[name]
            self._one(given, one, around, f"{pointer}/{one.local}[{counts[name]}]")

    def _child(self, value: Any, slot: Slot, around: str, pointer: str) -> None:
        if not slot.repeatable:
            self._one(value, slot, around, pointer)
        elif isinstance(value, list):
            for index, each in enumerate(value, 1):
                known = len(self.findings), len(self.pieces)
                self._one(each, slot, around, f"{pointer}[{index}]")
                if len(self.findings) > known[0] and len(self.pieces) == known[1]:
                    # What could not be written keeps its place, or those after it would be told the wrong index.
                    self.pieces.append(f"{Opening(slot.local, slot.namespace, around, '').start({})}></{slot.local}>")
        else:
            self._misshapen(pointer, value, Text("a list", "列表"))

    def _one(self, value: Any, slot: Slot, around: str, pointer: str) -> None:
        opening = Opening(slot.local, slot.namespace, around, "")
        if slot.place is Place.WILDCARD:
            self._foreign(value, slot, pointer)
        elif value is None and slot.nillable:
            self.pieces.append(f'{opening.start({XSI: "xsi"})} xsi:nil="true"></{slot.local}>')
        elif slot.variants is not None:
            self._variant(value, slot, slot.variants, opening, pointer)
        elif slot.record is not None:
            self.record(value, slot.record, opening, pointer)
        else:
            text = self._text(value, slot, pointer)
            if text is not None:
                self.pieces.append(f"{opening.start({})}>{escape(text)}</{slot.local}>")

    def _variant(self, value: Any, slot: Slot, variants: dict[str, Record], opening: Opening, pointer: str) -> None:
        """An element that says by `xsi:type` what it holds; one that does not is what its declaration says."""
        expected = None if slot.is_abstract or slot.record is None else slot.record.tag
        tag = value.get(TAG_FIELD, expected) if isinstance(value, dict) else expected
        record = variants.get(tag) if isinstance(tag, str) else None
        if record is None:
            shown = wording.one_of(list(variants))
            self._misshapen(pointer, tag if tag is not None else value, shown)
        else:
            self.record(value, record, opening if tag == expected else typed(opening, str(tag)), pointer)

    def _attribute(self, value: dict[str, Any], slot: Slot, prefixes: dict[str, str], pointer: str) -> str:
        text = self._text(value.get(slot.name), slot, f"{pointer}/@{slot.local}")
        name = f"{prefixes[slot.namespace]}:{slot.local}" if slot.namespace else slot.local
        return "" if text is None else f' {name}="{escape_attribute(text)}"'

    def _text(self, value: Any, slot: Slot, pointer: str) -> str | None:
        """The text of a value, None for one that is absent or has no text."""
        if value is None:
            return None
        written = _written(value, slot.kind)
        if written is None:
            self._misshapen(pointer, value, _KINDS.get(slot.kind, Text("a text in quotes", "加引号的文字")))
            return None
        if _NOT_IN_XML.search(written):
            self._found("character-forbidden", pointer, written, Text("characters that XML allows", "XML 允许的字符"))
            return None
        return written.replace("Infinity", "INF") if slot.kind is Kind.DOUBLE else written

    def _foreign(self, value: Any, slot: Slot, pointer: str) -> None:
        """A foreign element, given as XML text: parsed on its own, so that it cannot be anything but one element."""
        where = "any namespace" if slot.namespace == ANY else slot.namespace
        expected = Text(f"one XML element in {where}", f"{where} 中的一个 XML 元素")
        try:
            element = parse(value.encode()) if isinstance(value, str) else None
        except (Rejected, UnicodeEncodeError):
            element = None
        namespace = None if element is None else etree.QName(element).namespace or ""
        if element is None or (slot.namespace != ANY and namespace not in slot.namespace.split(" ")):
            self._misshapen(pointer, value, expected)
        else:
            self.pieces.append(whole(element))

    def _members(self, value: dict[str, Any], record: Record, pointer: str) -> None:
        """Members that the record does not have, and members given twice."""
        unknown = [name for name in value if name not in record.by_name and (name != TAG_FIELD or record.tag is None)]
        if len(self.findings) > FINDING_COUNT_MAX or not (unknown or isinstance(value, _Doubled)):
            return
        lacking = [name for name, slot in record.by_name.items() if slot.required and value.get(name) is None]
        where = self._named(pointer)
        for name in unknown[: FINDING_COUNT_MAX + 1]:
            meant = alike(name, lacking)
            if meant is not None:
                lacking.remove(meant)
                self.excused.append(f"{pointer}/{meant}")
            shown = _NOT_IN_XML.sub("?", wording.shortened(name))
            allowed = list(record.by_name) if meant is None else [meant]
            finding = wording.unexpected(f"{pointer}/{shown}", None, shown, where, allowed)
            exact = "" if len(name) > VALUE_CHARS_MAX else f"/{escaped(name)}"
            self.findings.append(msgspec.structs.replace(finding, json_pointer=json_pointer(pointer) + exact))
        if isinstance(value, _Doubled):
            for name in sorted(value.names & record.by_name.keys()):
                own = f"{pointer}/{name}"
                self.excused.append(own)
                self.findings.append(wording.repeated(own, None, self._named(own), where, 1))

    def _named(self, pointer: str) -> Text:
        check_place()
        from .explanation import named_at  # xmlschema takes longer to import than all the rest, and few need it

        return named_at(self.path, pointer)

    def _misshapen(self, pointer: str, value: Any, expected: Text) -> None:
        self._found("value-shape", pointer, _shown(value), expected)

    def _found(self, code: str, pointer: str, value: str, expected: Text) -> None:
        if len(self.findings) > FINDING_COUNT_MAX:
            return
        self.excused.append(pointer)
        what = self._named(pointer)
        shown = _NOT_IN_XML.sub("?", value)
        self.findings.append(wording.value_wrong(code, pointer, None, what, shown, expected))


_KINDS: Final = {
    Kind.BOOLEAN: Text("true or false, without quotes", "true 或 false，不加引号"),
    Kind.INTEGER: Text("a whole number, without quotes", "整数，不加引号"),
    Kind.DECIMAL: Text("a decimal number, as text or as a number", "小数，可写作文字或数值"),
    Kind.DOUBLE: Text("a number, as text or as a number", "数值，可写作文字或数值"),
}
"""What stands for a value in JSON, as the interface describes it; for all else it is text."""


def _written(value: Any, kind: Kind) -> str | None:
    """The text in XML of what stands for a value of this kind; None for what stands for another."""
    if kind is Kind.BOOLEAN:
        return ("true" if value else "false") if isinstance(value, bool) else None
    if isinstance(value, Number):
        if kind is Kind.DOUBLE:
            return str(value)
        return value.written_out if kind in (Kind.INTEGER, Kind.DECIMAL) else None
    if not isinstance(value, str) or kind is Kind.INTEGER:
        return None
    time = _DATE_TIME.fullmatch(value) if kind is Kind.DATE_TIME else None
    return value if time is None else f"{time[1]}T{time[2]}{time[3].upper()}"


class _NotANumber(Exception):
    """NaN or an infinity, which Python's reader would take."""


def _refuse_constant(name: str) -> NoReturn:
    raise _NotANumber(name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    doubled = _Doubled(members)
    doubled.names = frozenset(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
    return doubled


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=_refuse_constant
)


def _shown(value: Any) -> str:
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
    return str(value)


def _write_out_decimals(plain: dict[str, Any], record: Record) -> None:
    for name, value in plain.items():
        slot = record.by_name.get(name)
        if slot is None or value is None:
            continue
        if slot.record is not None:
            for each in value if slot.repeatable else (value,):
                if each is not None:
                    _write_out_decimals(each, (slot.variants or {}).get(each.get(TAG_FIELD), slot.record))
        elif slot.kind is Kind.DECIMAL:
            plain[name] = [_written_out(each) for each in value] if slot.repeatable else _written_out(value)


def _written_out(value: str | None) -> str | None:
    return value if value is None or value.upper() == value.lower() else positional(value)
