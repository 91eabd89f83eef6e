"""The event feed: the events of all cases, in the order in which they were committed, from any place on."""

import asyncio
from contextlib import suppress
from functools import partial

import msgspec

from .announcer import Announcer
from .lookout import Lookout
from .place import Place, cursor
from .status import TimelineEntry, timeline_entry
from .store.store import FeedEvent, FeedPage, Store


class FeedEntry(TimelineEntry, frozen=True, kw_only=True):
    """A line of a case's timeline, with the case it is of; `cursor` says where it is in the feed."""

    cursor: str
    case_id: str
    reference: str
    declarant: str


class FeedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the event feed. `next` is the `after` of the next call, always given; `more`: there is more already."""

    events: tuple[FeedEntry, ...]
    next: str
    more: bool


def feed_document(page: FeedPage) -> FeedDocument:
    """A page of the feed, to read."""
    return FeedDocument(events=tuple(map(feed_entry, page.events)), next=cursor(page.next), more=page.more)


def feed_entry(found: FeedEvent) -> FeedEntry:
    """One event of the feed, as a line to read."""
    line = timeline_entry(found.sequence, found.event)
    return FeedEntry(
        cursor=cursor(found.place),
        case_id=found.case_id,
        reference=found.reference,
        declarant=found.declarant,
        sequence=line.sequence,
        at=line.at,
        event=line.event,
        agency=line.agency,
        detail=line.detail,
        words=line.words,
    )


class Feed:
    """Reads the feed of a store, and waits for news."""

    def __init__(self, store: Store, announcer: Announcer, lookout: Lookout, stopping: asyncio.Event) -> None:
        self._store = store
        self._announcer = announcer
        self._lookout = lookout
        self._stopping = stopping

    async def page(self, after: Place, limit: int, declarant: str | None, seconds: float = 0) -> FeedPage:
        """The next events after a place; where there are none, the first that come within `seconds`.

        Raises UnknownPlace, StoreUnavailable.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        with self._announcer.following_all(declarant) as bell:
            while True:
                bell.clear()
                look = partial(self._store.feed, after, limit, declarant)
                page = await self._lookout.look((after, limit, declarant), look)
                left = until - loop.time()
                if page.events or left <= 0 or self._stopping.is_set():
                    return page
                after = page.next
                if not page.more:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(left):
                            await bell.wait()

    async def end(self) -> Place:
        """The place of the newest event. Raises StoreUnavailable."""
        return await self._store.feed_end()
