"""The folder of documents on file: each file under its SHA-256, so that the same bytes are kept once.

A file comes in under a name of its own below `incoming`, is synced, and is renamed to its digest: `ab/abcd...` in
hexadecimal. What was left behind below `incoming` is removed after a while. A file under its digest is never removed:
one that nobody knows of, because the process was killed right then, is what the same bytes find when they come again.
They replace what is there, read anew, and so mend a damaged file too.

All of this waits for the disk; it is for threads. Where nothing else is said OSError is raised.
"""

import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final

from ...codecs.bounded_file import Unfit, open_regular
from ...codecs.causes import cause

PREFIX: Final = "sha256:"

FREE_BYTES_MIN: Final = 64 * 1024 * 1024
"""What the disk has to have left for a file to be begun: cases are kept on it too, and come first."""

ABANDONED_SECONDS: Final = 3600
"""Without a write for so long nobody is writing a file any more, in this process or another."""

_DIGEST: Final = re.compile(PREFIX + "[0-9a-f]{64}")
_CHUNK_BYTES: Final = 256 * 1024


class DocumentDamaged(Exception):
    """What lies under a digest are not its bytes, or nothing does; it must not be served."""

    def __init__(self, digest: str, detail: str) -> None:
        super().__init__(f"{digest}: {detail}")
        self.digest = digest
        self.detail = detail


class Incoming:
    """A file on its way in, hashed as it is written. It may be discarded while another thread still writes to it."""

    def __init__(self, folder: Path, incoming: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._hash = sha256()
        self.bytes = 0
        descriptor, name = tempfile.mkstemp(suffix=".part", dir=incoming)  # for its owner only
        self._path = Path(name)
        self._file = os.fdopen(descriptor, "wb")

    @property
    def digest(self) -> str:
        """Of what has been written so far."""
        return PREFIX + self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Write on. Raises ValueError once it is discarded."""
        with self._lock:
            self._file.write(chunk)
            self._hash.update(chunk)
            self.bytes += len(chunk)

    def keep(self) -> None:
        """Put it under its digest; when this returns it is there whatever happens to the machine."""
        with self._lock:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            place = _place(self._folder, self.digest)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            self._path.replace(place)
            # Somebody else may have made the folder, or renamed the same bytes, and not synced it yet.
            _sync(place.parent)
            _sync(self._folder)

    def discard(self) -> None:
        """Leave nothing of it below `incoming`."""
        with self._lock:
            with suppress(OSError):  # what could not be written before can't be now
                self._file.close()
            self._path.unlink(missing_ok=True)


class DocumentFolder:
    """The folder; it is made when the first file comes in, for its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._incoming = self._path / "incoming"

    def begin(self) -> Incoming:
        """A new file. Raises OSError (ENOSPC) where the disk has less than FREE_BYTES_MIN left."""
        if not self._incoming.is_dir():
            for folder in (self._path, self._incoming):
                folder.mkdir(mode=0o700, exist_ok=True)
                _sync(folder.parent)
        for path in self._incoming.glob("*.part"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                    path.unlink()
        if shutil.disk_usage(self._path).free < FREE_BYTES_MIN:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        return Incoming(self._path, self._incoming)

    def open(self, digest: str, size: int) -> BinaryIO:
        """The file under a digest, at its beginning, all of it read and found to be what its name says.

        size: its bytes. Raises DocumentDamaged.
        """
        if not _DIGEST.fullmatch(digest):
            raise DocumentDamaged(digest, "this is no digest")
        try:
            file = open_regular(_place(self._path, digest))
        except FileNotFoundError:
            raise DocumentDamaged(digest, "the file is not there") from None
        except (Unfit, IsADirectoryError) as error:
            raise DocumentDamaged(digest, f"{cause(error).en}") from None
        try:
            found = sha256()
            while file.tell() <= size and (chunk := file.read(_CHUNK_BYTES)):
                found.update(chunk)
            if PREFIX + found.hexdigest() != digest:
                raise DocumentDamaged(digest, "the file's bytes have another digest")
            if file.tell() != size:
                raise DocumentDamaged(digest, f"the file has {file.tell()} bytes, and its entry says {size}")
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file


def _place(folder: Path, digest: str) -> Path:
    name = digest.removeprefix(PREFIX)
    return folder / name[:2] / name


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
