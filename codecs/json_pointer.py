"""From the XPath of a finding to a JSON Pointer (RFC 6901) into the JSON twin that was sent."""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec.structs import replace

from .finding import Finding

_INDEX: Final = re.compile(r"\[([1-9][0-9]*)\]$")
_FOREIGN: Final = "Signature"
"""A member whose value is XML text: nothing in it has a place of its own in JSON."""


def json_pointer(pointer: str) -> str:
    """The JSON Pointer for an XPath over element names, as findings have it; `/` is the document as a whole.

    The root element of a declaration is the JSON document itself. Names in requests begin with a small letter, so what
    does is a member, not a root.
    """
    first, *steps = pointer.removeprefix("/").split("/")
    if first[:1].islower():
        steps = [first, *steps]
    members: list[str] = []
    for step in steps:
        index = _INDEX.search(step)
        members.append(escaped(_INDEX.sub("", step).removeprefix("@")))
        members += [str(int(index[1]) - 1)] if index else []
        if members == [_FOREIGN]:
            break
    return "".join(f"/{member}" for member in members)


def escaped(name: str) -> str:
    """A member's name as a step of a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def pointed(finding: Finding, document: Any = None) -> Finding:
    """The finding with its JSON Pointer; in `document`, where it is given, the text of an object is its `value`."""
    if finding.json_pointer is not None or not finding.pointer.startswith("/"):
        return finding
    pointer = json_pointer(finding.pointer)
    is_text = finding.code.startswith(("value-", "character-"))
    if is_text and isinstance(found := resolved(document, pointer), dict) and "value" in found:
        pointer += "/value"
    return replace(finding, json_pointer=pointer)


def resolved(document: Any, pointer: str) -> Any:
    """What stands at a JSON Pointer in `document`, None where there is nothing."""
    here = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict):
            here = here.get(name)
        elif isinstance(here, list) and name.isdecimal():
            here = here[int(name)] if int(name) < len(here) else None
        else:
            return None
    return here
