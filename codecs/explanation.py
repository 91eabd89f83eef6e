"""Why a document is invalid: every mistake as a finding, each mistake once.

Only documents that libxml2 has refused come here, so a valid one pays nothing. libxml2 itself stops looking inside a
parent after its first mistake there; this goes on, element by element, along the schema as xmlschema models it. Where
a document is large, only the elements that libxml2 names are looked at. Whatever libxml2 complains of and this has no
words for is in the answer too, in libxml2's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from lxml import etree
from msgspec import Struct
from xmlschema import XMLSchema10
from xmlschema.validators import XsdElement, XsdGroup

from . import limits, wording
from .alignment import Allowed, Place, align, alike
from .decoder import BLANKS, without_comments
from .finding import Finding, Text
from .labels import label, of_type
from .particles import leaves_of
from .type_hints import XSI, hint_mistakes, judged_by
from .unsupported import UnsupportedConstruct
from .untold import Elements, is_told
from .validation import Validator
from .values import Test, failed_test

Element = Any
"""An element of lxml, whose published stubs know neither its line nor that its names are text."""

_INDEX: Final = re.compile(r"\[[0-9]+\]$")
_NAMESPACES: Final = re.compile(r"\{[^}]*\}")


class Content(Struct, frozen=True):
    """The children that a complex type allows: a sequence of elements and wildcards; `namespace` is in braces."""

    namespace: str
    places: list[Place]
    components: list[Any]
    by_tag: dict[str, int]
    by_namespace: dict[str, int]

    def place_of(self, tag: str) -> int | None:
        """The place for a child, None for one that has none."""
        place = self.by_tag.get(tag)
        return self.by_namespace.get(tag[1:].partition("}")[0]) if place is None and self.by_namespace else place


class Child(NamedTuple):
    """A child element: its local name, its place in the parent's content if it has one, its pointer."""

    element: Element
    name: str
    place: int | None
    pointer: str


class Spot(Struct, frozen=True):
    """An element with its declaration and its pointer."""

    element: Element
    component: Any
    pointer: str

    @property
    def type(self) -> Any:
        """The type by which the element is judged: its declaration's, or one derived from it that `xsi:type` names."""
        return judged_by(self.element, self.component)


Told = tuple[Element, Finding]
"""A finding with the element whose mistake it is: that of a child that is missing or unexpected is its parent's."""


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
    told = list(islice(found, limits.FINDING_COUNT_MAX + 1))
    told += islice(_untold(spot, validator, told), limits.FINDING_COUNT_MAX + 1 - len(told))
    findings = [finding for _, finding in told]
    findings.sort(key=lambda finding: finding.line or 0)
    if len(findings) > limits.FINDING_COUNT_MAX:
        findings[limits.FINDING_COUNT_MAX - 1 :] = [wording.more(limits.FINDING_COUNT_MAX - 1)]
    return tuple(findings)


@cache
def model(path: Path) -> XMLSchema10:
    """The XSD as xmlschema models it; takes some tenths of a second the first time."""
    return XMLSchema10(str(path), allow="local")


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


def _everywhere(spot: Spot) -> Iterator[Told]:
    content = content_of(spot.type)
    children = _placed(spot, content)
    yield from ((spot.element, finding) for finding in _own_mistakes(spot, content, children))
    if content is not None:
        for child in children:
            below = _below_spot(child, content)
            if below is not None:
                yield from _everywhere(below)


def _where_named(root: Spot, validator: Validator) -> Iterator[Told]:
    """The mistakes of the elements in libxml2's log and of their parents, which is where a child's absence shows."""
    seen: set[Element] = set()
    spots = Spots(root)
    elements = Elements(root.element)
    for complaint in validator.complaints(root.element):
        named = elements.at(complaint.path)
        for element in (named.getparent(), named):
            spot = None if element is None or element in seen else spots.of(element)
            if spot is not None:
                seen.add(element)
                mistakes = _own_mistakes(spot, content_of(spot.type), spots.children(spot))
                yield from ((element, finding) for finding in mistakes)


class Spots:
    """Where elements stand: each parent on the way is gone through once, however many of its children are asked for."""

    def __init__(self, root: Spot) -> None:
        self._known: dict[Element, Spot | None] = {root.element: root}
        self._opened: set[Element] = set()
        self._children: dict[Element, list[Child]] = {}

    def of(self, element: Element) -> Spot | None:
        """The declaration and pointer of an element; None where the schema has no such element."""
        parent = element.getparent()
        if element not in self._known and parent is not None and parent not in self._opened:
            self._opened.add(parent)
            above = self.of(parent)
            content = None if above is None else content_of(above.type)
            if above is not None and content is not None:
                placed = self.children(above)
                self._known.update((child.element, _below_spot(child, content)) for child in placed)
        return self._known.get(element)

    def children(self, spot: Spot) -> list[Child]:
        """The children of an element, placed."""
        if spot.element not in self._children:
            self._children[spot.element] = _placed(spot, content_of(spot.type))
        return self._children[spot.element]


def _untold(root: Spot, validator: Validator, told: list[Told]) -> Iterator[Told]:
    """What libxml2 complains of and nothing in `told` is about: it decides, so each of its complaints is said."""
    by_element: dict[Element, list[Finding]] = {}
    for element, finding in told:
        by_element.setdefault(element, []).append(finding)
    elements = Elements(root.element)
    for complaint in validator.complaints(root.element):
        element = elements.at(complaint.path)
        if not is_told(complaint, by_element.get(element, []), by_element.get(element.getparent(), [])):
            pointer = elements.pointer(element)
            what = Text(local_name(element), local_name(element))
            words = _NAMESPACES.sub("", complaint.words)
            yield element, wording.by_schema(pointer, complaint.line or element.sourceline, what, words)


def _own_mistakes(spot: Spot, content: Content | None, children: list[Child]) -> Iterator[Finding]:
    """What is wrong with an element itself: its attributes, its children's order and number, its text."""
    element, type_ = spot.element, spot.type
    what = wording.named(label(spot.component), local_name(element))
    if element.attrib or not type_.is_simple():
        yield from _attribute_mistakes(spot, what)
    if content is not None:
        for text in (element.text, *(child.element.tail for child in children)):
            if text and text.strip(BLANKS):
                yield wording.text_unexpected(spot.pointer, element.sourceline, what, text.strip(BLANKS))
                break
        yield from _child_mistakes(spot, what, content, children)
    elif type_.is_simple() or type_.has_simple_content():
        yield from _value_mistakes(spot, what, children)


def _attribute_mistakes(spot: Spot, what: Text) -> Iterator[Finding]:
    element, type_ = spot.element, spot.type
    declared = {} if type_.is_simple() else dict(type_.attributes.items())
    line = element.sourceline
    allowed = [name for name in declared if name]
    given = element.keys()  # names alone: lxml looks each value up from the first attribute on
    missing = [name for name in allowed if declared[name].use == "required" and name not in given]
    for name in given:
        pointer = f"{spot.pointer}/@{etree.QName(name).localname}"
        if name in declared:
            value = element.get(name)
            test = failed_test(declared[name].type, value)
            if test is not None:
                own = wording.named(label(declared[name]), name)
                yield wording.value_wrong(test.code, pointer, line, own, value, _expected(test, declared[name].type))
        elif name.startswith(XSI):
            yield from hint_mistakes(element, name, spot.component, pointer, what)
        elif None not in declared:
            meant = alike(name, missing)
            if meant is not None:
                missing.remove(meant)
            yield wording.attribute_unexpected(pointer, line, name, what, allowed if meant is None else [meant])
    for name in missing:
        own = wording.named(label(declared[name]), name)
        yield wording.attribute_missing(f"{spot.pointer}/@{name}", line, own, what, name)


def _value_mistakes(spot: Spot, what: Text, children: list[Child]) -> Iterator[Finding]:
    element, type_ = spot.element, spot.type
    for child in children:
        yield wording.unexpected(child.pointer, child.element.sourceline, child.name, what, ["text only"])
    if not children and not _says_nothing(spot):
        simple = type_ if type_.is_simple() else type_.content
        test = failed_test(simple, element.text or "")
        if test is not None:
            value = (element.text or "").strip(BLANKS)
            expected = _expected(test, simple)
            yield wording.value_wrong(test.code, spot.pointer, element.sourceline, what, value, expected)


def _expected(test: Test, type_: Any) -> Text:
    """What a value should have been: a pattern in the words of its type's documentation, where that explains it."""
    return wording.described(of_type(type_), test.expected) if test.code == "value-pattern" else test.expected


def _says_nothing(spot: Spot) -> bool:
    """Whether the element has no text of its own: it is nil, or its declaration has a default."""
    declared = spot.component.ref or spot.component
    has_default = declared.default is not None or declared.fixed is not None
    return f"{XSI}nil" in spot.element.attrib if declared.nillable else has_default and not spot.element.text


def _child_mistakes(spot: Spot, where: Text, content: Content, children: list[Child]) -> Iterator[Finding]:
    places = content.places
    found = [child.place for child in children]
    alignment = align([child.name for child in children], found, places, limits.FINDING_COUNT_MAX + 1)
    mistakes: list[tuple[int, Finding]] = []

    def note(index: int, sentence: Callable[..., Finding], *rest: Any) -> None:
        child = children[index]
        mistakes.append((index, sentence(child.pointer, child.element.sourceline, *rest)))

    def what(place: int) -> Text:
        return wording.named(label(content.components[place]), places[place].name)

    allowed = Allowed(found, places) if alignment.unexpected else None
    for index in alignment.unexpected:
        name = children[index].name
        if not children[index].element.tag.startswith(content.namespace):
            name = children[index].element.tag
        note(index, wording.unexpected, name, where, allowed.at(index) if allowed else [])
    for index, place in alignment.renamed.items():
        name, meant = children[index].name, places[place].name
        if name == meant:
            name, meant = children[index].element.tag, content.namespace + meant
        note(index, wording.renamed, name, what(place), where, meant)
    present = set(found)
    for index in alignment.misplaced:
        place = found[index] or 0
        before = next((places[each].name for each in range(place - 1, -1, -1) if each in present), None)
        note(index, wording.misplaced, what(place), where, before)
    for index, place in alignment.repeated.items():
        note(index, wording.repeated, what(place), where, places[place].most)
    for place in alignment.missing:
        one = places[place]
        index = next((at for at, each in enumerate(found) if each is not None and each > place), len(found))
        pointer = f"{spot.pointer}/{one.name}" + (f"[{found.count(place) + 1}]" if one.most != 1 else "")
        line = spot.element.sourceline
        mistakes.append((index, wording.missing(pointer, line, what(place), where, one.name, one.least)))
    yield from (finding for _, finding in sorted(mistakes, key=lambda each: each[0]))


def _below_spot(child: Child, content: Content) -> Spot | None:
    component = None if child.place is None else content.components[child.place]
    return Spot(child.element, component, child.pointer) if isinstance(component, XsdElement) else None


def _placed(spot: Spot, content: Content | None) -> list[Child]:
    """The children of an element; those that may or do occur more than once have an index in their pointers."""
    elements = [child for child in spot.element]  # noqa: C416 - list() would give no other thread its turn
    totals = Counter(element.tag for element in elements)
    counts: Counter[str] = Counter()
    placed = []
    for element in elements:
        counts[element.tag] += 1
        place = None if content is None else content.place_of(element.tag)
        is_repeatable = place is not None and content is not None and content.places[place].most != 1
        index = f"[{counts[element.tag]}]" if is_repeatable or totals[element.tag] > 1 else ""
        name = local_name(element)
        placed.append(Child(element, name, place, f"{spot.pointer}/{name}{index}"))
    return placed


def local_name(element: Element) -> str:
    """An element's name without its namespace."""
    name: str = element.tag.rpartition("}")[2]
    return name


@cache
def content_of(type_: Any) -> Content | None:
    """The children that a type allows; None for text, and where they may come in more than one order."""
    group = None if type_.is_simple() else type_.content
    if not isinstance(group, XsdGroup) or group.model == "all" or type_.mixed:
        return None
    try:
        leaves = leaves_of(group)
    except UnsupportedConstruct:
        return None
    content = Content(f"{{{type_.target_namespace}}}", [], [], {}, {})
    for index, leaf in enumerate(leaves):
        if len(leaf.components) > 1:
            return None
        (particle,) = leaf.components
        if isinstance(particle, XsdElement):
            content.by_tag[particle.name] = index
            name = particle.local_name
        else:
            content.by_namespace.update(dict.fromkeys(particle.namespace, index))
            name = "any element"
        content.places.append(Place(name, leaf.least, leaf.most))
        content.components.append(particle)
    return content
