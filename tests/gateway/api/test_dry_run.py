"""Dry runs over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.amending import amended
from support.declarations import declaration, incomplete
from support.served import DECLARATIONS, JSON, XML, Answer, Gateway, served

from onewindow.codecs import DECLARATION
from onewindow.codecs.keys import load_signer
from onewindow.codecs.signature import sign
from onewindow.gateway.config import DocumentsConfig
from onewindow.gateway.store.store import Query

DRY = f"{DECLARATIONS}?dry_run=true"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def put(gateway: Gateway, path: str, body: bytes, **headers: str) -> Answer:
    """A declaration to this path."""
    return await gateway.ask("POST", path, {"Content-Type": XML, **headers}, body)


async def test_a_dry_run(gateway: Gateway) -> None:
    """A dry run is 200 and what would become of the declaration, at no address, and no case is there afterwards."""
    answer = await put(gateway, DRY, declaration("Y-1"), Prefer="wait=10")
    assert (200, "Y-1", "cleared", False) == (
        answer.status,
        answer.json["reference"],
        answer.json["outcome"],
        answer.json["binding"],
    )
    assert ["customs", "tax", "market-supervision", "quality-inspection"] == [
        agency["code"] for agency in answer.json["agencies"]
    ]
    assert {"Location", "Idempotent-Replay", "Preference-Applied"}.isdisjoint(answer.headers)
    assert () == await gateway.window.find(Query())


async def test_a_reference_in_use(gateway: Gateway) -> None:
    """A reference that is in use is no 409 in a dry run: the answer says so."""
    body = declaration("Y-2")
    first = await gateway.post(body)
    answer = await put(gateway, DRY, body.replace(b"DEHAM", b"DEBRV"))
    used = answer.json["reference_used"]
    assert (200, True, first.json["id"]) == (answer.status, used["conflict"], used["id"])
    assert first.headers["Location"] == used["links"]["self"]


async def test_an_invalid_declaration(gateway: Gateway) -> None:
    """What a submission is refused for, a dry run is: the same status and the same findings."""
    body = declaration("Y-3").replace(b"<GoodsItemQuantity>1<", b"<GoodsItemQuantity>2<")
    dry, real = await put(gateway, DRY, body), await put(gateway, DECLARATIONS, body)
    assert (422, "invalid") == (dry.status, dry.problem)
    assert dry.json["findings"] == real.json["findings"]


async def test_everything_at_once(gateway: Gateway) -> None:
    """A dry run says in one answer what schema, cross-checks and agencies' rules find, and nothing is stored."""
    body = incomplete("Y-8").replace(b"<GoodsItemQuantity>1<", b"<GoodsItemQuantity>2<")
    body = body.replace(b"<FunctionCode>9", b"<FunctionCode>7")
    dry, real = await put(gateway, DRY, body), await put(gateway, DECLARATIONS, body)
    codes = [finding["code"] for finding in real.json["findings"]]
    assert [(422, "invalid"), (422, "invalid")] == [(dry.status, dry.problem), (real.status, real.problem)]
    assert ["value-enumeration", "item-count"] == codes
    assert [*codes, "customs.certificate-of-origin-missing"] == [finding["code"] for finding in dry.json["findings"]]
    assert all(finding["line"] and finding["message"]["zh"] for finding in dry.json["findings"])
    assert () == await gateway.window.find(Query())


async def test_documents_and_signature_at_once(tmp_path: Path) -> None:
    """Documents that are not on file and a signature that does not hold are said beside other mistakes, XML or JSON."""
    async with served(tmp_path, documents=DocumentsConfig(required_on_file=True)) as gateway:
        declared = amended(
            DECLARATION.decode_xml(declaration("Y-9")), "additional_document.0.digest", f"sha256:{'0' * 64}"
        )
        signer = load_signer(tmp_path / "keys" / "gateway.crt.pem", tmp_path / "keys" / "gateway.key.pem")
        signed = sign(DECLARATION.encode_xml(declared), signer)
        wrong = signed.replace(b"<GoodsItemQuantity>1<", b"<GoodsItemQuantity>2<")
        in_json = DECLARATION.encode_json(DECLARATION.decode_xml(wrong))
        answer = await put(gateway, DECLARATIONS, wrong)
        twin = await gateway.ask("POST", DECLARATIONS, {"Content-Type": JSON}, in_json)
        worse = await put(gateway, DECLARATIONS, wrong.replace(b"<FunctionCode>9", b"<FunctionCode>7"))
    expected = ["item-count", "document-not-on-file", "signature-digest"]
    digest_at = "/Declaration/Signature/SignedInfo/Reference/DigestValue"
    assert expected == [finding["code"] for finding in answer.json["findings"]]
    assert expected == [finding["code"] for finding in twin.json["findings"]]
    assert ["value-enumeration", *expected] == [finding["code"] for finding in worse.json["findings"]]
    assert digest_at == answer.json["findings"][-1]["pointer"]
    assert "/Signature" == twin.json["findings"][-1]["json_pointer"]


async def test_false_is_no_dry_run(gateway: Gateway) -> None:
    """With dry_run=false a declaration is submitted."""
    answer = await put(gateway, f"{DECLARATIONS}?dry_run=false", declaration("Y-4"))
    assert 202 == answer.status


@pytest.mark.parametrize("value", ["yes", "", "True", "1"])
async def test_neither_true_nor_false(value: str, gateway: Gateway) -> None:
    """Any other value is 400, and nothing is taken over."""
    answer = await put(gateway, f"{DECLARATIONS}?dry_run={value}", declaration("Y-5"))
    assert (400, "invalid-parameter") == (answer.status, answer.problem)
    assert () == await gateway.window.find(Query())


async def test_a_dry_run_is_json(gateway: Gateway) -> None:
    """A dry run is no document of a schema, so there is none in XML."""
    answer = await put(gateway, DRY, declaration("Y-6"), Accept=XML)
    assert (406, "not-acceptable") == (answer.status, answer.problem)


async def test_a_gateway_that_stops(gateway: Gateway) -> None:
    """A gateway that is about to stop answers a dry run as it does a submission."""
    gateway.window.close_intake()
    answer = await put(gateway, DRY, declaration("Y-7"))
    assert (503, "stopping") == (answer.status, answer.problem)
