"""What the window asks of the store's dead letters.

They are written by the same writer as cases are, so that one commit serves both, and each of them apart: one that can't
be written stops nothing else. A reply or an acknowledgement that is stored settles the dead letters of its message in
the same transaction.

Every engine keeps the same promises, and tests/contract/dead_letters.py holds each of them to it.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

import msgspec

from ..dead_letter import DeadLetter, LetterState


class LettersFull(Exception):
    """As many dead letters of this agency are open as are kept; this one is not."""


class LetterSearch(msgspec.Struct, frozen=True, kw_only=True):
    """Which dead letters to find, the newest first. `after` is the id of the last one of the page before."""

    agency: str | None = None
    state: str | None = None
    after: str | None = None
    limit: int = 50


class Settling(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator has done about a dead letter that stands in one of the states `of`."""

    id: str
    of: tuple[LetterState, ...]
    state: LetterState
    at: datetime
    note: str | None = None


class RawDeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter as it stands on disk; `unreadable` says why there is none to be read of its row."""

    id: str
    letter: DeadLetter | None = None
    unreadable: str | None = None


class DeadLetters(Protocol):
    """The dead letters of all agencies."""

    async def keep(self, letter: DeadLetter, body: bytes) -> None:
        """Keep one, or count the same one again; returns when it is on disk.

        One that was sent again, and has come back, is open again. Raises LettersFull, StoreUnavailable.
        """

    async def settle(self, settling: Settling) -> None:
        """Write what was done. Raises Conflict where it is not there or stands elsewhere, StoreUnavailable."""

    async def load(self, letter_id: str) -> DeadLetter | None:
        """One of them, or None. Raises RecordDamaged, StoreUnavailable."""

    async def body(self, letter_id: str) -> bytes | None:
        """The bytes that are kept of it, or None where there is no such letter. Raises StoreUnavailable."""

    async def find(self, search: LetterSearch) -> tuple[DeadLetter, ...]:
        """Those that match, the newest first; a damaged one is left out. Raises StoreUnavailable."""

    def inspect(self) -> AsyncIterator[RawDeadLetter]:
        """Every one of them by id, sound or not: for fsck. Raises StoreUnavailable."""
