"""Fsck of the chain: nothing is taken away, changed or put elsewhere without its being found by number."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from support import cases

from onewindow.gateway import fsck
from onewindow.gateway.store import open_store
from onewindow.gateway.store.chain import NOTHING, Head
from onewindow.gateway.store.migration import configuration

ENTRIES = 12
"""Of three cases, four entries each, one after another."""


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A sound store that was closed in order."""
    found = tmp_path / "store.db"
    store = await open_store(f"sqlite:///{found}")
    for number in (1, 2, 3):
        for entry in cases.whole(number):
            await store.append(entry)
    await store.close()
    return found


async def examined(file: Path, *heads: Head) -> fsck.Report:
    """What fsck finds in a store."""
    store = await open_store(f"sqlite:///{file}")
    try:
        return await fsck.check(store, trust=None, heads=heads)
    finally:
        await store.close()


def of_the_chain(report: fsck.Report) -> list[tuple[str, str, str]]:
    """Code, case and number of what the chain shows."""
    codes = ("entries-missing", "entry-differs", "head-differs")
    return [
        (problem.code, problem.case_id, problem.message.en.rpartition(": ")[2])
        for problem in report.problems
        if problem.code in codes
    ]


def change(file: Path, *statements: str, number: int | None = None) -> None:
    """Alter a store behind the gateway's back; statements are about a case where they have its number."""
    values = () if number is None else (cases.case_id(number),)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert 0 < connection.execute(statement, values).rowcount


def delete_case(file: Path, number: int) -> None:
    """Every row of a case is gone."""
    for table, column in (("documents", "case_id"), ("journal", "case_id"), ("feed", "case_id"), ("cases", "id")):
        change(file, f"DELETE FROM {table} WHERE {column} = ?", number=number)  # noqa: S608 - names from the line above


async def test_a_sound_store(file: Path) -> None:
    """The control: in a store that nobody touched nothing is found, and the head that is told holds it."""
    report = await examined(file)
    assert ([], 0) == (of_the_chain(report), report.noted)
    head = Head.read(report.head)
    assert ENTRIES == head.number
    again = await examined(file, head)
    assert ([], ENTRIES) == (of_the_chain(again), again.noted)


@pytest.mark.parametrize(("number", "missing"), [(1, "1-4"), (2, "5-8")])
async def test_a_case_without_trace(number: int, missing: str, file: Path) -> None:
    """A case of which every row was deleted is missed by the numbers of its entries."""
    delete_case(file, number)
    assert [("entries-missing", "", missing)] == of_the_chain(await examined(file))


async def test_the_newest_case_without_trace(file: Path) -> None:
    """What is cut off the end shows against a head that was noted outside of the store, and without one it can't."""
    head = Head.read((await examined(file)).head)
    delete_case(file, 3)
    alone = await examined(file)
    assert ([], 0) == (of_the_chain(alone), alone.noted)
    assert [("entries-missing", "", "9-12")] == of_the_chain(await examined(file, head))


SWAPPED = "UPDATE feed SET position = CASE position WHEN 6 THEN -7 WHEN 7 THEN 6 ELSE position END"

CHANGES = {
    "a row of the feed deleted": (["DELETE FROM feed WHERE position = 6"], {"entries-missing": "6"}),
    "a digest changed": (
        ["UPDATE feed SET digest = zeroblob(32) WHERE position = 6"],
        {"entry-differs": "6"},
    ),
    "two rows put in each other's place": (
        [SWAPPED, "UPDATE feed SET position = 7 WHERE position = -7"],
        {"entry-differs": "6"},
    ),
    "numbers closed up over a gap": (
        ["DELETE FROM feed WHERE position = 6", "UPDATE feed SET position = position - 1 WHERE position > 6"],
        {"entry-differs": "6"},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_changed_entries(what: str, file: Path) -> None:
    """Rows that are deleted, changed, put elsewhere or numbered anew are found."""
    statements, wanted = CHANGES[what]
    change(file, *statements)
    report = await examined(file)
    assert not report.sound
    found = {(code, number) for code, _, number in of_the_chain(report)}
    named = {problem.case_id for problem in report.problems}
    assert set(wanted.items()) <= found or cases.case_id(2) in named


async def test_a_chain_made_anew(file: Path) -> None:
    """Who changes an entry and makes all digests anew is found by a head from before, and by nothing else."""
    head = Head.read((await examined(file)).head)
    change(file, "UPDATE feed SET declarant = 'OTHER' WHERE case_id = ?", number=3)
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0006")
        command.upgrade(configuration(connection), "head")
    engine.dispose()
    assert [] == of_the_chain(await examined(file))
    assert [("head-differs", "", "12")] == of_the_chain(await examined(file, head))


async def test_entries_from_before_the_chain(file: Path) -> None:
    """A store that an earlier release wrote is chained as it stands when it is opened, and goes on from there."""
    before = (await examined(file)).head
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0006")
    engine.dispose()
    assert before == (await examined(file)).head
    store = await open_store(f"sqlite:///{file}")
    await store.append(cases.accepted(4))
    await store.close()
    report = await examined(file)
    assert ([], ENTRIES + 1) == (of_the_chain(report), Head.read(report.head).number)


async def test_a_copy_without_its_log(tmp_path: Path) -> None:
    """A copy that lacks the log lacks newest entries: a head noted outside of it tells which."""
    file, copy = tmp_path / "store.db", tmp_path / "copy.db"
    store = await open_store(f"sqlite:///{file}")
    await store.adopt("authority", tmp_path / "head")
    await store.append(cases.accepted(1))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await store.append(cases.accepted(2))
    shutil.copy(file, copy)
    noted = Head.read((tmp_path / "head").read_text().split("head ")[1].replace(" ", ""))
    await store.close()
    assert 2 == noted.number
    assert [("entries-missing", "", "2")] == of_the_chain(await examined(copy, noted))
    assert [] == of_the_chain(await examined(file, noted))


@pytest.mark.parametrize("text", ["", "1", "1:", ":" + "0" * 64, "01:" + "0" * 64, "-1:" + "0" * 64, "1:" + "g" * 64])
def test_no_head(text: str) -> None:
    """What is no head is not taken for one; what `str` writes is."""
    with pytest.raises(ValueError, match="head"):
        Head.read(text)
    assert NOTHING == Head.read(str(NOTHING))


@pytest.mark.parametrize("write", [str, lambda head: f" {head}\n"])
def test_a_head_read_again(write: Callable[[Head], str]) -> None:
    """A head is read as it was written."""
    head = Head(607, bytes(range(32)))
    assert head == Head.read(write(head))
