"""`onewindow agency run`: what it does not run with, and why."""

from pathlib import Path

import pytest
from support.command_line import Run


def test_help_says_what_it_does(run: Run) -> None:
    """The list of commands has a line about it, though it is read only when it is called."""
    assert "Run a reference agency" in run("agency", "--help").out


def test_several_kinds_by_hand(run: Run, tmp_path: Path) -> None:
    """`--by-hand` takes several kinds after one another, as its help shows it."""
    ledger = tmp_path / "none" / "tax.db"
    ended = run("agency", "run", "tax", "--by-hand", "declaration", "inspection-order", "--ledger", ledger)
    assert (1, True) == (ended.status, "ledger-unusable" in ended.err)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--bus", "nats://user:secret@127.0.0.1:4222"), "without a user in it"),
        (("--bus", "nats://user:secret"), "names no host and port"),
        (("--bus", "memory://"), "nats://HOST:PORT"),
        (("--bus", "nats://bus.example:4222"), "without encryption"),
        (("--bus", "nats://127.0.0.1:99999"), "names no host and port"),
        (("--certificate", "a.pem"), "private_key is not set"),
        (("--credentials", "empty.creds"), "no NATS credentials"),
    ],
)
def test_bus_that_is_not_taken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, str], words: str
) -> None:
    """A user in the address, no encryption, a file that holds nothing: each is wrong usage, said in two languages."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.creds").write_bytes(b"")
    ended = run("agency", "run", "tax", "--transport", "nats", *options)
    assert 2 == ended.status
    assert words in ended.err
    assert any("\u4e00" <= character <= "\u9fff" for character in ended.err)
    assert "secret" not in ended.err
