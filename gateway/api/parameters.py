"""Query parameters: reading them, and telling the caller which one is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from multidict import MultiMapping

from ...codecs.finding import Finding, Text
from ...codecs.limits import FINDING_COUNT_MAX, VALUE_CHARS_MAX
from ..plain_text import mistakes
from .problem import Refusal
from .route import Parameter

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+\- ]\d\d:\d\d)", re.ASCII)

_MOMENT: Final = Text(
    "a time with its zone (RFC 3339), such as 2026-03-01T08:00:00Z", "带时区的时间（RFC 3339），如 2026-03-01T08:00:00Z"
)
_NO_PARAMETERS: Final = Text("no query parameters", "无查询参数")


class BadValue(ValueError):
    """A parameter's text is not one of its values; `expected` says what would be."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected.en)
        self.expected = expected


def one_of(*allowed: str) -> Callable[[str], str]:
    """Reads one of these words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise BadValue(Text("one of: " + ", ".join(allowed), "、".join(allowed) + " 之一"))
        return text

    return read


def switch(text: str) -> bool:
    """Reads `true` or `false`."""
    return one_of("true", "false")(text) == "true"


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number in this range, in decimal digits."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise BadValue(Text(f"a whole number, {least} to {most}", f"{least} 至 {most} 的整数"))
        return int(text)

    return read


def matching(pattern: re.Pattern[str], expected: Text) -> Callable[[str], str]:
    """Reads a text of this pattern."""

    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise BadValue(expected)
        return text

    return read


def moment(text: str) -> datetime:
    """Reads a time with its zone (RFC 3339), in UTC; a space stands for the `+` that an unescaped URL makes one of."""
    try:
        if not _TIME.fullmatch(text):
            raise ValueError
        return datetime.fromisoformat(text.upper().replace(" ", "+")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue(_MOMENT) from None


def read_parameters(known: Mapping[str, Parameter], given: MultiMapping[str]) -> dict[str, Any]:
    """The values of the parameters given.

    Raises Refusal with a finding for each that is unknown, or else for each that is missing, repeated or wrong.
    """
    unknown = [_unknown(name, known) for name in dict.fromkeys(given) if name not in known]
    if unknown:
        raise Refusal("unknown-parameter", findings=tuple(unknown[:FINDING_COUNT_MAX]))
    values: dict[str, Any] = {}
    wrong = [_missing(parameter) for name, parameter in known.items() if parameter.required and name not in given]
    for name in dict.fromkeys(given):
        texts = given.getall(name)
        if len(texts) > 1:
            wrong.append(_repeated(name, texts))
            continue
        unseen = tuple(mistakes(texts[0], f"?{name}"))
        if unseen:
            wrong.extend(unseen)
            continue
        try:
            values[name] = known[name].read(texts[0])
        except BadValue as error:
            wrong.append(bad_value(f"?{name}", texts[0], error.expected))
    if wrong:
        raise Refusal("invalid-parameter", findings=tuple(wrong))
    return values


def bad_value(pointer: str, value: str, expected: Text) -> Finding:
    """The finding for a query parameter (`?name`) or a header (its name) with a value that is not allowed."""
    return Finding(
        code="parameter-value",
        pointer=pointer,
        message=Text(
            en=f"{pointer} has a value that is not allowed; expected: {expected.en}.",
            zh=f"{pointer} 的值不符合要求，应为：{expected.zh}。",
        ),
        value=value[:VALUE_CHARS_MAX],
        expected=expected.en,
    )


def _unknown(name: str, known: Mapping[str, Parameter]) -> Finding:
    expected = Text("one of: " + ", ".join(known), "、".join(known) + " 之一") if known else _NO_PARAMETERS
    shown = name[:VALUE_CHARS_MAX]
    return Finding(
        code="parameter-unknown",
        pointer=f"?{shown}",
        message=Text(
            en=f"There is no query parameter {shown!r}; expected: {expected.en}.",
            zh=f"没有名为“{shown}”的查询参数，应为：{expected.zh}。",
        ),
        expected=expected.en,
    )


def _missing(parameter: Parameter) -> Finding:
    return Finding(
        code="parameter-missing",
        pointer=f"?{parameter.name}",
        message=Text(
            en=f"The query parameter {parameter.name} is missing: {parameter.words.en}",
            zh=f"缺少查询参数 {parameter.name}：{parameter.words.zh}",
        ),
        expected=parameter.name,
    )


def _repeated(name: str, values: list[str]) -> Finding:
    return Finding(
        code="parameter-repeated",
        pointer=f"?{name}",
        message=Text(
            en=f"The query parameter {name} is given {len(values)} times.",
            zh=f"查询参数 {name} 重复出现 {len(values)} 次。",
        ),
        value=", ".join(values)[:VALUE_CHARS_MAX],
        expected="one value",
    )
