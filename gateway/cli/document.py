"""The FILE of a command: a file or standard input, XML or JSON by its content."""

import sys
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from .ending import USAGE, Stop

XML: Final = "application/xml"
JSON: Final = "application/json"
MediaType = Literal["application/xml", "application/json"]

_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Given(Struct, frozen=True):
    """A document as the user gave it; `name` is what the user calls it."""

    name: str
    body: bytes
    media_type: MediaType


def read(file: str) -> Given:
    """The document in `file`, `-` being standard input. Raises Stop where it can't be read or is empty."""
    if file.startswith("-") and file != "-":
        raise Stop(USAGE, "unknown-option", f"There is no option {file}; see --help.", f"没有选项{file}。")
    name = "standard input" if file == "-" else file
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        cause = error.strerror or str(error)
        raise Stop(USAGE, "unreadable", f"{name} can't be read: {cause}.", f"无法读取{name}:{cause}。") from error
    if not body.strip():
        raise Stop(USAGE, "empty", f"{name} is empty.", f"{name}为空。")
    return Given(name, body, media_type(body))


def media_type(body: bytes) -> MediaType:
    """JSON where the first character is a bracket; everything else is for the XML parser to judge."""
    for mark in _BYTE_ORDER_MARKS:
        body = body.removeprefix(mark)
    return JSON if body.lstrip(b" \t\r\n\x00")[:1] in (b"{", b"[") else XML
