"""What every store promises, whatever its engine: an engine's tests inherit from StoreContract and give a URL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import cases

from onewindow.codecs.messages.codes import CaseOutcome
from onewindow.gateway.case import Case, CaseStatus
from onewindow.gateway.case_id import case_id
from onewindow.gateway.store import (
    Conflict,
    Document,
    Entry,
    Query,
    ReferenceTaken,
    Store,
    StoreUnavailable,
    open_store,
)

DOCUMENT_BYTES = 3_000_000


async def keep(store: Store, *entries: Entry) -> None:
    """Append one after another."""
    for entry in entries:
        await store.append(entry)


async def together(store: Store, *entries: Entry) -> list[BaseException | None]:
    """Append all at once; what each of them met, in order."""
    return await asyncio.gather(*(store.append(entry) for entry in entries), return_exceptions=True)


async def ids(found: AsyncIterator[Case]) -> list[str]:
    """The ids of the cases that come."""
    return [case.id async for case in found]


def _history(number: int, reference: int) -> tuple[Entry, ...]:
    first = cases.accepted(number, reference=f"R-{reference}")
    second = cases.sent(first.case)
    third = cases.answered(second.case)
    return first, second, third, cases.decided(third.case)


class Model:
    """A store in a dictionary, as simple as can be."""

    def __init__(self) -> None:
        self.cases: dict[str, list[Entry]] = {}

    def append(self, entry: Entry) -> type[Exception] | None:
        """What a store should say to the entry; keeps it where that is nothing."""
        history = self.cases.get(entry.case.id, [])
        stands_at = history[-1].case.sequence if history else 0
        if stands_at != entry.case.sequence - len(entry.events):
            return Conflict
        if not history and any(
            (kept[0].case.declarant, kept[0].case.reference) == (entry.case.declarant, entry.case.reference)
            for kept in self.cases.values()
        ):
            return ReferenceTaken
        self.cases.setdefault(entry.case.id, []).append(entry)
        return None


class StoreContract:
    """The promises. An engine's test class has fixtures `url`, of a fresh store, and `fresh_url`, which makes more."""

    @pytest.fixture
    async def store(self, url: str) -> AsyncIterator[Store]:
        """The fresh store, open."""
        store = await open_store(url)
        yield store
        await store.close()

    async def test_load(self, store: Store) -> None:
        """What was appended is loaded: the case, its whole journal, and of the documents those that were asked for."""
        entries = cases.whole(1)
        await keep(store, *entries)
        record = await store.load(entries[-1].case.id, "response", "reply/tax/1", "no-such-document")
        assert record is not None
        assert entries[-1].case == record.case
        assert [event for entry in entries for event in entry.events] == list(record.events)
        kept = {document.name: document for entry in entries for document in entry.documents}
        assert {name: kept[name] for name in ("response", "reply/tax/1")} == record.documents

    async def test_load_unknown(self, store: Store) -> None:
        """A case that is not there is None."""
        assert await store.load(cases.case_id(1)) is None

    @pytest.mark.parametrize(
        "body", [b"", b"\x00\xff\r\n\n\x1a", bytes(range(256)), b"<a>\xe7\x94\xb3\xe6\x8a\xa5</a>"]
    )
    async def test_documents_byte_for_byte(self, store: Store, body: bytes) -> None:
        """A document is kept byte for byte, whatever its bytes."""
        entry = cases.accepted(1, declaration=body)
        await keep(store, entry)
        record = await store.load(entry.case.id, "declaration/1")
        assert record is not None
        assert {"declaration/1": cases.document("declaration/1", body)} == record.documents

    async def test_big_documents(self, store: Store) -> None:
        """Documents of megabytes are kept, several at once and beside small ones."""
        bodies = [bytes([number]) * (DOCUMENT_BYTES if number % 2 else 10) for number in range(1, 9)]
        entries = [cases.accepted(number, declaration=body) for number, body in enumerate(bodies, 1)]
        assert [None] * len(entries) == await together(store, *entries)
        for entry, body in zip(entries, bodies, strict=True):
            record = await store.load(entry.case.id, "declaration/1")
            assert record is not None
            assert body == record.documents["declaration/1"].body

    async def test_one_reference_once(self, store: Store) -> None:
        """Of fifty cases at once with one declarant and reference one is kept, and the others are told which."""
        entries = [cases.accepted(number, reference="THE-ONE") for number in range(1, 51)]
        met = await together(store, *entries)
        kept = [entry.case.id for entry, outcome in zip(entries, met, strict=True) if outcome is None]
        assert 1 == len(kept)
        refused = [outcome for outcome in met if outcome is not None]
        assert all(isinstance(outcome, ReferenceTaken) and outcome.case_id == kept[0] for outcome in refused)
        assert kept == [case.id for case in await store.find(Query(reference="THE-ONE"))]
        assert [await store.load(entry.case.id) for entry in entries if entry.case.id not in kept] == [None] * 49

    async def test_same_reference_of_others(self, store: Store) -> None:
        """Two declarants may use the same reference."""
        entries = [cases.accepted(number, reference="R", declarant=f"DECLARANT{number}") for number in (1, 2)]
        assert [None, None] == await together(store, *entries)

    async def test_one_continuation(self, store: Store) -> None:
        """Of two steps that continue a case at the same sequence one is refused, and one history is left."""
        first = cases.accepted(1)
        await keep(store, first)
        rivals = [cases.sent(first.case), cases.answered(first.case)]
        met = await together(store, *rivals)
        assert [Conflict] == [type(outcome) for outcome in met if outcome is not None]
        record = await store.load(first.case.id)
        assert record is not None
        assert rivals[met.index(None)].case == record.case

    async def test_stale_continuation(self, store: Store) -> None:
        """A step made from an older state of the case is refused and leaves nothing, not even its documents."""
        entries = cases.whole(1)
        await keep(store, *entries[:2])
        with pytest.raises(Conflict):
            await store.append(cases.answered(entries[0].case))
        record = await store.load(entries[0].case.id, "reply/tax/1")
        assert record is not None
        assert (entries[1].case, {}) == (record.case, record.documents)

    async def test_no_gap(self, store: Store) -> None:
        """A step of a case that is not there, or not yet that far, is refused."""
        entries = cases.whole(1)
        with pytest.raises(Conflict):
            await store.append(entries[1])
        await keep(store, entries[0])
        with pytest.raises(Conflict):
            await store.append(entries[2])

    async def test_case_begins_once(self, store: Store) -> None:
        """A case can't begin twice."""
        await keep(store, cases.accepted(1))
        with pytest.raises(Conflict):
            await store.append(cases.accepted(1, reference="ANOTHER"))

    async def test_neighbours(self, store: Store) -> None:
        """Steps that are refused do no harm to those that come at the same time."""
        first = cases.accepted(1)
        await keep(store, first)
        good = [cases.accepted(number) for number in range(2, 22)] + [cases.sent(first.case)]
        bad = [
            cases.accepted(90, reference="REF-1"),
            cases.accepted(1, reference="ANOTHER"),
            cases.sent(cases.accepted(91).case),
        ]
        met = await together(store, *bad, *good)
        assert [ReferenceTaken, Conflict, Conflict] + [type(None)] * len(good) == [type(outcome) for outcome in met]
        assert 21 == len(await store.find(Query(limit=100)))

    async def test_two_steps_of_one_case_at_once(self, store: Store) -> None:
        """Steps of one case that follow from each other may be given without waiting in between."""
        entries = cases.whole(1)
        assert [None] * 4 == await together(store, *entries)
        record = await store.load(entries[0].case.id)
        assert record is not None
        assert entries[-1].case == record.case

    async def test_document_once(self, store: Store) -> None:
        """A document's name is used once in a case: what is there is never changed."""
        first = cases.accepted(1)
        await keep(store, first)
        again = Entry(
            case=cases.sent(first.case).case,
            events=cases.sent(first.case).events,
            documents=(Document(name="declaration/1", media_type="application/xml", body=b"<Other/>"),),
        )
        with pytest.raises(ValueError, match="a document"):
            await store.append(again)
        record = await store.load(first.case.id, "declaration/1")
        assert record is not None
        assert (first.case, b"<Declaration/>") == (record.case, record.documents["declaration/1"].body)

    async def test_empty_entry(self, store: Store) -> None:
        """An entry without events is a mistake of the caller."""
        with pytest.raises(ValueError, match="0 events"):
            await store.append(Entry(case=cases.accepted(1).case, events=()))

    async def test_outstanding(self, store: Store) -> None:
        """Outstanding are the cases without a response, oldest first."""
        for number, steps in ((3, 3), (1, 1), (2, 4), (5, 4), (4, 2)):
            await keep(store, *cases.whole(number)[:steps])
        assert [cases.case_id(number) for number in (1, 3, 4)] == await ids(store.outstanding())

    async def test_outstanding_many(self, store: Store) -> None:
        """However many are outstanding, each comes once, and appending meanwhile is no hindrance."""
        await together(store, *(cases.accepted(number) for number in range(1, 601)))
        came = []
        async for case in store.outstanding():
            came.append(case.id)
            if len(came) == 300:
                await keep(store, cases.sent(case))
        assert [cases.case_id(number) for number in range(1, 601)] == came

    async def test_find_order_and_pages(self, store: Store) -> None:
        """Cases are found newest first, and page by page each comes once."""
        await together(store, *(cases.accepted(number) for number in range(1, 26)))
        pages: list[list[str]] = []
        after = None
        while page := await store.find(Query(limit=10, after=after)):
            pages.append([case.id for case in page])
            after = page[-1].id
        assert [10, 10, 5] == [len(page) for page in pages]
        assert [cases.case_id(number) for number in range(25, 0, -1)] == [case for page in pages for case in page]

    async def test_find_by(self, store: Store) -> None:
        """Each filter narrows what is found, and several narrow it together; a range of time has no upper end in it."""
        await keep(store, *cases.whole(1), *cases.whole(2)[:2], cases.accepted(3, declarant="OTHER1234"))
        queries = {
            (1, 2): Query(declarant=cases.DECLARANT),
            (3,): Query(declarant="OTHER1234"),
            (2,): Query(declarant=cases.DECLARANT, reference="REF-2"),
            (): Query(declarant="OTHER1234", reference="REF-2"),
            (1,): Query(status=CaseStatus.DECIDED, outcome=CaseOutcome.CLEARED),
            (2, 3): Query(received_from=cases.noon(2)),
            (1, 2, 3): Query(received_to=cases.noon(3) + timedelta(microseconds=1)),
        }
        for numbers, query in queries.items():
            found = sorted(case.id for case in await store.find(query))
            assert [cases.case_id(number) for number in numbers] == found
        found = [case.id for case in await store.find(Query(received_from=cases.noon(1), received_to=cases.noon(2)))]
        assert [cases.case_id(1)] == found
        assert () == await store.find(Query(outcome=CaseOutcome.REFUSED))

    async def test_received(self, store: Store) -> None:
        """The cases of a stretch of time come oldest first, page by page each once; its end is not in it."""
        times = [cases.noon(number / 4000) for number in range(600)]
        made = [case_id(at, number.to_bytes(10)) for number, at in enumerate(times)]
        entries = [
            cases.accepted(number, at=at, named=named)
            for number, (at, named) in enumerate(zip(times, made, strict=True))
        ]
        assert {None} == set(await together(store, *entries))
        await keep(store, cases.sent(entries[300].case))
        everything = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        for first, last, (start, end) in (
            (0, 600, everything),
            (0, 600, (times[0], times[599] + timedelta(microseconds=1))),
            (0, 599, (times[0], times[599])),
            (101, 102, (times[100] + timedelta(microseconds=1), times[102])),
            (0, 0, (times[5], times[5])),
            (0, 0, (times[7], times[3])),
        ):
            pages = [page async for page in store.received(start, end)]
            assert made[first:last] == [case.id for page in pages for case in page]
        assert 1 < len([page async for page in store.received(*everything)]) < 600
        found = [case async for page in store.received(times[300], times[301]) for case in page]
        assert [cases.sent(entries[300].case).case] == found

    async def test_reopen(self, url: str) -> None:
        """All that was appended is there when the store is opened again."""
        store = await open_store(url)
        await keep(store, *cases.whole(1), *cases.whole(2)[:2])
        await store.close()
        store = await open_store(url)
        record = await store.load(cases.case_id(1), "response")
        still_open = await ids(store.outstanding())
        await store.close()
        assert record is not None
        assert cases.whole(1)[-1].case == record.case
        assert cases.whole(1)[-1].documents == tuple(record.documents.values())
        assert [cases.case_id(2)] == still_open

    async def test_close_keeps_what_waits(self, url: str) -> None:
        """Closing keeps what waits; afterwards nothing is taken, and closing again does nothing."""
        store = await open_store(url)
        waiting = asyncio.gather(*(store.append(cases.accepted(number)) for number in range(1, 301)))
        await asyncio.sleep(0)
        await store.close()
        await waiting
        await store.close()
        with pytest.raises(StoreUnavailable):
            await store.append(cases.accepted(301))
        with pytest.raises(StoreUnavailable):
            await store.load(cases.case_id(1))
        store = await open_store(url)
        assert 300 == len(await store.find(Query(limit=1000)))
        await store.close()

    async def test_two_stores(self, url: str) -> None:
        """Two stores on one database, opened at once, keep one history of each case and see each other's."""
        one, other = await asyncio.gather(open_store(url), open_store(url))
        first = cases.accepted(1)
        await keep(one, first)
        rivals = (
            (Conflict, cases.sent(first.case), cases.answered(first.case)),
            (ReferenceTaken, cases.accepted(2, reference="R"), cases.accepted(3, reference="R")),
        )
        for refusal, mine, theirs in rivals:
            met = await asyncio.gather(one.append(mine), other.append(theirs), return_exceptions=True)
            assert [refusal] == [type(outcome) for outcome in met if outcome is not None]
        assert await one.find(Query()) == await other.find(Query())
        assert 2 == len(await one.find(Query()))
        await one.close()
        await other.close()

    async def test_cancelled(self, store: Store) -> None:
        """A caller that is cancelled does no harm to others, and its step is there whole or not at all."""
        entries = [cases.accepted(number) for number in range(1, 41)]
        tasks = [asyncio.create_task(store.append(entry)) for entry in entries]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        met = await asyncio.gather(*tasks, return_exceptions=True)
        assert [None] * 20 == met[1::2]
        for entry in entries:
            record = await store.load(entry.case.id, "declaration/1")
            assert record is None or (record.case, 1) == (entry.case, len(record.documents))

    async def test_probe(self, store: Store) -> None:
        """A store that takes steps says so, before its first one and after, and a probe leaves nothing behind."""
        await store.probe()
        await keep(store, cases.accepted(1))
        await asyncio.gather(*(store.probe() for _ in range(20)))
        assert [cases.case_id(1)] == [case.id for case in await store.find(Query())]

    async def test_probe_closed(self, url: str) -> None:
        """A store that is closed takes nothing."""
        store = await open_store(url)
        await store.close()
        with pytest.raises(StoreUnavailable):
            await store.probe()

    async def test_inspect(self, store: Store) -> None:
        """Inspection shows everything that is kept, by case id, as it stands."""
        await keep(store, *cases.whole(2), cases.accepted(1))
        records = [record async for record in store.inspect()]
        assert [cases.case_id(1), cases.case_id(2)] == [record.case_id for record in records]
        assert [1, 6] == [len(record.journal) for record in records]
        names = sorted(document.name for entry in cases.whole(2) for document in entry.documents)
        assert names == [document.name for document in records[1].documents]
        assert () == await store.damage()

    # Each batch is a few steps given at once: of which case, by which reference, and which of its four steps.
    @given(
        batches=st.lists(
            st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=6),
            max_size=8,
        )
    )
    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    async def test_like_a_dictionary(
        self, fresh_url: Callable[[], str], batches: list[list[tuple[int, int, int]]]
    ) -> None:
        """Whatever is given in whatever order, at once or not, the store keeps and refuses what a dictionary would."""
        store = await open_store(fresh_url())
        model = Model()
        for batch in batches:
            entries = [_history(number, reference)[step] for number, reference, step in batch]
            expected = [model.append(entry) or type(None) for entry in entries]
            assert expected == [type(outcome) for outcome in await together(store, *entries)]
        kept = {case.id: case for case in await store.find(Query(limit=100))}
        await store.close()
        assert {case_id: history[-1].case for case_id, history in model.cases.items()} == kept
