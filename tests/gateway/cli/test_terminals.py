"""What a person sees: columns at 60 and 80 cells, ids that can be copied, one language or both, help by reader."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from rich.cells import cell_len
from support.command_line import Run
from support.fabricated import fabricated_gateway

from onewindow.agencies.visits import end_of
from onewindow.codecs.finding import Text
from onewindow.codecs.messages.codes import BillLineStatus, CurrencyCode, DutyTaxFeeType
from onewindow.codecs.messages.common import Amount
from onewindow.codecs.messages.response import Bill, BillLine
from onewindow.gateway.agency_check import TITLES, State, Verdict
from onewindow.gateway.cli.agencies_view import Lane, agencies_table
from onewindow.gateway.cli.application import GROUPS
from onewindow.gateway.cli.checking import Report, show_report
from onewindow.gateway.cli.console import THEME, HarmlessConsole
from onewindow.gateway.cli.language import choose, of_locale
from onewindow.gateway.cli.response_view import show_bill
from onewindow.gateway.cli.terms import DECISIONS, STATES

ID = "01a232b9-0337-7346-99a9-7a5a559d5258"
HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
LISTS = (
    ("status", "X"),
    ("webhook", "list"),
    ("agency", "dead-letters", "list"),
    ("agency", "queue", "tax"),
)
VIEWS = (
    *LISTS,
    ("status", "X", "-v"),
    ("events",),
    ("supervision",),
    ("document", "list"),
    ("agency", "dead-letters", "show", "X"),
    ("agency", "dead-letters", "resend", "X"),
    ("agency", "answer", "tax", "M", "--outcome", "approved"),
    ("guide",),
    ("guide", "import"),
    ("webhook", "resend", "X", "--after", "0-0"),
    ("webhook", "test", "X"),
    ("webhook", "remove", "X"),
    ("pay", "X", "--reference", "R", "--amount", "1"),
    ("withdraw", "X", "--reason", "R", "--wait", "0"),
)


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    """One in whose answers every text is an id."""
    with fabricated_gateway(ID) as url:
        yield url


@pytest.fixture(autouse=True)
def _both() -> Iterator[None]:
    choose("both")
    yield
    choose("both")


def console(width: int) -> HarmlessConsole:
    """A terminal of this width."""
    return HarmlessConsole(
        width=width, force_terminal=True, theme=THEME, highlight=False, markup=False, color_system=None
    )


@pytest.mark.parametrize("width", ["60", "80"])
@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_ids_can_be_copied(
    run: Run, monkeypatch: pytest.MonkeyPatch, gateway: str, command: tuple[str, ...], width: str
) -> None:
    """Wherever things are listed, each thing's id stands whole and alone on a line."""
    monkeypatch.setenv("COLUMNS", width)
    assert ID in run(*command, "--url", gateway).out.splitlines()


@pytest.mark.parametrize("width", [60, 80])
def test_agencies_side_by_side(width: int) -> None:
    """Names, answers and times of all agencies are whole at any width; where there is room, with bars."""
    lanes = (
        Lane("Market supervision", "市场监管", DECISIONS["approved"], 0.0, 1.0),
        Lane("Quality inspection", "质检", STATES["acknowledged"], 0.5, None),
    )
    terminal = console(width)
    with terminal.capture() as capture:
        terminal.print(agencies_table(lanes, 1.0))
    shown = capture.get()
    assert all(words in shown for words in ("Market supervision", "市场监管", "approved", "同意", "0.00 - 1.00 s"))
    assert all(words in shown for words in ("at work", "办理中", "0.50 s -"))
    assert (width >= 76) == ("█" in shown)
    assert "…" not in shown
    assert width >= max(map(cell_len, shown.splitlines()))


@pytest.mark.parametrize("width", [60, 80])
def test_verdicts_of_a_check(width: int) -> None:
    """Each line of a check of an agency begins with its verdict, and says what was checked."""
    seen = Text("what was seen", "所见情况")
    verdicts = [Verdict(check=name, state=each, detail=seen) for each in State for name in TITLES]
    terminal = console(width)
    with terminal.capture() as capture:
        show_report(terminal, Report("tax", "20261201", datetime(2026, 12, 1, tzinfo=UTC), tuple(verdicts)))
    lines = capture.get().splitlines()
    assert {"✓", "✗", "–"} <= {line[:1] for line in lines}
    assert width >= max(map(cell_len, lines))


@pytest.mark.parametrize("width", [60, 80])
def test_amounts_are_whole(width: int) -> None:
    """No amount of a bill is broken or cut off."""
    amount = Amount(value=Decimal("1234567.89"), currency_id=CurrencyCode.CNY)
    line = BillLine(
        agency_code="market-supervision",
        item_sequence_numeric=1,
        type_code=DutyTaxFeeType.ENV,
        tax_base_amount=amount,
        tax_rate_numeric=Decimal("13.5"),
        payment_amount=amount,
        status_code=BillLineStatus.FINAL,
    )
    terminal = console(width)
    with terminal.capture() as capture:
        show_bill(terminal, Bill(bill_line=(line,), total_amount=(amount,)))
    assert 2 == capture.get().count("1,234,567.89 CNY")
    assert "13.5 %" in capture.get()


@pytest.mark.parametrize("command", VIEWS, ids=" ".join)
def test_one_language(run: Run, gateway: str, command: tuple[str, ...]) -> None:
    """With --lang en nothing is said in Chinese; with zh something is."""
    english, chinese = (run(*command, "--url", gateway, "--lang", each) for each in ("en", "zh"))
    assert english.status == chinese.status
    assert not HAN.search(english.out + english.err)
    assert HAN.search(chinese.out + chinese.err)


def test_errors_in_one_language(run: Run) -> None:
    """An error is said in the reader's language, findings too."""
    wrong = b"<Declaration/>"
    english, chinese = (run("validate", "-", f"--lang={each}", stdin=wrong) for each in ("en", "zh"))
    assert (1, None) == (english.status, HAN.search(english.err))
    assert "The document is not valid" not in chinese.err
    assert "文件不符合要求" in chinese.err


def test_json_is_in_both(run: Run) -> None:
    """--lang is for people: JSON is the same with it."""
    assert run("agency", "list", "--json").out == run("agency", "list", "--json", "--lang", "en").out


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "both"),
        ({"LANG": "C.UTF-8"}, "both"),
        ({"LANG": "de_DE.UTF-8"}, "both"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": "C"}, "both"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
        ({"LANG": "zha_CN"}, "both"),
        ({"LANG": "eng"}, "both"),
    ],
)
def test_language_of_the_locale(environ: dict[str, str], language: str) -> None:
    """Without --lang the locale decides, as it does for other programs; where it names neither it is both."""
    assert language == of_locale(environ)


def test_locale(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command goes by the locale, and --lang goes before it; another language is wrong usage."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert not HAN.search(run("agency", "list").out)
    assert HAN.search(run("agency", "list", "--lang", "both").out)
    for wrong in (("--lang", "fr"), ("--lang",), ("--lang=",)):
        ended = run("agency", "list", *wrong)
        assert (2, "") == (ended.status, ended.out)
        assert "allowed is zh, en or both" in ended.err


@pytest.mark.parametrize("command", [name for _, commands in GROUPS for name, _ in commands])
def test_help_in_one_language(run: Run, command: str) -> None:
    """Help of a command is in the reader's language: all of it, and not empty."""
    english, chinese = (run(command, "--help", "--lang", each).out for each in ("en", "zh"))
    assert not HAN.search(english)
    listed = re.findall(r"^│ ([a-z-]+) +(\S.*?) +│$", chinese, re.MULTILINE)
    assert HAN.search(chinese)
    assert [] == [name for name, words in listed if not HAN.search(words)]


def test_commands_by_their_readers(run: Run) -> None:
    """Help lists each command once, under who uses it, and says once what an exit status means."""
    shown = run("--help", "--lang", "en").out
    for title, commands in GROUPS:
        assert 1 == shown.count(f"─ {HAN.split(title)[0].strip()} ─")
        for name, _ in commands:
            assert 1 == len(re.findall(rf"^│ {name} ", shown, re.MULTILINE))
    assert 1 == shown.count("Exit status: 0")
    assert 1 == run("status", "--help", "--lang", "en").out.count("Exit status: 0")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run: Run, shell: str) -> None:
    """The script for a shell completes commands and their options."""
    ended = run("completion", shell)
    assert (0, "") == (ended.status, ended.err)
    assert all(word in ended.out for word in ("onewindow", "submit", "queue", "dry-run"))


def test_one_due_moment() -> None:
    """What is to come by a day is due in its last second in China."""
    assert datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC) == end_of(date(2026, 11, 30))
