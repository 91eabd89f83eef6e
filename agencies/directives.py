"""Directives: what a reference that begins with `TEST-` asks reference agencies to act out, in test mode only.

    TEST-customs=refuse;tax=timeout;quality-inspection=late:30s;market-supervision=duplicate-42

Each names an agency and a word, some with an argument after a colon; semicolons stand between them. An agency may have
one outcome and one fault. What follows the last word after a hyphen tells references apart and asks nothing, and so
does a reference in which no `=` follows `TEST-`.
"""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ..codecs.finding import Finding, Text
from ..codecs.limits import VALUE_CHARS_MAX
from ..codecs.messages.codes import ReplyOutcome
from .duration import parse_duration

PREFIX: Final = "TEST-"

POINTER: Final = "/Declaration/FunctionalReferenceID"

LATE_MAX: Final = timedelta(days=1)

FAILURES_MAX: Final = 5
"""Failures in a row that can be asked for: the window makes more attempts than these before it counts anew."""


class Fault(StrEnum):
    """What goes wrong between the window and an agency."""

    TIMEOUT = "timeout"
    LATE = "late"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out-of-order"
    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"


class Directive(Struct, frozen=True, kw_only=True):
    """What one agency is to act out.

    delay: how late the answer is. failures: attempts that fail before one gets through, None for all of them.
    """

    outcome: ReplyOutcome | None = None
    fault: Fault | None = None
    delay: timedelta = timedelta(0)
    failures: int | None = None

    def fails(self, attempt: int) -> bool:
        """Does this attempt fail; the first is 1."""
        return self.failures is None or attempt <= self.failures


class Directions(Struct, frozen=True):
    """What a reference asks for, by agency code, and what is wrong with it."""

    of: Mapping[str, Directive]
    mistakes: tuple[Finding, ...] = ()


class DirectiveWord(Struct, frozen=True):
    """A word that a directive may have, as it is written, and what it does."""

    form: str
    meaning: Text


NOTHING: Final = Directions(MappingProxyType({}))

_OUTCOMES: Final = {
    "approve": ReplyOutcome.APPROVED,
    "approve-with-conditions": ReplyOutcome.APPROVED_WITH_CONDITIONS,
    "inspect": ReplyOutcome.INSPECTION_REQUIRED,
    "supplement": ReplyOutcome.SUPPLEMENT_REQUIRED,
    "refuse": ReplyOutcome.REFUSED,
    **{outcome.value: outcome for outcome in ReplyOutcome},
}
_WORDS: Final = (*_OUTCOMES, *(fault.value for fault in Fault))
_ARGUMENTS: Final[Mapping[str, str]] = {
    Fault.LATE: ":DURATION",
    Fault.UNREACHABLE: "[:COUNT]",
    Fault.MALFORMED: "[:COUNT]",
}
_ASKED: Final = re.compile(f"({'|'.join(sorted(_WORDS, key=len, reverse=True))})(?::([^-:;]*))?(?:-(.*))?")

_MEANINGS: Final[Mapping[str, Text]] = {
    "approve": Text("The agency agrees.", "部门同意。"),
    "approve-with-conditions": Text(
        "It agrees, with a condition that falls due in 15 days.", "部门附条件同意，条件于15天后到期。"
    ),
    "inspect": Text("It wants to see the goods.", "部门要求查验货物。"),
    "supplement": Text(
        "It asks for a supplement, once: the next revision is judged by its rules.",
        "部门要求补正一次，其后的版次按规则审核。",
    ),
    "refuse": Text("It refuses.", "部门不予同意。"),
    Fault.TIMEOUT: Text(
        "It never answers: each attempt is given up, and the time limit passes.", "部门始终不答复，直至办理时限届满。"
    ),
    Fault.LATE: Text(
        "It answers after DURATION, such as 30s, 5m or 2h, at most 1d.",
        "部门在 DURATION 之后答复，如 30s、5m、2h，最长 1d。",
    ),
    Fault.DUPLICATE: Text("Its reply is delivered twice.", "回执报文送达两次。"),
    Fault.OUT_OF_ORDER: Text("Its reply comes before word that it took the message.", "回执报文先于接收确认送达。"),
    Fault.UNREACHABLE: Text(
        f"It can't be reached: never, or not at the first COUNT attempts (1 to {FAILURES_MAX}).",
        f"部门联系不上：始终如此，或仅前 COUNT 次（1 至 {FAILURES_MAX}）。",
    ),
    Fault.MALFORMED: Text(
        f"What it answers can't be read: at first, at the first COUNT attempts (1 to {FAILURES_MAX}), or `always`.",
        f"答复无法解析：仅首次，或前 COUNT 次（1 至 {FAILURES_MAX}），或始终如此（always）。",
    ),
}


def directive_words() -> tuple[DirectiveWord, ...]:
    """Every word of test mode, outcomes first, for those who explain it; the schema's codes of outcomes do as well."""
    return tuple(DirectiveWord(f"{word}{_ARGUMENTS.get(word, '')}", meaning) for word, meaning in _MEANINGS.items())


def directions(reference: str) -> Directions:
    """What a declaration's reference asks for; what can't be followed is a mistake and asks nothing. Pure."""
    asked = reference.removeprefix(PREFIX)
    if asked == reference or "=" not in asked:
        return NOTHING
    of: dict[str, Directive] = {}
    mistakes: list[Finding] = []
    texts = asked.split(";")
    for place, text in enumerate(texts, start=1):
        code, _, wanted = text.partition("=")
        read = _read(wanted, last=place == len(texts)) if code else None
        both = read and _together(of.get(code, Directive()), read)
        if both is None:
            mistakes.append(_mistake(text))
        else:
            of[code] = both
    return Directions(of, tuple(mistakes))


def unknown_agencies(asked: Directions, codes: Collection[str]) -> tuple[Finding, ...]:
    """A finding for each agency that a reference names and that is not among these."""
    known = ", ".join(codes)
    return tuple(
        _finding(
            code,
            Text(
                en=f"The reference asks something of {code}, and there is no such agency; known are {known}.",
                zh=f"业务编号中的部门 {code} 不存在；可用：{'、'.join(codes)}。",
            ),
            known,
        )
        for code in asked.of
        if code not in codes
    )


def _read(text: str, *, last: bool) -> Directive | None:
    match = _ASKED.fullmatch(text)
    if match is None or (match[3] is not None and (not last or _slips(match[1], match[3]))):
        return None
    word, argument = match[1], match[2]
    if word in _OUTCOMES:
        return Directive(outcome=_OUTCOMES[word]) if argument is None else None
    fault = Fault(word)
    if fault is Fault.LATE:
        delay = parse_duration(argument or "")
        return None if delay is None or delay > LATE_MAX else Directive(fault=fault, delay=delay)
    if fault in (Fault.UNREACHABLE, Fault.MALFORMED):
        if argument == "always" or (argument is None and fault is Fault.UNREACHABLE):
            return Directive(fault=fault)
        counts = [str(count) for count in range(1, FAILURES_MAX + 1)]
        failures = "1" if argument is None else argument
        return Directive(fault=fault, failures=int(failures)) if failures in counts else None
    return Directive(fault=fault) if argument is None else None


def _slips(word: str, rest: str) -> bool:
    """Is what follows a word, to tell references apart, rather the misspelt end of a longer word."""
    ends = [longer.removeprefix(f"{word}-").split("-")[0] for longer in _WORDS if longer.startswith(f"{word}-")]
    return bool(get_close_matches(rest.split("-")[0], ends))


def _together(first: Directive, second: Directive) -> Directive | None:
    """Both of one agency's directives; None where there are two outcomes or two faults."""
    if second.outcome is not None:
        return None if first.outcome is not None else replace(first, outcome=second.outcome)
    return None if first.fault is not None else replace(second, outcome=first.outcome)


def _mistake(text: str) -> Finding:
    forms = ", ".join(word.form for word in directive_words())
    return _finding(
        text,
        Text(
            en=f"In test mode a reference that begins with {PREFIX} says what agencies are to do, and {text!r} is none "
            f"of it. Write AGENCY=WORD, one outcome and one fault at most for each agency: {forms}.",
            zh=f"测试模式下，以 {PREFIX} 开头的业务编号指定各部门的模拟行为，“{text}”无法识别。"
            f"请写作 AGENCY=WORD，每个部门至多一个结果和一种故障：{forms}。",
        ),
        forms,
    )


def _finding(value: str, message: Text, expected: str) -> Finding:
    return Finding(
        code="test-directive", pointer=POINTER, message=message, value=value[:VALUE_CHARS_MAX], expected=expected
    )
