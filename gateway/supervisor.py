"""The supervisor: answers what is asked of supervision from the store, a page of cases at a time.

Counting goes on in a thread, one question after another, so that however much is asked declarations are taken on.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from ..agencies.agency import AnyAgency
from .business_calendar import agency_calendars
from .clock import Clock
from .config import Config
from .store.store import Store
from .supervision import Question, Supervised, Supervision, Tally

CASES_MAX: Final = 500_000
"""Cases that one answer may count."""

ASKED_MAX: Final = 4
"""Questions that are in hand at one time: one is being answered, the others wait."""


def supervised(config: Config, agencies: Mapping[str, AnyAgency]) -> Mapping[str, Supervised]:
    """What a supervisor has to know of each agency, by code."""
    calendars = agency_calendars(config)
    return {
        code: Supervised(name=agency.name, calendar=calendars.get(code), calendar_name=config.agency(code).calendar)
        for code, agency in agencies.items()
    }


class Unanswered(Exception):
    """A question that is not answered. `code`: `too-many-cases` (ask for a shorter time) or `busy` (ask later)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Supervisor:
    """Answers questions about the cases of one store; `agencies` by code, in the order of its answers."""

    def __init__(
        self, store: Store, agencies: Mapping[str, Supervised], clock: Clock, cases_max: int = CASES_MAX
    ) -> None:
        self._store = store
        self._agencies = agencies
        self._clock = clock
        self._cases_max = cases_max
        self._asked = 0
        self._turn = asyncio.Lock()

    async def answer(self, question: Question) -> Supervision:
        """The answer to a question. Raises Unanswered or StoreUnavailable."""
        if self._asked >= ASKED_MAX:
            raise Unanswered("busy")
        self._asked += 1
        try:
            async with self._turn:
                return await self._answer(question)
        finally:
            self._asked -= 1

    async def _answer(self, question: Question) -> Supervision:
        tally = Tally(question, self._agencies, self._clock())
        async for page in self._store.received(question.start, question.end):
            await asyncio.to_thread(tally.add, page)
            if tally.cases > self._cases_max:
                raise Unanswered("too-many-cases")
        return await asyncio.to_thread(tally.supervision)
