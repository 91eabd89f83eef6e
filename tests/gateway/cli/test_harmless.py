"""Whatever a gateway, an agency, a file or its name says, no command hands it to the terminal as it came."""

import ast
import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.command_line import Ended, Run
from support.fabricated import HOSTILE, fabricated_gateway

from onewindow.codecs.messages.codes import CaseOutcome, DeclarationType, LanguageCode
from onewindow.codecs.messages.common import Text as Words
from onewindow.codecs.messages.response import AgencyDecision, Condition, Finding, Response
from onewindow.gateway.cli import harmless
from onewindow.gateway.cli.console import HarmlessConsole, stdout, table
from onewindow.gateway.cli.response_view import show_response

CLI = Path(harmless.__file__).parent


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    """One that says nothing but what is hostile."""
    with fabricated_gateway() as url:
        yield url


@pytest.fixture(scope="module")
def refusing() -> Iterator[str]:
    """One that refuses everything, likewise."""
    with fabricated_gateway(refusing=True) as url:
        yield url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A declaration in a file whose name is hostile."""
    path = tmp_path / "declaration\x1b[31m\u202e\nvalid.xml"
    path.write_bytes(Path(__file__).parents[3].joinpath("schemas", "samples", "import.xml").read_bytes())
    return path


SHOWN = "\x9b31m\u202eevil"
COMMANDS = (
    ("status", "ID"),
    ("status", "ID", "-v"),
    ("events",),
    ("submit", "FILE", "--wait", "0"),
    ("submit", "FILE", "--dry-run"),
    ("submit", "FILE", "--batch"),
    ("supplement", "ID", "FILE", "--wait", "0"),
    ("amend", "ID", "FILE", "--wait", "0"),
    ("withdraw", "ID", "--reason", HOSTILE, "--wait", "0"),
    ("deliver", "ID", "FILE", "--type", "852", "--number", "1"),
    ("pay", "ID", "--reference", HOSTILE, "--amount", "1.00"),
    ("rate", "ID", "5", "--comment", HOSTILE),
    ("document", "add", "FILE", "--type", "705", "--id", "1", "--owner", HOSTILE),
    ("document", "list"),
    ("document", "get", "sha256:00", "-o", "FILE"),
    ("webhook", "add", "http://127.0.0.1:1/"),
    ("webhook", "list"),
    ("webhook", "remove", SHOWN),
    ("webhook", "resend", "ID", "--after", "0-0"),
    ("webhook", "test", "ID"),
    ("agency", "answer", "tax", SHOWN, "--outcome", "approved"),
    ("agency", "queue", "tax"),
    ("status", "--reference", "R"),
    ("agency", "dead-letters", "list"),
    ("agency", "dead-letters", "show", "ID"),
    ("agency", "dead-letters", "resend", "ID"),
    ("agency", "dead-letters", "discard", "ID", "--note", HOSTILE),
    ("agency", "dead-letters", "answer", "ID", "--outcome", "approved"),
    ("guide",),
    ("guide", "import"),
    ("supervision",),
)
HERE = (
    ("validate", "FILE"),
    ("validate", "WRONG"),
    ("validate", "FILE/none"),
    ("verify", "FILE", "--trust", "FILE"),
    ("bindings", "FILE", "-o", "FILE/none"),
    ("fsck", "--config", "FILE"),
    ("agency", "new", HOSTILE),
    ("agency", "check", HOSTILE),
    (HOSTILE,),
    ("status", "ID", HOSTILE),
    ("sample", "--type", HOSTILE),
)
"""What needs no gateway."""


def steering(text: str) -> list[str]:
    """The characters of a text that are not for people to read."""
    return [each for each in text if each not in "\n\t" and unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp")]


def called(run: Run, command: tuple[str, ...], file: Path, *options: str) -> Ended:
    """A command on that file."""
    wrong = file.with_name("wrong.xml")
    wrong.write_bytes(file.read_bytes().replace(b"<FunctionCode>9", "<FunctionCode>9\x9b31m\u202e".encode()))
    words = (each.replace("FILE", str(file)).replace("WRONG", str(wrong)) for each in command)
    return run(*words, *options)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_a_gateway_says(run: Run, gateway: str, refusing: str, file: Path, command: tuple[str, ...]) -> None:
    """No command shows a character that steers a terminal, nor a line that somebody else began, taken or refused."""
    for url in (gateway, refusing):
        ended = called(run, command, file, "--url", url)
        assert "internal-error" not in ended.err
        assert [] == steering(ended.out + ended.err)
        assert not [line for line in (ended.out + ended.err).splitlines() if line.startswith("forged")]


@pytest.mark.parametrize("command", HERE, ids=lambda command: " ".join(command)[:20])
def test_what_is_given(run: Run, file: Path, command: tuple[str, ...]) -> None:
    """Nor does what is in files, their names and on the command line reach the terminal as it is."""
    ended = called(run, command, file)
    assert "internal-error" not in ended.err
    assert [] == steering(ended.out + ended.err)


@pytest.mark.parametrize("command", [("status", "ID"), ("events",), ("webhook", "list"), ("guide",)], ids=" ".join)
def test_json_says_the_same(run: Run, gateway: str, file: Path, command: tuple[str, ...]) -> None:
    """JSON has escapes for such characters: it says what the gateway said, and steers nothing."""
    ended = called(run, command, file, "--url", gateway, "--json")
    assert HOSTILE in _texts(json.loads(ended.out))
    assert [] == steering(ended.out)


def _texts(found: object) -> set[str]:
    if isinstance(found, dict):
        return set().union(*map(_texts, found.values()))
    if isinstance(found, list):
        return set().union(*map(_texts, found))
    return {found} if isinstance(found, str) else set()


def test_a_response(capsys: pytest.CaptureFixture[str]) -> None:
    """What agencies wrote into a response is shown likewise."""
    words = (Words(value=HOSTILE, language_id=LanguageCode.EN), Words(value=HOSTILE, language_id=LanguageCode.ZH))
    now = datetime(2026, 12, 1, tzinfo=UTC)
    response = Response(
        id="1",
        functional_reference_id=HOSTILE,
        declarant_id=HOSTILE,
        type_code=DeclarationType.IM,
        revision_numeric=1,
        acceptance_date_time=now,
        issue_date_time=now,
        outcome_code=CaseOutcome.REFUSED,
        release_indicator=False,
        declaration_digest=HOSTILE,
        agency_decision=(AgencyDecision(agency_code=HOSTILE, name=words, absence_reason=words),),
        finding=(Finding(agency_code=HOSTILE, code=HOSTILE, pointer=HOSTILE, text=words),),
        condition=(Condition(agency_code=HOSTILE, code=HOSTILE, text=words, due_date_time=now),),
    )
    stdout.cache_clear()
    try:
        show_response(stdout(), response)
    finally:
        stdout.cache_clear()
    out = capsys.readouterr().out
    assert r"\x1b]0;owned\x07\x9b31m\u202eevil" in out.replace("\n", "")
    assert [] == steering(out)


def test_a_view_that_forgets_is_caught(run: Run, gateway: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the console's part and the client's the same test finds what comes through."""
    monkeypatch.setattr(harmless, "lines", lambda text: text)
    monkeypatch.setattr(harmless, "cell", lambda text: text)
    monkeypatch.setattr("onewindow.gateway.cli.client.values", lambda found: found)
    assert [] != steering(called(run, ("events",), file, "--url", gateway).out)


def test_columns_are_measured_as_shown() -> None:
    """A cell whose text is escaped moves no column: its width is that of what is shown."""
    rows = table(expand=False)
    rows.add_column("one", no_wrap=True)
    rows.add_column("two", no_wrap=True)
    rows.add_row("\x1b[31mred", "end")
    rows.add_row("plain", "end")
    console = HarmlessConsole(width=80, force_terminal=False, markup=False)
    with console.capture() as capture:
        console.print(rows)
    shown = capture.get().splitlines()[-2:]
    assert [r"\x1b[31mred  end", "plain        end"] == [line.rstrip() for line in shown]


def test_nobody_writes_past_the_console() -> None:
    """No module of the command line but the console's own and the log's writes to a stream by itself."""
    allowed = {"console.py", "log.py", "characters.py"}
    found = [
        f"{path.name}: {ast.unparse(node)}"
        for path in CLI.glob("*.py")
        if path.name not in allowed
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if _writes(node)
    ]
    assert [] == found


@pytest.mark.parametrize(
    "breach", ["print(1)", "sys.stdout.write('x')", "console.file.write('x')", "Console()", "Table.grid()"]
)
def test_writing_past_it_is_found(breach: str) -> None:
    """The rule finds each planted breach."""
    assert any(map(_writes, ast.walk(ast.parse(breach))))


def _writes(node: ast.AST) -> bool:
    """Prints, writes to a stream, or makes a console, table or grid of rich's own."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in ("print", "Console", "Table")
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("write", "grid"):
        return False
    return ast.unparse(node.func.value) in (
        "sys.stdout",
        "sys.stderr",
        "console.file",
        "Table",
    )


def test_a_bar_is_not_harmed() -> None:
    """What rich itself writes to steer the terminal goes on doing so."""
    console = HarmlessConsole(width=40, force_terminal=True, theme=None, color_system="standard")
    with console.capture() as capture:
        console.print("good", style="green")
    assert "\x1b[32mgood\x1b[0m\n" == capture.get()
