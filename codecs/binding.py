"""How the fields of a struct stand in XML: the table that decoder, encoder and JSON twin read.

A generated struct says all that is needed in its annotations: a field is a child element by default, and `Attribute`,
`Content` and `WILDCARD` mark the exceptions. `table_of` works the table out once for a root element and its namespace.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from functools import cache
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Struct, inspect

T = TypeVar("T")

Attribute = Annotated[T, msgspec.Meta(extra={"xml": "attribute"})]
"""A field that is an attribute of its element."""

Content = Annotated[T, msgspec.Meta(extra={"xml": "content"})]
"""The field that is the text of its element, beside attributes."""

WILDCARD: Final = "wildcard"
"""`Meta(extra={"xml": WILDCARD, "namespace": ...})`: a field that holds one foreign element as XML text."""


class Kind(Enum):
    """What a value is made of in XML, and so how its text becomes a plain value and back."""

    TEXT = "text"
    CODE = "code"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE_TIME = "dateTime"
    DATE = "date"
    RECORD = "record"


class Place(StrEnum):
    """Where a field stands in its element."""

    ELEMENT = "element"
    ATTRIBUTE = "attribute"
    CONTENT = "content"
    WILDCARD = "wildcard"


class Slot(Struct, frozen=True, kw_only=True):
    """One field of a struct: its names, its place, what it holds and how often."""

    field: str
    name: str
    """Name in XML and in JSON, without a namespace."""
    tag: str
    """Name in lxml's notation: `{namespace}name`; of a wildcard the namespace alone, as `{namespace}`."""
    place: Place
    kind: Kind
    record: Record | None
    repeatable: bool
    required: bool


class Record(Struct, eq=False):
    """One struct type in one namespace; records may refer to themselves, so identity is their equality."""

    type: type[Struct]
    slots: list[Slot]
    """One for each field, in the order of the fields, which is the order of the schema."""
    by_tag: dict[str, Slot]
    """Child elements by tag; wildcards by `{namespace}`."""
    by_name: dict[str, Slot]
    """All slots by their name in XML and JSON."""
    attributes: dict[str, Slot]
    content: Slot | None = None
    """The slot of the element's own text; a record has this or child elements."""


_KINDS: Final[dict[type[inspect.Type], Kind]] = {
    inspect.StrType: Kind.TEXT,
    inspect.EnumType: Kind.CODE,
    inspect.BoolType: Kind.BOOLEAN,
    inspect.IntType: Kind.INTEGER,
    inspect.DecimalType: Kind.DECIMAL,
    inspect.DateTimeType: Kind.DATE_TIME,
    inspect.DateType: Kind.DATE,
    inspect.StructType: Kind.RECORD,
}


@cache
def table_of(type_: type[Struct], namespace: str) -> Record:
    """The binding of `type_` with its elements in `namespace`.

    Raises TypeError for a struct with a field that has no place in XML.
    """
    return _record(type_, namespace, {})


def _record(type_: type[Struct], namespace: str, known: dict[type[Struct], Record]) -> Record:
    if type_ in known:
        return known[type_]
    record = known[type_] = Record(type_, [], {}, {}, {})
    info = inspect.type_info(type_)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{type_!r} is not a struct")
    for field in info.fields:
        slot = _slot(field, namespace, known)
        record.slots.append(slot)
        record.by_name[slot.name] = slot
        if slot.place is Place.CONTENT:
            record.content = slot
        elif slot.place is Place.ATTRIBUTE:
            record.attributes[slot.name] = slot
        else:
            record.by_tag[slot.tag] = slot
    return record


def _slot(field: inspect.Field, namespace: str, known: dict[type[Struct], Record]) -> Slot:
    type_, extra = _bare(field.type)
    repeatable = isinstance(type_, inspect.VarTupleType)
    if isinstance(type_, inspect.VarTupleType):
        type_, _ = _bare(type_.item_type)
    kind = _KINDS.get(type(type_))
    if kind is None:
        raise TypeError(f"field {field.name}: {type(type_).__name__} has no place in XML")
    place = Place(extra.get("xml", Place.ELEMENT))
    tag = f"{{{namespace}}}{field.encode_name}"
    if place is Place.WILDCARD:
        tag = f"{{{extra['namespace']}}}"
    elif place is not Place.ELEMENT:
        tag = field.encode_name
    return Slot(
        field=field.name,
        name=field.encode_name,
        tag=tag,
        place=place,
        kind=kind,
        record=_record(type_.cls, namespace, known) if isinstance(type_, inspect.StructType) else None,
        repeatable=repeatable,
        required=field.required,
    )


def _bare(type_: inspect.Type) -> tuple[inspect.Type, dict[str, Any]]:
    """A field's type without `None` and without its metadata, and the metadata's `extra`."""
    extra: dict[str, Any] = {}
    while True:
        if isinstance(type_, inspect.Metadata):
            extra = (type_.extra or {}) | extra
            type_ = type_.type
        elif isinstance(type_, inspect.UnionType):
            (type_,) = (each for each in type_.types if not isinstance(each, inspect.NoneType))
        else:
            return type_, extra
