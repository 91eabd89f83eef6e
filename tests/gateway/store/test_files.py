"""A store whose files are deleted or replaced under it promises nothing any more."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from contract.store import keep
from support import cases

from onewindow.gateway.store import Query, Store, StoreUnavailable, UnsafeStore, open_store
from onewindow.gateway.store.database import Database
from onewindow.gateway.store.files import Files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
async def store(file: Path) -> Store:
    """A store with one case."""
    opened = await open_store(f"sqlite:///{file}")
    await keep(opened, cases.accepted(1))
    return opened


def removed(file: Path) -> None:
    """The database and its log are deleted."""
    for path in file.parent.glob("store.db*"):
        path.unlink()


def log_removed(file: Path) -> None:
    """Only the log is deleted."""
    file.with_name("store.db-wal").unlink()


def index_removed(file: Path) -> None:
    """Only the log's index is deleted: whoever opens the database now would make another."""
    file.with_name("store.db-shm").unlink()


def replaced(file: Path) -> None:
    """A copy is moved over the database."""
    copy = file.with_name("copy")
    shutil.copy(file, copy)
    copy.replace(file)


def moved_away(file: Path) -> None:
    """The database has another name."""
    file.rename(file.with_name("kept"))


def moved_back(file: Path) -> None:
    """The database has its name again."""
    file.with_name("kept").rename(file)


def log_emptied(file: Path) -> None:
    """The log is cut to nothing, as `: >store.db-wal` does."""
    os.truncate(file.with_name("store.db-wal"), 0)


def log_cut(file: Path) -> None:
    """The log loses its second half."""
    log = file.with_name("store.db-wal")
    os.truncate(log, log.stat().st_size // 2)


def log_zeroed(file: Path) -> None:
    """The log keeps its size and has nothing in it."""
    log = file.with_name("store.db-wal")
    log.write_bytes(bytes(log.stat().st_size))


def database_emptied(file: Path) -> None:
    """The database is cut to nothing."""
    os.truncate(file, 0)


FAULTS = [removed, log_removed, index_removed, replaced, log_cut, log_zeroed, database_emptied]


@pytest.mark.parametrize("fault", FAULTS)
async def test_nothing_is_promised(fault: Callable[[Path], None], store: Store, file: Path) -> None:
    """Once a file is gone or another one, nothing is kept, read or called ready any more."""
    fault(file)
    with pytest.raises(StoreUnavailable, match=r"store\.db"):
        await store.append(cases.accepted(2))
    with pytest.raises(StoreUnavailable, match=r"store\.db"):
        await store.load(cases.case_id(1))
    with pytest.raises(StoreUnavailable, match=r"store\.db"):
        await store.probe()
    await store.close()


@pytest.mark.parametrize("fault", FAULTS)
async def test_noticed_by_a_probe(fault: Callable[[Path], None], store: Store, file: Path) -> None:
    """A probe notices without anything being written, however short a time ago a commit went well."""
    fault(file)
    with pytest.raises(StoreUnavailable, match=r"store\.db"):
        await store.probe()
    await store.close()


async def test_no_receipt_for_what_went_into_an_emptied_log(store: Store, file: Path) -> None:
    """A log that was emptied is noticed at the next commit, which is not called kept, and by every probe after it."""
    log_emptied(file)
    with pytest.raises(StoreUnavailable, match="cut short"):
        await store.append(cases.accepted(2))
    with pytest.raises(StoreUnavailable, match="cut short"):
        await store.probe()
    await store.close()


async def test_a_log_emptied_in_order(store: Store, file: Path) -> None:
    """Another process that empties the log once all of it is in the database does no harm."""
    for number in (2, 3):
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            assert (0, 0, 0) == other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert 0 == file.with_name("store.db-wal").stat().st_size
        await store.probe()
        await keep(store, cases.accepted(number))
    await store.close()
    again = await open_store(f"sqlite:///{file}")
    assert 3 == len(await again.find(Query()))
    await again.close()


async def test_stays_so(store: Store, file: Path) -> None:
    """A file that is put back does not make up for what may have gone into another one."""
    moved_away(file)
    with pytest.raises(StoreUnavailable, match="removed"):
        await store.append(cases.accepted(2))
    moved_back(file)
    with pytest.raises(StoreUnavailable, match="removed"):
        await store.append(cases.accepted(3))
    await store.close()


async def test_replaced_during_the_commit(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit that has gone into a file which is no longer the store is not called kept."""
    check = Files.check
    asked: list[bool] = []

    def vanishing(files: Files) -> None:
        check(files)
        if not asked:
            removed(file)
        asked.append(True)

    monkeypatch.setattr(Files, "check", vanishing)
    with pytest.raises(StoreUnavailable, match="removed"):
        await store.append(cases.accepted(2))
    await store.close()


async def test_control_without_the_check(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check a step is called kept and is lost with the process: the check is what keeps the promise."""
    monkeypatch.setattr(Files, "check", lambda _: None)
    removed(file)
    await keep(store, cases.accepted(2))
    await store.close()
    again = await open_store(f"sqlite:///{file}")
    assert () == await again.find(Query())
    await again.close()


async def test_control_of_an_emptied_log(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check a step is called kept, and the next start has no database at all."""
    monkeypatch.setattr(Files, "check", lambda _: None)
    log_emptied(file)
    await keep(store, cases.accepted(2))
    await store.close()
    with pytest.raises(UnsafeStore, match="not a database"):
        await open_store(f"sqlite:///{file}")


async def test_through_a_link(tmp_path: Path) -> None:
    """A store that a link leads to works, and is lost where the link comes to lead elsewhere."""
    real, other, link = tmp_path / "real.db", tmp_path / "other.db", tmp_path / "link.db"
    link.symlink_to(real)
    real.touch()
    store = await open_store(f"sqlite:///{link}")
    await keep(store, cases.accepted(1))
    other.touch()
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(StoreUnavailable, match="replaced"):
        await store.append(cases.accepted(2))
    await store.close()


async def test_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that changes its folder still has the store where it was opened, on new connections too."""
    monkeypatch.chdir(tmp_path)
    store = await open_store("sqlite:///store.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert isinstance(store, Database)
    store._engines.writer.dispose()
    await keep(store, cases.accepted(1))
    await store.close()
