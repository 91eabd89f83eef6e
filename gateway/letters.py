"""What agencies fetch, and what they say of it: read from the store, written to the store."""

from collections.abc import Awaitable, Callable

import structlog

from . import message_id
from .case_id import PATTERN
from .document_names import message_name
from .store.store import RecordDamaged, Store

log = structlog.get_logger("onewindow.letters")


def reading(store: Store, agency: str) -> Callable[[str], Awaitable[bytes | None]]:
    """Reads an agency's messages by id: their bytes; None for one that is not to be delivered, any more or at all.

    Raises StoreUnavailable.
    """

    async def read(message: str) -> bytes | None:
        case_id, name = message_id.case_of(message), message_name(message)
        try:
            record = await store.load(case_id, name) if PATTERN.fullmatch(case_id) else None
        except RecordDamaged as error:
            log.error("record damaged", case=case_id, detail=error.detail)
            return None
        part = None if record is None else record.case.part_of(message)
        if record is None or part is None or part.agency != agency:
            return None
        if not (part.undelivered and record.case.is_live(part) and name in record.documents):
            return None
        return record.documents[name].body

    return read
