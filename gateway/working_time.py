"""Working time: when an agency is at work by its business calendar, and how long a stretch of time is by it.

An instant is working time where the clock on the calendar's wall shows a date and a time within its hours. So a night
on which clocks are changed is as long as it is, and what counts is always time that really passes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import msgspec

MINUTES_OF_DAY = 24 * 60

YEARS_MAX = 200
"""Years that a duration is followed through a calendar; no calendar that a configuration may have needs as many."""

_YEARS_KEPT = 256
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_NONE = timedelta(0)


class Span(msgspec.Struct, frozen=True, order=True):
    """Hours of one day by the clock on the wall, in minutes after midnight: from `opens` on, up to `closes`."""

    opens: int
    closes: int


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """When an agency works.

    zone: of all hours and dates. week: the hours of each weekday, Monday first; a day's spans are in order and do not
    overlap. holidays: dates without work. working_days: dates that have `working_day_hours` whatever weekday they are.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    working_day_hours: tuple[Span, ...] = ()

    def hours(self, day: date) -> tuple[Span, ...]:
        """The working hours of a date."""
        if day in self.working_days:
            return self.working_day_hours
        return () if day in self.holidays else self.week[day.weekday()]


def ends(start: datetime, duration: timedelta, calendar: Calendar | None) -> datetime:
    """When so much working time is over, counted from `start` (aware); None as calendar: the clock runs all the time.

    The end of a day's work is the end, and not the beginning of the next. What a calendar does not get through in
    YEARS_MAX years ends with them.
    """
    if calendar is None or duration <= _NONE:
        return start + max(duration, _NONE)
    at = start.astimezone(UTC)
    left = _year(calendar, at.year).before(at) + duration
    for year in range(at.year, at.year + YEARS_MAX):
        worked = _year(calendar, year)
        if left <= worked.total:
            return worked.after(left)
        left -= worked.total
    return datetime(at.year + YEARS_MAX, 1, 1, tzinfo=UTC)


def elapsed(start: datetime, end: datetime, calendar: Calendar | None) -> timedelta:
    """How much working time lies between two instants (aware), none where the second is not the later one."""
    if end <= start:
        return _NONE
    if calendar is None:
        return end - start
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    whole = sum((_year(calendar, year).total for year in range(first.year, last.year)), _NONE)
    return whole + _year(calendar, last.year).before(last) - _year(calendar, first.year).before(first)


class _Year(msgspec.Struct, frozen=True):
    """The working time of one year of UTC, in stretches one after another; `sums`: what lies before each of them."""

    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    sums: tuple[timedelta, ...]
    total: timedelta

    def before(self, at: datetime) -> timedelta:
        """The working time from the beginning of the year to an instant in it."""
        place = bisect_right(self.opens, at) - 1
        return _NONE if place < 0 else self.sums[place] + min(at, self.closes[place]) - self.opens[place]

    def after(self, worked: timedelta) -> datetime:
        """When so much of the year's working time is over; more than none, and at most all of it."""
        place = bisect_left(self.sums, worked) - 1
        return self.opens[place] + (worked - self.sums[place])


@lru_cache(maxsize=_YEARS_KEPT)
def _year(calendar: Calendar, year: int) -> _Year:
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    # Where it is another date than in UTC at the turn of the year, so much of its neighbours belongs to the year.
    days = (first.date() + _DAY * number for number in range(-1, (last - first).days + 1))
    found = ((max(opens, first), min(closes, last)) for day in days for opens, closes in _stretches(calendar, day))
    stretches = sorted((opens, closes) for opens, closes in found if opens < closes)
    sums = list(accumulate((closes - opens for opens, closes in stretches), initial=_NONE))
    return _Year(
        opens=tuple(opens for opens, _ in stretches),
        closes=tuple(closes for _, closes in stretches),
        sums=tuple(sums[:-1]),
        total=sums[-1],
    )


def _stretches(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The working time of a date, in UTC."""
    hours = calendar.hours(day)
    if not hours:
        return
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    offsets = [
        (midnight + _DAY * fold).replace(tzinfo=calendar.zone, fold=fold).utcoffset() or _NONE for fold in (0, 1)
    ]
    if offsets[0] == offsets[1]:
        start = midnight - offsets[0]
        for span in hours:
            yield start + _MINUTE * span.opens, start + _MINUTE * span.closes
    else:
        yield from _by_the_minute(calendar.zone, day, hours, midnight - max(offsets), midnight + _DAY - min(offsets))


def _by_the_minute(
    zone: ZoneInfo, day: date, hours: tuple[Span, ...], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The same for a date on which clocks are changed: hours may then be skipped, or come twice."""
    opened: datetime | None = None
    for number in range((end - start) // _MINUTE + 1):
        at = start + _MINUTE * number
        wall = at.astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        open_now = at < end and wall.date() == day and any(span.opens <= minute < span.closes for span in hours)
        if open_now and opened is None:
            opened = at
        elif opened is not None and not open_now:
            yield opened, at
            opened = None
