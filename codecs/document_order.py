"""Findings in the order of the document that they are about, each with its line where the document has lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import replace

from .finding import Finding

Element = Any

Position = tuple[int, ...]
"""Where something stands: its place among its siblings, from its outermost ancestor down to itself."""

_INDEX: Final = re.compile(r"\[([1-9][0-9]*)\]$")


def in_tree(findings: Iterable[Finding], root: Element) -> list[Finding]:
    """Findings in the order of an XML tree; those without a line get that of the nearest element that is there."""
    tree = _Tree(root)
    placed = []
    for finding in findings:
        position, line = tree.place(finding.pointer)
        placed.append((position, finding if finding.line is not None else replace(finding, line=line)))
    return [finding for _, finding in sorted(placed, key=lambda each: each[0])]


class _Tree:
    """Places of pointers in a tree, whose children are listed once for each parent."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._children: dict[Element, dict[str, list[tuple[int, Element]]]] = {}

    def place(self, pointer: str) -> tuple[Position, int | None]:
        """The position and the line of the element at a pointer, or of the nearest one around it."""
        element, position = self._root, []
        for step in pointer.split("/")[2:]:
            index = _INDEX.search(step)
            same = self._named(element).get(_INDEX.sub("", step), ())
            number = int(index[1]) - 1 if index else 0
            if number >= len(same):
                break
            place, element = same[number]
            position.append(place)
        return tuple(position), element.sourceline

    def _named(self, parent: Element) -> dict[str, list[tuple[int, Element]]]:
        if parent not in self._children:
            named: dict[str, list[tuple[int, Element]]] = {}
            for place, child in enumerate(parent.iterchildren("*")):
                named.setdefault(child.tag.rpartition("}")[2], []).append((place, child))
            self._children[parent] = named
        return self._children[parent]


def in_json(findings: Iterable[Finding], document: Any) -> list[Finding]:
    """Findings that have a JSON Pointer in the order of the JSON document."""
    members: dict[int, dict[str, int]] = {}
    return sorted(findings, key=lambda finding: _position(finding.json_pointer or "", document, members))


def _position(pointer: str, document: Any, members: dict[int, dict[str, int]]) -> Position:
    """`members`: the places of the members of each object that was looked at before, by the object's identity."""
    here, position = document, []
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and name in here:
            if id(here) not in members:
                members[id(here)] = {each: place for place, each in enumerate(here)}
            position.append(members[id(here)][name])
            here = here[name]
        elif isinstance(here, list) and name.isdecimal() and int(name) < len(here):
            position.append(int(name))
            here = here[int(name)]
        else:
            break
    return tuple(position)
