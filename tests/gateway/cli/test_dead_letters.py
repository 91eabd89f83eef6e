"""`onewindow agency dead-letters` against gateways in processes of their own."""

from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from support.command_line import Run
from support.declarations import declaration
from support.gateway_process import GatewayProcess

HOSTILE = b"<Reply>\x1b]0;owned\x07\x9b2J\r\n\xff second line\n" + "\u202eevil".encode()
GONE = "0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f"
LIST = ("agency", "dead-letters", "list")


def bring(gateway: GatewayProcess, body: bytes, agency: str = "tax") -> int:
    """Bring a reply; the status of the answer."""
    with closing(HTTPConnection("127.0.0.1", gateway.port, timeout=60)) as connection:
        connection.request("POST", f"/v1/agencies/{agency}/replies", body, {"Content-Type": "application/xml"})
        return connection.getresponse().status


@pytest.fixture
def letter(run: Run, gateway: GatewayProcess) -> str:
    """The id of a dead letter about no message."""
    assert 400 == bring(gateway, HOSTILE)
    found = run(*LIST, "--agency", "tax", "--url", gateway.url, "--json").json["dead_letters"]
    return str(next(each["id"] for each in found if each["message_id"] is None))


@pytest.fixture
def awaited(run: Run, slow_gateway: GatewayProcess, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, str]:
    """A dead letter about a message that tax, which is slow, has not answered; and the case's id."""
    file = tmp_path / "declaration.xml"
    file.write_bytes(declaration(f"CLI-{request.node.name}"))
    case_id = str(run("submit", file, "--wait", "0", "--url", slow_gateway.url, "--json").json["id"])
    assert 422 == bring(slow_gateway, f"<Reply><MessageID>{case_id}/tax/1</MessageID></Reply>".encode())
    found = run(*LIST, "--state", "open", "--url", slow_gateway.url, "--json").json["dead_letters"]
    return next((each["id"], case_id) for each in found if each["case_id"] == case_id)


def test_list(run: Run, gateway: GatewayProcess, letter: str) -> None:
    """Dead letters are a table with what is wrong in both languages; where there are none it says so."""
    listed = run(*LIST, "--url", gateway.url)
    none = run(*LIST, "--agency", "nobody", "--url", gateway.url)
    assert (0, 0) == (listed.status, none.status)
    for words in (letter, "tax: its reply can't be read", "回执报文无法解析", "open 待处理"):
        assert words in listed.out
    assert "There are none 无死信" in none.out


def test_show(run: Run, gateway: GatewayProcess, letter: str) -> None:
    """A dead letter is shown with what came, and nothing of that reaches the terminal as a command."""
    shown = run("agency", "dead-letters", "show", letter, "--url", gateway.url)
    assert 0 == shown.status
    assert r"| <Reply>\x1b]0;owned\x07\x9b2J" in shown.out
    assert r"| \xff second line" in shown.out
    assert r"| \u202eevil" in shown.out
    assert all(each.isprintable() or each == "\n" for each in shown.out)
    assert f"{len(HOSTILE)}, kept 留存 {len(HOSTILE)}, application/xml" in shown.out


def test_raw(run: Run, gateway: GatewayProcess, letter: str, tmp_path: Path) -> None:
    """What came is written to a file byte for byte, beside the document where that is asked for."""
    file = tmp_path / "came.bin"
    shown = run("agency", "dead-letters", "show", letter, "--raw", file, "--json", "--url", gateway.url)
    assert (0, letter) == (shown.status, shown.json["letter"]["id"])
    assert HOSTILE == file.read_bytes()


def test_discard(run: Run, gateway: GatewayProcess, letter: str) -> None:
    """A dead letter is put aside with a note, which is shown; a second time it is a no, with the reason."""
    discard = ("agency", "dead-letters", "discard", letter, "--note", "told them", "--url", gateway.url)
    first, second = run(*discard), run(*discard)
    assert (0, 1) == (first.status, second.status)
    assert "dead-letter-settled" in second.err
    assert "Note 备注  told them" in run("agency", "dead-letters", "show", letter, "--url", gateway.url).out


def test_what_can_not_be(run: Run, gateway: GatewayProcess, letter: str) -> None:
    """What is about no message can't be sent again or answered, nor can what is not there: a no, with the reason."""
    for which, what, code in (
        (letter, ("resend",), "message-not-awaited"),
        (letter, ("answer", "--outcome", "approved"), "message-unknown"),
        (GONE, ("resend",), "not-found"),
        ("../x", ("show",), "not-found"),
    ):
        ended = run("agency", "dead-letters", what[0], which, *what[1:], "--url", gateway.url)
        assert (1, "") == (ended.status, ended.out)
        assert code in ended.err


def test_resend(run: Run, slow_gateway: GatewayProcess, awaited: tuple[str, str]) -> None:
    """A message that is awaited is sent again, and the dead letter says so."""
    letter, case_id = awaited
    shown = run("agency", "dead-letters", "show", letter, "--url", slow_gateway.url)
    assert "Its message is awaited" in shown.out
    ended = run("agency", "dead-letters", "resend", letter, "--url", slow_gateway.url)
    assert 0 == ended.status
    assert f"Sent again 已重新分发  {case_id}/tax/1" in ended.err
    assert "sent again 已重新分发" in run("agency", "dead-letters", "show", letter, "--url", slow_gateway.url).out


def test_answer(run: Run, slow_gateway: GatewayProcess, awaited: tuple[str, str]) -> None:
    """The message of a dead letter is answered by hand, with words where it is not approved; then it is answered."""
    letter, case_id = awaited
    answer = ("agency", "dead-letters", "answer", letter, "--url", slow_gateway.url, "--outcome")
    silent = run(*answer, "refused")
    assert 2 == silent.status
    assert "reason-missing" in silent.err
    ended = run(*answer, "refused", "--en", "No such taxpayer.")
    assert 0 == ended.status
    assert case_id in ended.err
    shown = run("agency", "dead-letters", "show", letter, "--url", slow_gateway.url)
    assert "answered 已答复" in shown.out
    assert "Its message is awaited" not in shown.out
