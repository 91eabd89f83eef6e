"""The command line as a whole: version, help, wrong usage, and how it ends when it is cut off."""

import subprocess
import sys

import pytest
from support.command_line import ONEWINDOW, Run

import onewindow
from onewindow.gateway import intake
from onewindow.gateway.cli.application import COMMANDS


def test_version(run: Run) -> None:
    """The version is the package's, and nothing else is written."""
    ended = run("--version")
    assert (0, f"{onewindow.__version__}\n", "") == (ended.status, ended.out, ended.err)


def test_version_is_quick() -> None:
    """The version needs none of the heavy libraries that commands need."""
    script = (
        "import sys; from onewindow.gateway.cli import main; main(['--version']); "
        "print(sorted({'aiohttp', 'lxml', 'cryptography', 'sqlalchemy'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "[]" == ended.stdout.splitlines()[-1]


def test_help_names_every_command(run: Run) -> None:
    """Help lists every command and the exit statuses."""
    ended = run("--help")
    assert 0 == ended.status
    assert all(name in ended.out for name, _ in COMMANDS)
    assert "Exit status: 0 done; 1 the answer is no; 2 wrong usage; 3 the gateway can't be" in ended.out


@pytest.mark.parametrize("command", [name for name, _ in COMMANDS])
def test_help_of_every_command(run: Run, command: str) -> None:
    """Every command has help of its own."""
    ended = run(command, "--help")
    assert (0, "") == (ended.status, ended.err)
    assert f"Usage: onewindow {command}" in ended.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("submit",),
        ("submit", "a.xml", "b.xml"),
        ("sample", "--items", "0"),
        ("sample", "--items", "1000"),
        ("sample", "--items", "many"),
        ("sample", "--type", "XX"),
        ("validate", "--frobnicate"),
        ("status",),
        ("submit", "a.xml", "--wait", "-1"),
        ("serve", "--port", "65536"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    """Wrong usage ends with 2, says so on standard error and writes nothing to standard output."""
    ended = run(*arguments)
    assert (2, "") == (ended.status, ended.out)
    assert ended.err


def test_fault_of_the_program_is_no_stack_trace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program is said in words, also as JSON."""

    def broken(body: bytes, media_type: str) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(intake, "read", broken)
    ended = run("validate", "-", "--json", stdin=b"<Declaration/>")
    assert 1 == ended.status
    assert "urn:onewindow:problem:internal-error" == ended.json["type"]
    assert "boom" in ended.err
    assert "Traceback" not in ended.err


def test_reader_that_goes_away_is_no_error() -> None:
    """When whoever reads the output has gone, the command ends without a word."""
    process = subprocess.Popen([*ONEWINDOW, "sample", "--items", "999"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert b"" == process.stderr.read()
    process.stderr.close()
    assert 130 == process.wait()
