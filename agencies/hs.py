"""Looking goods up by HS code: the longest heading that the code begins with decides."""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def longest_heading(table: Mapping[str, T], code: str) -> T | None:
    """What the table says of an HS code: the entry under the longest prefix of the code, None without one.

    table: by chapter (2 digits), heading (4), subheading (6) or national code (8 or 10).
    """
    for length in range(len(code), 1, -1):
        found = table.get(code[:length])
        if found is not None:
            return found
    return None
