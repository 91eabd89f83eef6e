"""How deep the documents of a schema can be: a valid one need not be measured where its schema keeps it shallow."""

from __future__ import annotations

from lxml import etree
from msgspec import Struct

from .binding import ANY, Place, Record


class Depth(Struct, frozen=True):
    """What bounds the nesting of a schema's valid documents."""

    levels: int | None
    """Levels of the elements that the schema names, the root being the first; None where one may be inside itself."""
    foreign: tuple[str, ...]
    """The elements that its wildcards take, nested without bound, as patterns of lxml's `iter`."""

    def keeps(self, root: etree._Element, levels: int) -> bool:
        """Whether a valid tree cannot have more than `levels`; False also where only measuring it would tell."""
        if self.levels is None or self.levels > levels:
            return False
        return not self.foreign or next(root.iter(*self.foreign), None) is None


def depth_of(record: Record) -> Depth:
    """The depth of documents with a root that `record` describes."""
    foreign: dict[str, None] = {}
    return Depth(_levels(record, foreign, {}), tuple(foreign))


def _levels(record: Record, foreign: dict[str, None], known: dict[int, int | None]) -> int | None:
    """The levels from an element of a record down; what is met again before its own are known may be inside itself."""
    if id(record) in known:
        return known[id(record)]
    known[id(record)] = None
    below: list[int | None] = [0]
    for slot in record.slots:
        inner = [*(slot.variants or {}).values(), *([slot.record] if slot.record is not None else [])]
        levels = [_levels(each, foreign, known) for each in inner]
        if slot.place is Place.ITEMS:  # the item is no element; those in it are
            levels = [None if each is None else each - 1 for each in levels]
        elif slot.place is Place.ELEMENT and not inner:
            levels = [1]
        below += levels
    for tag, slot in record.by_tag.items():
        if slot.place is Place.WILDCARD:
            foreign["{*}*" if tag == ANY else f"{tag}*"] = None
    known[id(record)] = _one_more(below)
    return known[id(record)]


def _one_more(levels: list[int | None]) -> int | None:
    bounded = [each for each in levels if each is not None]
    return 1 + max(bounded) if len(bounded) == len(levels) else None
