"""Deliveries to webhooks: each subscriber is told of the events that he wants, in order, at least once.

One task for each subscription. It sends one event at a time and goes on when the subscriber has taken it; one that does
not is tried again after a while, and holds up nobody but himself. How far he is, is kept in the store as soon as the
disk takes it, one write at a time: after a crash the last few events may come again, under the ids that they had.

Where two processes share a store both deliver. What either keeps of a subscription the other's next write notices, and
it begins again from there; until then the subscriber may be sent the same event by both.
"""

import asyncio
import random
from functools import partial

import msgspec
import structlog

from ..codecs.finding import Text
from .announcer import Announcer
from .clock import Clock
from .delivery import delays
from .events import event_name
from .feed import feed_entry
from .metrics import Metrics
from .store.store import Conflict, FeedPage, RecordDamaged, Store, StoreUnavailable, UnknownPlace
from .webhook import (
    Failure,
    Subscription,
    delivered,
    failed,
    headers,
    message_id,
    passed,
    pause,
    switched_off,
    wanted,
    worth_keeping,
)
from .webhook_post import GONE, Miss, Post

PAGE_EVENTS = 100
"""Events of the feed that are read at a time for one subscriber."""

GATHER_SECONDS = 0.05
"""How long a subscriber who wants none of the latest news lets more of it come together."""

LOOK_SECONDS = 5.0
"""How often the store is looked at for what another process has done to it."""

_AHEAD = Miss("cursor-unknown", Text("the event feed does not reach as far as the cursor", "游标超出事件流水的范围"))

log = structlog.get_logger("onewindow.webhooks")

_encode = msgspec.json.Encoder().encode


class _Hand:
    """One subscription in hand: as it is by now, what the store has of it, and what wakes its task."""

    def __init__(self, store: Store, kept: Subscription) -> None:
        self.current = kept
        self.kept = kept
        self.bell = asyncio.Event()
        self._store = store
        self._keeping: asyncio.Task[None] | None = None
        self._trouble: Exception | None = None

    @property
    def keeping(self) -> bool:
        """A write is under way."""
        return self._keeping is not None

    def keep(self) -> None:
        """Begin to keep what is new, unless that is under way. Raises what came of it before."""
        if self._trouble is not None:
            trouble, self._trouble = self._trouble, None
            raise trouble
        if self._keeping is None and worth_keeping(self.kept, self.current):
            self._keeping = asyncio.create_task(self._keep(), name=f"keeping webhook {self.current.id}")

    async def _keep(self) -> None:
        """Keep what is new, and what has become new meanwhile."""
        try:
            while worth_keeping(self.kept, self.current):
                version = msgspec.structs.replace(self.current, version=self.kept.version + 1)
                await self._store.keep_webhook(version)
                self.kept = version
        except (Conflict, StoreUnavailable) as error:
            self._trouble = error
        finally:
            self._keeping = None

    async def settle(self) -> None:
        """Return when all that is worth it is kept. Raises Conflict, StoreUnavailable."""
        self.keep()
        while self._keeping is not None:
            await self.written()
            self.keep()

    async def written(self) -> None:
        """Return when no write is under way."""
        if self._keeping is not None:
            await asyncio.wait({self._keeping})


class Delivery:
    """The subscribers' tasks."""

    def __init__(self, store: Store, announcer: Announcer, clock: Clock, post: Post, metrics: Metrics) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock
        self._post = post
        self._metrics = metrics
        self._group: asyncio.TaskGroup | None = None
        self._stopping = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._hands: dict[str, _Hand] = {}
        self.changing = asyncio.Lock()
        """Held while a subscription is changed, so that no look at the store begins what it was before."""

    def current(self, webhook_id: str) -> Subscription | None:
        """A subscription in hand as it is by now, which may be a little ahead of the store."""
        hand = self._hands.get(webhook_id)
        return None if hand is None else hand.current

    def begin(self, subscription: Subscription) -> None:
        """Deliver to a subscriber; not before `run` nor when stopping, and not twice at a time."""
        name = subscription.id
        if self._group is None or self._stopping.is_set() or name in self._tasks:
            return
        hand = self._hands[name] = _Hand(self._store, subscription)
        task = self._tasks[name] = self._group.create_task(self._serve(hand), name=f"webhook {name}")
        task.add_done_callback(partial(self._ended, name))
        self._count_off()

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        del self._tasks[name]
        del self._hands[name]
        self._count_off()

    def _count_off(self) -> None:
        self._metrics.webhooks_off(sum(hand.current.switched_off_at is not None for hand in self._hands.values()))

    async def leave(self, webhook_id: str) -> None:
        """Deliver to a subscriber no more; returns when that is so."""
        task = self._tasks.get(webhook_id)
        if task is not None:
            hand = self._hands[webhook_id]
            task.cancel()
            await asyncio.wait({task})
            await hand.written()

    async def run(self, stopping: asyncio.Event, grace_seconds: float) -> None:
        """Deliver until `stopping` is set; attempts under way may end within the grace, the next start has the rest."""
        self._stopping = stopping
        async with asyncio.TaskGroup() as group:
            self._group = group
            looking = group.create_task(self._look())
            try:
                await stopping.wait()
                looking.cancel()
                self._ring()
                if self._tasks:
                    await asyncio.wait(self._tasks.values(), timeout=grace_seconds)
            finally:
                self._group = None
            for task in self._tasks.values():
                task.cancel()
        await self._post.close()

    def _ring(self) -> None:
        for hand in self._hands.values():
            hand.bell.set()

    async def _look(self) -> None:
        """Begin what is in the store; later, what another process has put there or changed."""
        while True:
            try:
                await self._take_up()
            except StoreUnavailable as error:
                log.warning("store unavailable", error=str(error))
            except Exception:
                log.exception("webhooks not looked at")
            await asyncio.sleep(LOOK_SECONDS)

    async def _take_up(self) -> None:
        async with self.changing:
            await self._begin_kept()

    async def _begin_kept(self) -> None:
        before = set(self._hands)
        found: dict[str, Subscription] = {}
        for each in await self._store.webhooks():
            if isinstance(each, RecordDamaged):
                log.error("record-damaged", webhook=each.case_id, detail=each.detail)
            else:
                found[each.id] = each
        for name, hand in list(self._hands.items()):
            changed = name in found and not hand.keeping and found[name].version > hand.kept.version
            if changed or (name in before and name not in found):
                await self.leave(name)
        for each in found.values():
            self.begin(each)
        self._ring()

    async def _serve(self, hand: _Hand) -> None:
        pauses = delays()
        while not self._stopping.is_set():
            try:
                await self._deliver(hand)
            except Conflict:
                log.info("webhook changed by another process", webhook=hand.current.id)
                return  # the next look begins again from what it kept
            except StoreUnavailable as error:
                log.warning("store unavailable", webhook=hand.current.id, error=str(error))
                await asyncio.sleep(next(pauses))
            except Exception:
                log.exception("webhook held up", webhook=hand.current.id)
                await asyncio.sleep(next(pauses))

    async def _deliver(self, hand: _Hand) -> None:
        """Deliver until the window stops. Raises Conflict, StoreUnavailable."""
        declarant = hand.current.declarant
        with self._announcer.following_all(declarant) as news:
            while not self._stopping.is_set():
                if self._waits(hand):
                    hand.bell = asyncio.Event()  # news would wake it for nothing
                    await hand.settle()
                    await self._clock.wait(hand.bell, hand.current.next_attempt_at)
                    continue
                hand.bell = news
                news.clear()
                try:
                    page = await self._store.feed(hand.current.place, PAGE_EVENTS, declarant)
                except UnknownPlace:
                    self._put_off(hand, _AHEAD)
                    continue
                sent = await self._send(hand, page)
                if not page.more and not self._waits(hand):
                    await hand.settle()
                    await news.wait()
                    if not sent:
                        await asyncio.sleep(GATHER_SECONDS)
            await hand.settle()

    def _waits(self, hand: _Hand) -> bool:
        if hand.current.switched_off_at is not None:
            return True
        return hand.current.next_attempt_at is not None and hand.current.next_attempt_at > self._clock()

    async def _send(self, hand: _Hand, page: FeedPage) -> bool:
        """Send what is wanted of a page, up to the first event that is not taken; returns whether any was sent."""
        sent = False
        for each in page.events:
            if self._stopping.is_set():
                return sent
            if not wanted(hand.current, event_name(each.event)):
                hand.current = passed(hand.current, each.place)
                continue
            body = _encode(feed_entry(each))
            miss = await self.attempt(hand.current, message_id(each.case_id, each.sequence), body)
            if miss is not None:
                self._put_off(hand, miss)
                return True
            hand.current = delivered(hand.current, each.place, self._clock())
            hand.keep()
            sent = True
        hand.current = passed(hand.current, page.next)
        return sent

    def _put_off(self, hand: _Hand, miss: Miss) -> None:
        failure = Failure(code=miss.code, at=self._clock(), message=miss.message)
        if miss.code == GONE:
            hand.current = switched_off(hand.current, failure)
            log.warning("webhook switched off by its subscriber", webhook=hand.current.id)
            self._count_off()
            hand.keep()
            return
        spread = random.uniform(0.5, 1.0)  # noqa: S311 - spreading load needs no secret randomness
        hand.current = failed(hand.current, failure, pause(hand.current.failures + 1, spread, miss.retry_after))
        log.warning("delivery failed", webhook=hand.current.id, code=miss.code, failures=hand.current.failures)
        hand.keep()

    async def attempt(self, subscription: Subscription, message_id: str, body: bytes) -> Miss | None:
        """Send a subscriber a JSON document once; None where he took it, or why he did not."""
        now = self._clock()
        miss = await self._post.send(subscription.url, headers(subscription, message_id, now, body), body, now)
        self._metrics.webhook(taken=miss is None)
        return miss
