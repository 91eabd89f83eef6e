"""`onewindow agency`: the agencies that are installed, and checking one."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from support.command_line import Run

from onewindow import schemas
from onewindow.agencies import UnusableAgency, installed
from onewindow.agencies.agency import AnyAgency
from onewindow.codecs.finding import Finding, Text
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Reply
from onewindow.gateway import window
from onewindow.gateway.agency_check import TITLES
from onewindow.gateway.cli import starting


def test_agencies_are_listed(run: Run) -> None:
    """Every agency is listed with its names, how it is reached, and its time limit."""
    ended = run("agency", "list")
    assert (0, "") == (ended.status, ended.err)
    for words in ("customs", "Customs 海关", "market-supervision", "quality-inspection", "inprocess", "30m"):
        assert words in ended.out


def test_agencies_as_json(run: Run, tmp_path: Path) -> None:
    """With --json the list is one document; the configuration's time limit stands above the agency's own."""
    file = tmp_path / "onewindow.toml"
    file.write_text('[agencies.tax]\ntime_limit = "1d"\n', encoding="utf-8")
    ended = run("agency", "list", "--json", "--config", file)
    assert ["customs", "tax", "market-supervision", "quality-inspection"] == [each["code"] for each in ended.json]
    assert 86_400 == ended.json[1]["time_limit_seconds"]


def test_how_agencies_are_reached(run: Run, tmp_path: Path) -> None:
    """The list says where an agency is reached and whether with a token, and not the token."""
    (tmp_path / "token").write_text("a-token-of-an-agency-in-a-test", "ascii")
    file = tmp_path / "onewindow.toml"
    url = "https://tax.example/onewindow/messages"
    file.write_text(
        f'[agencies.tax]\ntransport = "http"\nurl = "{url}"\ntoken_file = "{tmp_path / "token"}"\n', encoding="utf-8"
    )
    ended = run("agency", "list", "--config", file)
    assert (True, True, False) == tuple(words in ended.out for words in ("token 令牌", f"tax  {url}", "a-token-of"))
    listed = run("agency", "list", "--json", "--config", file).json
    shown = {each["code"]: (each["url"], each["token"]) for each in listed}
    assert ((url, True), (None, False)) == (shown["tax"], shown["customs"])


def test_bad_configuration(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that is not taken is wrong usage, by the variable's name."""
    monkeypatch.setenv("ONEWINDOW_GATWAY_PORT", "1")
    ended = run("agency", "list")
    assert (2, "") == (ended.status, ended.out)
    assert "did you mean ONEWINDOW_GATEWAY_PORT?" in ended.err


def test_agency_is_checked(run: Run, tmp_path: Path) -> None:
    """A reference agency keeps the contract, line by line; the book of a gateway that may be running is left alone."""
    config = tmp_path / "onewindow.toml"
    config.write_text(f'[agencies.tax]\nledger = "{tmp_path / "tax.db"}"\n', encoding="utf-8")
    ended = run("agency", "check", "tax", "--config", config)
    lines = [line.split("\t") for line in ended.out.splitlines()]
    assert (0, list(TITLES)) == (ended.status, [line[0] for line in lines])
    assert {"kept", "skipped"} == {line[1] for line in lines}
    assert not (tmp_path / "tax.db").exists()


def test_agency_that_breaks_the_contract(run: Run) -> None:
    """An agency that takes longer than its time limit breaks the contract: exit status 1, and --json says what."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEWINDOW_AGENCIES_TAX_DELAY", "10s")
        ended = run("agency", "check", "tax", "--patience", "20ms", "--json")
    document = ended.json
    assert (1, False, "tax") == (ended.status, document["kept"], document["agency"])
    broken = [each for each in document["checks"] if each["state"] == "broken"]
    assert ["reachable", "time", "still-there"] == [each["check"] for each in broken]
    assert all(each["detail"]["zh"] for each in broken)


def test_declaration_of_ones_own(run: Run, tmp_path: Path) -> None:
    """A declaration that is given is sent as well, under a reference of the check; one that is none is refused."""
    file = tmp_path / "declaration.xml"
    file.write_bytes(schemas.sample("import"))
    ended = run("agency", "check", "market-supervision", "--declaration", file)
    assert (0, "7 messages") == (ended.status, ended.out.splitlines()[0].split("\t")[3])
    file.write_text("<Declaration/>", "utf-8")
    assert 1 == run("agency", "check", "market-supervision", "--declaration", file).status


@pytest.mark.parametrize(
    ("arguments", "word"), [(("port-health",), "port-health"), (("tax", "--patience", "x"), "30s")]
)
def test_wrong_usage_of_check(run: Run, arguments: tuple[str, ...], word: str) -> None:
    """An agency that is not installed, and a time that is none, are wrong usage."""
    ended = run("agency", "check", *arguments)
    assert (2, "") == (ended.status, ended.out)
    assert word in ended.err


def test_new_agency(run: Run, tmp_path: Path) -> None:
    """A package is made and its files are listed; a second time the folder is there, and that is an error."""
    ended = run("agency", "new", "plant-health", "--folder", tmp_path / "made", "--json")
    assert (0, "plant-health") == (ended.status, ended.json["agency"])
    assert all((tmp_path / "made" / path).is_file() for path in ended.json["files"])
    again = run("agency", "new", "plant-health", "--folder", tmp_path / "made")
    assert (1, "") == (again.status, again.out)
    assert "file exists" in again.err


def test_what_to_do_with_a_new_agency(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said to be done next is done to the folder: a bare name would be that of a package elsewhere."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "elsewhere"
    assert "pip install ./plant-health\n" in run("agency", "new", "plant-health").out
    assert "python -m pytest './my plants'\n" in run("agency", "new", "plant-health", "--folder", "my plants").out
    assert f"pip install {folder}\n" in run("agency", "new", "plant-health", "--folder", folder).out


def test_new_agency_with_a_code_that_is_taken(run: Run, tmp_path: Path) -> None:
    """The code of an agency that is installed is wrong usage, and nothing is written."""
    ended = run("agency", "new", "tax", "--folder", tmp_path / "made")
    assert (2, False) == (ended.status, (tmp_path / "made").exists())
    assert "installed already" in ended.err


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("police",), 2, "agency-unknown"),
        (("tax", "--ledger", "no-such-folder/ledger.db"), 1, "ledger-unusable"),
        (("tax", "--token-file", "short"), 2, "config.transport"),
        (("tax", "--certificate", "short"), 1, "agency-unusable"),
    ],
)
def test_an_agency_that_can_not_be_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], status: int, code: str
) -> None:
    """An agency that can't be run as asked ends at once and says why."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "short").write_text("short\n", encoding="ascii")
    ended = run("agency", "run", *arguments)
    assert (status, "") == (ended.status, ended.out)
    assert code in ended.err


@pytest.mark.parametrize("part", ["split", "rules"])
@pytest.mark.parametrize("command", [("agency", "list"), ("agency", "check", "tax"), ("simulate",)])
def test_an_agency_whose_code_fails(
    command: tuple[str, ...], part: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an agency's split or rules raise is said, and where, in both languages and without a trace."""
    monkeypatch.setattr(starting, "installed", lambda: with_fault(part, items=1))
    ended = run(*command)
    assert (1, "") == (ended.status, ended.out)
    code = {"split": "agency.split-fails", "rules": "agency.rules-fail"}[part]
    assert all(each in ended.err for each in (code, "KeyError: 'no such port'", "test_agency.py, line ", "部门“tax”"))
    assert "Traceback" not in ended.err
    assert "exc_info" not in ended.err
    assert "fault of onewindow" not in ended.err


def test_check_of_a_split_that_fails_on_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A split that fails only on declarations of the check's own ends the check in the same words."""
    monkeypatch.setattr(starting, "installed", lambda: with_fault("split", items=10))
    ended = run("agency", "check", "tax", "--json")
    assert (1, "urn:onewindow:problem:agency.split-fails") == (ended.status, ended.json["type"])
    assert "KeyError: 'no such port'" in ended.json["detail"]
    assert "KeyError: 'no such port'" in ended.json["detail_zh"]


def test_check_of_rules_that_fail_on_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules in process that fail only on some declarations are a breach in the report, and no trace is shown."""
    monkeypatch.setattr(starting, "installed", lambda: with_fault("rules", items=10))
    ended = run("agency", "check", "tax", "--json")
    reachable = ended.json["checks"][0]
    assert (1, "reachable", "broken") == (ended.status, reachable["check"], reachable["state"])
    assert all("KeyError: 'no such port'" in reachable["detail"][language] for language in ("en", "zh"))
    assert "in test_agency.py, line " in reachable["detail"]["en"]
    assert "" == ended.err


def with_fault(part: str, items: int) -> dict[str, AnyAgency]:
    """The agencies that are installed, a fault in tax: its split or its rules fail from so many items on."""
    agencies = installed()
    sound = agencies["tax"]
    rules = sound.assess
    assert rules is not None

    def fail(message: Any) -> None:
        if len(message.goods_shipment.government_agency_goods_item) >= items:
            raise KeyError("no such port")

    def split(declared: Declaration) -> Any:
        fail(declared)
        return sound.split(declared)

    def assess(message: Any, message_id: str, at: datetime) -> Reply:
        fail(message)
        return rules(message, message_id, at)

    return {**agencies, "tax": replace(sound, split=split) if part == "split" else replace(sound, assess=assess)}


@pytest.mark.parametrize(
    "command", [("agency", "list"), ("agency", "check", "tax"), ("simulate",), ("guide",), ("demo",)]
)
def test_an_agency_that_cannot_be_used(command: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers no usable agency is named, with what is wrong, and is no fault of onewindow's."""
    words = Text("port_health:AGENCY is no agency.", "port_health:AGENCY 不是部门。")
    finding = Finding("agency.not-loaded", "onewindow.agencies/port-health", words)

    def unusable() -> None:
        raise UnusableAgency("port-health", finding)

    monkeypatch.setattr(starting, "installed", unusable)
    monkeypatch.setattr(window, "installed", unusable)
    ended = run(*command)
    assert (1, command == ("demo",)) == (ended.status, bool(ended.out))
    assert all(each in ended.err for each in ("agency.not-loaded", words.en, words.zh))


def test_an_agency_that_nothing_names_is_listed_as_such(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list marks an agency that is installed beside the window's four and that no configuration names."""
    another = replace(installed()["tax"], code="port-health")
    monkeypatch.setattr(starting, "installed", lambda: {**installed(), "port-health": another})
    named = {each["code"]: each["named"] for each in run("agency", "list", "--json").json}
    assert {**dict.fromkeys(installed(), True), "port-health": False} == named
    assert "not named in the configuration" in run("agency", "list").out
