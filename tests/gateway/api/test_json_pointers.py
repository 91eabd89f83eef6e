"""JSON Pointers over HTTP: who sends JSON is told places in JSON, whatever door it came through."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from support.batches import BATCH, NDJSON
from support.declarations import declaration, incomplete
from support.served import DECLARATIONS, JSON, XML, Gateway, served

from onewindow.codecs import DECLARATION


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


def twin(body: bytes, **changes: Any) -> bytes:
    """The declaration as JSON, with these members changed."""
    return json.dumps({**json.loads(DECLARATION.encode_json(DECLARATION.decode_xml(body))), **changes}).encode()


async def asked(gateway: Gateway, path: str, body: bytes, media_type: str = JSON) -> list[str | None]:
    """The JSON Pointers of the findings for which this is refused."""
    answer = await gateway.ask("POST", path, {"Content-Type": media_type}, body)
    assert 400 <= answer.status < 500
    return [finding.get("json_pointer") for finding in answer.json["findings"]]


async def test_of_declarations(gateway: Gateway) -> None:
    """Schema, cross-checks and syntax, at submission, dry run and revision: each finding has its JSON Pointer."""
    wrong = twin(declaration("J-1"), FunctionCode="7", GoodsItemQuantity="4")
    case = (await gateway.post(declaration("J-2"))).headers["Location"]
    places = ["/FunctionCode", "/GoodsItemQuantity"]
    assert places == await asked(gateway, DECLARATIONS, wrong)
    assert places == await asked(gateway, f"{DECLARATIONS}?dry_run=true", wrong)
    assert places == await asked(gateway, f"{case}/amendments", wrong)
    assert ["/FunctionalReferenceID"] == await asked(gateway, f"{case}/amendments", twin(declaration("J-3")))
    assert [""] == await asked(gateway, DECLARATIONS, b'{"FunctionCode" "9"}')
    assert [None, None] == await asked(gateway, DECLARATIONS, DECLARATION_XML, XML)


DECLARATION_XML = (
    declaration("J-4").replace(b"<FunctionCode>9", b"<FunctionCode>7").replace(b"Quantity>1<", b"Quantity>4<", 2)
)


async def test_of_batches(gateway: Gateway) -> None:
    """The answer to a line has them too."""
    lines = twin(declaration("J-5"), GoodsItemQuantity="4") + b"\n{]\n"
    answer = await gateway.ask("POST", BATCH, {"Content-Type": NDJSON}, lines)
    problems = [json.loads(line)["problem"] for line in answer.body.splitlines()]
    assert [["/GoodsItemQuantity"], [""]] == [[each["json_pointer"] for each in one["findings"]] for one in problems]


async def test_of_requests(gateway: Gateway) -> None:
    """Other requests in JSON are answered with them."""
    case = (await gateway.post(declaration("J-6"))).headers["Location"]
    assert ["/reason"] == await asked(gateway, f"{case}/withdrawal", b'{"reason": 1}')
    wish = {"url": "http://127.0.0.1:9/hook", "events": ["decided", "nothing"]}
    assert ["/events/1"] == await asked(gateway, "/v1/webhooks", json.dumps(wish).encode())


@pytest.mark.parametrize("in_json", [True, False])
async def test_of_agencies(in_json: bool, gateway: Gateway) -> None:
    """What agencies find in a declaration in JSON has its JSON Pointer, in dry runs and in the status of the case."""
    body = twin(incomplete("J-7")) if in_json else incomplete("J-7")
    media_type = JSON if in_json else XML
    dry = await gateway.ask("POST", f"{DECLARATIONS}?dry_run=true", {"Content-Type": media_type}, body)
    taken = await gateway.post(body, Content_Type=media_type, Prefer="wait=30")
    status = (await gateway.get(taken.headers["Location"])).json
    for agencies in (dry.json["agencies"], status["agencies"]):
        found = [each for agency in agencies for each in agency["findings"]]
        finding = next(each for each in found if each["code"] == "customs.certificate-of-origin-missing")
        xpath = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/DutyTaxFee[1]/DutyRegimeCode"
        expected = (
            "/GoodsShipment/GovernmentAgencyGoodsItem/0/Commodity/DutyTaxFee/0/DutyRegimeCode" if in_json else None
        )
        assert xpath == finding["pointer"]
        assert expected == finding.get("json_pointer")
