"""A process that a test starts, watches and ends in whatever way it likes, any number of times."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

LOG_CHARS_MAX = 4000
"""What is shown of a log: its end."""


class ChildProcess:
    """One command at a time; what it says is added to the file `said`. It can be started again after any end."""

    def __init__(self, said: Path) -> None:
        self._said = said
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
        """Start it, in the environment of the tests but for onewindow's own variables; `more`: those that it gets."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("ONEWINDOW_")}
        with self._said.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=inherited | dict(more or {})
            )

    @property
    def running(self) -> bool:
        """The process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int:
        """The number of the process that was started."""
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        """The end of what the process has said so far."""
        return self._said.read_text(encoding="utf-8", errors="replace")[-LOG_CHARS_MAX:]

    async def ended(self) -> int:
        """The exit status, once the process has ended; minus the signal's number where one killed it."""
        assert self._process is not None
        return await asyncio.to_thread(self._process.wait)

    async def kill(self) -> None:
        """SIGKILL, and wait until the process is gone."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> int:
        """SIGTERM, and the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        """The exit status; whoever has ended before gets no signal."""
        assert self._process is not None
        self._process.send_signal(how)
        return await self.ended()
