"""Children against a sequence: the fewest mistakes that explain them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.codecs.alignment import Alignment, Place, align, alike

PLACES = [Place("Alpha", 1, 1), Place("Bravo", 0, 1), Place("Charlie", 1, None), Place("Delta", 2, 3)]
NAMES = [place.name for place in PLACES]


def aligned(text: str) -> Alignment:
    """The alignment of children named in one line."""
    names = text.split()
    return align(names, [NAMES.index(name) if name in NAMES else None for name in names], PLACES, 100)


NOTHING = Alignment(unexpected=[], renamed={}, misplaced=[], repeated={}, missing=[])


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ("Alpha Charlie Delta Delta", NOTHING),
        ("Alpha Bravo Charlie Charlie Delta Delta Delta", NOTHING),
        ("Charlie Delta Delta", Alignment([], {}, [], {}, [0])),
        ("Alpha Charlie Delta", Alignment([], {}, [], {}, [3])),
        ("Alpha Alpha Charlie Delta Delta", Alignment([], {}, [], {1: 0}, [])),
        ("Alpha Charlie Delta Delta Delta Delta Delta", Alignment([], {}, [], {5: 3}, [])),
        ("Alpha Charlie Bravo Delta Delta", Alignment([], {}, [2], {}, [])),
        ("Alpha Other Charlie Delta Delta", Alignment([1], {}, [], {}, [])),
        ("Alphas Charlie Delta Delta", Alignment([], {0: 0}, [], {}, [])),
        ("Other Charlie Delta Delta", Alignment([0], {}, [], {}, [0])),
        ("", Alignment([], {}, [], {}, [0, 2, 3])),
    ],
)
def test_alignment(children: str, expected: Alignment) -> None:
    """What is too much, absent, elsewhere or misspelled is told apart, and one mistake is one entry."""
    found = aligned(children)
    if children == "Alpha Charlie Bravo Delta Delta":
        assert 1 == len(found.misplaced)
        found.misplaced = expected.misplaced
    assert expected == found


@given(st.lists(st.sampled_from([*NAMES, "Other"]), max_size=8))
def test_silent_only_when_right(names: list[str]) -> None:
    """There is nothing to say about children exactly if they keep the sequence."""
    found = aligned(" ".join(names))
    known = [NAMES.index(name) for name in names if name in NAMES]
    counts = [known.count(index) for index in range(len(PLACES))]
    keeps = (
        len(known) == len(names)
        and known == sorted(known)
        and all(place.least <= count <= (place.most or 8) for place, count in zip(PLACES, counts, strict=True))
    )
    assert keeps == (found == NOTHING)


@pytest.mark.parametrize(
    ("name", "meant"), [("typecode", "TypeCode"), ("TypCode", "TypeCode"), ("Kind", None), ("", None), ("IDs", None)]
)
def test_alike(name: str, meant: str | None) -> None:
    """A name is taken for a misspelling only of one that it resembles."""
    assert meant == alike(name, ["TypeCode", "IssueDateTime"])
