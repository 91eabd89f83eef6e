"""What is wrong with a document: findings with a stable code, a place and words in two languages."""

from __future__ import annotations

from msgspec import Struct


class Text(Struct, frozen=True):
    """The same sentence in English and in Chinese."""

    en: str
    zh: str


class Finding(Struct, frozen=True, omit_defaults=True):
    """One mistake in a document.

    `code` is stable and lower case with dashes (`value-pattern`). `pointer` is an XPath over local names, with an index
    on repeatable steps (`/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Commodity/Classification[1]/ID`), an
    attribute's ending in `/@name`; `/` is the document as a whole. `line` counts from 1 and is None where the document
    has no lines to speak of (JSON). `value` is what was found, shortened; `expected` is what would have been right.
    `json_pointer` is the place once more as a JSON Pointer (RFC 6901) into what was sent, where that was JSON.
    """

    code: str
    pointer: str
    message: Text
    line: int | None = None
    value: str | None = None
    expected: str | None = None
    json_pointer: str | None = None


class Rejected(Exception):
    """A document that is not taken; a verdict on the document, not an error of the program.

    `problem` says why in one stable word: `too-large`, `forbidden-construct`, `not-well-formed`, `invalid`,
    `signature`. `findings` has at least one entry and at most `limits.FINDING_COUNT_MAX`.
    """

    def __init__(self, problem: str, findings: tuple[Finding, ...]) -> None:
        super().__init__(problem, findings)
        self.problem = problem
        self.findings = findings

    def __str__(self) -> str:
        first = self.findings[0] if self.findings else None
        return self.problem if first is None else f"{self.problem}: {first.pointer}: {first.message.en}"
