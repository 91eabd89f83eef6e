"""What libxml2 keeps of the documents that a thread parses, let go of: no document marks the next.

lxml has one dictionary for each thread, in which libxml2 keeps every name, prefix, namespace and short text of every
document that is parsed there. It grows for as long as the thread lives, and once it is full, a document with a name
that is not in it can't be parsed in that thread any more, however right it is. lxml has no call to let go of it; but it
keeps it in the thread's own dictionary of Python, and makes a new one where none is there.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from lxml import etree

REMEMBERED_BYTES_MAX: Final = 1024 * 1024
"""Bytes of documents of which a thread's dictionary may hold names. Far fewer, and valid documents would pay for it."""

_LXML_KEY: Final = "_ParserDictionaryContext"

_held_by_thread: Final = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThreadState_GetDict", ctypes.pythonapi))
"""The address of the thread's dictionary of Python. ctypes would take an object for a new reference, which it isn't."""


def forget() -> None:
    """Let go of the names, and of the log of errors, of all that this thread has parsed.

    A tree that is still in use keeps its own names for as long as it is there.
    """
    held: dict[str, object] = ctypes.cast(_held_by_thread(), ctypes.py_object).value
    held.pop(_LXML_KEY, None)
    etree.clear_error_log()


@contextmanager
def apart() -> Iterator[None]:
    """What is parsed here is kept, such as a schema: it shares its names with no document before or after it."""
    forget()
    try:
        yield
    finally:
        forget()
