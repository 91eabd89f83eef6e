"""How long a declaration keeps the event loop from everything else: `python -m onewindow.bench.loop_stall`.

The window reads small documents on its event loop and large ones in a thread; the limit between the two is
`THREAD_BYTES` in gateway/off_loop.py, and in agencies/inprocess.py for the messages to desks in the same process. For
documents of growing size this does what the window does to one before it is accepted (decode, rules, split, encode the
messages), once on the loop and once in a thread, while another task of the loop notes how late it is woken. A thread
is no gift: it takes turns with the loop, which waits for up to sys.getswitchinterval() each time it wants to go on.
"""

import asyncio
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Final

import uvloop
from msgspec import Struct

from onewindow.agencies.registry import installed
from onewindow.bench.budgets import seconds
from onewindow.bench.documents import AT, own
from onewindow.bench.pairs import Work, settle
from onewindow.gateway import intake

ITEMS: Final = (1, 10, 25, 50, 100, 200, 400, 999)
ROUNDS: Final = 15
TICK_SECONDS: Final = 0.0005
PAUSE_SECONDS: Final = 0.01

STALL_SECONDS_MAX: Final = 0.01
"""What the loop may be kept from everything else by one document: the limit recommended is the largest size within."""


class Stall(Struct, frozen=True):
    """What one document costs.

    Medians of rounds, in seconds: `on_loop` and `in_thread` are the longest that the loop was kept from another task;
    `took_on_loop` and `took_in_thread` the whole time until the work was done.
    """

    items: int
    size: int
    on_loop: float
    in_thread: float
    took_on_loop: float
    took_in_thread: float


def preparation(data: bytes) -> Work:
    """What the window does to a declaration before it is accepted."""
    agencies = installed()

    def prepare() -> list[bytes]:
        declaration = intake.read(data, intake.XML)
        messages = ((agency, agency.split(declaration)) for agency in agencies.values())
        return [agency.message.encode_xml(message) for agency, message in messages if message is not None]

    return prepare


def assessment(items: int) -> tuple[int, Work]:
    """What the desk of the agency with the largest message does to it, and that message's bytes."""
    agencies = installed()
    sizes: list[tuple[int, str]] = []
    bodies: dict[str, bytes] = {}
    for code, agency in agencies.items():
        message = agency.split(own(items).value)
        if message is not None:
            bodies[code] = agency.message.encode_xml(message)
            sizes.append((len(bodies[code]), code))
    size, code = max(sizes)
    agency, body, assess = agencies[code], bodies[code], agencies[code].assess

    def answer() -> object:
        return None if assess is None else agency.reply.encode_xml(assess(agency.message.decode_xml(body), "id", AT))

    return size, answer


async def stalled(work: Work, *, thread: bool) -> tuple[float, float]:
    """The longest that a task beside the work had to wait beyond its time, and the time that the work took."""
    loop = asyncio.get_running_loop()
    latest = 0.0
    done = False

    async def tick() -> None:
        nonlocal latest
        while not done:
            due = perf_counter() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            latest = max(latest, perf_counter() - due)

    ticking = loop.create_task(tick())
    await asyncio.sleep(PAUSE_SECONDS)
    latest = 0.0
    begun = perf_counter()
    if thread:
        await asyncio.to_thread(work)
    else:
        work()
    took = perf_counter() - begun
    await asyncio.sleep(2 * TICK_SECONDS)
    done = True
    await ticking
    return latest, took


async def measured(ready: Callable[[int], tuple[int, Work]]) -> list[Stall]:
    """The stalls for all sizes."""
    found = []
    for items in ITEMS:
        size, work = ready(items)
        await asyncio.to_thread(work)  # each thread compiles the schema for itself, once
        work()
        settle()
        on_loop = [await stalled(work, thread=False) for _ in range(ROUNDS)]
        in_thread = [await stalled(work, thread=True) for _ in range(ROUNDS)]
        figures = [median(each) for kind in (on_loop, in_thread) for each in zip(*kind, strict=True)]
        found.append(Stall(items, size, figures[0], figures[2], figures[1], figures[3]))
    return found


def recommended(stalls: list[Stall], most: float = STALL_SECONDS_MAX) -> int:
    """The bytes up to which a document keeps the loop for no longer than `most` seconds.

    Between the sizes measured the stall is taken to grow evenly. 0 where even the smallest document takes longer.
    """
    ordered = sorted(stalls, key=lambda stall: stall.size)
    size = 0
    for before, after in zip([None, *ordered], ordered, strict=False):
        if after.on_loop <= most:
            size = after.size
            continue
        if before is not None:
            share = (most - before.on_loop) / (after.on_loop - before.on_loop)
            size = before.size + int(share * (after.size - before.size))
        break
    return size


def shown(title: str, stalls: list[Stall]) -> str:
    """The stalls as Markdown."""
    lines = [
        f"## {title}",
        "",
        "| items | bytes | loop kept by work on it | loop kept by work in a thread | took on the loop | in a thread |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in stalls:
        times = (each.on_loop, each.in_thread, each.took_on_loop, each.took_in_thread)
        lines.append(f"| {each.items} | {each.size} | {' | '.join(map(seconds, times))} |")
    limit = recommended(stalls) // 1024
    lines += ["", f"Kept for at most {seconds(STALL_SECONDS_MAX)} up to {limit} KiB.", ""]
    return "\n".join(lines)


def main() -> None:
    """Measures and prints."""
    declarations = uvloop.run(measured(lambda items: (len(own(items).data), preparation(own(items).data))))
    print(shown("A declaration, before it is accepted (gateway/off_loop.py)", declarations))
    messages = uvloop.run(measured(assessment))
    print(shown("The largest message of a declaration, at its desk (agencies/inprocess.py)", messages))


if __name__ == "__main__":
    main()
