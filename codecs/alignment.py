"""Children against a sequence: the fewest mistakes that explain why an element's children are not as they should be."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Final

from msgspec import Struct

_NAME_CHARS_MAX: Final = 80
"""Longer names are not looked at for likeness, which costs the square of their length."""
_ALIKE_MIN: Final = 0.7
"""Names this similar are taken for one name misspelled; `difflib`'s ratio, from 0 to 1."""


class Place(Struct, frozen=True):
    """One particle of a sequence: the local name, and how often it may occur (None: any number of times)."""

    name: str
    least: int
    most: int | None


class Alignment(Struct):
    """What is wrong with a list of children, by their positions and by those of the places in the sequence."""

    unexpected: list[int]
    """Children that have no place at all."""
    renamed: dict[int, int]
    """Children that have no place and look like a misspelling of one that is missing: child -> place."""
    misplaced: list[int]
    """Children that have a place, elsewhere."""
    repeated: dict[int, int]
    """The first child too many -> its place."""
    missing: list[int]
    """Places whose children are missing."""


def align(names: list[str], found: list[int | None], places: list[Place], most: int) -> Alignment:
    """What is wrong with children of these local `names`, for which `found` gives the place or None.

    Of children that are unexpected or misplaced the first `most` are enough.
    """
    counts = [0] * len(places)
    repeated: dict[int, int] = {}
    for child, place in enumerate(found):
        if place is not None:
            counts[place] += 1
            limit = places[place].most
            if limit is not None and counts[place] == limit + 1:
                repeated[child] = place
    excessive = set(repeated.values())
    in_order = _longest_run(found)
    misplaced = [
        child
        for child, place in enumerate(found)
        if place is not None and child not in in_order and place not in excessive
    ]
    missing = [index for index, place in enumerate(places) if counts[index] < place.least]
    unexpected = [child for child, place in enumerate(found) if place is None][:most]
    renamed = _renamed(names, unexpected, missing, places)
    return Alignment(
        unexpected=[child for child in unexpected if child not in renamed],
        renamed=renamed,
        misplaced=misplaced[:most],
        repeated=repeated,
        missing=[place for place in missing if place not in renamed.values()],
    )


def _longest_run(found: list[int | None]) -> set[int]:
    """The children of the longest run of places that never goes back: those that are where they belong."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for child, place in enumerate(found):
        if place is None:
            continue
        length = bisect_right(tails, place)
        before[child] = ends[length - 1] if length else None
        if length == len(tails):
            tails.append(place)
            ends.append(child)
        else:
            tails[length], ends[length] = place, child
    run: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = before[last]
    return run


class Allowed:
    """Which names could stand where an unexpected child stands: those between its neighbours' places."""

    def __init__(self, found: list[int | None], places: list[Place]) -> None:
        self.places = places
        self.counts = Counter(found)
        self.low = list(accumulate((place or 0 for place in found), max, initial=0))
        self.after = [len(places) - 1] * (len(found) + 1)
        for child in range(len(found) - 1, -1, -1):
            place = found[child]
            self.after[child] = self.after[child + 1] if place is None else place

    def at(self, child: int) -> list[str]:
        """The names for the position of `child`; its neighbours' own where there is room for no other."""
        low, high = self.low[child], self.after[child]
        near = range(low, max(low, high) + 1)
        free = [each for each in near if self._has_room(self.places[each].most, self.counts[each])]
        return [self.places[each].name for each in free or near]

    @staticmethod
    def _has_room(most: int | None, count: int) -> bool:
        return most is None or count < most


def _renamed(names: list[str], unexpected: list[int], missing: list[int], places: list[Place]) -> dict[int, int]:
    renamed: dict[int, int] = {}
    for child in unexpected:
        free = {places[place].name: place for place in missing if place not in renamed.values()}
        meant = alike(names[child], list(free))
        if meant is not None:
            renamed[child] = free[meant]
    return renamed


def alike(name: str, candidates: list[str]) -> str | None:
    """The candidate that `name` is most likely a misspelling of; None if it looks like none of them."""
    if len(name) > _NAME_CHARS_MAX:
        return None
    rated = [(SequenceMatcher(None, name.casefold(), each.casefold()).ratio(), each) for each in candidates]
    best = max(rated, default=(0.0, None))
    return best[1] if best[0] >= _ALIKE_MIN else None
