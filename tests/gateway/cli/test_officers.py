"""What an officer does at the command line: see what waits, find a case by its reference, answer with all there is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import Run
from support.gateway_process import GatewayProcess, serving


@pytest.fixture(scope="module")
def manned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway at which people answer for tax."""
    process = GatewayProcess(tmp_path_factory.mktemp("manned"), reached={"tax": {"by_hand": ["declaration"]}})
    with serving(process):
        yield process


def submitted(run: Run, gateway: GatewayProcess) -> tuple[str, str]:
    """Id and reference of a case whose message to tax waits for a person."""
    declaration = run("sample", "--items", "1").out.encode()
    ended = run("submit", "-", "--wait", "0", "--url", gateway.url, "--json", stdin=declaration)
    case_id, reference = ended.json["id"], ended.json["reference"]
    while not any(each["case_id"] == case_id for each in queue(run, gateway)):
        assert "processing" == run("status", case_id, "--url", gateway.url, "--json").json["status"]
    return case_id, reference


def queue(run: Run, gateway: GatewayProcess) -> list[dict[str, object]]:
    """What waits at tax."""
    found: list[dict[str, object]] = run("agency", "queue", "tax", "--url", gateway.url, "--json").json["messages"]
    return found


def test_queue_and_answer(run: Run, manned: GatewayProcess, tmp_path: Path) -> None:
    """What waits is listed by an id that stands alone on its line; a whole reply answers it, and it waits no more."""
    case_id, reference = submitted(run, manned)
    url = ("--url", manned.url)
    listed = run("agency", "queue", "tax", *url)
    assert 0 == listed.status
    assert f"{case_id}/tax/1" in listed.out.splitlines()
    assert f"declaration 申报 {reference}, due 期限 " in listed.out
    assert "agency answer tax MESSAGE-ID" in listed.err
    file = tmp_path / "reply.json"
    words = [{"languageID": "en", "value": "as assessed by hand"}]
    amount = {"value": "12.00", "currencyID": "CNY"}
    fee = {"TypeCode": "VAT", "TaxBaseAmount": {**amount, "value": "120.00"}, "TaxRateNumeric": "10"}
    reply = {
        "OutcomeCode": "approved-with-conditions",
        "Finding": [{"Code": "tax.one", "Text": words}, {"Code": "tax.two", "Text": words}],
        "Condition": [{"Code": "tax.later", "Text": words, "DueDateTime": "2030-01-01T00:00:00Z"}],
        "DutyTaxFee": [{**fee, "PaymentAmount": amount, "StatusCode": "final"}],
    }
    file.write_text(json.dumps(reply), "utf-8")
    answered = run("agency", "answer", "tax", f"{case_id}/tax/1", "--reply", file, *url)
    assert (0, True) == (answered.status, f"Taken 已接受  {case_id}/tax/1" in answered.err)
    assert all(each["case_id"] != case_id for each in queue(run, manned))
    shown = run("status", case_id, "--follow", "--json", *url).json
    assert ["tax.one", "tax.two"] == [
        finding["code"] for agency in shown["agencies"] for finding in agency["findings"] if agency["code"] == "tax"
    ]


def test_answers_that_are_none(run: Run, manned: GatewayProcess, tmp_path: Path) -> None:
    """A reply with a mistake has its finding; one to another message, one beside --outcome, and none are usage."""
    message, url = "0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f/tax/1", ("--url", manned.url)
    answer = ("agency", "answer", "tax", message)
    wrong, other = tmp_path / "wrong.json", tmp_path / "other.json"
    wrong.write_text('{"OutcomeCode": "approvd"}', "utf-8")
    other.write_text('{"OutcomeCode": "approved", "MessageID": "another"}', "utf-8")
    ended = run(*answer, "--reply", wrong, *url)
    assert (1, True) == (ended.status, "/Reply/OutcomeCode" in ended.err)
    for options, code in (
        (("--reply", str(other)), "reply-of-another"),
        (("--reply", str(other), "--outcome", "approved"), "usage"),
        ((), "usage"),
    ):
        refused = run(*answer, *options, *url)
        assert (2, True) == (refused.status, refused.err.startswith(code))


def test_status_by_reference(run: Run, manned: GatewayProcess) -> None:
    """A case is found by its reference; one that nobody used, and neither id nor reference, are told apart."""
    case_id, reference = submitted(run, manned)
    url = ("--url", manned.url)
    found = run("status", "--reference", reference, "--json", *url)
    assert (0, case_id) == (found.status, found.json["id"])
    shown = run("status", "--reference", reference, *url)
    assert f"{case_id}/tax/1" in shown.out.split()
    assert (1, "not-found") == (run("status", "--reference", "nobody's", *url).status, "not-found")
    assert 2 == run("status", *url).status
    assert 2 == run("status", case_id, "--reference", reference, *url).status


def test_queue_of_nobody(run: Run, manned: GatewayProcess) -> None:
    """Where nothing waits that is said; an agency that there is not is the answer no."""
    empty = run("agency", "queue", "customs", "--url", manned.url)
    assert (0, "Nothing waits 无待办报文\n") == (empty.status, empty.out)
    assert 1 == run("agency", "queue", "nobody", "--url", manned.url).status
