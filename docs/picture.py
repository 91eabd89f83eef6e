"""Draws docs/imports.svg: the four floors as bands, the packages in them as boxes, and an arrow for who imports whom.

`make picture` runs it. The same source gives the same bytes, and tests/test_layers.py holds that the picture is fresh.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from .imports import ROOT, edges, floors, packages

PICTURE = ROOT / "docs" / "imports.svg"

WIDTH = 1600
LEFT, RIGHT = 214, 20  # where the boxes of a band begin, and what is free at its end
GAP = 16  # between boxes
ROW, TITLE, PAD = 17, 26, 12  # heights and padding inside a box
LANE = 9  # between two arrows that run side by side
BETWEEN = 54  # between bands
LETTER = 6.7  # the widest average of a letter at 12 px
COLOURS = (("#4f46e5", "#eef0ff"), ("#0f766e", "#e6f6f3"), ("#b45309", "#fdf3e3"), ("#475569", "#eef2f6"))


@dataclass
class Box:
    """One package in the picture: its own modules, where it stands, and the arrows that end or begin at its edges."""

    name: str
    modules: list[str]
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    top: list[tuple[float, str]] = field(default_factory=list)
    bottom: list[tuple[float, str]] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Its name in its band, which says the floor."""
        return self.name.partition(".")[2] or self.name

    @property
    def middle(self) -> float:
        """The horizontal middle, in pixels."""
        return self.x + self.width / 2

    def port(self, edge: str, ends: list[tuple[float, str]]) -> float:
        """Where on the box's upper or lower edge an arrow has its end, in pixels."""
        ordered = [name for _, name in sorted(ends)]
        return self.x + self.width * (ordered.index(edge) + 1) / (len(ordered) + 1)


def boxes(root: Path) -> dict[str, list[Box]]:
    """The packages of each floor as boxes; schemas and samples are shown beside the modules."""
    rows: dict[str, list[Box]] = {floor.name: [] for floor in floors(root)}
    for name, held in packages(root).items():
        folder = root / name.replace(".", "/")
        files = [path.name for pattern in ("*.xsd", "*.xml") for path in folder.glob(pattern)]
        rows[name.partition(".")[0]].append(Box(name, sorted([*held, *files])))
    return rows


def _columns(box: Box, rows: int) -> list[list[str]]:
    """The modules in columns of equal height, as few as so many rows allow."""
    rows = -(-len(box.modules) // -(-len(box.modules) // rows)) if box.modules else rows
    return [box.modules[start : start + rows] for start in range(0, len(box.modules), rows)]


def _needed(box: Box, rows: int) -> float:
    """The width that a box needs when its modules stand in columns of so many rows."""
    columns = sum(max(map(len, column)) * LETTER + 14 for column in _columns(box, rows))
    return max(columns, len(box.label) * 7.8) + 2 * PAD


def _place(row: Sequence[Box], y: float) -> int:
    """Sets the boxes of one band side by side, as low as they fit, and returns the rows that they need."""
    room = WIDTH - LEFT - RIGHT - GAP * (len(row) - 1)
    rows = next(rows for rows in range(2, 100) if sum(_needed(box, rows) for box in row) <= room)
    spare = (room - sum(_needed(box, rows) for box in row)) / len(row)
    x = float(LEFT)
    for box in row:
        box.x, box.y = x, y
        box.width, box.height = _needed(box, rows) + spare, TITLE + rows * ROW + PAD
        x += box.width + GAP
    return rows


def _lanes(row: Sequence[Box], found: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """A lane above the boxes for each arrow within one band, so that no two run over each other."""
    order = {box.name: index for index, box in enumerate(row)}
    lanes: dict[tuple[str, str], int] = {}
    within = [pair for pair in found if pair[0] in order and pair[1] in order]
    for pair in sorted(within, key=lambda pair: (abs(order[pair[0]] - order[pair[1]]), pair)):
        low, high = sorted((order[pair[0]], order[pair[1]]))
        taken = {
            lane
            for other, lane in lanes.items()
            if min(order[other[0]], order[other[1]]) <= high and low <= max(order[other[0]], order[other[1]])
        }
        lanes[pair] = next(lane for lane in range(len(within)) if lane not in taken)
    return lanes


def _connect(placed: Mapping[str, Box], pairs: Iterable[tuple[str, str]]) -> None:
    """Tells every box which arrows meet its edges, in the order in which they come from the side."""
    for source, target in pairs:
        a, b = placed[source], placed[target]
        name = f"{source}>{target}"
        (a.top if a.y == b.y else a.bottom).append((b.middle, name))
        b.top.append((a.middle, name))


def _arrow(a: Box, b: Box, lane: int | None, colour: str) -> str:
    """One arrow: along its lane over the boxes of a band, or a curve down to a band further below."""
    name = f"{a.name}>{b.name}"
    end = b.port(name, b.top)
    if lane is None:
        start, from_y, to_y = a.port(name, a.bottom), a.y + a.height, b.y - 6
        bend = min(90.0, (to_y - from_y) / 2)
        path = f"M{start:.1f} {from_y:.1f}C{start:.1f} {from_y + bend:.1f}"
        path += f" {end:.1f} {to_y - bend:.1f} {end:.1f} {to_y:.1f}"
    else:
        start, y = a.port(name, a.top), a.y - 14 - lane * LANE
        path = f"M{start:.1f} {a.y:.1f}V{y:.1f}H{end:.1f}V{b.y - 6:.1f}"
    words = f"{a.name} imports {b.name}"
    return f'<path d="{path}" stroke="{colour}" marker-end="url(#{colour[1:]})"><title>{words}</title></path>'


def _drawn(box: Box, rows: int, colour: str) -> Iterator[str]:
    """The box itself, its name and the names of its modules."""
    yield (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="6" '
        f'fill="#fff" stroke="{colour}"/>'
    )
    x, y = box.x + PAD, box.y + 18
    yield f'<text class="package" x="{x:.1f}" y="{y:.1f}" fill="{colour}">{escape(box.label)}</text>'
    for column in _columns(box, rows):
        for index, name in enumerate(column):
            yield f'<text x="{x:.1f}" y="{y + (index + 1) * ROW + 2:.1f}">{escape(name)}</text>'
        x += max(map(len, column)) * LETTER + 14


def picture(root: Path) -> str:
    """The SVG: a band for each floor, a box for each package, an arrow for each pair of which one imports the other."""
    rows_of, pairs = boxes(root), edges(root)
    placed = {box.name: box for row in rows_of.values() for box in row}
    bands: list[str] = []
    content: list[str] = []
    colour_of: dict[str, str] = {}
    lane_of: dict[tuple[str, str], int] = {}
    y = 20.0
    for floor, (dark, pale) in zip(floors(root), COLOURS, strict=True):
        row = rows_of[floor.name]
        lanes = _lanes(row, pairs)
        lane_of |= lanes
        head = 30 + LANE * max(lanes.values(), default=-1)
        rows = _place(row, y + head)
        height = head + row[0].height + 16
        colour_of |= {box.name: dark for box in row}
        bands.append(f'<rect x="8" y="{y:.1f}" width="{WIDTH - 16}" height="{height:.1f}" rx="10" fill="{pale}"/>')
        bands.append(f'<text class="floor" x="26" y="{y + 36:.1f}" fill="{dark}">{floor.name}</text>')
        bands += [
            f'<text fill="#475569" x="26" y="{y + 58 + 16 * index:.1f}">{escape(line)}</text>'
            for index, line in enumerate(_wrapped(floor.purpose, 29))
        ]
        for box in row:
            content += _drawn(box, rows, dark)
        y += height + BETWEEN
    _connect(placed, pairs)
    arrows = [_arrow(placed[a], placed[b], lane_of.get((a, b)), colour_of[a]) for a, b in pairs]
    return "\n".join([*_head(y - BETWEEN + 20), *bands, '<g class="arrows">', *arrows, "</g>", *content, "</svg>", ""])


def _wrapped(words: str, width: int) -> list[str]:
    """The words in lines shorter than so many letters."""
    lines = [""]
    for word in words.split():
        lines[-1:] = [f"{lines[-1]} {word}".strip()] if len(lines[-1]) + len(word) < width else [lines[-1], word]
    return lines


def _head(height: float) -> Iterator[str]:
    """The SVG's opening: size, styles, one arrowhead for each colour, a white ground for dark pages."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" fill="#1e293b" role="img" '
        'aria-label="The modules of onewindow on their four floors; every arrow between floors points down">'
    )
    yield (
        "<style>text{font:12px system-ui,'DejaVu Sans',sans-serif}.package{font-weight:600;font-size:13px}"
        ".floor{font-weight:700;font-size:20px}.arrows path{fill:none;stroke-width:1.4;opacity:.75}</style>"
    )
    for dark, _ in COLOURS:
        yield (
            f'<marker id="{dark[1:]}" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="6" markerHeight="6" '
            f'orient="auto"><path d="M0 0L8 4L0 8z" fill="{dark}"/></marker>'
        )
    yield f'<rect width="{WIDTH}" height="{height:.0f}" fill="#fff"/>'


if __name__ == "__main__":
    PICTURE.write_text(picture(ROOT), "utf-8")
