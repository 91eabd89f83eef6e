"""Word of messages that were let go: acted on for one agency, and ever more seldom."""

from itertools import pairwise

from onewindow.agencies.let_go import PAUSE_SECONDS_MAX, LetGo

TAX = frozenset({"tax"})


def test_of_one_agency() -> None:
    """It is acted on once, for the agency that is named and is one of these, and a pause of one is none of another."""
    let_go = LetGo({"tax", "customs"})
    let_go.heard("tax")
    let_go.heard("tax")
    let_go.heard("police")
    assert TAX == let_go.take(0)
    assert frozenset() == let_go.take(1000)
    let_go.heard("customs")
    assert frozenset({"customs"}) == let_go.take(1000)


def test_what_goes_on() -> None:
    """What is said again and again is acted on after pauses that double up to a limit, and never forgotten."""
    let_go, acted = LetGo(TAX), []
    for now in range(2000):
        let_go.heard("tax")
        if let_go.take(now):
            acted.append(now)
    pauses = [later - sooner for sooner, later in pairwise(acted)]
    assert [5, 10, 20, 40, 80, 160, 300, 300] == pauses[:8]
    assert PAUSE_SECONDS_MAX == max(pauses)


def test_what_comes_seldom() -> None:
    """After it was quiet for as long as the last pause the pauses are short again."""
    let_go, acted = LetGo(TAX), []
    for now in (0, 10, 15, 16, 24, 25):
        let_go.heard("tax")
        if let_go.take(now):
            acted.append(now)
    assert [0, 10, 15, 25] == acted
