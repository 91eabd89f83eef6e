"""The breaker between the window and an agency: after so many messages have failed it opens, and a probe closes it.

It counts messages and not attempts: one that fails again and again, or every message of one kind, says nothing of an
agency to which others get through. Pure: times are seconds of any clock that only goes forward, and how widely pauses
are spread is an argument. The three states are those of M. Nygard, Release It!, "Circuit Breaker".
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

FAILED_MESSAGES_MAX: Final = 10
"""Messages that have failed since the last success, at which a breaker opens."""

PAUSE_SECONDS_FIRST: Final = 0.1
PAUSE_SECONDS_MAX: Final = 30.0

UNTRIED_PAUSE_SECONDS_MAX: Final = 1.0
"""The longest that a message waits to be the probe which has not failed itself: it may be the failed ones' fault."""

PROBE_SECONDS: Final = 1.0
"""After how long a probe that is not back keeps another message from trying no more: it may be one that hangs."""

PROBES_MAX: Final = 3
"""Probes on their way at one time."""


class BreakerState(StrEnum):
    """Whether messages go through: all, none, or one that tries."""

    CLOSED = "closed"
    HALF_OPEN = "half-open"
    OPEN = "open"


class Breaker(Struct, frozen=True):
    """A breaker as it stands.

    failed: the messages that have failed since the last success, while it is closed. successes: so many messages have
    got through while others failed, by which it is known which failures came before. openings: in a row, without a
    success in between. since: when it opened, or its last probe went or came back; None while it is closed. pause:
    seconds from then to the next probe. probes: messages on their way to try.
    """

    failed: frozenset[str] = frozenset()
    successes: int = 0
    openings: int = 0
    since: float | None = None
    pause: float = 0.0
    probes: frozenset[str] = frozenset()

    @property
    def state(self) -> BreakerState:
        """Where it stands."""
        if self.since is None:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if self.probes else BreakerState.OPEN

    def admits_at(self, *, untried: bool) -> float | None:
        """From when on a message may go, one that has failed or one that is `untried`; None: once a probe is back."""
        if self.since is None:
            return 0.0
        if self.probes and (not untried or len(self.probes) >= PROBES_MAX):
            return None
        return self.since + (min(self.pause, UNTRIED_PAUSE_SECONDS_MAX) if untried else self.pause)

    def admits(self, now: float, *, untried: bool) -> bool:
        """Whether a message may go now."""
        at = self.admits_at(untried=untried)
        return at is not None and now >= at

    def begun(self, message_id: str, now: float) -> "Breaker":
        """After a message that it admits has gone: if it is open, that is a probe."""
        if self.since is None:
            return self
        return replace(self, since=now, pause=PROBE_SECONDS, probes=self.probes | {message_id})

    def succeeded(self) -> "Breaker":
        """After a message has got through, also one that went before it opened."""
        is_calm = self.since is None and not self.failed
        return self if is_calm else Breaker(successes=self.successes + 1)

    def failed_again(self, message_id: str, now: float, spread: float) -> "Breaker":
        """After a message has failed that had failed before others got through: unless it is a probe, that is no news.

        `spread`: as of `failed_first`.
        """
        return self._probed(message_id, now, spread) if message_id in self.probes else self

    def failed_first(self, message_id: str, now: float, spread: float) -> "Breaker":
        """After a message has failed to which no other has got through since it failed first, if it did before.

        `spread`, 0 to 1, shortens the pause so that breakers don't march in step. While it is open only its probes
        count: what went before tells nothing new.
        """
        if self.since is not None:
            return self.failed_again(message_id, now, spread)
        failed = self.failed | {message_id}
        if len(failed) < FAILED_MESSAGES_MAX:
            return replace(self, failed=failed)
        return replace(self._opened(now, spread), failed=frozenset())

    def returned(self, message_id: str, now: float) -> "Breaker":
        """After a message has come back of which nothing can be said: the next may try at once."""
        if message_id not in self.probes:
            return self
        return replace(self, since=now, pause=0.0, probes=self.probes - {message_id})

    def _probed(self, message_id: str, now: float, spread: float) -> "Breaker":
        return replace(self._opened(now, spread), probes=self.probes - {message_id})

    def _opened(self, now: float, spread: float) -> "Breaker":
        pause = min(PAUSE_SECONDS_FIRST * 2 ** min(self.openings, 16), PAUSE_SECONDS_MAX)
        return replace(self, openings=self.openings + 1, since=now, pause=pause * spread)
