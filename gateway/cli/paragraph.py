"""A remark as a short paragraph: its head, then its words in both languages, broken where they may be."""

from rich.console import Console
from rich.text import Text

from .harmless import one_line
from .language import spoken
from .wrapping import wrapped

_INDENT = "  "


def show_paragraph(console: Console, head: str, english: str, chinese: str, note: str = "") -> None:
    """Print it, the words set in by two blanks; the Chinese words, where they are others, and the note are quiet."""
    for line in wrapped(one_line(head), console.width):
        console.print(Text(line, "term"), soft_wrap=True)
    in_english, in_chinese = spoken()
    parts = [
        (english if in_english or not chinese else "", ""),
        (chinese if in_chinese and not (in_english and chinese == english) else "", "quiet" if in_english else ""),
        (note, "quiet"),
    ]
    for words, style in parts:
        for line in wrapped(one_line(words), console.width - len(_INDENT)) if words else ():
            console.print(Text(_INDENT + line, style), soft_wrap=True)
