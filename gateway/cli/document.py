"""The FILE of a command: a file or standard input, XML or JSON by its content."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, Literal

from msgspec import Struct

from ...codecs.bounded_file import read_stream
from ...codecs.limits import DEFAULT
from .ending import USAGE, Stop, unreadable
from .harmless import one_line

XML: Final = "application/xml"
JSON: Final = "application/json"
MediaType = Literal["application/xml", "application/json"]

CHUNK_BYTES: Final = 256 * 1024
DOCUMENT_BYTES_MAX: Final = 1024 * 1024 * 1024
"""Of a document on file or to be delivered: more than any gateway takes ([documents] max_bytes)."""

_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Given(Struct, frozen=True):
    """A document as the user gave it; `name` is what the user calls it."""

    name: str
    body: bytes
    media_type: MediaType


def read(file: Path) -> Given:
    """The document in `file`, `-` being standard input. Raises Stop where it can't be read or is empty."""
    body = content(file, DEFAULT.body_bytes_max)  # one byte too many is refused as a whole document would be
    name = "stdin" if str(file) == "-" else one_line(str(file))
    if not body.strip():
        raise Stop(USAGE, "empty", f"{name} is empty.", f"{name} 为空。")
    return Given(name, body, media_type(body))


def content(file: Path, bytes_max: int) -> bytes:
    """What is in `file`, `-` being standard input: `bytes_max` and one more at the most, so that more is seen to be.

    Raises Stop where it can't be read.
    """
    with opened(file) as stream:
        return read_stream(stream, bytes_max)


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """The file, `-` being standard input, open for reading. Raises Stop where it can't be read."""
    name = str(file)
    if name.startswith("-") and name != "-":
        words = (f"There is no option {name}. See onewindow --help.", f"没有选项 {name}。用法见 onewindow --help。")
        raise Stop(USAGE, "usage", *words)
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else file.open("rb") as stream:
            yield stream
    except OSError as error:
        raise unreadable("stdin" if name == "-" else name, error) from error


def digest_of(file: Path) -> str:
    """The digest of a document of any kind, `-` being standard input, which is never held whole.

    Raises Stop where it can't be read, and (`too-large`) where it has more bytes than a gateway can be set up to take.
    """
    found, left = sha256(), DOCUMENT_BYTES_MAX
    with opened(file) as stream:
        while chunk := stream.read(min(CHUNK_BYTES, left + 1)):
            found.update(chunk)
            left -= len(chunk)
            if left < 0:
                name = "stdin" if str(file) == "-" else str(file)
                en, zh = f"it is larger than {DOCUMENT_BYTES_MAX} bytes", f"超过 {DOCUMENT_BYTES_MAX} 字节"
                raise Stop(USAGE, "too-large", f"{name}: {en}.", f"{name}：{zh}。")
    return f"sha256:{found.hexdigest()}"


def media_type(body: bytes) -> MediaType:
    """JSON where the first character is a bracket; everything else is for the XML parser to judge."""
    for mark in _BYTE_ORDER_MARKS:
        body = body.removeprefix(mark)
    return JSON if body.lstrip(b" \t\r\n\x00")[:1] in (b"{", b"[") else XML
