"""The messages that failed: when each may go again, and how many are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.backoff import RETRY_SECONDS_FIRST, RETRY_SECONDS_MAX, pause_seconds
from onewindow.gateway.failing_messages import FAILING_MESSAGES_MAX, Failing, FailingMessages


def failing(name: str, until: float, successes: int = 0) -> Failing:
    """A message that has failed once, of a case of the same name."""
    return Failing(case_id=name, attempts=1, successes=successes, until=until, others=False)


@pytest.mark.parametrize(("failures", "seconds"), [(1, RETRY_SECONDS_FIRST), (2, 0.4), (3, 0.8), (8, 25.6), (9, 30.0)])
def test_pauses_grow_up_to_a_limit(failures: int, seconds: float) -> None:
    """Each pause is twice the one before, up to a limit, and is spread below that."""
    assert (seconds, seconds / 2) == (pause_seconds(failures, 1.0), pause_seconds(failures, 0.5))
    assert RETRY_SECONDS_MAX == pause_seconds(10**6, 1.0)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 9)), max_size=60))
def test_the_earliest_comes_first(times: list[tuple[str, int]]) -> None:
    """However often a message is put there, it is given out once, at its last time, the earliest before the others."""
    messages = FailingMessages()
    for name, until in times:
        messages.put(name, failing(name, until))
        messages.wait(name)
    last = dict(times)
    came = []
    while (at := messages.next_at()) is not None:
        came.append((at, messages.take()))
    assert sorted((until, name) for name, until in last.items()) == came


def test_who_is_on_its_way_is_not_due() -> None:
    """A message that waits for nothing, is on its way, got through, or was given out is not due."""
    messages = FailingMessages()
    messages.put("put", failing("put", 1.0))
    for name in ("gone", "dropped", "taken"):
        messages.put(name, failing(name, 0.0))
        messages.wait(name)
    messages.gone("gone")
    messages.drop("dropped")
    assert ("taken", None, None) == (messages.take(), messages.next_at(), messages.get("dropped"))
    messages.wait("put")
    assert (1.0, "put") == (messages.next_at(), messages.take())


def test_what_may_have_been_the_agencys_fault_is_due_at_once() -> None:
    """What failed since as many others had got through is due now; what failed before that waits its time out."""
    messages = FailingMessages()
    for name, successes in (("before", 1), ("since", 2)):
        messages.put(name, failing(name, 50.0, successes))
        messages.wait(name)
    messages.hasten(2, 7.0)
    assert (7.0, "since", 50.0) == (messages.next_at(), messages.take(), messages.next_at())


def test_as_many_are_known() -> None:
    """At the limit all are known; one more pushes out who has been known longest."""
    messages = FailingMessages()
    for number in range(FAILING_MESSAGES_MAX):
        messages.put(f"m{number}", failing("case", 1.0))
        messages.wait(f"m{number}")
    assert messages.get("m0") is not None
    messages.put("one more", failing("case", 0.0))
    assert (None, True, True) == tuple(
        each if each is None else True for each in (messages.get("m0"), messages.get("m1"), messages.get("one more"))
    )
