"""Frozen structs with one thing changed, deep inside."""

from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

S = TypeVar("S", bound=Struct)

ITEMS = "goods_shipment.government_agency_goods_item"


def amended(struct: S, path: str, value: object) -> S:
    """The struct with `value` in place of what is at `path`: names and positions (from 0) between full stops."""
    changed: S = _amended(struct, path.split("."), value)
    return changed


def item(path: str, position: int = 0) -> str:
    """The path to a part of one goods item; the first has position 0."""
    return f"{ITEMS}.{position}.{path}"


def _amended(here: Any, steps: list[str], value: object) -> Any:
    if not steps:
        return value
    first, *rest = steps
    if isinstance(here, tuple):
        position = int(first)
        return (*here[:position], _amended(here[position], rest, value), *here[position + 1 :])
    return replace(here, **{first: _amended(getattr(here, first), rest, value)})
