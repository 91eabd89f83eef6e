"""Signature wrapping: signed content kept aside in a document whose visible content nobody signed.

One file for each shape in assets/attacks, filled in with the parts of a freshly signed document.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import pytest

from onewindow.codecs import keys
from onewindow.codecs.certificates import Trust
from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import KeyFiles
from onewindow.codecs.signature import sign
from onewindow.codecs.verification import verify

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ATTACKS = Path(__file__).parents[1] / "assets" / "attacks"

DOCUMENT = b"""<Response xmlns="urn:onewindow:response:1">
  <ID Id="here">case-1</ID>
  <OutcomeCode>refused</OutcomeCode>
</Response>"""

WRAPPED = {
    "under-new-root": "signature-misplaced",
    "under-new-root-signature-kept-at-end": "signature-digest",
    "sibling-after": "signature-misplaced",
    "sibling-before-signature-kept-at-end": "signature-digest",
    "content-in-object": "signature-malformed",
    "document-in-object": "signature-multiple",
    "content-in-signature": "signature-malformed",
    "content-in-key-info": "signature-key-info",
    "signature-in-signature": "signature-multiple",
    "document-is-signature": "signature-misplaced",
    "signature-below-extension": "signature-misplaced",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    return keys.init(tmp_path_factory.mktemp("keys") / "set", NOW)


@pytest.fixture(scope="module")
def trust(files: KeyFiles) -> Trust:
    return keys.load_trust(files.authority_certificate)


@pytest.fixture(scope="module")
def signed(files: KeyFiles) -> bytes:
    return sign(DOCUMENT, keys.load_signer(files.gateway_certificate, files.gateway_key))


def part(signed: bytes, tag: str) -> bytes:
    (found,) = re.finditer(rb"<%b[ >].*</%b>" % (tag.encode(), tag.encode()), signed, re.DOTALL)
    return found[0]


def code_of(document: bytes, trust: Trust) -> str:
    with pytest.raises(Rejected) as refused:
        verify(document, trust, NOW)
    return refused.value.findings[0].code


def test_every_shape_is_tried() -> None:
    """Each file of an attack is one of the cases here, and each case has its file."""
    assert set(WRAPPED) == {file.stem for file in ATTACKS.glob("*.xml")}


@pytest.mark.parametrize(("name", "code"), WRAPPED.items(), ids=WRAPPED.keys())
def test_wrapped_content_is_refused(name: str, code: str, signed: bytes, trust: Trust) -> None:
    """Signed content beside or below content that nobody signed is refused; taken out again, it is accepted."""
    signature = part(signed, "Signature")
    attacked = (
        Template((ATTACKS / f"{name}.xml").read_text())
        .substitute(
            document=signed.decode(),
            content=DOCUMENT.decode(),
            signature=signature.decode(),
            signed_info=part(signed, "SignedInfo").decode(),
            signature_value=part(signed, "SignatureValue").decode(),
            key_info=part(signed, "KeyInfo").decode(),
            x509_data=part(signed, "X509Data").decode(),
        )
        .encode()
    )
    assert code == code_of(attacked, trust)
    (content,) = re.findall(rb"<Response [^>]*>\s*<ID .*?</Response>", attacked, re.DOTALL)
    undone = content.replace(signature, b"").replace(b"</Response>", signature + b"</Response>")
    assert b"<OutcomeCode>refused</OutcomeCode>" in verify(undone, trust, NOW).signed


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (b'<Response xmlns="urn:onewindow:response:1">', "signature-misplaced"),
        (b"</ID>", "signature-misplaced"),
        (b"<OutcomeCode>", "signature-misplaced"),
    ],
    ids=["first", "in-the-middle", "deeper"],
)
def test_a_signature_moved_is_refused(place: bytes, code: str, signed: bytes, trust: Trust) -> None:
    """A signature anywhere but at the end of the root is refused, though the content is the same; moved back, taken."""
    signature = part(signed, "Signature")
    attacked = signed.replace(signature, b"").replace(place, place + signature)
    assert code == code_of(attacked, trust)
    undone = attacked.replace(signature, b"").replace(b"</Response>", signature + b"</Response>")
    assert DOCUMENT == verify(undone, trust, NOW).signed


def test_two_signatures_are_refused(signed: bytes, trust: Trust) -> None:
    """A second signature is refused, be it good or not, the same or another's; with one taken away, accepted."""
    signature = part(signed, "Signature")
    empty = b'<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"/>'
    for place, added in ((signature, signature), (signature, empty), (b"<OutcomeCode>", empty)):
        attacked = signed.replace(place, place + added)
        assert "signature-multiple" == code_of(attacked, trust)
        assert DOCUMENT == verify(attacked.replace(place + added, place), trust, NOW).signed
