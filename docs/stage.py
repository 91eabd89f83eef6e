"""A stage for stories: a gateway, a terminal, and what stands on it afterwards."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

COLUMNS = 100
READY_SECONDS = 60
_CASE = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_CLI = (sys.executable, "-m", "onewindow.gateway.cli")


class Stage:
    """Runs the real commands in `folder`, one after another, and keeps what the terminal showed in `lines`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.case_id = ""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._gateway: subprocess.Popen[bytes] | None = None
        self._ahead = 0.0

    def tell(self, words: str) -> None:
        """A comment between the commands."""
        self.lines.append(f"# {words}")

    def configure(self, text: str) -> None:
        """The configuration, shown as it is; store and port are the stage's business."""
        if text:
            self.lines += ["$ cat onewindow.toml", *text.strip().splitlines(), ""]
        store = f'[gateway]\nport = {self.port}\n[store]\nurl = "sqlite:///{self.folder}/onewindow.db"\n'
        (self.folder / "onewindow.toml").write_text(_with_gateway(text, store), "utf-8")

    def write(self, name: str, body: bytes) -> None:
        """A file of the trader's."""
        (self.folder / name).write_bytes(body)

    def serve(self, ahead: float = 0.0) -> None:
        """Start the gateway, living so many seconds ahead of time, and wait until it takes declarations."""
        self._ahead = ahead
        later = f"ONEWINDOW_CLOCK_AHEAD={ahead:.0f} " if ahead else ""
        self.lines.append(f"$ {later}onewindow serve --config onewindow.toml &")
        self.start()
        self.lines.append("")

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start the gateway without a word of it in the transcript."""
        log = (self.folder / "gateway.log").open("ab")
        given = {"ONEWINDOW_CLOCK_AHEAD": str(self._ahead), **(environment or {})}
        self._gateway = subprocess.Popen(  # noqa: S603 - the command line under test, and nothing else
            [*_CLI, "serve", "--config", str(self.folder / "onewindow.toml")],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**_plain(), **given},
            cwd=self.folder,
        )
        log.close()
        self._until_ready()

    def _until_ready(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while self.running and time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return

    @property
    def running(self) -> bool:
        """The gateway was started and has not ended."""
        return self._gateway is not None and self._gateway.poll() is None

    def stop(self) -> None:
        """End the gateway in good order."""
        if self._gateway is not None and self.running:
            self._gateway.send_signal(signal.SIGTERM)
            self._gateway.wait()

    def run(self, command: str) -> str:
        """Run one command, `{case}` being the case's id, and show what it printed and an exit status other than 0."""
        ended = self.call(command.format(case=self.case_id))
        shown = ended.stdout.decode().rstrip()
        found = _CASE.search(shown)
        if not self.case_id and found is not None:
            self.case_id = found[0]
        self.lines += [f"$ {command.format(case=self.case_id)}", *(line.rstrip() for line in shown.splitlines())]
        if ended.returncode:
            self.lines.append(f"[exit status {ended.returncode}]")
        self.lines.append("")
        return shown

    def call(self, command: str) -> subprocess.CompletedProcess[bytes]:
        """Run one command without a word of it in the transcript; standard error goes the way of standard output."""
        words = shlex.split(command)
        if words[0] != "onewindow":
            raise ValueError(f"a story runs onewindow, not {words[0]}")
        environment = {
            **_plain(),
            "ONEWINDOW_URL": self.url,
            "COLUMNS": str(COLUMNS),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
        }
        return subprocess.run(  # noqa: S603 - the command line under test, and nothing else
            [*_CLI, *words[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=self.folder,
            check=False,
        )

    def status(self) -> dict[str, Any]:
        """Where the case stands."""
        ended = self.call(f"onewindow status {self.case_id} --json")
        return dict(msgspec.json.decode(ended.stdout))

    def until(self, event: str, words: str) -> None:
        """Let time pass until the case's timeline has this event; `words` say so in the transcript."""
        self.tell(words)
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            if any(entry["event"] == event for entry in self.status()["timeline"]):
                return
            time.sleep(0.1)
        raise TimeoutError(f"no {event} in {self.status()['timeline']}")


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ONEWINDOW_")}


def _with_gateway(text: str, store: str) -> str:
    """The configuration with the stage's own port and store, whether it has a [gateway] of its own or not."""
    head, found, tail = text.partition("[gateway]\n")
    own, _, rest = store.partition("[store]")
    return f"{head}{own}{tail}\n[store]{rest}" if found else f"{store}{text}"
