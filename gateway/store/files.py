"""The files of a store: whether those that are open are still those that the next start would find.

A file that was deleted or replaced stays open for whoever has it, and a commit into it succeeds; all of it is lost
with the process. So the names are compared with what was opened, before a commit and before anything is promised of it.

Nor does SQLite notice a log that was cut short under it: it writes on where it believes the end to be, and the next
start finds a log without its beginning and throws it away. So the log's size and its header (32 bytes, which SQLite
writes anew whenever it begins the log anew) are looked at as well, before and after each commit. What this does not
notice: a log that was cut behind its header and written to again between two looks, and bytes that were changed in a
file that kept its size; for those every page would have to be read. fsck reads them.
"""

import os
from pathlib import Path
from threading import Lock

from .store import StoreUnavailable

LOGS = ("-wal", "-shm")
"""What SQLite adds to a database's name for the log and its index: they are there as long as anybody has it open."""

_HEADER_BYTES = 32
_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""How a log begins (https://www.sqlite.org/fileformat.html#the_write_ahead_log)."""


class Files:
    """What a database and its log were when they were opened, by device and inode number, and how far they had come."""

    def __init__(self, database: Path) -> None:
        """Called while the database is open. Raises StoreUnavailable where a file is not there any more."""
        # SQLite follows links to the database and has the log beside what they lead to.
        real = Path(os.path.realpath(database))
        self._database = str(database.absolute())
        self.folder = real.parent
        self._log, index = (str(real.with_name(real.name + suffix)) for suffix in LOGS)
        self._opened = {path: _identity(_status(path)) for path in (self._database, self._log, index)}
        # Never a descriptor of the database or of the index: to close one lets go of the locks that SQLite has on it.
        self._descriptor = os.open(self._log, os.O_RDONLY)
        self._database_bytes = self._log_bytes = 0
        self._header = b""
        self._lost: str | None = None
        self._lock = Lock()

    def check(self) -> None:
        """Raises StoreUnavailable once a file was deleted, replaced or cut short, and from then on for ever."""
        with self._lock:  # two threads that look at once would hold an older size against a newer one
            if self._lost is None:
                self._lost = self._changed()
        if self._lost is not None:
            raise StoreUnavailable(self._lost)

    def _changed(self) -> str | None:
        sizes = {}
        for path, opened in self._opened.items():
            try:
                found = _status(path)
            except StoreUnavailable as error:
                return str(error)
            if _identity(found) != opened:
                return f"{path} was replaced while it was open; restart on the file that is right"
            sizes[path] = found.st_size
        return self._cut(sizes[self._database], sizes[self._log])

    def _cut(self, database_bytes: int, log_bytes: int) -> str | None:
        """A database never shrinks, nor does a log, but to nothing: whoever empties it in order begins it anew."""
        header = os.pread(self._descriptor, _HEADER_BYTES, 0)
        headless = log_bytes > 0 and not header.startswith(_MAGIC)
        if headless or (header == self._header and log_bytes < self._log_bytes):
            return f"{self._log} was cut short while it was open; what was in it is lost"
        if database_bytes < self._database_bytes:
            return f"{self._database} was cut short while it was open; restart on a file that is whole"
        self._header, self._log_bytes, self._database_bytes = header, log_bytes, database_bytes
        return None

    def close(self) -> None:
        """Let go of the log; a second time does nothing, the number may be another file's by then."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _status(path: str) -> os.stat_result:
    try:
        return os.stat(path)  # noqa: PTH116 - three of them at each commit: a Path would cost more than the call
    except OSError as error:
        raise StoreUnavailable(f"{path} was removed while it was open: {error.strerror}") from error


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
