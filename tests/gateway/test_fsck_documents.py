"""Fsck of documents on file: a sound folder is sound, and every file or entry that is not is named."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from contract.register import OWNER, on_file
from msgspec.structs import replace

from onewindow.codecs.digest import digest
from onewindow.gateway import fsck
from onewindow.gateway.store import open_store
from onewindow.gateway.store.document_folder import DocumentFolder

BODIES = (b"one", b"two", b"three")


class Kept:
    """A store with three documents on file, one of them for two owners."""

    def __init__(self, path: Path) -> None:
        self.store = path / "store.db"
        self.files = path / "documents"
        self.folder = DocumentFolder(self.files)
        asyncio.run(self._fill())

    async def _fill(self) -> None:
        store = await open_store(f"sqlite:///{self.store}")
        for body in BODIES:
            incoming = self.folder.begin()
            incoming.write(body)
            incoming.keep()
            await store.documents.put(replace(on_file(1), digest=digest(body), bytes=len(body)))
        await store.documents.put(replace(on_file(1), digest=digest(b"one"), bytes=3, owner=f"{OWNER}2"))
        await store.close()

    def file(self, body: bytes) -> Path:
        """The file of these bytes."""
        return self.files / digest(body)[7:9] / digest(body)[7:]

    def change(self, what: str) -> None:
        """Change the second entry behind the store's back."""
        sql = " ".join(("UPDATE documents_on_file SET", what, "WHERE number = 2"))
        with closing(sqlite3.connect(self.store, isolation_level=None)) as connection:
            assert 1 == connection.execute(sql).rowcount

    def examined(self) -> fsck.Report:
        """What fsck finds."""

        async def check() -> fsck.Report:
            store = await open_store(f"sqlite:///{self.store}")
            try:
                return await fsck.check(store, trust=None, folder=self.folder)
            finally:
                await store.close()

        return asyncio.run(check())


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_sound(kept: Kept) -> None:
    """Files that nobody put on file, and what is still coming in, are no harm; what is on file is counted."""
    litter, stray = kept.folder.begin(), kept.folder.begin()
    litter.write(b"half a document")
    stray.write(b"killed before its entry")
    stray.keep()
    report = kept.examined()
    litter.discard()
    assert (True, 4, ()) == (report.sound, report.on_file, report.problems)


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (lambda kept: kept.file(b"two").unlink(), "file-damaged", "not there"),
        (lambda kept: kept.file(b"two").write_bytes(b"tvo"), "file-damaged", "another digest"),
        (lambda kept: kept.file(b"two").write_bytes(b"two "), "file-damaged", "another digest"),
        (lambda kept: kept.change("bytes = 4"), "file-damaged", "3 bytes"),
        (lambda kept: kept.change("owner = x'ff'"), "entry-damaged", "2: "),
        (lambda kept: kept.change("digest = 'sha256:../../x'"), "file-damaged", "no digest"),
    ],
)
def test_damage(fault: Callable[[Kept], object], code: str, words: str, kept: Kept) -> None:
    """What is not as it was put on file is named, in both languages, and the rest is looked at all the same."""
    fault(kept)
    report = kept.examined()
    (problem,) = report.problems
    assert (code, 4) == (problem.code, report.on_file)
    assert words in problem.message.en
    assert words in problem.message.zh


def test_file_of_two_entries(kept: Kept) -> None:
    """A file that is on file for two owners is missed by both."""
    kept.file(b"one").unlink()
    assert ["file-damaged"] * 2 == [problem.code for problem in kept.examined().problems]


def test_file_that_can_not_be_read(kept: Kept) -> None:
    """A file that the disk does not give out is a problem and no failure of fsck."""
    kept.file(b"two").unlink()
    kept.file(b"two").mkdir()
    (problem,) = kept.examined().problems
    assert "file-damaged" == problem.code


def test_a_pipe_in_a_file_s_place_holds_nothing_up(kept: Kept) -> None:
    """A pipe that nobody writes to is a damaged file, and is not waited for."""
    kept.file(b"two").unlink()
    os.mkfifo(kept.file(b"two"))
    (problem,) = kept.examined().problems
    assert "file-damaged" == problem.code
    assert "not a regular file" in problem.message.en
