"""The agencies' time limits: their own where the configuration sets none, by the calendars that it names."""

from collections.abc import Mapping

from ..agencies.agency import AnyAgency
from .business_calendar import agency_calendars
from .config import Config
from .deadlines import Limit


def time_limits(config: Config, agencies: Mapping[str, AnyAgency]) -> Mapping[str, Limit]:
    """Each agency's time limit, by code. Raises ValueError where a calendar has flaws."""
    calendars = agency_calendars(config)
    settings = {code: config.agency(code) for code in agencies}
    return {
        code: Limit(
            time_limit=own.time_limit or agencies[code].time_limit,
            warn_at=own.warn_at,
            on_overdue=own.on_overdue,
            calendar=calendars.get(code),
        )
        for code, own in settings.items()
    }
