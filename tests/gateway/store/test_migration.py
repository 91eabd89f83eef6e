"""Databases are brought up to the tables of today, once, whoever opens them."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from support import cases

from onewindow.gateway.store import UnsafeStore, open_store
from onewindow.gateway.store.migration import configuration
from onewindow.gateway.store.tables import metadata

CASES = [cases.case_id(1), cases.case_id(2)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


async def create(file: Path) -> None:
    await (await open_store(f"sqlite:///{file}")).close()


def schema(file: Path) -> dict[str, str]:
    """The definitions of tables and indexes, without white space and quotes."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: "".join(sql.split()).replace('"', "") for name, sql in rows if name != "alembic_version"}


async def test_migrations_add_up(file: Path, tmp_path: Path) -> None:
    """The migrations, one after another, make exactly the tables that the code describes."""
    await create(file)
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    described = tmp_path / "described.db"
    engine = create_engine(f"sqlite:///{described}")
    metadata.create_all(engine)
    engine.dispose()
    assert schema(described) == schema(file)


async def test_down_and_up(file: Path) -> None:
    """Each migration can be taken back and made again."""
    await create(file)
    made = schema(file)
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    assert {} == schema(file)
    engine.dispose()
    await create(file)
    assert made == schema(file)


async def test_events_from_before_the_feed(file: Path) -> None:
    """Events from before there was a feed are in it once, by their times, none before earlier ones of its case."""
    store = await open_store(f"sqlite:///{file}")
    for number in (2, 1):
        for entry in cases.whole(number):
            await store.append(entry)
    await store.close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        # While the first case was worked on the clock was set back by years: its last event seems the oldest of all.
        connection.exec_driver_sql("UPDATE journal SET at = '2020' WHERE sequence = 6 AND case_id = ?", (CASES[0],))
        command.downgrade(configuration(connection), "0004")
        command.upgrade(configuration(connection), "head")
        rows = connection.exec_driver_sql(
            "SELECT feed.case_id, first_sequence, last_sequence, declarant, at FROM feed"
            " JOIN journal ON journal.case_id = feed.case_id AND sequence = first_sequence ORDER BY position"
        ).all()
    engine.dispose()
    told = [(case_id, first) for case_id, first, _, _, _ in rows]
    assert {(case_id, sequence) for case_id in CASES for sequence in range(1, 7)} == set(told)
    assert (12, True) == (len(told), all(first == last for _, first, last, _, _ in rows))
    assert {cases.DECLARANT} == {declarant for _, _, _, declarant, _ in rows}
    for case_id in CASES:
        assert [1, 2, 3, 4, 5, 6] == [sequence for each, sequence in told if each == case_id]
    times = [at for _, _, _, _, at in rows if at != "2020"]
    assert sorted(times) == times


async def test_newer_database(file: Path) -> None:
    """A database that a newer release has migrated stops the start and is left as it is."""
    await create(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnsafeStore, match="9999") as refusal:
        await open_store(f"sqlite:///{file}")
    assert "store-schema-newer" == refusal.value.code


async def test_opened_at_once_in_one_process(file: Path) -> None:
    """Stores opened at once in one process make the tables once."""
    stores = await asyncio.gather(*(open_store(f"sqlite:///{file}") for _ in range(4)))
    for store in stores:
        await store.close()


def test_opened_at_once_in_processes(file: Path) -> None:
    """Processes that open a new database at once make the tables once, and all of them start."""
    program = (
        "import asyncio, sys\n"
        "from onewindow.gateway.store import open_store\n"
        "async def main():\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    await (await open_store(sys.argv[1])).close()\n"
        "asyncio.run(main())\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, f"sqlite:///{file}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert b"ready\n" == process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    ends = [(process.communicate()[1], process.returncode) for process in processes]
    assert [(b"", 0)] * 3 == ends
