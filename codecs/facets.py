"""The constraints of a simple type: what the facets of an XSD say, merged along its chain of restrictions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from xmlschema.validators import XsdAtomic, XsdAtomicRestriction, XsdEnumerationFacets, XsdFacet, XsdPatternFacets

from .finding import Text
from .labels import XSD, documentation

ANY_TYPE: Final = f"{XSD}anyType"

_LENGTHS: Final = {"minLength": "min_length", "maxLength": "max_length"}
_BOUNDS: Final = {"minInclusive": "ge", "maxInclusive": "le", "minExclusive": "gt", "maxExclusive": "lt"}
_META_INTEGER_MAX: Final = 2**63 - 1
"""msgspec holds bounds in 64 bits."""
_NOT_BLANK: Final = r"[^ \t\n\r]"
"""In JSON as in XML, blanks that are collapsed are nothing."""
_DIGITS: Final = {"totalDigits": "total_digits", "fractionDigits": "fraction_digits"}


def chain(type_: Any) -> Iterator[Any]:
    """`type_` and the types that it restricts, down to the built-in one, a list or a union, which is left out.

    A complex type counts as the type of its text.
    """
    while type_ is not None and type_.name != ANY_TYPE:
        if type_.is_complex():
            type_ = type_.content
            if not type_.is_simple():
                return
        elif XSD in (type_.name or "") or not isinstance(type_, XsdAtomicRestriction):
            return
        else:
            yield type_
            type_ = type_.base_type


def builtin_of(type_: Any) -> Any | None:
    """The built-in type that restrictions start from (xs:integer, not xs:decimal); None for a list or a union."""
    while XSD not in (type_.name or ""):
        if type_.is_complex():
            type_ = type_.content
        elif isinstance(type_, XsdAtomicRestriction):
            type_ = type_.base_type
        else:
            return None
    return type_


def primitive_of(type_: Any) -> str:
    """The name of the primitive type below: `decimal` for xs:integer; empty for a list or a union."""
    builtin = builtin_of(type_)
    if builtin is None or builtin.local_name in ("NMTOKENS", "IDREFS", "ENTITIES"):
        return ""
    if not isinstance(builtin, XsdAtomic):
        return builtin.local_name or ""
    return builtin.root_type.local_name or ""


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
        step = each.elem.find(f"{XSD}restriction") if each.elem.tag == f"{XSD}simpleType" else each.elem
        own = [element.get("value", "") for element in step.iterfind(f"{XSD}pattern")]
        if own:
            found.append(own)
    return found


def enumeration(type_: Any) -> list[tuple[str, Text]]:
    """The codes that the type allows, each with its documentation; empty for a type that lists none."""
    facet = facets_of(type_).get("enumeration")
    if not isinstance(facet, XsdEnumerationFacets):
        return []
    return [(element.get("value", ""), documentation(element)) for element in facet]


def constraints(type_: Any, python: str) -> Iterator[tuple[str, str]]:
    """The arguments of `msgspec.Meta` for the type, whose values are of the type `python`, as source text.

    Patterns, anchored, are for JSON Schema and not for msgspec to check: the XSD has checked them already, and a second
    time would cost as much as all the rest of msgspec's conversion. Bounds and digits of decimals, which msgspec cannot
    check, stand in `extra` for whoever shows or generates values.
    """
    facets = facets_of(type_)
    is_text = python in ("str", "Verbatim") and primitive_of(type_) not in ("", "hexBinary")
    if is_text or python == "bytes":
        if "length" in facets:
            yield "min_length", str(facets["length"].value)
            yield "max_length", str(facets["length"].value)
        yield from ((argument, str(facets[name].value)) for name, argument in _LENGTHS.items() if name in facets)
    if python == "int":
        bounds = [(argument, facets[name].value) for name, argument in _BOUNDS.items() if name in facets]
        yield from ((argument, str(value)) for argument, value in bounds if abs(int(str(value))) <= _META_INTEGER_MAX)
    if is_text and patterns_of(type_):
        yield "extra_json_schema", f'{{"pattern": {_source(_pattern(patterns_of(type_)))}}}'
    elif python == "str" and type_.white_space == "collapse" and "minLength" in facets and facets["minLength"].value:
        yield "extra_json_schema", f'{{"pattern": {_source(_NOT_BLANK)}}}'
    if python in ("dt.date", "dt.datetime") and patterns_of(type_):
        pattern = _in_any_case(_pattern(patterns_of(type_)))
        yield "extra_json_schema", f'{{"pattern": {_source(pattern)}}}'
    if python == "Decimal":
        yield "extra_json_schema", "{" + ", ".join(f'"{name}": {value}' for name, value in _in_json(facets)) + "}"
        extra = {argument: f'"{facets[name].value!s}"' for name, argument in _BOUNDS.items() if name in facets}
        extra |= {argument: str(facets[name].value) for name, argument in _DIGITS.items() if name in facets}
        if extra:
            yield "extra", "{" + ", ".join(f'"{name}": {value}' for name, value in extra.items()) + "}"


def _in_json(facets: dict[str, XsdFacet]) -> Iterator[tuple[str, str]]:
    """What a decimal is in JSON, as text (the pattern) or as a number (the bounds), as source text."""
    total, fraction = (int(str(facets[name].value)) if name in facets else None for name in _DIGITS)
    least = Decimal(str(facets["minInclusive"].value)) if "minInclusive" in facets else None
    yield "pattern", _source(_decimal(total, fraction, r"\+?" if least is not None and least >= 0 else r"[+\-]?"))
    if least is not None:
        yield "minimum", f"{least:f}"
    if fraction is not None:
        yield "multipleOf", f"{Decimal(1).scaleb(-fraction):f}"
        if total is not None:
            yield "exclusiveMaximum", str(10 ** (total - fraction))


def _decimal(total: int | None, fraction: int | None, sign: str) -> str:
    """The pattern of a decimal's text: zeros before and after do not count."""
    if total is None or fraction is None:
        return rf"^{sign}([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
    forms = [rf"[0-9]{{1,{total}}}(\.0*)?"]
    forms += [rf"[0-9]{{0,{total - digits}}}\.[0-9]{{{digits}}}0*" for digits in range(1, fraction + 1)]
    return f"^{sign}0*({'|'.join(forms)})$"


def _in_any_case(pattern: str) -> str:
    """The pattern of a time with the small letters that JSON allows beside `T` and `Z` (RFC 3339, 5.6)."""
    return re.sub(r"(\[[^\]]*\])|([TZ])", lambda each: each[1] or f"[{each[2]}{each[2].lower()}]", pattern)


def _pattern(steps: list[list[str]]) -> str:
    joined = ["|".join(step) for step in steps]
    bare = [f"(?:{each})" if "|" in each else each for each in joined]
    return "^" + "".join(f"(?={each}$)" for each in bare[1:]) + f"{bare[0]}$"


def _source(pattern: str) -> str:
    if '"' in pattern:
        return repr(pattern)
    return f'r"{pattern}"' if re.search(r"\\", pattern) else f'"{pattern}"'
