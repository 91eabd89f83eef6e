"""The command line as a whole: version, help, wrong usage, and how it ends when it is cut off."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import ONEWINDOW, Run, output

import onewindow
from onewindow.codecs.walker import CHOSEN
from onewindow.gateway import intake
from onewindow.gateway.cli.application import COMMANDS


def test_version(run: Run) -> None:
    """The version is the package's, with the form of walker that runs, and nothing else is written."""
    ended = run("--version")
    line = f"{onewindow.__version__} (walker: {CHOSEN.name})\n"
    assert (0, line, "") == (ended.status, ended.out, ended.err)


def test_version_tells_the_python_walker() -> None:
    """Where the environment asks for the Python form, the version says that it runs."""
    environ = os.environ | {"ONEWINDOW_WALKER": "python"}
    ended = subprocess.run([*ONEWINDOW, "--version"], capture_output=True, text=True, check=True, env=environ)
    assert f"{onewindow.__version__} (walker: python)\n" == ended.stdout


def test_version_is_quick() -> None:
    """The version needs no heavy library but the one that the walker stands on."""
    script = (
        "import sys; from onewindow.gateway.cli import main; main(['--version']); "
        "print(sorted({'aiohttp', 'cryptography', 'sqlalchemy', 'xmlschema'} & set(sys.modules)))"
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
    """Wrong usage ends with 2, says so in both languages on standard error, and points to the help."""
    ended = run(*arguments)
    assert (2, "") == (ended.status, ended.out)
    english, chinese = ended.err.splitlines()
    assert english.startswith("usage ")
    assert english.endswith(" --help.")
    assert "用法见 onewindow" in chinese


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("validate", "--nope", "f.xml"), "There is no option --nope."),
        (("validate", "f.xml", "--nope=1"), "There is no option --nope."),
        (("validate", "f.xml", "--jsn"), "There is no option --jsn; did you mean --json?"),
        (("validat", "f.xml"), "There is no command validat; did you mean validate?"),
        (("agency", "lost"), "There is no command lost; did you mean list?"),
        (("supplement",), "CASE_ID is missing."),
        (("submit", "a.xml", "--wait"), "--wait needs a value."),
        (("submit", "a.xml", "b.xml"), "There is one argument too many: b.xml."),
        (("sample", "--type", "XX"), "--type XX is not allowed; allowed is IM or EX."),
        (("serve", "--port", "1", "--port", "2"), "--port is given more than once."),
    ],
)
def test_what_is_wrong_with_the_usage(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """What is wrong with a command line is named, with the nearest thing that would be right."""
    assert f"usage {words} See onewindow " in run(*arguments).err


def test_wrong_usage_as_json(run: Run) -> None:
    """With --json wrong usage is a problem document in both languages too."""
    ended = run("submit", "--json")
    assert 2 == ended.status
    assert ("urn:onewindow:problem:usage", "Wrong usage", "用法有误") == tuple(
        ended.json[name] for name in ("type", "title", "title_zh")
    )


@pytest.mark.parametrize("command", ["submit", "status", "validate", "verify"])
def test_help_says_the_exit_status(run: Run, command: str) -> None:
    """Help of a command that answers says what each exit status means for it, in both languages."""
    ended = run(command, "--help")
    assert 1 == ended.out.count("Exit status: 0")
    assert 1 == ended.out.count("退出码：0")


def test_log_of_a_process_that_nobody_reads() -> None:
    """A process whose standard error is closed, or has no reader, goes on and ends as it would."""
    script = (
        "import os, sys, structlog; from onewindow.gateway.cli.log import log_to_stderr; log_to_stderr('info'); "
        "log = structlog.get_logger(); log.info('one'); {}; log.info('two'); log.error('three'); print('done')"
    )
    broken = "r, w = os.pipe(); os.close(r); os.dup2(w, 2)"
    for fate in (broken, "sys.stderr.close()", "sys.stderr = None"):
        command = [sys.executable, "-c", script.format(fate)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (0, "done\n") == (ended.returncode, ended.stdout)
        assert ["one"] == [json.loads(line)["event"] for line in ended.stderr.splitlines()]


def test_fault_of_the_program_is_no_stack_trace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program is said in words, also as JSON."""

    def broken(*given: object) -> None:
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


@pytest.mark.parametrize("arguments", [("sample",), ("validate", "-", "--json"), ("--help",), ("agency", "list")])
def test_standard_files_that_are_closed(arguments: tuple[str, ...]) -> None:
    """Whichever of its standard files the caller has closed, a command ends in order."""
    for number in (0, 1, 2):
        script = f"import os, sys; os.close({number}); os.execv(sys.argv[1], sys.argv[1:])"
        command = [sys.executable, "-c", script, *ONEWINDOW, *arguments]
        ended = subprocess.run(command, input=b"<x/>", capture_output=True, check=False)
        assert b"Traceback" not in ended.stderr
        assert b"internal-error" not in ended.stderr + ended.stdout
        assert ended.returncode in (0, 1, 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_standard_output_that_takes_no_more() -> None:
    """Output that can't be written is said in words."""
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run([*ONEWINDOW, "sample"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert 1 == ended.returncode
    assert ended.stderr.startswith("not-written ")


HOSTILE = "[/]x [bold] [link=file:///etc/hosts]here[/link] :warning: [/nothing]"


def test_hostile_text_is_shown_as_it_is(run: Run, tmp_path: Path) -> None:
    """What looks like the terminal library's markup is shown as it is: in findings, file names and words."""
    folder = tmp_path / "[bold]q["
    folder.mkdir()
    good, wrong = folder / "].xml", folder / ":warning:.xml"
    good.write_bytes(output("sample"))
    wrong.write_bytes(output("sample").replace(b"<FunctionCode>9", b"<FunctionCode>" + HOSTILE.encode()))
    taken, refused = run("validate", good), run("validate", wrong)
    assert (0, 1) == (taken.status, refused.status)
    assert str(good) in taken.out
    assert HOSTILE in refused.err
    assert str(wrong) in refused.err
    assert f"There is no command {HOSTILE}" in run(HOSTILE).err


def test_secrets_are_not_logged() -> None:
    """The trace of a failure has no values of local variables, on a terminal and off it."""
    script = (
        "import structlog\n"
        "from onewindow.gateway.cli import log\n"
        "log.log_to_stderr('info')\n"
        "if {}:\n"
        "    structlog.configure(processors=log._form(is_terminal=True))\n"
        "def fail(party):\n"
        "    inner = [party]\n"
        "    raise RuntimeError('boom')\n"
        "try:\n"
        "    fail('Se' + 'cret Trading Ltd')\n"
        "except RuntimeError:\n"
        "    structlog.get_logger().exception('request failed')\n"
    )
    for terminal in (True, False):
        command = [sys.executable, "-c", script.format(terminal)]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "boom" in ended.stderr
        assert "Secret Trading" not in ended.stderr
