"""Deliveries: each brings one message to its agency, tries until it is taken, and hands back what came of it.

They are tasks of their own, beside those of the cases: a case may be revised while its agencies are at work, and an
answer to what it was before still comes in.
"""

import asyncio
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import count

import msgspec
import structlog

from ..agencies.transport import MessageKind, Outgoing, Transport, Unreachable
from ..codecs import REPLY
from ..codecs.digest import digest
from ..codecs.finding import Rejected
from ..codecs.messages import reply as reply_message
from .commands import Acknowledge, FailSend, Reply
from .document_names import reply_name
from .life import Deliver
from .metrics import Metrics
from .papers import XML, Papers
from .store.store import Document

RETRY_SECONDS_FIRST = 0.2
RETRY_SECONDS_MAX = 30.0

ATTEMPTS_IN_HAND_MAX = 6
"""Attempts, some six seconds' worth, after which a message is left to the store: a case must not keep a place in hand
for as long as an agency is down."""

log = structlog.get_logger("onewindow.delivery")


class Arrival(msgspec.Struct, frozen=True):
    """What came of one delivery: a command for the case and, of an answer, the reply as struct and as bytes."""

    command: Acknowledge | FailSend | Reply
    reply: tuple[reply_message.Reply, Document] | None = None
    last: bool = False
    """The last attempt for now failed."""


class Deliveries:
    """The messages that are on their way, each once.

    `arrived` is told the case id and what came of an attempt.
    """

    def __init__(
        self, transports: Mapping[str, Transport], metrics: Metrics, arrived: Callable[[str, Arrival], None]
    ) -> None:
        self._transports = transports
        self._metrics = metrics
        self._arrived = arrived
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wanted: dict[str, frozenset[str]] = {}

    def begin(self, group: asyncio.TaskGroup, current: Papers, work: Collection[Deliver]) -> None:
        """Deliver these messages and no other of the case; those on their way already go on."""
        self._wanted[current.case.id] = frozenset(each.message_id for each in work)
        for each in work:
            running = self._tasks.get(each.message_id)
            if running is None or running.done():
                task = group.create_task(self._deliver(current, each), name=f"message {each.message_id}")
                self._tasks[each.message_id] = task
                task.add_done_callback(partial(self._ended, each.message_id))

    def _ended(self, message_id: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(message_id) is task:
            del self._tasks[message_id]

    def leave(self, case_id: str) -> None:
        """What can't be delivered for this case is not tried again; what is being delivered still comes in."""
        self._wanted.pop(case_id, None)

    def cancel(self) -> None:
        """End all of them: the store has what the next start needs."""
        for task in self._tasks.values():
            task.cancel()

    async def _deliver(self, current: Papers, work: Deliver) -> None:
        """Deliver one message until the agency has taken it; every failure is told, and tried again after a while."""
        case = current.case
        body = current.body(work.message_id, work.agency)
        for attempt, delay in enumerate(delays(), start=1):
            outgoing = Outgoing(
                message_id=work.message_id,
                agency=work.agency,
                body=body,
                attempt=attempt,
                reference=case.reference,
                kind=work.kind,
            )
            arrival = await self._attempt(outgoing, work)
            last = isinstance(arrival.command, FailSend) and attempt == ATTEMPTS_IN_HAND_MAX
            self._arrived(case.id, msgspec.structs.replace(arrival, last=True) if last else arrival)
            if last or not isinstance(arrival.command, FailSend):
                return
            await asyncio.sleep(delay)
            if work.message_id not in self._wanted.get(case.id, ()):
                return

    async def _attempt(self, outgoing: Outgoing, work: Deliver) -> Arrival:
        agency = work.agency
        try:
            with self._metrics.agency(agency):
                answer = await self._transports[agency].deliver(outgoing)
            return arrival(work, answer)
        except Unreachable as error:
            return _failure(work, error.code, error.detail)
        except Rejected as error:
            return _failure(work, "message-refused", str(error))
        except Exception as error:
            log.exception("transport failed", agency=agency, message_id=work.message_id)
            return _failure(work, "transport-failed", type(error).__name__)


def arrival(work: Deliver, answer: bytes | None) -> Arrival:
    """What an agency's answer to a message is; None: the agency took the message and answers later.

    An answer that breaks its schema, or is to another message or from another agency, is no answer. Of a notice the
    agency has taken note, whatever it says.
    """
    if answer is None or work.kind is MessageKind.NOTICE:
        return Arrival(Acknowledge(agency=work.agency, message_id=work.message_id))
    try:
        value = REPLY.decode_xml(answer)
    except Rejected as error:
        return _failure(work, "reply-malformed", str(error))
    if value.message_id != work.message_id or value.agency_code != work.agency:
        return _failure(work, "reply-unmatched", f"{value.agency_code} {value.message_id}")
    return Arrival(
        Reply(
            agency=work.agency,
            message_id=work.message_id,
            outcome=value.outcome_code,
            agency_reference=value.agency_reference_id,
            decided_at=value.decision_date_time,
            digest=digest(answer),
        ),
        (value, Document(name=reply_name(work.message_id), media_type=XML, body=answer)),
    )


def _failure(work: Deliver, code: str, detail: str) -> Arrival:
    return Arrival(FailSend(agency=work.agency, message_id=work.message_id, code=code, detail=detail[:500]))


def delays() -> Iterator[float]:
    """Seconds to wait before the next attempt: doubled up to a limit, and spread so that cases don't march in step."""
    for power in count():
        longest = min(RETRY_SECONDS_FIRST * 2 ** min(power, 16), RETRY_SECONDS_MAX)
        yield longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreading load needs no secret randomness
