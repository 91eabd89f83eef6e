"""What every store promises of the event feed and of subscriptions to it; beside StoreContract."""

import asyncio

import msgspec
import pytest
from contract.store import keep, together
from support import cases
from support.webhooks import subscription

from onewindow.gateway.place import BEGINNING, Place
from onewindow.gateway.store import Conflict, FeedEvent, ReferenceTaken, Store, UnknownPlace, open_store


async def told(store: Store, after: Place = BEGINNING, limit: int = 7, declarant: str | None = None) -> list[FeedEvent]:
    """Everything that the feed tells after a place, page by page; the last page leads to its end."""
    found: list[FeedEvent] = []
    while True:
        page = await store.feed(after, limit, declarant)
        assert len(page.events) <= limit
        found += page.events
        after = page.next
        if not page.more:
            assert after == await store.feed_end()
            return found


async def _wholly(store: Store, number: int) -> None:
    for entry in cases.whole(number):
        await store.append(entry)


class FeedContract:
    """The promises. An engine's test class has fixtures `url`, of a fresh store, and `store`, that one open."""

    async def test_feed(self, store: Store) -> None:
        """The feed has every event of every entry, in the order of the entries, each with its case."""
        mine, other = cases.whole(1), cases.whole(2)
        order = [mine[0], other[0], other[1], mine[1], mine[2], mine[3], other[2], other[3]]
        await keep(store, *order)
        expected = [
            (entry.case.id, entry.case.reference, entry.case.declarant, number, event)
            for entry in order
            for number, event in enumerate(entry.events, start=1 + entry.case.sequence - len(entry.events))
        ]
        found = await told(store)
        assert expected == [(each.case_id, each.reference, each.declarant, each.sequence, each.event) for each in found]
        assert sorted({each.place for each in found}) == [each.place for each in found]
        for number, each in enumerate(found):
            assert found[number + 1 :] == await told(store, each.place)

    async def test_feed_of_a_declarant(self, store: Store) -> None:
        """A declarant's feed has the events of its own cases, in the same order, at the same places."""
        for number in range(1, 31):
            await keep(store, cases.accepted(number, declarant=f"DECLARANT{number % 3}"))
        own = [each for each in await told(store) if each.declarant == "DECLARANT1"]
        assert 10 == len(own)
        assert own == await told(store, declarant="DECLARANT1")
        assert [] == await told(store, declarant="SOMEONE")

    async def test_feed_without_events(self, store: Store) -> None:
        """Before the first event the feed begins and ends at its beginning."""
        assert (BEGINNING, []) == (await store.feed_end(), await told(store))

    async def test_feed_beyond_its_end(self, store: Store) -> None:
        """A place that the feed does not reach is refused."""
        await keep(store, cases.accepted(1))
        end = await store.feed_end()
        for beyond in (Place(end.position, end.sequence + 1), Place(end.position + 1, 0)):
            with pytest.raises(UnknownPlace):
                await store.feed(beyond, 1)

    async def test_feed_has_nothing_that_was_refused(self, store: Store) -> None:
        """What was refused is not in the feed, and what came with it is, once."""
        first = cases.accepted(1)
        await keep(store, first)
        good = [cases.accepted(number) for number in range(2, 12)] + [cases.sent(first.case)]
        await together(store, cases.accepted(1, reference="ANOTHER"), cases.accepted(90, reference="REF-1"), *good)
        expected = {
            (entry.case.id, entry.case.sequence - back) for entry in [first, *good] for back in range(len(entry.events))
        }
        found = [(each.case_id, each.sequence) for each in await told(store)]
        assert (len(expected), expected) == (len(found), set(found))

    async def test_feed_of_many_writers(self, url: str) -> None:
        """A reader who goes on from page to page while two stores write misses no event and gets none twice."""
        stores = [await open_store(url) for _ in range(2)]
        reader = await open_store(url)
        writing = asyncio.gather(*(_wholly(stores[number % 2], number) for number in range(1, 201)))
        found: list[FeedEvent] = []
        place = BEGINNING
        done = more = False
        while more or not done:
            done = writing.done()  # what is read after that is all there is
            page = await reader.feed(place, 13)
            found += page.events
            place, more = page.next, page.more
        await writing
        for store in (*stores, reader):
            await store.close()
        expected = {(cases.case_id(number), sequence) for number in range(1, 201) for sequence in range(1, 7)}
        assert 1200 == len(found)
        assert expected == {(each.case_id, each.sequence) for each in found}
        assert sorted({each.place for each in found}) == [each.place for each in found]
        for case_id in {each.case_id for each in found}:
            assert [1, 2, 3, 4, 5, 6] == [each.sequence for each in found if each.case_id == case_id]

    async def test_feed_after_reopening(self, url: str) -> None:
        """The feed goes on where it was when the store is opened again."""
        store = await open_store(url)
        await keep(store, *cases.whole(1)[:2])
        end = await store.feed_end()
        await store.close()
        store = await open_store(url)
        await keep(store, cases.whole(1)[2])
        found = await told(store, end)
        await store.close()
        assert list(cases.whole(1)[2].events) == [each.event for each in found]

    async def test_webhooks(self, store: Store) -> None:
        """A subscription is kept as it was given, in its newest version, until it is dropped."""
        first, second = subscription(1, declarant="D", events=("decided",)), subscription(2)
        await store.keep_webhook(second)
        await store.keep_webhook(first)
        assert (first, second) == await store.webhooks()
        later = msgspec.structs.replace(first, version=2, place=Place(7, 3), failures=4)
        await store.keep_webhook(later)
        assert (later, second) == await store.webhooks()
        await store.drop_webhook(second)
        assert (later,) == await store.webhooks()

    async def test_webhook_versions(self, store: Store) -> None:
        """Of versions that replace the same one all but one are refused; so is one of what is not there."""
        await store.keep_webhook(subscription(1))
        second = subscription(1, version=2)
        met = await asyncio.gather(*(store.keep_webhook(second) for _ in range(3)), return_exceptions=True)
        assert [Conflict, Conflict] == [type(each) for each in met if each is not None]
        for wrong in (subscription(1), subscription(1, version=4), subscription(2, version=2)):
            with pytest.raises(Conflict):
                await store.keep_webhook(wrong)
        with pytest.raises(Conflict):
            await store.drop_webhook(subscription(1))
        assert (second,) == await store.webhooks()

    async def test_webhooks_beside_cases(self, store: Store) -> None:
        """Subscriptions and steps that come together, some of them refused, do each other no harm."""
        await store.keep_webhook(subscription(1))
        met = await asyncio.gather(
            *(store.append(cases.accepted(number)) for number in range(1, 6)),
            store.append(cases.accepted(90, reference="REF-1")),
            store.keep_webhook(subscription(1, version=7)),
            store.keep_webhook(subscription(2)),
            return_exceptions=True,
        )
        assert [type(None)] * 5 + [ReferenceTaken, Conflict, type(None)] == [type(each) for each in met]
        assert (subscription(1), subscription(2)) == await store.webhooks()
        assert 5 == len(await told(store))
