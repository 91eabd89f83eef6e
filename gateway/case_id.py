"""Identifiers of cases: UUID version 7 (RFC 9562, section 5.7), so that the newest case sorts last."""

import re
from datetime import datetime
from uuid import UUID

PATTERN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""What a case id looks like; anything else names no case."""


def case_id(now: datetime, randomness: bytes) -> str:
    """A case id for a case received at `now` (aware), made unique by ten bytes of randomness."""
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | int.from_bytes(randomness[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))


def earliest(at: datetime, milliseconds: int = 0) -> str:
    """What comes before the ids of all cases received at `at` (aware) or later, and after those of all others.

    An id says the millisecond of its case's receipt and no more; `milliseconds` is added to that of `at`.
    """
    since_1970 = max(int(at.timestamp() * 1000) + milliseconds, 0)
    return str(UUID(int=since_1970 << 80))[: len("01234567-89ab-")]
