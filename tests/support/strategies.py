"""Hypothesis strategies for every message, made from the generated structs and their constraints."""

import datetime as dt
from collections.abc import Hashable
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

EARLIEST = dt.datetime(1900, 1, 2)  # noqa: DTZ001 - hypothesis takes naive bounds and adds the zone itself
LATEST = dt.datetime(2199, 12, 30)  # noqa: DTZ001 - the same
REPEATED_MAX = 2

ZONES = st.builds(dt.timezone, st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timedelta(minutes=minutes)))
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff") | st.just(" "),
    min_size=1,
    max_size=40,
)
SIGNATURES = st.sampled_from(
    (
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue>AA==</SignatureValue></Signature>',
        '<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#" Id="a"><d:Object>a &amp; b</d:Object></d:Signature>',
    )
)


def messages(type_: Any) -> st.SearchStrategy[Any]:
    """Values of a generated struct that keep every constraint of its schema."""
    return _messages(type_)


@cache
def _messages(type_: Hashable) -> st.SearchStrategy[Any]:
    info = inspect.type_info(type_)
    assert isinstance(info, inspect.StructType)
    required = {field.name: _values(field.type) for field in info.fields if field.required}
    optional = {field.name: _values(field.type) for field in info.fields if not field.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda fields: info.cls(**fields))


def _values(type_: inspect.Type, pattern: str | None = None, digits: dict[str, Any] | None = None) -> Any:
    match type_:
        case inspect.Metadata(extra={"xml": "wildcard"}):
            return SIGNATURES
        case inspect.Metadata(type=inner, extra=extra, extra_json_schema=schema):
            return _values(inner, (schema or {}).get("pattern", pattern), (extra or {}) | (digits or {}))
        case inspect.UnionType(types=types):
            (inner,) = (each for each in types if not isinstance(each, inspect.NoneType))
            return _values(inner, pattern, digits)
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            least = least or 0
            most = min(least + REPEATED_MAX, most or least + REPEATED_MAX)
            return st.lists(_values(item), min_size=least, max_size=most).map(tuple)
        case inspect.StructType(cls=cls):
            return st.deferred(lambda: messages(cls))
        case inspect.StrType(min_length=least, max_length=most):
            return _texts(pattern, least or 0, most or 2**20)
        case inspect.DecimalType():
            return _decimals(digits or {})
    return _scalars(type_)


def _scalars(type_: inspect.Type) -> Any:
    match type_:
        case inspect.EnumType(cls=cls):
            return st.sampled_from(list(cls))
        case inspect.IntType(ge=low, le=high):
            return st.integers(low, high)
        case inspect.BoolType():
            return st.booleans()
        case inspect.DateTimeType():
            return st.datetimes(EARLIEST, LATEST, timezones=ZONES)
        case inspect.DateType():
            return st.dates(EARLIEST.date(), LATEST.date())
    raise TypeError(type_)


_PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


def _texts(pattern: str | None, least: int, most: int) -> st.SearchStrategy[str]:
    texts = TEXT if pattern is None else st.from_regex(pattern.removesuffix("$") + r"\Z", alphabet=_PRINTABLE)
    collapsed = texts.map(lambda text: " ".join(each for each in text.split(" ") if each))
    return collapsed.filter(lambda text: max(least, 1) <= len(text) <= most)


def _decimals(digits: dict[str, Any]) -> st.SearchStrategy[Decimal]:
    total, fraction = digits["total_digits"], digits["fraction_digits"]
    return st.builds(
        lambda units, places: Decimal(units).scaleb(-places), st.integers(0, 10**total - 1), st.integers(0, fraction)
    )
