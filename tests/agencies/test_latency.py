"""How long simulated agencies take: the distributions, the draws, and figures from files."""

from pathlib import Path
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.agencies.figures_file import LINES_MAX, BadFigures, read_figures
from onewindow.agencies.latency import SECONDS_MAX, figures, log_normal, share

SHARES = [share(7, "latency", f"case-{number}") for number in range(5000)]


def test_shares_are_spread_evenly() -> None:
    """Shares lie between 0 and 1 as evenly as chance would have it, and are the same for the same seed and case."""
    assert all(0 < each < 1 for each in SHARES)
    assert [500] * 10 == pytest.approx(
        [sum(tenth == int(each * 10) for each in SHARES) for tenth in range(10)], rel=0.2
    )
    assert share(7, "latency", "case-1") == SHARES[1]
    assert 3 == len({share(7, "latency", "case-1"), share(8, "latency", "case-1"), share(7, "failure", "case-1")})


def test_log_normal_has_the_percentiles_asked_for() -> None:
    """Half of all draws lie below the median and nine tenths below the p90, and their mean is the distribution's."""
    times = log_normal(480, 0.9, 1500)
    drawn = [times.at(each) for each in SHARES]
    assert [480.0, 1500.0] == pytest.approx([times.at(0.5), times.at(0.9)])
    assert 480 == pytest.approx(median(drawn), rel=0.05)
    assert 0.9 == pytest.approx(sum(each <= 1500 for each in drawn) / len(drawn), abs=0.02)
    assert times.mean == pytest.approx(fmean(drawn), rel=0.05)
    assert 1500 == pytest.approx(log_normal(480, 0.99, 1500).at(0.99))


@given(st.floats(0.001, 86_400), st.floats(1.001, 1000), st.floats(1e-9, 1 - 1e-9))
def test_log_normal_stays_in_bounds(middle: float, times: float, at: float) -> None:
    """Whatever it is made of, no draw is below 0 or beyond a month."""
    assert 0 <= log_normal(middle, 0.9, middle * times).at(at) <= SECONDS_MAX


@pytest.mark.parametrize(("middle", "upper"), [(10, 10), (10, 9), (0, 9), (-1, 9)])
def test_percentile_has_to_be_above_the_median(middle: float, upper: float) -> None:
    """A p90 that is not above the median, and a median that is not above nothing, make no distribution."""
    with pytest.raises(ValueError, match="not above"):
        log_normal(middle, 0.9, upper)


def test_figures_are_drawn_as_they_occurred() -> None:
    """Draws of real figures are figures, each as often as it occurred."""
    times = figures([30, 10, 20, 20])
    drawn = [times.at(each) for each in SHARES]
    assert ({10, 20, 30}, 20, 0.75) == (set(drawn), times.mean, times.share_below(29))
    assert 0.5 == pytest.approx(drawn.count(20) / len(drawn), abs=0.03)


def test_figures_of_a_list(tmp_path: Path) -> None:
    """A file with one number a line is read in its unit; blank lines and remarks are passed over."""
    (tmp_path / "figures").write_text("# minutes\n\n2\n 0.5 \n1e1\n", "utf-8")
    assert (30, 120, 600) == read_figures(tmp_path / "figures", unit="m").seconds


def test_figures_of_a_column(tmp_path: Path) -> None:
    """Of CSV with headings the column named is read; a byte order mark and empty cells do no harm."""
    (tmp_path / "figures.csv").write_text('\ufeffcase,minutes\na,"3"\nb,\nc,1\n', "utf-8")
    assert (1, 3) == read_figures(tmp_path / "figures.csv", "minutes").seconds


@pytest.mark.parametrize(
    ("content", "column", "words"),
    [
        (b"", None, "no figures"),
        (b"1\nsoon\n", None, "line 2 is no number: 'soon'"),
        (b"1\n-1\n", None, "0 to 30 days"),
        (b"nan\n", None, "0 to 30 days"),
        (b"inf\n", None, "0 to 30 days"),
        (b"\xff\n", None, "UTF-8"),
        (b"case,minutes\na,1\n", "hours", "no column hours; there are: case, minutes"),
        (b"case,minutes\na,x\n", "minutes", "line 2 is no number"),
        (b"1\n" * (LINES_MAX + 1), None, f"more than {LINES_MAX}"),
    ],
)
def test_bad_figures(tmp_path: Path, content: bytes, column: str | None, words: str) -> None:
    """A file without usable figures is refused, and what is wrong is said in both languages."""
    (tmp_path / "figures").write_bytes(content)
    with pytest.raises(BadFigures) as caught:
        read_figures(tmp_path / "figures", column)
    assert words in caught.value.words.en
    assert caught.value.words.zh
