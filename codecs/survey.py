"""How large a document is in the ways that `limits` bounds, looked up before anything walks it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from lxml import etree

_UTF8_BYTES_MAX: Final = 4


def marks(data: bytes) -> tuple[int, int, int, int]:
    """How often `<`, `</`, `=` and quotes occur in a document, wherever they stand."""
    return data.count(b"<"), data.count(b"</"), data.count(b"="), data.count(b'"') + data.count(b"'")


def is_deeper(root: etree._Element, levels: int) -> bool:
    """Whether elements are nested in more than `levels` levels, the root being the first."""
    return bool(_deeper_than(levels)(root))


def long_text(root: etree._Element, most: int) -> int:
    """The bytes in UTF-8 of the first text or attribute's value that has more than `most` of them; 0 if none has."""
    texts: Any = _longer_than(most // _UTF8_BYTES_MAX)(root)
    return next((size for size in (len(text.encode()) for text in texts) if size > most), 0)


@cache
def _deeper_than(levels: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (levels + 1)})")


@cache
def _longer_than(characters: int) -> etree.XPath:
    test = f"[string-length() > {characters}]"
    return etree.XPath(f"//text(){test} | //@*{test}", smart_strings=False)
