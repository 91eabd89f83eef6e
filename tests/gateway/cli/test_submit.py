"""`onewindow submit` and `onewindow status` against a gateway in a process of its own."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest
from support.amending import amended, item
from support.command_line import Answered, Run
from support.gateway_process import GatewayProcess, free_port

from onewindow.codecs import DECLARATION, RESPONSE
from onewindow.codecs.digest import digest
from onewindow.codecs.messages.codes import CountryCode
from onewindow.codecs.messages.common import Origin
from onewindow.gateway.cli.client import Client


def sample(run: Run, *options: str) -> bytes:
    """A sample declaration."""
    return run("sample", *options).out.encode()


def banned(body: bytes) -> bytes:
    """The declaration with pork from where there is African swine fever, which quality inspection refuses."""
    origin = Origin(country_code=CountryCode.DE)
    declaration = amended(DECLARATION.decode_xml(body), item("commodity.classification.0.id"), "0203290000")
    return DECLARATION.encode_xml(amended(declaration, item("origin"), origin))


def test_response_is_shown(run: Run, gateway: GatewayProcess) -> None:
    """A declaration goes in; outcome, condition and bill come out, and how the agencies worked on standard error."""
    ended = run("submit", "-", "--url", gateway.url, stdin=sample(run))
    assert 0 == ended.status
    assert "cleared with conditions 附条件放行" in ended.out
    assert "sanitary certificate" in ended.out
    assert "Value added tax 增值税" in ended.out
    assert "Total 合计" in ended.out
    assert "customs replied approved  已答复：同意" in ended.err
    assert "decided cleared-with-conditions" in ended.err


def test_xml_and_json_give_the_same(run: Run, gateway: GatewayProcess) -> None:
    """An export of 50 items in XML and the same in JSON have the same outcome, findings and bill."""
    responses = []
    for form in ("xml", "json"):
        body = sample(run, "--items", "50", "--type", "EX", "--format", form)
        ended = run("submit", "-", "--json", "--url", gateway.url, stdin=body)
        assert 0 == ended.status
        responses.append(ended.json["response"])
    of_xml, of_json = responses
    assert "cleared" == of_xml["OutcomeCode"]
    assert of_xml["Finding"]
    for part in ("OutcomeCode", "ReleaseIndicator", "Finding", "Condition", "Bill", "JointInspection"):
        assert of_xml.get(part) == of_json.get(part)


def test_json_is_one_document(run: Run, gateway: GatewayProcess) -> None:
    """With --json standard output holds one document: receipt, status and response; standard error has the rest."""
    body = sample(run)
    ended = run("submit", "-", "--json", "--url", gateway.url, stdin=body)
    answer = ended.json
    assert ("decided", "cleared-with-conditions", False) == (answer["status"], answer["outcome"], answer["replay"])
    assert digest(body) == answer["receipt"]["digest"] == answer["response"]["DeclarationDigest"]
    assert answer["id"] == answer["receipt"]["id"] == answer["response"]["ID"]


def test_documents_are_kept(imported: Answered) -> None:
    """Receipt and response are kept byte for byte where they were asked for."""
    response = RESPONSE.decode_xml(imported.response.read_bytes())
    assert imported.case_id == response.id
    assert digest(imported.declaration.read_bytes()) == response.declaration_digest


def test_same_again_is_the_same_case(run: Run, gateway: GatewayProcess, imported: Answered) -> None:
    """The same declaration again is the case that is there already."""
    ended = run("submit", imported.declaration, "--json", "--url", gateway.url)
    assert (0, True, imported.case_id) == (ended.status, ended.json["replay"], ended.json["id"])


def test_other_content_is_a_conflict(run: Run, gateway: GatewayProcess, imported: Answered) -> None:
    """Another declaration under a used reference is refused, and the case in the way is named."""
    other = imported.declaration.read_bytes().replace(b"DEHAM", b"DEBRV")
    ended = run("submit", "-", "--url", gateway.url, stdin=other)
    assert (1, "") == (ended.status, ended.out)
    assert "reference-conflict" in ended.err
    assert imported.case_id in ended.err


def test_invalid_declaration(run: Run, gateway: GatewayProcess) -> None:
    """A declaration that is not valid is refused with a table of findings."""
    body = sample(run).replace(b"<GoodsItemQuantity>3", b"<GoodsItemQuantity>4")
    ended = run("submit", "-", "--url", gateway.url, stdin=body)
    assert (1, "") == (ended.status, ended.out)
    assert "item-count" in ended.err
    assert "The declaration says 4 goods items and holds" in ended.err


def test_invalid_declaration_as_json(run: Run, gateway: GatewayProcess) -> None:
    """With --json the gateway's own problem document is standard output."""
    body = sample(run).replace(b"<GoodsItemQuantity>3", b"<GoodsItemQuantity>4")
    ended = run("submit", "-", "--json", "--url", gateway.url, stdin=body)
    assert (1, 422) == (ended.status, ended.json["status"])
    assert ["item-count"] == [finding["code"] for finding in ended.json["findings"]]


def test_refused_goods(run: Run, gateway: GatewayProcess) -> None:
    """A refusal is a no: exit status 1, with the response and its findings."""
    ended = run("submit", "-", "--url", gateway.url, stdin=banned(sample(run, "--items", "1")))
    assert 1 == ended.status
    assert "refused 不予放行" in ended.out
    assert "These goods may not be imported from this origin: African swine fever." in ended.out


def test_prohibited_goods(run: Run, gateway: GatewayProcess) -> None:
    """Prohibited goods are refused at the window: there is no case, and the finding has rule, words and law."""
    body = DECLARATION.decode_xml(sample(run, "--items", "1"))
    waste = DECLARATION.encode_xml(amended(body, item("commodity.classification.0.id"), "39151000"))
    ended = run("submit", "-", "--json", "--url", gateway.url, stdin=waste)
    assert (1, 422) == (ended.status, ended.json["status"])
    (finding,) = ended.json["findings"]
    assert "goods-prohibited" == finding["code"]
    assert "rule customs.import.waste-plastics; Law on the Prevention" in finding["message"]["en"]


@pytest.mark.parametrize("wait", ["0", "0.2"])
def test_response_that_is_not_there_in_time(run: Run, slow_gateway: GatewayProcess, wait: str) -> None:
    """A response that is not there in time is no failure: there is the receipt, and how to follow the case."""
    ended = run("submit", "-", "--wait", wait, "--url", slow_gateway.url, stdin=sample(run))
    assert 0 == ended.status
    assert "Receipt 受理回执" in ended.out
    assert "Follow it 持续查看  onewindow status" in ended.out


def test_response_that_is_not_there_in_time_as_json(run: Run, slow_gateway: GatewayProcess) -> None:
    """With --json a case that is open has its receipt and no response."""
    ended = run("submit", "-", "--wait", "0", "--json", "--url", slow_gateway.url, stdin=sample(run))
    assert (0, None, None) == (ended.status, ended.json["outcome"], ended.json["response"])
    assert ended.json["id"] == ended.json["receipt"]["id"]


async def sent(url: str, case_id: str, agency: str) -> None:
    """Returns once the case's journal says that this agency was sent its message."""
    async with Client(url) as client, aclosing(client.events(case_id)) as events:
        async for entry in events:
            if (agency, "sent") == (entry.agency, entry.event):
                return


def test_status_of_an_open_case(run: Run, slow_gateway: GatewayProcess) -> None:
    """The status of a case that is open shows who is still at work, and until when."""
    submitted = run("submit", "-", "--wait", "0", "--json", "--url", slow_gateway.url, stdin=sample(run))
    asyncio.run(sent(slow_gateway.url, submitted.json["id"], "tax"))
    ended = run("status", submitted.json["id"], "--url", slow_gateway.url)
    assert 0 == ended.status
    assert "sent 已发送" in next(line for line in ended.out.splitlines() if line.startswith("Tax"))
    assert "The agencies' time ends on" in ended.out


def test_url_from_the_environment(run: Run, gateway: GatewayProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """ONEWINDOW_URL names the gateway where --url does not."""
    body = sample(run)
    monkeypatch.setenv("ONEWINDOW_URL", gateway.url)
    assert 0 == run("submit", "-", stdin=body).status


@pytest.mark.parametrize("command", [("submit", "-"), ("status", "01990000-0000-7000-8000-000000000000")])
def test_gateway_that_is_not_there(run: Run, command: tuple[str, ...]) -> None:
    """Without a gateway a command ends with 3 and says where it looked and what would help."""
    url = f"http://127.0.0.1:{free_port()}"
    ended = run(*command, "--url", url, stdin=b"<Declaration/>")
    assert (3, "") == (ended.status, ended.out)
    assert url in ended.err
    assert "onewindow serve" in ended.err


def test_file_is_read_before_anything_is_sent(run: Run, tmp_path: Path) -> None:
    """A file that can't be read is wrong usage, whether or not there is a gateway."""
    assert 2 == run("submit", tmp_path / "nowhere.xml", "--url", f"http://127.0.0.1:{free_port()}").status


def test_status(run: Run, gateway: GatewayProcess, imported: Answered) -> None:
    """The status shows every agency, and the response of a case that has one."""
    ended = run("status", imported.case_id, "--url", gateway.url)
    assert 0 == ended.status
    for name in ("Customs 海关", "Tax 税务", "Market supervision 市场监管", "Quality inspection 质检"):
        assert name in ended.out
    assert "cleared with conditions" in ended.out


def test_status_as_json(run: Run, gateway: GatewayProcess, imported: Answered) -> None:
    """With --json the status is the gateway's own document, whether or not one follows the case."""
    for arguments in ((), ("--follow",)):
        ended = run("status", imported.case_id, *arguments, "--json", "--url", gateway.url)
        assert (0, "") == (ended.status, ended.err)
        assert ("decided", 4) == (ended.json["status"], len(ended.json["agencies"]))


def test_status_of_no_case(run: Run, gateway: GatewayProcess) -> None:
    """A case that does not exist is a no, in words; so is what can be no case's id."""
    for case_id in ("01990000-0000-7000-8000-000000000000", "../x", "?"):
        for arguments in ((), ("--follow",)):
            ended = run("status", case_id, *arguments, "--url", gateway.url)
            assert 1 == ended.status
            assert f"not-found There is no case {case_id} at" in ended.err
            assert "无此办件" in ended.err


def test_status_of_a_refused_case(run: Run, gateway: GatewayProcess) -> None:
    """The status of a case that was refused is a no, as its submission was."""
    body = banned(sample(run, "--items", "1"))
    submitted = run("submit", "-", "--json", "--url", gateway.url, stdin=body)
    for arguments in ((), ("--json",), ("--follow",)):
        assert 1 == run("status", submitted.json["id"], *arguments, "--url", gateway.url).status
