"""The command line run in the test's own process, and one gateway process that all of its tests share."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from support.command_line import Answered, Ended, Run, answered
from support.gateway_process import GatewayProcess, serving

from onewindow.gateway.cli import console, main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command."""

    def command(*arguments: str | Path, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return Ended(status, written.out, written.err)

    return command


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of whoever runs the tests reaches a command, and no log of a command outlives its test's streams."""
    for name in ("ONEWINDOW_URL", "NO_COLOR", "FORCE_COLOR", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    for stream in (console.stdout, console.stderr):
        stream.cache_clear()  # a console keeps the width that it finds first
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway in a process of its own."""
    process = GatewayProcess(tmp_path_factory.mktemp("gateway"))
    with serving(process):
        yield process


@pytest.fixture(scope="session")
def slow_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway whose tax office takes longer than any test."""
    process = GatewayProcess(tmp_path_factory.mktemp("slow"), {"tax": 600})
    with serving(process):
        yield process


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory, gateway: GatewayProcess) -> Answered:
    """A sample import that was decided."""
    return answered(tmp_path_factory.mktemp("imported"), gateway, "--type", "IM")


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory, gateway: GatewayProcess) -> Answered:
    """A sample export that was decided."""
    return answered(tmp_path_factory.mktemp("exported"), gateway, "--type", "EX")
