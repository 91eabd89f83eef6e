"""Business calendars as a configuration writes them, and what is wrong with one.

Spans are `09:00-12:00` by the clock on the wall, up to 24:00. Dates are `2026-10-01`, stretches of them
`2026-10-01/2026-10-07`, both ends included (ISO 8601-1, 4.1.2 and 4.4.4).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ..codecs.finding import Text
from .config import CalendarConfig, Config
from .plan import Flaw
from .working_time import MINUTES_OF_DAY, Calendar, Span

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WEEK_MINUTES_MIN: Final = 60
"""Working time that a week has at least: with less, a time limit of a year would last for generations."""

DATES_MAX: Final = 3_660
"""Dates that one list of a calendar may name: ten years of them."""

_SPAN: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_DATES: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:/([0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_DAY: Final = timedelta(days=1)

Week = tuple[tuple[Span, ...], ...]


def agency_calendars(config: Config) -> Mapping[str, Calendar]:
    """The calendars of the agencies that have one, by agency code. Raises ValueError where one has flaws."""
    named = {own.calendar for own in config.agencies.values() if own.calendar is not None}
    calendars: dict[str, Calendar] = {}
    for name in named:
        found = read_calendar(config.calendars[name])
        if not isinstance(found, Calendar):
            raise ValueError(f"calendars.{name}.{found[0].key}: {found[0].words.en}")
        calendars[name] = found
    return {code: calendars[own.calendar] for code, own in config.agencies.items() if own.calendar is not None}


def read_calendar(written: CalendarConfig) -> Calendar | tuple[Flaw, ...]:
    """The calendar that is written, or all that is wrong with it, at least one flaw."""
    flaws: list[Flaw] = []
    zone = _zone(written.time_zone, flaws)
    week = _week(written.hours, flaws)
    hours = _hours(written.working_day_hours or (), "working_day_hours", flaws)
    holidays = _dates(written.holidays, "holidays", flaws)
    working_days = _dates(written.working_days, "working_days", flaws)
    if both := sorted(holidays & working_days):
        words = Text(f"{both[0]} is among the holidays too", f"{both[0]} 同时列为节假日")
        flaws.append(Flaw("working_days", words))
    if flaws or zone is None:
        return tuple(flaws)
    return Calendar(
        zone=zone,
        week=week,
        holidays=holidays,
        working_days=working_days,
        working_day_hours=hours or next(day for day in week if day),
    )


def _zone(name: str | None, flaws: list[Flaw]) -> ZoneInfo | None:
    if name is None:
        words = Text(
            "it is not set; write the name of a time zone, such as Asia/Shanghai",
            "未设置；请写时区名，如 Asia/Shanghai",
        )
    else:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # the latter two for what is no name, such as a folder's
            near = get_close_matches(name, sorted(available_timezones()), n=1)
            words = Text(
                f"there is no time zone {name}" + (f"; did you mean {near[0]}?" if near else ", such as Asia/Shanghai"),
                f"没有时区 {name}" + (f"；是否为 {near[0]}？" if near else "，时区名如 Asia/Shanghai"),
            )
    flaws.append(Flaw("time_zone", words))
    return None


def _week(hours: Mapping[str, tuple[str, ...]], flaws: list[Flaw]) -> Week:
    week: dict[str, tuple[Span, ...]] = {}
    before = len(flaws)
    for key, texts in hours.items():
        days = _weekdays(key)
        if not days:
            words = Text(
                f"there is no weekday {key}; allowed: {', '.join(WEEKDAYS)}, and stretches such as mon-fri",
                f"没有 {key} 这一天；可用：{'、'.join(WEEKDAYS)}，以及 mon-fri 这样的起止",
            )
            flaws.append(Flaw("hours", words))
        flaws.extend(Flaw("hours", Text(f"{day} is there twice", f"{day} 重复")) for day in days if day in week)
        week |= dict.fromkeys(days, _hours(texts, "hours", flaws))
    spans = [span for day in week.values() for span in day]
    if len(flaws) == before and sum(span.closes - span.opens for span in spans) < WEEK_MINUTES_MIN:
        words = Text(
            'there has to be work for an hour a week at least, such as { mon-fri = ["09:00-17:00"] }',
            "每周至少须有一小时工作时间，如 { mon-fri = [“09:00-17:00”] }",
        )
        flaws.append(Flaw("hours", words))
    return tuple(week.get(day, ()) for day in WEEKDAYS)


def _weekdays(key: str) -> tuple[str, ...]:
    """The days of `sat` or `mon-fri`; `sun-thu` is a stretch too. None of them where the key is neither."""
    first, dash, last = key.partition("-")
    if first not in WEEKDAYS or (last if dash else first) not in WEEKDAYS:
        return ()
    start = WEEKDAYS.index(first)
    count = (WEEKDAYS.index(last) - start) % len(WEEKDAYS) if dash else 0
    return (WEEKDAYS + WEEKDAYS)[start : start + count + 1]


def _hours(texts: tuple[str, ...], key: str, flaws: list[Flaw]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for text in texts:
        span = _span(text)
        if span is None:
            words = Text(
                f"{text} is no stretch of a day; write it as 09:00-17:00, and one over midnight as two",
                f"{text} 不是一天中的时段；请写作 09:00-17:00，跨零点的分写为两段",
            )
            flaws.append(Flaw(key, words))
        else:
            spans.append(span)
    spans.sort()
    for one, other in pairwise(spans):
        if other.opens < one.closes:
            words = Text(f"{_shown(one)} and {_shown(other)} overlap", f"{_shown(one)} 与 {_shown(other)} 重叠")
            flaws.append(Flaw(key, words))
    return tuple(spans)


def _span(text: str) -> Span | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    return Span(opens, closes) if opens < closes <= MINUTES_OF_DAY else None


def _shown(span: Span) -> str:
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (span.opens, span.closes))


def _dates(texts: tuple[str, ...], key: str, flaws: list[Flaw]) -> frozenset[date]:
    dates: set[date] = set()
    for text in texts:
        stretch = _stretch(text)
        if stretch is None:
            words = Text(
                f"{text} is no date; write 2026-10-01, or 2026-10-01/2026-10-07 for the first and the last of several",
                f"{text} 不是日期；请写作 2026-10-01，多日写作 2026-10-01/2026-10-07（起止日）",
            )
            flaws.append(Flaw(key, words))
            continue
        for day in _days(*stretch):
            dates.add(day)
            if len(dates) > DATES_MAX:
                words = Text(f"these are more than {DATES_MAX} dates", f"日期超过 {DATES_MAX} 个")
                flaws.append(Flaw(key, words))
                return frozenset()
    return frozenset(dates)


def _stretch(text: str) -> tuple[date, date] | None:
    match = _DATES.fullmatch(text)
    if match is None:
        return None
    try:
        first, last = date.fromisoformat(match[1]), date.fromisoformat(match[2] or match[1])
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _days(first: date, last: date) -> Iterator[date]:
    return (first + _DAY * number for number in range((last - first).days + 1))
