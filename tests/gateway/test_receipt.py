"""The receipt, as XML and as its envelope."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from onewindow.codecs import RECEIPT
from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import init, load_signer, load_trust
from onewindow.codecs.signature import sign
from onewindow.codecs.verification import verify
from onewindow.gateway.commands import Submit
from onewindow.gateway.life import decide, replay
from onewindow.gateway.receipt import links, receipt, receipt_json, receipt_xml

NOW = datetime(2026, 11, 21, 8, 0, 0, 123456, tzinfo=UTC)


def signed_receipt(folder: Path) -> bytes:
    submit = Submit(
        case_id="019aa000-0000-7000-8000-000000000000",
        reference="R+D/1",
        declarant="91310000MA1FL4QK75",
        type_code="IM",
        digest="sha256:" + "a" * 64,
        media_type="application/xml",
        plan=(),
    )
    files = init(folder, NOW)
    signer = load_signer(files.gateway_certificate, files.gateway_key)
    return sign(RECEIPT.encode_xml(receipt(replay(decide(None, submit, NOW)))), signer)


def test_the_envelope_gives_the_signed_receipt_back(tmp_path: Path) -> None:
    """The XML made again from the envelope is byte for byte the XML that was signed, and verifies."""
    signed = signed_receipt(tmp_path / "keys")
    envelope = msgspec.json.encode(receipt_json(signed))
    assert signed == receipt_xml(envelope)
    verify(receipt_xml(envelope), load_trust(tmp_path / "keys" / "authority.crt.pem"), NOW)


def test_the_envelope_has_the_names_of_the_contract(tmp_path: Path) -> None:
    """Programs find the receipt's members under the names that the contract fixes."""
    envelope = msgspec.json.decode(msgspec.json.encode(receipt_json(signed_receipt(tmp_path / "keys"))))
    path = "/v1/declarations/019aa000-0000-7000-8000-000000000000"
    links = {"self": path, "response": f"{path}/response", "events": f"{path}/events"}
    expected = ("R+D/1", "accepted", "2026-11-21T08:00:00.123456Z", "sha256:" + "a" * 64, links)
    names = ("reference", "status", "received_at", "digest", "links")
    assert expected == tuple(envelope[name] for name in names)
    assert "<Signature" in envelope["signature"]


@pytest.mark.parametrize("member", ["id", "reference", "declarant", "received_at", "digest"])
def test_a_change_of_any_member_breaks_the_signature(member: str, tmp_path: Path) -> None:
    """Whoever alters a receipt in JSON has a receipt that no longer verifies."""
    envelope = msgspec.json.decode(msgspec.json.encode(receipt_json(signed_receipt(tmp_path / "keys"))))
    value = envelope[member]
    envelope[member] = value.replace("0", "1", 1) if "0" in value else value[:-1] + "2"
    envelope["links"] = msgspec.to_builtins(links(envelope["id"]))
    changed = receipt_xml(msgspec.json.encode(envelope))
    with pytest.raises(Rejected) as rejected:
        verify(changed, load_trust(tmp_path / "keys" / "authority.crt.pem"), NOW)
    assert ["signature-digest"] == [finding.code for finding in rejected.value.findings]


@pytest.mark.parametrize(
    ("given", "put"),
    [
        (b"/response", b"/elsewhere"),
        (b'{"id"', b'{"paid":true,"id"'),
        (b'{"self"', b'{"pay":"here","self"'),
        (b'"status":"accepted"', b'"status":"accepted","status":"accepted"'),
        (b'"status":"accepted"', b'"status":"refused"'),
    ],
)
def test_nothing_beside_what_was_signed(given: bytes, put: bytes, tmp_path: Path) -> None:
    """An envelope with other links, another member, or one member twice is not the receipt that was signed."""
    envelope = msgspec.json.encode(receipt_json(signed_receipt(tmp_path / "keys")))
    assert 1 == envelope.count(given)
    with pytest.raises((ValueError, Rejected), match=r"cover|links|more than once|refused"):
        receipt_xml(envelope.replace(given, put))


def test_an_envelope_nested_beyond_reading(tmp_path: Path) -> None:
    """What is nested too deeply to be read is no envelope, and no fault of the reader."""
    envelope = msgspec.json.encode(receipt_json(signed_receipt(tmp_path / "keys")))
    deep = b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"," + envelope[1:]
    with pytest.raises(Rejected, match="levels of nesting"):
        receipt_xml(deep)
