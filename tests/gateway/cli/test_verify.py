"""`onewindow verify`: responses and receipts in both forms, and what is wrong with those that are not genuine."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.command_line import Answered, Run
from support.gateway_process import GatewayProcess
from support.issued import issued

from onewindow.codecs import RECEIPT, RESPONSE
from onewindow.codecs.keys import Signer, init, key_files, load_signer
from onewindow.codecs.signature import sign
from onewindow.gateway.receipt import receipt_xml


def failed(run: Run, file: Path, trust: Path, *options: str | Path) -> list[str]:
    """The codes of what is wrong with a document that does not verify."""
    ended = run("verify", file, "--trust", trust, "--json", *options)
    assert 1 == ended.status
    return [finding["code"] for finding in ended.json["findings"]]


def changed(folder: Path, body: bytes) -> Path:
    """A file with this content."""
    file = folder / "changed"
    file.write_bytes(body)
    return file


def test_response(run: Run, imported: Answered) -> None:
    """A response verifies, with its receipt and its declaration, and what was checked is listed."""
    ended = run(
        "verify", imported.response, "--trust", imported.trust, "--receipt", imported.receipt,
        "--declaration", imported.declaration,
    )  # fmt: skip
    assert (0, "") == (ended.status, ended.err)
    for words in ("Answers the receipt", "About this declaration", "onewindow gateway", "The response is genuine."):
        assert words in ended.out
    assert imported.case_id in ended.out


def test_both_forms_of_a_response(run: Run, imported: Answered, tmp_path: Path) -> None:
    """The JSON twin of a response carries the same signature and verifies with the same digest."""
    twin = changed(tmp_path, RESPONSE.encode_json(RESPONSE.decode_xml(imported.response.read_bytes())))
    of_xml, of_json = (run("verify", file, "--trust", imported.trust, "--json") for file in (imported.response, twin))
    assert (0, 0) == (of_xml.status, of_json.status)
    assert of_xml.json["digest"] == of_json.json["digest"]
    assert ("response", imported.case_id) == (of_json.json["kind"], of_json.json["id"])


def test_both_forms_of_a_receipt(run: Run, imported: Answered, tmp_path: Path) -> None:
    """A receipt verifies as the JSON that came with the answer and as XML."""
    xml = changed(tmp_path, receipt_xml(imported.receipt.read_bytes()))
    for file in (imported.receipt, xml):
        ended = run("verify", file, "--trust", imported.trust, "--json")
        assert (0, "receipt", imported.case_id) == (ended.status, ended.json["kind"], ended.json["id"])


def test_receipt_of_another_case(run: Run, imported: Answered, exported: Answered) -> None:
    """A response does not answer another case's receipt; every difference is named."""
    codes = failed(run, imported.response, imported.trust, "--receipt", exported.receipt)
    assert {"receipt-mismatch"} == set(codes)
    assert 3 == len(codes)


def test_another_declaration(run: Run, imported: Answered, exported: Answered) -> None:
    """A response is not about another declaration."""
    codes = failed(run, imported.response, imported.trust, "--declaration", exported.declaration)
    assert ["declaration-mismatch"] == codes


def test_receipt_where_the_response_should_be(run: Run, imported: Answered) -> None:
    """Two receipts are no answer and promise."""
    codes = failed(run, imported.receipt, imported.trust, "--receipt", imported.receipt)
    assert ["wrong-document"] == codes


def test_changed_response(run: Run, imported: Answered, tmp_path: Path) -> None:
    """A response in which a letter was changed is not genuine, in words and as JSON."""
    body = imported.response.read_bytes().replace(b"cleared-with-conditions", b"cleared")
    file = changed(tmp_path, body)
    assert ["signature-digest"] == failed(run, file, imported.trust)
    ended = run("verify", file, "--trust", imported.trust)
    assert (1, "") == (ended.status, ended.out)
    assert "The signature is not good." in ended.err


def test_changed_receipt(run: Run, imported: Answered, tmp_path: Path) -> None:
    """A JSON receipt in which the reference was changed is not genuine."""
    body = imported.receipt.read_bytes().replace(b'"reference":"SAMPLE', b'"reference":"SIMPLE')
    assert ["signature-digest"] == failed(run, changed(tmp_path, body), imported.trust)


def test_unsigned_response(run: Run, imported: Answered, tmp_path: Path) -> None:
    """A response without a signature is not genuine."""
    proof = RECEIPT.decode_json(RECEIPT.encode_json(RECEIPT.decode_xml(receipt_xml(imported.receipt.read_bytes()))))
    bare = RECEIPT.encode_xml(proof).replace((proof.signature or "").encode(), b"")
    assert ["signature-missing"] == failed(run, changed(tmp_path, bare), imported.trust)


def test_trader_may_not_sign_a_response(run: Run, imported: Answered, gateway: GatewayProcess, tmp_path: Path) -> None:
    """A response signed by a trader, whom the same authority vouches for, is not genuine."""
    response = RESPONSE.decode_xml(imported.response.read_bytes())
    bare = RESPONSE.encode_xml(response).replace((response.signature or "").encode(), b"")
    folder = gateway.authority.parent
    forged = sign(bare, load_signer(folder / "trader.crt.pem", folder / "trader.key.pem"))
    assert ["signature-not-gateway"] == failed(run, changed(tmp_path, forged), imported.trust)


def forged(answered: Answered, signer: Signer) -> dict[str, bytes]:
    """The response and the receipt of a gateway, signed anew by somebody else, in both forms."""
    response = RESPONSE.decode_xml(answered.response.read_bytes())
    receipt = RECEIPT.decode_xml(receipt_xml(answered.receipt.read_bytes()))
    made = {
        "response": sign(RESPONSE.encode_xml(replace(response, signature=None)), signer),
        "receipt": sign(RECEIPT.encode_xml(replace(receipt, signature=None)), signer),
    }
    return {**made, "twin": RESPONSE.encode_json(RESPONSE.decode_xml(made["response"]))}


@pytest.mark.parametrize("what", ["response", "receipt", "twin"])
def test_whose_signature_it_is(
    what: str, run: Run, imported: Answered, gateway: GatewayProcess, tmp_path: Path
) -> None:
    """What another holder or another kind of certificate of the same authority has signed is not genuine."""
    files = key_files(gateway.authority.parent)
    mallory = issued(files, "CN=Mallory Ltd", datetime.now(UTC))
    server = issued(files, "CN=onewindow gateway", datetime.now(UTC), ["1.3.6.1.5.5.7.3.1"])
    program = issued(files, "CN=onewindow gateway", datetime.now(UTC), ["1.3.6.1.5.5.7.3.3"])
    for signer, code in (
        (mallory, "signature-not-gateway"),
        (server, "signature-key-purpose"),
        (program, "signature-key-purpose"),
    ):
        assert [code] == failed(run, changed(tmp_path, forged(imported, signer)[what]), imported.trust)
    file = changed(tmp_path, forged(imported, mallory)[what])
    for name in ("Mallory Ltd", "CN=Mallory Ltd"):
        ended = run("verify", file, "--trust", imported.trust, "--signer", name, "--json")
        assert (0, "CN=Mallory Ltd") == (ended.status, ended.json["signer"])
    assert ["signature-not-gateway"] == failed(run, imported.response, imported.trust, "--signer", "Mallory Ltd")


@pytest.mark.parametrize("name", ["", "XX=1", "=", "CN="])
def test_a_signer_that_is_no_name(name: str, run: Run, imported: Answered) -> None:
    """A name that can't be one in a certificate is wrong usage, or nobody's."""
    ended = run("verify", imported.response, "--trust", imported.trust, "--signer", name, "--json")
    assert (2, "urn:onewindow:problem:signer") == (ended.status, ended.json["type"])


def test_authority_that_is_not_believed(run: Run, imported: Answered, tmp_path: Path) -> None:
    """A response is genuine only for those who believe its authority."""
    others = init(tmp_path / "keys", datetime.now(UTC))
    assert ["signature-key-untrusted"] == failed(run, imported.response, others.authority_certificate)


def test_certificate_before_its_time(run: Run, imported: Answered) -> None:
    """As of a time before the certificate was issued the signature is not good."""
    codes = failed(run, imported.response, imported.trust, "--at", "2020-01-01T00:00:00")
    assert ["signature-key-not-yet-valid"] == codes


@pytest.mark.parametrize("body", [b"<Other/>", b'{"other": 1}', b"[1]"])
def test_neither_response_nor_receipt(run: Run, imported: Answered, tmp_path: Path, body: bytes) -> None:
    """A document of another kind is refused as such."""
    assert ["not-signed-document"] == failed(run, changed(tmp_path, body), imported.trust)


def test_authority_file_that_is_not_there(run: Run, imported: Answered, tmp_path: Path) -> None:
    """Without the authority's certificate nothing can be verified: wrong usage, with the way out."""
    ended = run("verify", imported.response, "--trust", tmp_path / "nowhere.pem")
    assert (2, "") == (ended.status, ended.out)
    assert "--trust" in ended.err


def test_where_the_authority_is_looked_for(
    run: Run, imported: Answered, gateway: GatewayProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --trust the certificate is found in this folder, beside the store, or where ONEWINDOW_TRUST says."""
    monkeypatch.chdir(tmp_path)
    ended = run("verify", imported.response)
    assert (2, "") == (ended.status, ended.out)
    assert str(tmp_path / "onewindow-keys" / "authority.crt.pem") in ended.err
    assert "--trust" in ended.err
    for name, value in (("ONEWINDOW_STORE_URL", gateway.store_url), ("ONEWINDOW_TRUST", str(imported.trust))):
        with monkeypatch.context() as patched:
            patched.setenv(name, value)
            ended = run("verify", imported.response)
            assert 0 == ended.status
            assert "Believed 信任证书" in ended.out
    monkeypatch.chdir(gateway.folder)
    assert 0 == run("verify", imported.response).status


def test_authority_beside_the_document_is_not_believed(
    run: Run, imported: Answered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that came with the document is not believed: whoever forged it could have put it there."""
    sent, here = tmp_path / "sent", tmp_path / "here"
    (sent / "onewindow-keys").mkdir(parents=True)
    here.mkdir()
    for place in (sent / "authority.crt.pem", sent / "onewindow-keys" / "authority.crt.pem"):
        place.write_bytes(imported.trust.read_bytes())
    (sent / "response.xml").write_bytes(imported.response.read_bytes())
    monkeypatch.chdir(here)
    assert 2 == run("verify", sent / "response.xml").status


def test_receipt_with_more_than_was_signed(run: Run, imported: Answered, tmp_path: Path) -> None:
    """A receipt with other links, a foreign member or one member twice is not genuine, though its signature is good."""
    receipt = imported.receipt.read_bytes()
    for given, put, code in (
        (b'/response"', b'/elsewhere"', "not-a-receipt"),
        (b'"status":', b'"paid":true,"status":', "not-a-receipt"),
        (b'"status":', b'"status":"accepted","status":', "element-repeated"),
    ):
        assert 1 == receipt.count(given)
        file = changed(tmp_path, receipt.replace(given, put))
        assert [code] == failed(run, file, imported.trust)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"received_at":' * 100_000, b'{"AgencyDecision":' * 100_000])
def test_nested_beyond_reading(run: Run, imported: Answered, tmp_path: Path, body: bytes) -> None:
    """JSON that is nested too deeply is refused in words."""
    ended = run("verify", changed(tmp_path, body), "--trust", imported.trust, "--json")
    assert 1 == ended.status
    assert ended.json["type"].rpartition(":")[2] in ("not-well-formed", "too-large", "invalid")
