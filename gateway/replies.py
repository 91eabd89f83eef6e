"""Replies that agencies bring themselves, hours or days after they took their message."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from ..agencies.agency import AnyAgency
from ..codecs import REPLY
from ..codecs.digest import digest
from ..codecs.finding import Finding, Rejected, Text
from . import message_id
from .case import Case
from .case_id import PATTERN
from .commands import Forbidden, Reply
from .document_names import reply_name
from .life import decide, outstanding, replay
from .metrics import Metrics
from .papers import XML
from .store.store import Conflict, Document, Entry, Store

log = structlog.get_logger("onewindow.replies")


class Replies:
    """Takes replies to the messages of a store's cases. `taken` is told the case that one has changed."""

    def __init__(
        self,
        store: Store,
        agencies: Mapping[str, AnyAgency],
        clock: Callable[[], datetime],
        metrics: Metrics,
        taken: Callable[[Case], None],
    ) -> None:
        self._store = store
        self._agencies = agencies
        self._clock = clock
        self._metrics = metrics
        self._taken = taken

    async def take(self, agency: str, body: bytes) -> tuple[Case, bool]:
        """Store an agency's reply, XML; the case then, and whether the reply was there already.

        Raises Rejected where it breaks its schema or is another agency's, Forbidden with `message-unknown` (no case has
        such a message), or as `decide` does, StoreUnavailable. Each of them is counted: nothing is passed over.
        """
        try:
            return await self._take(agency, body)
        except (Rejected, Forbidden) as error:
            code = error.problem if isinstance(error, Rejected) else error.code
            self._metrics.reply_refused(agency, code)
            log.warning("reply refused", agency=agency, code=code)
            raise

    async def _take(self, agency: str, body: bytes) -> tuple[Case, bool]:
        value = REPLY.decode_xml(body)
        if value.agency_code != agency:
            raise Rejected("invalid", (_foreign(agency, value.agency_code),))
        case_id = message_id.case_of(value.message_id)
        command = Reply(
            agency=agency,
            message_id=value.message_id,
            outcome=value.outcome_code,
            agency_reference=value.agency_reference_id,
            decided_at=value.decision_date_time,
            digest=digest(body),
        )
        document = Document(name=reply_name(value.message_id), media_type=XML, body=body)
        while True:
            record = await self._store.load(case_id) if PATTERN.fullmatch(case_id) else None
            if record is None:
                raise Forbidden("message-unknown")
            events = decide(record.case, command, self._clock())
            if not events:
                if outstanding(record.case):
                    self._taken(record.case)
                return record.case, True
            case = replay(events, record.case)
            try:
                await self._store.append(Entry(case=case, events=events, documents=(document,)))
            except Conflict:
                continue
            self._taken(case)
            return case, False


def _foreign(agency: str, named: str) -> Finding:
    return Finding(
        code="reply-of-another",
        pointer="/Reply/AgencyCode",
        message=Text(
            en=f"The reply is {named}'s, and was brought as {agency}'s.",
            zh=f"回执报文属于 {named}，却以 {agency} 的名义提交。",
        ),
        value=named,
        expected=agency,
    )
