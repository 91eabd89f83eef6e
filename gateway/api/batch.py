"""Batches: one declaration a line in, one answer a line out, in the same order and both ways as it comes.

What is held of a batch is bounded: so many lines, so many bytes. While that much is in work nothing more is read, so a
client that sends faster than agencies work, or reads slower than it sends, is slowed down and holds up nobody else.
"""

import asyncio
from functools import partial
from typing import Final

import msgspec
import structlog
from aiohttp import web

from ..dry_run import DryRun
from ..receipt import ReceiptEnvelope, receipt_json
from ..seal import Unsealed
from ..submission import NotServing
from . import body
from .context import LIMITS, PARAMETERS, UPLOADS, WINDOW
from .failure import problem_of
from .lines import Line, Lines
from .negotiation import JSON, NDJSON
from .problem import Problem

log = structlog.get_logger("onewindow.api")

_ENCODE: Final = msgspec.json.Encoder(decimal_format="string").encode


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of one line.

    status: that of the answer if the declaration had come alone. dry_run: what would become of it, where that was asked
    for. replay: it had been submitted before. last: the batch
    ends here, and neither this line nor what follows it was read to its end; without it a batch ends where the body
    does.
    """

    line: int
    status: int
    receipt: ReceiptEnvelope | None = None
    replay: bool = False
    dry_run: DryRun | None = None
    problem: Problem | None = None
    last: bool = False


async def batch(request: web.Request) -> web.StreamResponse:
    """Take declarations over, a line each, and answer each as soon as those before it are answered."""
    body.media_type(request, (NDJSON,))
    body.check_exists(request)
    if request.app[WINDOW].stopping:
        raise NotServing("stopping", 5)
    await body.ask_for(request)
    stream = web.StreamResponse(headers={"Content-Type": NDJSON, "X-Accel-Buffering": "no"})
    await stream.prepare(request)
    try:
        await _Batch(request, stream).run()
    except* ConnectionError:
        log.info("batch cut off by its client", path=request.rel_url.raw_path)
    return stream


class _Batch:
    """One batch: reads ahead of what it answers, as far as the limits let it."""

    def __init__(self, request: web.Request, stream: web.StreamResponse) -> None:
        app = request.app
        self._request = request
        self._stream = stream
        self._window = app[WINDOW]
        self._limits = app[LIMITS]
        self._is_dry_run = request[PARAMETERS].get("dry_run", False)
        self._uploads = app[UPLOADS]
        self._bytes_max = self._window.config.gateway.max_body
        self._lines = Lines(request, self._bytes_max, self._limits, self._uploads)
        self._ahead: asyncio.Queue[asyncio.Task[BatchAnswer] | BatchAnswer | None]
        self._ahead = asyncio.Queue(self._limits.batch_lines_inflight_max)
        self._bytes = 0
        self._landed = asyncio.Event()

    async def run(self) -> None:
        """Answer every line, until the body ends or can't be read on. Raises a group of ConnectionError."""
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._read(group))
            await self._write()
            reading.cancel()

    async def _read(self, group: asyncio.TaskGroup) -> None:
        """Take line after line, each as a task of its own, so that one commit holds many of them."""
        while True:
            try:
                line = await self._lines.next()
            except ConnectionError:
                raise
            except Exception as error:  # noqa: BLE001 - the batch ends here, and its client is told why
                await self._ahead.put(self._problem(self._lines.number, error, last=True))
                return
            if line is None:
                await self._ahead.put(None)
                return
            size = len(line.body or b"")
            await self._board(size)
            task = group.create_task(self._answer(line))
            task.add_done_callback(partial(self._land, size))
            await self._ahead.put(task)
            await asyncio.sleep(0)  # others have their turn between any two lines

    async def _board(self, size: int) -> None:
        while self._bytes and self._bytes + size > self._limits.batch_bytes_inflight_max:
            self._landed.clear()
            await self._landed.wait()
        self._bytes += size
        self._uploads.hold(size)

    def _land(self, size: int, _: asyncio.Task[BatchAnswer]) -> None:
        self._bytes -= size
        self._uploads.release(size)
        self._landed.set()

    async def _answer(self, line: Line) -> BatchAnswer:
        try:
            if line.body is None:
                raise body.too_large(self._bytes_max, None)
            if self._is_dry_run:
                found = await self._window.dry_run(line.body, JSON)
                return BatchAnswer(line=line.number, status=200, dry_run=found)
            submission = await self._window.submit(line.body, JSON, patient=True)
            receipt = receipt_json(submission.receipt.body)
            return BatchAnswer(line=line.number, status=202, receipt=receipt, replay=submission.replay)
        except Exception as error:  # noqa: BLE001 - a line that fails is one answer, whatever it fails of
            stopping = isinstance(error, NotServing) and error.code == "stopping"
            return self._problem(line.number, error, last=stopping or isinstance(error, Unsealed))

    def _problem(self, number: int, error: Exception, *, last: bool) -> BatchAnswer:
        problem = problem_of(error, f"{self._request.rel_url.raw_path}#{number}", in_json=True)
        return BatchAnswer(line=number, status=problem.status, problem=problem, last=last)

    async def _write(self) -> None:
        while (ahead := await self._ahead.get()) is not None:
            answer = ahead if isinstance(ahead, BatchAnswer) else await ahead
            try:
                async with asyncio.timeout(self._limits.unread_seconds_max):
                    await self._stream.write(_ENCODE(answer) + b"\n")
            except TimeoutError:
                if self._request.transport is not None:
                    self._request.transport.abort()
                raise ConnectionResetError("the answers are not read") from None
            if answer.last:
                return
