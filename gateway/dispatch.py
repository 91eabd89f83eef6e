"""Dispatch: carries every open case from acceptance to its signed response.

One task per case. It sends the messages to all agencies at once, stores each answer as it comes, and when the last is
in, merges and signs. All it knows it has from the store or has put there, so that it can be cut off anywhere and be
begun again: what is outstanding is worked out from the case.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count

import msgspec
import structlog

from ..agencies.agency import AnyAgency
from ..agencies.transport import Outgoing, Transport, Unreachable
from ..codecs import REPLY, RESPONSE
from ..codecs.digest import digest
from ..codecs.finding import Rejected
from ..codecs.keys import Signer
from ..codecs.messages import reply as reply_message
from ..codecs.signature import sign_encoded
from .announcer import Announcer
from .case import (
    Acknowledge,
    Case,
    Command,
    Decide,
    Deliver,
    FailSend,
    Merge,
    PartState,
    Reply,
    Send,
    decide,
    outstanding,
    replay,
)
from .crash_point import crash_point
from .events import Event
from .merge import Answer, merge
from .metrics import Metrics
from .papers import RESPONSE_NAME, XML, Papers, names, papers, reply_name
from .store.store import Conflict, Document, Entry, RecordDamaged, Store, StoreUnavailable

RETRY_SECONDS_FIRST = 0.2
RETRY_SECONDS_MAX = 30.0

log = structlog.get_logger("onewindow.dispatch")


class Arrival(msgspec.Struct, frozen=True):
    """What came of one delivery: a command for the case and, of an answer, the reply as struct and as bytes."""

    command: Acknowledge | FailSend | Reply
    reply: tuple[reply_message.Reply, Document] | None = None


class Dispatch:
    """The tasks that carry cases on.

    `transports` by agency code. `inflight_max`: cases taken up from the store at one time; who hands in more by `carry`
    keeps count.
    """

    def __init__(
        self,
        store: Store,
        agencies: Mapping[str, AnyAgency],
        transports: Mapping[str, Transport],
        signer: Signer,
        announcer: Announcer,
        metrics: Metrics,
        clock: Callable[[], datetime],
        inflight_max: int,
    ) -> None:
        self._store = store
        self._agencies = agencies
        self._transports = transports
        self._signer = signer
        self._announcer = announcer
        self._metrics = metrics
        self._clock = clock
        self._inflight_max = inflight_max
        self._room = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def inflight(self) -> int:
        """Cases that are being carried."""
        return len(self._tasks)

    async def run(self, stopping: asyncio.Event, grace_seconds: float) -> None:
        """Carry cases on until `stopping` is set; what can end within the grace then ends, the store has the rest."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            recovery = group.create_task(self._recover())
            await stopping.wait()
            recovery.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks.values(), timeout=grace_seconds)
            self._group = None
            for task in self._tasks.values():
                task.cancel()

    def carry(self, case_id: str, in_hand: Papers | None = None) -> None:
        """Take a case up, once, from the papers in hand or from the store; not before `run` nor when stopping."""
        if self._group is None or case_id in self._tasks:
            return
        task = self._group.create_task(self._carry(case_id, in_hand), name=f"case {case_id}")
        self._tasks[case_id] = task
        self._metrics.inflight.set(len(self._tasks))
        task.add_done_callback(lambda _: self._done(case_id))

    def _done(self, case_id: str) -> None:
        del self._tasks[case_id]
        self._room.set()
        self._metrics.inflight.set(len(self._tasks))

    async def _recover(self) -> None:
        """Every case that was open when the store was last closed goes on from where it was."""
        delays = _delays()
        carried = 0
        while True:
            try:
                async for case in self._store.outstanding():
                    while self.inflight >= self._inflight_max:
                        self._room.clear()
                        await self._room.wait()
                    self.carry(case.id)
                    carried += 1
                if carried:
                    log.info("open cases carried on", count=carried)
                return
            except StoreUnavailable as error:
                log.warning("store unavailable", error=str(error))
            await asyncio.sleep(next(delays))

    async def _carry(self, case_id: str, in_hand: Papers | None) -> None:
        delays = _delays()
        while True:
            try:
                current = in_hand or await self._reload(case_id)
                if current is not None:
                    await self._advance(current)
                return
            except Conflict:
                pass  # another writer was first: begin again from what it wrote
            except StoreUnavailable as error:
                log.warning("store unavailable", case=case_id, error=str(error))
                await asyncio.sleep(next(delays))
            except RecordDamaged as error:
                log.error("case damaged, left alone", case=case_id, error=str(error))
                return
            except Exception:
                log.exception("case held up", case=case_id)
                await asyncio.sleep(next(delays))
            in_hand = None

    async def _reload(self, case_id: str) -> Papers | None:
        record = await self._store.load(case_id)
        if record is None or not outstanding(record.case):
            return None
        record = await self._store.load(case_id, *names(record.case))
        return None if record is None else papers(record, self._agencies)

    async def _advance(self, current: Papers) -> None:
        ready = tuple(part.agency for part in current.case.parts if part.state is PartState.READY)
        with self._metrics.stage("dispatch"):
            current = await self._step(current, Send(agencies=ready))
        crash_point("sent")
        while work := outstanding(current.case):
            if isinstance(work[0], Merge):
                await self._conclude(current)
                return
            current = await self._gather(current, tuple(each for each in work if isinstance(each, Deliver)))

    async def _gather(self, current: Papers, work: tuple[Deliver, ...]) -> Papers:
        """Deliver all messages at once and store what comes back until every agency has answered."""
        arrivals: asyncio.Queue[Arrival] = asyncio.Queue()
        async with _deliveries(self._deliver(current, each, arrivals) for each in work):
            while not all(part.settled for part in current.case.parts):
                batch = [await arrivals.get()]
                while not arrivals.empty():
                    batch.append(arrivals.get_nowait())
                answers = {each.command.agency: each.reply for each in batch if each.reply is not None}
                with self._metrics.stage("reply"):
                    current = await self._step(
                        current,
                        *(arrival.command for arrival in batch),
                        documents=tuple(document for _, document in answers.values()),
                    )
                replies = {agency: value for agency, (value, _) in answers.items()}
                current = msgspec.structs.replace(current, replies={**current.replies, **replies})
                for _ in replies:
                    crash_point("reply-stored")
        return current

    async def _deliver(self, current: Papers, work: Deliver, arrivals: asyncio.Queue[Arrival]) -> None:
        """Deliver one message until the agency has taken it; every failure is told, and tried again after a while."""
        agency = work.agency
        for attempt, delay in enumerate(_delays(), start=1):
            outgoing = Outgoing(
                message_id=work.message_id,
                agency=agency,
                body=current.messages[agency].body,
                attempt=attempt,
                reference=current.case.reference,
            )
            try:
                with self._metrics.agency(agency):
                    answer = await self._transports[agency].deliver(outgoing)
                arrival = self._arrival(work, answer, current.case.revision)
            except Unreachable as error:
                arrival = _failure(work, error.code, error.detail)
            except Rejected as error:
                arrival = _failure(work, "message-refused", str(error))
            except Exception as error:
                log.exception("transport failed", agency=agency, message_id=work.message_id)
                arrival = _failure(work, "transport-failed", type(error).__name__)
            await arrivals.put(arrival)
            if not isinstance(arrival.command, FailSend):
                return
            await asyncio.sleep(delay)

    def _arrival(self, work: Deliver, answer: bytes | None, revision: int) -> Arrival:
        """The command that an agency's answer is.

        An answer that breaks its schema, or is to another message or from another agency, is no answer.
        """
        if answer is None:
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
            (value, Document(name=reply_name(work.agency, revision), media_type=XML, body=answer)),
        )

    async def _conclude(self, current: Papers) -> None:
        """Merge, sign, and store the one response."""
        now = self._clock()
        answers = {agency: Answer(current.messages[agency].value, reply) for agency, reply in current.replies.items()}
        with self._metrics.stage("merge"):
            value = merge(current.case, current.declaration, answers, self._agencies, now)
            unsigned = RESPONSE.encode_xml(value)
        crash_point("merged")
        with self._metrics.stage("sign"):
            body = sign_encoded(unsigned, self._signer)
        crash_point("signed")
        with self._metrics.stage("commit"):
            decided = await self._step(
                current,
                Decide(outcome=value.outcome_code, digest=digest(body)),
                documents=(Document(name=RESPONSE_NAME, media_type=XML, body=body),),
            )
        self._metrics.decided(decided.case)
        crash_point("shown")

    async def _step(self, current: Papers, *commands: Command, documents: tuple[Document, ...] = ()) -> Papers:
        """Decide the commands, store what they make of the case, and tell its followers. Raises as `append` does."""
        case: Case = current.case
        events: list[Event] = []
        for command in commands:
            news = decide(case, command, self._clock())
            case = replay(news, case)
            events.extend(news)
        if not events:
            return current
        await self._store.append(Entry(case=case, events=tuple(events), documents=documents))
        self._announcer.announce(case.id)
        return msgspec.structs.replace(current, case=case)


def _failure(work: Deliver, code: str, detail: str) -> Arrival:
    return Arrival(FailSend(agency=work.agency, message_id=work.message_id, code=code, detail=detail[:500]))


def _delays() -> Iterator[float]:
    """Seconds to wait before the next attempt: doubled up to a limit, and spread so that cases don't march in step."""
    for power in count():
        longest = min(RETRY_SECONDS_FIRST * 2 ** min(power, 16), RETRY_SECONDS_MAX)
        yield longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreading load needs no secret randomness


@asynccontextmanager
async def _deliveries(deliveries: Iterable[Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Runs the deliveries beside the body and waits for them; what the body raises ends them and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for delivery in deliveries:
                group.create_task(delivery)
            yield
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from errors
