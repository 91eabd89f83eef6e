"""Business calendars: what a configuration may say of them, and deadlines that count working time only."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.declarations import declaration
from support.following import Logged, answer, come_to
from support.windows import HeldClock, now, window

from onewindow.codecs.messages.codes import CaseOutcome
from onewindow.gateway.business_calendar import DATES_MAX, agency_calendars, read_calendar
from onewindow.gateway.config import AgencyConfig, BadConfig, CalendarConfig, Config
from onewindow.gateway.config_loading import load_config
from onewindow.gateway.events import OnOverdue, Sent, event_name
from onewindow.gateway.papers import XML
from onewindow.gateway.status import status
from onewindow.gateway.working_time import Calendar, Span

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "china-2026.toml"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = (Span(540, 720), Span(810, 1020))

WHOLE = """
[calendars.china]
time_zone = "Asia/Shanghai"
hours = { mon-fri = ["13:30-17:00", "09:00-12:00"] }
holidays = [2026-01-01, "2026-02-15/2026-02-17"]
working_days = ["2026-02-14", 2026-02-28]

[calendars.gulf_1]
time_zone = "Asia/Dubai"
hours = { sun-thu = ["00:00-24:00"], sat = [] }
working_days = ["2026-02-14"]
working_day_hours = ["08:00-12:00"]

[agencies.customs]
calendar = "china"

[agencies.tax]
calendar = "gulf_1"
"""


def written(folder: Path, text: str) -> Path:
    """A configuration file with this text."""
    file = folder / "onewindow.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_calendars_are_read(tmp_path: Path) -> None:
    """Hours, holidays and days worked in their place are read, TOML's own dates too, and agencies name calendars."""
    calendars = agency_calendars(load_config(written(tmp_path, WHOLE), {"ONEWINDOW_AGENCIES_TAX_DELAY": "1s"}))
    china = Calendar(
        zone=SHANGHAI,
        week=(OFFICE,) * 5 + ((), ()),
        holidays=frozenset({date(2026, 1, 1), *(date(2026, 2, day) for day in (15, 16, 17))}),
        working_days=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
        working_day_hours=OFFICE,
    )
    gulf = Calendar(
        zone=ZoneInfo("Asia/Dubai"),
        week=((Span(0, 1440),),) * 4 + ((), (), (Span(0, 1440),)),
        working_days=frozenset({date(2026, 2, 14)}),
        working_day_hours=(Span(480, 720),),
    )
    assert {"customs": china, "tax": gulf} == calendars


def test_the_example_is_sound() -> None:
    """The example in docs/ is taken; by it 2026 has 33 days of holidays and, weekends moved, 248 days of work."""
    china = agency_calendars(load_config(EXAMPLE, {}))["tax"]
    year = [date(2026, 1, 1) + DAY * number for number in range(365)]
    assert (33, 248) == (len(china.holidays), sum(bool(china.hours(day)) for day in year))
    assert all(day.weekday() > 4 for day in china.working_days)


def test_an_agency_without_a_calendar_has_none() -> None:
    """Without a calendar in the configuration no agency has one."""
    assert {} == agency_calendars(Config())


SOUND = 'time_zone = "UTC"\nhours = { mon = ["09:00-10:00"] }\n'


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("", "", "[calendars.x] has no settings"),
        ('hours = { mon = ["09:00-17:00"] }', "time_zone", "it is not set"),
        ('time_zone = "Asia/Shanghia"\nhours = { mon = ["09:00-17:00"] }', "time_zone", "did you mean Asia/Shanghai?"),
        ('time_zone = "Asia"\nhours = { mon = ["09:00-17:00"] }', "time_zone", "there is no time zone Asia"),
        ('time_zone = "../x"\nhours = { mon = ["09:00-17:00"] }', "time_zone", "there is no time zone ../x"),
        ('time_zone = ""\nhours = { mon = ["09:00-17:00"] }', "time_zone", "there is no time zone"),
        ('time_zone = "UTC"', "hours", "an hour a week at least"),
        ('time_zone = "UTC"\nhours = {}', "hours", "an hour a week at least"),
        ('time_zone = "UTC"\nhours = { mon = [], tue = ["09:00-09:59"] }', "hours", "an hour a week at least"),
        (
            'time_zone = "UTC"\nhours = { monday = ["09:00-17:00"] }',
            "hours",
            "there is no weekday monday; allowed: mon",
        ),
        ('time_zone = "UTC"\nhours = { mon- = ["09:00-17:00"] }', "hours", "there is no weekday mon-"),
        ('time_zone = "UTC"\nhours = { mon-fri = ["09:00-17:00"], wed = [] }', "hours", "wed is there twice"),
        ('time_zone = "UTC"\nhours = { mon = ["9-17"] }', "hours", "9-17 is no stretch of a day"),
        ('time_zone = "UTC"\nhours = { mon = ["17:00-09:00"] }', "hours", "one over midnight as two"),
        ('time_zone = "UTC"\nhours = { mon = ["09:00-09:00"] }', "hours", "09:00-09:00 is no stretch"),
        ('time_zone = "UTC"\nhours = { mon = ["09:00-24:01"] }', "hours", "09:00-24:01 is no stretch"),
        (
            'time_zone = "UTC"\nhours = { mon = ["09:00-12:00", "08:00-09:01"] }',
            "hours",
            "08:00-09:01 and 09:00-12:00 overlap",
        ),
        (SOUND + 'holidays = ["2026-02-30"]', "holidays", "2026-02-30 is no date"),
        (SOUND + 'holidays = ["20260201"]', "holidays", "20260201 is no date"),
        (SOUND + "holidays = [2026-02-01T00:00:00]", "holidays", "not allowed; allowed is dates"),
        (SOUND + "holidays = [7]", "holidays", "not allowed; allowed is dates"),
        (SOUND + 'holidays = ["2026-02-02/2026-02-01"]', "holidays", "2026-02-02/2026-02-01 is no date"),
        (SOUND + 'holidays = ["0001-01-01/9999-12-31"]', "holidays", f"more than {DATES_MAX} dates"),
        (SOUND + 'working_days = ["x"]', "working_days", "x is no date"),
        (
            SOUND + 'holidays = ["2026-02-01/2026-02-05"]\nworking_days = ["2026-02-03"]',
            "working_days",
            "2026-02-03 is among the holidays too",
        ),
        (SOUND + 'working_day_hours = ["x"]', "working_day_hours", "x is no stretch of a day"),
        (SOUND + "hour = 1", "hour", "there is no calendars.x.hour; did you mean calendars.x.hours?"),
        ("hours = 7", "hours", "not allowed; allowed is hours by weekday"),
    ],
)
def test_a_calendar_that_can_not_be_kept(text: str, key: str, words: str, tmp_path: Path) -> None:
    """What is wrong with a calendar stops the start with file, key and what is allowed, in English and Chinese."""
    path = written(tmp_path, f"[calendars.x]\n{text}\n")
    with pytest.raises(BadConfig) as caught:
        load_config(path, {})
    name = f"calendars.x.{key}" if key else "calendars.x"
    found = next(mistake for mistake in caught.value.mistakes if mistake.key == name)
    assert str(path) == found.source
    assert words in found.message.en
    assert any("\u4e00" <= character <= "\u9fff" for character in found.message.zh)


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('[agencies.tax]\ncalendar = "a"', "agencies.tax.calendar", "there is no [calendars.a], nor any other"),
        (f'[agencies.tax]\ncalendar = "chian"\n[calendars.china]\n{SOUND}', "agencies.tax.calendar", "mean china?"),
        (f'[agencies.tax]\ncalendar = "zz"\n[calendars.china]\n{SOUND}', "agencies.tax.calendar", "allowed: china"),
        (f'[calendars."a b"]\n{SOUND}', "calendars.a b", "up to 64 letters"),
        (f"[calendars.{'a' * 65}]\n{SOUND}", f"calendars.{'a' * 65}", "up to 64 letters"),
        ("[calendars]\na = 1", "calendars.a", "write [calendars.a]"),
    ],
)
def test_names_of_calendars(text: str, key: str, words: str, tmp_path: Path) -> None:
    """A calendar that is not there, and a name that is none, stop the start."""
    with pytest.raises(BadConfig) as caught:
        load_config(written(tmp_path, text), {})
    assert [key] == [mistake.key for mistake in caught.value.mistakes]
    assert words in caught.value.mistakes[0].message.en


def test_as_many_dates_as_allowed() -> None:
    """A list may name DATES_MAX dates, and not one more."""
    first = date(2026, 1, 1)
    sound = CalendarConfig(time_zone="UTC", hours={"mon": ("09:00-10:00",)})
    for count, allowed in ((DATES_MAX, True), (DATES_MAX + 1, False)):
        dates = f"{first}/{first + DAY * (count - 1)}"
        found = read_calendar(CalendarConfig(time_zone="UTC", hours=sound.hours, holidays=(dates,)))
        assert allowed == isinstance(found, Calendar)


def test_a_calendar_with_flaws_serves_no_window() -> None:
    """A configuration that nobody checked does not come to a window with a calendar that can't be kept."""
    config = Config(agencies={"tax": AgencyConfig(calendar="x")}, calendars={"x": CalendarConfig(time_zone="UTC")})
    with pytest.raises(ValueError, match=r"calendars\.x\.hours"):
        agency_calendars(config)


def friday() -> datetime:
    """Half past four on the next Friday afternoon in Shanghai: certificates are made today and hold then."""
    today = now().astimezone(SHANGHAI)
    day = today.date() + DAY * ((4 - today.weekday()) % 7 or 7)
    return datetime(day.year, day.month, day.day, 16, 30, tzinfo=SHANGHAI)


def office(policy: OnOverdue, holidays: tuple[str, ...] = ()) -> Config:
    """A configuration in which tax has an hour of nine to five, and the others a week of it all."""
    week = AgencyConfig(time_limit=7 * DAY)
    others = dict.fromkeys(("customs", "market-supervision", "quality-inspection"), week)
    china = CalendarConfig(time_zone="Asia/Shanghai", hours={"mon-fri": ("09:00-17:00",)}, holidays=holidays)
    tax = AgencyConfig(time_limit=HOUR, on_overdue=policy, calendar="china")
    return Config(agencies={"tax": tax, **others}, calendars={"china": china})


@pytest.mark.parametrize("days", [pytest.param(3, id="weekend"), pytest.param(4, id="holiday after it")])
async def test_a_limit_goes_on_after_the_weekend(days: int, tmp_path: Path) -> None:
    """An hour from Friday 16:30 is over at 9:30 on the next working day; at 0.8 of it, 9:18, comes the warning.

    Nothing comes in between, whatever the clock shows, and the status says when the answer is due.
    """
    start = friday()
    monday = start.replace(hour=9, minute=0) + 3 * DAY
    holidays = (str(monday.date()),) if days == 4 else ()
    opening = start.replace(hour=9, minute=0) + days * DAY
    clock, logged = HeldClock(start), Logged(held=("tax/1",))
    async with window(tmp_path, logged, clock=clock, config=office(OnOverdue.DEEM_APPROVED, holidays)) as opened:
        submission = await opened.submit(declaration("BC-1"), XML)
        case = await come_to(opened, submission.case.id, "replied")
        while sum(part.settled for part in case.parts) < 3:
            case = await come_to(opened, submission.case.id, "replied")
        record = await opened.load(case.id)
        assert record is not None
        sent = next(event for event in record.events if isinstance(event, Sent) and event.agency == "tax")
        assert (opening + HOUR * 0.3, opening + HOUR * 0.5) == (sent.warn_at, sent.due_at)
        assert opening + HOUR * 0.5 == status(record, opened.agencies, clock()).due_at
        clock.at = opening + HOUR * 0.29
        clock.advance(timedelta(0))
        for _ in range(100):
            record = await opened.load(case.id)
        assert record is not None
        assert case.sequence == record.case.sequence
        clock.advance(HOUR * 0.01)
        await come_to(opened, case.id, "warned")
        clock.advance(HOUR * 0.2)
        response = await answer(opened, case.id)
        record = await opened.load(case.id)
    assert record is not None
    assert CaseOutcome.CLEARED is response.outcome_code
    times = {event_name(event): event.at for event in record.events[-3:]}
    assert {"warned": opening + HOUR * 0.3, "overdue": sent.due_at, "decided": sent.due_at} == times


async def test_a_limit_outlives_restarts_on_the_weekend(tmp_path: Path) -> None:
    """A window that is opened again on Saturday waits until Monday 9:30, and one opened after that acts at once."""
    start = friday()
    opening = start.replace(hour=9, minute=0) + 3 * DAY
    clock, config = HeldClock(start), office(OnOverdue.DEEM_APPROVED)
    async with window(tmp_path, Logged(held=("tax/1",)), clock=clock, config=config) as opened:
        submission = await opened.submit(declaration("BC-2"), XML)
        await come_to(opened, submission.case.id, "replied")
    clock.at = start + DAY
    async with window(tmp_path, Logged(held=("tax/1",)), clock=clock, config=config) as opened:
        for _ in range(100):
            record = await opened.load(submission.case.id)
        assert record is not None
        assert not {"warned", "overdue"} & {event_name(event) for event in record.events}
        clock.at = opening + HOUR * 0.3
        clock.advance(timedelta(0))
        case = await come_to(opened, submission.case.id, "warned")
        assert opening + HOUR * 0.3 == case.parts[1].warned_at
    clock.at = opening + HOUR * 0.5
    async with window(tmp_path, Logged(held=("tax/1",)), clock=clock, config=config) as opened:
        response = await answer(opened, submission.case.id)
        record = await opened.load(submission.case.id)
    assert record is not None
    assert CaseOutcome.CLEARED is response.outcome_code
    assert opening + HOUR * 0.5 == record.case.parts[1].overdue_at


async def test_another_calendar_does_not_reach_messages_that_are_out(tmp_path: Path) -> None:
    """A message that was sent keeps the due time in the journal when its agency has another calendar, or none."""
    start = friday()
    opening = start.replace(hour=9, minute=0) + 3 * DAY
    clock = HeldClock(start)
    async with window(tmp_path, Logged(held=("tax/1",)), clock=clock, config=office(OnOverdue.ESCALATE)) as opened:
        submission = await opened.submit(declaration("BC-3"), XML)
        await come_to(opened, submission.case.id, "replied")
    clock.at = start + DAY
    async with window(tmp_path, Logged(held=("tax/1",)), clock=clock, config=Config()) as opened:
        record = await opened.load(submission.case.id)
    assert record is not None
    assert opening + HOUR * 0.5 == record.case.parts[1].due_at
