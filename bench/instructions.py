"""How many machine instructions the work takes: `make instructions`, a figure that does not drift with the machine.

callgrind counts in a process of its own and writes a count whenever that process calls getppid(2), which nothing else
there does. Each operation runs N times and then 2N times; the difference of the two counts, by N, is the work alone,
without the loop around it. The collector is off and hashing has a fixed seed, so that two runs differ by less than a
thousandth. Instructions of the extension, libxml2 and Python count alike; the kernel's are not seen.
"""

import gc
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shutil import which
from typing import Final

import msgspec
from msgspec import Struct

from onewindow.bench.budgets import Measured
from onewindow.bench.codec_path import CodecPath
from onewindow.bench.documents import AT, own, sized
from onewindow.bench.forms import forms, with_walker
from onewindow.bench.growth import Point, bend
from onewindow.bench.pairs import Work
from onewindow.codecs.keys import init, load_signer

RESULTS: Final = Path(__file__).resolve().parent / "results" / "instructions.json"

REPEATS: Final = {10: 5, 100: 2, 999: 1}
"""N, by items of the document."""

COMPARED: Final = 10
"""Items of the document that is counted in each form of the walker, and not only in the one in use."""

_TOTAL: Final = re.compile(r"^totals: (\d+)", re.MULTILINE)


class Count(Struct, frozen=True):
    """Instructions for one operation on a declaration of so many items, in one form of the walker."""

    operation: str
    items: int
    form: str
    instructions: float


class Counts(Struct, frozen=True):
    """A run: when, on what, and its counts."""

    at: datetime
    python: str
    machine: str
    counts: tuple[Count, ...]


class Job(Struct, frozen=True):
    """Something to count."""

    operation: str
    items: int
    form: str
    work: Work


def jobs(folder: Path) -> Iterator[Job]:
    """What is counted, in its order; `folder` is for the keys."""
    keys = init(folder / "keys", AT)
    signer = load_signer(keys.gateway_certificate, keys.gateway_key)
    for place, walker in enumerate(forms().values()):
        codecs = with_walker(walker)
        for items in REPEATS if place == 0 else (COMPARED,):
            document = own(items)
            path = CodecPath(document, codecs, signer)
            yield Job("decode", items, walker.name, path.decode)
            yield Job("encode", items, walker.name, partial(codecs["declaration"].encode_xml, document.value))
            yield Job("codec path", items, walker.name, path.run)


def count_me(folder: Path) -> None:
    """The process that is counted: everything is made ready, then each job runs N and 2N times."""
    ready = list(jobs(folder))
    for job in ready:
        job.work()
    gc.collect()
    gc.freeze()
    gc.disable()
    for job in ready:
        repeats = REPEATS[job.items]
        for times in (repeats, 2 * repeats):
            os.getppid()
            for _ in range(times):
                job.work()
    os.getppid()


def counted() -> tuple[Count, ...]:
    """Runs `count_me` under callgrind. Raises CalledProcessError with what it said."""
    with tempfile.TemporaryDirectory(prefix="onewindow-instructions-") as name:
        folder = Path(name)
        (folder / "counted").mkdir()
        (folder / "named").mkdir()
        subprocess.run(
            [
                *("valgrind", "--tool=callgrind", "--dump-before=getppid", f"--callgrind-out-file={folder / 'counts'}"),
                *(sys.executable, "-m", "onewindow.bench.instructions", "--count-me", str(folder / "counted")),
            ],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            check=True,
            capture_output=True,
        )
        dumps = sorted(folder.glob("counts.*"), key=lambda path: int(path.suffix[1:]))
        totals = [total(path.read_text("utf-8", "replace")) for path in dumps]
        named = list(jobs(folder / "named"))
    found = differences(totals)
    return tuple(
        Count(job.operation, job.items, job.form, difference / REPEATS[job.items])
        for job, difference in zip(named, found, strict=True)
    )


def total(dump: str) -> int:
    """The instructions that one of callgrind's dumps counts. Raises ValueError where it says none."""
    found = _TOTAL.search(dump)
    if found is None:
        raise ValueError("a dump without totals")
    return int(found[1])


def differences(totals: Sequence[int]) -> list[int]:
    """What 2N repetitions take more than N, for each job; the first total is of what went before all of them."""
    return [twice - once for once, twice in zip(totals[1::2], totals[2::2], strict=True)]


def measured(counts: Sequence[Count]) -> tuple[Measured, ...]:
    """How evenly the counts grow with the items."""
    if not counts:
        return ()
    points = [Point(each.operation, each.items, each.instructions) for each in counts if each.form == counts[0].form]
    return tuple(
        Measured(budget="linear", document=f"{operation}, instructions", value=bend(points, operation))
        for operation in dict.fromkeys(point.operation for point in points)
    )


def shown(counts: Sequence[Count]) -> str:
    """The counts as Markdown."""
    lines = ["| operation | document | form | instructions | an item |", "| --- | --- | --- | ---: | ---: |"]
    lines += [
        f"| {each.operation} | {sized(each.items)} | {each.form} | {each.instructions:,.0f} "
        f"| {each.instructions / each.items:,.0f} |"
        for each in counts
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """The command; 1 where there is no valgrind or it fails."""
    if arguments[:1] == ["--count-me"]:
        count_me(Path(arguments[1]))
        return 0
    if which("valgrind") is None:
        print("valgrind, whose callgrind counts the instructions, is not installed", file=sys.stderr)
        return 1
    try:
        counts = counted()
    except subprocess.CalledProcessError as error:
        print(error.stderr.decode("utf-8", "replace")[-2000:], file=sys.stderr)
        return 1
    RESULTS.parent.mkdir(exist_ok=True)
    run = Counts(datetime.now(UTC), platform.python_version(), platform.machine(), counts)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=2))
    print(shown(counts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
