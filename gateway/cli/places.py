"""Pointers into a declaration in the words of its readers: item numbers instead of paths."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

SHOWN_COUNT_MAX: Final = 3

_ITEM: Final = re.compile(r"/GovernmentAgencyGoodsItem\[(\d+)\]")


def places(pointers: Sequence[str | None]) -> str:
    """Where a remark applies: `items 1-3, 7: Origin/CountryCode`; a few paths where they have not all the same end."""
    found = [_place(pointer) for pointer in pointers if pointer is not None]
    ends = {end for _, end in found}
    numbers = [item for item, _ in found if item is not None]
    if len(ends) == 1 and len(numbers) == len(found):
        end = ends.pop()
        what = "item" if len(set(numbers)) == 1 else "items"
        return f"{what} {ranges(numbers)}" + (f": {end}" if end else "")
    lines = [end if item is None else f"item {item}: {end}" for item, end in found[:SHOWN_COUNT_MAX]]
    if len(found) > SHOWN_COUNT_MAX:
        lines.append(f"... and {len(found) - SHOWN_COUNT_MAX} more")
    return "\n".join(lines)


def _place(pointer: str) -> tuple[int | None, str]:
    """The number of the item that a pointer leads into, and the way on from there."""
    match = _ITEM.search(pointer)
    if match is None:
        return None, pointer.removeprefix("/Declaration").removeprefix("/") or "the declaration"
    return int(match[1]), pointer[match.end() :].removeprefix("/")


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, neighbours as a range: `1-3, 7`."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
