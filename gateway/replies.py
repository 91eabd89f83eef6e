"""Replies that agencies bring themselves, hours or days after they took their message."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import structlog
from msgspec.structs import replace

from ..agencies.agency import AnyAgency
from ..agencies.transport import Evidence, evidence
from ..codecs import REPLY
from ..codecs.digest import digest
from ..codecs.finding import Rejected
from ..codecs.messages import reply as reply_message
from . import message_id
from .case import Case
from .case_id import PATTERN
from .case_turns import CHANGES_MAX, WAITING_REPLIES_MAX, CaseTurns, case_busy
from .commands import Acknowledge, FailSend, Forbidden, Reply
from .dead_letter import Origin, Returned, named_message
from .delivery import REFUSED
from .document_names import reply_name
from .life import decide, outstanding, replay
from .metrics import Metrics
from .off_loop import off_loop, read_off_loop
from .papers import XML
from .reply_reading import read_reply_of
from .store.store import Conflict, Document, Entry, Store

TEXT: Final = "text/plain; charset=utf-8"

_ANY_TIME: Final = datetime(1, 1, 1, tzinfo=UTC)

log = structlog.get_logger("onewindow.replies")


class Replies:
    """Takes replies to the messages of a store's cases, and acknowledgements of them.

    `settled` is told what has been taken, and then `taken` the case that it has changed; `keep` has what is not taken,
    before whoever brought it hears so.
    """

    def __init__(
        self,
        store: Store,
        turns: CaseTurns,
        agencies: Mapping[str, AnyAgency],
        clock: Callable[[], datetime],
        metrics: Metrics,
        taken: Callable[[Case], None],
        settled: Callable[[Acknowledge | FailSend | Reply], None],
        keep: Callable[[Returned], Awaitable[None]],
    ) -> None:
        self._store = store
        self._turns = turns
        self._agencies = agencies
        self._clock = clock
        self._metrics = metrics
        self._taken = taken
        self._settled = settled
        self._keep = keep

    async def take(self, agency: str, body: bytes) -> tuple[Case, bool]:
        """Store an agency's reply, XML; the case then, and whether the reply was there already.

        Raises Rejected as `read_reply_of` does, Forbidden with `message-unknown` (no case has
        such a message), or as `decide` does. Each of them is counted: nothing is passed over. Raises also
        NotServing("case-busy"), StoreUnavailable.
        """
        came = evidence(body, XML)
        return await self._counted(agency, self._take(agency, body), named_message(body), came)

    async def acknowledge(self, agency: str, message: str, refused: str | None) -> tuple[Case, bool]:
        """Store that an agency took a message and sends no reply now, or, with the reason, that it refuses it.

        The case then, and whether that was known already. Raises as `take` does.
        """
        said = evidence((refused or "").encode(), TEXT)
        if refused is None:
            return await self._counted(
                agency, self._store_it(Acknowledge(agency=agency, message_id=message), ()), message, said
            )
        command = FailSend(agency=agency, message_id=message, code=REFUSED, detail=refused)
        self._metrics.failure(agency, REFUSED)
        case, known = await self._counted(agency, self._store_it(command, ()), message, said)
        part = case.part_of(message)
        if part is not None and part.failure == REFUSED:
            await self._keep(
                Returned(
                    agency=agency,
                    origin=Origin.MESSAGE,
                    code=REFUSED,
                    detail=refused,
                    message_id=message,
                    evidence=said,
                )
            )
        return case, known

    async def _counted(
        self, agency: str, work: Coroutine[Any, Any, tuple[Case, bool]], message: str | None, came: Evidence
    ) -> tuple[Case, bool]:
        try:
            return await work
        except (Rejected, Forbidden) as error:
            code = error.problem if isinstance(error, Rejected) else error.code
            self._metrics.reply_refused(agency, code)
            log.warning("reply refused", agency=agency, code=code)
            await self._keep(
                Returned(
                    agency=agency,
                    origin=Origin.BROUGHT,
                    code=code,
                    detail=str(error),
                    message_id=message,
                    evidence=came,
                )
            )
            raise

    async def _take(self, agency: str, body: bytes) -> tuple[Case, bool]:
        value = await read_off_loop(body, partial(read_reply_of, agency, body, self._clock()))
        command = Reply(
            agency=agency,
            message_id=value.message_id,
            outcome=value.outcome_code,
            agency_reference=value.agency_reference_id,
            decided_at=value.decision_date_time,
            digest=digest(body),
        )
        document = Document(name=reply_name(value.message_id), media_type=XML, body=body)
        return await self._store_it(command, (document,))

    async def _store_it(
        self, command: Acknowledge | FailSend | Reply, documents: tuple[Document, ...]
    ) -> tuple[Case, bool]:
        case_id = message_id.case_of(command.message_id)
        if not PATTERN.fullmatch(case_id):
            raise Forbidden("message-unknown")
        async with self._turns.turn(case_id, WAITING_REPLIES_MAX):
            for _ in range(CHANGES_MAX):
                record = await self._store.load(case_id)
                if record is None:
                    raise Forbidden("message-unknown")
                events = decide(record.case, command, self._clock())
                if not events:
                    return await self._known(record.case, command, documents), True
                case = replay(events, record.case)
                try:
                    await self._store.append(Entry(case=case, events=events, documents=documents))
                except Conflict:
                    continue
                self._settled(command)
                self._taken(case)
                return case, False
            raise case_busy()

    async def _known(
        self, case: Case, command: Acknowledge | FailSend | Reply, documents: tuple[Document, ...]
    ) -> Case:
        """The case, which has this already. Raises Forbidden("reply-differs")."""
        if isinstance(command, Reply):
            await self._check_same(case, command, documents)
        self._settled(command)
        if outstanding(case):
            self._taken(case)
        return case

    async def _check_same(self, case: Case, reply: Reply, documents: tuple[Document, ...]) -> None:
        """Raises Forbidden("reply-differs") where the message was answered before, and otherwise."""
        name = reply_name(reply.message_id)
        record = await self._store.load(case.id, name)
        stored = None if record is None else record.documents.get(name)
        if stored is None or stored.body == documents[0].body:
            return
        size = len(stored.body) + len(documents[0].body)
        if not await off_loop(size, partial(_mean_the_same, stored.body, documents[0].body)):
            raise Forbidden("reply-differs")


def _mean_the_same(one: bytes, other: bytes) -> bool:
    return _meant(one) == _meant(other)


def _meant(body: bytes) -> reply_message.Reply:
    """What a reply says but for when it was decided: a person who answers again does so at another time."""
    return replace(REPLY.decode_xml(body), decision_date_time=_ANY_TIME)
