"""What libxml2 complains of and the explanation has not told: which element is meant, and whether a finding says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from .finding import Finding
from .validation import Complaint

_CONTENT: Final = re.compile(r"SCHEMAV_(ELEMENT_CONTENT|CVC_COMPLEX_TYPE_2_[1-4]|CVC_TYPE_3_1_2|CVC_ELT_3_2_1)")
"""Kinds about what stands inside an element: about its own children and text, or about it among its parent's."""

_VALUE: Final = re.compile(r"SCHEMAV_CVC_\w*VALID\w*")
"""Kinds about the text of an element, or the value of an attribute."""

_SUBJECT: Final = re.compile(r"Element '[^']*'(?:, attribute '([^']*)')?: (?:The attribute '([^']*)' is required)?")
"""How libxml2's words begin; they name the attribute, where one is meant."""

_NIL: Final = "SCHEMAV_CVC_ELT_3_1"
"""The one kind about an attribute, `xsi:nil`, that does not name it."""


def is_told(complaint: Complaint, own: Sequence[Finding], of_parent: Sequence[Finding]) -> bool:
    """Whether the findings of the element that a complaint names, or those of its parent, say what it is about."""
    if _CONTENT.fullmatch(complaint.kind):
        return any(each.code.startswith(("element-", "text-")) for each in (*own, *of_parent))
    subject = _SUBJECT.match(complaint.words)
    attribute = "nil" if complaint.kind == _NIL else subject and (subject[1] or subject[2])
    if attribute:
        name = attribute.rpartition("}")[2]
        return any(each.pointer.endswith(f"/@{name}") or _is_meant(each, name) for each in own)
    if _VALUE.fullmatch(complaint.kind):  # children that a text can't have cut it in two
        return any(each.code.startswith(("value-", "element-")) and "/@" not in each.pointer for each in own)
    return False


def _is_meant(finding: Finding, name: str) -> bool:
    """Whether a finding says that an attribute's name was misspelled."""
    return finding.code == "attribute-unexpected" and finding.expected == name


class Elements:
    """The elements of a tree by the paths of libxml2's log, and their pointers.

    A path's steps are `*` in a default namespace and `prefix:name` otherwise, with a position where there are several.
    lxml would have to be told each prefix, and the same one may stand for two namespaces in one document.
    """

    def __init__(self, root: Any) -> None:
        self._root = root
        self._children: dict[tuple[Any, str], list[Any]] = {}
        self._indices: dict[Any, dict[Any, str]] = {}

    def at(self, path: str) -> Any:
        """The element that `path` leads to, or the nearest one around it."""
        element = self._root
        for step in path.split("/")[2:]:
            name, _, position = step.rstrip("]").partition("[")
            children = self._named(element, name)
            index = int(position or 1) - 1
            if not 0 <= index < len(children):
                break
            element = children[index]
        return element

    def pointer(self, element: Any) -> str:
        """The XPath over local names of an element, with an index where its parent has several of its name."""
        steps = []
        while element is not None:
            parent = element.getparent()
            index = "" if parent is None else self._index(parent, element)
            steps.append(element.tag.rpartition("}")[2] + index)
            element = parent
        return "/" + "/".join(reversed(steps))

    def _named(self, parent: Any, name: str) -> list[Any]:
        key = (parent, name)
        if key not in self._children:
            prefix, colon, local = name.rpartition(":")
            self._children[key] = [
                child
                for child in parent
                if name == "*" or (child.tag.rpartition("}")[2], child.prefix or "") == (local, prefix if colon else "")
            ]
        return self._children[key]

    def _index(self, parent: Any, element: Any) -> str:
        if parent not in self._indices:
            by_tag: dict[str, list[Any]] = {}
            for child in parent:
                by_tag.setdefault(child.tag, []).append(child)
            self._indices[parent] = {
                child: f"[{place}]" if len(same) > 1 else ""
                for same in by_tag.values()
                for place, child in enumerate(same, 1)
            }
        return self._indices[parent].get(element, "")
