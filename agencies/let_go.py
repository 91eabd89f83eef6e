"""Word that agencies let go of messages that they could not read: when it is acted on.

Whoever may end messages can say so as often as it likes, and each time all that lies ready for it is laid anew: that is
done for this agency only, and after pauses that double for as long as it goes on.
"""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

PAUSE_SECONDS_FIRST: Final = 5.0
PAUSE_SECONDS_MAX: Final = 300.0


class _Pause(Struct, frozen=True):
    """Nothing is done for an agency again before `until`; `seconds`: how long the pause is that ends then."""

    until: float
    seconds: float


class LetGo:
    """What was heard of these agencies and not acted on. Times are of one clock, in seconds."""

    def __init__(self, agencies: Collection[str]) -> None:
        self._agencies = frozenset(agencies)
        self._heard: set[str] = set()
        self._pauses: dict[str, _Pause] = {}

    def heard(self, agency: str) -> None:
        """An agency let go of a message."""
        if agency in self._agencies:
            self._heard.add(agency)

    def take(self, now: float) -> frozenset[str]:
        """The agencies that something is to be done for now."""
        due = frozenset(each for each in self._heard if each not in self._pauses or now >= self._pauses[each].until)
        self._heard -= due
        for agency in due:
            self._pauses[agency] = _next(self._pauses.get(agency), now)
        return due


def _next(last: _Pause | None, now: float) -> _Pause:
    """The pause from now on: longer than the last one, unless it was quiet for as long again after that."""
    is_going_on = last is not None and now < last.until + last.seconds
    seconds = min(2 * last.seconds, PAUSE_SECONDS_MAX) if last is not None and is_going_on else PAUSE_SECONDS_FIRST
    return _Pause(now + seconds, seconds)
