"""Store and keys are two halves: no start begins one of them anew beside the other without a word from the operator."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.declarations import declaration
from support.windows import now

from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import init, key_files
from onewindow.gateway.config import KEY_FOLDER, Config, KeysConfig, StoreConfig
from onewindow.gateway.papers import XML
from onewindow.gateway.store import Query
from onewindow.gateway.store.head_file import noted
from onewindow.gateway.window import Window

LOG = "onewindow.db-wal"


def config(folder: Path, keys: KeysConfig | None = None) -> Config:
    """A gateway in a folder of its own."""
    return Config(store=StoreConfig(url=f"sqlite:///{folder / 'onewindow.db'}"), keys=keys or KeysConfig())


async def taken(settings: Config, reference: str, *, new_store: bool = False, new_keys: bool = False) -> None:
    """A gateway starts, takes a declaration, and stops."""
    opened = await Window.open(settings, new_store=new_store, new_keys=new_keys)
    opened._running = True
    try:
        await opened.submit(declaration(reference), XML)
    finally:
        opened._running = False
        await opened.stop()


async def references(settings: Config, *, new_store: bool = False, new_keys: bool = False) -> list[str]:
    """The cases that a start finds."""
    opened = await Window.open(settings, new_store=new_store, new_keys=new_keys)
    try:
        return sorted(case.reference for case in await opened.find(Query()))
    finally:
        await opened.stop()


async def refusal(settings: Config) -> str:
    """With which code a start is refused; it has words in both languages and names a file."""
    with pytest.raises(Rejected) as rejected:
        await Window.open(settings)
    (finding,) = rejected.value.findings
    assert all((finding.message.en, finding.message.zh, finding.pointer))
    return finding.code


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A gateway that has stopped, with one case, and a copy of all its files as they were while it worked."""
    made = tmp_path / "gateway"
    made.mkdir()
    await taken(config(made), "PAIR-1")
    opened = await Window.open(config(made))
    opened._running = True
    await opened.submit(declaration("PAIR-2"), XML)
    shutil.copytree(made, tmp_path / "killed")  # as kill -9 leaves them: the log holds what is newest
    opened._running = False
    await opened.stop()
    shutil.rmtree(made)
    (tmp_path / "killed").rename(made)
    return made


async def test_killed(folder: Path) -> None:
    """The control: after kill -9, with all files there, everything is found again."""
    assert (folder / LOG).stat().st_size
    assert ["PAIR-1", "PAIR-2"] == await references(config(folder))


def deleted(folder: Path) -> None:
    """The store is gone, all files of it."""
    for file in folder.glob("onewindow.db*"):
        file.unlink()


def emptied(folder: Path) -> None:
    """The store is an empty file, and its log is there."""
    os.truncate(folder / "onewindow.db", 0)


def without_log(folder: Path) -> None:
    """The log is gone, and with it what was newest."""
    (folder / LOG).unlink()


def log_emptied(folder: Path) -> None:
    """The log is an empty file."""
    os.truncate(folder / LOG, 0)


def exchanged(folder: Path) -> None:
    """Another gateway's store lies in its place."""
    deleted(folder)
    shutil.copy(folder.parent / "other" / "onewindow.db", folder / "onewindow.db")


def rewritten(folder: Path) -> None:
    """The newest entry is another than the one that was noted."""
    with closing(sqlite3.connect(folder / "onewindow.db", isolation_level=None)) as other:
        other.execute("UPDATE feed SET digest = zeroblob(32)")


def store_of(folder: Path) -> bytes | None:
    """The database as it lies there."""
    file = folder / "onewindow.db"
    return file.read_bytes() if file.exists() else None


FAULTS = [
    (deleted, "store-new-beside-keys", []),
    (emptied, "store-new-beside-keys", []),
    (without_log, "store-behind", ["PAIR-1"]),
    (log_emptied, "store-behind", ["PAIR-1"]),
    (exchanged, "store-another", ["PAIR-3"]),
    (rewritten, "store-differs", ["PAIR-1", "PAIR-2"]),
]


@pytest.mark.parametrize(("fault", "code", "left"), FAULTS)
async def test_a_store_that_the_keys_do_not_know(
    fault: Callable[[Path], None], code: str, left: list[str], folder: Path
) -> None:
    """A store that is gone, cut short or another one is refused, untouched, until `new_store` says that it is meant."""
    other = folder.parent / "other"
    other.mkdir()
    shutil.copytree(folder / KEY_FOLDER, other / KEY_FOLDER, ignore=shutil.ignore_patterns("head-of-*"))
    await taken(config(other), "PAIR-3")
    fault(folder)
    before = store_of(folder)
    assert [code, code] == [await refusal(config(folder)), await refusal(config(folder))]
    assert before == store_of(folder)
    assert left == await references(config(folder), new_store=True)
    assert left == await references(config(folder))


async def test_new_keys_beside_a_store(folder: Path) -> None:
    """Keys are not made anew beside a store with cases unless `new_keys` says so."""
    shutil.rmtree(folder / KEY_FOLDER)
    assert "keys-new-beside-store" == await refusal(config(folder))
    assert not (folder / KEY_FOLDER).exists()
    assert ["PAIR-1", "PAIR-2"] == await references(config(folder), new_keys=True)
    assert ["PAIR-1", "PAIR-2"] == await references(config(folder))


async def test_other_keys_beside_a_store(folder: Path, tmp_path: Path) -> None:
    """Keys of another authority are refused; with the former one among those that are trusted they are not."""
    former = (folder / KEY_FOLDER / "authority.crt.pem").read_bytes()
    files = key_files(folder / KEY_FOLDER)
    made = init(tmp_path / "others", now())
    keys = KeysConfig(
        certificate=made.gateway_certificate, private_key=made.gateway_key, trust=made.authority_certificate
    )
    assert files.gateway_key.exists()
    assert "keys-another" == await refusal(config(folder, keys))
    made.authority_certificate.write_bytes(made.authority_certificate.read_bytes() + former)
    assert ["PAIR-1", "PAIR-2"] == await references(config(folder, keys))


async def test_a_store_with_keys_of_its_own_place(tmp_path: Path) -> None:
    """Where keys are configured the note is beside the store, or where `head` says, and does as much."""
    made = init(tmp_path / "keys", now())
    keys = KeysConfig(
        certificate=made.gateway_certificate, private_key=made.gateway_key, trust=made.authority_certificate
    )
    for name, head in (("beside", None), ("elsewhere", tmp_path / "head")):
        (tmp_path / name).mkdir()
        url = f"sqlite:///{tmp_path / name / 'onewindow.db'}"
        settings = Config(store=StoreConfig(url=url, head=head), keys=keys)
        await taken(settings, "PAIR-4")
        assert (tmp_path / name / "head-of-onewindow.db" if head is None else head) == settings.head_file
        (tmp_path / name / "onewindow.db").unlink()
        assert "store-new-beside-keys" == await refusal(settings)


async def test_a_store_from_before(folder: Path) -> None:
    """A gateway that was started by a release without such notes starts as it did, and is known from then on."""
    head = folder / KEY_FOLDER / "head-of-onewindow.db"
    head.unlink()
    with closing(sqlite3.connect(folder / "onewindow.db", isolation_level=None)) as other:
        other.execute("DROP TABLE store")
        other.execute("ALTER TABLE feed DROP COLUMN digest")
        other.execute("UPDATE alembic_version SET version_num = '0006'")
    assert ["PAIR-1", "PAIR-2"] == await references(config(folder))
    found = noted(head)
    assert found is not None
    assert found.head is not None
    assert found.head.number > 0
    deleted(folder)
    assert "store-new-beside-keys" == await refusal(config(folder))


@pytest.mark.parametrize("content", [b"", b"rubbish", b"store x\nhead y\n", b"\xff" * 5000])
async def test_a_note_that_cannot_be_read(content: bytes, folder: Path) -> None:
    """A damaged note stops no gateway that has its store, and lets none begin anew without it."""
    head = folder / KEY_FOLDER / "head-of-onewindow.db"
    head.write_bytes(content)
    assert ["PAIR-1", "PAIR-2"] == await references(config(folder))
    found = noted(head)
    assert found is not None
    assert found.head is not None
    head.write_bytes(content)
    deleted(folder)
    assert "store-new-beside-keys" == await refusal(config(folder))
