"""How the cost of a path grows with the goods items of a declaration."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from onewindow.bench.pairs import Work, rounds

ITEMS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 999)
"""Sizes at which the growth is looked at."""


class Point(Struct, frozen=True):
    """What an operation costs on a declaration of so many items: the median of its CPU times in seconds, or a count."""

    operation: str
    items: int
    cost: float

    @property
    def per_item(self) -> float:
        """The cost of each item."""
        return self.cost / self.items


def measured(works: Callable[[int], Mapping[str, Work]], seconds: float) -> tuple[Point, ...]:
    """The points of all operations that `works` gives for a number of items; each round goes through all of them."""
    ready = {(name, items): work for items in ITEMS for name, work in works(items).items()}
    return tuple(Point(*key, middle) for key, (_, middle, _) in rounds(ready, seconds).items())


def marginal(points: Sequence[Point], operation: str, low: int, high: int) -> float:
    """What one more item costs between two sizes that were measured."""
    at = {point.items: point.cost for point in points if point.operation == operation}
    return (at[high] - at[low]) / (high - low)


def bend(points: Sequence[Point], operation: str) -> float:
    """What one more item costs from 100 to 999, by what it costs from 10 to 100: 1 for a cost that grows evenly."""
    return marginal(points, operation, 100, 999) / marginal(points, operation, 10, 100)


def flatness(points: Sequence[Point], operation: str) -> float:
    """The cost for each item at 999 items, by that at 10: below 1 as far as ten items do not carry the fixed costs."""
    at = {point.items: point.per_item for point in points if point.operation == operation}
    return at[999] / at[10]
