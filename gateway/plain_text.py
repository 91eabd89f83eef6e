"""Text that others write for people to read: there is something to see in it, and nothing that hides or turns a part.

Control characters steer terminals, marks of direction have a line read otherwise than it is, and what has no width
makes two texts look alike. Neither XML nor JSON refuses them.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from ..codecs.finding import Finding, Text
from ..codecs.messages.declaration import Declaration

HIDDEN: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
)
"""C0 but for tabs and line feeds, C1, marks of direction, and characters without a width. Those that join letters, in
Persian say, and pictures, are not among them."""

BLANK: Final = (
    "\t\n \xa0\xad\u115f\u1160\u1680\u180e\u2000-\u200a\u200c\u200d\u202f\u205f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0"
)
"""What shows nothing, with or without a width."""

_HIDES: Final = re.compile(f"[{HIDDEN}]")
_SHOWS: Final = re.compile(f"[^{HIDDEN}{BLANK}]")

_SUSPECT: Final = {
    b"\x7f": (b"\x7f",),
    b"&": (b"&#",),
    b"\\": (b"\\u",),
    b"\xc2": (b"\xc2",),
    b"\xd8": (b"\xd8\x9c",),
    b"\xe1": (b"\xe1\x85", b"\xe1\x9a\x80", b"\xe1\xa0\x8e"),
    b"\xe2": (b"\xe2\x80", b"\xe2\x81", b"\xe2\xa0\x80"),
    b"\xe3": (b"\xe3\x80\x80", b"\xe3\x85\xa4"),
    b"\xef": (b"\xef\xb8", b"\xef\xbb\xbf", b"\xef\xbe\xa0", b"\xef\xbf"),
}
"""How the bytes begin of every character above that a document can hold, and of one that is written as an escape, by
their first byte: one byte is looked for much faster than several."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


_NO_TEXT: Final = frozenset({type(None), bool, int, Decimal, datetime, date})
"""What most fields hold that is no text: not even looked at, in a document of thousands of them."""


def mistakes(text: str, pointer: str) -> Iterator[Finding]:
    """What is wrong with a text: that there is nothing to see in it, or the first character that hides."""
    found = _HIDES.search(text)
    if text and not _SHOWS.search(text):
        yield Finding(
            code="text-blank",
            pointer=pointer,
            message=Text(
                f"There is nothing to see in the text at {pointer}: it is blank.",
                f"{pointer} 的文字为空白，无可见内容。",
            ),
            expected="a text that can be seen",
        )
    elif found is not None:
        point = f"U+{ord(found[0]):04X}"
        yield Finding(
            code="character-hidden",
            pointer=pointer,
            message=Text(
                f"The text at {pointer} has {point} in it, a control character or a mark that can't be seen.",
                f"{pointer} 的文字含有不可见的控制字符或方向标记 {point}。",
            ),
            value=point,
            expected="characters that can be seen",
        )


def all_mistakes(value: Any, pointer: str = "") -> Iterator[Finding]:
    """What is wrong with every text in plain data or a struct; pointers count places in lists from 1."""
    kind = type(value)
    if kind is str:
        if _HIDES.search(value) or not _SHOWS.search(value):
            yield from mistakes(value, pointer or "/")
    elif kind is dict:
        for name, each in value.items():
            yield from all_mistakes(each, f"{pointer}/{name}")
    elif kind is list or kind is tuple:
        for place, each in enumerate(value, start=1):
            yield from all_mistakes(each, f"{pointer}[{place}]")
    elif isinstance(value, Struct):
        for field, name in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            each = getattr(value, field)
            if type(each) not in _NO_TEXT:
                yield from all_mistakes(each, f"{pointer}/{name}")


def plain_texts(declaration: Declaration) -> Iterator[Finding]:
    """Every text of a declaration can be seen."""
    return all_mistakes(declaration, "/Declaration")


def is_plain(document: bytes) -> bool:
    """Whether a document has no text to look at, as can be told of its bytes in no time."""
    document = document.removeprefix(_BYTE_ORDER_MARK)
    return not any(first in document and any(each in document for each in rest) for first, rest in _SUSPECT.items())
