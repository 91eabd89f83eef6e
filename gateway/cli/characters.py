"""What a terminal's character set can't show: marks of the same width, and one sentence that says so."""

import codecs
import sys
from typing import IO, Final

from rich.cells import cell_len

MARKED: Final = "onewindow.marked"
"""The name of the error handler of standard output and standard error."""

_LOST: set[str] = set()
"""Names of character sets that something could not be written in, since `begin`."""


def begin() -> None:
    """Have both streams mark what they can't show; called as a command begins."""
    _LOST.clear()
    codecs.register_error(MARKED, _marked)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=MARKED)


def _marked(error: UnicodeError) -> tuple[str, int]:
    """As many question marks as the characters have cells, so that columns stay where they are."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    _LOST.add(error.encoding)
    return "?" * cell_len(error.object[error.start : error.end]), error.end


def say_what_is_lost(stream: IO[str]) -> None:
    """Say once that something could not be shown, in each language that the stream has the characters for."""
    if not _LOST:
        return
    names = ", ".join(sorted(_LOST))
    en = f"? stands for what the character set {names} does not have; a UTF-8 locale (LC_ALL=C.UTF-8) shows everything."
    zh = f"? 表示字符集 {names} 无法显示的字符；使用 UTF-8 语言环境（LC_ALL=C.UTF-8）可完整显示。"
    for words in (en, zh):
        try:
            words.encode(getattr(stream, "encoding", None) or "ascii")
        except (UnicodeError, LookupError):
            continue
        stream.write(words + "\n")
