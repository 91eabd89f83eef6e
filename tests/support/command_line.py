"""The command line under test: how a command ended, and documents that went through a gateway."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from support.gateway_process import GatewayProcess

ONEWINDOW = (sys.executable, "-m", "onewindow.gateway.cli")


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
"""Runs `onewindow` with these arguments in the test's own process; `stdin` is what standard input holds."""


@dataclass(frozen=True)
class Answered:
    """A declaration that went through a gateway, and what came back: receipt (JSON) and response (XML)."""

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
    files.declaration.write_bytes(output("sample", *sample))
    keep = ("--receipt", str(files.receipt), "--response", str(files.response))
    output("submit", str(files.declaration), "--url", gateway.url, *keep)
    return files


def output(*arguments: str) -> bytes:
    """What a command that has to succeed writes to standard output, as a process of its own."""
    ended = subprocess.run([*ONEWINDOW, *arguments], capture_output=True, check=False)
    assert 0 == ended.returncode, ended.stderr.decode()
    return ended.stdout
