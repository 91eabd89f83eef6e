"""What every register of documents on file promises: an engine's tests inherit from RegisterContract and give a URL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from onewindow.codecs.digest import digest
from onewindow.codecs.messages.codes import DocumentType
from onewindow.gateway.store import OnFile, Search, Store, StoreUnavailable, open_store

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OWNER = "91310000MA1FL0TE57"


def on_file(number: int, owner: str = OWNER) -> OnFile:
    """An entry of the file with this number, not kept yet."""
    return OnFile(
        digest=digest(b"%d" % number),
        owner=owner,
        type_code=DocumentType._705,
        id=f"BL {number}",
        media_type="application/pdf",
        bytes=number,
        received_at=NOON + timedelta(seconds=number),
    )


async def keep(store: Store, *entries: OnFile) -> list[OnFile]:
    """Put one after another; each as it is kept."""
    return [(await store.documents.put(entry))[0] for entry in entries]


class RegisterContract:
    """The promises. An engine's test class has a fixture `url`, of a fresh store."""

    @pytest.fixture
    async def store(self, url: str) -> AsyncIterator[Store]:
        """The fresh store, open."""
        store = await open_store(url)
        yield store
        await store.close()

    async def test_put(self, store: Store) -> None:
        """What is put is found as it was put, with a number that counts from 1."""
        whole = replace(on_file(1), expires_at=NOON, shared_with=("AAAAA", "BBBBB"))
        assert (replace(whole, number=1), True) == await store.documents.put(whole)
        assert (replace(on_file(2), number=2), True) == await store.documents.put(on_file(2))
        assert (replace(on_file(2), number=2), replace(whole, number=1)) == await store.documents.find(Search())

    async def test_put_again(self, store: Store) -> None:
        """The same entry again is the one that is there, received when it was first."""
        (first,) = await keep(store, on_file(1))
        again = replace(on_file(1), received_at=NOON + timedelta(days=1))
        assert (first, False) == await store.documents.put(again)
        assert (first,) == await store.documents.find(Search())

    async def test_restate(self, store: Store) -> None:
        """Of an entry that is there already what is stated last holds: its number, its end, with whom it is shared."""
        (first,) = await keep(store, replace(on_file(1), shared_with=("AAAAA",), expires_at=NOON))
        other = replace(on_file(1), id="X", media_type="image/png", shared_with=("BBBBB",), received_at=NOON)
        expected = replace(other, number=1, received_at=first.received_at)
        assert (expected, False) == await store.documents.put(other)
        assert (expected,) == await store.documents.find(Search())

    async def test_owners_and_types_apart(self, store: Store) -> None:
        """The same file of another owner, or of another type, is another entry."""
        entries = (on_file(1), on_file(1, "OTHER"), replace(on_file(1), type_code=DocumentType._380))
        kept = await keep(store, *entries)
        assert [1, 2, 3] == [entry.number for entry in kept]
        assert tuple(kept) == await store.documents.of([on_file(1).digest])

    async def test_put_at_once(self, store: Store) -> None:
        """Of the same entry put twenty times at once one is new, and one is there."""
        met = await asyncio.gather(*(store.documents.put(on_file(1)) for _ in range(20)))
        assert [True] == [new for _, new in met if new]
        assert (met[0][0],) == await store.documents.find(Search())

    async def test_of(self, store: Store) -> None:
        """The entries of many files at once, of none, and of files that are not there."""
        kept = await keep(store, *(on_file(number) for number in range(1, 6)))
        wanted = [on_file(number).digest for number in range(3, 2000)]
        assert tuple(kept[2:]) == await store.documents.of(wanted)
        assert () == await store.documents.of([])

    async def test_find(self, store: Store) -> None:
        """Entries are found newest first, by owner and file, and page by page each comes once."""
        kept = await keep(store, *(on_file(number, OWNER if number % 5 else "OTHER") for number in range(1, 26)))
        pages: list[list[int]] = []
        after = None
        while page := await store.documents.find(Search(limit=10, after=after)):
            pages.append([entry.number for entry in page])
            after = page[-1].number
        assert [10, 10, 5] == [len(page) for page in pages]
        assert list(range(25, 0, -1)) == [number for page in pages for number in page]
        assert [25, 20, 15, 10, 5] == [entry.number for entry in await store.documents.find(Search(owner="OTHER"))]
        assert (kept[6],) == await store.documents.find(Search(owner=OWNER, digest=kept[6].digest))
        assert () == await store.documents.find(Search(owner="OTHER", digest=kept[6].digest))

    async def test_inspect(self, store: Store) -> None:
        """Inspection shows every entry by number."""
        kept = await keep(store, *(on_file(number) for number in range(1, 4)))
        assert kept == [raw.entry async for raw in store.documents.inspect()]

    async def test_reopen(self, url: str) -> None:
        """What was put is there when the store is opened again; a closed one takes and shows nothing."""
        store = await open_store(url)
        kept = await keep(store, on_file(1))
        await store.close()
        with pytest.raises(StoreUnavailable):
            await store.documents.put(on_file(2))
        with pytest.raises(StoreUnavailable):
            await store.documents.find(Search())
        store = await open_store(url)
        assert tuple(kept) == await store.documents.find(Search())
        await store.close()

    async def test_two_stores(self, url: str) -> None:
        """Two stores on one database keep one register."""
        one, other = await asyncio.gather(open_store(url), open_store(url))
        met = await asyncio.gather(one.documents.put(on_file(1)), other.documents.put(on_file(1)))
        assert [False, True] == sorted(new for _, new in met)
        assert await one.documents.find(Search()) == await other.documents.find(Search())
        await one.close()
        await other.close()
