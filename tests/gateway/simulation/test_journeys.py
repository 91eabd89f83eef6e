"""What becomes of declarations at counters and in the window, where nobody has to queue and where somebody does."""

import pytest

from onewindow.agencies.latency import figures
from onewindow.codecs.finding import Text
from onewindow.gateway.simulation.counter import KEYING, WALK, Counter
from onewindow.gateway.simulation.journeys import Load, serial, window

MINUTES = {"reception": 6.0, "customs": 8.0, "tax": 5.0, "quality-inspection": 10.0}
COUNTERS = tuple(
    Counter(Text(name, name), "" if name == "reception" else name, figures([minutes * 60]), Text("", ""))
    for name, minutes in MINUTES.items()
)
ALL = frozenset(MINUTES) - {"reception"}


def load(*arrivals: float, concerned: frozenset[str] = ALL, clerks: int = 10) -> Load:
    """Declarations that come at these seconds."""
    return Load(
        arrivals=arrivals,
        concerned=(concerned,) * len(arrivals),
        references=tuple(f"REF-{number}" for number in range(len(arrivals))),
        clerks=dict.fromkeys(MINUTES, clerks),
        seed=1,
    )


def minutes(seconds: tuple[float, ...]) -> list[float]:
    """The times in minutes, and nothing finer than a second."""
    return [round(each / 60, 2) for each in seconds]


def test_counters_add_up() -> None:
    """Without a queue counters take as long as all of them together, papers and walks beside that."""
    assert [29] == minutes(serial(load(0), COUNTERS, papers=False))
    (with_papers,) = serial(load(0), COUNTERS, papers=True)
    assert with_papers > 29 * 60 + 3 * (WALK.at(0.001) + KEYING.at(0.001))


def test_window_takes_as_long_as_its_slowest() -> None:
    """Without a queue the window takes as long as its slowest agency, and its own time beside that."""
    assert [10.5] == minutes(window(load(0), COUNTERS, {}, 30))


def test_serial_steps_are_honoured() -> None:
    """An agency that comes after others waits for the last of them; one that is not concerned is waited for by none."""
    after = {"tax": ("customs", "quality-inspection")}
    assert [15] == minutes(window(load(0), COUNTERS, after, 0))
    some = frozenset({"customs", "tax"})
    assert [13] == minutes(window(load(0, concerned=some), COUNTERS, after, 0))
    assert [19] == minutes(serial(load(0, concerned=some), COUNTERS, papers=False))


def test_one_clerk_makes_a_queue() -> None:
    """With one clerk each, who comes at the same time waits for the other, at counters and in the window alike."""
    assert [10, 20] == minutes(window(load(0, 0, clerks=1), COUNTERS, {}, 0))
    assert [29, 39] == minutes(serial(load(0, 0, clerks=1), COUNTERS, papers=False))


def test_same_times_at_agencies_in_both_worlds() -> None:
    """A declaration takes the same time at an agency, whichever way it comes there."""
    drawn = Counter(Text("customs", "customs"), "customs", figures(range(1, 1000)), Text("", ""))
    made = load(*range(0, 100_000, 2000), concerned=frozenset({"customs"}))
    assert list(serial(made, [drawn], papers=False)) == pytest.approx(list(window(made, [drawn], {}, 0)))
