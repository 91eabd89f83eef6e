"""The breaker, as a machine of three states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.breaker import (
    FAILED_MESSAGES_MAX,
    PAUSE_SECONDS_FIRST,
    PAUSE_SECONDS_MAX,
    PROBE_SECONDS,
    PROBES_MAX,
    UNTRIED_PAUSE_SECONDS_MAX,
    Breaker,
    BreakerState,
)

SPREADS = st.floats(min_value=0.5, max_value=1.0)
NAMES = st.sampled_from([f"case/tax/{number}" for number in range(3 * FAILED_MESSAGES_MAX)])
WAYS = st.sampled_from(["begin", "succeed", "fail", "fail again", "return"])
MOVES = st.lists(st.tuples(WAYS, NAMES, st.booleans(), st.floats(0, 60), SPREADS), max_size=200)


def failed(count: int, first: int = 0) -> Breaker:
    """A breaker after so many messages have failed, at 0 seconds."""
    breaker = Breaker()
    for number in range(first, first + count):
        breaker = breaker.failed_first(f"m{number}", 0.0, 1.0)
    return breaker


def opened(openings: int = 1) -> Breaker:
    """A breaker that has opened so many times in a row, at 0 seconds and whenever a failed message might try again."""
    breaker = failed(FAILED_MESSAGES_MAX)
    for _ in range(openings - 1):
        now = breaker.admits_at(untried=False)
        assert now is not None
        breaker = breaker.begun("m0", now).failed_again("m0", now, 1.0)
    return breaker


def test_opens_at_the_limit() -> None:
    """One message short of the limit all messages go; at the limit none does."""
    short = failed(FAILED_MESSAGES_MAX - 1)
    assert (BreakerState.CLOSED, True) == (short.state, short.admits(0, untried=True))
    at = failed(FAILED_MESSAGES_MAX)
    assert (BreakerState.OPEN, False) == (at.state, at.admits(0, untried=True))


@given(st.lists(st.sampled_from([f"m{number}" for number in range(FAILED_MESSAGES_MAX - 1)]), max_size=300))
def test_few_messages_open_nothing(names: list[str]) -> None:
    """However often fewer messages than the limit fail, and in whatever order, the breaker stays closed."""
    breaker = Breaker()
    for name in names:
        breaker = breaker.failed_first(name, 0.0, 1.0)
    assert BreakerState.CLOSED is breaker.state


@given(st.lists(NAMES, max_size=100))
def test_messages_that_failed_before_others_got_through_open_nothing(names: list[str]) -> None:
    """Messages that fail again though others have got through in between say nothing of the agency, however many."""
    breaker = Breaker()
    for name in names:
        breaker = breaker.failed_again(name, 0.0, 1.0)
    assert Breaker() == breaker


def test_failures_count_since_the_last_success() -> None:
    """A success begins the count anew, and is counted itself, so that what failed before can be told."""
    breaker = Breaker()
    for successes in range(3):
        assert successes == breaker.successes
        for number in range(FAILED_MESSAGES_MAX - 1):
            breaker = breaker.failed_first(f"m{number}", 0.0, 1.0)
        breaker = breaker.succeeded()
    assert (BreakerState.CLOSED, frozenset()) == (breaker.state, breaker.failed)


def test_who_has_not_failed_tries_first() -> None:
    """A message that has not failed may try after a second at most; one that has waits as long as the pause is."""
    last = opened(20)
    assert last.since is not None
    assert last.since + UNTRIED_PAUSE_SECONDS_MAX == last.admits_at(untried=True)
    assert last.since + PAUSE_SECONDS_MAX == last.admits_at(untried=False)


def test_a_probe_that_hangs() -> None:
    """While a probe is not back others may try that have not failed, each a while after the last, up to a limit."""
    breaker, now = opened(), PAUSE_SECONDS_FIRST
    for number in range(PROBES_MAX):
        assert breaker.admits(now, untried=True)
        breaker = breaker.begun(f"probe-{number}", now)
        assert (False, None) == (breaker.admits(now, untried=True), breaker.admits_at(untried=False))
        now += PROBE_SECONDS
    assert (BreakerState.HALF_OPEN, None) == (breaker.state, breaker.admits_at(untried=True))
    assert BreakerState.CLOSED is breaker.succeeded().state


def test_a_probe_decides() -> None:
    """A probe that gets through closes the breaker; one that fails opens it for twice as long."""
    probing = opened().begun("probe", 100)
    assert BreakerState.CLOSED is probing.succeeded().state
    again = probing.failed_first("probe", 100, 1.0)
    assert (BreakerState.OPEN, 100 + 2 * PAUSE_SECONDS_FIRST) == (again.state, again.admits_at(untried=False))


def test_a_probe_that_says_nothing() -> None:
    """After a probe of which nothing can be said the next may try at once."""
    back = opened().begun("probe", 100).returned("probe", 101)
    assert (BreakerState.OPEN, True) == (back.state, back.admits(101, untried=False))
    assert opened() == opened().returned("m0", 101)


def test_what_went_before_tells_nothing() -> None:
    """Of messages that went before the breaker opened a failure changes nothing, and a success closes it."""
    assert opened() == opened().failed_first("earlier", 0.5, 1.0)
    assert opened().begun("probe", 1.0) == opened().begun("probe", 1.0).failed_first("earlier", 1.5, 1.0)
    assert BreakerState.CLOSED is opened().succeeded().state


@pytest.mark.parametrize("openings", [1, 2, 3, 9, 10, 60])
def test_pauses_double_up_to_a_limit(openings: int) -> None:
    """Each opening in a row lasts twice as long as the one before, up to a limit."""
    assert min(PAUSE_SECONDS_FIRST * 2 ** (openings - 1), PAUSE_SECONDS_MAX) == opened(openings).pause


def moved(breaker: Breaker, move: str, name: str, now: float, spread: float, *, untried: bool) -> Breaker:
    """The breaker after something has happened to a message; what it does not admit does not begin."""
    if move == "begin":
        return breaker.begun(name, now) if breaker.admits(now, untried=untried) else breaker
    if move == "succeed":
        return breaker.succeeded()
    if move == "fail":
        return breaker.failed_first(name, now, spread)
    return breaker.failed_again(name, now, spread) if move == "fail again" else breaker.returned(name, now)


@given(MOVES)
def test_whatever_happens(moves: list[tuple[str, str, bool, float, float]]) -> None:
    """Few probes are on their way while it is not closed, it opens only at a limit, and it never stays shut."""
    breaker, now = Breaker(), 0.0
    for move, name, untried, later, spread in moves:
        now += later
        before, breaker = breaker, moved(breaker, move, name, now, spread, untried=untried)
        if before.state is BreakerState.CLOSED and breaker.state is not BreakerState.CLOSED:
            assert ("fail", FAILED_MESSAGES_MAX - 1, False) == (move, len(before.failed), name in before.failed)
        assert breaker.probes - before.probes <= ({name} if move == "begin" else set())
        assert len(breaker.probes) <= PROBES_MAX
        assert len(breaker.failed) < FAILED_MESSAGES_MAX
        if breaker.state is BreakerState.CLOSED:
            assert breaker.admits(now, untried=untried)
        elif len(breaker.probes) < PROBES_MAX:
            at = breaker.admits_at(untried=True)
            assert at is not None
            assert at - now <= max(UNTRIED_PAUSE_SECONDS_MAX, PROBE_SECONDS)
        if breaker.state is BreakerState.OPEN:
            at = breaker.admits_at(untried=False)
            assert at is not None
            assert at - now <= PAUSE_SECONDS_MAX
