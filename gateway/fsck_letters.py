"""Fsck of dead letters: every one can be read, and is about a case that is there unless an agency alone said so."""

from collections.abc import AsyncIterator

from .dead_letter import Origin
from .store import RecordDamaged, Store


async def examined(store: Store) -> AsyncIterator[tuple[str, str, str]]:
    """What is wrong: fsck's code, the case's id and what it is about. Raises StoreUnavailable."""
    async for raw in store.dead_letters.inspect():
        letter = raw.letter
        if letter is None:
            yield "dead-letter-damaged", "", f"{raw.id}: {raw.unreadable}"
        elif letter.origin is not Origin.BROUGHT and not await _is_there(store, letter.case_id):
            yield "dead-letter-without-case", letter.case_id or "", letter.id


async def _is_there(store: Store, case_id: str | None) -> bool:
    """Also of a case that is damaged, which is another finding."""
    try:
        return case_id is not None and await store.load(case_id) is not None
    except RecordDamaged:
        return True
