"""The elements that libxml2's paths name, such as `/p:Declaration/p:GoodsShipment/*[3]`.

XPath would want each prefix declared, which libxml2 takes from wherever the document declares it, and would go through
all siblings again for every path.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

Element = Any
"""An element of lxml, whose published stubs do not know that its name is text."""

_STEP: Final = re.compile(r"(.+?)(?:\[([0-9]{1,9})\])?")


class NodePaths:
    """Finds elements below a root: each parent on the way is gone through once, for however many of its children."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._children: dict[Element, dict[str, list[Element]]] = {}

    def find(self, path: str) -> Element | None:
        """The element at `path`, or that whose attribute or text is there; None where there is none.

        That is so too where libxml2 has cut a long prefix off.
        """
        found = self._root if path else None
        for step in path.split("/")[2:]:
            match = _STEP.fullmatch(step)
            if match is None:
                return None
            if step.startswith(("@", "text()")):
                return found
            alike = self._below(found).get(match[1], [])
            number = int(match[2] or 1)
            if not 0 < number <= len(alike):
                return None
            found = alike[number - 1]
        return found

    def _below(self, parent: Element) -> dict[str, list[Element]]:
        known = self._children.get(parent)
        if known is None:
            known = self._children[parent] = {"*": []}
            for child in parent.iterchildren(etree.Element):
                known["*"].append(child)
                if child.prefix or not child.tag.startswith("{"):  # those of a default namespace have no other name
                    known.setdefault(_name(child), []).append(child)
        return known


def _name(element: Element) -> str:
    local: str = element.tag.rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local
