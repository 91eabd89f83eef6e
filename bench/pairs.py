"""Two ways to do one thing, measured alternately in one process, so that noise hits both sides alike.

Each round times a block of either side, the one right after the other and in turn first, and keeps their ratio; the
median of the rounds' ratios moves far less from run to run than the quotient of two medians taken minutes apart. The
clock is the process's CPU time: what other processes take is not counted.
"""

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median, quantiles
from time import process_time
from typing import Final, TypeVar

from msgspec import Struct

BLOCK_SECONDS: Final = 0.004
"""A side's block repeats its work for at least so long, to be long against the clock's resolution."""

ROUNDS_MIN: Final = 7

Work = Callable[[], object]
Clock = Callable[[], float]
Quartiles = tuple[float, float, float]
Key = TypeVar("Key")


class Pair(Struct, frozen=True):
    """What came of it: `ratio` is the median of our time by theirs, between its quartiles `low` and `high`.

    ours, theirs: the median CPU time of one repetition of either side, in seconds.
    """

    ratio: float
    low: float
    high: float
    ours: float
    theirs: float
    rounds: int


def alternate(
    ours: Work,
    theirs: Work,
    *,
    seconds: float = 1.0,
    rounds_min: int = ROUNDS_MIN,
    rounds_max: int = 400,
    clock: Clock = process_time,
) -> Pair:
    """Measures both sides in turn for about so many seconds, but at least `rounds_min` rounds."""
    our_repeats, their_repeats = _repeats(ours, clock), _repeats(theirs, clock)
    settle()
    our_times: list[float] = []
    their_times: list[float] = []
    end = clock() + seconds
    while len(our_times) < rounds_min or (len(our_times) < rounds_max and clock() < end):
        if len(our_times) % 2:
            their_times.append(block(theirs, their_repeats, clock))
            our_times.append(block(ours, our_repeats, clock))
        else:
            our_times.append(block(ours, our_repeats, clock))
            their_times.append(block(theirs, their_repeats, clock))
    return summary(our_times, their_times)


def rounds(works: Mapping[Key, Work], seconds: float = 3.0, clock: Clock = process_time) -> dict[Key, Quartiles]:
    """The CPU time of each work, from rounds that go through all of them; at least seven rounds.

    Before its block each work runs once unmeasured, so that one that is repeated and one that takes the whole block
    alike find in the processor's caches what they left there, and not what the one before them did.
    """
    repeats = {name: _repeats(work, clock) for name, work in works.items()}
    settle()
    times: dict[Key, list[float]] = {name: [] for name in works}
    end, count = clock() + seconds, 0
    while count < ROUNDS_MIN or clock() < end:
        for name, work in works.items():
            work()
            times[name].append(block(work, repeats[name], clock))
        count += 1
    return {name: quartiles(each) for name, each in times.items()}


def quartiles(values: Iterable[float]) -> Quartiles:
    """The quartiles of at least two values."""
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high


def summary(ours: Sequence[float], theirs: Sequence[float]) -> Pair:
    """The pair's figures from the times of its rounds, of which there are at least two."""
    low, middle, high = quartiles(a / b for a, b in zip(ours, theirs, strict=True))
    return Pair(middle, low, high, median(ours), median(theirs), len(ours))


def settle() -> None:
    """Puts all that is there beyond the collector's sight, so that its runs cost what the work leaves behind."""
    gc.collect()
    gc.freeze()


def block(work: Work, repeats: int, clock: Clock = process_time) -> float:
    """The time of one repetition, from a block of them."""
    begun = clock()
    for _ in range(repeats):
        work()
    return (clock() - begun) / repeats


def _repeats(work: Work, clock: Clock) -> int:
    """How often a block repeats its work; the first call, which may build what the others use, doesn't count."""
    work()
    return max(1, round(BLOCK_SECONDS / max(block(work, 1, clock), 1e-9)))
