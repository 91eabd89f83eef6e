"""What a document says in `xsi:` attributes: another type for an element, that it is nil, where schemas would be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from . import wording
from .binding import XSI as NAMESPACE
from .decoder import collapsed
from .finding import Finding, Text

XSI: Final = f"{{{NAMESPACE}}}"
"""What the names of these attributes begin with."""

_LOCATIONS: Final = (f"{XSI}schemaLocation", f"{XSI}noNamespaceSchemaLocation")
"""Allowed everywhere and never followed."""


def judged_by(element: Any, component: Any) -> Any:
    """The type by which an element is judged: its declaration's, or one derived from it that its `xsi:type` names."""
    given = element.get(f"{XSI}type") if element.attrib else None
    return component.type if given is None else _hinted(element, component, given) or component.type


def hint_mistakes(element: Any, name: str, component: Any, pointer: str, what: Text) -> Iterator[Finding]:
    """What is wrong with the `xsi:` attribute `name` of an element that is called `what`."""
    value, line = element.get(name), element.sourceline
    own = Text(f"xsi:{name.removeprefix(XSI)}", f"xsi:{name.removeprefix(XSI)}")
    declared = component.ref or component
    if name == f"{XSI}type":
        if _hinted(element, component, value) is None:
            usual = component.type.local_name
            en, zh = (f", or {usual}", f"，或 {usual}") if usual else ("", "")
            expected = Text(f"no such attribute{en}", f"不填该属性{zh}")
            yield wording.value_wrong("value-type", pointer, line, own, value, expected)
    elif name == f"{XSI}nil" and declared.nillable:
        if collapsed(value) not in ("true", "false", "1", "0"):
            expected = Text("true or false", "true 或 false")
            yield wording.value_wrong("value-type", pointer, line, own, value, expected)
    elif name not in _LOCATIONS:
        yield wording.attribute_unexpected(pointer, line, own.en, what, [])


def _hinted(element: Any, component: Any, given: str) -> Any:
    """The type that `given` names, where it may stand in for the declaration's; otherwise None."""
    prefix, colon, local = collapsed(given).rpartition(":")
    namespace = element.nsmap.get(prefix if colon else None)
    if colon and namespace is None:
        return None
    found = component.maps.types.get(f"{{{namespace}}}{local}" if namespace else local)
    return found if found is not None and found.is_derived(component.type) else None
