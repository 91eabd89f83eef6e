"""What the names of an XSD become in Python."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection
from typing import Final

_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TAKEN_FIELDS: Final = frozenset({"bool", "bytes", "dt", "field", "int", "str", "tuple", "xmlns"})
TAKEN_TYPES: Final = frozenset(
    {"Annotated", "Attribute", "ClassVar", "Content", "Decimal", "Double", "Final", "ITEMS", "Meta", "NAMESPACE"}
    | {"None", "ROOTS", "StrEnum", "Struct", "True", "False", "UNSET", "UnsetType", "Verbatim", "WILDCARD"}
)


def field_name(element: str) -> str:
    """The struct field for an element or attribute name: `FunctionalReferenceID` -> `functional_reference_id`."""
    name = re.sub(r"\W", "_", _WORDS.sub("_", element)).lower().lstrip("_") or "field"
    return f"{name}_" if name in _TAKEN_FIELDS or keyword.iskeyword(name) else name


def member_name(code: str) -> str:
    """The enumeration member for a code: the code itself in upper case, `_` for what a name cannot hold."""
    name = re.sub(r"\W", "_", code, flags=re.ASCII).upper()
    if not name or name[0].isdigit():
        name = f"_{name}"
    return name if name[0] != "_" else name.rstrip("_") or "EMPTY"


def module_name(file: str) -> str:
    """The module for an XSD file: `market-supervision.xsd` -> `market_supervision`."""
    return file.removesuffix(".xsd").replace("-", "_")


def constant_name(file: str) -> str:
    """The constant for the namespace of an XSD file: `WCO_DEC_2_DMS.xsd` -> `WCO_DEC_2_DMS`."""
    name = re.sub(r"\W", "_", file.removesuffix(".xsd")).upper()
    return f"_{name}" if name[:1].isdigit() else name


def type_name(name: str) -> str:
    """The class for a type, or for an element with a type of its own: `errorType` -> `ErrorType`."""
    name = re.sub(r"\W", "_", name).lstrip("_") or "Type"
    name = name[0].upper() + name[1:]
    return f"{name}_" if name in TAKEN_TYPES else name


def unused(name: str, taken: Collection[str]) -> str:
    """`name`, or `name_2` and so on where it is taken."""
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name.rstrip('_')}_{count}"
    return free
