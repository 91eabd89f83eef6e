"""What the window asks of the register of documents on file: who put which file there, as what, and for whom.

The files themselves lie in a folder (`document_folder`). An entry is put once its file is on disk and not before, so
that an entry without its file is damage and a file without an entry is litter.

Every engine keeps the same promises, and tests/contract/register.py holds each of them to it.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Annotated, Protocol

import msgspec

from ...codecs.messages.codes import DocumentType

Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class OnFile(msgspec.Struct, frozen=True, kw_only=True):
    """One document on file, as its owner states it; a file is on file once for each owner and type that it is of.

    number: its place in the register, from 1; 0 as long as it has none. digest: of the file, as in AdditionalDocument.
    owner, shared_with: party identifiers. id: the document's own number. bytes: the file's size. expires_at: until when
    the document holds, None for ever.
    """

    number: int = 0
    digest: str
    owner: str
    type_code: DocumentType
    id: str
    media_type: str
    bytes: int
    received_at: Aware
    expires_at: Aware | None = None
    shared_with: tuple[str, ...] = ()


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries to find, newest first. `after` is the number of the last entry of the page before."""

    owner: str | None = None
    digest: str | None = None
    after: int | None = None
    limit: int = 50


class RawOnFile(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it stands on disk; `unreadable` says why there is none to be read of it."""

    number: int
    entry: OnFile | None = None
    unreadable: str | None = None


class Register(Protocol):
    """The register of documents on file."""

    async def put(self, entry: OnFile) -> tuple[OnFile, bool]:
        """Keep an entry; returns it as it is kept, with its number, when it is on disk, and whether it is new.

        Of an entry that is there already, by owner, digest and type, number and received_at stay; all else is as it was
        stated last. Raises StoreUnavailable.
        """

    async def of(self, digests: Collection[str]) -> tuple[OnFile, ...]:
        """The entries of all these files, by number; a damaged one is left out. Raises StoreUnavailable."""

    async def find(self, search: Search) -> tuple[OnFile, ...]:
        """The entries that match, newest first; a damaged one is left out. Raises StoreUnavailable."""

    def inspect(self) -> AsyncIterator[RawOnFile]:
        """Every entry by number, sound or not: for fsck. Raises StoreUnavailable."""
