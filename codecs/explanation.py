"""Why a document is invalid: every mistake as a finding, each mistake once.

Only documents that libxml2 has refused come here, so a valid one pays nothing. libxml2 itself stops looking inside a
parent after its first mistake there; this goes on, element by element, along the schema as xmlschema models it. Where
a document is large, only the elements that libxml2 names are looked at, and where neither finds words of its own the
findings are libxml2's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from lxml import etree
from msgspec import Struct
from xmlschema import XMLSchema10
from xmlschema.validators import XsdAnyElement, XsdElement, XsdGroup

from . import limits, wording
from .alignment import Place, align, alike
from .decoder import BLANKS, without_comments
from .finding import Finding, Text
from .labels import label
from .validation import Validator
from .values import failed_test

Element = Any
"""An element of lxml, whose published stubs know neither its line nor that its names are text."""

_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_INDEX: Final = re.compile(r"\[[0-9]+\]$")
_NAMESPACES: Final = re.compile(r"\{[^}]*\}")


class Content(Struct, frozen=True):
    """The children that a complex type allows: a sequence of elements and wildcards."""

    places: list[Place]
    components: list[Any]
    by_tag: dict[str, int]
    by_namespace: dict[str, int]

    def place_of(self, tag: str) -> int | None:
        """The place for a child, None for one that has none."""
        place = self.by_tag.get(tag)
        return self.by_namespace.get(tag[1:].partition("}")[0]) if place is None and self.by_namespace else place


class Spot(Struct, frozen=True):
    """An element with its declaration and its pointer."""

    element: Element
    component: Any
    pointer: str


def explain(root: etree._Element, validator: Validator, path: Path) -> tuple[Finding, ...]:
    """What is wrong with an invalid tree, in the order of the document.

    There is at least one finding and at most `limits.FINDING_COUNT_MAX`; where there is more, the last one says so.
    `path` is the XSD's; `validator` has already refused the tree.
    """
    element: Element = without_comments(root)
    schema = model(path)
    component = schema.maps.elements.get(element.tag)
    local = etree.QName(element).localname
    if component is None:
        expected = ", ".join(element.name for element in schema.elements.values())
        return (wording.root_unexpected(element.tag, element.sourceline, local, expected),)
    spot = Spot(element, component, f"/{local}")
    is_large = element.xpath(f"count(//*) > {limits.EXPLAINED_ELEMENT_COUNT_MAX}")
    found = _where_named(spot, validator) if is_large else _everywhere(spot)
    findings = list(islice(found, limits.FINDING_COUNT_MAX + 1)) or list(_in_its_words(spot, validator))
    findings.sort(key=lambda finding: finding.line or 0)
    if len(findings) > limits.FINDING_COUNT_MAX:
        findings[limits.FINDING_COUNT_MAX - 1 :] = [wording.more(limits.FINDING_COUNT_MAX - 1)]
    return tuple(findings)


@cache
def model(path: Path) -> XMLSchema10:
    """The XSD as xmlschema models it; takes some tenths of a second the first time."""
    return XMLSchema10(str(path))


def named_at(path: Path, pointer: str) -> Text:
    """What people and documents call the element or attribute at `pointer`, by the XSD at `path`."""
    steps = [_INDEX.sub("", step) for step in pointer.split("/")[1:]]
    component: Any = next((each for each in model(path).elements.values() if each.local_name == steps[0]), None)
    for step in steps[1:]:
        component = _below(component, step)
    return Text(steps[-1], steps[-1]) if component is None else wording.named(label(component), steps[-1])


def _below(component: Any, step: str) -> Any:
    if component is None or step.startswith("@"):
        attributes = {} if component is None or component.type.is_simple() else component.type.attributes
        return attributes.get(step[1:])
    content = content_of(component.type)
    components = [] if content is None else content.components
    return next((each for each in components if each.local_name == step), None)


def _everywhere(spot: Spot) -> Iterator[Finding]:
    yield from _own_mistakes(spot)
    for child in _children(spot):
        yield from _everywhere(child)


def _where_named(root: Spot, validator: Validator) -> Iterator[Finding]:
    """The mistakes of the elements in libxml2's log and of their parents, which is where a child's absence shows."""
    seen: set[Element] = set()
    for complaint in validator.complaints(root.element):
        for named in root.element.xpath(complaint.path):
            for element in (named.getparent(), named):
                spot = None if element is None or element in seen else _spot_of(element, root)
                if spot is not None:
                    seen.add(element)
                    yield from _own_mistakes(spot)


def _spot_of(element: Element, root: Spot) -> Spot | None:
    """The declaration and pointer of an element; None where the schema has no such element."""
    if element is root.element:
        return root
    parent = element.getparent()
    above = None if parent is None else _spot_of(parent, root)
    if above is None:
        return None
    return next((spot for spot in _children(above) if spot.element is element), None)


def _in_its_words(root: Spot, validator: Validator) -> Iterator[Finding]:
    for complaint in validator.complaints(root.element):
        yield wording.by_schema(root.pointer, complaint.line, _NAMESPACES.sub("", complaint.words))


def _own_mistakes(spot: Spot) -> Iterator[Finding]:
    """What is wrong with an element itself: its attributes, its children's order and number, its text."""
    element, component = spot.element, spot.component
    what = wording.named(label(component), etree.QName(element).localname)
    yield from _attribute_mistakes(spot, what)
    content = content_of(component.type)
    if content is not None:
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip(BLANKS):
                yield wording.text_unexpected(spot.pointer, element.sourceline, what, text.strip(BLANKS))
                break
        yield from _child_mistakes(spot, content)
    elif component.type.has_simple_content() or component.type.is_simple():
        yield from _value_mistakes(spot, what)


def _attribute_mistakes(spot: Spot, what: Text) -> Iterator[Finding]:
    element, type_ = spot.element, spot.component.type
    declared = {} if type_.is_simple() else dict(type_.attributes.items())
    line = element.sourceline
    allowed = [name for name in declared if name]
    missing = [name for name in allowed if declared[name].use == "required" and name not in element.attrib]
    for name, value in element.attrib.items():
        pointer = f"{spot.pointer}/@{etree.QName(name).localname}"
        if name in declared:
            test = failed_test(declared[name].type, value)
            if test is not None:
                own = wording.named(label(declared[name]), name)
                yield wording.value_wrong(test.code, pointer, line, own, value, test.expected)
        elif not name.startswith(_XSI) and None not in declared:
            meant = alike(name, missing)
            if meant is not None:
                missing.remove(meant)
            yield wording.attribute_unexpected(pointer, line, name, what, allowed if meant is None else [meant])
    for name in missing:
        own = wording.named(label(declared[name]), name)
        yield wording.attribute_missing(f"{spot.pointer}/@{name}", line, own, what, name)


def _value_mistakes(spot: Spot, what: Text) -> Iterator[Finding]:
    element, type_ = spot.element, spot.component.type
    if len(element):
        for child, pointer in _pointers(spot, None):
            name = etree.QName(child).localname
            yield wording.unexpected(pointer, child.sourceline, name, what, ["text only"])
        return
    test = failed_test(type_ if type_.is_simple() else type_.content, element.text or "")
    if test is not None:
        value = (element.text or "").strip(BLANKS)
        yield wording.value_wrong(test.code, spot.pointer, element.sourceline, what, value, test.expected)


def _child_mistakes(spot: Spot, content: Content) -> Iterator[Finding]:
    children = list(_pointers(spot, content))
    names = [etree.QName(child).localname for child, _ in children]
    found = [content.place_of(child.tag) for child, _ in children]
    alignment = align(names, found, content.places)
    where = wording.named(label(spot.component), etree.QName(spot.element).localname)
    line = spot.element.sourceline
    mistakes: list[tuple[int, Finding]] = []

    def what(place: int) -> Text:
        return wording.named(label(content.components[place]), content.places[place].name)

    for index in alignment.unexpected:
        child, pointer = children[index]
        allowed = _allowed_at(index, found, content.places)
        name = names[index] if etree.QName(child).namespace == _namespace(content) else child.tag
        mistakes.append((index, wording.unexpected(pointer, child.sourceline, name, where, allowed)))
    for index, place in alignment.renamed.items():
        child, pointer = children[index]
        name, meant = names[index], content.places[place].name
        if name == meant:
            name, meant = child.tag, next(tag for tag, each in content.by_tag.items() if each == place)
        mistakes.append((index, wording.renamed(pointer, child.sourceline, name, what(place), where, meant)))
    for index in alignment.misplaced:
        child, pointer = children[index]
        place = found[index] or 0
        after = _before(place, found, content.places)
        mistakes.append((index, wording.misplaced(pointer, child.sourceline, what(place), where, after)))
    for index, place in alignment.repeated.items():
        child, pointer = children[index]
        most = content.places[place].most
        mistakes.append((index, wording.repeated(pointer, child.sourceline, what(place), where, most)))
    for place in alignment.missing:
        index = next((at for at, each in enumerate(found) if each is not None and each > place), len(found))
        one = content.places[place]
        count = found.count(place)
        pointer = f"{spot.pointer}/{one.name}" + (f"[{count + 1}]" if one.most != 1 else "")
        mistakes.append((index, wording.missing(pointer, line, what(place), where, one.name, one.least)))
    yield from (finding for _, finding in sorted(mistakes, key=lambda each: each[0]))


def _allowed_at(child: int, found: list[int | None], places: list[Place]) -> list[str]:
    """The names that could stand where an unexpected child stands; its neighbours' where no other could."""
    low = max((place for place in found[:child] if place is not None), default=0)
    high = min((place for place in found[child:] if place is not None and place >= low), default=len(places) - 1)
    near = range(low, high + 1)
    free = [index for index in near if places[index].most is None or found.count(index) < (places[index].most or 0)]
    return [places[index].name for index in free or near]


def _before(place: int, found: list[int | None], places: list[Place]) -> str | None:
    """The nearest name before `place` in the sequence that the document has."""
    return next((places[each].name for each in range(place - 1, -1, -1) if each in found), None)


def _namespace(content: Content) -> str | None:
    return next((etree.QName(tag).namespace for tag in content.by_tag), None)


def _children(spot: Spot) -> Iterator[Spot]:
    """The children that the schema knows, and those that are a known one misspelled."""
    content = content_of(spot.component.type)
    if content is None:
        return
    for child, pointer in _pointers(spot, content):
        place = content.place_of(child.tag)
        if place is not None and isinstance(content.components[place], XsdElement):
            yield Spot(child, content.components[place], pointer)


def _pointers(spot: Spot, content: Content | None) -> Iterator[tuple[Element, str]]:
    """Each child with its pointer; those that may or do occur more than once have an index."""
    totals = Counter(child.tag for child in spot.element)
    counts: Counter[str] = Counter()
    for child in spot.element:
        counts[child.tag] += 1
        place = None if content is None else content.place_of(child.tag)
        is_repeatable = place is not None and content is not None and content.places[place].most != 1
        index = f"[{counts[child.tag]}]" if is_repeatable or totals[child.tag] > 1 else ""
        yield child, f"{spot.pointer}/{etree.QName(child).localname}{index}"


@cache
def content_of(type_: Any) -> Content | None:
    """The children that a type allows; None for text, and for a model that is more than one sequence."""
    group = None if type_.is_simple() else type_.content
    if not isinstance(group, XsdGroup) or group.model != "sequence" or group.occurs != (1, 1):
        return None
    content = Content([], [], {}, {})
    for index, particle in enumerate(group):
        if isinstance(particle, XsdElement):
            content.by_tag[particle.name] = index
            name = particle.local_name
        elif isinstance(particle, XsdAnyElement):
            content.by_namespace.update(dict.fromkeys(particle.namespace, index))
            name = "any element"
        else:
            return None
        content.places.append(Place(name, particle.min_occurs, particle.max_occurs))
        content.components.append(particle)
    return content
