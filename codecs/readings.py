"""What a document that breaks its schema may mean: the struct that it would be, whatever stood in its gaps.

A gap is a value that is missing, or that a finding is about. Each reading fills all gaps in another way: with the least
and with the most that there is, with and without what may have been misspelled, and with codes that are asked for. What
is true of every reading is true of what can be read, and owes nothing to what was filled in. A valid document has none
of this: this is for saying, of one that is refused anyway, all that is wrong with it at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from enum import Enum
from itertools import zip_longest
from typing import Any, Final, Generic, TypeVar, cast

import msgspec
from lxml import etree
from msgspec import Struct

from .alignment import alike
from .binding import Kind, Place, Record, Slot
from .decoder import BLANKS, collapsed, whole
from .finding import Finding

T = TypeVar("T", bound=Struct)

Element = Any

_TYPES: Final[dict[Kind, type]] = {
    Kind.TEXT: str,
    Kind.BOOLEAN: bool,
    Kind.INTEGER: int,
    Kind.DECIMAL: Decimal,
    Kind.DOUBLE: Decimal,
    Kind.BINARY: bytes,
    Kind.DATE_TIME: dt.datetime,
    Kind.DATE: dt.date,
}
_LEAST: Final[dict[Kind, Any]] = {
    Kind.TEXT: "0000000000",
    Kind.BOOLEAN: False,
    Kind.INTEGER: 0,
    Kind.DECIMAL: Decimal("0.01"),
    Kind.DOUBLE: Decimal("0.01"),
    Kind.BINARY: b"\x00",
    Kind.DATE_TIME: dt.datetime(1900, 1, 1, tzinfo=dt.UTC),
    Kind.DATE: dt.date(1900, 1, 1),
}
_MOST: Final[dict[Kind, Any]] = {
    Kind.TEXT: "9999999999",
    Kind.BOOLEAN: True,
    Kind.INTEGER: 999_999_999,
    Kind.DECIMAL: Decimal(10**12),
    Kind.DOUBLE: Decimal(10**12),
    Kind.BINARY: b"\xff",
    Kind.DATE_TIME: dt.datetime(2999, 12, 31, tzinfo=dt.UTC),
    Kind.DATE: dt.date(2999, 12, 31),
}
_NOTHING: Final = etree.Element("nothing")


class Readings(Generic[T]):
    """The readings of one tree whose `findings` are known; `record` describes its root."""

    def __init__(self, root: Element, record: Record, findings: Iterable[Finding]) -> None:
        self._root = root
        self._record = record
        self._wrong = _Wrong(findings)
        self.open_codes: dict[type[Enum], tuple[str, ...]] = {}
        """The lists of codes from which a reading so far has filled one in."""

    @property
    def element_count(self) -> int:
        """Elements of the document, all of which each reading goes through."""
        return int(self._root.xpath("count(//*)"))

    def codes(self) -> Iterator[tuple[str, ...]]:
        """One code of each list from which a reading so far has filled one in: the first of each, the second ..."""
        return zip_longest(*self.open_codes.values(), fillvalue="")

    def least(self) -> T:
        """The reading with the least in every gap."""
        return self._read(is_most=False, codes=())

    def most(self, codes: Collection[str] = ()) -> T:
        """The reading with the most in every gap, and in gaps for a code the first that is among `codes`."""
        return self._read(is_most=True, codes=codes)

    def _read(self, *, is_most: bool, codes: Collection[str]) -> T:
        reader = _Reader(self._wrong, is_most=is_most, codes=codes)
        value: Any = reader.struct(self._root, self._record, f"/{self._root.tag.rpartition('}')[2]}")
        self.open_codes.update(reader.open_codes)
        return cast("T", value)


class _Wrong:
    """Where findings point: the values that are gaps, and the names that have no place."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._places: set[str] = set()
        self.strangers: dict[str, list[str]] = {}
        for finding in findings:
            parent, _, name = finding.pointer.rpartition("/")
            self._places.add(finding.pointer)
            if finding.code == "element-unexpected":
                self.strangers.setdefault(parent, []).append(name.partition("[")[0])

    def is_at(self, pointer: str) -> bool:
        """Whether a finding is about what stands at `pointer`."""
        return pointer in self._places


def _local(element: Element) -> str:
    name: str = element.tag.rpartition("}")[2]
    return name


class _Reader:
    """Makes structs of elements, filling the gaps in one way."""

    def __init__(self, wrong: _Wrong, *, is_most: bool, codes: Collection[str]) -> None:
        self._wrong = wrong
        self._is_most = is_most
        self._codes = codes
        self.open_codes: dict[type[Enum], tuple[str, ...]] = {}

    def struct(self, element: Element, record: Record, pointer: str) -> Struct:
        """The struct of an element, whatever it lacks."""
        children: dict[str, list[Element]] = {}
        for child in element[:]:
            children.setdefault(child.tag, []).append(child)
        values: dict[str, Any] = {}
        meant = self._meant(record, children, pointer)
        for slot in record.slots:
            if slot.place is Place.CONTENT:
                values[slot.field] = self._text(element.text, slot, pointer, is_cut=len(element) > 0)
            elif slot.place is Place.ATTRIBUTE:
                given = element.get(slot.tag)
                if given is not None or slot.required:
                    values[slot.field] = self._text(given, slot, f"{pointer}/@{slot.local}", is_cut=False)
            elif slot.place is Place.WILDCARD:
                foreign = [each for each in element[:] if f"{{{slot.namespace}}}" == each.tag.partition("}")[0] + "}"]
                values.update({slot.field: whole(foreign[0])} if foreign else {})
            elif slot.place is Place.ELEMENT and slot.variants is None:
                given = children.get(slot.tag, [])
                if slot.field in meant and slot.repeatable:
                    given = [each for each in element[:] if each.tag == slot.tag or _local(each) in meant[slot.field]]
                values.update(self._field(given, slot, pointer, is_meant=slot.field in meant))
        return record.type(**values)

    def _meant(self, record: Record, children: Collection[str], pointer: str) -> dict[str, set[str]]:
        """By field: the names without a place that may be misspellings of its name."""
        strangers = self._wrong.strangers.get(pointer)
        if not strangers:
            return {}
        open_ = {slot.local: slot.field for slot in record.slots if slot.repeatable or slot.tag not in children}
        meant: dict[str, set[str]] = {}
        for stranger in strangers:
            name = alike(stranger, list(open_))
            if name is not None:
                meant.setdefault(open_[name], set()).add(stranger)
        return meant

    def _field(self, given: list[Element], slot: Slot, pointer: str, *, is_meant: bool) -> dict[str, Any]:
        own = f"{pointer}/{slot.local}"
        if slot.repeatable:
            several = list(self._several(given, slot, own))
            lacking = 0 if several or not slot.required else 2 if self._is_most else 1
            if self._is_most and not given and (is_meant or self._wrong.is_at(own)):
                lacking = max(lacking, 1)
            several += [self._one(_NOTHING, slot, own) for _ in range(lacking)]
            return {slot.field: tuple(several)} if several else {}
        if given:
            one = given[-1] if self._is_most else given[0]
            index = f"[{given.index(one) + 1}]" if len(given) > 1 else ""
            return {slot.field: self._one(one, slot, own + index)}
        filled = self._is_most and (is_meant or self._wrong.is_at(own))
        return {slot.field: self._one(_NOTHING, slot, own)} if slot.required or filled else {}

    def _several(self, given: list[Element], slot: Slot, own: str) -> Iterator[Any]:
        """The values of a repeatable element, and with the most one for each that may be misspelled among them."""
        place = 0
        for each in given:
            if each.tag == slot.tag:
                place += 1
                yield self._one(each, slot, f"{own}[{place}]")
            elif self._is_most:
                yield self._one(_NOTHING, slot, own)

    def _one(self, element: Element, slot: Slot, pointer: str) -> Any:
        if slot.record is not None:
            return self.struct(element, slot.record, pointer)
        return self._text(element.text, slot, pointer, is_cut=len(element) > 0)

    def _text(self, text: str | None, slot: Slot, pointer: str, *, is_cut: bool) -> Any:
        """The value of a text, or what is filled in where it is a gap."""
        type_: type = slot.codes or _TYPES[slot.kind]
        if text is None or is_cut or self._wrong.is_at(pointer):
            return self._filling(slot)
        try:
            return msgspec.convert(
                collapsed(text) if slot.kind is Kind.TEXT else text.strip(BLANKS), type_, strict=False
            )
        except msgspec.ValidationError:
            return self._filling(slot)

    def _filling(self, slot: Slot) -> Any:
        if slot.codes is None:
            return (_MOST if self._is_most else _LEAST)[slot.kind]
        codes: list[Enum] = list(slot.codes)
        if slot.codes not in self.open_codes:
            self.open_codes[slot.codes] = tuple(code.value for code in codes)
        asked: Iterator[Enum] = (code for code in codes if code.value in self._codes)
        return next(asked, codes[-1 if self._is_most else 0])
