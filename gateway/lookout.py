"""Looking at the store on behalf of all who wait for news, so that one who waits costs nothing.

Followers are woken by announcements. Those that then ask the same share one look, and only one task looks for what
nobody announces, the news that another process on the same store has written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar

import structlog

from .announcer import Announcer
from .place import Place
from .store.store import RecordDamaged, Store, StoreUnavailable, UnknownPlace

LOOK_SECONDS: Final = 1.0
"""How often the store is looked at for what another process has written."""

NEWS_POSITIONS_MAX: Final = 100
"""Entries of the feed between two looks, beyond which everybody is woken instead of those that they concern."""

NEWS_EVENTS_MAX: Final = 10 * NEWS_POSITIONS_MAX
"""Events that are read of them."""

T = TypeVar("T")

log = structlog.get_logger("onewindow.window")


class Lookout:
    """Looks at one store, and wakes whoever follows."""

    def __init__(self, store: Store, announcer: Announcer) -> None:
        self._store = store
        self._announcer = announcer
        self._looks: dict[tuple[int, Hashable], asyncio.Future[Any]] = {}

    async def look(self, question: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """What `ask` finds, with everything in it that was announced until now; raises what it raises.

        Whoever asks the same before the next announcement is given the same look. One that had begun before an
        announcement may not have seen what was announced, so it is never joined after it.
        """
        key = (self._announcer.count, question)
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = asyncio.ensure_future(ask())
            look.add_done_callback(lambda done: self._over(key, done))
        return await asyncio.shield(look)  # whoever hangs up must not take the answer away from the others

    def _over(self, key: tuple[int, Hashable], look: asyncio.Future[Any]) -> None:
        del self._looks[key]
        if not look.cancelled():
            look.exception()  # told to those who wait for it, of whom there may be none left

    async def run(self, stopping: asyncio.Event) -> None:
        """Announce what other processes write, until `stopping` is set."""
        place: Place | None = None
        while not stopping.is_set():
            try:
                place = await self._news(place)
            except StoreUnavailable as error:
                log.warning("store unavailable", error=str(error))
                self._announcer.announce_all()  # whoever waits finds out for himself
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def _news(self, place: Place | None) -> Place:
        """Announce what is after a place, where anybody follows; where the feed ends.

        Whoever begins to follow looks for himself first, so what came before that is no news to him.
        """
        end = await self._store.feed_end()
        if place is None or place == end or not self._announcer.is_followed:
            return end
        if end.position - place.position > NEWS_POSITIONS_MAX:
            self._announcer.announce_all()
            return end
        try:
            page = await self._store.feed(place, NEWS_EVENTS_MAX, None)
        except (RecordDamaged, UnknownPlace):
            page = None
        if page is None or page.more:
            self._announcer.announce_all()
            return end
        for case_id, declarant in dict.fromkeys((each.case_id, each.declarant) for each in page.events):
            self._announcer.announce(case_id, declarant)
        return page.next
