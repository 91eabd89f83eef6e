"""The JSON twin of a message: the same elements under the same names, read through the same schema.

A JSON document is written as XML along the binding table and then goes the way of all XML, so there is one set of
rules and one set of findings. What XML cannot say (a list where one value belongs, a member given twice, a character
that XML does not have) becomes a finding here. Pointers are XPaths over element names all the same.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec
from msgspec import Struct

from . import wording
from .alignment import alike
from .binding import Kind, Place, Record, Slot
from .decoder import whole
from .encoder import HEAD, escape, escape_attribute, positional
from .finding import Finding, Rejected, Text
from .limits import FINDING_COUNT_MAX, Limits
from .parser import parse, too_large

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry in any form (section 2.2), lone surrogates among them."""


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
    try:
        return _DECODER.decode(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _malformed(line, Text("bytes that are not UTF-8", "含有非 UTF-8 字节")) from None
    except json.JSONDecodeError as error:
        words = Text(error.msg[:1].lower() + error.msg[1:], "不符合 JSON 语法")
        raise _malformed(error.lineno, words) from None
    except _NotANumber as error:
        words = Text(f"{error} is not a JSON number", f"{error} 不是 JSON 数值")
        raise _malformed(None, words) from None
    except RecursionError:
        raise too_large("nesting-too-deep", limits.depth_max, "levels of nesting", "层嵌套") from None


def written_as_xml(document: Any, record: Record, root: str, namespace: str, path: Path) -> Twin:
    """`document` as XML with the root element `root`, along `record`; `path` is the XSD that names things."""
    writer = _Writer(path)
    opening = f'{root} xmlns="{escape_attribute(namespace)}"'
    writer.record(document, record, opening, root, f"/{root}")
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

    def record(self, value: Any, record: Record, opening: str, name: str, pointer: str) -> None:
        if not isinstance(value, dict):
            names = ", ".join(record.by_name)
            self._misshapen(pointer, value, Text(f"an object with {names}", f"含有 {names} 的对象"))
            return
        self._members(value, record, pointer)
        attributes = "".join(self._attribute(value, slot, pointer) for slot in record.attributes.values())
        self.pieces.append(f"<{opening}{attributes}>")
        for slot in record.slots:
            if slot.place is Place.CONTENT:
                text = self._text(value.get(slot.name), slot, pointer)
                self.pieces.append(escape(text or ""))
            elif slot.place is not Place.ATTRIBUTE and value.get(slot.name) is not None:
                self._child(value[slot.name], slot, f"{pointer}/{slot.name}")
        self.pieces.append(f"</{name}>")

    def _child(self, value: Any, slot: Slot, pointer: str) -> None:
        if not slot.repeatable:
            self._one(value, slot, pointer)
        elif isinstance(value, list):
            for index, each in enumerate(value, 1):
                self._one(each, slot, f"{pointer}[{index}]")
        else:
            self._misshapen(pointer, value, Text("a list", "列表"))

    def _one(self, value: Any, slot: Slot, pointer: str) -> None:
        if slot.place is Place.WILDCARD:
            self._foreign(value, slot, pointer)
        elif slot.record is not None:
            self.record(value, slot.record, slot.name, slot.name, pointer)
        else:
            text = self._text(value, slot, pointer)
            if text is not None:
                self.pieces.append(f"<{slot.name}>{escape(text)}</{slot.name}>")

    def _attribute(self, value: dict[str, Any], slot: Slot, pointer: str) -> str:
        text = self._text(value.get(slot.name), slot, f"{pointer}/@{slot.name}")
        return "" if text is None else f' {slot.name}="{escape_attribute(text)}"'

    def _text(self, value: Any, slot: Slot, pointer: str) -> str | None:
        """The text of a value, None for one that is absent or has no text."""
        if value is None:
            return None
        if isinstance(value, bool) and slot.kind is Kind.BOOLEAN:
            return "true" if value else "false"
        if not isinstance(value, str):
            self._misshapen(pointer, value, Text("one value", "单个值"))
            return None
        if _NOT_IN_XML.search(value):
            self._found("character-forbidden", pointer, value, Text("characters that XML allows", "XML 允许的字符"))
            return None
        return value

    def _foreign(self, value: Any, slot: Slot, pointer: str) -> None:
        """A foreign element, given as XML text: parsed on its own, so that it cannot be anything but one element."""
        expected = Text(f"one XML element in {slot.tag[1:-1]}", f"{slot.tag[1:-1]} 中的一个 XML 元素")
        try:
            element = parse(value.encode()) if isinstance(value, str) else None
        except (Rejected, UnicodeEncodeError):
            element = None
        if element is None or not str(element.tag).startswith(slot.tag):
            self._misshapen(pointer, value, expected)
        else:
            self.pieces.append(whole(element))

    def _members(self, value: dict[str, Any], record: Record, pointer: str) -> None:
        """Members that the record does not have, and members given twice."""
        unknown = [name for name in value if name not in record.by_name]
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
            self.findings.append(wording.unexpected(f"{pointer}/{shown}", None, shown, where, allowed))
        if isinstance(value, _Doubled):
            for name in sorted(value.names & record.by_name.keys()):
                own = f"{pointer}/{name}"
                self.excused.append(own)
                self.findings.append(wording.repeated(own, None, self._named(own), where, 1))

    def _named(self, pointer: str) -> Text:
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
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_refuse_constant
)


def _shown(value: Any) -> str:
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case bool():
            return "true" if value else "false"
    return str(value)


def _malformed(line: int | None, reason: Text) -> Rejected:
    where = Text("", "") if line is None else Text(f" in line {line}", f"第 {line} 行")
    message = Text(f"The document is not JSON{where.en}: {reason.en}.", f"文档不是 JSON，{where.zh}：{reason.zh}。")
    return Rejected("not-well-formed", (Finding("not-well-formed", "/", message, line=line),))


def _write_out_decimals(plain: dict[str, Any], record: Record) -> None:
    for name, value in plain.items():
        slot = record.by_name[name]
        if slot.record is not None:
            for each in value if slot.repeatable else (value,):
                _write_out_decimals(each, slot.record)
        elif slot.kind is Kind.DECIMAL and value.upper() != value.lower():
            plain[name] = positional(value)
