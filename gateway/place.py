"""A place in the event feed, and the cursor that stands for it outside."""

import re
from typing import Final

import msgspec


class Place(msgspec.Struct, frozen=True, order=True):
    """After which event the feed goes on: `position` counts entries in the order of commits, from 1.

    `sequence` is that of an event of that entry in its case. Places sort as their events were committed.
    """

    position: int = 0
    sequence: int = 0


BEGINNING: Final = Place()
"""Before the first event."""

_CURSOR: Final = re.compile(r"(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,8})")


def cursor(place: Place) -> str:
    """The text by which a caller gives the place back; what is in it is nobody's business."""
    return f"{place.position}-{place.sequence}"


def place_of(cursor: str) -> Place:
    """The place that a cursor stands for. Raises ValueError where the text is no cursor."""
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise ValueError("not a cursor of the event feed")
    return Place(int(found[1]), int(found[2]))
