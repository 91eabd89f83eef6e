"""`onewindow submit --batch`: many declarations, a line each; the answers, a line each, as they come."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, aclosing, closing, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from .batch_report import Row, checked, follow, row_of, write
from .client import Client, LineAnswer
from .console import stderr, stdout, write_json
from .ending import DONE, NO, UNREACHABLE, USAGE, Stop, unreadable

CHUNK_BYTES: Final = 64 * 1024


class Tally(Struct):
    """What has come of a batch so far."""

    taken: int = 0
    again: int = 0
    refused: int = 0
    last: LineAnswer | None = None
    dry_run: bool = False
    rows: list[Row] | None = None
    since: str | None = None

    def count(self, answer: LineAnswer) -> None:
        """One answer more."""
        self.last = answer
        if not answer.last:
            refused = answer.status >= 400 or (answer.dry_run is not None and answer.dry_run.is_no)
            self.refused += refused
            self.again += answer.replay
            self.taken += not refused and not answer.replay
        if self.rows is not None:
            self.rows.append(row_of(answer))
        if answer.receipt is not None:
            at = answer.receipt.received_at.isoformat()
            self.since = at if self.since is None else min(self.since, at)

    def words(self) -> str:
        """In words, English and Chinese."""
        if self.dry_run:
            taken, refused = self.taken, self.refused
            return f"{taken} would be taken, {refused} would be refused  可受理 {taken}，不可受理 {refused}"
        return (
            f"{self.taken} taken, {self.again} taken before, {self.refused} refused  "
            f"已受理 {self.taken}，此前已受理 {self.again}，未受理 {self.refused}"
        )


def submit_batch(file: Path, url: str, *, dry_run: bool, report: Path | None, wait: float) -> int:
    """Send the lines of a file, `-` being standard input, and write the answers; the command's exit status.

    report: where to tell of each line what became of it, once it is decided or `wait` seconds have passed. Raises Stop
    where the file can't be read or is empty, and where the gateway does not answer every line.
    """
    checked(report)
    tally = Tally(dry_run=dry_run, rows=None if report is None else [])
    with opened(file) as source:
        try:
            asyncio.run(_submit(source, name_of(file), url, tally, wait))
        finally:  # of what was answered before the connection broke, too
            if report is not None and tally.rows:
                write(report, tally.rows)
    stderr().print(tally.words(), markup=False, soft_wrap=True)
    if tally.last is not None and tally.last.last:
        raise _ended(tally.last)
    return NO if tally.refused else DONE


def name_of(file: Path) -> str:
    """What the user calls a file; `-` is standard input."""
    return "stdin" if str(file) == "-" else str(file)


def opened(file: Path) -> AbstractContextManager[BinaryIO]:
    """The file, or standard input, to be read. Raises Stop where it can't be."""
    name = name_of(file)
    try:
        return nullcontext(sys.stdin.buffer) if name == "stdin" else closing(file.open("rb", buffering=0))
    except OSError as error:
        raise unreadable(name, error) from error


async def _submit(source: BinaryIO, name: str, url: str, tally: Tally, wait: float) -> None:
    async with aclosing(_chunks(source)) as chunks:
        first = await anext(chunks, None)
        if first is None:
            raise Stop(USAGE, "empty", f"{name} is empty.", f"{name} 为空。")
        async with Client(url) as client:
            async with aclosing(client.batch(_from(first, chunks), dry_run=tally.dry_run)) as lines:
                with _progress(tally) as show:
                    try:
                        async for line, answer in lines:
                            write_json(line)
                            tally.count(answer)
                            show()
                    except Stop as stop:
                        raise _cut_off(stop, tally) from stop
            if tally.rows and tally.since is not None:
                await follow(client, tally.rows, tally.since, wait)


async def _from(first: bytes, chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for chunk in chunks:
        yield chunk


async def _chunks(source: BinaryIO) -> AsyncGenerator[bytes]:
    """What there is to read, as it comes: answers are read meanwhile."""
    try:
        number = source.fileno()
    except io.UnsupportedOperation:  # something in memory
        while chunk := source.read(CHUNK_BYTES):
            yield chunk
        return
    while True:
        await _readable(number)
        chunk = os.read(number, CHUNK_BYTES)
        if not chunk:
            return
        yield chunk


async def _readable(number: int) -> None:
    """Returns when there is something to read, or the end; at once of a file on disk, which always has either."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(number, ready.set)
    except (OSError, RuntimeError):  # the latter on Windows, whose loop waits for no files
        return
    try:
        await ready.wait()
    finally:
        loop.remove_reader(number)


@contextmanager
def _progress(tally: Tally) -> Iterator[Callable[[], None]]:
    """Gives what shows the tally as it stands: on a terminal, where answers do not go there too."""
    if not stderr().is_terminal or stdout().is_terminal:
        yield lambda: None
        return
    with stderr().status("") as status:
        yield lambda: status.update(tally.words())


def _ended(last: LineAnswer) -> Stop:
    """What to say of a batch that the gateway could not read to its end."""
    return Stop(
        UNREACHABLE,
        "batch-ended",
        f"The gateway ended the batch at line {last.line} (its answer says why); send it again from there.",
        f"网关在第 {last.line} 行中止了本批提交（原因见该行结果），请从该行起重新提交。",
    )


def _cut_off(stop: Stop, tally: Tally) -> Stop:
    """What to say of a connection that broke in between; a batch that was not begun is another matter."""
    if tally.last is None:
        return stop
    line = tally.last.line
    return Stop(
        UNREACHABLE,
        "batch-cut-off",
        f"The connection broke after the answer to line {line}. Send the batch again: what was taken is no new case.",
        f"连接在第 {line} 行结果之后中断。请重新提交整批，已受理的申报单不会重复建立办件。",
    )
