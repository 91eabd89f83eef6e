"""The head of a store noted outside of it: which store it is, and the number and digest of its newest entry.

It is kept with the keys, so that each half knows the other: a store that was deleted, cut short, replaced by an older
copy or left without its log does not start as if nothing had been. It is written after each commit and not synced then:
what a power failure leaves of it may be older than the store, never newer.
"""

import os
import re
from pathlib import Path
from typing import Final

import msgspec

from .chain import Head

_LINES: Final = re.compile(r"store ([0-9a-f]{32})\nhead +([0-9]+):([0-9a-f]{64})\n")


class Noted(msgspec.Struct, frozen=True):
    """What a head file says. `head` is None where the file can't be read as one."""

    store: str
    head: Head | None


def noted(path: Path) -> Noted | None:
    """What the file says, None where there is none. Raises OSError."""
    try:
        with path.open("rb") as file:
            content = file.read(1024)
    except FileNotFoundError:
        return None
    found = _LINES.match(content.decode("ascii", errors="replace"))
    return Noted("", None) if found is None else Noted(found[1], Head(int(found[2]), bytes.fromhex(found[3])))


class HeadFile:
    """A head file of a store that is open. Raises OSError where it can't be made."""

    def __init__(self, path: Path, store: str, head: Head) -> None:
        self._store = store
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        self.note(head)
        os.fsync(self._descriptor)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def note(self, head: Head) -> None:
        """Note a newer head, in place: always as many bytes. Raises OSError."""
        line = f"store {self._store}\nhead {head.number:>20}:{head.digest.hex()}\n"
        os.pwrite(self._descriptor, line.encode(), 0)

    def close(self) -> None:
        """Let go of the file; a second time does nothing, the number may be another file's by then."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
