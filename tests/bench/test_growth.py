"""How cost grows with the items, in figures and as a picture."""

import pytest
from lxml import etree

from onewindow.bench.growth import Point, bend, flatness, marginal
from onewindow.bench.plot import plot

LINEAR = [Point("decode", items, 1e-3 + items * 1e-4) for items in (1, 10, 100, 999)]
SQUARE = [Point("merge", items, items**2 * 1e-6) for items in (1, 10, 100, 999)]


def test_linear_growth() -> None:
    """A fixed cost and an even one for each item: no bend, and items get cheaper until the fixed cost is spread."""
    assert pytest.approx(1e-4) == marginal(LINEAR, "decode", 100, 999)
    assert pytest.approx(1.0) == bend(LINEAR, "decode")
    assert pytest.approx((1e-4 + 1e-3 / 999) / (1e-4 + 1e-3 / 10)) == flatness(LINEAR, "decode")


def test_quadratic_growth() -> None:
    """A cost that grows with the square of the items shows as a bend far above 1."""
    assert pytest.approx(1099 / 110) == bend(SQUARE, "merge")


def test_plot() -> None:
    """The picture is well-formed, has a line and its name for each operation, and says where its figures come from."""
    svg = plot([*LINEAR, *SQUARE], "make bench, 2026-01-31, A <processor>")
    root = etree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert 2 == len(root.findall(f".//{space}polyline"))
    assert 8 == len(root.findall(f".//{space}circle"))
    words = [text.text for text in root.iter(f"{space}text")]
    assert {"decode", "merge", "make bench, 2026-01-31, A <processor>"} <= set(words)
    assert plot([*LINEAR, *SQUARE], "origin") == plot([*LINEAR, *SQUARE], "origin")
