"""Criteria: which codes are meant, written as people write them down.

A criterion is a list of patterns. A pattern is a code, which stands for all codes that begin with it (`8501`); a range
of codes of one length, both ends included (`01-24`, `8501-8504`); or either with an exclamation mark, which excepts
what it stands for (`!0301`). A code is covered by the patterns of which one stands for it, by a list of exceptions
alone where none does, and an exception counts for more than all else. A code that says less than a pattern (850110
against 85011099) is not covered by it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from msgspec import Struct

from ..codecs.finding import Text
from ..codecs.messages.codes import CountryCode

PATTERN_COUNT_MAX: Final = 300
"""Patterns in one criterion."""

SHOWN_COUNT_MAX: Final = 12
"""Patterns of one criterion that its words name; they count the others."""


class Kind(Struct, frozen=True):
    """What codes a criterion is of: their name, how one is written, and what to tell who writes another."""

    name: Text
    code: str
    allowed: Text
    codes: frozenset[str] = frozenset()


HS: Final = Kind(
    Text("HS code", "商品编码"),
    r"[0-9]{2}(?:[0-9]{2}){0,4}",
    Text(
        'HS codes of 2, 4, 6, 8 or 10 digits ("8501"), ranges of one length ("01-24") and exceptions ("!0301")',
        "2、4、6、8 或 10 位商品编码（“8501”）、等长区间（“01-24”）和除外项（“!0301”）",
    ),
)
REGIME: Final = Kind(
    Text("regime", "监管方式"),
    r"[0-9]{1,4}",
    Text(
        'procedure codes of 1 to 4 digits ("40"), ranges of one length ("1000-1999") and exceptions ("!1234")',
        "1 至 4 位监管方式代码（“40”）、等长区间（“1000-1999”）和除外项（“!1234”）",
    ),
)
COUNTRY: Final = Kind(
    Text("origin", "原产地"),
    r"[A-Z]{2}",
    Text(
        'ISO 3166 codes of two letters ("JP") and exceptions ("!CN")',
        "两位字母的 ISO 3166 代码（“JP”）和除外项（“!CN”）",
    ),
    frozenset(CountryCode),
)


def covers(patterns: tuple[str, ...], code: str) -> bool:
    """Whether the patterns, each valid, stand for a code; no patterns stand for all."""
    wanted, excepted = _spans(patterns)
    return (not wanted or _within(wanted, code)) and not _within(excepted, code)


def mistakes(patterns: Sequence[str], kind: Kind) -> Iterator[Text]:
    """What is wrong with the patterns, in words that say what is allowed; nothing where they can be used."""
    if not 1 <= len(patterns) <= PATTERN_COUNT_MAX:
        yield Text(f"name 1 to {PATTERN_COUNT_MAX}", f"须列出 1 至 {PATTERN_COUNT_MAX} 项")
    for pattern in patterns:
        if not _is_valid(pattern, kind):
            yield Text(
                f'"{pattern}" is not allowed; allowed are {kind.allowed.en}',
                f"“{pattern}”不可用；可用：{kind.allowed.zh}",
            )


def in_words(patterns: Sequence[str], kind: Kind) -> Text:
    """The patterns as part of a sentence: `HS code 01-24, 4401, not 0301`."""
    shown = patterns[:SHOWN_COUNT_MAX]
    wanted = [pattern for pattern in shown if not pattern.startswith("!")]
    excepted = [pattern[1:] for pattern in shown if pattern.startswith("!")]
    en = [*wanted, *(f"not {pattern}" for pattern in excepted)]
    zh = [*(["、".join(wanted)] if wanted else []), *(["不含" + "、".join(excepted)] if excepted else [])]
    if len(patterns) > len(shown):
        en.append(f"and {len(patterns) - len(shown)} more")
        zh.append(f"共 {len(patterns)} 项")
    return Text(f"{kind.name.en} {', '.join(en)}", f"{kind.name.zh} {'，'.join(zh)}")


def chapters(patterns: tuple[str, ...]) -> Iterable[str]:
    """The HS chapters, 00 to 99, outside of which these patterns of HS codes cover nothing."""
    wanted, _ = _spans(patterns)
    if not wanted:
        return _CHAPTERS
    return [chapter for chapter in _CHAPTERS if any(first[:2] <= chapter <= last[:2] for first, last in wanted)]


_CHAPTERS: Final = tuple(f"{number:02}" for number in range(100))

_Spans = tuple[tuple[str, str], ...]


@lru_cache(maxsize=1000)
def _spans(patterns: tuple[str, ...]) -> tuple[_Spans, _Spans]:
    """First and last code of what is wanted, and of what is excepted."""
    wanted = tuple(_ends(pattern) for pattern in patterns if not pattern.startswith("!"))
    return wanted, tuple(_ends(pattern[1:]) for pattern in patterns if pattern.startswith("!"))


def _ends(pattern: str) -> tuple[str, str]:
    first, _, last = pattern.partition("-")
    return first, last or first


def _within(spans: _Spans, code: str) -> bool:
    return any(len(code) >= len(first) and first <= code[: len(first)] <= last for first, last in spans)


def _is_valid(pattern: str, kind: Kind) -> bool:
    first, dash, last = pattern.removeprefix("!").partition("-")
    expression = _compiled(kind.code)
    if not expression.fullmatch(first):
        return False
    if kind.codes:
        return first in kind.codes and not dash
    return not dash or bool(expression.fullmatch(last) and len(first) == len(last) and first <= last)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.ASCII)
