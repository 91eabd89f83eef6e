"""Fsck of documents on file: every entry of the register can be read and has its file, byte for byte."""

import asyncio
from collections.abc import AsyncIterator

from .store import OnFile, Register
from .store.document_folder import DocumentDamaged, DocumentFolder


async def examined(register: Register, folder: DocumentFolder) -> AsyncIterator[tuple[str, str] | None]:
    """For each entry what is wrong with it, as fsck's code and what it is about, or None; a file is never held whole.

    Raises StoreUnavailable.
    """
    async for raw in register.inspect():
        if raw.entry is None:
            yield "entry-damaged", f"{raw.number}: {raw.unreadable}"
        else:
            yield await asyncio.to_thread(_file, raw.entry, folder)


def _file(entry: OnFile, folder: DocumentFolder) -> tuple[str, str] | None:
    try:
        folder.open(entry.digest, entry.bytes).close()
    except DocumentDamaged as damaged:
        return "file-damaged", str(damaged)
    except OSError as error:
        return "file-damaged", f"{entry.digest}: {error.strerror}"
    return None
