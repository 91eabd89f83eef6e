"""The files of a store: whether those that are open are still those that the next start would find.

A file that was deleted or replaced stays open for whoever has it, and a commit into it succeeds; all of it is lost
with the process. So the names are compared with what was opened, before a commit and before anything is promised of it.
"""

import os
from pathlib import Path

from .store import StoreUnavailable

LOGS = ("-wal", "-shm")
"""What SQLite adds to a database's name for the log and its index: they are there as long as anybody has it open."""

_Identity = tuple[int, int]


class Files:
    """What a database and its log were when they were opened, by device and inode number."""

    def __init__(self, database: Path) -> None:
        """Called while the database is open. Raises StoreUnavailable where a file is not there any more."""
        # SQLite follows links to the database and has the log beside what they lead to.
        real = Path(os.path.realpath(database))
        self._opened = {
            str(path): _identity(str(path))
            for path in (database.absolute(), *(real.with_name(real.name + suffix) for suffix in LOGS))
        }
        self._lost: str | None = None

    def check(self) -> None:
        """Raises StoreUnavailable once a file has been deleted or replaced, and from then on for ever."""
        if self._lost is None:
            self._lost = self._changed()
        if self._lost is not None:
            raise StoreUnavailable(self._lost)

    def _changed(self) -> str | None:
        for path, opened in self._opened.items():
            try:
                if _identity(path) != opened:
                    return f"{path} was replaced while it was open; restart on the file that is right"
            except StoreUnavailable as error:
                return str(error)
        return None


def _identity(path: str) -> _Identity:
    try:
        found = os.stat(path)  # noqa: PTH116 - three of them at each commit: a Path would cost more than the call
    except OSError as error:
        raise StoreUnavailable(f"{path} was removed while it was open: {error.strerror}") from error
    return found.st_dev, found.st_ino
