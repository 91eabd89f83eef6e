"""The messages that failed on the way to one agency: how often each has, and when it may go again.

It remembers nothing that must not be forgotten: a message that is not known here is tried as if it were the first time.
"""

from heapq import heapify, heappop, heappush
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

FAILING_MESSAGES_MAX: Final = 10_000
"""Failing messages known of one agency; those beyond push out who has been known longest."""


class Failing(Struct, frozen=True, kw_only=True):
    """A message that has failed so many times in a row.

    successes: how many others had got through, as the breaker counts them, when it failed first. others: some have
    since, so that the fault is rather its own. until: it is not tried again before, by the loop's clock.
    """

    case_id: str
    attempts: int
    successes: int
    until: float
    others: bool


class FailingMessages:
    """By message id. Each is given out once when its time has come, the earliest first, until it is put here again."""

    def __init__(self) -> None:
        self._known: dict[str, Failing] = {}
        self._due: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []

    def get(self, message_id: str) -> Failing | None:
        """What is known of a message; None of one that has not failed."""
        return self._known.get(message_id)

    def put(self, message_id: str, failing: Failing) -> None:
        """A message has failed; it is not due before it waits."""
        self._known.pop(message_id, None)
        self._known[message_id] = failing
        if len(self._known) > FAILING_MESSAGES_MAX:
            self.drop(next(iter(self._known)))

    def wait(self, message_id: str) -> None:
        """A message that is known here waits for its time, or for room."""
        self._set(message_id, self._known[message_id].until)

    def drop(self, message_id: str) -> None:
        """A message has got through, or begins anew."""
        self._known.pop(message_id, None)
        self._due.pop(message_id, None)

    def gone(self, message_id: str) -> None:
        """A message is on its way, and not due before it is back."""
        self._due.pop(message_id, None)

    def take(self) -> str:
        """The case of the message that is due next; there is one where `next_at` says when."""
        self.next_at()
        _, message_id = heappop(self._heap)
        del self._due[message_id]
        return self._known[message_id].case_id

    def next_at(self) -> float | None:
        """When the next message is due."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)  # was set to another time since, or is gone
        return self._heap[0][0] if self._heap else None

    def hasten(self, successes: int, now: float) -> None:
        """What failed when so many others had got through, and not before, is due now: perhaps it was the agency."""
        for message_id, failing in self._known.items():
            if failing.successes == successes:
                self._known[message_id] = replace(failing, until=now)
                if message_id in self._due:
                    self._set(message_id, now)

    def clear(self) -> None:
        """Nothing is due any more."""
        self._due.clear()
        self._heap.clear()

    def _set(self, message_id: str, at: float) -> None:
        if self._due.get(message_id) != at:
            self._due[message_id] = at
            heappush(self._heap, (at, message_id))
        if len(self._heap) > 2 * len(self._due) + FAILING_MESSAGES_MAX:
            self._heap = [(due, each) for each, due in self._due.items()]
            heapify(self._heap)
