"""Durations as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.agencies.duration import parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("45s", timedelta(seconds=45)),
        ("30m", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("250ms", timedelta(milliseconds=250)),
        ("1.5h", timedelta(minutes=90)),
        ("0s", None),
        ("30", None),
        ("h", None),
        ("-1h", None),
        ("1h30m", None),
        ("367d", None),
    ],
)
def test_durations(text: str, duration: timedelta | None) -> None:
    """A duration is a number and its unit, longer than nothing and at most a leap year."""
    assert duration == parse_duration(text)


@given(st.text(max_size=20))
def test_any_text_is_a_duration_or_none(text: str) -> None:
    """No text makes reading a duration fail."""
    duration = parse_duration(text)
    assert duration is None or timedelta(0) < duration <= timedelta(days=366)
