"""Tells whoever follows a case that it has news."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Announcer:
    """Wakes the followers of a case in this process; what the news is they read from the store."""

    def __init__(self) -> None:
        self._followers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def following(self, case_id: str) -> Iterator[asyncio.Event]:
        """An event that is set at every announcement of the case; the follower clears it before it reads."""
        bell = asyncio.Event()
        self._followers[case_id].add(bell)
        try:
            yield bell
        finally:
            self._followers[case_id].discard(bell)
            if not self._followers[case_id]:
                del self._followers[case_id]

    def announce(self, case_id: str) -> None:
        """Wake everyone who follows the case."""
        for bell in self._followers.get(case_id, ()):
            bell.set()

    def announce_all(self) -> None:
        """Wake everyone, as when the window closes."""
        for bells in self._followers.values():
            for bell in bells:
                bell.set()
