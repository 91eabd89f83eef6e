"""`onewindow events` against a gateway in a process of its own."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from support.command_line import ONEWINDOW, Run
from support.declarations import declaration
from support.gateway_process import GatewayProcess, free_port

from onewindow.gateway.cli import events


@pytest.fixture
def cursor(run: Run, gateway: GatewayProcess) -> str:
    """Where the feed ends."""
    return str(run("events", "--after", "now", "--json", "--url", gateway.url).json["next"])


def decide(run: Run, gateway: GatewayProcess, reference: str) -> None:
    """Bring a case to its end."""
    assert 0 == run("submit", "-", "--url", gateway.url, stdin=declaration(reference)).status


def test_events(run: Run, gateway: GatewayProcess, cursor: str) -> None:
    """Each event is a line with its case, in both languages, and the command to go on with is named."""
    decide(run, gateway, "EV-1")
    ended = run("events", "--after", cursor, "--url", gateway.url)
    lines = ended.out.splitlines()
    assert (0, 10) == (ended.status, len(lines))
    assert all("  EV-1  " in line for line in lines)
    assert "accepted: EV-1  已受理：EV-1" in lines[0]
    assert "decided: cleared" in lines[-1]
    later = ended.err.strip().partition("onewindow ")[2].split()
    assert (0, "") == (run(*later).status, run(*later).out)


def test_events_as_json(run: Run, gateway: GatewayProcess, cursor: str) -> None:
    """With --json they are one document, over as many pages as it takes, and no more than were asked for."""
    for number in range(25):
        decide(run, gateway, f"EV-2-{number}")
    some = run("events", "--after", cursor, "--limit", "203", "--url", gateway.url, "--json")
    rest = run("events", "--after", some.json["next"], "--limit", "1000", "--url", gateway.url, "--json")
    assert (203, True, "") == (len(some.json["events"]), some.json["more"], some.err)
    assert (47, False) == (len(rest.json["events"]), rest.json["more"])
    told = [(each["case_id"], each["sequence"]) for each in some.json["events"] + rest.json["events"]]
    assert 250 == len(set(told)) == len(told)


def test_events_of_a_declarant(run: Run, gateway: GatewayProcess) -> None:
    """Of a declarant who has declared nothing there are none."""
    ended = run("events", "--declarant", "SOMEONE", "--url", gateway.url)
    assert (0, "") == (ended.status, ended.out)


def test_following(run: Run, gateway: GatewayProcess, cursor: str) -> None:
    """With --follow events come as they happen, with --json a line each, until it is interrupted."""
    command = [*ONEWINDOW, "events", "--follow", "--json", "--after", cursor, "--url", gateway.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        decide(run, gateway, "EV-3")
        told = [json.loads(following.stdout.readline()) for _ in range(10)]
        following.send_signal(2)
        rest, errors = following.communicate(timeout=60)
    assert [("EV-3", number) for number in range(1, 11)] == [(each["reference"], each["sequence"]) for each in told]
    assert (130, "", "") == (following.returncode, rest, errors)


def test_a_cursor_of_another_gateway(run: Run, gateway: GatewayProcess) -> None:
    """A cursor that this gateway never gave is a no."""
    ended = run("events", "--after", "999999-1", "--url", gateway.url)
    assert (1, "") == (ended.status, ended.out)
    assert "invalid-parameter" in ended.err


def test_no_gateway(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no gateway that is said, by --follow after a few attempts."""
    monkeypatch.setattr(events, "ATTEMPTS_MAX", 1)
    url = f"http://127.0.0.1:{free_port()}"
    assert [3, 3] == [run("events", *more, "--url", url).status for more in ((), ("--follow",))]


def test_a_gateway_that_is_away_for_a_moment(tmp_path: Path, run: Run) -> None:
    """A follower whose gateway is restarted goes on where it was."""
    process = GatewayProcess(tmp_path)
    process.start()
    asyncio.run(process.ready())
    command = [*ONEWINDOW, "events", "--follow", "--json", "--url", process.url]
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as following:
            assert following.stdout is not None
            decide(run, process, "EV-4")
            told = [json.loads(following.stdout.readline()) for _ in range(10)]
            asyncio.run(process.kill())
            process.start()
            asyncio.run(process.ready())
            decide(run, process, "EV-5")
            told += [json.loads(following.stdout.readline()) for _ in range(10)]
            following.send_signal(2)
    finally:
        asyncio.run(process.kill())
    assert ["EV-4"] * 10 + ["EV-5"] * 10 == [each["reference"] for each in told]
