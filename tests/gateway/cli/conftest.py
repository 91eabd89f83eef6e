"""The command line run in the test's own process, and one gateway process that all of its tests share."""

import asyncio
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.gateway_process import GatewayProcess

from onewindow.gateway.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it has to be."""
        assert self.out.endswith("\n")
        return msgspec.json.decode(self.out)


Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `onewindow` with these arguments; `stdin` is what standard input holds."""

    def command(*arguments: str | Path, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return Ended(status, written.out, written.err)

    return command


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests reaches a command."""
    for name in ("ONEWINDOW_URL", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway in a process of its own."""
    process = GatewayProcess(tmp_path_factory.mktemp("gateway"))
    process.start()
    try:
        asyncio.run(process.ready())
        yield process
    finally:
        if process.running:
            asyncio.run(process.kill())


@dataclass(frozen=True)
class Answered:
    """A declaration that went through the gateway, and what came back: receipt (JSON) and response (XML)."""

    declaration: Path
    receipt: Path
    response: Path
    trust: Path

    @property
    def case_id(self) -> str:
        """The case's id."""
        receipt: dict[str, Any] = msgspec.json.decode(self.receipt.read_bytes())
        return str(receipt["id"])


def answered(folder: Path, gateway: GatewayProcess, *sample: str) -> Answered:
    """A sample declaration, submitted, with everything kept in `folder`."""
    files = Answered(folder / "declaration.xml", folder / "receipt.json", folder / "response.xml", gateway.authority)
    script = [sys.executable, "-m", "onewindow.gateway.cli"]
    files.declaration.write_bytes(asyncio.run(_output(*script, "sample", *sample)))
    keep = ["--receipt", str(files.receipt), "--response", str(files.response)]
    asyncio.run(_output(*script, "submit", str(files.declaration), "--url", gateway.url, *keep))
    return files


async def _output(*command: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert 0 == process.returncode, err.decode()
    return out


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory, gateway: GatewayProcess) -> Answered:
    """A sample import that was decided."""
    return answered(tmp_path_factory.mktemp("imported"), gateway, "--type", "IM")


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory, gateway: GatewayProcess) -> Answered:
    """A sample export that was decided."""
    return answered(tmp_path_factory.mktemp("exported"), gateway, "--type", "EX")
