"""Signing: what is written, that tools of others accept it, and what is left as it was."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from onewindow.codecs import keys, signature
from onewindow.codecs.binding import table_of
from onewindow.codecs.certificates import Trust
from onewindow.codecs.digest import digest
from onewindow.codecs.encoder import encoder
from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import KeyFiles, Signer
from onewindow.codecs.messages import response
from onewindow.codecs.messages.codes import (
    BillLineStatus,
    CaseOutcome,
    CurrencyCode,
    DeclarationType,
    DutyTaxFeeType,
    LanguageCode,
)
from onewindow.codecs.messages.common import Amount, Text
from onewindow.codecs.signature import sign, sign_encoded
from onewindow.codecs.verification import verify

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Response xmlns="urn:onewindow:response:1" xmlns:unused="urn:example:unused">
  <ID>case-1</ID>
  <Name languageID="zh" b='1' a="&lt;&#9;&quot;">放行 &amp; 其他 &gt;</Name>
  <Empty/><Open></Open><p:Other xmlns:p="urn:example:other" p:x="1"><![CDATA[<raw><!-- text -->]]></p:Other>
  <TotalAmount currencyID="CNY">10.00</TotalAmount>
</Response>
""".encode()

xmlsec1 = pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="the program xmlsec1 is not installed")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    return keys.init(tmp_path_factory.mktemp("keys") / "set", NOW)


@pytest.fixture(scope="module")
def gateway(files: KeyFiles) -> Signer:
    return keys.load_signer(files.gateway_certificate, files.gateway_key)


@pytest.fixture(scope="module")
def trust(files: KeyFiles) -> Trust:
    return keys.load_trust(files.authority_certificate)


def lifted(document: bytes) -> bytes:
    """The signature's text in a signed document, from its start tag to its end tag."""
    return document[document.index(b"<Signature ") : document.index(b"</Signature>") + len(b"</Signature>")]


def test_only_the_signature_is_added(gateway: Signer) -> None:
    """A signed document is the document, byte for byte, with the signature before its root's end tag."""
    signed = sign(DOCUMENT, gateway)
    assert DOCUMENT == signed.replace(lifted(signed), b"")
    assert b"</Signature></Response>\n" == signed[signed.index(b"</Signature>") :]


def test_what_was_signed_stands_in_the_document(gateway: Signer) -> None:
    """The bytes that the key signed are the canonical form of SignedInfo as it stands in the document."""
    root = etree.fromstring(sign(DOCUMENT, gateway))
    information = root.find(f"{{{signature.NAMESPACE}}}Signature/{{{signature.NAMESPACE}}}SignedInfo")
    assert information is not None
    digest = information.findtext(f".//{{{signature.NAMESPACE}}}DigestValue", "")
    assert signature.signed_information(digest.encode()) == signature.canonical(information)


def test_a_signature_is_deterministic(gateway: Signer) -> None:
    """The same document signed twice with the same key gives the same bytes; another document another signature."""
    assert sign(DOCUMENT, gateway) == sign(DOCUMENT, gateway)
    assert lifted(sign(DOCUMENT, gateway)) != lifted(sign(DOCUMENT.replace(b"10.00", b"10.01"), gateway))


def test_a_signature_can_be_lifted_out_and_put_back(gateway: Signer, trust: Trust) -> None:
    """The signature's element in canonical form is the very text in the document, and verifies where it is put back."""
    signed = sign(DOCUMENT.replace(b' xmlns:unused="urn:example:unused"', b""), gateway)
    root = etree.fromstring(signed)
    text = signature.canonical(root[-1])
    assert lifted(signed) == text
    root.remove(root[-1])
    again = etree.tostring(root).replace(b"</Response>", text + b"</Response>")
    assert verify(signed, trust, NOW).signed == verify(again, trust, NOW).signed


@pytest.mark.parametrize(
    "document",
    [
        b"<a/>",
        b"<a><!-- remark --></a>",
        b"<!-- remark --><a></a>",
        b"<a></a><!-- </a> -->",
        b"<a><?do it?></a>",
        b"<a></a><?do </a> ?>",
        b'<a><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></a>',
        b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><b/></Signature>',
    ],
)
def test_what_cannot_be_signed_is_refused(document: bytes, gateway: Signer) -> None:
    """An empty root, a comment or processing instruction anywhere, or a signature that is there already: refused."""
    with pytest.raises(Rejected) as refused:
        sign(document, gateway)
    assert ("signature", "signature-unsignable") == (refused.value.problem, refused.value.findings[0].code)


def test_a_signed_document_is_not_signed_again(gateway: Signer) -> None:
    """Signing what sign returned is refused."""
    with pytest.raises(Rejected):
        sign(sign(DOCUMENT, gateway), gateway)


NAMES = st.sampled_from(["a", "b", "p:a", "q:b", "长"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\t\n\r"), max_size=20)
TEXTS = TEXTS.filter(lambda text: "\ufffe" not in text and "\uffff" not in text)
CHARACTERS = TEXTS.map(lambda text: escape(text, {"\r": "&#13;"})) | TEXTS.map(
    lambda text: f"<![CDATA[{text.replace(']]>', '').replace(chr(13), '')}]]>"
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["x", "y", "p:x", "q:x", "xml:lang"]), TEXTS.map(quoteattr), max_size=3
).map(lambda found: "".join(f" {name}={value}" for name, value in found.items()))


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    name = draw(NAMES)
    declared = draw(st.sampled_from(["", ' xmlns="urn:one"', ' xmlns:p="urn:one"', ' xmlns:q="urn:two" xmlns=""']))
    content = draw(st.lists(CHARACTERS if depth == 0 else CHARACTERS | elements(depth - 1), max_size=3))
    return f"<{name}{declared}{draw(ATTRIBUTES)}>{''.join(content)}</{name}>"


@given(content=elements())
def test_every_document_verifies(content: str, gateway: Signer, trust: Trust) -> None:
    """Whatever a document's text, attributes, prefixes and white space: signed, it verifies as its canonical form."""
    document = f'<root xmlns:p="urn:p" xmlns:q="urn:q">{content}</root>'.encode()
    assume_well_formed(document)
    expected = etree.tostring(etree.fromstring(document), method="c14n", exclusive=True)
    assert expected == verify(sign(document, gateway), trust, NOW).signed


def assume_well_formed(document: bytes) -> None:
    """Two prefixes for one namespace may make one attribute twice; such documents are left out."""
    try:
        etree.fromstring(document)
    except etree.XMLSyntaxError:
        assume(False)


RESPONSE = encoder(table_of(response.Response, response.NAMESPACE), "Response", response.NAMESPACE)


def encoded(text: str) -> bytes:
    """A response with a part of each kind, as the codec writes it."""
    words = (Text(value=text, language_id=LanguageCode.EN), Text(value="无", language_id=LanguageCode.ZH))
    amount = Amount(value=Decimal("1000.10"), currency_id=CurrencyCode.CNY)
    line = response.BillLine(
        agency_code="customs",
        type_code=DutyTaxFeeType.CUD,
        tax_base_amount=amount,
        tax_rate_numeric=Decimal("1E-5"),
        payment_amount=amount,
        status_code=BillLineStatus.FINAL,
    )
    return RESPONSE(
        response.Response(
            id="case-1",
            functional_reference_id=text,
            declarant_id="GB123456789000",
            type_code=DeclarationType.IM,
            revision_numeric=1,
            acceptance_date_time=NOW,
            issue_date_time=NOW,
            outcome_code=CaseOutcome.CLEARED,
            release_indicator=True,
            declaration_digest=digest(b""),
            agency_decision=(response.AgencyDecision(agency_code="customs", name=words, absence_reason=words),),
            finding=(response.Finding(agency_code="tax", code="vat", pointer="/Declaration/ID", text=words),),
            bill=response.Bill(bill_line=(line,), total_amount=(amount,)),
        )
    )


@given(text=TEXTS)
def test_the_short_way_gives_the_same_signature(text: str, gateway: Signer) -> None:
    """What the codec wrote is signed to the same bytes without being parsed, whatever characters are in its texts."""
    document = encoded(text)
    assert sign(document, gateway) == sign_encoded(document, gateway)


def test_the_short_way_refuses_the_same(gateway: Signer) -> None:
    """What sign refuses sign_encoded refuses, and what the codec did not begin it signs alike."""
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    assert sign(DOCUMENT, gateway) == sign_encoded(DOCUMENT, gateway)
    for document in (
        sign(encoded("text"), gateway),
        head + b"<a><!-- c --></a>",
        head + b"<a><?x?></a>",
    ):
        with pytest.raises(Rejected):
            sign_encoded(document, gateway)


PROFILE = SignatureConfiguration(
    location="./",
    signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
    verification_time=NOW,
)


def test_signxml_verifies_what_we_sign(files: KeyFiles, gateway: Signer) -> None:
    """The library signxml accepts a signed document under our authority, and refuses it with one digit changed."""
    signed = sign(DOCUMENT, gateway)
    authority = str(files.authority_certificate)
    result = XMLVerifier().verify(signed, ca_pem_file=authority, expect_config=PROFILE)
    assert isinstance(result, VerifyResult)
    assert signature.canonical(etree.fromstring(DOCUMENT)) == result.signed_data
    with pytest.raises(InvalidDigest):
        XMLVerifier().verify(signed.replace(b"10.00", b"10.01"), ca_pem_file=authority, expect_config=PROFILE)


@xmlsec1
def test_xmlsec1_verifies_what_we_sign(files: KeyFiles, gateway: Signer, tmp_path: Path) -> None:
    """The program xmlsec1 accepts a signed document under our authority, and refuses it with one digit changed."""
    signed = sign(DOCUMENT, gateway)
    document = tmp_path / "document.xml"
    command = ["xmlsec1", "--verify", "--trusted-pem", str(files.authority_certificate)]
    command += ["--enabled-key-data", "x509", "--verification-time", f"{NOW:%Y-%m-%d %H:%M:%S}", str(document)]
    statuses = []
    for content in (signed, signed.replace(b"10.00", b"10.01")):
        document.write_bytes(content)
        done = subprocess.run(command, capture_output=True, env=os.environ | {"TZ": "UTC"}, check=False)
        statuses.append(done.returncode)
    assert [0, 1] == statuses
