"""Work on documents that would keep the event loop from everybody else goes to a thread.

How long it takes hangs on the number of a document's elements, attributes and values more than on its bytes, and most
of all on whether it has mistakes that are to be explained.
"""

import asyncio
import ctypes
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Final, TypeVar

from ..codecs.explaining import Unexplained, elsewhere

THREAD_BYTES: Final = 128 * 1024
"""Above this size, in bytes, documents are worked on in a thread: smaller ones take less than ten milliseconds."""

THREAD_MARK_COUNT: Final = 8192
"""So do smaller ones that have no more of the marks with which elements, attributes and values begin; a declaration of
THREAD_BYTES has some five thousand."""

THREADS: Final = 2
"""At work at one time: the loop waits for its turn behind each of them, five milliseconds at a time."""

GIVEN_BACK_BYTES: Final = 1024 * 1024
"""Above this size, in bytes, what a document took of memory is given back at once: it was a hundred times as much."""

_MARKS: Final = (b"<", b"=", b",", b"{", b"[")

T = TypeVar("T")

_threads: Final = ThreadPoolExecutor(THREADS, thread_name_prefix="onewindow-reader")


async def off_loop(size: int, work: Callable[[], T]) -> T:
    """What the work on so many bytes of documents of our own gives, on the event loop or off it. Raises as `work`."""
    return await _in_thread(work) if size > THREAD_BYTES else work()


async def read_off_loop(body: bytes, work: Callable[[], T]) -> T:
    """What `work` makes of somebody's document, on the event loop or off it. Raises what `work` raises.

    Work on a document with mistakes is broken off and done again in a thread, so nothing may come of half of it.
    """
    if _is_light(body):
        try:
            with elsewhere():
                return work()
        except Unexplained:
            pass
    try:
        return await _in_thread(work)
    finally:
        if len(body) > GIVEN_BACK_BYTES:
            await _in_thread(give_back)


def _is_light(body: bytes) -> bool:
    if len(body) <= THREAD_MARK_COUNT:
        return True
    return len(body) <= THREAD_BYTES and sum(map(body.count, _MARKS)) <= THREAD_MARK_COUNT


def give_back() -> None:
    """Have the allocator give back what is free: glibc keeps nearly all of it, for each thread."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, partial(copy_context().run, work))
