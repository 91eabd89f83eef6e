"""When agencies can come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onewindow.agencies.visits import CHINA_TIME, mornings


def test_weekend_is_left_out() -> None:
    """After a Thursday come Friday, Monday and Tuesday, from nine to noon China time."""
    thursday = datetime(2026, 10, 15, 6, 0, tzinfo=UTC)
    slots = mornings(thursday)
    starts = [datetime(2026, 10, day, 9, 0, tzinfo=CHINA_TIME) for day in (16, 19, 20)]
    assert starts == [slot.start_date_time for slot in slots]
    assert [start + timedelta(hours=3) for start in starts] == [slot.end_date_time for slot in slots]


def test_day_is_counted_in_china() -> None:
    """At 17:00 UTC it is the next day in China, so the first morning is the one after that."""
    assert (
        datetime(2026, 10, 14, 9, 0, tzinfo=CHINA_TIME)
        == mornings(datetime(2026, 10, 12, 17, 0, tzinfo=UTC))[0].start_date_time
    )


@given(st.datetimes(datetime(1990, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_slots_are_ahead_and_in_order(after: datetime) -> None:
    """Every slot lies after the time asked about, on a working day, each after the one before."""
    starts = [slot.start_date_time for slot in mornings(after, 5)]
    assert sorted(set(starts)) == starts
    assert all(start > after and start.weekday() < 5 for start in starts)
