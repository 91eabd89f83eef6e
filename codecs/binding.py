"""How the fields of a struct stand in XML: the table that decoder, encoder and JSON twin read.

A generated struct says all that is needed in its annotations: a field is a child element by default, and `Attribute`,
`Content`, `WILDCARD` and `ITEMS` mark the exceptions; `Meta(extra={...})` holds what else differs from the rule:

    name        the name in XML, where another member of the JSON object has it already
    namespace   the namespace, where it is not the struct's; of a wildcard those it takes, with blanks between
    nillable    None stands for an element with `xsi:nil="true"` (and UNSET, or an empty tuple, for no element)
    default     what an element without text means
    abstract    the first struct of the union is not among those that may stand there without an `xsi:type`

A struct's elements are in the namespace of the document, or in that of its class variable `xmlns`. `table_of` works the
table out once for a root element and its namespace.
"""

from __future__ import annotations

from decimal import Decimal
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


ITEMS: Final = "items"
"""`Meta(extra={"xml": ITEMS})`: a field that is no element itself, but a list of children of several names in their
order; each item is a struct with one of its fields set."""

Verbatim = Annotated[str, msgspec.Meta(extra={"space": "verbatim"})]
"""Text whose white space is kept as it was written; that of `str` is collapsed."""

Double = Annotated[Decimal, msgspec.Meta(extra={"number": "double"})]
"""A floating-point number as it was written, exponent and infinities included."""

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

ANY: Final = "*"
"""The namespace and the tag of a wildcard that takes elements of any namespace."""

TAG_FIELD: Final = "xsi:type"
"""The member that tells the structs of a union apart: an XSD type as `{namespace}name`, or `name`."""


class Kind(Enum):
    """What a value is made of in XML, and so how its text becomes a plain value and back."""

    TEXT = "text"
    CODE = "code"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DOUBLE = "double"
    BINARY = "base64Binary"
    DATE_TIME = "dateTime"
    DATE = "date"
    RECORD = "record"


class Place(StrEnum):
    """Where a field stands in its element."""

    ELEMENT = "element"
    ATTRIBUTE = "attribute"
    CONTENT = "content"
    WILDCARD = "wildcard"
    ITEMS = "items"


class Slot(Struct, frozen=True, kw_only=True):
    """One field of a struct: its names, its place, what it holds and how often."""

    field: str
    name: str
    """Name in JSON and in plain data; nearly always `local`."""
    local: str
    """Name in XML, without a namespace."""
    namespace: str
    """Namespace of the element or attribute, empty for none."""
    tag: str
    """Name in lxml's notation: `{namespace}local` or `local`; of a wildcard `{namespace}`, or `*` for several."""
    place: Place
    kind: Kind
    record: Record | None
    """What the element holds; of ITEMS the record of one item."""
    repeatable: bool
    required: bool
    verbatim: bool = False
    """Whether white space in the text is kept."""
    nillable: bool = False
    default: str | None = None
    variants: dict[str, Record] | None = None
    """By the values of `xsi:type` that the element may have: records of structs with that tag; None for one type."""
    codes: type[Enum] | None = None
    """The enumeration that the text is a value of."""
    is_abstract: bool = False
    """Whether an `xsi:type` has to be there."""


class Record(Struct, eq=False):
    """One struct type in one namespace; records may refer to themselves, so identity is their equality."""

    type: type[Struct]
    namespace: str
    """The namespace of its elements that say no other."""
    tag: str | None
    """The XSD type as it stands in `xsi:type`, for a struct that is one of a union."""
    slots: list[Slot]
    """One for each field, in the order of the fields, which is the order of the schema."""
    by_tag: dict[str, Slot]
    """Child elements by tag, those of items by the slot of the items; wildcards by `{namespace}` or `*`."""
    by_name: dict[str, Slot]
    """All slots by their name in JSON."""
    attributes: dict[str, Slot]
    """By tag."""
    content: Slot | None = None
    """The slot of the element's own text; a record has this or child elements."""


_KINDS: Final[dict[type[inspect.Type], Kind]] = {
    inspect.StrType: Kind.TEXT,
    inspect.EnumType: Kind.CODE,
    inspect.BoolType: Kind.BOOLEAN,
    inspect.IntType: Kind.INTEGER,
    inspect.DecimalType: Kind.DECIMAL,
    inspect.BytesType: Kind.BINARY,
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


def _record(type_: type[Struct], document: str, known: dict[type[Struct], Record]) -> Record:
    if type_ in known:
        return known[type_]
    info = inspect.type_info(type_)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{type_!r} is not a struct")
    namespace: str = getattr(type_, "xmlns", document)
    tag = None if info.tag is None else str(info.tag)
    record = known[type_] = Record(type_, namespace, tag, [], {}, {}, {})
    for field in info.fields:
        slot = _slot(field, namespace, document, known)
        record.slots.append(slot)
        record.by_name[slot.name] = slot
        if slot.place is Place.CONTENT:
            record.content = slot
        elif slot.place is Place.ATTRIBUTE:
            record.attributes[slot.tag] = slot
        elif slot.place is Place.WILDCARD:
            record.by_tag.update(dict.fromkeys(_tags(slot.namespace), slot))
        elif slot.place is Place.ITEMS and slot.record is not None:
            record.by_tag.update(dict.fromkeys(slot.record.by_tag, slot))
        else:
            record.by_tag[slot.tag] = slot
    return record


def _tags(namespaces: str) -> list[str]:
    """The keys under which a wildcard is found; an empty text is the absence of a namespace."""
    return [ANY if each == ANY else f"{{{each}}}" for each in namespaces.split(" ")]


def _slot(field: inspect.Field, own: str, document: str, known: dict[type[Struct], Record]) -> Slot:
    types, extra = _bare(field.type)
    repeatable = isinstance(types[0], inspect.VarTupleType)
    if isinstance(types[0], inspect.VarTupleType):
        types, inner = _bare(types[0].item_type)
        extra |= inner
    kind = _KINDS.get(type(types[0]))
    records = [_record(each.cls, document, known) for each in types if isinstance(each, inspect.StructType)]
    if kind is None or (len(types) > 1 and len(records) < len(types)):
        raise TypeError(f"field {field.name}: {type(types[0]).__name__} has no place in XML")
    place = Place(extra.get("xml", Place.ELEMENT))
    local: str = extra.get("name", field.encode_name)
    namespace: str = extra.get("namespace", "" if place is Place.ATTRIBUTE else own)
    tag = f"{{{namespace}}}{local}" if namespace else local
    if place is Place.WILDCARD:
        tag = ANY if ANY in namespace or " " in namespace else f"{{{namespace}}}"
    return Slot(
        field=field.name,
        name=field.encode_name,
        local=local,
        namespace=namespace,
        tag=tag,
        place=place,
        kind=Kind.DOUBLE if "number" in extra else kind,
        record=records[0] if records else None,
        repeatable=repeatable,
        required=field.required,
        verbatim=extra.get("space") == "verbatim",
        nillable=extra.get("nillable", False),
        default=extra.get("default"),
        variants={str(each.tag): each for each in records} if len(records) > 1 or "abstract" in extra else None,
        codes=types[0].cls if isinstance(types[0], inspect.EnumType) else None,
        is_abstract=extra.get("abstract", False),
    )


def _bare(type_: inspect.Type) -> tuple[list[inspect.Type], dict[str, Any]]:
    """A field's types without `None` and metadata, several for a union, and the metadata's `extra`."""
    extra: dict[str, Any] = {}
    while True:
        if isinstance(type_, inspect.Metadata):
            extra = (type_.extra or {}) | extra
            type_ = type_.type
        elif isinstance(type_, inspect.UnionType):
            types = [each for each in type_.types if not isinstance(each, inspect.NoneType)]
            if len(types) > 1:
                return types, extra
            (type_,) = types
        else:
            return [type_], extra
