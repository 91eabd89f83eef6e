"""What the simple types of an XSD are in Python."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from xmlschema.validators import XsdUnion

from .facets import builtin_of

_TEXTS: Final = ("string", "normalizedString", "anySimpleType")
_TOKENS: Final = (
    *("token", "language", "Name", "NCName", "NMTOKEN", "NMTOKENS", "ID", "IDREF", "IDREFS", "ENTITY", "ENTITIES"),
    *("anyURI", "hexBinary", "time", "duration", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
)
_INTEGERS: Final = (
    *("integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
    *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
_PYTHON: Final = {
    **dict.fromkeys(_TEXTS, "Verbatim"),
    **dict.fromkeys(_TOKENS, "str"),
    **dict.fromkeys(_INTEGERS, "int"),
    "boolean": "bool",
    "decimal": "Decimal",
    "float": "Double",
    "double": "Double",
    "base64Binary": "bytes",
}
_TIMES: Final = {"date": "dt.date", "dateTime": "dt.datetime"}
_BEYOND: Final = {
    "date": ("-0044-03-15", "0000-01-01", "12026-11-20", "2026-11-20Z", "2026-11-20+08:00"),
    "dateTime": (
        *("-0044-03-15T00:00:00", "0000-01-01T00:00:00", "12026-11-20T09:30:00", "2026-11-20T24:00:00"),
        *("2026-11-20T09:30:00.1234567", "2026-11-20T09:30:00+14:30", "0001-01-01T00:00:00+14:00"),
    ),
}
"""Dates and times that XSD allows and Python's datetime does not have."""


def python_type(type_: Any) -> str | None:
    """The Python type for the values of a simple type, as source text; None for one that has none.

    A list or union is the text as written. Dates and times are those of Python only where the type leaves out what
    Python does not have (years before 1 or after 9999, 24:00, a date's zone), else text; the zone of a time that need
    not have one is kept or missing as it was written. An xs:QName means nothing apart from its document's prefixes.
    """
    builtin = builtin_of(type_)
    if builtin is None:
        return "Verbatim" if type_.white_space != "collapse" or isinstance(type_, XsdUnion) else "str"
    name = builtin.local_name or ""
    if name in _TIMES:
        return _TIMES[name] if _is_on_calendar(type_, name) else "str"
    found = _PYTHON.get(name)
    return "str" if found == "Verbatim" and type_.white_space == "collapse" else found


@cache
def needs_zone(type_: Any) -> bool:
    """Whether every value of an xs:dateTime has a zone."""
    return not type_.is_valid("2026-11-20T09:30:00") and type_.is_valid("2026-11-20T09:30:00Z")


@cache
def _is_on_calendar(type_: Any, name: str) -> bool:
    texts = _BEYOND[name]
    if name == "dateTime":
        texts = (*texts, *(f"{each}Z" for each in texts))
    return not any(type_.is_valid(each) for each in texts)
