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

CODE_COUNT_MAX: Final = 8
"""Codes that findings so far name, with each of which the rules are applied once more."""

LARGE_CODE_COUNT_MAX: Final = 1
"""The same for a large document, which takes some tenths of a second to read."""

CHECKED_FINDING_COUNT_MAX: Final = 10 * FINDING_COUNT_MAX
"""Findings that are looked at in one reading: some of them may not hold in another."""

_WORD: Final = re.compile(r"[A-Za-z0-9]+")


def certain(readings: Readings[Declaration], rules: Sequence[Rule], known: Iterable[Finding]) -> list[Finding]:
    """What the rules find in every reading, less what is about the place of a finding that is `known`."""
    places = {finding.pointer for finding in known}
    found = [each for each in _said(rules, readings.least()) if each.pointer not in places]
    found = _still(found, rules, readings.most())
    named = dict.fromkeys(word for finding in found for word in _words(finding) if word in readings.open_codes)
    for code in islice(named, LARGE_CODE_COUNT_MAX if readings.is_large else CODE_COUNT_MAX):
        found = _still(found, rules, readings.most((code,)))
    return found[:FINDING_COUNT_MAX]


def _still(found: list[Finding], rules: Sequence[Rule], declaration: Declaration) -> list[Finding]:
    said = set(_said(rules, declaration)) if found else set()
    return [finding for finding in found if finding in said]


def _said(rules: Sequence[Rule], declaration: Declaration) -> Iterator[Finding]:
    return islice((finding for rule in rules for finding in rule(declaration)), CHECKED_FINDING_COUNT_MAX)


def _words(finding: Finding) -> Iterator[str]:
    """The words of a finding, among which are the codes that would put it right."""
    for text in (finding.expected, finding.value, finding.message.en):
        yield from _WORD.findall(text or "")
