"""Documents on file: taken in as a stream, kept by digest, and there for later declarations to refer to.

The order is what makes them safe: the file is on disk under its digest, then its entry is in the register, then the
sender hears of it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import BinaryIO, Final, TypeVar

import msgspec

from ..codecs.finding import Finding
from ..codecs.messages.codes import DocumentType
from ..codecs.messages.declaration import Declaration
from .config import Config
from .crash_point import crash_point
from .document_reuse import Reference, findings, parties, references
from .store import OnFile, Register, StoreUnavailable
from .store.document_folder import DocumentFolder, Incoming

CHUNK_BYTES: Final = 256 * 1024
"""Bytes written or read in one turn of a thread: what a document on its way takes of memory."""

THREADS: Final = 4
"""Documents that are written to disk, or read from it, at the same moment."""

T = TypeVar("T")


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner says of a document that it puts on file; see OnFile."""

    owner: str
    type_code: DocumentType
    id: str
    media_type: str
    expires_at: datetime | None = None
    shared_with: tuple[str, ...] = ()


class _Disk:
    """Threads that wait for the disk; what goes wrong there is that the store is not available."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="onewindow-documents")

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *arguments))
        except OSError as error:
            raise StoreUnavailable(f"documents on file: {error.strerror}") from error

    def close(self) -> None:
        """Take no more work; threads end when they have done what they have."""
        self._threads.shutdown(wait=False)


class Arriving:
    """A document on its way in."""

    def __init__(self, incoming: Incoming, disk: _Disk) -> None:
        self._incoming = incoming
        self._disk = disk
        self._held = bytearray()

    async def take(self, chunk: bytes) -> None:
        """Write on. Raises StoreUnavailable."""
        self._held += chunk
        if len(self._held) >= CHUNK_BYTES:
            await self._write()

    async def end(self) -> str:
        """All of it is there; its digest. Raises StoreUnavailable."""
        await self._write()
        return self._incoming.digest

    async def keep(self) -> tuple[str, int]:
        """Put it under its digest; that, and its bytes, once it is on disk. Raises StoreUnavailable."""
        await self._disk.run(self._incoming.keep)
        return self._incoming.digest, self._incoming.bytes

    async def _write(self) -> None:
        held, self._held = bytes(self._held), bytearray()
        await self._disk.run(self._incoming.write, held)


class DocumentsOnFile:
    """The documents on file of one window: their folder and their register."""

    def __init__(self, config: Config, register: Register, clock: Callable[[], datetime]) -> None:
        self.register = register
        self._required = config.documents.required_on_file
        self._folder = DocumentFolder(config.documents_folder)
        self._clock = clock
        self._disk = _Disk()

    @asynccontextmanager
    async def arriving(self) -> AsyncIterator[Arriving]:
        """A document comes in; unless it is kept nothing is left of it. Raises StoreUnavailable."""
        incoming = await self._disk.run(self._folder.begin)
        try:
            yield Arriving(incoming, self._disk)
        finally:
            await asyncio.shield(self._disk.run(incoming.discard))

    async def keep(self, arrived: Arriving, stated: Statement) -> tuple[OnFile, bool]:
        """Keep a document that has come in whole; its entry when it is on disk, and whether that is new.

        Raises StoreUnavailable.
        """
        digest, size = await arrived.keep()
        crash_point("document-written")
        entry = OnFile(digest=digest, bytes=size, received_at=self._clock(), **msgspec.structs.asdict(stated))
        kept = await self.register.put(entry)
        crash_point("document-entered")
        return kept

    @asynccontextmanager
    async def reading(self, entry: OnFile) -> AsyncIterator[AsyncGenerator[bytes]]:
        """The bytes of a document, all of which have been found to be right before the first is given.

        Raises DocumentDamaged or StoreUnavailable.
        """
        file = await self._disk.run(self._folder.open, entry.digest, entry.bytes)
        try:
            yield self._chunks(file)
        finally:
            await asyncio.shield(self._disk.run(file.close))

    async def _chunks(self, file: BinaryIO) -> AsyncGenerator[bytes]:
        while chunk := await self._disk.run(file.read, CHUNK_BYTES):
            yield chunk

    def close(self) -> None:
        """Let go of the threads."""
        self._disk.close()

    async def referred(self, references: Collection[Reference]) -> tuple[OnFile, ...]:
        """The entries of all files that are referred to, whoever's. Raises StoreUnavailable."""
        return await self.register.of({each.digest for each in references}) if references else ()

    def wrong(
        self, references: Collection[Reference], declaration: Declaration, on_file: Sequence[OnFile]
    ) -> tuple[Finding, ...]:
        """What is wrong with a declaration's references to documents on file; `on_file` as `referred` found them."""
        return findings(references, parties(declaration), on_file, self._clock(), required=self._required)

    async def findings(self, declaration: Declaration) -> tuple[Finding, ...]:
        """What is wrong with all that a declaration refers to. Raises StoreUnavailable."""
        referred = references(declaration)
        return self.wrong(referred, declaration, await self.referred(referred))
