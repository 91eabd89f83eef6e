"""Draws the cost of an item against the items of a declaration: `python -m onewindow.bench.plot RESULTS.json PLOT.svg`.

`make bench` draws it into bench/results/; the copy in docs/ says in its last line where its figures come from.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from math import log10
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import msgspec

from onewindow.bench.budgets import seconds
from onewindow.bench.growth import Point, bend
from onewindow.bench.run import Results

WIDTH, HEIGHT = 800, 460
LEFT, RIGHT, TOP, BOTTOM = 80, 128, 58, 92
TICKS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 999)
COLOURS: Final = {"codec path": "#4f46e5", "decode": "#0f766e", "encode": "#b45309"}


def plot(points: Sequence[Point], origin: str) -> str:
    """The SVG: a line for each operation; both axes are logarithmic."""
    low = log10(min(point.per_item for point in points)) - 0.1
    high = log10(max(point.per_item for point in points)) + 0.1

    def x(items: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(items) / log10(TICKS[-1])

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - log10(value)) / (high - low)

    lines = [*_head(), *_axes(x, y, low, high)]
    for operation in dict.fromkeys(point.operation for point in points):
        drawn = sorted((point for point in points if point.operation == operation), key=lambda point: point.items)
        colour = COLOURS.get(operation, "#475569")
        path = " ".join(f"{x(point.items):.1f},{y(point.per_item):.1f}" for point in drawn)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for point in drawn:
            words = f"{operation}, {point.items} items: {seconds(point.cost)}, {seconds(point.per_item)} an item"
            lines.append(
                f'<circle cx="{x(point.items):.1f}" cy="{y(point.per_item):.1f}" r="3.5" fill="{colour}">'
                f"<title>{escape(words)}</title></circle>"
            )
        last = drawn[-1]
        lines.append(
            f'<text x="{x(last.items) + 10:.1f}" y="{y(last.per_item) - 2:.1f}" fill="{colour}" class="name">'
            f'{escape(operation)}</text><text x="{x(last.items) + 10:.1f}" y="{y(last.per_item) + 13:.1f}" '
            f'fill="{colour}">{seconds(last.per_item)} an item</text>'
        )
    lines += _foot(points, origin)
    return "\n".join([*lines, "</svg>", ""])


def _head() -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="#1e293b" role="img" '
        'aria-label="CPU time for each goods item against the number of goods items in a declaration">'
    )
    yield (
        "<style>text{font:12px system-ui,'DejaVu Sans',sans-serif}.name{font-weight:600}.title{font-weight:700;"
        "font-size:16px}.quiet{fill:#475569}</style>"
    )
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    yield '<text class="title" x="20" y="30">CPU time for each goods item, by goods items in the declaration</text>'


def _axes(x: Callable[[int], float], y: Callable[[float], float], low: float, high: float) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    marks = [factor * 10.0**decade for decade in range(-9, 1) for factor in (1, 2, 5)]
    for value in (mark for mark in marks if low <= log10(mark) <= high):
        yield f'<path d="M{LEFT} {y(value):.1f}H{right}" stroke="#e2e8f0"/>'
        yield f'<text class="quiet" x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{seconds(value)}</text>'
    for items in TICKS:
        yield f'<path d="M{x(items):.1f} {bottom}v5" stroke="#94a3b8"/>'
        yield f'<text class="quiet" x="{x(items):.1f}" y="{bottom + 18}" text-anchor="middle">{items}</text>'
    yield f'<path d="M{LEFT} {bottom}H{right}" stroke="#94a3b8"/>'
    yield f'<text class="quiet" x="{(LEFT + right) / 2:.0f}" y="{bottom + 36}" text-anchor="middle">goods items</text>'


def _foot(points: Sequence[Point], origin: str) -> Iterator[str]:
    named = ", ".join(
        f"{operation} {bend(points, operation):.2f}" for operation in dict.fromkeys(each.operation for each in points)
    )
    words = f"What an item more costs from 100 to 999, by what it costs from 10 to 100: {named}."
    yield f'<text x="20" y="{HEIGHT - 32}">{escape(words)}</text>'
    yield f'<text class="quiet" x="20" y="{HEIGHT - 14}">{escape(origin)}</text>'


def main(source: str, target: str) -> None:
    """Reads a run's results and writes the plot; msgspec.ValidationError if the first isn't a benchmark's result."""
    results = msgspec.json.decode(Path(source).read_bytes(), type=Results)
    Path(target).write_text(plot(results.growth, f"make bench, {results.origin}"), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
