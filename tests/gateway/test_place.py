"""Places in the event feed, and their cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.place import BEGINNING, Place, cursor, place_of

places = st.builds(Place, st.integers(0, 10**18 - 1), st.integers(0, 10**9 - 1))


@given(places)
def test_a_cursor_leads_back(place: Place) -> None:
    """A place is read back from its cursor, which needs no escaping in a URL."""
    assert place == place_of(cursor(place))
    assert cursor(place).replace("-", "").isdigit()


@given(places, places)
def test_places_sort_by_position(one: Place, other: Place) -> None:
    """Of two places the one with the lower position is first, and in the same entry that of the earlier event."""
    assert ((one.position, one.sequence) < (other.position, other.sequence)) == (one < other)
    assert one >= BEGINNING


@pytest.mark.parametrize(
    "text", ["", "-", "1", "1-", "-1", "1-1-1", "01-1", "1-01", " 1-1", "1-1\n", "x-1", "１-1", "9" * 19 + "-1", "1.1"]
)
def test_what_is_no_cursor(text: str) -> None:
    """A text that is no cursor is refused, and so is another way to write one."""
    with pytest.raises(ValueError, match="not a cursor"):
        place_of(text)
