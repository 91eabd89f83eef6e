"""The constraints of a simple type: what the facets of an XSD say, merged along its chain of restrictions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from xmlschema.validators import XsdEnumerationFacets, XsdFacet, XsdPatternFacets

from .finding import Text
from .labels import XSD, documentation

_LENGTHS: Final = {"minLength": "min_length", "maxLength": "max_length"}
_BOUNDS: Final = {"minInclusive": "ge", "maxInclusive": "le", "minExclusive": "gt", "maxExclusive": "lt"}
_DIGITS: Final = {"totalDigits": "total_digits", "fractionDigits": "fraction_digits"}


def chain(type_: Any) -> Iterator[Any]:
    """`type_` and the named types that it restricts, down to the built-in one, which is left out."""
    while type_ is not None and XSD not in (type_.name or ""):
        yield type_
        type_ = type_.base_type


def facets_of(type_: Any) -> dict[str, XsdFacet]:
    """The effective facets other than patterns by their name in XSD: the most derived one of each."""
    found: dict[str, XsdFacet] = {}
    for each in chain(type_):
        for name, facet in each.facets.items():
            if isinstance(facet, XsdFacet) and not isinstance(facet, XsdPatternFacets):
                found.setdefault((name or "").removeprefix(XSD), facet)
    return found


def patterns_of(type_: Any) -> list[list[str]]:
    """The patterns as written: a value matches one of each list (alternatives in one step, steps all of them)."""
    found: list[list[str]] = []
    for each in chain(type_):
        own = [element.get("value", "") for element in each.elem.iter(f"{XSD}pattern")]
        if own:
            found.append(own)
    return found


def enumeration(type_: Any) -> list[tuple[str, Text]]:
    """The codes that the type allows, each with its documentation; empty for a type that lists none."""
    facet = facets_of(type_).get("enumeration")
    if not isinstance(facet, XsdEnumerationFacets):
        return []
    return [(element.get("value", ""), documentation(element)) for element in facet]


def constraints(type_: Any) -> Iterator[tuple[str, str]]:
    """The arguments of `msgspec.Meta` for the type, as source text.

    Patterns, anchored, are for JSON Schema and not for msgspec to check: the XSD has checked them already, and a second
    time would cost as much as all the rest of msgspec's conversion. Bounds and digits of decimals, which msgspec cannot
    check, stand in `extra` for whoever shows or generates values.
    """
    facets = facets_of(type_)
    number = type_.root_type.local_name
    extra: dict[str, str] = {}
    if "length" in facets:
        yield "min_length", str(facets["length"].value)
        yield "max_length", str(facets["length"].value)
    for name, argument in (_LENGTHS | _BOUNDS | _DIGITS).items():
        if name not in facets:
            continue
        if name in _LENGTHS or (name in _BOUNDS and "nteger" in _integer_name(type_)):
            yield argument, str(facets[name].value)
        elif number == "decimal":
            extra[argument] = f'"{facets[name].value!s}"' if name in _BOUNDS else str(facets[name].value)
    if number == "string" and patterns_of(type_):
        yield "extra_json_schema", f'{{"pattern": {_source(_pattern(patterns_of(type_)))}}}'
    if number == "dateTime":
        yield "tz", "True"
    if extra:
        yield "extra", "{" + ", ".join(f'"{name}": {value}' for name, value in extra.items()) + "}"


def _integer_name(type_: Any) -> str:
    while XSD not in (type_.name or ""):
        type_ = type_.base_type
    return type_.local_name or ""


def _pattern(steps: list[list[str]]) -> str:
    joined = ["|".join(step) for step in steps]
    bare = [f"(?:{each})" if "|" in each else each for each in joined]
    return "^" + "".join(f"(?={each}$)" for each in bare[1:]) + f"{bare[0]}$"


def _source(pattern: str) -> str:
    if '"' in pattern:
        return repr(pattern)
    return f'r"{pattern}"' if re.search(r"\\", pattern) else f'"{pattern}"'
