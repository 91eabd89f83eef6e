"""Working time: ends of durations and lengths of stretches by a business calendar, against a model minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onewindow.gateway.working_time import MINUTES_OF_DAY, YEARS_MAX, Calendar, Span, elapsed, ends

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFFICE = (Span(9 * 60, 12 * 60), Span(13 * 60 + 30, 17 * 60))
WEEK = (OFFICE,) * 5 + ((), ())
ALL_DAY = ((Span(0, MINUTES_OF_DAY),),) * 7

# Clocks are changed there at 01:00 UTC, at midnight, over midnight, one minute after it, by half an hour, by a whole
# day, and not at all.
ZONES = (
    "Europe/Berlin",
    "America/Havana",
    "Asia/Beirut",
    "America/Santiago",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "America/New_York",
    "America/St_Johns",
    "Pacific/Apia",
    "Asia/Shanghai",
    "UTC",
)
# The days about which clocks were changed in one of them, years end, and a leap year has its day.
TURNS = (
    datetime(2026, 3, 28, tzinfo=UTC),
    datetime(2026, 10, 24, tzinfo=UTC),
    datetime(2025, 11, 1, tzinfo=UTC),
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2023, 4, 1, tzinfo=UTC),
    datetime(2024, 9, 7, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2011, 12, 29, tzinfo=UTC),
    datetime(2010, 11, 6, tzinfo=UTC),
    datetime(2024, 2, 28, tzinfo=UTC),
    datetime(2025, 12, 30, tzinfo=UTC),
)


@st.composite
def days(draw: st.DrawFn) -> tuple[Span, ...]:
    """The hours of a day, none to three spans of them; they may touch."""
    edges = sorted(draw(st.sets(st.integers(0, MINUTES_OF_DAY), max_size=6)))
    return tuple(Span(opens, closes) for opens, closes in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A calendar with some working time in its week, and exceptions about one of the turns."""
    about = draw(st.sampled_from(TURNS)).date()
    near = st.builds(lambda number: about + DAY * number, st.integers(-3, 6))
    week = draw(st.tuples(*(days() for _ in range(7))).filter(any) | st.just(WEEK) | st.just(ALL_DAY))
    holidays = draw(st.frozensets(near, max_size=4))
    moved = draw(st.frozensets(near, max_size=3)) - holidays
    return Calendar(
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        week=week,
        holidays=holidays,
        working_days=moved,
        working_day_hours=draw(days()),
    )


instants = st.builds(
    lambda turn, seconds: turn + timedelta(seconds=seconds),
    st.sampled_from(TURNS),
    st.integers(-2 * 86_400, 5 * 86_400),
)
durations = st.builds(lambda seconds: timedelta(seconds=seconds), st.integers(1, 60 * 3600))


def works(at: datetime, calendar: Calendar) -> bool:
    """Whether the clock on the wall shows a time within the hours of its date."""
    wall = at.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    return any(span.opens <= minute < span.closes for span in calendar.hours(wall.date()))


def counted(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """The working time between two instants, counted minute by minute."""
    total, at = timedelta(0), start
    while at < end:
        following = min(at.replace(second=0, microsecond=0) + MINUTE, end)
        total += following - at if works(at, calendar) else timedelta(0)
        at = following
    return total


@given(calendar=calendars(), start=instants, minutes=st.integers(0, 4 * MINUTES_OF_DAY), seconds=st.integers(0, 59))
@example(Calendar(zone=ZoneInfo("America/New_York"), week=ALL_DAY), TURNS[-1], 4 * MINUTES_OF_DAY, 0)
@example(Calendar(zone=ZoneInfo("Asia/Shanghai"), week=ALL_DAY), TURNS[-1], 4 * MINUTES_OF_DAY, 0)
@settings(deadline=None, max_examples=60)
def test_as_counted_minute_by_minute(calendar: Calendar, start: datetime, minutes: int, seconds: int) -> None:
    """What lies between two instants is what a model counts that looks at the wall clock every minute."""
    end = start + MINUTE * minutes + timedelta(seconds=seconds)
    assert counted(start, end, calendar) == elapsed(start, end, calendar)


@given(calendar=calendars(), start=instants, duration=durations)
@settings(deadline=None)
def test_there_and_back(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    """As much working time lies before a duration's end as it is long, and less before any earlier instant."""
    end = ends(start, duration, calendar)
    assert duration == elapsed(start, end, calendar)
    assert elapsed(start, end - timedelta(microseconds=1), calendar) < duration
    assert works(end - timedelta(microseconds=1), calendar)


@given(calendar=calendars(), start=instants, later=durations, short=durations, longer=durations)
@settings(deadline=None)
def test_later_and_longer_end_no_earlier(
    calendar: Calendar, start: datetime, later: timedelta, short: timedelta, longer: timedelta
) -> None:
    """A duration that begins later ends no earlier, and a longer one ends later."""
    assert ends(start, short, calendar) <= ends(start + later, short, calendar)
    assert ends(start, short, calendar) < ends(start, short + longer, calendar)


@given(calendar=calendars(), start=instants, first=durations, second=durations)
@settings(deadline=None)
def test_one_after_another(calendar: Calendar, start: datetime, first: timedelta, second: timedelta) -> None:
    """Two durations one after the other end as their sum does, and two stretches are as long as both together."""
    middle = ends(start, first, calendar)
    assert ends(start, first + second, calendar) == ends(middle, second, calendar)
    end = start + first + second
    assert elapsed(start, end, calendar) == elapsed(start, start + first, calendar) + elapsed(
        start + first, end, calendar
    )


@given(start=instants, duration=durations)
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), HOUR)
def test_without_a_calendar(start: datetime, duration: timedelta) -> None:
    """Without a calendar the clock runs all the time, and so it does by one that never closes."""
    always = Calendar(zone=ZoneInfo("Europe/Berlin"), week=ALL_DAY)
    assert start + duration == ends(start, duration, None) == ends(start, duration, always)
    assert duration == elapsed(start, start + duration, None) == elapsed(start, start + duration, always)
    assert timedelta(0) == elapsed(start + duration, start, None) == elapsed(start + duration, start, always)
    assert start == ends(start, timedelta(0), None) == ends(start, timedelta(0), always)


SHANGHAI = Calendar(
    zone=ZoneInfo("Asia/Shanghai"),
    week=WEEK,
    holidays=frozenset(date(2026, 2, 15) + DAY * number for number in range(9)),
    working_days=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
    working_day_hours=OFFICE,
)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        pytest.param("2026-03-02T09:00", HOUR, "2026-03-02T10:00", id="within a span"),
        pytest.param("2026-03-02T06:00", HOUR, "2026-03-02T10:00", id="before hours"),
        pytest.param("2026-03-02T11:30", HOUR, "2026-03-02T14:00", id="over lunch"),
        pytest.param("2026-03-02T12:30", HOUR, "2026-03-02T14:30", id="at lunch"),
        pytest.param("2026-03-02T16:00", HOUR, "2026-03-02T17:00", id="until closing time"),
        pytest.param("2026-03-06T16:30", HOUR, "2026-03-09T09:30", id="over the weekend"),
        pytest.param("2026-03-07T11:00", HOUR, "2026-03-09T10:00", id="at the weekend"),
        pytest.param("2026-02-13T16:30", HOUR, "2026-02-14T09:30", id="into a Saturday that is worked"),
        pytest.param("2026-02-14T16:30", HOUR, "2026-02-24T09:30", id="over the holidays"),
        pytest.param("2026-02-18T10:00", HOUR, "2026-02-24T10:00", id="in the holidays"),
        pytest.param("2026-12-31T16:00", 2 * HOUR, "2027-01-01T10:00", id="over the year's end"),
        pytest.param("2026-03-02T09:00", 65 * HOUR, "2026-03-13T17:00", id="ten days of work"),
    ],
)
def test_an_office_in_shanghai(start: str, duration: timedelta, end: str) -> None:
    """Limits go on at the next opening: after lunch, the weekend, the holidays, on days worked in their place."""
    began, ended = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI.zone) for text in (start, end))
    assert ended == ends(began, duration, SHANGHAI)
    assert duration == elapsed(began, ended, SHANGHAI)


@pytest.mark.parametrize(
    ("zone", "opens", "closes", "day", "minutes"),
    [
        pytest.param("Europe/Berlin", "01:00", "05:00", date(2026, 3, 29), 180, id="an hour is skipped"),
        pytest.param("Europe/Berlin", "01:00", "05:00", date(2026, 10, 25), 300, id="an hour comes twice"),
        pytest.param("Europe/Berlin", "02:15", "02:45", date(2026, 3, 29), 0, id="all of it is skipped"),
        pytest.param("Europe/Berlin", "02:15", "02:45", date(2026, 10, 25), 60, id="all of it comes twice"),
        pytest.param("America/Santiago", "00:00", "24:00", date(2026, 9, 6), 23 * 60, id="midnight is skipped"),
        pytest.param(
            "America/Santiago", "00:00", "24:00", date(2026, 4, 4), 25 * 60, id="the hour before midnight again"
        ),
        pytest.param("America/St_Johns", "00:00", "24:00", date(2010, 11, 6), 24 * 60 + 59, id="back before midnight"),
        pytest.param("America/St_Johns", "00:00", "24:00", date(2010, 11, 7), 24 * 60 + 1, id="begun twice"),
        pytest.param("Pacific/Apia", "00:00", "24:00", date(2011, 12, 30), 0, id="the date is left out"),
    ],
)
def test_clocks_are_changed(zone: str, opens: str, closes: str, day: date, minutes: int) -> None:
    """On a day on which clocks are changed what counts is the time that passes within the hours of the wall clock."""
    edges = [int(text[:2]) * 60 + int(text[3:]) for text in (opens, closes)]
    calendar = Calendar(
        zone=ZoneInfo(zone),
        week=((),) * 7,
        working_days=frozenset({day}),
        working_day_hours=(Span(edges[0], edges[1]),),
    )
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - 2 * DAY
    assert minutes * MINUTE == elapsed(start, start + 5 * DAY, calendar)


def test_no_limit_is_followed_for_ever() -> None:
    """A duration that a calendar does not get through ends with the years that one is followed."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    never = Calendar(zone=ZoneInfo("UTC"), week=((),) * 7)
    seldom = Calendar(zone=ZoneInfo("UTC"), week=((Span(0, 1),),) + ((),) * 6)
    cut = datetime(2026 + YEARS_MAX, 1, 1, tzinfo=UTC)
    assert [cut, cut] == [ends(start, 366 * DAY, each) for each in (never, seldom)]
