"""What becomes of declarations in both worlds, worked out by queues alone: times in seconds from submission."""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter

from msgspec import Struct

from ...agencies.latency import share
from .counter import KEYING, WALK, Counter
from .queueing import served


class Load(Struct, frozen=True):
    """What is to be done, the same in both worlds.

    arrivals: when each declaration is submitted, in seconds. concerned: of each, the agencies that it concerns.
    references: of each, by which its times are drawn. clerks: by counter's English name.
    """

    arrivals: tuple[float, ...]
    concerned: tuple[frozenset[str], ...]
    references: tuple[str, ...]
    clerks: Mapping[str, int]
    seed: int

    def service(self, counter: Counter, number: int) -> float:
        """What a clerk takes for a declaration; an agency's clerk takes the same wherever it comes from."""
        return counter.service.at(share(self.seed, "service", counter.name.en, self.references[number]))


def serial(load: Load, counters: Sequence[Counter], *, papers: bool) -> tuple[float, ...]:
    """One counter after another, each with its queue; a counter whose agency is not concerned is passed by.

    papers: they are carried from counter to counter and keyed in at every agency's anew.
    """
    at = dict(enumerate(load.arrivals))
    for place, counter in enumerate(counters):
        here = {
            number: time
            for number, time in at.items()
            if not counter.agency or counter.agency in load.concerned[number]
        }
        services = {number: load.service(counter, number) for number in here}
        if papers:
            if place:
                here = {number: time + _drawn(load, "walk", counter, number) for number, time in here.items()}
            if counter.agency:
                services = {number: each + _drawn(load, "keying", counter, number) for number, each in services.items()}
        at |= served(here, services, load.clerks[counter.name.en])
    return tuple(at[number] - time for number, time in enumerate(load.arrivals))


def _drawn(load: Load, what: str, counter: Counter, number: int) -> float:
    times = WALK if what == "walk" else KEYING
    return times.at(share(load.seed, what, counter.name.en, load.references[number]))


def window(
    load: Load, counters: Sequence[Counter], after: Mapping[str, tuple[str, ...]], overhead: float
) -> tuple[float, ...]:
    """All agencies at once, each with its queue and its clerks; those that come `after` others wait for their answers.

    overhead: what the gateway itself takes for one declaration, in seconds.
    """
    by_agency = {counter.agency: counter for counter in counters if counter.agency}
    answered: dict[str, dict[int, float]] = {}
    for agency in TopologicalSorter({code: after.get(code, ()) for code in by_agency}).static_order():
        if agency not in by_agency:
            continue
        counter = by_agency[agency]
        here = {
            number: max(
                [time, *(answered[each].get(number, time) for each in after.get(agency, ()) if each in answered)]
            )
            for number, time in enumerate(load.arrivals)
            if agency in load.concerned[number]
        }
        services = {number: load.service(counter, number) for number in here}
        answered[agency] = served(here, services, load.clerks[counter.name.en])
    return tuple(
        max([time, *(done[number] for done in answered.values() if number in done)]) - time + overhead
        for number, time in enumerate(load.arrivals)
    )
