"""Dispatch: carries every open case from acceptance to its signed response.

One task per case that has work in hand. It sends the messages to all agencies at once, stores each answer as it comes,
and when the last is in, merges and signs. All it knows it has from the store or has put there, so that it can be cut
off anywhere and be begun again: what is outstanding is worked out from the case.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec
import structlog

from ..agencies.agency import AnyAgency
from ..agencies.transport import MessageKind, Transport
from ..codecs import RESPONSE
from ..codecs.digest import digest
from .announcer import Announcer
from .case import Case, PartState
from .clock import Clock
from .commands import Command, Decide, FailSend, OrderInspection, RequestSupplement, Send, TimePassed
from .crash_point import crash_point
from .dead_letter import Returned
from .deadlines import Limit, next_deadline
from .delivery import Arrival, Deliveries, delays
from .document_names import RESPONSE_NAME, message_name
from .events import DocumentOverdue, Event, Overdue
from .inspection import orderings
from .life import Ask, Deliver, Merge, Order, Work, decide, outstanding, replay
from .merge import Answer, merge, payable
from .metrics import Metrics
from .off_loop import off_loop
from .papers import XML, AgencyMissing, Papers, names, papers
from .seal import Seal, Unsealed
from .store.store import Conflict, Document, Entry, RecordDamaged, Store, StoreUnavailable
from .timer import Timer

THREAD_ITEMS = 200
"""Answers to declarations with more items than this are merged in a thread: fewer take less than ten milliseconds."""

SWEEP_SECONDS = 30.0
"""How often cases that are open and not in hand are taken up again: those whose agency could not be reached."""

log = structlog.get_logger("onewindow.dispatch")


class _Hand(msgspec.Struct):
    """One case in hand: what has come in for it and is not stored yet, and whether it has changed in the store.

    `failed` are the ids of messages that are not tried again before their lane, or the next sweep, takes the case up.
    """

    arrivals: list[Arrival] = msgspec.field(default_factory=list)
    failed: set[str] = msgspec.field(default_factory=set)
    changed: bool = False
    bell: asyncio.Event = msgspec.field(default_factory=asyncio.Event)


class Dispatch:
    """The tasks that carry cases on.

    `transports`, `limits` and `agency_inflight`, the messages on their way at one time, by agency code. `inflight_max`:
    cases taken up from the store at one time; who hands in more by `carry` keeps count. `keep` has what agencies send
    that is no answer.
    """

    def __init__(
        self,
        store: Store,
        agencies: Mapping[str, AnyAgency],
        transports: Mapping[str, Transport],
        seal: Seal,
        announcer: Announcer,
        metrics: Metrics,
        clock: Clock,
        limits: Mapping[str, Limit],
        inflight_max: int,
        agency_inflight: Mapping[str, int],
        keep: Callable[[Returned], Awaitable[None]],
    ) -> None:
        self._store = store
        self._agencies = agencies
        self._seal = seal
        self._announcer = announcer
        self._metrics = metrics
        self._clock = clock
        self._limits = limits
        self._timer = Timer(clock, self.carry)
        self._inflight_max = inflight_max
        self._room = asyncio.Event()
        self._again = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._hands: dict[str, _Hand] = {}
        self._deliveries = Deliveries(transports, agency_inflight, metrics, clock, self._arrived, self._take_up, keep)

    @property
    def inflight(self) -> int:
        """Cases that are being carried."""
        return len(self._tasks)

    @property
    def left(self) -> asyncio.Event:
        """Set when a case is no longer in hand, and cleared by whoever waits for that."""
        return self._room

    async def run(self, stopping: asyncio.Event, grace_seconds: float) -> None:
        """Carry cases on until `stopping` is set; what can end within the grace then ends, the store has the rest."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            recovery = group.create_task(self._recover())
            timer = group.create_task(self._timer.run())
            try:
                await stopping.wait()
                recovery.cancel()
                timer.cancel()
                if self._tasks:
                    await asyncio.wait(self._tasks.values(), timeout=grace_seconds)
            finally:
                self._group = None
            self._deliveries.cancel()
            for task in self._tasks.values():
                task.cancel()

    def carry(self, case_id: str, in_hand: Papers | None = None) -> None:
        """Take a case up, from the papers in hand or from the store; not before `run` nor when stopping.

        A case that is in hand already is looked at again.
        """
        if self._group is None:
            return
        hand = self._hands.setdefault(case_id, _Hand())
        if case_id in self._tasks:
            hand.changed = True
            hand.bell.set()
            return
        task = self._group.create_task(self._carry(case_id, hand, in_hand), name=f"case {case_id}")
        self._tasks[case_id] = task
        task.add_done_callback(lambda _: self._done(case_id))

    def rest(self, message_id: str) -> None:
        """A message that its agency refused is not delivered again for a while."""
        self._deliveries.rest(message_id)

    def send_again(self, case_id: str, work: Deliver) -> None:
        """Deliver a message now, though it rests or was put by: an operator says so."""
        self._deliveries.hurry(case_id, work)
        if case_id in self._hands:
            self._hands[case_id].failed.discard(work.message_id)
        self.carry(case_id)

    def lost(self, agencies: Collection[str]) -> None:
        """What lay ready for these agencies may be gone: it is laid ready again, from the store."""
        for case_id in self._deliveries.lost(agencies):
            if case_id in self._tasks:
                self._take_up(case_id)
        self._again.set()

    def sweep_again(self) -> None:
        """Look at all open cases again: more, or less, can be done for them than before."""
        self._again.set()

    def _arrived(self, case_id: str, arrival: Arrival) -> None:
        hand = self._hands.setdefault(case_id, _Hand())
        hand.arrivals.append(arrival)
        if arrival.last:
            hand.failed.add(arrival.message_id)
        hand.bell.set()
        if case_id not in self._tasks:
            self.carry(case_id)

    def _take_up(self, case_id: str) -> None:
        """An agency has room for a message of this case that had to wait."""
        if case_id in self._hands:
            self._hands[case_id].failed.clear()
        self.carry(case_id)

    def _done(self, case_id: str) -> None:
        del self._tasks[case_id]
        hand = self._hands.pop(case_id)
        self._deliveries.leave(case_id)
        self._room.set()
        if self._group is not None and (hand.arrivals or hand.changed):  # news that came in the last moment
            self._hands[case_id] = hand
            self.carry(case_id)

    async def _recover(self) -> None:
        """Every case that is open and not in hand goes on: at the start all of them, later those put by or lost."""
        while True:
            self._again.clear()
            await self._sweep()
            try:
                async with asyncio.timeout(SWEEP_SECONDS):
                    await self._again.wait()
            except TimeoutError:
                pass

    async def _sweep(self) -> None:
        pauses = delays()
        carried = 0
        self._deliveries.wake()
        while True:
            try:
                async for case in self._store.outstanding():
                    if self._has_work(case) and case.id not in self._tasks:
                        while self.inflight >= self._inflight_max:
                            self._room.clear()
                            await self._room.wait()
                        self.carry(case.id)
                        carried += 1
                    else:
                        self._timer.set(case.id, next_deadline(case))
                if carried:
                    log.info("open cases carried on", count=carried)
                return
            except StoreUnavailable as error:
                log.warning("store unavailable", error=str(error))
            await asyncio.sleep(next(pauses))

    def _has_work(self, case: Case) -> bool:
        """Whether something can be done for a case now: more than to wait for agencies that take nothing."""
        work = self._work(case)
        messages = [each for each in work if isinstance(each, Deliver)]
        if not messages or len(messages) < len(work) or _is_unsent(case):
            return bool(work)
        return not self._deliveries.postpone(case.id, messages)

    def _work(self, case: Case) -> tuple[Work, ...]:
        """What is outstanding and can be done: while nothing can be signed a response waits, all else goes on."""
        work = outstanding(case)
        if Merge() in work and self._seal.refusal(self._clock()) is not None:
            return tuple(each for each in work if not isinstance(each, Merge))
        return work

    async def _carry(self, case_id: str, hand: _Hand, in_hand: Papers | None) -> None:
        pauses = delays()
        while True:
            try:
                current = in_hand or await self._reload(case_id, hand)
                if current is not None:
                    await self._advance(current, hand)
                return
            except Conflict:
                pass  # another writer was first: begin again from what it wrote
            except StoreUnavailable as error:
                log.warning("store unavailable", case=case_id, error=str(error))
                await asyncio.sleep(next(pauses))
            except Unsealed:  # the certificate ran out while the response was made: look again at what can be done
                pass
            except (RecordDamaged, AgencyMissing) as error:
                why = "agency not installed" if isinstance(error, AgencyMissing) else "case damaged"
                log.error(f"{why}, case left alone", case=case_id, error=str(error))
                hand.arrivals.clear()
                hand.changed = False
                return
            except Exception:
                log.exception("case held up", case=case_id)
                await asyncio.sleep(next(pauses))
            in_hand = None

    async def _reload(self, case_id: str, hand: _Hand) -> Papers | None:
        """The papers of a case as they are now; None where nothing is to be done with them."""
        hand.changed = False
        now, has_news = self._clock(), bool(hand.arrivals)

        def needed(case: Case) -> tuple[str, ...]:
            return names(case) if outstanding(case) or has_news or _is_due(case, now) else ()

        record = await self._store.load(case_id, of=needed)
        if record is None or not needed(record.case):
            return None
        return await off_loop(record.document_bytes, partial(papers, record, self._agencies))

    async def _advance(self, current: Papers, hand: _Hand) -> None:
        """Do what is outstanding, and wait for answers, until nothing is outstanding here."""
        while True:
            if hand.arrivals:
                current = await self._take(current, hand)
            if _is_due(current.case, self._clock()):
                current = await self._step(current, (TimePassed(limits=self._limits), None))
            self._timer.set(current.case.id, next_deadline(current.case))
            work = self._work(current.case)
            concluded = await self._concluded(current, work)
            if concluded is not None:
                current = concluded
            elif not work:
                return
            else:
                current = await self._send(current, hand)
                if self._put_by(current, hand):
                    return
                await self._news(hand)
                if hand.changed:
                    reloaded = await self._reload(current.case.id, hand)
                    if reloaded is None:
                        return
                    current = reloaded

    async def _concluded(self, current: Papers, work: Sequence[Work]) -> Papers | None:
        """What follows once all that is awaited is in; None where something is still awaited."""
        kinds = {type(each) for each in work}
        if Merge in kinds:
            return await self._conclude(current)
        if Order in kinds:
            return await self._order(current)
        if Ask in kinds:
            return await self._step(current, (RequestSupplement(), None))
        return None

    def _put_by(self, current: Papers, hand: _Hand) -> bool:
        """Whether all that is left are messages which could not be delivered: then the case waits in the store."""
        left = [each for each in outstanding(current.case) if isinstance(each, Deliver)]
        return bool(left) and not hand.arrivals and all(each.message_id in hand.failed for each in left)

    async def _send(self, current: Papers, hand: _Hand) -> Papers:
        """Take down that messages are on their way, and begin their deliveries."""
        case = current.case
        if _is_unsent(case):
            with self._metrics.stage("dispatch"):
                current = await self._step(current, (Send(limits=self._limits), None))
            self._timer.set(current.case.id, next_deadline(current.case))
            crash_point("sent")
        if self._group is not None:
            came = {each.message_id for each in hand.arrivals if not isinstance(each.command, FailSend)}
            wanted = (each for each in outstanding(current.case) if isinstance(each, Deliver))
            work = [each for each in wanted if each.message_id not in hand.failed | came]
            self._deliveries.begin(self._group, current, work)
        return current

    async def _news(self, hand: _Hand) -> None:
        while not hand.arrivals and not hand.changed:
            hand.bell.clear()
            await hand.bell.wait()

    async def _take(self, current: Papers, hand: _Hand) -> Papers:
        """Store what has come in; where that fails it is still in hand."""
        batch = tuple(hand.arrivals)
        with self._metrics.stage("reply"):
            current = await self._step(
                current,
                *((each.command, each.reply and each.reply[1]) for each in batch if each.command is not None),
            )
        del hand.arrivals[: len(batch)]
        replies, results = dict(current.replies), dict(current.results)
        for arrival in batch:
            part = current.case.part_of(arrival.message_id)
            if arrival.reply is None or part is None:
                continue
            if part.reply_digest == digest(arrival.reply[1].body) and current.case.is_live(part):
                kept = results if part.kind is MessageKind.INSPECTION_ORDER else replies
                kept[part.agency] = arrival.reply[0]
            crash_point("reply-stored")
        return msgspec.structs.replace(current, replies=replies, results=results)

    async def _order(self, current: Papers) -> Papers:
        """Tell the agencies that want to see the goods when and where."""
        made = orderings(current.case, current.replies, self._clock())
        command = OrderInspection(orders=tuple(each.order for each in made))
        documents = [
            Document(name=message_name(each.order.message_id), media_type=XML, body=each.body) for each in made
        ]
        current = await self._step(current, (command, None), documents=documents)
        orders = {**current.orders, **{each.order.message_id: each.body for each in made}}
        return msgspec.structs.replace(current, orders=orders)

    async def _conclude(self, current: Papers) -> Papers:
        """Merge, sign, and store the one response."""
        now = self._clock()
        answers = {
            agency: Answer(current.messages[agency].value, reply, current.results.get(agency))
            for agency, reply in current.replies.items()
        }
        with self._metrics.stage("merge"):
            work = partial(merge, current.case, current.declaration, answers, self._agencies, now)
            items = len(current.declaration.goods_shipment.government_agency_goods_item)
            value = await asyncio.to_thread(work) if items > THREAD_ITEMS else work()
            unsigned = RESPONSE.encode_xml(value)
        crash_point("merged")
        with self._metrics.stage("sign"):
            # Merging takes time. The moment for which the seal answers is the one that stands in the record: whoever
            # goes through the record judges the signature by it.
            now = self._clock()
            body = self._seal.sign(unsigned, now)
        crash_point("signed")
        with self._metrics.stage("commit"):
            decided = await self._step(
                current,
                (
                    Decide(outcome=value.outcome_code, digest=digest(body), payable=payable(value)),
                    Document(name=RESPONSE_NAME, media_type=XML, body=body),
                ),
                at=now,
            )
        self._metrics.decided(decided.case)
        crash_point("shown")
        return decided

    async def _step(
        self,
        current: Papers,
        *moves: tuple[Command, Document | None],
        documents: Sequence[Document] = (),
        at: datetime | None = None,
    ) -> Papers:
        """Decide the commands, store what they make of the case, and tell its followers. Raises as `append` does.

        A document is kept where its command made a difference; `documents` where any of them did.
        """
        case: Case = current.case
        events: list[Event] = []
        documents = list(documents)
        for command, document in moves:
            news = decide(case, command, at or self._clock())
            case = replay(news, case)
            events.extend(news)
            if news and document is not None:
                documents.append(document)
        if not events:
            return current
        await self._store.append(Entry(case=case, events=tuple(events), documents=tuple(documents)))
        self._announcer.announce(case.id, case.declarant)
        for event in events:
            if isinstance(event, Overdue):
                self._metrics.overdue(event.agency)
            elif isinstance(event, DocumentOverdue):
                self._metrics.document_overdue()
        return msgspec.structs.replace(current, case=case)


def _is_due(case: Case, now: datetime) -> bool:
    at = next_deadline(case)
    return at is not None and at <= now


def _is_unsent(case: Case) -> bool:
    """A message is ready and not taken down as sent."""
    return any(part.state is PartState.READY for part in (*case.parts, *case.orders, *case.notices))
