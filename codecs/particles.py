"""The children that a complex type allows, as fields: groups within groups laid out flat, in the order of the schema.

A choice becomes fields of which some are absent. Where children of several names may follow each other in any order
(a choice or sequence that repeats, a name that occurs at two places), no set of fields could keep that order: such
children become a list of items, each with one of its fields set. What the schema allows and when is for validation to
say; the fields hold every document that is valid.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from xmlschema.validators import XsdAnyElement, XsdElement

from .unsupported import unsupported


class Leaf(Struct, frozen=True):
    """An element or wildcard with how often it occurs; several of them where their order has to be kept."""

    components: tuple[Any, ...]
    least: int
    most: int | None


def leaves_of(group: Any) -> list[Leaf]:
    """The leaves of a content model.

    Raises UnsupportedConstruct for a wildcard that also takes what a named element beside it takes: which of the two an
    element is depends on its place alone.
    """
    leaves = _laid_out(group, is_optional=False) or []
    components = [each for leaf in leaves for each in leaf.components]
    elements = [each for each in components if isinstance(each, XsdElement)]
    wildcards = [each for each in components if isinstance(each, XsdAnyElement)]
    for wildcard in wildcards:
        for element in elements:
            if wildcard.is_namespace_allowed(namespace_of(element)):
                raise unsupported(f"a wildcard that also takes the element {element.local_name} beside it", wildcard)
    if len(wildcards) > 1:
        raise unsupported("a second wildcard in one type", wildcards[1])
    if len({each.name for each in elements}) < len(elements):
        return [Leaf(_distinct(components), 0, None)]
    return leaves


def namespace_of(component: Any) -> str:
    """The namespace of an element's or attribute's name; empty for none."""
    name: str = component.name
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def _laid_out(particle: Any, *, is_optional: bool) -> list[Leaf] | None:
    """The leaves of a particle; None for one that has to be there and that nothing can be."""
    least, most = particle.occurs
    if most == 0:
        return []
    if isinstance(particle, XsdElement):
        return _alternatives(list(_substitutes(particle)), particle, is_optional=is_optional)
    if not isinstance(particle, XsdAnyElement):
        return _group(particle, is_optional=is_optional)
    if particle.process_contents != "strict" or any(each.startswith("##") for each in particle.namespace):
        return [Leaf((particle,), 0 if is_optional else least, most)]
    known = [each for each in particle.maps.elements.values() if namespace_of(each) in particle.namespace]
    return _alternatives(known, particle, is_optional=is_optional)


def _group(group: Any, *, is_optional: bool) -> list[Leaf] | None:
    least, most = group.occurs
    branches = [_laid_out(each, is_optional=is_optional or least == 0) for each in group]
    if group.model == "choice":
        possible = [(each, branch) for each, branch in zip(group, branches, strict=True) if branch is not None]
        if not possible and len(group):
            return None if least else []
        if len(possible) > 1:
            branches = [_laid_out(each, is_optional=True) for each, _ in possible]
        else:
            branches = [branch for _, branch in possible]
    elif None in branches:
        return None if least else []
    leaves = [leaf for branch in branches for leaf in branch or []]
    if most == 1 or not leaves:
        return leaves
    if len(leaves) == 1:
        (leaf,) = leaves
        together = None if most is None or leaf.most is None else most * leaf.most
        return [Leaf(leaf.components, leaf.least * least, together)]
    return [Leaf(_distinct([each for leaf in leaves for each in leaf.components]), 0, None)]


def _alternatives(components: list[Any], particle: Any, *, is_optional: bool) -> list[Leaf] | None:
    """The leaves of a particle that one of several elements stands for."""
    least, most = particle.occurs
    if not components:
        return None if least else []
    if len(components) == 1:
        return [Leaf((components[0],), 0 if is_optional else least, most)]
    if most == 1:
        return [Leaf((each,), 0, 1) for each in components]
    return [Leaf(_distinct(components), 0 if is_optional else least, most)]


def _substitutes(element: Any) -> Iterator[Any]:
    """The element itself, unless it is abstract, and the members of its substitution group."""
    head = element.ref or element
    if not head.abstract:
        yield element
    for each in sorted(element.maps.substitution_groups.get(head.name, ()), key=lambda member: str(member.name)):
        yield from _substitutes(each)


def _distinct(components: list[Any]) -> tuple[Any, ...]:
    """The components without the second and later ones of a name; a wildcard has none."""
    found: dict[str | None, Any] = {}
    for each in components:
        found.setdefault(each.name if isinstance(each, XsdElement) else None, each)
    return tuple(found.values())
