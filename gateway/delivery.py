"""Deliveries: each brings one message to its agency, and hands back what came of it.

They are tasks of their own, beside those of the cases: a case may be revised while its agencies are at work, and an
answer to what it was before still comes in.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import count

import msgspec
import structlog

from ..agencies.transport import (
    HELD,
    Answer,
    Evidence,
    MessageKind,
    Outgoing,
    Refused,
    Transport,
    Unfit,
    Unreachable,
    evidence,
)
from ..codecs.digest import digest
from ..codecs.finding import Rejected
from ..codecs.messages import reply as reply_message
from ..codecs.messages.codes import ReplyOutcome
from .backoff import pause_seconds
from .commands import Acknowledge, FailSend, Hold, Reply
from .dead_letter import DETAIL_CHARS_MAX, Origin, Returned, one_line
from .document_names import reply_name
from .lane import ATTEMPTS_MAX, Lane
from .life import Deliver
from .message_id import agency_of, case_of
from .metrics import Metrics
from .off_loop import read_off_loop
from .papers import XML, Papers
from .reply_reading import read_reply
from .store.store import Document

HELD_SECONDS = 300.0
"""After how long a message that lies ready for its agency is laid there again: what holds it may have lost it."""

REFUSED_SECONDS = 3600.0
"""After how long a message that its agency refused, or that can't go its way, is sent again: that may be mended."""

REFUSED = "message-refused"

UNDELIVERABLE = "message-undeliverable"
"""The code of a message that has failed so often that it is a dead letter, while others got through."""

log = structlog.get_logger("onewindow.delivery")


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one delivery: what it is to the case, if anything; of an answer, the reply as struct and as bytes.

    last: the message is not tried again before the case is taken up for it. returned: what came that is no answer.
    """

    message_id: str
    command: Acknowledge | FailSend | Hold | Reply | None = None
    reply: tuple[reply_message.Reply, Document] | None = None
    last: bool = False
    returned: Returned | None = None


class _Rest(msgspec.Struct, frozen=True):
    """A message is not delivered before a time of the loop's clock; `held`: because it lies ready for its agency."""

    until: float
    held: bool


class Deliveries:
    """The messages that are on their way, each once.

    `inflight` are the messages that each agency takes at a time. `arrived` is told the case id and what came of an
    attempt, `take_up` a case whose agency has room for its message; `keep` has what came that is no answer.
    """

    def __init__(
        self,
        transports: Mapping[str, Transport],
        inflight: Mapping[str, int],
        metrics: Metrics,
        clock: Callable[[], datetime],
        arrived: Callable[[str, Arrival], None],
        take_up: Callable[[str], None],
        keep: Callable[[Returned], Awaitable[None]],
    ) -> None:
        self._lanes = {
            code: Lane(code, transport, inflight[code], metrics, take_up) for code, transport in transports.items()
        }
        self._metrics = metrics
        self._clock = clock
        self._arrived = arrived
        self._keep = keep
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, _Rest] = {}

    def begin(self, group: asyncio.TaskGroup, current: Papers, work: Collection[Deliver]) -> None:
        """Deliver these messages of a case; those on their way already go on."""
        going = {each.agency for each in work if not self._rests(current.case.id, each)}
        for agency, lane in self._lanes.items():
            if agency not in going:  # answered in another way while it waited, say
                lane.give_up(current.case.id)
        for each in work:
            running = self._tasks.get(each.message_id)
            if running is None or running.done():
                task = group.create_task(self._deliver(current, each), name=f"message {each.message_id}")
                self._tasks[each.message_id] = task
                task.add_done_callback(partial(self._ended, each))

    def _ended(self, work: Deliver, task: asyncio.Task[None]) -> None:
        if self._tasks.get(work.message_id) is task:
            del self._tasks[work.message_id]
        self._lanes[work.agency].back(work.message_id)

    def leave(self, case_id: str) -> None:
        """Nothing waits for this case to be in hand; what is being delivered still comes in."""
        for lane in self._lanes.values():
            lane.give_up(case_id)

    def cancel(self) -> None:
        """End all of them: the store has what the next start needs."""
        for lane in self._lanes.values():
            lane.close()
        for task in self._tasks.values():
            task.cancel()

    def postpone(self, case_id: str, work: Collection[Deliver]) -> bool:
        """Whether none of these messages can go now: then the case waits for its agencies' room, and not in hand."""
        without = []
        for each in work:
            lane = self._lanes.get(each.agency)
            if lane is None or self._rests(case_id, each):  # an agency that is no longer installed has none
                continue
            if lane.has_room(each.message_id):
                return False
            without.append((lane, each.message_id))
        for lane, message_id in without:
            lane.wait(case_id, message_id)
        return True

    def _rests(self, case_id: str, work: Deliver) -> bool:
        """Whether a message is not to be delivered now, and somebody knows when."""
        return work.message_id in self._resting or self._lanes[work.agency].is_pausing(case_id, work.message_id)

    def rest(self, message_id: str) -> None:
        """Do not deliver a message again for a while: its agency refused it."""
        self._rest(message_id, REFUSED_SECONDS, held=False)

    def _rest(self, message_id: str, seconds: float, *, held: bool) -> None:
        self._resting[message_id] = _Rest(asyncio.get_running_loop().time() + seconds, held)

    def hurry(self, case_id: str, work: Deliver) -> None:
        """Let a message go that rests, and its agency's lane try it."""
        self._resting.pop(work.message_id, None)
        self._lanes[work.agency].hurry(case_id, work.message_id)

    def wake(self) -> None:
        """Forget which messages rest, of those that have rested long enough."""
        now = asyncio.get_running_loop().time()
        self._resting = {message_id: rest for message_id, rest in self._resting.items() if rest.until > now}

    def lost(self, agencies: Collection[str]) -> set[str]:
        """Deliver anew what lies ready for these agencies: what held it may have lost it. The cases concerned."""
        gone = [each for each, rest in self._resting.items() if rest.held and agency_of(each) in agencies]
        for message_id in gone:
            del self._resting[message_id]
        return {case_of(message_id) for message_id in gone}

    async def _deliver(self, current: Papers, work: Deliver) -> None:
        """Try one message; where that fails its lane takes the case up again after a while."""
        case, lane = current.case, self._lanes[work.agency]
        if work.message_id in self._resting:
            self._arrived(case.id, Arrival(message_id=work.message_id, last=True))
            return
        attempt = asyncio.timeout(None)
        if not lane.enter(case.id, work.message_id, attempt):
            self._arrived(case.id, _no_room(work, lane))
            return
        outgoing = Outgoing(
            message_id=work.message_id,
            agency=work.agency,
            body=current.body(work.message_id, work.agency),
            attempt=lane.attempts(work.message_id) + 1,
            reference=case.reference,
            kind=work.kind,
        )
        came, returned = await self._attempt(case.id, outgoing, work, lane, attempt)
        for each in returned:  # the lane is given back: nobody waits for the disk but this message
            await self._keep(each)
        self._arrived(case.id, came)

    async def _attempt(
        self, case_id: str, outgoing: Outgoing, work: Deliver, lane: Lane, attempt: asyncio.Timeout
    ) -> tuple[Arrival, list[Returned]]:
        """One attempt: what came of it to the case, and what is a dead letter."""
        with self._metrics.agency(work.agency):
            came = await _attempted(outgoing, work, lane.transport, self._clock, attempt)
        returned = [] if came.returned is None else [came.returned]
        failure = came.command if isinstance(came.command, FailSend) else None
        if failure is None:
            if came.last:
                self._rest(work.message_id, HELD_SECONDS, held=True)
            lane.got_through(work.message_id)
            return came, returned
        self._metrics.failure(work.agency, failure.code)
        if not came.last:
            return self._failed(case_id, failure, lane, came, returned)
        self._rest(work.message_id, REFUSED_SECONDS, held=False)
        if failure.code == REFUSED:  # by which the agency shows that it is there
            lane.got_through(work.message_id)
        else:
            lane.returned(work.message_id)
        return came, returned

    def _failed(
        self, case_id: str, failure: FailSend, lane: Lane, came: Arrival, returned: list[Returned]
    ) -> tuple[Arrival, list[Returned]]:
        failing = lane.failed(case_id, failure.message_id, failure)
        command = failure
        if failing.attempts >= ATTEMPTS_MAX:
            last = one_line(f"{failing.attempts} attempts; the last: {failure.code} {failure.detail}", DETAIL_CHARS_MAX)
            if failing.others:
                command = msgspec.structs.replace(failure, code=UNDELIVERABLE, detail=last)
            if failing.attempts == ATTEMPTS_MAX:
                said = evidence(b"") if came.returned is None else came.returned.evidence
                dead = Returned(
                    agency=failure.agency,
                    origin=Origin.MESSAGE,
                    code=UNDELIVERABLE,
                    detail=last,
                    message_id=failure.message_id,
                    evidence=said,
                )
                returned = [*returned, dead]
        return msgspec.structs.replace(came, command=command, last=True), returned


async def _attempted(
    outgoing: Outgoing, work: Deliver, transport: Transport, clock: Callable[[], datetime], attempt: asyncio.Timeout
) -> Arrival:
    try:
        async with attempt:
            answer = await transport.deliver(outgoing)
        read = partial(arrival, work, answer, clock())
        return await read_off_loop(answer, read) if isinstance(answer, bytes) else read()
    except Unfit as error:  # which rests, and does not speak against the agency
        return msgspec.structs.replace(_failure(work, error.code, error.detail), last=True)
    except Unreachable as error:
        return _failure(work, error.code, error.detail, error.evidence)
    except Rejected as error:
        said = error.evidence if isinstance(error, Refused) else evidence(b"")
        return msgspec.structs.replace(_failure(work, REFUSED, str(error), said, Origin.MESSAGE), last=True)
    except Exception as error:
        if attempt.expired():  # the agency may have the message, and takes the next attempt for this one
            return _failure(work, "timeout", "others got past it, and have its place")
        log.exception("transport failed", agency=work.agency, message_id=work.message_id)
        return _failure(work, "transport-failed", type(error).__name__)


def _no_room(work: Deliver, lane: Lane) -> Arrival:
    """A message that can't go now; where that is because its agency is down, the case is told why, once.

    Not in whose words: those were said of another case's message.
    """
    if lane.failure is None or lane.attempts(work.message_id):
        return Arrival(message_id=work.message_id, last=True)
    return msgspec.structs.replace(_failure(work, lane.failure.code, ""), last=True)


def arrival(work: Deliver, answer: Answer, now: datetime) -> Arrival:
    """What an agency's answer to a message is, which came `now`; None: the agency took the message and answers later.

    An answer that breaks its schema or can't be meant, or is to another message or from another agency, is no answer.
    Of a notice the agency has taken note, whatever it says.
    """
    if answer is HELD:
        return Arrival(
            message_id=work.message_id, command=Hold(agency=work.agency, message_id=work.message_id), last=True
        )
    if answer is None or work.kind is MessageKind.NOTICE:
        return Arrival(message_id=work.message_id, command=Acknowledge(agency=work.agency, message_id=work.message_id))
    try:
        value = read_reply(answer, now)
    except Rejected as error:
        return _failure(work, "reply-malformed", str(error), evidence(answer, XML))
    if value.message_id != work.message_id or value.agency_code != work.agency:
        named = f"{value.agency_code} {value.message_id}"
        return _failure(work, "reply-unmatched", named, evidence(answer, XML))
    if work.kind is MessageKind.INSPECTION_ORDER and value.outcome_code is ReplyOutcome.INSPECTION_REQUIRED:
        return _failure(work, "result-missing", "the goods were to be seen", evidence(answer, XML))
    return Arrival(
        message_id=work.message_id,
        command=Reply(
            agency=work.agency,
            message_id=work.message_id,
            outcome=value.outcome_code,
            agency_reference=value.agency_reference_id,
            decided_at=value.decision_date_time,
            digest=digest(answer),
        ),
        reply=(value, Document(name=reply_name(work.message_id), media_type=XML, body=answer)),
    )


def _failure(
    work: Deliver, code: str, detail: str, came: Evidence | None = None, origin: Origin = Origin.ANSWER
) -> Arrival:
    """A failure and, where something came, what becomes a dead letter of it."""
    agency, message, words = work.agency, work.message_id, one_line(detail, DETAIL_CHARS_MAX)
    command = FailSend(agency=agency, message_id=message, code=code, detail=words)
    if came is None:
        return Arrival(message_id=message, command=command)
    returned = Returned(agency=agency, origin=origin, code=code, detail=words, message_id=message, evidence=came)
    return Arrival(message_id=message, command=command, returned=returned)


def delays() -> Iterator[float]:
    """Seconds to wait before the next attempt: doubled up to a limit, and spread so that cases don't march in step."""
    for failures in count(1):
        yield pause_seconds(failures, random.uniform(0.5, 1.0))  # noqa: S311 - spreading load needs no secret randomness
