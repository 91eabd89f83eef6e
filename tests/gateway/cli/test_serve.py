"""`onewindow serve`: what stops the start, and a start and stop in good order."""

import asyncio
import json
import socket
from pathlib import Path

import pytest
from support.command_line import Run
from support.gateway_process import GatewayProcess


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "--host: gateway.host"),  # noqa: S104 - refused, which is what is tested
        (("--config", "nowhere.toml"), "nowhere.toml: the file can't be read"),
        (("--workers", "2"), "--workers: gateway.workers = 2 is not allowed; allowed is 1"),
    ],
)
def test_what_stops_the_start(run: Run, options: tuple[str, ...], words: str) -> None:
    """A setting that is not allowed stops the start as wrong usage, in words."""
    ended = run("serve", *options)
    assert (2, "") == (ended.status, ended.out)
    assert words in ended.err


def test_port_that_is_taken(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that another program has stops the start, in words and with a way out, before anything is made."""
    monkeypatch.setenv("ONEWINDOW_STORE_URL", f"sqlite:///{tmp_path / 'onewindow.db'}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port))
    assert 1 == ended.status
    assert f"Can't listen at 127.0.0.1:{port}: address already in use." in ended.err
    assert f"无法监听 127.0.0.1:{port}：地址已被占用。" in ended.err
    assert "another port with --port" in ended.err
    assert "stopping" not in ended.err
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ONEWINDOW_STORE_URL", "sqlite:///nowhere/onewindow.db"),
        ("ONEWINDOW_DOCUMENTS_FOLDER", "nowhere/documents"),
    ],
)
def test_folder_that_is_not_there(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """A store or files in a folder that does not exist stop the start: nothing is begun under a mistyped path."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, value)
    ended = run("serve", "--port", "0")
    assert (1, "") == (ended.status, ended.out)
    assert "store-folder-missing" in ended.err
    assert [] == list(tmp_path.iterdir())


def test_keys_that_are_not_there(run: Run, tmp_path: Path) -> None:
    """Keys that the configuration names and that can't be used stop the start."""
    file = tmp_path / "onewindow.toml"
    file.write_text(
        f'[store]\nurl = "sqlite:///{tmp_path / "onewindow.db"}"\n'
        f'[keys]\ncertificate = "{tmp_path / "a.pem"}"\nprivate_key = "{tmp_path / "b.pem"}"\n'
        f'trust = "{tmp_path / "c.pem"}"\n',
        encoding="utf-8",
    )
    ended = run("serve", "--config", file)
    assert (1, "") == (ended.status, ended.out)
    assert "a.pem" in ended.err or "b.pem" in ended.err


def test_start_and_stop(tmp_path: Path) -> None:
    """A gateway logs where it is and which keys it made, in JSON lines alone, and ends with 0 when it is told to."""
    process = GatewayProcess(tmp_path)
    process.start()
    asyncio.run(process.ready())
    assert 0 == asyncio.run(process.terminate())
    entries = [json.loads(line) for line in process.log().splitlines()]
    assert ["serving", "stopping", "stopped"] == [entry["event"] for entry in entries][-3:]
    assert process.url == entries[-3]["url"]
    assert "development keys made" in process.log()
    assert process.authority.exists()
