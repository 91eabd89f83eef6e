"""Why a text is not a value of a simple type: the first thing wrong with it, by the facets of the XSD.

Only documents that libxml2 has refused come here. xmlschema could tell the same at 55 microseconds a value; a table of
tests made once for each type tells it in one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final

from msgspec import Struct
from xmlschema.validators import XsdPatternFacets

from .code_lists import code_list, code_lists
from .decoder import BLANKS, collapsed
from .facets import builtin_of, chain, facets_of, patterns_of, primitive_of
from .finding import Text
from .wording import one_of

_LISTED_CODES_MAX: Final = 12
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_ZONE: Final = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DATE: Final = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){_ZONE}")
_DATE_TIME: Final = re.compile(
    rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}})(?:\.[0-9]+)?{_ZONE}"
)


_TIMES: Final = {
    "date": Text("a date such as 2026-01-31", "日期，如 2026-01-31"),
    "dateTime": Text(
        "a date and time with its offset, such as 2026-01-31T08:00:00Z", "带时区的日期时间，如 2026-01-31T08:00:00Z"
    ),
}


class Test(Struct, frozen=True):
    """One thing a value has to satisfy: the code of its finding, what is expected, and whether a text does."""

    code: str
    expected: Text
    holds: Callable[[str], bool]


def failed_test(type_: Any, text: str) -> Test | None:
    """The first test of the simple type `type_` that `text` fails; None for a value of the type."""
    if type_.white_space != "preserve":
        text = collapsed(text)
    return next((test for test in _tests(type_) if not test.holds(text)), None)


@cache
def _tests(type_: Any) -> tuple[Test, ...]:
    return (*_lexical(type_), *_facets(type_))


def _lexical(type_: Any) -> Iterator[Test]:
    match primitive_of(type_), getattr(builtin_of(type_), "local_name", ""):
        case "decimal", "decimal":
            words = Text("a decimal number such as 1234.50", "十进制数，如 1234.50")
            yield Test("value-type", words, lambda text: _NUMBER.fullmatch(text) is not None)
        case "decimal", _:
            words = Text("a whole number", "整数")
            yield Test("value-type", words, lambda text: _INTEGER.fullmatch(text) is not None)
        case "boolean", _:
            words = Text("true or false", "true 或 false")
            yield Test("value-type", words, lambda text: text in ("true", "false", "1", "0"))
        case "date", _:
            yield Test("value-type", _TIMES["date"], _is_date)
        case "dateTime", _:
            yield Test("value-type", _TIMES["dateTime"], _is_date_time)


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    return match is not None and _on_calendar(dt.date.fromisoformat, match[1])


def _is_date_time(text: str) -> bool:
    match = _DATE_TIME.fullmatch(text)
    return match is not None and _on_calendar(dt.datetime.fromisoformat, match[1].replace("T24:00:00", "T00:00:00"))


def _on_calendar(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _facets(type_: Any) -> Iterator[Test]:
    facets: dict[str, Any] = dict(facets_of(type_))
    if "enumeration" in facets:
        codes = tuple(element.get("value", "") for element in facets["enumeration"])
        yield Test("value-enumeration", _choice(type_, codes), frozenset(codes).__contains__)
    yield from _length(facets)
    yield from _pattern(type_)
    if primitive_of(type_) == "decimal":
        yield from _range(facets)
        yield from _digits(facets)


def _choice(type_: Any, codes: tuple[str, ...]) -> Text:
    """The codes that may be given; where they are many, the code list as well and where the gateway shows it."""
    few = one_of(codes, _LISTED_CODES_MAX)
    names = (each.local_name for each in chain(type_) if each.local_name in code_lists())
    name = next((each for each in names if codes == tuple(code.code for code in code_list(each).codes)), None)
    if len(codes) <= _LISTED_CODES_MAX or name is None:
        return few
    address = f"/v1/codes/{name}"
    return Text(f"{few.en}; all of code list {name}: {address}", f"{few.zh}（代码表 {name} 见 {address}）")


def _length(facets: dict[str, Any]) -> Iterator[Test]:
    exact = facets.get("length")
    least = (exact or facets["minLength"]).value if exact or "minLength" in facets else 0
    most = (exact or facets["maxLength"]).value if exact or "maxLength" in facets else None
    if most is None and least > 0:
        yield Test(
            "value-length",
            Text(f"at least {least} characters", f"至少 {least} 个字符"),
            lambda text: len(text) >= least,
        )
    elif most is not None:
        words = Text(f"{least} to {most} characters", f"{least} 至 {most} 个字符")
        yield Test("value-length", words, lambda text: least <= len(text) <= most)


def _pattern(type_: Any) -> Iterator[Test]:
    steps = [each for type_ in chain(type_) for each in type_.facets.values() if isinstance(each, XsdPatternFacets)]
    if steps:
        written = " and ".join("|".join(step) for step in patterns_of(type_))
        words = Text(f"the pattern {written}", f"格式 {written}")
        compiled = [step.patterns for step in dict.fromkeys(steps)]
        yield Test(
            "value-pattern",
            _TIMES.get(primitive_of(type_), words),
            lambda text: all(any(each.search(text) for each in patterns) for patterns in compiled),
        )


def _range(facets: dict[str, Any]) -> Iterator[Test]:
    compare: dict[str, tuple[str, str, Callable[[Decimal, Decimal], bool]]] = {
        "minInclusive": ("at least", "不小于", lambda value, bound: value >= bound),
        "minExclusive": ("more than", "大于", lambda value, bound: value > bound),
        "maxInclusive": ("at most", "不大于", lambda value, bound: value <= bound),
        "maxExclusive": ("less than", "小于", lambda value, bound: value < bound),
    }
    present = [(*words, Decimal(facets[name].value)) for name, words in compare.items() if name in facets]
    if present:
        yield Test(
            "value-range",
            Text(
                " and ".join(f"{english} {bound}" for english, _, _, bound in present),
                "且".join(f"{chinese} {bound}" for _, chinese, _, bound in present),
            ),
            lambda text: all(holds(Decimal(text), bound) for _, _, holds, bound in present),
        )


def _digits(facets: dict[str, Any]) -> Iterator[Test]:
    total = facets["totalDigits"].value if "totalDigits" in facets else None
    fraction = facets["fractionDigits"].value if "fractionDigits" in facets else None
    if total is None and fraction is None:
        return
    english = [f"at most {total} digits"] if total is not None else []
    chinese = [f"总位数不超过 {total}"] if total is not None else []
    if fraction is not None:
        english.append(f"at most {fraction} after the decimal point")
        chinese.append(f"小数位数不超过 {fraction}")

    def holds(text: str) -> bool:
        whole, _, after = text.strip(BLANKS + "+-").partition(".")
        whole, after = whole.lstrip("0"), after.rstrip("0")
        return (fraction is None or len(after) <= fraction) and (total is None or len(whole) + len(after) <= total)

    yield Test("value-digits", Text(", ".join(english), "，".join(chinese)), holds)
