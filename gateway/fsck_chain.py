"""Fsck of the chain: entries are numbered without gaps, each follows the one before, and known ones are there."""

from collections.abc import AsyncIterator, Sequence

from .store import Store
from .store.chain import NOTHING, Head


class Chain:
    """The chain as it was gone through; `head` is that of the newest entry."""

    def __init__(self) -> None:
        self.head = NOTHING

    async def examined(self, store: Store, known: Sequence[Head]) -> AsyncIterator[tuple[str, str, str]]:
        """What is wrong: fsck's code, the case's id and what it is about. Raises StoreUnavailable.

        `known`: heads that were noted outside of the store.
        """
        noted = {head.number: head.digest for head in known if head.number}
        async for link in store.links():
            if link.number != self.head.number + 1:
                yield "entries-missing", "", _numbers(self.head.number + 1, link.number - 1)
            if link.sound is False:
                yield "entry-differs", link.case_id, str(link.number)
            if noted.pop(link.number, link.digest) != link.digest:
                yield "head-differs", "", str(link.number)
            self.head = Head(link.number, link.digest)
        newest = max(noted, default=0)
        if newest > self.head.number:
            yield "entries-missing", "", _numbers(self.head.number + 1, newest)


def _numbers(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"
