"""How much of a document the codecs are willing to look at: every limit with its unit in its name."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

FINDING_COUNT_MAX: Final = 100
"""Findings in one rejection; where a document has more, the last of them says so."""

VALUE_CHARS_MAX: Final = 80
"""Characters of an offending value that a finding repeats."""

EXPLAINED_ELEMENT_COUNT_MAX: Final = 10_000
"""Up to here every element of an invalid document is looked at for mistakes; of a larger document only those elements
that libxml2 names, which stops looking inside a parent after its first mistake."""

WORDS_CHARS_MAX: Final = 500
"""Characters of what libxml2 says that a finding repeats: it quotes names and values at any length."""

COMPLAINT_COUNT_MAX: Final = 1_000
"""Entries of libxml2's log that are looked at; it has one for every mistake."""


class Limits(Struct, frozen=True, kw_only=True):
    """What one document may cost; a document at a limit is taken, one past it is refused as `too-large`."""

    body_bytes_max: int = 4 * 1024 * 1024
    depth_max: int = 32
    """Levels of elements, the root being the first."""
    element_count_max: int = 100_000
    """Counted before parsing, so comments, processing instructions and CDATA sections count as elements do."""
    attribute_count_max: int = 100_000
    """Counted before parsing, as equals signs or pairs of quotes, whichever are fewer; namespace declarations count."""
    text_bytes_max: int = 256 * 1024
    """Bytes of one text node or one attribute's value, in UTF-8."""


DEFAULT: Final = Limits()
