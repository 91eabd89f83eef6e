"""Clocks: what time it is, and waiting for a time. The window reads no other, so that a test can hold it."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

LOOK_SECONDS_MAX = 60.0
"""How long a wait goes by before the clock is looked at again: the machine's clock may be set meanwhile."""


class Clock(Protocol):
    """The time, aware, and waiting for it."""

    def __call__(self) -> datetime:
        """What time it is."""

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell rings or the time has come, or before: whoever waits looks again."""


AHEAD = "ONEWINDOW_CLOCK_AHEAD"
"""The variable by which a trial lets a whole gateway live later than it is: so many seconds ahead."""


def _machine() -> datetime:
    return datetime.now(UTC) + _AHEAD


def _ahead(setting: str) -> timedelta:
    try:
        return timedelta(seconds=float(setting or 0))
    except (ValueError, OverflowError):
        raise SystemExit(f"{AHEAD}={setting}: give a number of seconds") from None


_AHEAD = _ahead(os.environ.get(AHEAD, ""))


class SystemClock:
    """The machine's clock, or `now` with the machine's waiting."""

    def __init__(self, now: Callable[[], datetime] = _machine) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """What time it is."""
        return self._now()

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell rings, the time has come, or LOOK_SECONDS_MAX have gone by."""
        seconds = LOOK_SECONDS_MAX if until is None else (until - self._now()).total_seconds()
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(min(seconds, LOOK_SECONDS_MAX)):
                await bell.wait()
        except TimeoutError:
            return


async def pause(clock: Clock, duration: timedelta) -> None:
    """Return when so much time has gone by on this clock."""
    until = clock() + duration
    while clock() < until:
        await clock.wait(asyncio.Event(), until)
