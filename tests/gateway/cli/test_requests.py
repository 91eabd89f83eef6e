"""`onewindow supplement`, `amend` and `withdraw` against a gateway in a process of its own."""

from pathlib import Path

from support.command_line import Run
from support.declarations import declaration, incomplete, repacked
from support.gateway_process import AGENCIES, GatewayProcess

from onewindow.agencies.ledger import SqliteLedger
from onewindow.codecs import RESPONSE
from onewindow.codecs.messages.codes import CaseOutcome


def waiting(run: Run, gateway: GatewayProcess, reference: str) -> str:
    """The id of a case that waits for the trader; how it was submitted is shown."""
    ended = run("submit", "-", "--url", gateway.url, "--json", stdin=incomplete(reference))
    assert (0, "awaiting-trader") == (ended.status, ended.json["status"])
    return str(ended.json["id"])


def test_a_declaration_in_want_of_a_supplement(run: Run, gateway: GatewayProcess) -> None:
    """Submitting ends at once where the trader has to act: it says who asks for what and how to give it."""
    ended = run("submit", "-", "--url", gateway.url, stdin=incomplete("CLI-1"))
    assert 0 == ended.status
    assert "The case waits for you: customs asks for a supplement. 待补正" in ended.out
    assert "onewindow supplement" in ended.out
    case_id = ended.out.split("受理回执  ")[1].split()[0]
    shown = run("status", case_id, "--follow", "--url", gateway.url)
    assert 0 == shown.status
    assert "waiting for the trader 待补正" in shown.out


def test_supplement(run: Run, gateway: GatewayProcess) -> None:
    """A supplement brings the case to its response; which agencies are asked again is said."""
    case_id = waiting(run, gateway, "CLI-2")
    ended = run("supplement", case_id, "-", "--url", gateway.url, stdin=declaration("CLI-2"))
    assert 0 == ended.status
    assert "supplemented: revision 2, asked again: customs 已补正：第 2 版，重新分发：customs" in ended.err
    assert "cleared 放行" in ended.out


def test_response_to_a_supplement(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """The response to a supplement verifies with the first receipt, about the last declaration and not the first."""
    receipt, response, first, last = (tmp_path / name for name in ("receipt", "response", "first", "last"))
    first.write_bytes(incomplete("CLI-5"))
    last.write_bytes(declaration("CLI-5"))
    taken = run("submit", first, "--receipt", receipt, "--url", gateway.url, "--json")
    assert 0 == run("supplement", taken.json["id"], last, "--url", gateway.url).status
    assert 0 == run("submit", first, "--response", response, "--url", gateway.url).status
    trusted = ("--trust", gateway.folder / "onewindow-keys" / "authority.crt.pem", "--receipt", receipt)
    proven = run("verify", response, *trusted, "--declaration", last)
    assert 0 == proven.status
    assert "Answers the receipt, as revision 2" in proven.out
    other = run("verify", response, *trusted, "--declaration", first, "--json")
    assert (1, ["declaration-mismatch"]) == (other.status, [finding["code"] for finding in other.json["findings"]])


def test_amend(run: Run, gateway: GatewayProcess) -> None:
    """An amendment of packaging goes to customs and quality inspection; the other agencies' logs know nothing of it."""
    case_id = waiting(run, gateway, "CLI-3")
    ended = run("amend", case_id, "-", "--json", "--url", gateway.url, stdin=repacked("CLI-3"))
    assert (0, "decided", 2) == (ended.status, ended.json["status"], ended.json["revision"])
    assert "amended: revision 2, asked again: customs, quality-inspection 已变更：" in ended.err
    reached = {
        agency: [entry for entry in SqliteLedger(gateway.ledger(agency)).entries() if case_id in entry.message_id]
        for agency in AGENCIES
    }
    taken = {agency: len(entries) for agency, entries in reached.items()}
    assert {"customs": 2, "tax": 1, "market-supervision": 1, "quality-inspection": 2} == taken


def test_withdraw(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """A withdrawal ends in a response that says so, and is kept where asked; again is no harm, too late is a no."""
    case_id = waiting(run, gateway, "CLI-4")
    kept = tmp_path / "response.xml"
    asked = ("withdraw", case_id, "--reason", "the order was cancelled", "--url", gateway.url)
    ended = run(*asked, "--response", kept)
    assert 0 == ended.status
    assert "withdrawn 已撤回" in ended.out
    assert CaseOutcome.WITHDRAWN is RESPONSE.decode_xml(kept.read_bytes()).outcome_code
    again = run(*asked)
    assert 0 == again.status
    assert "it had this already 此前已受理" in again.err
    late = run("amend", case_id, "-", "--url", gateway.url, stdin=declaration("CLI-4"))
    assert (1, "") == (late.status, late.out)
    assert "case-decided" in late.err
