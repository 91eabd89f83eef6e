"""How large a document is in the ways that `limits` bounds, looked up before anything walks it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from lxml import etree

_UTF8_BYTES_MAX: Final = 4
_XML_DECLARATIONS: Final = (b"<?xml", b"\xef\xbb\xbf<?xml")


def marks(data: bytes) -> tuple[int, int, int, int]:
    """How often `<`, `</`, `=` and quotes occur in a document, wherever they stand."""
    return data.count(b"<"), data.count(b"</"), data.count(b"="), data.count(b'"') + data.count(b"'")


def is_crowded(data: bytes, elements: int, attributes: int) -> bool:
    """Whether `<` or `=` occurs often enough for more elements or attributes than these; nothing else makes them."""
    return data.count(b"<") > elements or data.count(b"=") > attributes


def may_cut_texts(data: bytes) -> bool:
    """Whether something may stand in the text of an element without children beside characters.

    That is a comment, a processing instruction or a CDATA section, which cut it in two, and the carriage return of a
    line's end, which the parser takes out. True also where it would take more than a look at the bytes to tell.
    """
    return b"\r" in data or may_join_texts(data)


def may_join_texts(data: bytes) -> bool:
    """Whether a comment, processing instruction or CDATA section may stand in a document: texts beside it are one."""
    head = data.find(b"?>") + 1 if data.startswith(_XML_DECLARATIONS) else 0
    return b"!" in data or data.find(b"?", head) >= 0


def is_without_long_run(data: bytes, most: int) -> bool:
    """Whether no more than `most` bytes stand between one `<` and the next, anywhere in a document.

    No text or attribute's value is longer then, unless it is one that is joined of several.
    """
    at, last = 0, len(data) - most
    while at < last:
        found = data.rfind(b"<", at, at + most + 1)
        if found < 0:
            return False
        at = found + 1
    return True


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
