"""Reading files that somebody else names: never more than a limit, never waiting where there is no file.

A name may stand for a device that has no end or a pipe that nobody writes to. What is meant as one document may come
through a pipe, which is how shells hand on `<(...)`, and is read up to its limit; where the name was found in a folder,
or is opened again later, it has to be a regular file. Every failure is an OSError, for `causes.cause` to say in words.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from .finding import Text

SETTINGS_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of a file that is read once and holds settings: configuration, certificates, lists of withdrawn ones."""


class Unfit(OSError):
    """A file that is not read, for a reason of ours; `words` say why, as the rest of a sentence."""

    def __init__(self, number: int, words: Text, file: Path) -> None:
        super().__init__(number, words.en, str(file))
        self.words = words


def read_file(file: Path, bytes_max: int) -> bytes:
    """All of a file. Raises OSError; Unfit where it has more than `bytes_max` bytes, of which one too many is read."""
    with file.open("rb") as stream:
        content = read_stream(stream, bytes_max)
    if len(content) > bytes_max:
        raise too_large(file, bytes_max)
    return content


def read_stream(stream: BinaryIO, bytes_max: int) -> bytes:
    """What there is to read; of more than `bytes_max` bytes one too many, so that the caller sees it is too much."""
    return stream.read(bytes_max + 1)


def open_regular(file: Path) -> BinaryIO:
    """A regular file, open for reading. Raises OSError; Unfit where the name stands for something else.

    A pipe is not waited for: it would be until somebody writes to it, which no signal to this process would end.
    """
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
        if not stat.S_ISREG(mode):
            raise Unfit(errno.EINVAL, Text("it is not a regular file", "不是普通文件"), file)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def check_regular(file: Path, bytes_max: int) -> None:
    """That a library which opens the name by itself will find a regular file of at most `bytes_max` bytes there.

    Raises OSError; Unfit where it would not.
    """
    with open_regular(file) as opened:
        if os.fstat(opened.fileno()).st_size > bytes_max:
            raise too_large(file, bytes_max)


def too_large(file: Path, bytes_max: int) -> Unfit:
    """What is raised of a file with more than so many bytes."""
    words = Text(f"it is larger than {bytes_max} bytes", f"超过 {bytes_max} 字节")
    return Unfit(errno.EFBIG, words, file)
