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


def trace(pointer: str, message: msgspec.Struct, declaration: msgspec.Struct) -> str:
    """The pointer into `declaration` for one into `message`; both are XPaths over local names.

    A step that does not resolve, as in a pointer that an agency got wrong, ends the way there: the deepest element
    that both documents share is returned, at worst the declaration itself.
    """
    found = [type(declaration).__name__]
    here: Any = message
    there: Any = declaration
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
            counterpart = _counterpart(here, position - 1, there)
            if counterpart is None:
                break
            here, there = here[position - 1], there[counterpart]
            found.append(f"{match['name']}[{counterpart + 1}]")
        elif here is None or there is None or position != 1:
            break
        else:
            found.append(match["name"])
    return "/" + "/".join(found)


@cache
def _names(struct: type) -> dict[str, str]:
    if not issubclass(struct, msgspec.Struct):
        return {}
    return {field.encode_name: field.name for field in msgspec.structs.fields(struct)}


def _field(struct: type, name: str) -> str | None:
    return _names(struct).get(name)


def _counterpart(members: tuple[Any, ...], position: int, others: Any) -> int | None:
    """Where the member at `position` stands among `others`; of equal ones the k-th is taken for the k-th."""
    if position >= len(members) or not isinstance(others, tuple):
        return None
    member = members[position]
    before = sum(1 for earlier in members[:position] if earlier == member)
    for place, other in enumerate(others):
        if _covers(other, member):
            if before == 0:
                return place
            before -= 1
    return None


def _covers(whole: Any, part: Any) -> bool:
    if whole is part:
        return True
    if isinstance(part, msgspec.Struct):
        return all(_covers(getattr(whole, name, None), getattr(part, name)) for name in part.__struct_fields__)
    if isinstance(part, tuple) and isinstance(whole, tuple):
        return all(any(_covers(candidate, member) for candidate in whole) for member in part)
    return bool(whole == part)
