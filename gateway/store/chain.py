"""The chain over the journal: every entry carries a digest of the entry before it and of what it brought itself.

Entries are numbered from 1 without gaps (the positions of the event feed). The digest of entry n is

    SHA-256( digest of entry n-1, 32 zero bytes before the first || the entry as MessagePack )

the entry being [case id, first sequence, last sequence, declarant, [[sequence, at, event, body], ...]]: its row of the
feed and its rows of the journal. Events name the digests of their documents, so those are held by the chain as well.

Whoever can write to the database can make the whole chain anew, and cutting entries off its end leaves a sound one.
Both show against a head, the number and digest of some entry, that was noted elsewhere.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, Self

import msgspec

BEGINNING: Final = bytes(32)
"""What stands in the place of a digest before the first entry."""

_HEAD: Final = re.compile(r"(0|[1-9][0-9]{0,18}):([0-9a-f]{64})")

_encode = msgspec.msgpack.Encoder().encode


class Head(msgspec.Struct, frozen=True):
    """The number of an entry, 0 before the first, and its digest: it stands for all entries up to it."""

    number: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.digest.hex()}"

    @classmethod
    def read(cls, text: str) -> Self:
        """A head as `str` writes it. Raises ValueError."""
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise ValueError("a head is the number of an entry, a colon, and 64 hexadecimal digits")
        return cls(int(found[1]), bytes.fromhex(found[2]))


NOTHING: Final = Head(0, BEGINNING)
"""The head of a store without entries."""


def linked(before: bytes, feed: Sequence[object], events: Iterable[Sequence[object]]) -> bytes:
    """The digest of an entry after one with digest `before`.

    `feed`: case id, first and last sequence, declarant. `events`: of each its sequence, time, name and body.
    """
    return sha256(before + _encode((*feed, list(events)))).digest()
