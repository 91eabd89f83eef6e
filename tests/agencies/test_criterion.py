"""Criteria: which codes a list of patterns stands for, and which patterns are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.agencies.criterion import (
    COUNTRY,
    HS,
    PATTERN_COUNT_MAX,
    REGIME,
    SHOWN_COUNT_MAX,
    Kind,
    chapters,
    covers,
    in_words,
    mistakes,
)
from onewindow.codecs.messages.codes import CountryCode

# Few digits, so that patterns and codes often have to do with each other.
_pairs = st.integers(0, 3).map(lambda number: f"{number:02}")
hs_codes = st.lists(_pairs, min_size=3, max_size=5).map("".join)
_prefixes = st.lists(_pairs, min_size=1, max_size=5).map("".join)


def _range(ends: tuple[str, str]) -> str:
    length = min(map(len, ends))
    return "-".join(sorted(end[:length] for end in ends))


_wanted = _prefixes | st.tuples(_prefixes, _prefixes).map(_range)
patterns = st.lists(_wanted | _wanted.map(lambda pattern: f"!{pattern}"), max_size=6).map(tuple)
regimes = st.integers(0, 9999).map(lambda number: f"{number:04}")


@given(patterns=st.lists(st.integers(0, 999).map(lambda number: f"{number:04}"), max_size=4), code=regimes)
def test_a_code_stands_for_all_that_begin_with_it(patterns: list[str], code: str) -> None:
    """A list of plain codes covers exactly the codes that begin with one of them; an empty one covers all."""
    cut = tuple(pattern[: 1 + int(pattern[-1]) % 4] for pattern in patterns)
    assert (not cut or code.startswith(cut)) == covers(cut, code)


@given(patterns=st.lists(st.tuples(regimes, regimes), max_size=4), code=regimes)
def test_a_range_has_both_its_ends(patterns: list[tuple[str, str]], code: str) -> None:
    """A list of ranges covers exactly the numbers that lie in one of them, the ends included."""
    ranges = tuple(_range(ends) for ends in patterns)
    inside = any(min(ends) <= code <= max(ends) for ends in patterns)
    assert (not patterns or inside) == covers(ranges, code)


@given(patterns=patterns, code=hs_codes)
def test_an_exception_counts_for_more(patterns: tuple[str, ...], code: str) -> None:
    """Patterns cover a code that one of them stands for, or all where none is wanted, and no exception stands for."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    excepted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    expected = (not wanted or any(_counted(each, code) for each in wanted)) and not any(
        _counted(each, code) for each in excepted
    )
    assert expected == covers(patterns, code)
    assert [] == (list(mistakes(patterns, HS)) if patterns else [])


def _counted(pattern: str, code: str) -> bool:
    """Whether the number that the code begins with lies between the pattern's ends."""
    first, _, last = pattern.partition("-")
    return len(code) >= len(first) and int(first) <= int(code[: len(first)]) <= int(last or first)


@given(patterns=patterns, code=hs_codes)
def test_the_order_of_patterns_is_free(patterns: tuple[str, ...], code: str) -> None:
    """Patterns say the same in any order and said twice, and nothing is covered outside their chapters."""
    assert covers(patterns, code) == covers(patterns[::-1] + patterns, code)
    assert code[:2] in chapters(patterns) or not covers(patterns, code)


@pytest.mark.parametrize(
    ("patterns", "inside", "outside"),
    [
        (("01-24",), ["010121", "2402200000"], ["250510", "000000"]),
        (("8501-8504",), ["850120", "85044010"], ["850010", "850511"]),
        (("01-24", "!0301", "4401"), ["030211", "440111"], ["030111", "440210"]),
        (("JP", "!CN"), ["JP"], ["CN", "DE"]),
        (("!CN",), ["JP", "DE"], ["CN"]),
        (("1000", "40"), ["1000", "4000", "4071"], ["1001", "0110", "0400"]),
        (("85044010",), ["8504401000"], ["850440"]),
        (("85010000-85030000",), ["85020000"], ["850200"]),
        ((), ["010121"], []),
    ],
)
def test_examples(patterns: tuple[str, ...], inside: list[str], outside: list[str]) -> None:
    """The notation means what the documentation says that it means."""
    assert inside == [code for code in [*inside, *outside] if covers(patterns, code)]


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        *((HS, pattern) for pattern in ("01", "0101", "010121", "01012100", "0101210000", "01-24", "!01-24", "!0301")),
        *((REGIME, pattern) for pattern in ("1", "40", "400", "1000", "1000-1999", "!1234", "0-9")),
        *((COUNTRY, pattern) for pattern in ("JP", "!CN")),
    ],
)
def test_what_is_allowed(kind: Kind, pattern: str) -> None:
    """Codes, ranges and exceptions are allowed, each kind in its own lengths."""
    assert [] == list(mistakes((pattern,), kind))


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        *((HS, pattern) for pattern in ("", "1", "010", "01012", "010121000000", "01-2", "24-01", "01-0101", "01-")),
        *((HS, pattern) for pattern in ("-24", "!", "!!01", "01-02-03", "01 ", "8501*", "\u0660\u0661", "0a", "01\n")),
        *((REGIME, pattern) for pattern in ("", "01100", "1000-999", "1999-1000", "A1")),
        *((COUNTRY, pattern) for pattern in ("", "jp", "JPN", "XX", "CN-JP", "!xx", "J")),
    ],
)
def test_what_is_not_allowed(kind: Kind, pattern: str) -> None:
    """A pattern that is none is told back, with what is allowed, in both languages."""
    (words,) = mistakes((pattern,), kind)
    assert f'"{pattern}" is not allowed; allowed are {kind.allowed.en}' == words.en
    assert f"“{pattern}”不可用；可用：{kind.allowed.zh}" == words.zh


@pytest.mark.parametrize(("count", "wrong"), [(0, 1), (1, 0), (PATTERN_COUNT_MAX, 0), (PATTERN_COUNT_MAX + 1, 1)])
def test_how_many_patterns(count: int, wrong: int) -> None:
    """A criterion has at least one pattern, and no more than its limit."""
    assert wrong == len(list(mistakes(("01",) * count, HS)))


def test_every_country_of_the_code_list_is_known() -> None:
    """Whatever country a declaration can name, a criterion can."""
    for country in CountryCode:
        assert [] == list(mistakes((country,), COUNTRY))


def test_words() -> None:
    """A criterion is said in a sentence's words; of a long one the first patterns, and how many there are."""
    words = in_words(("01-24", "!0301", "4401", "!0302"), HS)
    assert ("HS code 01-24, 4401, not 0301, not 0302", "商品编码 01-24、4401，不含0301、0302") == (words.en, words.zh)
    assert ("origin not CN", "原产地 不含CN") == ((only := in_words(("!CN",), COUNTRY)).en, only.zh)
    long = in_words(("0110",) * (SHOWN_COUNT_MAX + 3), REGIME)
    assert (SHOWN_COUNT_MAX, SHOWN_COUNT_MAX) == (long.en.count("0110"), long.zh.count("0110"))
    assert long.en.endswith(", and 3 more")
    assert long.zh.endswith(f"，共 {SHOWN_COUNT_MAX + 3} 项")
