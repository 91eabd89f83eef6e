"""`onewindow deliver`, `pay`, `rate` and `agency answer` against a gateway in a process of its own."""

from pathlib import Path

from support.command_line import Run
from support.declarations import declaration
from support.gateway_process import GatewayProcess


def decided(run: Run, gateway: GatewayProcess, reference: str) -> str:
    """The id of a case of three items, which has its response and awaits a document."""
    ended = run("submit", "-", "--url", gateway.url, "--json", stdin=declaration(reference, 3))
    assert 0 == ended.status
    return str(ended.json["id"] if "id" in ended.json else ended.json["ID"])


def test_settling(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """A document, the payment and a rating: each says what has come of it, and status shows all of it."""
    case_id = decided(run, gateway, "CLI-S1")
    before = run("status", case_id, "--json", "--url", gateway.url).json
    document, (money,) = before["deferred"][0], before["bill"]["due"]
    file = tmp_path / "certificate.pdf"
    file.write_bytes(b"%PDF-1.7")
    named = ("--type", document["type_code"], "--number", document["id"], "--url", gateway.url)
    delivered = run("deliver", case_id, file, *named)
    assert 0 == delivered.status
    assert "a deferred document has come" in delivered.err
    assert document["id"] in delivered.out
    paid = run("pay", case_id, "--reference", "B-1", "--amount", money["amount"], "--url", gateway.url)
    assert 0 == paid.status
    assert "all is settled" in paid.out
    assert 0 == run("rate", case_id, "5", "--url", gateway.url).status
    shown = run("status", case_id, "--url", gateway.url)
    assert all(words in shown.out for words in ("已补交", "已缴款", "结关", "★★★★★"))


def test_what_is_not_taken(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """A payment that is too much, a document nobody awaits, a rating out of range and a second one are each a no."""
    case_id = decided(run, gateway, "CLI-S2")
    url = ("--url", gateway.url)
    much = run("pay", case_id, "--reference", "B-1", "--amount", "99999999.00", *url)
    assert (1, True) == (much.status, "payment-too-much" in much.err)
    wrong = run("pay", case_id, "--reference", "B-1", "--amount", "abc", *url)
    assert (1, True, False) == (wrong.status, "an amount as text, such as 1200.00" in wrong.err, "regex" in wrong.err)
    assert "文本形式的金额，如 1200.00" in wrong.err
    file = tmp_path / "other.pdf"
    file.write_bytes(b"%PDF-1.7")
    other = run("deliver", case_id, file, "--type", "861", "--number", "X-1", *url)
    assert (1, True) == (other.status, "document-not-awaited" in other.err)
    assert 2 == run("rate", case_id, "6", *url).status
    assert 0 == run("rate", case_id, "1", "--comment", "slow", *url).status
    assert 1 == run("rate", case_id, "2", *url).status


def test_answering_by_hand(run: Run, gateway: GatewayProcess) -> None:
    """The same answer again is known; another than that, one to no message of ours and a bare no are each a no."""
    case_id = decided(run, gateway, "CLI-S3")
    url = ("--url", gateway.url)
    bill = run("agency", "answer", "tax", f"{case_id}/tax/1", "--outcome", "approved", *url)
    assert (1, True) == (bill.status, "reply-differs" in bill.err)
    own = f"{case_id}/market-supervision/1"
    again = run("agency", "answer", "market-supervision", own, "--outcome", "approved", *url)
    assert (0, True, True) == (again.status, "Had it before" in again.err, "decided 已办结" in again.err)
    other = run("agency", "answer", "tax", f"{case_id}/tax/1", "--outcome", "refused", "--en", "no", *url)
    assert (1, True) == (other.status, "reply-differs" in other.err)
    assert "cleared" in run("status", case_id, "--json", *url).json["outcome"]
    nothing = run("agency", "answer", "tax", f"{case_id}/tax/9", "--outcome", "refused", "--zh", "否", *url)
    assert (1, True) == (nothing.status, "message-unknown" in nothing.err)
    bare = run("agency", "answer", "tax", f"{case_id}/tax/1", "--outcome", "refused", *url)
    assert (2, True) == (bare.status, "reason-missing" in bare.err)


def test_answering_without_the_token(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """Who answers for an agency with a token and shows a wrong one is told by which option it is given."""
    (tmp_path / "token").write_text("a-token-that-no-agency-of-it-has", "ascii")
    path = "0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f/tax/1"
    token = ("--token-file", tmp_path / "token")
    ended = run("agency", "answer", "tax", path, "--outcome", "approved", "--url", gateway.url, *token)
    assert (1, 2) == (ended.status, ended.err.count("--token-file"))
    assert "unauthenticated" in ended.err


def test_ids_of_messages(run: Run, gateway: GatewayProcess) -> None:
    """Status has the ids that `agency answer` asks for, each alone on its line."""
    case_id = decided(run, gateway, "CLI-S4")
    url = ("--url", gateway.url)
    shown = run("status", case_id, *url).out.splitlines()
    status = run("status", case_id, "--json", *url).json
    ids = [each["message_id"] for each in status["agencies"]]
    assert [f"{case_id}/{each['code']}/1" for each in status["agencies"]] == ids
    assert all(each in shown for each in ids)
