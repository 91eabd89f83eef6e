"""A lane: the way to one agency, apart from the ways to all others.

It has room for so many messages at a time, and for none while its breaker is open. A case whose message finds no room
is not kept in hand: its id waits here, and it is taken up again when there is room, so that an agency that is slow or
down costs the others nothing but the ids of what waits for it.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Final

import msgspec
import structlog

from ..agencies.transport import Transport
from .breaker import Breaker
from .commands import FailSend
from .metrics import Metrics

WAITING_CASES_MAX: Final = 10_000
"""Case ids that wait for one agency; those beyond are found in the store again."""


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
        self._shown = metrics.lane(agency)
        self._take_up = take_up
        self._inflight = 0
        self._breaker = Breaker()
        self._waiting: dict[str, None] = {}
        self._called: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def room(self) -> int:
        """Messages that may enter now, beside those of the cases that were called."""
        return max(0, self._free - len(self._called))

    @property
    def _free(self) -> int:
        if not self._breaker.admits(_now()):
            return 0
        return self._inflight_max - self._inflight if self._breaker.until is None else 1

    def enter(self, case_id: str) -> bool:
        """Take a place for a message of this case; where there is none, the case waits for one.

        Who was called has a place kept: whoever comes fresh would always be there first.
        """
        is_called = case_id in self._called
        self._called.discard(case_id)
        if (self._free if is_called else self.room) <= 0:
            self.wait(case_id)
            return False
        self._waiting.pop(case_id, None)
        self._inflight += 1
        self._set(self._breaker.begun())
        return True

    def hurry(self) -> None:
        """Let the next message try, though the breaker is open: somebody knows that the agency has been mended."""
        if self._breaker.until is not None:
            self._set(msgspec.structs.replace(self._breaker, until=_now()))

    def give_up(self, case_id: str) -> None:
        """A case that is no longer in hand needs no place that was kept for it."""
        if case_id in self._called:
            self._called.discard(case_id)
            self._call()

    def wait(self, case_id: str) -> None:
        """Have a case taken up when there is room."""
        if len(self._waiting) < WAITING_CASES_MAX:
            self._waiting[case_id] = None
        self._show()

    def leave(self, failure: FailSend | None) -> None:
        """Give the place back; `failure` is what became of the message, where that speaks against the agency."""
        self._inflight -= 1
        was_open = self._breaker.until is not None
        if failure is None:
            self._set(self._breaker.succeeded())
        else:
            spread = random.uniform(0.5, 1.0)  # noqa: S311 - spreading load needs no secret randomness
            self._set(self._breaker.failed(_now(), spread))
        self._tell(failure, was_open=was_open)
        self.failure = None if self._breaker.until is None else failure or self.failure
        self._call()

    def _tell(self, failure: FailSend | None, *, was_open: bool) -> None:
        """Log that the breaker has opened, or closed; while it stays as it is, nothing."""
        is_open = self._breaker.until is not None
        if is_open and not was_open and failure is not None:
            log.warning(
                "agency is left alone, but for one message at a time that tries", agency=self._agency, code=failure.code
            )
        elif was_open and not is_open:
            log.info("agency answers again", agency=self._agency)

    def close(self) -> None:
        """Take nobody up any more."""
        self._waiting.clear()
        self._called.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _set(self, breaker: Breaker) -> None:
        if breaker.until is not None and breaker.until != self._breaker.until:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_at(breaker.until, self._call)
        self._breaker = breaker

    def _call(self) -> None:
        for _ in range(min(self.room, len(self._waiting))):
            case_id = next(iter(self._waiting))
            del self._waiting[case_id]
            self._called.add(case_id)
            self._take_up(case_id)
        self._show()

    def _show(self) -> None:
        self._shown(self._breaker.state, self._inflight, len(self._waiting))


def _now() -> float:
    return asyncio.get_running_loop().time()
