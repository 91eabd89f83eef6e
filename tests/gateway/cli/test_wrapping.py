"""Lines that break where both languages allow it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from onewindow.gateway.cli.wrapping import wrapped


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("商品编码有误", 8, ["商品编码", "有误"]),
        ("商品编码，有误", 8, ["商品编", "码，有误"]),
        ("缺少（Importer）", 8, ["缺少", "（Importer）"]),
        ("Commodity/Classification[1]/ID", 20, ["Commodity/", "Classification[1]/ID"]),
        ("a\nb", 20, ["a", "b"]),
        ("", 20, [""]),
    ],
)
def test_where_lines_break(text: str, width: int, lines: list[str]) -> None:
    """At blanks, between Chinese characters and after slashes; never in a word or before closing punctuation."""
    assert lines == wrapped(text, width)


@given(st.text(alphabet="ab 商品，。（）/", max_size=60), st.integers(min_value=12, max_value=40))
def test_nothing_is_lost(text: str, width: int) -> None:
    """Whatever the width, the same characters come out in the same order, but for the blanks at the breaks."""
    assert text.replace(" ", "") == "".join(wrapped(text, width)).replace(" ", "")


@given(st.lists(st.sampled_from(["word", "商品编码", "有误，"]), max_size=20).map(" ".join))
def test_no_line_is_too_long(text: str) -> None:
    """No line is wider than asked for where every word is shorter."""
    assert all(cell_len(line) <= 12 for line in wrapped(text, 12))
