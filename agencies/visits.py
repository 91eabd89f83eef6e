"""When an agency can come and see the goods: the mornings of the next working days."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice

from ..codecs.messages.reply import Slot

CHINA_TIME = timezone(timedelta(hours=8))
"""China has one time zone and no summer time."""

OPENING = time(9, 0)
MORNING = timedelta(hours=3)
SATURDAY = 5


AHEAD_MAX = timedelta(days=366)
"""An arrival further ahead than this is taken for a slip of the pen, and does not put visits off."""


def end_of(day: date) -> datetime:
    """The last second of a day in China: what is to come by that day is due then, at the window as at any agency."""
    return datetime.combine(day, time(23, 59, 59), CHINA_TIME)


def visits(arrival: datetime | None, now: datetime) -> tuple[Slot, ...]:
    """The mornings to propose for goods that arrive, or leave, at ``arrival``; without one, or when past, from now."""
    return mornings(arrival if arrival is not None and now < arrival < now + AHEAD_MAX else now)


def mornings(after: datetime, count: int = 3) -> tuple[Slot, ...]:
    """The first ``count`` working-day mornings, 09:00 to 12:00 China time, of days after the day of ``after``.

    Monday to Friday; public holidays, which the State Council sets year by year, are not known here.
    """
    return tuple(islice(_mornings(after), count))


def _mornings(after: datetime) -> Iterator[Slot]:
    day = after.astimezone(CHINA_TIME).date()
    while True:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            start = datetime.combine(day, OPENING, CHINA_TIME)
            yield Slot(start_date_time=start, end_date_time=start + MORNING)
