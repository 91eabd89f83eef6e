"""Breaking lines where both languages allow it: at blanks and between Chinese characters, never inside a word."""

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len

_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef“”‘’"
_CLOSING: Final = "，。；：、！？）】》”’"
_OPENING: Final = "（【《“‘"
_PIECE: Final = re.compile(rf"[ \t]+|[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|(?:[^\s{_WIDE}/]+/?|/)[{_CLOSING}]*")


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; a path may go on after a slash, a longer word has its own line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and cell_len(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece if line else piece.lstrip()
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> Iterator[str]:
    """What may not be broken, in order; a bracket stays with what it opens."""
    held = ""
    for match in _PIECE.finditer(text):
        piece = held + match[0]
        held = ""
        if piece and piece[-1] in _OPENING:
            held = piece
        else:
            yield piece
    if held:
        yield held
