"""Pauses between attempts: doubled from one to the next, up to a limit."""

from typing import Final

RETRY_SECONDS_FIRST = 0.2
RETRY_SECONDS_MAX: Final = 30.0


def pause_seconds(failures: int, spread: float) -> float:
    """The pause after so many failures in a row, from 1; `spread`, 0 to 1, shortens it so that none march in step."""
    return min(RETRY_SECONDS_FIRST * 2.0 ** min(failures - 1, 16), RETRY_SECONDS_MAX) * spread
