"""`onewindow serve`: what stops the start, and a start and stop in good order."""

import asyncio
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
        (("--workers", "2"), "workers = 1"),
    ],
)
def test_what_stops_the_start(run: Run, options: tuple[str, ...], words: str) -> None:
    """A setting that is not allowed stops the start as wrong usage, in words."""
    ended = run("serve", *options)
    assert (2, "") == (ended.status, ended.out)
    assert words in ended.err


def test_port_that_is_taken(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that another program has stops the start, in words."""
    monkeypatch.setenv("ONEWINDOW_STORE_URL", f"sqlite:///{tmp_path / 'onewindow.db'}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port))
    assert 1 == ended.status
    assert f"Can't listen at 127.0.0.1:{port}" in ended.err


def test_keys_that_are_not_there(run: Run, tmp_path: Path) -> None:
    """Keys that the configuration names and that can't be used stop the start."""
    file = tmp_path / "onewindow.toml"
    file.write_text(
        f'[store]\nurl = "sqlite:///{tmp_path / "onewindow.db"}"\n'
        f'[keys]\ncertificate = "{tmp_path / "a.pem"}"\nprivate_key = "{tmp_path / "b.pem"}"\n',
        encoding="utf-8",
    )
    ended = run("serve", "--config", file)
    assert (1, "") == (ended.status, ended.out)
    assert "a.pem" in ended.err or "b.pem" in ended.err


def test_start_and_stop(tmp_path: Path) -> None:
    """A gateway says where it is and which keys it made, and ends with 0 when it is told to."""
    process = GatewayProcess(tmp_path)
    process.start()
    asyncio.run(process.ready())
    assert 0 == asyncio.run(process.terminate())
    assert process.url in process.log()
    assert "development keys made" in process.log()
    assert process.authority.exists()
