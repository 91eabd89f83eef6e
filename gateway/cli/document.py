"""The FILE of a command: a file or standard input, XML or JSON by its content."""

import sys
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from ..causes import cause
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


def read(file: Path) -> Given:
    """The document in `file`, `-` being standard input. Raises Stop where it can't be read or is empty."""
    body = content(file)
    name = "stdin" if str(file) == "-" else str(file)
    if not body.strip():
        raise Stop(USAGE, "empty", f"{name} is empty.", f"{name} 为空。")
    return Given(name, body, media_type(body))


def content(file: Path) -> bytes:
    """The bytes in `file`, `-` being standard input. Raises Stop where it can't be read."""
    name = str(file)
    if name.startswith("-") and name != "-":
        words = (f"There is no option {name}. See onewindow --help.", f"没有选项 {name}。用法见 onewindow --help。")
        raise Stop(USAGE, "usage", *words)
    try:
        return sys.stdin.buffer.read() if name == "-" else file.read_bytes()
    except OSError as error:
        why = cause(error)
        raise Stop(USAGE, "unreadable", f"{name} can't be read: {why.en}.", f"无法读取 {name}：{why.zh}。") from error


def media_type(body: bytes) -> MediaType:
    """JSON where the first character is a bracket; everything else is for the XML parser to judge."""
    for mark in _BYTE_ORDER_MARKS:
        body = body.removeprefix(mark)
    return JSON if body.lstrip(b" \t\r\n\x00")[:1] in (b"{", b"[") else XML
