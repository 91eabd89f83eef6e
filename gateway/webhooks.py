"""The window's webhooks: subscribing, what is shown of subscriptions, sending again, ending."""

import asyncio
import secrets
from datetime import timedelta

import msgspec
import structlog

from ..codecs.finding import Finding, Rejected, Text
from .announcer import Announcer
from .case_id import case_id
from .clock import Clock
from .commands import Forbidden
from .event_words import EVENTS
from .metrics import Metrics
from .place import Place
from .store.store import Conflict, Store, UnknownPlace
from .webhook import (
    SECRET_BYTES,
    WEBHOOK_COUNT_MAX,
    Failure,
    NewWebhook,
    Subscription,
    WebhookStatus,
    WebhookTest,
    created,
    secret_of,
    sent_back,
    status,
)
from .webhook_address import objection
from .webhook_delivery import Delivery
from .webhook_post import Post

log = structlog.get_logger("onewindow.webhooks")

_encode = msgspec.json.Encoder().encode


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to subscribe to; `after`: what is after this place, None: what is still to come."""

    url: str
    declarant: str | None = None
    events: tuple[str, ...] = ()
    after: Place | None = None


class Webhooks:
    """Subscriptions in a store and the deliveries that they ask for.

    `demo`: callers are not told apart, so webhooks lead to loopback addresses only.
    """

    def __init__(self, store: Store, announcer: Announcer, clock: Clock, metrics: Metrics, *, demo: bool) -> None:
        self._store = store
        self._clock = clock
        self._demo = demo
        self.own: set[tuple[str, int]] = set()
        """Addresses and ports where the gateway itself listens: a delivery there would bring forth the next one."""
        self._delivery = Delivery(store, announcer, clock, Post(demo, own=self.own), metrics)
        self._counting = asyncio.Lock()

    async def run(self, stopping: asyncio.Event, grace_seconds: float) -> None:
        """Deliver until `stopping` is set."""
        await self._delivery.run(stopping, grace_seconds)

    async def create(self, wish: Wish) -> NewWebhook:
        """A new subscription, kept and begun, with its secret.

        Raises Rejected, Forbidden (`webhooks-exhausted`), StoreUnavailable.
        """
        end = await self._store.feed_end()
        findings = tuple(self._objections(wish, end))
        if findings:
            raise Rejected("invalid", findings)
        now = self._clock()
        subscription = Subscription(
            id=case_id(now, secrets.token_bytes(10)),
            version=1,
            url=wish.url,
            secret=secret_of(secrets.token_bytes(SECRET_BYTES)),
            declarant=wish.declarant,
            events=tuple(dict.fromkeys(wish.events)),
            created_at=now,
            place=end if wish.after is None else wish.after,
        )
        async with self._counting:
            if len(await self._store.webhooks()) >= WEBHOOK_COUNT_MAX:
                raise Forbidden("webhooks-exhausted")
            await self._store.keep_webhook(subscription)
        self._delivery.begin(subscription)
        log.info("webhook made", webhook=subscription.id)
        return created(subscription, await self._lag(subscription))

    def _objections(self, wish: Wish, end: Place) -> list[Finding]:
        findings = []
        wrong = objection(wish.url, self._demo, self.own)
        if wrong is not None:
            message = Text(f"The URL can't be delivered to: {wrong.en}.", f"无法向该地址推送：{wrong.zh}。")
            findings.append(Finding(code="webhook-url", pointer="/url", message=message, value=wish.url[:200]))
        for place, event in enumerate(wish.events, start=1):
            if event not in EVENTS:
                message = Text(f"There is no event {event!r}.", f"没有名为“{event}”的事件。")
                expected = "one of: " + ", ".join(EVENTS)
                pointer = f"/events[{place}]"
                findings.append(Finding(code="webhook-event", pointer=pointer, message=message, expected=expected))
        if wish.after is not None and wish.after > end:
            findings.append(unknown_cursor())
        return findings

    async def all(self) -> tuple[WebhookStatus, ...]:
        """Every subscription, the oldest first. Raises StoreUnavailable."""
        return tuple([await self._shown(each) for each in await self._kept()])

    async def find(self, webhook_id: str) -> WebhookStatus | None:
        """One subscription, or None. Raises StoreUnavailable."""
        found = await self._load(webhook_id)
        return None if found is None else await self._shown(found)

    async def remove(self, webhook_id: str) -> bool:
        """End a subscription; False where there is none. Nothing is delivered to it from here on."""
        async with self._delivery.changing:
            while True:
                await self._delivery.leave(webhook_id)
                found = await self._load(webhook_id)
                if found is None:
                    return False
                try:
                    await self._store.drop_webhook(found)
                except Conflict:
                    continue
                log.info("webhook removed", webhook=webhook_id)
                return True

    async def send_back(self, webhook_id: str, after: Place | None) -> WebhookStatus | None:
        """Have everything after a place delivered again, beginning at once; None where there is no such subscription.

        Without a place only what is still to come is delivered. Raises Rejected, StoreUnavailable.
        """
        end = await self._store.feed_end()
        place = end if after is None else after
        if place > end:
            raise Rejected("invalid", (unknown_cursor(),))
        async with self._delivery.changing:
            while True:
                await self._delivery.leave(webhook_id)
                found = await self._load(webhook_id)
                if found is None:
                    return None
                back = msgspec.structs.replace(sent_back(found, place), version=found.version + 1)
                try:
                    await self._store.keep_webhook(back)
                except Conflict:
                    continue
                self._delivery.begin(back)
                return await self._shown(back)

    async def test(self, webhook_id: str) -> WebhookTest | None:
        """Send a subscriber one document that is no event, now; None where there is no such subscription."""
        found = await self._load(webhook_id)
        if found is None:
            return None
        now = self._clock()
        words = Text("a test of this webhook", "推送测试")
        body = _encode({"event": "test", "at": now, "webhook": webhook_id, "words": words})
        miss = await self._delivery.attempt(found, f"test-{secrets.token_hex(16)}", body)
        error = None if miss is None else Failure(code=miss.code, at=now, message=miss.message)
        return WebhookTest(delivered=miss is None, error=error)

    async def _kept(self) -> list[Subscription]:
        return [each for each in await self._store.webhooks() if isinstance(each, Subscription)]

    async def _load(self, webhook_id: str) -> Subscription | None:
        return next((each for each in await self._kept() if each.id == webhook_id), None)

    async def _shown(self, kept: Subscription) -> WebhookStatus:
        current = self._delivery.current(kept.id) or kept
        return status(current, await self._lag(current))

    async def _lag(self, subscription: Subscription) -> timedelta:
        try:
            page = await self._store.feed(subscription.place, 1, subscription.declarant)
        except UnknownPlace:
            return timedelta(0)
        return self._clock() - page.events[0].event.at if page.events else timedelta(0)


def unknown_cursor() -> Finding:
    """The finding for a cursor that is ahead of the feed."""
    return Finding(
        code="cursor-unknown",
        pointer="/after",
        message=Text(
            "The event feed does not reach as far as this cursor: it is from elsewhere, or the store is an older copy.",
            "事件流水未到达该游标：该游标来自其他网关，或存储为较早的副本。",
        ),
    )
