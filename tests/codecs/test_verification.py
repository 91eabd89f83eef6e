"""Verifying: what is outside the profile, changed, wrapped or signed by the wrong key is refused, each by its code."""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import SignatureReference, XMLSigner

from onewindow.codecs import certificates, keys, verification
from onewindow.codecs.certificates import Trust
from onewindow.codecs.finding import Finding, Rejected
from onewindow.codecs.keys import KeyFiles, Signer
from onewindow.codecs.signature import sign
from onewindow.codecs.verification import verify

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DS = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"

DOCUMENT = """<Response xmlns="urn:onewindow:response:1">
  <ID Id="here">case-1</ID>
  <OutcomeCode>refused</OutcomeCode>
  <Text languageID="zh">不予放行 &amp; 退运</Text>
  <TotalAmount currencyID="CNY">1000.00</TotalAmount>
</Response>""".encode()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    return keys.init(tmp_path_factory.mktemp("keys") / "set", NOW, "GB123456789000")


@pytest.fixture(scope="module")
def trader(files: KeyFiles) -> Signer:
    return keys.load_signer(files.trader_certificate, files.trader_key)


@pytest.fixture(scope="module")
def trust(files: KeyFiles) -> Trust:
    return keys.load_trust(files.authority_certificate)


@pytest.fixture(scope="module")
def signed(trader: Signer) -> bytes:
    return sign(DOCUMENT, trader)


def finding_of(document: bytes, trust: Trust, at: datetime = NOW) -> Finding:
    with pytest.raises(Rejected) as refused:
        verify(document, trust, at)
    assert "signature" == refused.value.problem
    (finding,) = refused.value.findings
    return finding


def code_of(document: bytes, trust: Trust, at: datetime = NOW) -> str:
    return finding_of(document, trust, at).code


def canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True)


TRANSFORMS = f'<Transform Algorithm="{DS}enveloped-signature"/><Transform Algorithm="{C14N}"/>'
REFERENCE = (
    '<Reference URI=""><Transforms>{transforms}</Transforms>'
    '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>{digest}</DigestValue></Reference>'
)


def forge(
    signer: Signer,
    *,
    document: bytes = DOCUMENT,
    method: str = f"{MORE}ecdsa-sha256",
    canonicalization: str = f'<CanonicalizationMethod Algorithm="{C14N}"/>',
    reference: str = REFERENCE,
    transforms: str = TRANSFORMS,
    digest: Callable[[bytes], Any] = sha256,
    value: Callable[[bytes, Signer], bytes] | None = None,
    key_info: str = "<X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>",
    more: str = "",
    layout: str = "{information}{value}{key_info}{more}",
    start: str = f'<Signature xmlns="{DS}">',
) -> bytes:
    """`document` with a signature that is right in itself; unless something is told otherwise, it is the profile's."""
    found = b64encode(digest(canonical(etree.fromstring(document))).digest()).decode()
    filled = reference.format(transforms=transforms, digest=found)
    content = f'{canonicalization}<SignatureMethod Algorithm="{method}"/>{filled}'
    information = canonical(etree.fromstring(f'<SignedInfo xmlns="{DS}">{content}</SignedInfo>'))
    raw = (value or ecdsa)(information, signer)
    signature = layout.format(
        information=f"<SignedInfo>{content}</SignedInfo>",
        value=f"<SignatureValue>{b64encode(raw).decode()}</SignatureValue>",
        key_info=f"<KeyInfo>{key_info.format(certificate=signer.certificate_base64.decode())}</KeyInfo>",
        more=more,
    )
    return document.replace(b"</Response>", f"{start}{signature}</Signature></Response>".encode())


def ecdsa(information: bytes, signer: Signer, algorithm: hashes.HashAlgorithm | None = None) -> bytes:
    r, s = decode_dss_signature(signer.private_key.sign(information, ec.ECDSA(algorithm or hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def der(information: bytes, signer: Signer) -> bytes:
    return signer.private_key.sign(information, ec.ECDSA(hashes.SHA256()))


def long(information: bytes, signer: Signer) -> bytes:
    raw = ecdsa(information, signer)
    return b"\0" + raw[:32] + b"\0" + raw[32:]


def padded(information: bytes, signer: Signer) -> bytes:
    """R as it should be and s with a zero byte before it, which makes the same number."""
    raw = ecdsa(information, signer)
    return raw[:32] + b"\0" + raw[32:]


def short(information: bytes, signer: Signer) -> bytes:
    """R and s without their leading zero byte, made with signatures until both have one."""
    while True:
        raw = ecdsa(information, signer)
        if raw[0] == 0:
            return raw[1:]


def test_a_good_signature_gives_what_was_signed_and_by_whom(signed: bytes, trader: Signer, trust: Trust) -> None:
    """A good signature yields the canonical document without the signature, and the certificate's holder."""
    found = verify(signed, trust, NOW)
    assert canonical(etree.fromstring(DOCUMENT)) == found.signed
    assert "GB123456789000" == found.party
    assert trader.certificate.subject.rfc4514_string() == found.subject
    assert (trader.certificate.serial_number, trader.certificate) == (found.serial, found.certificate)


def test_text_behind_the_signature_is_signed_too(trader: Signer, trust: Trust) -> None:
    """Text between the signature and the root's end tag is the document's: kept it verifies, changed it doesn't."""
    spaced = DOCUMENT.replace(b"</Response>", b"  \n</Response>")
    moved = (
        forge(trader, document=spaced)
        .replace(b"  \n<Signature", b"<Signature")
        .replace(b"</Signature>", b"</Signature>  \n")
    )
    assert canonical(etree.fromstring(spaced)) == verify(moved, trust, NOW).signed
    assert "signature-digest" == code_of(moved.replace(b"</Signature> ", b"</Signature>"), trust)


def test_text_around_an_only_child_is_signed_too(trader: Signer, trust: Trust) -> None:
    """A root with nothing but text and a signature is verified with the text on both sides of it."""
    signed = sign(b"<Response>before after</Response>", trader)
    signature = signed[signed.index(b"<Signature") : signed.index(b"</Response>")]
    moved = b"<Response>before" + signature + b" after</Response>"
    assert b"<Response>before after</Response>" == verify(moved, trust, NOW).signed
    assert "signature-digest" == code_of(moved.replace(b" after", b""), trust)


def test_a_signature_with_a_prefix_and_line_breaks_is_accepted(trader: Signer, trust: Trust) -> None:
    """The profile leaves the prefix open, and white space between elements and in base64."""
    signed = forge(trader, layout="\n {information}\n {value}\n {key_info}\n ", start=f'<Signature xmlns="{DS}">')
    certificate = trader.certificate_base64
    broken = signed.replace(certificate, b"\n".join([certificate[:64], certificate[64:], b""]))
    assert verify(signed, trust, NOW) == verify(broken, trust, NOW)


def signed_by_signxml(signer: Signer, **changed: Any) -> bytes:
    made = XMLSigner(
        signature_algorithm="ecdsa-sha256",
        c14n_algorithm=changed.pop("c14n", CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0),
    )
    root = made.sign(etree.fromstring(DOCUMENT), key=signer.private_key, cert=[signer.certificate], **changed)
    return etree.tostring(root)


def test_what_signxml_signs_in_the_profile_is_accepted(trader: Signer, trust: Trust) -> None:
    """A document signed by signxml is accepted where its settings are the profile's, else refused by what differs."""
    assert canonical(etree.fromstring(DOCUMENT)) == verify(signed_by_signxml(trader), trust, NOW).signed
    inclusive = signed_by_signxml(trader, c14n=CanonicalizationMethod.CANONICAL_XML_1_1)
    assert "signature-algorithm" == code_of(inclusive, trust)
    with_key = signed_by_signxml(trader, always_add_key_value=True)
    assert "signature-key-info" == code_of(with_key, trust)
    by_id = signed_by_signxml(trader, reference_uri=[SignatureReference(URI="#here")])
    assert "signature-reference" == code_of(by_id, trust)


XSLT = (
    '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><x:stylesheet version="1.0" '
    'xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:template match="/"><x:copy-of select="."/></x:template>'
    "</x:stylesheet></Transform>"
)
XPATH = '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>true()</XPath></Transform>'
INCLUSIVE = f'<e:InclusiveNamespaces xmlns:e="{C14N}" PrefixList="x"/>'
OUTSIDE_THE_PROFILE: dict[str, tuple[dict[str, Any], str]] = {
    "ecdsa-sha1": (
        {"method": f"{MORE}ecdsa-sha1", "value": lambda i, s: ecdsa(i, s, hashes.SHA1())},  # noqa: S303
        "signature-algorithm",
    ),
    "ecdsa-sha512": (
        {"method": f"{MORE}ecdsa-sha512", "value": lambda i, s: ecdsa(i, s, hashes.SHA512())},
        "signature-algorithm",
    ),
    "rsa-sha1": ({"method": f"{DS}rsa-sha1", "value": lambda i, s: rsa_value(i, hashes.SHA1())}, "signature-algorithm"),  # noqa: S303
    "rsa-sha256": (
        {"method": f"{MORE}rsa-sha256", "value": lambda i, s: rsa_value(i, hashes.SHA256())},
        "signature-algorithm",
    ),
    "hmac-by-certificate": (
        {
            "method": f"{MORE}hmac-sha256",
            "value": lambda i, s: hmac.digest(b64decode(s.certificate_base64), i, "sha256"),
        },
        "signature-algorithm",
    ),
    "no-algorithm": ({"method": ""}, "signature-algorithm"),
    "digest-sha1": (
        {
            "digest": sha1,
            "reference": REFERENCE.replace("http://www.w3.org/2001/04/xmlenc#sha256", f"{DS}sha1"),
        },
        "signature-algorithm",
    ),
    "inclusive-c14n": (
        {"canonicalization": '<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'},
        "signature-algorithm",
    ),
    "c14n-with-comments": (
        {"canonicalization": f'<CanonicalizationMethod Algorithm="{C14N}WithComments"/>'},
        "signature-algorithm",
    ),
    "c14n-with-prefixes": (
        {"canonicalization": f'<CanonicalizationMethod Algorithm="{C14N}">{INCLUSIVE}</CanonicalizationMethod>'},
        "signature-algorithm",
    ),
    "transform-xslt": ({"transforms": TRANSFORMS + XSLT}, "signature-transform"),
    "transform-xslt-instead": ({"transforms": TRANSFORMS.split("/>")[0] + "/>" + XSLT}, "signature-transform"),
    "transform-xpath": ({"transforms": XPATH + TRANSFORMS}, "signature-transform"),
    "transform-missing": ({"transforms": TRANSFORMS.split("/>")[0] + "/>"}, "signature-transform"),
    "transforms-swapped": (
        {"transforms": f'<Transform Algorithm="{C14N}"/><Transform Algorithm="{DS}enveloped-signature"/>'},
        "signature-transform",
    ),
    "transform-with-comments": ({"transforms": TRANSFORMS.replace(C14N, C14N + "WithComments")}, "signature-transform"),
    "transform-with-prefixes": (
        {"transforms": TRANSFORMS.removesuffix("/>") + f">{INCLUSIVE}</Transform>"},
        "signature-transform",
    ),
    "reference-by-id": ({"reference": REFERENCE.replace('URI=""', 'URI="#here"')}, "signature-reference"),
    "reference-by-xpointer": ({"reference": REFERENCE.replace('URI=""', 'URI="#xpointer(/)"')}, "signature-reference"),
    "reference-outside": (
        {"reference": REFERENCE.replace('URI=""', 'URI="http://example.com/good.xml"')},
        "signature-reference",
    ),
    "reference-to-nothing": ({"reference": REFERENCE.replace(' URI=""', "")}, "signature-reference"),
    "reference-with-id": ({"reference": REFERENCE.replace("URI", 'Id="r" URI')}, "signature-reference"),
    "reference-to-manifest": (
        {"reference": REFERENCE.replace("URI", f'Type="{DS}Manifest" URI')},
        "signature-reference",
    ),
    "two-references": ({"reference": REFERENCE + REFERENCE}, "signature-reference"),
    "no-reference": ({"reference": ""}, "signature-reference"),
    "object": ({"more": "<Object>free text</Object>"}, "signature-malformed"),
    "manifest": ({"more": "<Object><Manifest>" + REFERENCE + "</Manifest></Object>"}, "signature-malformed"),
    "text-in-signature": ({"more": "free text"}, "signature-malformed"),
    "text-first-in-signature": ({"layout": "free text{information}{value}{key_info}"}, "signature-malformed"),
    "no-key-info": ({"layout": "{information}{value}"}, "signature-malformed"),
    "parts-swapped": ({"layout": "{value}{information}{key_info}"}, "signature-malformed"),
    "signature-with-id": ({"start": f'<Signature xmlns="{DS}" Id="s">'}, "signature-malformed"),
    "key-name": (
        {"key_info": "<KeyName>me</KeyName><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>"},
        "signature-key-info",
    ),
    "two-certificates": (
        {"key_info": "<X509Data>" + "<X509Certificate>{certificate}</X509Certificate>" * 2 + "</X509Data>"},
        "signature-key-info",
    ),
    "retrieval": ({"key_info": '<RetrievalMethod URI="http://example.com/key"/>'}, "signature-key-info"),
    "no-certificate": ({"key_info": "<X509Data/>"}, "signature-key-info"),
    "empty-certificate": (
        {"key_info": "<X509Data><X509Certificate/></X509Data>"},
        "signature-malformed",
    ),
    "value-der": ({"value": der}, "signature-value"),
    "value-long": ({"value": long}, "signature-value"),
    "value-padded": ({"value": padded}, "signature-value"),
    "value-short": ({"value": short}, "signature-value"),
    "value-zero": ({"value": lambda i, s: bytes(64)}, "signature-value"),
    "value-empty": ({"value": lambda i, s: b""}, "signature-malformed"),
}


def rsa_value(information: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    return rsa.generate_private_key(65537, 2048).sign(information, padding.PKCS1v15(), algorithm)


@pytest.mark.parametrize(("changed", "code"), OUTSIDE_THE_PROFILE.values(), ids=OUTSIDE_THE_PROFILE.keys())
def test_outside_the_profile(changed: dict[str, Any], code: str, trader: Signer, trust: Trust) -> None:
    """A signature right in itself, by a trusted key, is refused for what the profile doesn't have, else taken."""
    assert code == code_of(forge(trader, **changed), trust)
    verify(forge(trader), trust, NOW)


CHANGES = {
    "text": (b">1000.00<", b">0000.00<", "signature-digest"),
    "attribute": (b'"CNY"', b'"USD"', "signature-digest"),
    "element-name": (b"Text", b"Test", "signature-digest"),
    "namespace": (b"urn:onewindow:response:1", b"urn:onewindow:response:2", "signature-digest"),
    "white-space": (b"\n  <OutcomeCode>", b"<OutcomeCode>", "signature-digest"),
    "white-space-in-text": (b">refused<", b"> refused<", "signature-digest"),
    "element-added": (b"<OutcomeCode>", b"<Extra></Extra><OutcomeCode>", "signature-digest"),
    "text-after-signature": (b"</Signature>", b"</Signature>more", "signature-digest"),
    "comment-in-text": (b">1000.00<", b">1<!-- 000.00 -->000.00<", "signature-unsigned-nodes"),
    "comment-outside": (b"<Response ", b"<!-- c --><Response ", "signature-unsigned-nodes"),
    "instruction-in-text": (b">1000.00<", b">1<?x?>000.00<", "signature-unsigned-nodes"),
    "instruction-outside": (b"<Response ", b"<?x y?><Response ", "signature-unsigned-nodes"),
    "comment-in-signature": (b"<SignedInfo>", b"<!-- c --><SignedInfo>", "signature-unsigned-nodes"),
    "signature-renamed": (DS.encode() + b'"><S', DS.encode() + b'x"><S', "signature-missing"),
    "base64-padding": (b"=</DigestValue>", b"</DigestValue>", "signature-malformed"),
    "base64-alphabet": (b"<DigestValue>", b"<DigestValue>-", "signature-malformed"),
    "base64-space": (b"<DigestValue>", b"<DigestValue>\xc2\xa0", "signature-malformed"),
    "transform-renamed": (b"enveloped-signature", b"enveloped-signaturE", "signature-transform"),
}


@pytest.mark.parametrize(("old", "new", "code"), CHANGES.values(), ids=CHANGES.keys())
def test_changed_after_signing(old: bytes, new: bytes, code: str, signed: bytes, trust: Trust) -> None:
    """A document changed after it was signed is refused, and accepted again when the change is undone."""
    attacked = signed.replace(old, new)
    assert code == code_of(attacked, trust)
    undone = attacked.replace(new, old)
    assert canonical(etree.fromstring(DOCUMENT)) == verify(undone, trust, NOW).signed


def test_doubled_identifiers(trader: Signer, trust: Trust) -> None:
    """Two elements of one Id, and a reference to it, are refused; one Id, and a reference to the whole, is accepted."""
    doubled = DOCUMENT.replace(b"<OutcomeCode>", b'<OutcomeCode Id="here">')
    by_id = REFERENCE.replace('URI=""', 'URI="#here"')
    assert "signature-reference" == code_of(forge(trader, document=doubled, reference=by_id), trust)
    verify(forge(trader, document=doubled), trust, NOW)


def custom_signer(files: KeyFiles, usage: str, private_key: ec.EllipticCurvePrivateKey | None = None) -> Signer:
    """A signer whose certificate the trusted authority issued, for `usage` alone."""
    authority = keys.load_signer(files.authority_certificate, files.authority_key)
    key = private_key or ec.generate_private_key(ec.SECP256R1())
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    more = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    builder = (
        x509.CertificateBuilder(authority.certificate.subject, certificates.subject("a trader"), key.public_key(), 3)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.KeyUsage(**{name: name == usage for name in names + more}), critical=True)
    )
    certificate = builder.sign(authority.private_key, hashes.SHA256())
    return Signer(key, certificate, b64encode(certificate.public_bytes(serialization.Encoding.DER)))


def test_a_key_for_something_else(files: KeyFiles, trust: Trust) -> None:
    """A trusted certificate for enciphering, or an authority's own, signs no document; one for signing does."""
    assert "signature-key-use" == code_of(forge(custom_signer(files, "key_encipherment")), trust)
    authority = keys.load_signer(files.authority_certificate, files.authority_key)
    assert "signature-key-use" == code_of(sign(DOCUMENT, authority), trust)
    verify(forge(custom_signer(files, "digital_signature")), trust, NOW)


def test_a_key_on_another_curve(files: KeyFiles, trust: Trust) -> None:
    """A trusted certificate for a key on P-384 is refused, whatever length the value has."""
    signer = custom_signer(files, "digital_signature", ec.generate_private_key(ec.SECP384R1()))
    assert "signature-key-use" == code_of(forge(signer, value=lambda i, s: bytes(96)), trust)
    verify(forge(custom_signer(files, "digital_signature")), trust, NOW)


def test_key_substitution(files: KeyFiles, trader: Signer, trust: Trust, tmp_path: Path) -> None:
    """A certificate of the same names from the attacker's own authority is refused, until that authority is trusted."""
    attacker = keys.init(tmp_path / "attacker", NOW, "GB123456789000")
    theirs = keys.load_signer(attacker.trader_certificate, attacker.trader_key)
    assert theirs.certificate.subject == trader.certificate.subject
    assert theirs.certificate.issuer == trader.certificate.issuer
    attacked = sign(DOCUMENT, theirs)
    assert "signature-key-untrusted" == code_of(attacked, trust)
    both = Trust(trust.authorities + keys.load_trust(attacker.authority_certificate).authorities)
    verify(attacked, both, NOW)


def test_a_self_signed_certificate(trader: Signer, trust: Trust) -> None:
    """A self-signed certificate with the trader's names is refused; the trader's own is accepted in its place."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = trader.certificate.subject
    issuer = certificates.issue_signing(name, key.public_key(), trader.certificate, key, 3, NOW)
    attacker = Signer(key, issuer, b64encode(issuer.public_bytes(serialization.Encoding.DER)))
    assert issuer.issuer == issuer.subject == name
    assert "signature-key-untrusted" == code_of(sign(DOCUMENT, attacker), trust)
    verify(sign(DOCUMENT, trader), trust, NOW)


def test_a_certificate_of_somebody_else(files: KeyFiles, trader: Signer, trust: Trust, signed: bytes) -> None:
    """A trusted certificate beside a signature by another key is refused; with the certificate put back, accepted."""
    gateway = keys.load_signer(files.gateway_certificate, files.gateway_key)
    attacked = signed.replace(trader.certificate_base64, gateway.certificate_base64)
    assert "signature-value" == code_of(attacked, trust)
    verify(attacked.replace(gateway.certificate_base64, trader.certificate_base64), trust, NOW)


def test_out_of_its_time(signed: bytes, trader: Signer, trust: Trust) -> None:
    """A signature is refused before its certificate is valid and after, and accepted in between."""
    end = trader.certificate.not_valid_after_utc
    assert "signature-key-not-yet-valid" == code_of(signed, trust, NOW - timedelta(seconds=1))
    assert "signature-key-expired" == code_of(signed, trust, end + timedelta(seconds=1))
    assert verify(signed, trust, NOW) == verify(signed, trust, end)


def test_withdrawn(files: KeyFiles, trader: Signer, signed: bytes, trust: Trust) -> None:
    """A signature is refused once its certificate was withdrawn, and accepted as of the time before."""
    authority = keys.load_signer(files.authority_certificate, files.authority_key)
    entry = x509.RevokedCertificateBuilder().serial_number(trader.certificate.serial_number).revocation_date(NOW)
    listing = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(NOW)
        .next_update(NOW + timedelta(days=1))
        .add_revoked_certificate(entry.build())
        .sign(authority.private_key, hashes.SHA256())
    )
    later = NOW + timedelta(hours=1)
    assert "signature-key-revoked" == code_of(signed, Trust(trust.authorities, (listing,)), later)
    verify(signed, trust, later)


@pytest.mark.parametrize("bytes_left", [0, 1, 3, 300, -3, -1])
def test_a_certificate_cut_off(bytes_left: int, signed: bytes, trader: Signer, trust: Trust) -> None:
    """A certificate that is a part of one is refused as malformed, and the whole one accepted."""
    part = b64encode(b64decode(trader.certificate_base64)[:bytes_left])
    attacked = signed.replace(trader.certificate_base64, part)
    assert "signature-malformed" == code_of(attacked, trust)
    verify(signed, trust, NOW)


@given(place=st.integers(min_value=0, max_value=4095), bit=st.integers(min_value=0, max_value=7))
def test_one_bit_in_every_text(place: int, bit: int, signed: bytes, trust: Trust) -> None:
    """With a bit flipped in any text of the document or of the signature it is refused; flipped back, accepted."""
    for text in re.finditer(rb">([^<]+)<", signed):
        changed = bytearray(signed)
        at = text.start(1) + place % len(text[1])
        changed[at] ^= 1 << bit
        with pytest.raises(Rejected):
            verify(bytes(changed), trust, NOW)
        changed[at] ^= 1 << bit
    assert "case-1" == etree.fromstring(verify(bytes(changed), trust, NOW).signed).findtext("{*}ID")


def test_a_finding_says_where_and_what(signed: bytes, trust: Trust) -> None:
    """A refusal points at the element that is wrong, with its line, what was found and what would have been right."""
    found = finding_of(signed.replace(f"{MORE}ecdsa-sha256".encode(), f"{MORE}ecdsa-sha1".encode()), trust)
    assert "/Response/Signature/SignedInfo/SignatureMethod" == found.pointer
    assert (6, f"{MORE}ecdsa-sha1", f"{MORE}ecdsa-sha256") == (found.line, found.value, found.expected)
    assert verification.WORDS["signature-algorithm"] == found.message
    twice = signed.replace(b"</Response>", f'<Signature xmlns="{DS}"/></Response>'.encode())
    assert "/Response/Signature[2]" == finding_of(twice, trust).pointer


def test_a_second_spelling_in_base64(signed: bytes, trust: Trust) -> None:
    """Bits that base64 leaves unused are zero: the same digest spelled with others is refused."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    (last,) = re.findall(rb"(.)=</DigestValue>", signed)
    codes = set()
    for unused in (1, 2, 3):
        other = alphabet[alphabet.index(last.decode()) + unused].encode()
        codes.add(code_of(signed.replace(last + b"=</DigestValue>", other + b"=</DigestValue>"), trust))
    assert {"signature-malformed"} == codes


def test_a_document_without_a_signature(signed: bytes, trust: Trust) -> None:
    """A document without a signature is refused as such, and accepted with it."""
    assert "signature-missing" == code_of(DOCUMENT, trust)
    verify(signed, trust, NOW)


def test_what_is_no_document_has_the_parsers_verdict(trust: Trust) -> None:
    """What the hardened parser refuses is refused with the parser's own problem, before a signature is looked for."""
    problems = []
    for document in (b"", b"<a>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'):
        with pytest.raises(Rejected) as refused:
            verify(document, trust, NOW)
        problems.append(refused.value.problem)
    assert ["not-well-formed", "not-well-formed", "forbidden-construct"] == problems
