"""Tells whoever follows a case, or the event feed, that there is news."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

_Key = tuple[str, str | None]


class Announcer:
    """Wakes followers in this process; what the news is they read from the store."""

    def __init__(self) -> None:
        self.count = 0
        """Announcements so far."""
        self._followers: defaultdict[_Key, set[asyncio.Event]] = defaultdict(set)

    @property
    def is_followed(self) -> bool:
        """Anybody follows anything."""
        return bool(self._followers)

    def following(self, case_id: str) -> AbstractContextManager[asyncio.Event]:
        """An event that is set at every announcement of the case; the follower clears it before it reads."""
        return self._waking(("case", case_id))

    def following_all(self, declarant: str | None) -> AbstractContextManager[asyncio.Event]:
        """An event as `following` gives, for all cases of a declarant; None: of every declarant."""
        return self._waking(("declarant", declarant))

    @contextmanager
    def _waking(self, key: _Key) -> Iterator[asyncio.Event]:
        bell = asyncio.Event()
        self._followers[key].add(bell)
        try:
            yield bell
        finally:
            self._followers[key].discard(bell)
            if not self._followers[key]:
                del self._followers[key]

    def announce(self, case_id: str, declarant: str) -> None:
        """Wake everyone who follows the case, its declarant's cases, or all cases."""
        self.count += 1
        for key in (("case", case_id), ("declarant", declarant), ("declarant", None)):
            for bell in self._followers.get(key, ()):
                bell.set()

    def announce_all(self) -> None:
        """Wake everyone, as when the window closes."""
        self.count += 1
        for bells in self._followers.values():
            for bell in bells:
                bell.set()
