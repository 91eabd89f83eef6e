"""SQLite keeps the contract of a store, and starts with no setting under which it could not."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvloop
from contract.dead_letters import DeadLettersContract, letter
from contract.feed import FeedContract, told
from contract.store import StoreContract, keep, together
from support import cases
from support.webhooks import subscription

from onewindow.gateway.case_id import case_id
from onewindow.gateway.place import BEGINNING
from onewindow.gateway.store import (
    Conflict,
    Query,
    RecordDamaged,
    Store,
    StoreUnavailable,
    UnsafeStore,
    database,
    feed,
    open_store,
)
from onewindow.gateway.store.database import Database
from onewindow.gateway.store.dead_letters import LetterSearch
from onewindow.gateway.store.sqlite import FREE_BYTES_MIN
from onewindow.gateway.store.tables import metadata


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def fresh_url(tmp_path: Path) -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"sqlite:///{tmp_path / f'store-{next(numbers)}.db'}"


def listing(folder: Path) -> dict[str, int]:
    """The files in a folder and their modes."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


class TestSqlite(StoreContract, FeedContract):
    """The contract, on a file."""


class TestSqliteDeadLetters(DeadLettersContract):
    """The contract of dead letters, on a file."""


async def test_damaged_dead_letter(file: Path, url: str) -> None:
    """A dead letter whose row is damaged is left out of lists and named by inspection; the others are there."""
    store = await open_store(url)
    for number in (1, 2):
        await store.dead_letters.keep(letter(number, b"%d" % number), b"")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE dead_letters SET state = 'lost' WHERE id = ?", (cases.case_id(1),))
    assert (letter(2, b"2"),) == await store.dead_letters.find(LetterSearch())
    assert [(cases.case_id(1), False), (cases.case_id(2), True)] == [
        (raw.id, raw.letter is not None) async for raw in store.dead_letters.inspect()
    ]
    with pytest.raises(RecordDamaged):
        await store.dead_letters.load(cases.case_id(1))
    await store.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite://", "store-in-memory"),
        ("sqlite:///:memory:", "store-in-memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "store-in-memory"),
        ("sqlite:///x.db?nolock=1", "store-setting-unknown"),
        ("sqlite:///no/such/folder/x.db", "store-file"),
        ("mysql://localhost/x", "store-engine-unknown"),
        ("no url at all", "store-url"),
    ],
)
async def test_unsafe_url(url: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A URL that names no file, no engine of ours or a setting we do not know stops the start, with a code."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnsafeStore) as refusal:
        await open_store(url)
    assert code == refusal.value.code


async def test_relative_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slashes and a name are a file in the working directory."""
    monkeypatch.chdir(tmp_path)
    await (await open_store("sqlite:///here.db")).close()
    assert {"here.db"} == set(listing(tmp_path))


def test_not_a_database(file: Path, url: str) -> None:
    """A file that is something else is left as it is."""
    file.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(UnsafeStore) as refusal:
        asyncio.run(open_store(url))
    assert "store-not-a-database" == refusal.value.code
    assert b"Dear diary, " * 1000 == file.read_bytes()


async def test_file_mode(file: Path, url: str) -> None:
    """The database and its log can be read and written by their owner only."""
    store = await open_store(url)
    await keep(store, cases.accepted(1))
    modes = listing(file.parent)
    await store.close()
    assert {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600} == modes


async def test_settings_of_every_connection(url: str) -> None:
    """The writer's connection and the readers' have the safe settings, and readers can't write."""
    store = await open_store(url)
    assert isinstance(store, Database)
    for engine, read_only in ((store._engines.writer, 0), (store._engines.readers, 1)):
        with engine.connect() as connection:
            values = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
            ]
        assert ["wal", 2, 1, 5000, read_only] == values
    await store.close()


async def test_locked(file: Path, url: str) -> None:
    """While another process holds the database, what is appended is refused as unavailable; later it is taken."""
    store = await open_store(url, busy_ms=1)
    entries = [cases.accepted(number) for number in (1, 2, 3)]
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        met = await together(store, *entries)
        assert await store.load(entries[0].case.id) is None
        other.execute("ROLLBACK")
    assert [StoreUnavailable] * 3 == [type(outcome) for outcome in met]
    assert [None] * 3 == await together(store, *entries)
    await store.close()


async def test_full(file: Path, url: str) -> None:
    """When the disk is full all of a batch are refused as unavailable and nothing of them is kept."""
    store = await open_store(url)
    await keep(store, cases.accepted(1))
    assert isinstance(store, Database)
    with store._engines.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    entries = [cases.accepted(number, declaration=b"x" * 100_000) for number in (2, 3)]
    met = await together(store, *entries)
    assert [StoreUnavailable] * 2 == [type(outcome) for outcome in met]
    assert [cases.case_id(1)] == [case.id async for case in store.outstanding()]
    # The connection that failed is gone, and its limit with it.
    assert [None, None] == await together(store, *entries)
    await store.close()


def test_uvloop(url: str) -> None:
    """The store works on uvloop as on the loop of the standard library."""

    async def run() -> list[BaseException | None]:
        store = await open_store(url)
        met = await together(store, *cases.whole(1), *(cases.accepted(number) for number in range(2, 50)))
        await store.close()
        return met

    assert [None] * 52 == uvloop.run(run())


async def test_observe(url: str) -> None:
    """Each commit is told with its time and its entries, and what waits together is committed together."""
    commits: list[tuple[float, int]] = []
    store = await open_store(url, observe=lambda seconds, entries: commits.append((seconds, entries)))
    await together(store, *(cases.accepted(number) for number in range(1, 101)))
    await store.close()
    assert 100 == sum(entries for _, entries in commits)
    assert len(commits) < 50
    assert all(seconds > 0 for seconds, _ in commits)


async def test_loop_goes_on(file: Path, url: str) -> None:
    """While a commit waits for a lock the event loop goes on and reads are answered."""
    store = await open_store(url, busy_ms=60_000)
    await keep(store, cases.accepted(1))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(store.append(cases.accepted(2)))
        assert await store.load(cases.case_id(1)) is not None
        assert not waiting.done()
        other.execute("ROLLBACK")
        await waiting
    await store.close()


def plant(file: Path, sql: str, *values: object) -> None:
    """Change the database behind the store's back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        assert other.execute(sql, values).rowcount > 0


@pytest.mark.parametrize(
    "fault",
    [
        "DELETE FROM journal WHERE sequence = 2",
        "UPDATE journal SET body = CAST(replace(body, 'sent', 'bent') AS BLOB) WHERE sequence = 2",
        "UPDATE cases SET snapshot = CAST(replace(snapshot, 'REF-1', 'REF-7') AS BLOB)",
        "UPDATE cases SET snapshot = CAST(snapshot AS TEXT)",
        "UPDATE cases SET snapshot = 5",
        "UPDATE journal SET body = 5 WHERE sequence = 2",
        "UPDATE documents SET body = 'text' WHERE name = 'response'",
        "UPDATE documents SET media_type = x'ff' WHERE name = 'response'",
    ],
)
async def test_damaged_record_not_served(file: Path, url: str, fault: str) -> None:
    """A case whose journal does not replay to its snapshot, or whose bytes are no bytes, is not served."""
    store = await open_store(url)
    await keep(store, *cases.whole(1))
    plant(file, fault)
    with pytest.raises(RecordDamaged) as damaged:
        await store.load(cases.case_id(1), "response")
    await store.close()
    assert cases.case_id(1) == damaged.value.case_id


UNREADABLE = [
    "UPDATE cases SET snapshot = x'7b' WHERE id = ?",
    "UPDATE cases SET snapshot = 5 WHERE id = ?",
    "UPDATE cases SET snapshot = 'text' WHERE id = ?",
    "UPDATE cases SET snapshot = CAST(x'ff' AS TEXT) WHERE id = ?",
    "UPDATE cases SET snapshot = (SELECT max(snapshot) FROM cases) WHERE id = ?",
    "UPDATE cases SET id = CAST(id AS BLOB) WHERE id = ?",
    "UPDATE cases SET id = CAST(CAST(substr(id, 1, 8) AS BLOB) || x'ff' AS TEXT) WHERE id = ?",
]


@pytest.mark.parametrize("fault", UNREADABLE)
async def test_damaged_case_left_out(fault: str, file: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case that can't be read is left out of those outstanding and of lists, however they are paged."""
    monkeypatch.setattr(database, "PAGE_CASES", 1)
    store = await open_store(url)
    await keep(store, *(cases.accepted(number) for number in (1, 2, 3)))
    plant(file, fault, cases.case_id(2))
    assert [cases.case_id(1), cases.case_id(3)] == [case.id async for case in store.outstanding()]
    assert [cases.case_id(3), cases.case_id(1)] == [case.id for case in await store.find(Query())]
    assert [cases.case_id(3), cases.case_id(1)] == [case.id for case in await store.find(Query(limit=2))]
    await store.probe()
    await store.close()


@pytest.mark.parametrize("fault", UNREADABLE)
async def test_damaged_case_left_out_of_those_received(
    fault: str, file: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that can't be read is left out of those received in a stretch of time, and those after it come."""
    monkeypatch.setattr(database, "PAGE_CASES", 1)
    store = await open_store(url)
    times = [cases.noon(number * 10_000) for number in (1, 2, 3)]
    made = [case_id(at, bytes([number] * 10)) for number, at in enumerate(times)]
    await keep(store, *(cases.accepted(number, at=at, named=made[number]) for number, at in enumerate(times)))
    plant(file, fault, made[1])
    pages = [page async for page in store.received(times[0], times[2] + timedelta(seconds=1))]
    await store.close()
    assert [made[0], made[2]] == [case.id for page in pages for case in page]


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE journal SET body = x'7b' WHERE sequence = 1 AND case_id = ?",
        "UPDATE journal SET body = 5 WHERE sequence = 1 AND case_id = ?",
        "UPDATE journal SET at = '2020' WHERE sequence = 1 AND case_id = ?",
        "UPDATE journal SET event = 'sent' WHERE sequence = 1 AND case_id = ?",
        "DELETE FROM journal WHERE sequence = 1 AND case_id = ?",
        "DELETE FROM cases WHERE id = ?",
        "UPDATE cases SET declarant = 'SOMEONE' WHERE id = ?",
        "UPDATE cases SET reference = x'ff' WHERE id = ?",
        "UPDATE feed SET declarant = 'SOMEONE' WHERE case_id = ?",
        "UPDATE feed SET case_id = CAST(x'ff' AS TEXT) WHERE case_id = ?",
        "UPDATE feed SET last_sequence = 0 WHERE case_id = ?",
    ],
)
async def test_damaged_event_left_out(fault: str, file: Path, url: str) -> None:
    """An event that can't be read, or is another's by what is written elsewhere, is left out; the others come."""
    store = await open_store(url)
    await keep(store, *(cases.accepted(number) for number in (1, 2, 3)))
    plant(file, fault, cases.case_id(2))
    for limit in (1, 2, 10):
        assert [cases.case_id(1), cases.case_id(3)] == [each.case_id for each in await told(store, limit=limit)]
    assert [] == await told(store, declarant="SOMEONE")
    await store.close()


async def test_feed_scans_a_while_at_a_time(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A declarant who has few of very many events is led to them in reads that each look at so many entries."""
    monkeypatch.setattr(feed, "SCANNED_POSITIONS", 5)
    store = await open_store(url)
    for number in range(1, 31):
        await keep(store, cases.accepted(number, declarant="RARE" if number in (2, 29) else "OFTEN"))
    page = await store.feed(BEGINNING, 10, "RARE")
    assert ([cases.case_id(2)], True) == ([each.case_id for each in page.events], page.more)
    assert [cases.case_id(2), cases.case_id(29)] == [each.case_id for each in await told(store, declarant="RARE")]
    assert 30 == len(await told(store, limit=100))
    await store.close()


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE webhooks SET snapshot = x'7b' WHERE id = ?",
        "UPDATE webhooks SET snapshot = 5 WHERE id = ?",
        "UPDATE webhooks SET version = 7 WHERE id = ?",
        "UPDATE webhooks SET id = CAST(x'ff' AS TEXT) WHERE id = ?",
    ],
)
async def test_damaged_webhook(fault: str, file: Path, url: str) -> None:
    """A subscription that can't be read, or is not what it is listed as, is told apart from those that are sound."""
    store = await open_store(url)
    for number in (1, 2):
        await store.keep_webhook(subscription(number))
    plant(file, fault, cases.case_id(1))
    kept = await store.webhooks()
    await store.close()
    assert [RecordDamaged] == [type(each) for each in kept if each != subscription(2)]


@pytest.mark.parametrize("table", ["cases", "journal", "documents", "feed"])
@pytest.mark.parametrize("value", ["CAST({} AS BLOB)", "CAST(CAST(substr({}, 1, 8) AS BLOB) || x'ff' AS TEXT)"])
async def test_inspect_ids_that_are_no_text(
    table: str, value: str, file: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inspection names a row under an id that is no text, and goes on to the cases after it."""
    monkeypatch.setattr(database, "INSPECTED_CASES", 1)
    store = await open_store(url)
    await keep(store, *(cases.accepted(number) for number in (1, 2, 3)))
    column = "id" if table == "cases" else "case_id"
    sql = " ".join(("UPDATE", table, "SET", column, "=", value.format(column), "WHERE", column, "= ?"))
    plant(file, sql, cases.case_id(2))
    records = [record async for record in store.inspect()]
    await store.close()
    ids = [record.case_id for record in records if record.unreadable is None]
    assert [1, 3] == [number for number in (1, 3) if cases.case_id(number) in ids]
    assert [True] == [record.case_id.startswith("b'") for record in records if record.unreadable is not None]


async def test_probe_locked(file: Path, url: str) -> None:
    """While another process holds the database a probe says that it can't be written, and then that it can."""
    store = await open_store(url, busy_ms=1)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            await store.probe()
        assert [StoreUnavailable] == [type(met) for met in await together(store, cases.accepted(1))]
        with pytest.raises(StoreUnavailable, match="locked"):
            await store.probe()
        other.execute("ROLLBACK")
    await store.probe()
    await keep(store, cases.accepted(1))
    await store.close()


async def test_probe_full(file: Path, url: str) -> None:
    """After a commit that the disk had no room for, a probe says so until there is room again."""
    resource = pytest.importorskip("resource", reason="file sizes can be limited on POSIX systems only")
    store = await open_store(url)
    await keep(store, cases.accepted(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.with_name("store.db-wal").stat().st_size, hard))
    try:
        met = await together(store, cases.accepted(2, declaration=b"x" * 100_000))
        assert [StoreUnavailable] == [type(outcome) for outcome in met]
        with pytest.raises(StoreUnavailable):
            await store.probe()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await store.probe()
    await keep(store, cases.accepted(2))
    await store.close()


async def test_probe_knows_of_a_full_disk_at_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without room is told by the first probe, though the last commit went well, and so is room again."""
    store = await open_store(url)
    found = os.statvfs("/")
    for free, fits in ((FREE_BYTES_MIN - 1, False), (FREE_BYTES_MIN, True)):
        await keep(store, cases.accepted(1 + fits))
        left = SimpleNamespace(f_bfree=free, f_bavail=free, f_frsize=1)
        monkeypatch.setattr(os, "statvfs", lambda _, left=left: left)
        if fits:
            await store.probe()
        else:
            with pytest.raises(StoreUnavailable, match="disk is full"):
                await store.probe()
        monkeypatch.setattr(os, "statvfs", lambda _: found)
    await store.close()


async def test_probe_writes_in_earnest(file: Path, url: str) -> None:
    """A log that can't grow is told by the first probe, before any commit has failed."""
    resource = pytest.importorskip("resource", reason="file sizes can be limited on POSIX systems only")
    store = await open_store(url)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.with_name("store.db-wal").stat().st_size, hard))
    try:
        with pytest.raises(StoreUnavailable):
            await store.probe()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await store.probe()
    await store.close()


@pytest.mark.parametrize("table", sorted(metadata.tables))
async def test_probe_without_a_table(table: str, file: Path, url: str) -> None:
    """A store that has lost any of its tables is one that a probe refuses; one that has them all keeps none of it."""
    store = await open_store(url)
    await store.probe()
    assert () == await store.find(Query())
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute(f"DROP TABLE {table}")
    with pytest.raises(StoreUnavailable, match=table):
        await store.probe()
    await store.close()


async def test_probe_read_only(url: str) -> None:
    """A database that can only be read is one that a probe refuses, though it lets itself be locked."""
    store = await open_store(url)
    assert isinstance(store, Database)
    with store._engines.prober.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable, match="readonly"):
        await store.probe()
    await store.close()


@pytest.fixture
async def half(url: str) -> Store:
    store = await open_store(url)
    await keep(store, cases.accepted(1))
    return store


async def test_conflict_names_case(half: Store) -> None:
    """A conflict says which case and where it stands."""
    with pytest.raises(Conflict, match=f"{cases.case_id(1)} stands at 1, not at 3"):
        await half.append(cases.whole(1)[2])
    await half.close()
