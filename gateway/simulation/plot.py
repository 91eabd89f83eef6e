"""The times of an experiment as an SVG: for each way, the share of declarations done within a time."""

from collections.abc import Iterator, Sequence
from math import log10
from typing import Final
from xml.sax.saxutils import escape

from .experiment import Result, Way

WIDTH, HEIGHT = 860, 480
LEFT, RIGHT, TOP, BOTTOM = 60, 30, 64, 116
COLOURS: Final = {"counters": "#b91c1c", "before-payment": "#ea580c", "agencies": "#b45309", "window": "#0f766e"}
TICKS: Final = (
    *((1, "1 min"), (2, "2 min"), (5, "5 min"), (10, "10 min"), (20, "20 min"), (30, "30 min"), (60, "1 h")),
    *((120, "2 h"), (240, "4 h"), (480, "8 h"), (1440, "24 h"), (2880, "48 h")),
)
_STEPS: Final = 200


def plot(result: Result) -> str:
    """The SVG; the axis of times is logarithmic."""
    fastest = min(min(way.seconds) for way in result.ways) / 60
    slowest = max(max(way.seconds) for way in result.ways) / 60
    low, high = log10(max(fastest, 0.1)) - 0.05, log10(slowest) + 0.05

    def x(minutes: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (log10(max(minutes, 10**low)) - low) / (high - low)

    lines = [*_head(result), *_axes([(x(minutes), words) for minutes, words in TICKS if low <= log10(minutes) <= high])]
    for place, way in enumerate(result.ways):
        points = " ".join(f"{x(minutes):.1f},{_y(part):.1f}" for minutes, part in _curve(way.seconds))
        colour = COLOURS[way.code]
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        lines += _legend(place, way, colour)
    return "\n".join([*lines, *_foot(result), "</svg>", ""])


def _curve(seconds: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Times in minutes with the share of declarations that they are enough for."""
    rising = sorted(seconds)
    for step in range(_STEPS + 1):
        place = round(step / _STEPS * (len(rising) - 1))
        yield rising[place] / 60, (place + 1) / len(rising)


def _y(part: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - part)


def _head(result: Result) -> Iterator[str]:
    title = "Time from submission to answer: share of declarations done within it"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="#1e293b" role="img" '
        f'aria-label="{escape(title)}">'
    )
    yield (
        "<style>text{font:12px system-ui,'DejaVu Sans',sans-serif}.title{font-weight:700;font-size:16px}"
        ".name{font-weight:600}.quiet{fill:#475569}</style>"
    )
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    yield f'<text class="title" x="20" y="28">{escape(title)}</text>'
    own = result.settings
    words = f"{own.declarations} declarations, {own.per_hour:g} an hour, seed {own.seed}; the same staff in all"
    yield f'<text class="quiet" x="20" y="46">{escape(words)}</text>'


def _axes(ticks: Sequence[tuple[float, str]]) -> Iterator[str]:
    for part in (0, 0.25, 0.5, 0.75, 0.9, 1):
        yield f'<path d="M{LEFT} {_y(part):.1f}H{WIDTH - RIGHT}" stroke="#e2e8f0"/>'
        yield f'<text class="quiet" x="{LEFT - 8}" y="{_y(part) + 4:.1f}" text-anchor="end">{part:.0%}</text>'
    for at, words in ticks:
        yield f'<path d="M{at:.1f} {_y(0):.1f}v5" stroke="#94a3b8"/>'
        yield f'<text class="quiet" x="{at:.1f}" y="{_y(0) + 18:.1f}" text-anchor="middle">{words}</text>'


def _legend(place: int, way: Way, colour: str) -> Iterator[str]:
    left, top = 20 + 420 * (place % 2), HEIGHT - 76 + 18 * (place // 2)
    median = (way.spread.median or 0) / 60
    yield f'<path d="M{left} {top - 4}h18" stroke="{colour}" stroke-width="3"/>'
    name = f'<tspan class="name">{escape(way.name.en)}</tspan>'
    yield f'<text x="{left + 24}" y="{top}">{name}: median {median:.0f} min</text>'


def _foot(result: Result) -> Iterator[str]:
    assumed = all(each.source.en == "assumption" for each in result.counters)
    words = "Times at counters and agencies: " + ("assumptions, none measured." if assumed else "see the report.")
    yield f'<text class="quiet" x="20" y="{HEIGHT - 30}">{escape(words)}</text>'
    words = f"Queues: simulated; the gateway's own {result.overhead * 1000:.0f} ms for a declaration: measured."
    yield f'<text class="quiet" x="20" y="{HEIGHT - 14}">{escape(words)}</text>'
