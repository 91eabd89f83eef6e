"""Webhooks of a running window, with real subscribers: in order, at least once, each on its own."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from support import cases
from support.declarations import declaration
from support.subscriber import Received, Subscriber, answering, taken
from support.webhooks import subscription
from support.windows import HeldClock, window

from onewindow.codecs.finding import Rejected
from onewindow.gateway import webhook_delivery, webhook_post, webhooks
from onewindow.gateway.announcer import Announcer
from onewindow.gateway.commands import Forbidden
from onewindow.gateway.feed import feed_document
from onewindow.gateway.metrics import Metrics
from onewindow.gateway.papers import XML
from onewindow.gateway.place import BEGINNING, Place, place_of
from onewindow.gateway.store import Store, StoreUnavailable, open_store
from onewindow.gateway.webhook import RETRY_AFTER_SECONDS_MAX, RETRY_SECONDS_MAX, Subscription, WebhookStatus, sent_back
from onewindow.gateway.webhook_delivery import Delivery
from onewindow.gateway.webhook_post import Post
from onewindow.gateway.webhooks import Wish
from onewindow.gateway.window import Window

EVENTS = 10
"""Events of a case that nothing happens to."""


async def declare(opened: Window, *references: str) -> list[str]:
    """The ids of cases that were decided, one after the other."""
    ids = []
    for reference in references:
        submission = await opened.submit(declaration(reference), XML)
        assert await opened.decided(submission.case.id, 30) is not None
        ids.append(submission.case.id)
    return ids


async def feed(opened: Window, after: Place = BEGINNING) -> list[Any]:
    """Every entry of the feed after a place, as plain data."""
    entries: list[Any] = []
    while True:
        page = await opened.feed.page(after, 100, None)
        entries += msgspec.json.decode(msgspec.json.encode(feed_document(page)))["events"]
        after = page.next
        if not page.more:
            return entries


async def becomes(opened: Window, webhook_id: str, wanted: Callable[[WebhookStatus], bool]) -> WebhookStatus:
    """The webhook once it is like this."""
    async with asyncio.timeout(60):
        while True:
            found = await opened.webhooks.find(webhook_id)
            assert found is not None
            if wanted(found):
                return found
            await asyncio.sleep(0)


def up_to_date(found: WebhookStatus) -> bool:
    """It has been told of everything."""
    return found.failures == 0 and found.lag_seconds == 0


def failing(failures: int) -> Callable[[WebhookStatus], bool]:
    """So many attempts at one event have failed."""
    return lambda found: found.failures == failures


def in_order(received: list[Received]) -> None:
    """Holds where the first time that each event came is in the order of the feed."""
    places = [place_of(document["cursor"]) for document in {each.id: each.json for each in received}.values()]
    assert sorted(places) == places


async def test_events_come_signed_and_in_order(tmp_path: Path) -> None:
    """A subscriber gets every event once, as the feed has it, in order, each signed with the secret and with its id."""
    async with window(tmp_path) as opened, Subscriber().listening() as subscriber:
        made = await opened.webhooks.create(Wish(url=subscriber.url))
        await declare(opened, "W-1", "W-2")
        await subscriber.until(2 * EVENTS)
        found = await becomes(opened, made.id, up_to_date)
        expected = await feed(opened)
    assert expected == [each.json for each in subscriber.received]
    assert [f"{each['case_id']}-{each['sequence']}" for each in expected] == [each.id for each in subscriber.received]
    for each in subscriber.received:
        each.verify(made.secret)
    assert (2 * EVENTS, expected[-1]["cursor"], None) == (found.deliveries, found.cursor, found.last_error)


async def test_one_that_is_down_delays_no_other(tmp_path: Path) -> None:
    """A subscriber that is down for the whole run delays no other and gets all it missed, in order, once it is back.

    Nor does one that takes the connection and never answers.
    """
    clock = HeldClock()
    down, good = Subscriber(), Subscriber()
    released = asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    async with window(tmp_path, clock=clock) as opened, Subscriber(slow).listening() as stuck, good.listening():
        absent = await opened.webhooks.create(Wish(url=down.url))
        for url in (stuck.url, good.url):
            await opened.webhooks.create(Wish(url=url))
        references = [f"W-{number}" for number in range(10, 15)]
        await declare(opened, *references)
        await good.until(5 * EVENTS)
        found = await becomes(opened, absent.id, failing(1))
        assert ("0-0", "unreachable") == (found.cursor, found.last_error and found.last_error.code)
        assert 1 == len(stuck.received)
        expected = await feed(opened)
        assert expected == [each.json for each in good.received]
        async with down.listening():
            clock.advance(timedelta(seconds=RETRY_SECONDS_MAX))
            await down.until(5 * EVENTS)
            await becomes(opened, absent.id, up_to_date)
        released.set()
        await stuck.until(5 * EVENTS)
    assert expected == [each.json for each in down.received]
    assert expected == [each.json for each in stuck.received]


async def test_attempts_are_repeated_under_one_id(tmp_path: Path) -> None:
    """What is not taken is sent again after longer and longer pauses under the same id, and what follows waits."""
    clock = HeldClock()
    subscriber = Subscriber(answering(500, 502, 503, 200))
    async with window(tmp_path, clock=clock) as opened, subscriber.listening():
        made = await opened.webhooks.create(Wish(url=subscriber.url))
        await declare(opened, "W-20")
        pauses = []
        times = [clock()]
        for attempt in (1, 2, 3):
            found = await becomes(opened, made.id, failing(attempt))
            assert found.next_attempt_at is not None
            pauses.append((found.next_attempt_at - clock()) / timedelta(seconds=1))
            clock.advance(found.next_attempt_at - clock())
            times.append(clock())
        await subscriber.until(3 + EVENTS)
        expected = await feed(opened)
    assert [True, True, True] == [0.5 * 2**n <= pause <= 2**n for n, pause in enumerate(pauses)]
    assert 1 == len({each.id for each in subscriber.received[:4]})
    sent_at = [each.headers["webhook-timestamp"] for each in subscriber.received[:4]]
    assert [str(int(at.timestamp())) for at in times] == sent_at
    assert expected == [each.json for each in subscriber.received[3:]]
    for each in subscriber.received:
        each.verify(made.secret)


@pytest.mark.parametrize(("asked", "seconds"), [("90", 90), ("9999999", RETRY_AFTER_SECONDS_MAX)])
async def test_retry_after_is_respected(asked: str, seconds: float, tmp_path: Path) -> None:
    """A subscriber who asks to be left alone is, up to a limit, and the state says until when and why."""
    clock = HeldClock()
    subscriber = Subscriber(answering(503, 200, Retry_After=asked))
    async with window(tmp_path, clock=clock) as opened, subscriber.listening():
        made = await opened.webhooks.create(Wish(url=subscriber.url))
        await declare(opened, "W-30")
        found = await becomes(opened, made.id, failing(1))
        assert clock() + timedelta(seconds=seconds) == found.next_attempt_at
        assert found.last_error is not None
        assert ("status", "订阅方应答 503，而非 2xx") == (found.last_error.code, found.last_error.message.zh)
        clock.advance(timedelta(seconds=seconds))
        await subscriber.until(1 + EVENTS)
        after = await becomes(opened, made.id, up_to_date)
    assert (0, None, None) == (after.failures, after.last_error, after.next_attempt_at)


async def test_redelivery(tmp_path: Path) -> None:
    """Sent back to a cursor, a webhook is told again of all that follows, at once, under the ids that it had."""
    async with window(tmp_path) as opened, Subscriber().listening() as subscriber:
        made = await opened.webhooks.create(Wish(url=subscriber.url))
        await declare(opened, "W-40")
        await subscriber.until(EVENTS)
        expected = await feed(opened)
        back = await opened.webhooks.send_back(made.id, place_of(expected[3]["cursor"]))
        await subscriber.until(EVENTS + 6)
        await becomes(opened, made.id, up_to_date)
    assert back is not None
    assert expected + expected[4:] == [each.json for each in subscriber.received]
    assert [each.id for each in subscriber.received[4:EVENTS]] == [each.id for each in subscriber.received[EVENTS:]]


async def test_redelivery_ends_a_pause(tmp_path: Path) -> None:
    """A webhook that waits for its next attempt makes it at once when it is sent back to its own cursor."""
    subscriber = Subscriber(answering(503, 200, Retry_After="3600"))
    async with window(tmp_path, clock=HeldClock()) as opened, subscriber.listening():
        made = await opened.webhooks.create(Wish(url=subscriber.url))
        await declare(opened, "W-41")
        found = await becomes(opened, made.id, failing(1))
        await opened.webhooks.send_back(made.id, place_of(found.cursor))
        await subscriber.until(1 + EVENTS)


async def test_what_was_missed_can_be_left_out(tmp_path: Path) -> None:
    """Sent to the end of the feed, a webhook is told only of what is still to come."""
    async with window(tmp_path, clock=HeldClock()) as opened:
        subscriber = Subscriber()
        made = await opened.webhooks.create(Wish(url=subscriber.url))
        await declare(opened, "W-42")
        await becomes(opened, made.id, failing(1))
        async with subscriber.listening():
            await opened.webhooks.send_back(made.id, None)
            later = await declare(opened, "W-43")
            await subscriber.until(EVENTS)
            await becomes(opened, made.id, up_to_date)
    assert set(later) == {each["case_id"] for each in subscriber.documents}
    assert EVENTS == len(subscriber.received)


async def test_an_ended_webhook_is_told_nothing(tmp_path: Path) -> None:
    """A webhook that is ended is told of nothing more and is not there any more; ending it again says so."""
    async with window(tmp_path) as opened:
        ended, other = Subscriber(), Subscriber()
        async with ended.listening(), other.listening():
            made = await opened.webhooks.create(Wish(url=ended.url))
            await opened.webhooks.create(Wish(url=other.url))
            assert await opened.webhooks.remove(made.id)
            await declare(opened, "W-50")
            await other.until(EVENTS)
        assert [] == ended.received
        assert (None, 1) == (await opened.webhooks.find(made.id), len(await opened.webhooks.all()))
        assert not await opened.webhooks.remove(made.id)
        assert await opened.webhooks.send_back(made.id, BEGINNING) is None
        assert await opened.webhooks.test(made.id) is None


async def test_only_what_is_wanted(tmp_path: Path) -> None:
    """A webhook for some names or one declarant is told of those events only; from the beginning, if it asks so."""
    async with window(tmp_path) as opened, Subscriber().listening() as named, Subscriber().listening() as strange:
        await declare(opened, "W-60")
        wish = Wish(url=named.url, events=("decided", "accepted", "decided"), after=BEGINNING)
        made = await opened.webhooks.create(wish)
        other = await opened.webhooks.create(Wish(url=strange.url, declarant="SOMEONE", after=BEGINNING))
        await declare(opened, "W-61")
        await named.until(4)
        found = await becomes(opened, made.id, up_to_date)
        await becomes(opened, other.id, up_to_date)
    assert [("accepted", "W-60"), ("decided", "W-60"), ("accepted", "W-61"), ("decided", "W-61")] == [
        (each.json["event"], each.json["reference"]) for each in named.received
    ]
    assert (("decided", "accepted"), 4) == (found.events, found.deliveries)
    assert [] == strange.received


async def test_a_restart_goes_on_from_the_cursor(tmp_path: Path) -> None:
    """After a restart a webhook goes on where it was: what was taken is not sent again, what was not is."""
    subscriber = Subscriber(answering(200, 200, 200, 500))
    async with subscriber.listening():
        async with window(tmp_path, clock=HeldClock()) as opened:
            made = await opened.webhooks.create(Wish(url=subscriber.url))
            await declare(opened, "W-70")
            before = await becomes(opened, made.id, failing(1))
            expected = await feed(opened)
        assert expected[2]["cursor"] == before.cursor
        subscriber.answer = taken
        later = HeldClock()
        later.advance(timedelta(seconds=RETRY_SECONDS_MAX))
        async with window(tmp_path, clock=later) as opened:
            kept = await opened.webhooks.find(made.id)
            await subscriber.until(4 + EVENTS - 3)
            await becomes(opened, made.id, up_to_date)
    assert kept is not None
    assert expected[:4] + expected[3:] == [each.json for each in subscriber.received]
    for each in subscriber.received:
        each.verify(made.secret)


async def test_two_windows_on_one_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two processes deliver from one store nothing is missed and the first of each event comes in order."""
    monkeypatch.setattr(webhook_delivery, "LOOK_SECONDS", 0.01)
    async with window(tmp_path) as one, window(tmp_path) as other, Subscriber().listening() as subscriber:
        made = await one.webhooks.create(Wish(url=subscriber.url))
        await asyncio.gather(
            *(declare(each, *(f"W-8{n}{at}" for at in range(3))) for n, each in enumerate((one, other)))
        )
        await becomes(one, made.id, up_to_date)
        await becomes(other, made.id, up_to_date)
        expected = await feed(one)
        gone = await other.webhooks.remove(made.id)
    in_order(subscriber.received)
    assert expected == subscriber.documents
    assert gone


async def sent_back_elsewhere(folder: Path, deliveries: int) -> Subscription:
    """Once so many deliveries are on disk, send the only webhook back to the beginning as another process would."""
    store = await open_store(f"sqlite:///{folder / 'onewindow.db'}")
    async with asyncio.timeout(60):
        while True:
            (kept,) = await store.webhooks()
            assert isinstance(kept, Subscription)
            if kept.deliveries == deliveries:
                break
    back = msgspec.structs.replace(sent_back(kept, BEGINNING), version=kept.version + 1)
    await store.keep_webhook(back)
    await store.close()
    return back


async def test_sent_back_by_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook that another process sends back begins again from there before long."""
    monkeypatch.setattr(webhook_delivery, "LOOK_SECONDS", 0.01)
    async with window(tmp_path) as opened, Subscriber().listening() as subscriber:
        await opened.webhooks.create(Wish(url=subscriber.url))
        await declare(opened, "W-88")
        await sent_back_elsewhere(tmp_path, EVENTS)
        await subscriber.until(2 * EVENTS)
        expected = await feed(opened)
    assert expected + expected == [each.json for each in subscriber.received]


async def test_sent_back_by_another_process_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery is on disk while the next one is under way, and what another process kept then is not undone."""
    monkeypatch.setattr(webhook_delivery, "LOOK_SECONDS", 3600)
    monkeypatch.setattr(webhook_post, "ATTEMPT_SECONDS_MAX", 3600)
    released = asyncio.Event()

    async def held(_: web.Request) -> web.StreamResponse:
        if len(subscriber.received) == 4:
            await released.wait()
        return web.Response()

    subscriber = Subscriber(held)
    async with window(tmp_path) as opened, subscriber.listening():
        made = await opened.webhooks.create(Wish(url=subscriber.url))
        await declare(opened, "W-89")
        await subscriber.until(4)
        back = await sent_back_elsewhere(tmp_path, 3)
        released.set()
        found = await becomes(opened, made.id, lambda found: found.cursor == "0-0")
        await opened.webhooks.send_back(made.id, BEGINNING)
        await becomes(opened, made.id, lambda found: found.deliveries == back.deliveries + EVENTS)
        expected = await feed(opened)
    assert 3 == found.deliveries
    heard = [each.json for each in subscriber.received]
    assert expected == heard[-EVENTS:]
    assert heard[:-EVENTS] == expected[: len(heard) - EVENTS]


async def test_a_store_that_takes_nothing_for_a_while(tmp_path: Path) -> None:
    """While the store can't keep how far a webhook is, deliveries go on, and what was taken is kept once it can."""
    store = await open_store(f"sqlite:///{tmp_path / 'store.db'}")
    for number in range(1, 4):
        for entry in cases.whole(number):
            await store.append(entry)

    class Full:
        """A store that keeps no subscription the first times."""

        refusals = 3

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        async def keep_webhook(self, version: Subscription) -> None:
            if self.refusals:
                self.refusals -= 1
                raise StoreUnavailable("full")
            await store.keep_webhook(version)

    full: Store = Full()
    async with Subscriber().listening() as subscriber:
        await store.keep_webhook(subscription(1, url=subscriber.url))
        delivery = Delivery(full, Announcer(), HeldClock(), Post(demo=True), Metrics())
        stopping = asyncio.Event()
        running = asyncio.create_task(delivery.run(stopping, 1))
        async with asyncio.timeout(60):
            while True:
                (kept,) = await store.webhooks()
                if isinstance(kept, Subscription) and kept.place == await store.feed_end():
                    break
                await asyncio.sleep(0)
        stopping.set()
        await running
    await store.close()
    assert 18 == kept.deliveries == len({each.id for each in subscriber.received})
    in_order(subscriber.received)


async def test_a_webhook_ahead_of_the_feed(tmp_path: Path) -> None:
    """A webhook that has been told of more than the feed has says so, and goes on when it is sent back."""
    async with window(tmp_path, clock=HeldClock()) as opened:
        await declare(opened, "W-90")
    store = await open_store(f"sqlite:///{tmp_path / 'onewindow.db'}")
    subscriber = Subscriber()
    ahead = subscription(1, url=subscriber.url, place=Place(10_000, 1))
    await store.keep_webhook(ahead)
    await store.close()
    async with window(tmp_path, clock=HeldClock()) as opened, subscriber.listening():
        found = await becomes(opened, ahead.id, failing(1))
        assert "cursor-unknown" == (found.last_error and found.last_error.code)
        await opened.webhooks.send_back(ahead.id, BEGINNING)
        await subscriber.until(EVENTS)


async def test_a_test(tmp_path: Path) -> None:
    """A test is one signed document that is no event; it moves nothing, and what came of it is told."""
    async with window(tmp_path) as opened, Subscriber().listening() as subscriber:
        made = await opened.webhooks.create(Wish(url=subscriber.url))
        good = await opened.webhooks.test(made.id)
        subscriber.answer = answering(500)
        bad = await opened.webhooks.test(made.id)
        found = await opened.webhooks.find(made.id)
    assert good is not None
    assert bad is not None
    assert (True, None) == (good.delivered, good.error)
    assert (False, "status") == (bad.delivered, bad.error and bad.error.code)
    assert ["test", "test"] == [each.json["event"] for each in subscriber.received]
    assert 2 == len({each.id for each in subscriber.received})
    subscriber.received[0].verify(made.secret)
    assert found is not None
    assert (0, 0) == (found.deliveries, found.failures)


async def test_as_many_as_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the limit webhooks are made, also all at once; one more is refused until one is ended."""
    monkeypatch.setattr(webhooks, "WEBHOOK_COUNT_MAX", 3)
    wish = Wish(url="http://127.0.0.1:9/")
    async with window(tmp_path) as opened:
        met = await asyncio.gather(*(opened.webhooks.create(wish) for _ in range(5)), return_exceptions=True)
        assert ["webhooks-exhausted"] * 2 == [each.code for each in met if isinstance(each, Forbidden)]
        kept = await opened.webhooks.all()
        assert 3 == len(kept)
        await opened.webhooks.remove(kept[0].id)
        await opened.webhooks.create(wish)
        assert 3 == len(await opened.webhooks.all())


async def test_what_can_not_be_subscribed_to(tmp_path: Path) -> None:
    """Everything that is wrong with a wish is said at once, and nothing is kept."""
    async with window(tmp_path) as opened:
        with pytest.raises(Rejected) as caught:
            await opened.webhooks.create(
                Wish(url="http://10.0.0.1/", events=("decided", "decidd"), after=Place(1000, 1))
            )
        assert () == await opened.webhooks.all()
    assert [("webhook-url", "/url"), ("webhook-event", "/events[2]"), ("cursor-unknown", "/after")] == [
        (finding.code, finding.pointer) for finding in caught.value.findings
    ]


async def test_a_private_address_that_came_to_be_kept(tmp_path: Path) -> None:
    """A subscription whose URL leads somewhere private, however it came to be kept, is never delivered to."""
    async with window(tmp_path, clock=HeldClock()) as opened:
        await declare(opened, "W-95")
    store = await open_store(f"sqlite:///{tmp_path / 'onewindow.db'}")
    await store.keep_webhook(subscription(1, url="http://169.254.169.254/latest/meta-data"))
    await store.close()
    async with window(tmp_path, clock=HeldClock()) as opened:
        found = await becomes(opened, cases.case_id(1), failing(1))
    assert found.last_error is not None
    assert "address-forbidden" == found.last_error.code
