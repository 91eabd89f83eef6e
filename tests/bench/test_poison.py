"""What the measurement of poison says: its table, its rounds, and what it makes of options that can't be."""

import pytest

from onewindow.bench.poison import RATIO_MAX, BadOption, Felt, Options, among, main, options, rounds, shown
from onewindow.bench.poison_agency import POISON

FELT = Felt(transport="http", without=(0.01, 0.02, 0.10), beside=(0.01, 0.03, 0.13), poison_open=2)


def test_table() -> None:
    """A transport's line has the others' times both ways and their ratio, slow past the limit and not at it."""
    settings = Options(declarations=5, poison=2, rounds=1)
    *_, line = shown([FELT], settings).splitlines()
    assert ["http", "20 ms", "30 ms", "100 ms", "130 ms", "1.30", "2"] == [
        cell.strip() for cell in line[1:-1].split("|")
    ]
    slow = Felt(transport="nats", without=(1.0,), beside=(RATIO_MAX + 0.01,), poison_open=1, problems=("HTTP 429",))
    assert [
        "- WRONG, nats: HTTP 429",
        "- SLOW, nats: p95 is 1.31 of that without poison, more than 1.3",
    ] == shown([slow], settings).splitlines()[-2:]


def test_rounds() -> None:
    """Every declaration comes in one round, the poison spread over all of them, with some of it at the front."""
    made = rounds(Options(declarations=100, poison=20, rounds=10))
    assert [(8, 2)] * 10 == [(len(others), len(poison)) for others, poison in made]
    mixed = among(*made[0])
    assert sorted([*made[0][0], *made[0][1]]) == sorted(mixed)
    assert [0, 5] == [place for place, each in enumerate(mixed) if each.startswith(POISON)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DECLARATIONS", "0"),
        ("POISON", "many"),
        ("ROUNDS", "981"),
        ("TRANSPORTS", "http,pigeon"),
        ("CONNECTIONS", "-1"),
    ],
)
def test_bad_options(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option that can't be is refused before anything is started."""
    with pytest.raises(BadOption):
        options({name: value})
    monkeypatch.setenv(name, value)
    assert 2 == main()
    assert capsys.readouterr().err.startswith("poison: ")


def test_as_many_rounds_as_there_are_others() -> None:
    """Each round has one declaration at least that is no poison."""
    assert 980 == options({"ROUNDS": "980"}).rounds
