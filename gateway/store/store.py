"""What the window asks of a store: cases with their journals, the feed of all events, and webhooks.

Every engine keeps the same promises, and tests/contract/store.py holds each of them to it:

* `append` returns when the entry is on disk, whole or not at all: events, snapshot and documents together.
* Of two entries that continue the same case at the same sequence one is refused with Conflict.
* Of two cases with the same declarant and reference the second is refused with ReferenceTaken.
* Documents are kept byte for byte as they were given.
* The feed has every event of every entry, in the order in which entries were committed: whoever has read up to some
  place never finds a new event before it.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from ..case import Case
from ..events import Event
from ..place import Place
from ..webhook import Subscription
from .dead_letters import DeadLetters
from .register import Register


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes of a case under a name: `declaration/1`, `receipt`, `message/tax/1`, `reply/tax/1`, `response`."""

    name: str
    media_type: str
    body: bytes


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a case: the case as it is after `events`, and the documents that came with them.

    `case.sequence` counts the events applied, so the entry continues sequence `case.sequence - len(events)`.
    """

    case: Case
    events: tuple[Event, ...]
    documents: tuple[Document, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it is kept: snapshot, journal in order (the first event has sequence 1), the documents asked for."""

    case: Case
    events: tuple[Event, ...]
    documents: Mapping[str, Document]

    @property
    def document_bytes(self) -> int:
        """The size of the documents that were asked for."""
        return sum(len(document.body) for document in self.documents.values())


class RawEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A journal row as it stands on disk, not yet read as an event."""

    sequence: int
    at: str
    event: str
    body: bytes


class RawPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the feed as it stands on disk: the events that one entry brought, and whose case it is said to be."""

    position: int
    first_sequence: int
    last_sequence: int
    declarant: str


class RawRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything kept under one case id as it stands on disk, sound or not.

    `snapshot` is None where journal, feed or documents belong to a case that is not there; `indexed` holds the columns
    that `find` and `outstanding` go by, under the names of the Case's fields; `feed` is in the order of positions;
    `unreadable` says why a row can't be read.
    """

    case_id: str
    snapshot: bytes | None = None
    indexed: Mapping[str, str | int | None] = {}
    journal: tuple[RawEvent, ...] = ()
    feed: tuple[RawPlace, ...] = ()
    documents: tuple[Document, ...] = ()
    unreadable: str | None = None


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases to find, newest first. `after` is the id of the last case of the page before.

    `received_from` is part of the range, `received_to` is not.
    """

    declarant: str | None = None
    reference: str | None = None
    status: str | None = None
    outcome: str | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    after: str | None = None
    limit: int = 50


class FeedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the feed; `sequence` is its number in its case."""

    place: Place
    case_id: str
    reference: str
    declarant: str
    sequence: int
    event: Event


class FeedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Events of the feed in order, and where to go on.

    A page may have fewer events than were asked for, and none, though there are more: `more` tells.
    """

    events: tuple[FeedEvent, ...]
    next: Place
    more: bool


class Link(msgspec.Struct, frozen=True):
    """An entry of the chain: its number, the digest that is kept with it, and whether it is that of what is there.

    `sound` is None where the entry before is missing, and it can't be told.
    """

    number: int
    case_id: str
    digest: bytes
    sound: bool | None


class Conflict(Exception):
    """Another writer continued this case, or changed this subscription, first: load it and decide again."""


class UnknownPlace(Exception):
    """The feed does not reach as far as that place: it is another store's, or this one has lost its end."""


class ReferenceTaken(Exception):
    """The declarant has used this reference: `case_id` is the case that has it."""

    def __init__(self, case_id: str) -> None:
        super().__init__(case_id)
        self.case_id = case_id


class StoreUnavailable(Exception):
    """The store can't write or read just now (full, locked, gone), and trying later may help.

    Nothing is promised and nothing is half kept. Where the disk failed in the commit itself the entry may turn out to
    be kept whole after all, so whoever tries again loads first, or meets Conflict or ReferenceTaken.
    """


class RecordDamaged(Exception):
    """What is on disk of this case is not what was written; it must not be served. `onewindow fsck` says more."""

    def __init__(self, case_id: str, detail: str) -> None:
        super().__init__(f"{case_id}: {detail}")
        self.case_id = case_id
        self.detail = detail


class UnsafeStore(Exception):
    """The store can't keep its promise with these settings; the gateway does not start. `code` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


Names = Callable[[Case], Iterable[str]]
"""Names documents of a case."""


def no_names(_: Case) -> tuple[str, ...]:
    """Names none."""
    return ()


class Store(Protocol):
    """The record of all cases; `documents` is the register of documents on file, which belong to no case."""

    documents: Register
    dead_letters: DeadLetters

    async def append(self, entry: Entry) -> None:
        """Keep one step of a case; returns when it is on disk.

        Raises Conflict, ReferenceTaken (first step of a case only) or StoreUnavailable; ValueError for an entry
        without events, and for a document under a name that the case has used. A caller that is cancelled while it
        waits can't take the entry back: it may be kept or not, and loading the case tells.
        """

    async def load(self, case_id: str, *documents: str, of: Names = no_names) -> Record | None:
        """A case with its journal and the documents named (those that exist), or None; all as of one moment.

        `of` names more of them once the case is known: who names them from what he saw before sees another case where
        it has gone on, and could load for ever. It is called on a thread.

        Raises StoreUnavailable, and RecordDamaged where the journal does not replay to the snapshot.
        """

    def outstanding(self) -> AsyncIterator[Case]:
        """Every unfinished case, oldest first; a damaged one is left out. Raises StoreUnavailable."""

    async def find(self, query: Query) -> tuple[Case, ...]:
        """The cases that match, newest first; a damaged one is left out. Raises StoreUnavailable."""

    async def count_open(self) -> Mapping[str, int]:
        """The number of cases that are not decided, by status; those that have none are left out.

        Raises StoreUnavailable.
        """

    def received(self, start: datetime, end: datetime) -> AsyncIterator[tuple[Case, ...]]:
        """Every case received at `start` or later and before `end`, oldest first, in pages; a damaged one is left out.

        It goes by the time in the cases' ids, and so walks past no others. Raises StoreUnavailable.
        """

    async def adopt(self, authority: str, file: Path) -> None:
        """Keep the fingerprint of the authority that signs from here on, and note each new head in a file.

        Where the file can't be written the log says so. Raises StoreUnavailable.
        """

    def links(self) -> AsyncIterator[Link]:
        """Every entry in the order of numbers, as the chain has it. Raises StoreUnavailable."""

    async def feed(self, after: Place, limit: int, declarant: str | None = None) -> FeedPage:
        """The events after a place, of all cases or of a declarant's; one that is damaged is left out.

        Raises UnknownPlace, StoreUnavailable.
        """

    async def feed_end(self) -> Place:
        """The place of the newest event. Raises StoreUnavailable."""

    async def keep_webhook(self, subscription: Subscription) -> None:
        """Keep a subscription; returns when it is on disk. Version 1 begins one, each next version replaces the last.

        Raises Conflict where the version before it is not what is there, StoreUnavailable.
        """

    async def drop_webhook(self, subscription: Subscription) -> None:
        """Keep a subscription no longer. Raises Conflict where it is not of this version any more, StoreUnavailable."""

    async def webhooks(self) -> tuple[Subscription | RecordDamaged, ...]:
        """Every subscription by id, or what is wrong with it. Raises StoreUnavailable."""

    def inspect(self) -> AsyncIterator[RawRecord]:
        """All that is kept, by case id, unread and unjudged: for fsck. Raises StoreUnavailable."""

    async def damage(self) -> tuple[str, ...]:
        """What the engine's own check of its files finds wrong; empty where all is well. Raises StoreUnavailable."""

    async def probe(self) -> None:
        """Whether a step would be kept just now, told without reading a case. Raises StoreUnavailable."""

    async def close(self) -> None:
        """Commit what is waiting, then let go of files and connections."""
