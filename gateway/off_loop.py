"""Work on documents that would keep the event loop from everybody else goes to a thread."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

THREAD_BYTES: Final = 128 * 1024
"""Above this size, in bytes, documents are worked on in a thread: smaller ones take less than ten milliseconds."""

T = TypeVar("T")


async def off_loop(size: int, work: Callable[[], T]) -> T:
    """What the work on so many bytes of documents gives, on the event loop or off it. Raises what `work` raises."""
    return await asyncio.to_thread(work) if size > THREAD_BYTES else work()
