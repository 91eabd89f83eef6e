"""Durations as people write them: a number and its unit, as in `30m`."""

from datetime import timedelta
from re import fullmatch
from typing import Final

_UNITS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def parse_duration(text: str) -> timedelta | None:
    """The duration of a number and its unit (ms, s, m, h or d), as in `30m` or `1.5h`; None where it is not one."""
    match = fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m|h|d)", text)
    if match is None:
        return None
    duration = float(match[1]) * _UNITS[match[2]]
    return timedelta(seconds=duration) if 0 < duration <= 366 * 86_400 else None
