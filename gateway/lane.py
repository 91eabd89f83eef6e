"""A lane: the way to one agency, apart from the ways to all others.

It has room for so many messages at a time, and for none while its breaker is open. A case whose message finds no room
is not kept in hand: its id waits here, and it is taken up again when there is room, so that an agency that is slow or
down costs the others nothing but the ids of what waits for it.

A message that has failed waits apart, for longer each time, and has a share of the places only: what an agency can't
do with some messages must not cost the others their way to it.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Final

import msgspec
import structlog

from ..agencies.transport import Transport
from .backoff import RETRY_SECONDS_MAX, pause_seconds
from .breaker import Breaker, BreakerState
from .commands import FailSend
from .failing_messages import Failing, FailingMessages
from .metrics import Metrics

WAITING_CASES_MAX: Final = 10_000
"""Case ids that wait for one agency; those beyond are found in the store again."""

FAILING_SHARE: Final = 4
"""One place in so many, and one at least, is all that messages have which failed before."""

HANGING_SECONDS: Final = 5.0
"""How long a message may keep its place whatever others wait and get past it."""

ATTEMPTS_MAX: Final = 12
"""Attempts in a row, some three minutes' worth, after which a message is a dead letter."""

REST_SECONDS: Final = 3600.0
"""After how long a message that is a dead letter, and alone with it, is tried again."""


class _Place(msgspec.Struct, frozen=True):
    """A message's place: whether it had failed before, when it took it, how many had got through by then.

    attempt: ends the attempt where somebody else is to have the place.
    """

    tried: bool
    since: float
    passed: int
    attempt: asyncio.Timeout


log = structlog.get_logger("onewindow.delivery")


class Lane:
    """The lane of one agency. `inflight_max`: messages on it at a time; `take_up` is told a case that has room now."""

    def __init__(
        self, agency: str, transport: Transport, inflight_max: int, metrics: Metrics, take_up: Callable[[str], None]
    ) -> None:
        self._agency = agency
        self.transport = transport
        self.failure: FailSend | None = None
        self._inflight_max = inflight_max
        self._failing_max = max(1, inflight_max // FAILING_SHARE)
        self._shown = metrics.lane(agency)
        self._take_up = take_up
        self._breaker = Breaker()
        self._inflight: dict[str, _Place] = {}  # in the order in which they were taken
        self._passed = 0
        self._waiting: dict[str, None] = {}
        self._failing = FailingMessages()
        self._called: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: float | None = None

    def has_room(self, message_id: str) -> bool:
        """Whether this message may enter now, beside those of the cases that were called."""
        return self._room(untried=self._failing.get(message_id) is None) > 0

    def is_pausing(self, case_id: str, message_id: str) -> bool:
        """Whether a message of this case has failed and is not to be tried again yet; the lane takes it up then."""
        failing = self._failing.get(message_id)
        return failing is not None and failing.until > _now() and case_id not in self._called

    def attempts(self, message_id: str) -> int:
        """How often a message has failed in a row."""
        failing = self._failing.get(message_id)
        return 0 if failing is None else failing.attempts

    def _room(self, *, untried: bool) -> int:
        return max(0, self._free(untried=untried) - len(self._called))

    def _free(self, *, untried: bool) -> int:
        if not self._breaker.admits(_now(), untried=untried):
            return 0
        free = self._inflight_max - len(self._inflight)
        if self._breaker.state is not BreakerState.CLOSED:
            return min(free, 1)
        return free if untried else min(free, self._failing_max - sum(each.tried for each in self._inflight.values()))

    def enter(self, case_id: str, message_id: str, attempt: asyncio.Timeout) -> bool:
        """Take a place for a message of this case; where there is none, the case waits for one.

        `attempt` ends the attempt when others need the place, and not before it has hung. Who was called has a place
        kept: whoever comes fresh would always be there first.
        """
        if self.is_pausing(case_id, message_id):
            return False
        is_called = case_id in self._called
        self._called.discard(case_id)
        untried = self._failing.get(message_id) is None
        if (self._free(untried=untried) if is_called else self._room(untried=untried)) <= 0:
            self.wait(case_id, message_id)
            return False
        self._waiting.pop(case_id, None)
        self._failing.gone(message_id)
        self._inflight[message_id] = _Place(not untried, _now(), self._passed, attempt)
        self._breaker = self._breaker.begun(message_id, _now())
        self._wind()
        return True

    def hurry(self, case_id: str, message_id: str) -> None:
        """Let a message go, whatever stands against it: somebody knows that what was wrong has been mended."""
        self._failing.drop(message_id)
        self._breaker = msgspec.structs.replace(self._breaker, pause=0.0)
        self._called.add(case_id)

    def give_up(self, case_id: str) -> None:
        """A case that is no longer in hand needs no place that was kept for it."""
        if case_id in self._called:
            self._called.discard(case_id)
            self._call()

    def wait(self, case_id: str, message_id: str) -> None:
        """Have a case taken up when there is room for its message."""
        if self._failing.get(message_id) is not None:
            self._failing.wait(message_id)
        elif len(self._waiting) < WAITING_CASES_MAX:
            self._waiting[case_id] = None
        self._wind()
        self._show()

    def got_through(self, message_id: str) -> None:
        """Give the place of a message back that the agency took, or refused."""
        before = self._breaker
        self._failing.drop(message_id)
        self._breaker = before.succeeded()
        if self._breaker.successes > before.successes:
            self._failing.hasten(before.successes, _now())
        if before.state is not BreakerState.CLOSED:
            log.info("agency answers again", agency=self._agency)
        self.failure = None
        self._passed += 1
        self._left(message_id)
        self._clear()

    def returned(self, message_id: str) -> None:
        """Give the place of a message back of which nothing can be said that concerns the agency."""
        self._breaker = self._breaker.returned(message_id, _now())
        self._left(message_id)

    def failed(self, case_id: str, message_id: str, failure: FailSend) -> Failing:
        """Give the place of a message back that has failed; how it stands with it. It goes again once it is `back`."""
        now, before = _now(), self._breaker
        first = Failing(case_id=case_id, attempts=0, successes=before.successes, until=now, others=False)
        known = self._failing.get(message_id) or first
        others = known.successes < before.successes
        failed = before.failed_again if others else before.failed_first
        self._breaker = failed(message_id, now, _spread())
        attempts = known.attempts + 1
        is_dead = others and attempts >= ATTEMPTS_MAX
        pause = REST_SECONDS if is_dead else pause_seconds(attempts, _spread())
        failing = msgspec.structs.replace(known, attempts=attempts, until=now + pause, others=others)
        self._failing.put(message_id, failing)
        if self._breaker.state is not BreakerState.CLOSED:
            self.failure = failure
            if before.state is BreakerState.CLOSED:
                words = "agency is left alone, but for a message now and then that tries"
                log.warning(words, agency=self._agency, code=failure.code)
        self._left(message_id)
        return failing

    def back(self, message_id: str) -> None:
        """All has been told of a message: were its case taken up before, it would take what is told for the new try."""
        if self._failing.get(message_id) is not None:
            self._failing.wait(message_id)
            self._call()

    def close(self) -> None:
        """Take nobody up any more."""
        self._waiting.clear()
        self._failing.clear()
        self._called.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _left(self, message_id: str) -> None:
        self._inflight.pop(message_id, None)
        self._call()

    def _clear(self) -> None:
        """Where others wait, end the attempt of a message that hangs: it is as many behind as there are places.

        One for each that gets through, so that an agency to which nobody does is judged by none of them; and none that
        has failed before, since those have few places anyway and one of them may only be slow.
        """
        if not self._waiting or self._room(untried=True) > 0:
            return
        for place in self._inflight.values():
            if _now() - place.since < HANGING_SECONDS:
                return
            if not place.tried and self._passed - place.passed >= self._inflight_max and not place.attempt.expired():
                place.attempt.reschedule(_now())
                return

    def _call(self) -> None:
        """Take up who has room now; of few places messages that have failed get what is left: one may hang in each."""
        if self._inflight_max >= FAILING_SHARE:
            self._call_failing()
            self._call_waiting()
        else:
            self._call_waiting()
            self._call_failing()
        self._wind()
        self._show()

    def _call_waiting(self) -> None:
        """The first come first; who tries an agency that is left alone is drawn, for the first may all be of a kind."""
        for _ in range(min(self._room(untried=True), len(self._waiting))):
            is_closed = self._breaker.state is BreakerState.CLOSED
            case_id = next(iter(self._waiting)) if is_closed else _drawn(self._waiting)
            del self._waiting[case_id]
            self._called.add(case_id)
            self._take_up(case_id)

    def _call_failing(self) -> None:
        """Those whose pause is over; where nobody else waits to try an agency that is left alone, the next one."""
        is_closed = self._breaker.state is BreakerState.CLOSED
        if self._waiting and not is_closed:
            return
        by = _now() if is_closed else _now() + RETRY_SECONDS_MAX
        while (at := self._failing.next_at()) is not None and at <= by and self._room(untried=False) > 0:
            case_id = self._failing.take()
            self._called.add(case_id)
            self._take_up(case_id)

    def _wind(self) -> None:
        """Look again when the next message may go; where that lacks room, who leaves does.

        Its moment may come between the look that has just called nobody and this one: taken for one that lacks room, it
        would be left to the sweep of open cases, half a minute later.
        """
        at, now = self._next_at(), _now()
        if at is not None and at <= now:
            untried = bool(self._waiting) and self._breaker.state is not BreakerState.CLOSED
            at = now if self._room(untried=untried) > 0 else None
        if at == self._timer_at:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if at is None else asyncio.get_running_loop().call_at(at, self._rung)
        self._timer_at = at

    def _rung(self) -> None:
        self._timer = self._timer_at = None
        self._call()

    def _next_at(self) -> float | None:
        due = self._failing.next_at()
        if self._breaker.state is BreakerState.CLOSED:
            return due
        if self._waiting:
            return self._breaker.admits_at(untried=True)
        admitted = self._breaker.admits_at(untried=False)
        return None if due is None or admitted is None else max(admitted, due - RETRY_SECONDS_MAX)

    def _show(self) -> None:
        self._shown(self._breaker.state, len(self._inflight), len(self._waiting))


def _drawn(waiting: dict[str, None]) -> str:
    return random.choice(tuple(waiting))  # noqa: S311 - who tries is no secret


def _spread() -> float:
    return random.uniform(0.5, 1.0)  # noqa: S311 - spreading load needs no secret randomness


def _now() -> float:
    return asyncio.get_running_loop().time()
