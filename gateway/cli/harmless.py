"""Text that others wrote, made harmless for a terminal: what could steer it, or hide or turn what is read, is escaped.

All that a person is shown passes here, for the console that every view writes to calls it; see console.py.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

import msgspec
from rich.text import Text

_STEERING: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls, C0 and C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # what has no width
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # likewise; marks of direction; ends of lines
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    "]"
)
_STEERING_LINES: Final = re.compile(_STEERING.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
"""The same, less the tab and the end of a line, which our own texts have."""

T = TypeVar("T")


def one_line(text: str) -> str:
    """The text on one line: a person sees that there is something, and the terminal does nothing."""
    return _STEERING.sub(_code, text)


def lines(text: str) -> str:
    """The text, in which the ends of lines are our own."""
    return _STEERING_LINES.sub(_code, text)


def cell(text: Text) -> Text:
    """A styled text, likewise."""
    found = list(_STEERING_LINES.finditer(text.plain))
    if not found:
        return text
    made, end = text.blank_copy(), 0
    for match in found:
        if match.start() > end:
            made.append_text(text[end : match.start()])
        made.append(_code(match))
        end = match.end()
    return made.append_text(text[end:]) if end < len(text) else made


def json_text(document: str) -> str:
    """JSON that says the same: such characters stand in strings only, where JSON has escapes for them."""
    return _STEERING_LINES.sub(lambda match: json.dumps(match[0])[1:-1], document)


def values(found: T) -> T:
    """A value of structs, each of its texts on one line: an end of line would make a reader believe in another entry.

    It is made after what came was found to be in order: escaped texts are longer than those that a form allows.
    """
    made: Any = found
    if type(made) is str:
        made = one_line(made)
    elif isinstance(found, msgspec.Struct):
        fields = ((name, getattr(found, name)) for name in found.__struct_fields__)
        made = msgspec.structs.replace(found, **{name: values(value) for name, value in fields})
    elif isinstance(found, Mapping):
        made = {values(name): values(value) for name, value in found.items()}
    elif isinstance(found, tuple | list):
        made = type(found)(map(values, found))
    return cast("T", made)


def _code(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
