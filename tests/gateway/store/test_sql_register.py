"""The register of documents on file in SQLite keeps its contract, and shows nothing that was altered."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from contract.register import RegisterContract, keep, on_file
from support import cases

from onewindow.gateway.store import Search, StoreUnavailable, open_store, sql_register


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


class TestSqlite(RegisterContract):
    """The contract, on a file."""


@pytest.mark.parametrize(
    "fault",
    [
        "bytes = 'many'",
        "owner = x'ff'",
        "owner = CAST(x'ff' AS TEXT)",
        "type_code = '999'",
        "received_at = 'yesterday'",
        "received_at = '2026-03-02T12:00:00'",
        "expires_at = 5",
        "shared_with = 'nobody'",
        "shared_with = 7",
        "shared_with = '[7]'",
    ],
)
async def test_damaged_entry(fault: str, file: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that is not as it was written is left out, however lists are paged; inspection says why."""
    monkeypatch.setattr(sql_register, "INSPECTED_ENTRIES", 1)
    store = await open_store(url)
    first, second, third = await keep(store, *(on_file(number) for number in (1, 2, 3)))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute(" ".join(("UPDATE documents_on_file SET", fault, "WHERE number = 2")))
    assert (third, first) == await store.documents.find(Search())
    assert (third, first) == await store.documents.find(Search(limit=2))
    assert () == await store.documents.of([second.digest])
    shown = [raw async for raw in store.documents.inspect()]
    assert [(1, True), (2, False), (3, True)] == [(raw.number, raw.unreadable is None) for raw in shown]
    await store.close()


async def test_damaged_entry_mended(file: Path, url: str) -> None:
    """A damaged entry is whole again once the document is put on file again."""
    store = await open_store(url)
    (first,) = await keep(store, on_file(1))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("UPDATE documents_on_file SET shared_with = 'nobody'")
    assert (first, False) == await store.documents.put(on_file(1))
    assert (first,) == await store.documents.find(Search())
    await store.close()


async def test_locked(file: Path, url: str) -> None:
    """While another process holds the database an entry is refused as unavailable; later it is taken, and cases too."""
    store = await open_store(url, busy_ms=1)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            await store.documents.put(on_file(1))
        assert () == await store.documents.find(Search())
        other.execute("ROLLBACK")
    await keep(store, on_file(1))
    await store.append(cases.accepted(1))
    await store.close()


async def test_between_cases(url: str) -> None:
    """Entries and cases are kept side by side."""
    store = await open_store(url)
    for number in range(1, 20):
        await store.append(cases.accepted(number))
        await keep(store, on_file(number))
    assert 19 == len(await store.documents.find(Search()))
    await store.close()
