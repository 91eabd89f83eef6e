"""The breaker between the window and an agency: after so many failures in a row it opens, and one probe closes it.

Pure: times are seconds of any clock that only goes forward, and how widely pauses are spread is an argument. The three
states are those of M. Nygard, Release It!, "Circuit Breaker".
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

FAILURES_MAX: Final = 10
"""Failures in a row at which a breaker opens: more than the attempts that one message has in hand."""

PAUSE_SECONDS_FIRST: Final = 1.0
PAUSE_SECONDS_MAX: Final = 30.0


class BreakerState(StrEnum):
    """Whether messages go through: all, none, or one that tries."""

    CLOSED = "closed"
    HALF_OPEN = "half-open"
    OPEN = "open"


class Breaker(Struct, frozen=True):
    """A breaker as it stands.

    failures: in a row, while it is closed. openings: in a row, without a success in between. until: when it may be
    tried again, None while it is closed. probing: one message is on its way to try.
    """

    failures: int = 0
    openings: int = 0
    until: float | None = None
    probing: bool = False

    @property
    def state(self) -> BreakerState:
        """Where it stands."""
        if self.until is None:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if self.probing else BreakerState.OPEN

    def admits(self, now: float) -> bool:
        """Whether a message may go now."""
        return self.until is None or (now >= self.until and not self.probing)

    def begun(self) -> "Breaker":
        """After a message that it admits has gone: if it was open, that is the probe."""
        return self if self.until is None else replace(self, probing=True)

    def succeeded(self) -> "Breaker":
        """After a message has got through, also one that went before it opened."""
        return Breaker()

    def failed(self, now: float, spread: float) -> "Breaker":
        """After a message has failed; `spread`, 0 to 1, shortens the pause so that breakers don't march in step.

        While it is open only its probe counts: what went before tells nothing new.
        """
        if self.until is None:
            failures = self.failures + 1
            return self._opened(now, spread) if failures >= FAILURES_MAX else replace(self, failures=failures)
        return self._opened(now, spread) if self.probing else self

    def _opened(self, now: float, spread: float) -> "Breaker":
        pause = min(PAUSE_SECONDS_FIRST * 2 ** min(self.openings, 16), PAUSE_SECONDS_MAX)
        return Breaker(openings=self.openings + 1, until=now + pause * spread)
