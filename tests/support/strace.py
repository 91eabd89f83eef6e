"""Faults and order at the level of system calls, by strace: what no mock can show.

`strike` kills a process at the n-th call of one kind on one file, or lets that call fail; `calls` tells how many there
are to strike at. `Trace` tells what left a process before the bytes that stand for it were synced.
"""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

KILL = "signal=KILL"
EIO = "error=EIO"

RUN_SECONDS_MAX = 60

_WRITES = frozenset({"write", "pwrite64", "pwritev", "writev", "sendto", "sendmsg"})
_SYNCS = frozenset({"fsync", "fdatasync"})
_BEGUN = re.compile(r"^(?P<thread>\d+) +(?P<name>\w+)\(\d+<(?P<file>[^>]*)>(?P<rest>.*)$")
_RESUMED = re.compile(r"^(?P<thread>\d+) +<\.\.\. (?P<name>\w+) resumed>.*= (?P<result>-?\d+)")


def unavailable() -> str | None:
    """Why strace can't be used here, or None."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "--seccomp-bpf", "-f", "-qq", "-e", "trace=none", "true"], capture_output=True, check=False
    )
    return None if tried.returncode == 0 else f"ptrace is not permitted: {tried.stderr.decode().strip()}"


def tracing(fault: str | None = None) -> tuple[str, ...]:
    """How strace begins for a process and all its threads, where `fault` is to be dealt out.

    By a filter of the kernel's it stops them at the calls it is asked for and at no other, which is much faster; but
    under one it sends no signal.
    """
    return ("strace", *(() if fault == KILL else ("--seccomp-bpf",)), "-f", "-qq", "-y")


class Strike(NamedTuple):
    """One run; `struck` where it lived long enough to meet its fault."""

    fault: str
    call: str
    nth: int
    struck: bool
    returncode: int
    output: str
    errors: str


def strike(
    command: Sequence[str], *, fault: str, call: str, nth: int, file: Path, log: Path, env: Mapping[str, str]
) -> Strike:
    """Run a command and strike at the n-th `call` on `file`; strace's own record goes to `log`.

    strace counts by thread: of a file that several threads use, each thread's n-th call is struck.
    """
    run = subprocess.run(
        [
            *(*tracing(fault), "-P", str(file), "-o", str(log)),
            *("-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={nth}"),
            *command,
        ],
        capture_output=True,
        timeout=RUN_SECONDS_MAX,
        check=False,
        env=env,
    )
    record = log.read_text("utf-8", errors="replace")
    struck = "(INJECTED)" in record or "killed by SIGKILL" in record
    return Strike(fault, call, nth, struck, run.returncode, run.stdout.decode(), run.stderr.decode())


def calls(command: Sequence[str], *, call: str, file: Path, log: Path, env: Mapping[str, str]) -> int:
    """How many calls of a kind on a file a run that nothing disturbs makes: of several threads, the busiest one's."""
    subprocess.run(
        [*tracing(), "-P", str(file), "-o", str(log), "-e", f"trace={call}", *command],
        capture_output=True,
        timeout=RUN_SECONDS_MAX,
        check=True,
        env=env,
    )
    return busiest(log, call)


def busiest(log: Path, call: str) -> int:
    """The most calls of a kind that any one thread made, by strace's record."""
    lines = log.read_text("utf-8", errors="replace").splitlines()
    return max(Counter(line.split()[0] for line in lines if f" {call}(" in line).values(), default=0)


class Call(NamedTuple):
    """One begun or ended system call on an open file: `ended` is the result, None while it goes on."""

    thread: str
    name: str
    file: str
    text: str
    ended: int | None


class Trace:
    """The writes and syncs of a process and its threads, in order."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.calls = tuple(_calls(lines))

    def early(self, keys: Iterable[str], kept_in: Iterable[Path]) -> list[str]:
        """The keys that left the process before they were on disk.

        A key is on disk once one of the files `kept_in` was written with it and a sync of that file begun after this
        write has ended. It leaves with any write of it elsewhere. A key that never leaves is a mistake of the test.
        """
        files = {str(path) for path in kept_in}
        early = []
        for key in keys:
            on_disk = self._on_disk(key, files)
            left = self._left(key, files)
            if on_disk is None or left < on_disk:
                early.append(key)
        return early

    def _left(self, key: str, files: set[str]) -> int:
        for number, call in enumerate(self.calls):
            if call.name in _WRITES and call.file not in files and key in call.text:
                return number
        raise ValueError(f"{key} never leaves the process")

    def _on_disk(self, key: str, files: set[str]) -> int | None:
        written: set[str] = set()
        syncing: set[tuple[str, str]] = set()
        for number, call in enumerate(self.calls):
            if call.name in _WRITES and call.file in files and key in call.text:
                written.add(call.file)
            elif call.name in _SYNCS and call.file in written:
                if call.ended is None:
                    syncing.add((call.thread, call.file))
                elif call.ended == 0 and (call.thread, call.file) in syncing:
                    return number
        return None


def _calls(lines: Iterable[str]) -> Iterator[Call]:
    """Every call twice where it is a sync: as it begins and as it ends."""
    begun: dict[str, Call] = {}
    for line in lines:
        if resumed := _RESUMED.match(line):
            thread = resumed["thread"]
            if thread in begun:
                yield begun.pop(thread)._replace(ended=int(resumed["result"]))
        elif match := _BEGUN.match(line):
            call = Call(match["thread"], match["name"], match["file"], match["rest"], None)
            yield call
            if line.endswith("<unfinished ...>"):
                begun[call.thread] = call
            elif result := re.search(r"\) += (-?\d+)", line):
                yield call._replace(text="", ended=int(result[1]))


def trace(
    command: Sequence[str], log: Path, env: Mapping[str, str]
) -> tuple[Trace, subprocess.CompletedProcess[bytes]]:
    """Run a command to its end and tell the order of its writes and syncs."""
    calls = ",".join(sorted(_WRITES | _SYNCS))
    run = subprocess.run(
        [*tracing(), "-s", "8192", "-e", f"trace={calls}", "-o", str(log), *command],
        capture_output=True,
        timeout=RUN_SECONDS_MAX,
        check=False,
        env=env,
    )
    return Trace(log.read_text("utf-8", errors="replace").splitlines()), run
