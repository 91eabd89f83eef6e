"""`onewindow serve` as a process of its own on a temporary store, and what the system says it has used."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from msgspec import Struct

READY_SECONDS = 60


class Usage(Struct, frozen=True):
    """What a gateway has used so far: CPU seconds of its processes, the most memory that one of them held in MiB."""

    cpu_seconds: float
    peak_mib: float


class GatewayProcess:
    """A gateway on an empty store in `folder`, started when made. Raises RuntimeError where it does not get ready.

    settings: more of its configuration, as TOML.
    """

    def __init__(self, folder: Path, workers: int, settings: str = "") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.config = folder / "onewindow.toml"
        self.config.write_text(
            f'[gateway]\nport = {self.port}\nworkers = {workers}\n[store]\nurl = "sqlite:///{folder / "load.db"}"\n'
            + settings,
            "utf-8",
        )
        self.authority = folder / "onewindow-keys" / "authority.crt.pem"
        self._log = folder / "gateway.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ONEWINDOW_")}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "serve", "--config", str(self.config)], stdout=log, stderr=log, env=environment
            )
        self._wait_until_ready()

    def usage(self) -> Usage | None:
        """What its processes have used, from /proc; None on systems without it."""
        return usage(self._process.pid)

    def stop(self) -> int:
        """Ask it to stop, and wait; its exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)

    def kill(self) -> None:
        """End it now, if it has not ended."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    @property
    def log(self) -> str:
        """The end of what it has said."""
        return self._log.read_text("utf-8", "replace")[-2000:]

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while self._process.poll() is None and time.monotonic() < end:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"the gateway did not get ready:\n{self.log}")


COMMAND = (sys.executable, "-m", "onewindow.gateway.cli")


def usage(pid: int) -> Usage | None:
    """What a process and its children have used; None where the system does not say."""
    if not Path("/proc/self/stat").exists():
        return None
    found = [_one(each) for each in (pid, *_children(pid))]
    return Usage(sum(each.cpu_seconds for each in found), max(each.peak_mib for each in found))


def _children(pid: int) -> list[int]:
    """The processes below a process."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    direct = [int(each) for task in tasks for each in task.read_text("ascii").split()]
    return [found for child in direct for found in (child, *_children(child))]


def _one(pid: int) -> Usage:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), peak / 1024)
