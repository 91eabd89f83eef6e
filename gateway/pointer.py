"""From an element of an agency's message back to the same element of the trader's declaration.

A message is a projection of the declaration: the same elements in the same nesting, fewer of them. So an element's
place changes only where an earlier sibling was left out, and the counterpart of a repeated element is the one of the
declaration's that holds everything the message's holds.
"""

import re
from functools import cache
from typing import Any

import msgspec

_STEP = re.compile(r"(?P<name>[^\[\]@]+)(?:\[(?P<position>[1-9][0-9]{0,8})\])?")


class Tracer:
    """Traces pointers from one message to the declaration it was split from.

    It remembers which element is whose counterpart, so that a thousand findings on a thousand items cost no more than
    one pass over them.
    """

    def __init__(self, message: msgspec.Struct, declaration: msgspec.Struct) -> None:
        self._message = message
        self._declaration = declaration
        self._counterparts: dict[tuple[int, int], list[int | None]] = {}

    def trace(self, pointer: str) -> str:
        """The pointer into the declaration for one into the message; both are XPaths over local names.

        A step that does not resolve, as in a pointer that an agency got wrong, ends the way there: the deepest element
        that both documents share is returned, at worst the declaration itself.
        """
        found = [type(self._declaration).__name__]
        here: Any = self._message
        there: Any = self._declaration
        for step in pointer.split("/")[2:]:
            if step.startswith("@") and _field(type(here), step[1:]) is not None:
                found.append(step)
                break
            match = _STEP.fullmatch(step)
            field = None if match is None else _field(type(here), match["name"])
            if match is None or field is None:
                break
            here, there = getattr(here, field), getattr(there, field, None)
            position = int(match["position"] or 1)
            if isinstance(here, tuple):
                counterpart = self._counterpart(here, position - 1, there)
                if counterpart is None:
                    break
                here, there = here[position - 1], there[counterpart]
                found.append(f"{match['name']}[{counterpart + 1}]")
            elif here is None or there is None or position != 1:
                break
            else:
                found.append(match["name"])
        return "/" + "/".join(found)

    def _counterpart(self, members: tuple[Any, ...], position: int, others: Any) -> int | None:
        """Where the member at `position` stands among `others`."""
        if position >= len(members) or not isinstance(others, tuple):
            return None
        # Both belong to documents that are held here, so their identities stay theirs.
        known = self._counterparts.get((id(members), id(others)))
        if known is None:
            known = self._counterparts[id(members), id(others)] = _counterparts(members, others)
        return known[position]


@cache
def _names(struct: type) -> dict[str, str]:
    if not issubclass(struct, msgspec.Struct):
        return {}
    return {field.encode_name: field.name for field in msgspec.structs.fields(struct)}


def _field(struct: type, name: str) -> str | None:
    return _names(struct).get(name)


def _counterparts(members: tuple[Any, ...], others: tuple[Any, ...]) -> list[int | None]:
    """For each member its place among `others`; a split leaves siblings out and never changes their order."""
    places: list[int | None] = []
    start = 0
    for member in members:
        place = next((place for place in range(start, len(others)) if _covers(others[place], member)), None)
        places.append(place)
        start = start if place is None else place + 1
    return places


def _covers(whole: Any, part: Any) -> bool:
    if whole is part:
        return True
    if isinstance(part, msgspec.Struct):
        return all(_covers(getattr(whole, name, None), getattr(part, name)) for name in part.__struct_fields__)
    if isinstance(part, tuple) and isinstance(whole, tuple):
        return all(any(_covers(candidate, member) for candidate in whole) for member in part)
    return bool(whole == part)
