"""`onewindow fsck` on the store of a gateway that has stopped."""

import asyncio
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from support.command_line import ONEWINDOW, Run, answered
from support.gateway_process import GatewayProcess


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> GatewayProcess:
    """A gateway that has decided one case and stopped."""
    folder = tmp_path_factory.mktemp("stopped")
    process = GatewayProcess(folder)
    process.start()
    asyncio.run(process.ready())
    try:
        answered(folder, process)
    finally:
        asyncio.run(process.terminate())
    return process


def config(process: GatewayProcess) -> Path:
    """The gateway's configuration."""
    return process.folder / "onewindow.toml"


def test_sound_store(run: Run, stopped: GatewayProcess) -> None:
    """A store that lost nothing is called sound, with its receipts and its agencies' ledgers."""
    ended = run("fsck", "--config", config(stopped), "--receipts", stopped.folder / "receipt.json")
    assert (0, "") == (ended.status, ended.err)
    assert "received 1 = decided 1 + open 0" in ended.out


def test_sound_store_as_json(run: Run, stopped: GatewayProcess) -> None:
    """With --json the report is one document."""
    ended = run("fsck", "--config", config(stopped), "--json")
    assert (0, True, 1, []) == (ended.status, ended.json["sound"], ended.json["decided"], ended.json["problems"])


def test_receipt_without_a_case(run: Run, stopped: GatewayProcess, tmp_path: Path) -> None:
    """A receipt whose case is not in the store is found."""
    receipts = tmp_path / "receipts.ndjson"
    receipts.write_text('{"id": "01990000-0000-7000-8000-000000000000", "digest": "sha256:0"}\n\n', encoding="utf-8")
    ended = run("fsck", "--config", config(stopped), "--receipts", receipts, "--json")
    assert (1, ["receipt-without-case"]) == (ended.status, [each["code"] for each in ended.json["problems"]])


def test_ledger_of_another_agency(run: Run, stopped: GatewayProcess) -> None:
    """A ledger that is given stands above the configured one, and what does not fit it is found."""
    ended = run("fsck", "--config", config(stopped), "--ledger", f"tax={stopped.ledger('customs')}")
    assert 1 == ended.status
    assert "An agency took a message that no case sent" in ended.out


@pytest.mark.parametrize("content", [b"root:x:0:0\n" * 100, b"", None])
def test_ledger_that_is_none(run: Run, stopped: GatewayProcess, tmp_path: Path, content: bytes | None) -> None:
    """A file that is no ledger, the store itself (None) too, is refused and left as it is."""
    file = tmp_path / "file"
    file.write_bytes((stopped.folder / "onewindow.db").read_bytes() if content is None else content)
    before = file.read_bytes()
    ended = run("fsck", "--config", config(stopped), "--ledger", f"tax={file}", "--json")
    assert (2, "urn:onewindow:problem:not-a-ledger") == (ended.status, ended.json["type"])
    assert before == file.read_bytes()


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE ledger SET taken_at = 'yesterday'",
        "UPDATE ledger SET message_id = x'ff' WHERE number = 1",
        "UPDATE ledger SET reply = 'text'",
        "UPDATE ledger SET digest = CAST(x'ff' AS TEXT)",
    ],
)
def test_damaged_ledger(run: Run, stopped: GatewayProcess, tmp_path: Path, fault: str) -> None:
    """An entry of a ledger that can't be read is said in words."""
    copy = tmp_path / "ledger"
    with (
        closing(sqlite3.connect(stopped.ledger("tax"))) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as changed,
    ):
        source.backup(changed)
        assert changed.execute(fault).rowcount > 0
    ended = run("fsck", "--config", config(stopped), "--ledger", f"tax={copy}", "--json")
    assert (2, "urn:onewindow:problem:not-a-ledger") == (ended.status, ended.json["type"])


@pytest.mark.parametrize("line", [b'{"id": 5, "digest": []}', b"[]", b"null", b'{"id": ' * 100_000, b"\xff"])
def test_receipts_that_are_none(run: Run, stopped: GatewayProcess, tmp_path: Path, line: bytes) -> None:
    """A line that is no receipt is named by its number."""
    receipts = tmp_path / "receipts"
    receipts.write_bytes(b"\n" + line + b"\n")
    ended = run("fsck", "--config", config(stopped), "--receipts", receipts, "--json")
    assert (2, "urn:onewindow:problem:not-a-receipt") == (ended.status, ended.json["type"])
    assert f"{receipts}:2:" in ended.err


def test_report_alone_on_standard_output(stopped: GatewayProcess, tmp_path: Path) -> None:
    """What the log has to say of a damaged open case goes to standard error; standard output is the report."""
    copy = tmp_path / "onewindow.db"
    with closing(sqlite3.connect(stopped.folder / "onewindow.db")) as source, closing(sqlite3.connect(copy)) as changed:
        source.backup(changed)
        changed.execute("UPDATE cases SET snapshot = 5, decided_at = NULL")
        changed.commit()
    text = config(stopped).read_text(encoding="utf-8").replace(stopped.store_url, f"sqlite:///{copy}")
    file = tmp_path / "onewindow.toml"
    file.write_text(f'{text}[keys]\ntrust = "{stopped.authority}"\n', encoding="utf-8")
    command = [*ONEWINDOW, "fsck", "--config", str(file), "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "record-unreadable" in {problem["code"] for problem in json.loads(ended.stdout)["problems"]}
    assert "record-damaged" in ended.stderr


def test_changed_store(run: Run, stopped: GatewayProcess, tmp_path: Path) -> None:
    """A store in which a case was changed is not sound."""
    copy = tmp_path / "onewindow.db"
    with sqlite3.connect(stopped.folder / "onewindow.db") as source, sqlite3.connect(copy) as changed:
        source.backup(changed)
        changed.execute("UPDATE cases SET snapshot = replace(snapshot, 'cleared', 'refused')")
    text = config(stopped).read_text(encoding="utf-8").replace(stopped.store_url, f"sqlite:///{copy}")
    trust = f'[keys]\ntrust = "{stopped.authority}"\n'
    file = tmp_path / "onewindow.toml"
    file.write_text(text + trust, encoding="utf-8")
    ended = run("fsck", "--config", file, "--json")
    assert (1, False) == (ended.status, ended.json["sound"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--ledger", "tax"), "write CODE=FILE"),
        (("--ledger", "tax=nowhere.db"), "There is no ledger"),
        (("--receipts", "nowhere.json"), "can't be read"),
    ],
)
def test_wrong_usage(run: Run, stopped: GatewayProcess, options: tuple[str, ...], words: str) -> None:
    """Files that are not there are wrong usage."""
    ended = run("fsck", "--config", config(stopped), *options)
    assert (2, "") == (ended.status, ended.out)
    assert words in ended.err


def test_no_store(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no store none is made."""
    file = tmp_path / "nowhere.db"
    monkeypatch.setenv("ONEWINDOW_STORE_URL", f"sqlite:///{file}")
    assert 2 == run("fsck").status
    assert not file.exists()


def copied(process: GatewayProcess, folder: Path, *, note: bool) -> Path:
    """A copy of a gateway that has stopped; its configuration. With `note`, the head that was noted comes along."""
    for name in ("onewindow.db", "onewindow-keys"):
        source = process.folder / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    if not note:
        (folder / "onewindow-keys" / "head-of-onewindow.db").unlink()
    file = folder / "onewindow.toml"
    file.write_text(f'[store]\nurl = "sqlite:///{folder / "onewindow.db"}"\n', encoding="utf-8")
    return file


def cut(folder: Path) -> None:
    """The newest entry is gone, with all that it brought."""
    with closing(sqlite3.connect(folder / "onewindow.db", isolation_level=None)) as connection:
        for table in ("documents", "journal", "feed", "cases"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above


def test_what_it_proves(run: Run, stopped: GatewayProcess, tmp_path: Path) -> None:
    """Nothing lost is said only against a head from outside: the one with the keys, or the one that is given."""
    noted = run("fsck", "--config", config(stopped))
    file = copied(stopped, tmp_path, note=False)
    alone = run("fsck", "--config", file)
    head = run("fsck", "--config", file, "--json").json["head"]
    given = run("fsck", "--config", file, "--head", head)
    assert [0] * 3 == [ended.status for ended in (noted, alone, given)]
    assert [True, False, True] == ["Nothing lost" in ended.out for ended in (noted, alone, given)]
    assert "What this can't tell" in alone.out
    cut(tmp_path)
    silent = run("fsck", "--config", file)
    assert (0, False) == (silent.status, "Nothing lost" in silent.out)
    ended = run("fsck", "--config", file, "--head", head, "--json")
    assert (1, ["entries-missing"]) == (ended.status, [each["code"] for each in ended.json["problems"]])


def test_the_note_with_the_keys(run: Run, stopped: GatewayProcess, tmp_path: Path) -> None:
    """What was cut off the end is missed by the note that lies with the keys."""
    file = copied(stopped, tmp_path, note=True)
    cut(tmp_path)
    ended = run("fsck", "--config", file, "--json")
    assert (1, ["entries-missing"]) == (ended.status, [each["code"] for each in ended.json["problems"]])


@pytest.mark.parametrize("content", [b"", b"rubbish"])
def test_a_file_without_a_store(content: bytes, run: Run, stopped: GatewayProcess, tmp_path: Path) -> None:
    """A file that holds no store is not called sound, and is left as it is."""
    file = copied(stopped, tmp_path, note=True)
    (tmp_path / "onewindow.db").write_bytes(content)
    ended = run("fsck", "--config", file)
    assert ended.status in (1, 3)
    assert "onewindow.db" in ended.err or "database" in ended.err
    assert content == (tmp_path / "onewindow.db").read_bytes()


@pytest.mark.parametrize("head", ["", "12", "x:y"])
def test_a_head_that_is_none(head: str, run: Run, stopped: GatewayProcess) -> None:
    """What is no head is wrong usage."""
    ended = run("fsck", "--config", config(stopped), "--head", head, "--json")
    assert (2, "urn:onewindow:problem:head") == (ended.status, ended.json["type"])
