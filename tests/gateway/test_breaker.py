"""The breaker, as a machine of three states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.breaker import (
    FAILURES_MAX,
    PAUSE_SECONDS_FIRST,
    PAUSE_SECONDS_MAX,
    Breaker,
    BreakerState,
)

SPREADS = st.floats(min_value=0.5, max_value=1.0)
MOVES = st.lists(st.tuples(st.sampled_from(["begin", "succeed", "fail"]), st.floats(0, 60), SPREADS), max_size=200)


def opened(openings: int = 1) -> Breaker:
    """A breaker that has opened so many times in a row, at 0 seconds and whenever it might be tried again."""
    breaker, now = Breaker(), 0.0
    for _ in range(FAILURES_MAX):
        breaker = breaker.failed(now, 1.0)
    for _ in range(openings - 1):
        assert breaker.until is not None
        now = breaker.until
        breaker = breaker.begun().failed(now, 1.0)
    return breaker


def test_opens_at_the_limit() -> None:
    """One failure short of the limit all messages go; at the limit none does."""
    breaker = Breaker()
    for _ in range(FAILURES_MAX - 1):
        breaker = breaker.failed(0, 1.0)
    assert (BreakerState.CLOSED, True) == (breaker.state, breaker.admits(0))
    breaker = breaker.failed(0, 1.0)
    assert (BreakerState.OPEN, False) == (breaker.state, breaker.admits(0))


def test_failures_count_in_a_row() -> None:
    """A success begins the count anew."""
    breaker = Breaker()
    for _ in range(3):
        for _ in range(FAILURES_MAX - 1):
            breaker = breaker.failed(0, 1.0)
        breaker = breaker.succeeded()
    assert Breaker() == breaker


def test_one_probe() -> None:
    """When its time has come one message goes, and no other before that one is back."""
    breaker = opened()
    assert (False, True) == (breaker.admits(PAUSE_SECONDS_FIRST - 0.001), breaker.admits(PAUSE_SECONDS_FIRST))
    probing = breaker.begun()
    assert (BreakerState.HALF_OPEN, False) == (probing.state, probing.admits(1_000_000))


def test_a_probe_decides() -> None:
    """A probe that gets through closes the breaker; one that fails opens it for twice as long."""
    probing = opened().begun()
    assert Breaker() == probing.succeeded()
    again = probing.failed(100, 1.0)
    assert (BreakerState.OPEN, 100 + 2 * PAUSE_SECONDS_FIRST) == (again.state, again.until)


def test_what_went_before_tells_nothing() -> None:
    """Of messages that went before the breaker opened a failure changes nothing, and a success closes it."""
    assert opened() == opened().failed(0.5, 1.0)
    assert Breaker() == opened().succeeded()


@pytest.mark.parametrize(
    ("openings", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, PAUSE_SECONDS_MAX), (60, PAUSE_SECONDS_MAX)]
)
def test_pauses_double_up_to_a_limit(openings: int, seconds: float) -> None:
    """Each opening in a row lasts twice as long as the one before, up to a limit."""
    before = opened(openings - 1).until if openings > 1 else 0.0
    now = opened(openings).until
    assert before is not None
    assert now is not None
    assert seconds == now - before


@given(MOVES)
def test_whatever_happens(moves: list[tuple[str, float, float]]) -> None:
    """At most one message is on its way while it is not closed, it opens only at a limit, and it never stays shut."""
    breaker, now, probes = Breaker(), 0.0, 0
    for move, later, spread in moves:
        now += later
        before = breaker
        if move == "begin" and breaker.admits(now):
            breaker = breaker.begun()
            probes += breaker.probing
        elif move == "succeed":
            breaker, probes = breaker.succeeded(), 0
        elif move == "fail":
            breaker = breaker.failed(now, spread)
            if before.until is None and breaker.until is not None:
                assert FAILURES_MAX - 1 == before.failures
            if before.probing:
                probes -= 1
        assert (breaker.state is BreakerState.CLOSED) == (breaker.until is None)
        assert int(breaker.probing) == probes
        if breaker.until is None:
            assert breaker.admits(now)
        elif not breaker.probing:
            assert breaker.admits(breaker.until)
            assert breaker.until - now <= PAUSE_SECONDS_MAX
