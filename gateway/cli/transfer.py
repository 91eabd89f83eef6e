"""Documents on their way to and from the gateway, a piece at a time, with a bar where one has to wait."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from ...codecs.bounded_file import open_regular
from ...codecs.causes import cause
from .console import stderr
from .ending import NO, USAGE, Stop, unreadable

CHUNK_BYTES: Final = 256 * 1024

SHOWN_BYTES: Final = 1024 * 1024
"""Documents above this size are shown a bar: smaller ones are there before one sees it."""

Advance = Callable[[int], None]


class Outgoing(Struct, frozen=True):
    """A document to be sent; `size` in bytes."""

    digest: str
    size: int
    file: BinaryIO
    advance: Advance

    async def chunks(self) -> AsyncIterator[bytes]:
        """All of it."""
        while chunk := await asyncio.to_thread(self.file.read, CHUNK_BYTES):
            yield chunk
            self.advance(len(chunk))


@contextmanager
def sending(path: Path, *, quiet: bool) -> Iterator[Outgoing]:
    """A file to be sent. Raises Stop where it can't be read or is empty."""
    try:
        file = open_regular(path)  # a pipe could not be read twice, and a device has no end
        with file:
            found = sha256()
            size = 0
            while chunk := file.read(CHUNK_BYTES):
                found.update(chunk)
                size += len(chunk)
            if not size:
                raise Stop(USAGE, "empty", f"{path} is empty.", f"{path} 为空。")
            file.seek(0)
            with _bar(str(path), size, quiet=quiet) as (advance, _):
                yield Outgoing(f"sha256:{found.hexdigest()}", size, file, advance)
    except OSError as error:
        raise unreadable(str(path), error) from error


class Incoming:
    """A document that is being received."""

    def __init__(self, file: BinaryIO, advance: Advance, expect: Advance) -> None:
        self.size = 0
        self.expect = expect
        self._file = file
        self._advance = advance
        self._found = sha256()

    @property
    def digest(self) -> str:
        """Of what has come so far."""
        return f"sha256:{self._found.hexdigest()}"

    async def take(self, chunk: bytes) -> None:
        """Write on."""
        self._found.update(chunk)
        self.size += len(chunk)
        await asyncio.to_thread(self._file.write, chunk)
        self._advance(len(chunk))


@contextmanager
def receiving(path: Path, digest: str, *, quiet: bool) -> Iterator[Incoming]:
    """A file to be received; it is there in the end if the bytes are right, and else as it was before.

    Raises Stop where it can't be written, or where the bytes are not those of the digest.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file, _bar(str(path), None, quiet=quiet) as (advance, expect):
                incoming = Incoming(file, advance, expect)
                yield incoming
            if incoming.digest != digest:
                en, zh = (
                    f"The bytes that came have the digest {incoming.digest}.",
                    f"收到的文件摘要为 {incoming.digest}。",
                )
                raise Stop(NO, "digest-mismatch", en, zh)
            Path(name).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
    except OSError as error:
        why = cause(error)
        raise Stop(NO, "not-written", f"{path} can't be written: {why.en}.", f"无法写入 {path}：{why.zh}。") from error


@contextmanager
def _bar(name: str, size: int | None, *, quiet: bool) -> Iterator[tuple[Advance, Advance]]:
    """Two functions: one is told of bytes that have gone by, one how many there will be."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=stderr(), transient=True, disable=quiet or not stderr().is_terminal) as progress:
        task = progress.add_task(name, total=size, visible=size is not None and size > SHOWN_BYTES)

        def advance(count: int) -> None:
            progress.advance(task, count)

        def expect(count: int) -> None:
            progress.update(task, total=count, visible=count > SHOWN_BYTES)

        yield advance, expect
