"""Partial check: what rules say of a declaration in which not everything can be read.

A rule is a function of a whole declaration. So it is applied to what the declaration would be, whatever stood where
something is missing or wrong, and said is what holds in each case; a rule that hangs on such a value stays silent. That
of a mistake which has a finding already nothing more is said, is part of this.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

from ..codecs.finding import Finding
from ..codecs.limits import FINDING_COUNT_MAX
from ..codecs.messages.declaration import Declaration
from ..codecs.readings import Readings

Rule: TypeAlias = Callable[[Declaration], Iterable[Finding]]
"""From a declaration to what is wrong with it."""

CODE_COUNT_MAX: Final = 40
"""Readings with one code after the other where a code can't be read: one that findings name first, then any."""

READ_ELEMENT_COUNT_MAX: Final = 40_000
"""Elements that all these readings go through: for a large document there are fewer of them."""

CHECKED_FINDING_COUNT_MAX: Final = 10 * FINDING_COUNT_MAX
"""Findings that are looked at in one reading: some of them may not hold in another."""

_WORD: Final = re.compile(r"[A-Za-z0-9]+")


def certain(readings: Readings[Declaration], rules: Sequence[Rule], known: Iterable[Finding]) -> list[Finding]:
    """What the rules find in every reading, less what is about the place of a finding that is `known`."""
    places = {finding.pointer for finding in known}
    found = [each for each in _said(rules, readings.least()) if each.pointer not in places]
    found = _still(found, rules, readings.most())
    count = min(CODE_COUNT_MAX, READ_ELEMENT_COUNT_MAX // readings.element_count)
    for codes in islice(_asked(readings, found), count):
        if not found:
            break
        found = _still(found, rules, readings.most(codes))
    return found[:FINDING_COUNT_MAX]


def _asked(readings: Readings[Declaration], found: Iterable[Finding]) -> Iterator[tuple[str, ...]]:
    """The codes to be tried where a code can't be read."""
    known = {code for codes in readings.open_codes.values() for code in codes}
    named = dict.fromkeys(word for finding in found for word in _words(finding) if word in known)
    yield from ((code,) for code in named)
    yield from readings.codes()


def _still(found: list[Finding], rules: Sequence[Rule], declaration: Declaration) -> list[Finding]:
    said = set(_said(rules, declaration)) if found else set()
    return [finding for finding in found if finding in said]


def _said(rules: Sequence[Rule], declaration: Declaration) -> Iterator[Finding]:
    return islice((finding for rule in rules for finding in rule(declaration)), CHECKED_FINDING_COUNT_MAX)


def _words(finding: Finding) -> Iterator[str]:
    """The words of a finding, among which are the codes that would put it right."""
    for text in (finding.expected, finding.value, finding.message.en):
        yield from _WORD.findall(text or "")
