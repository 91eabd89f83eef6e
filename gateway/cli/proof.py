"""Verifying a response or a receipt offline: one check after the other, each with what it found."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from cryptography import x509
from cryptography.x509.oid import NameOID
from msgspec import Struct

from ...codecs import RECEIPT, RESPONSE
from ...codecs.certificates import Trust
from ...codecs.digest import digest
from ...codecs.finding import Finding, Rejected, Text
from ...codecs.json_twin import read
from ...codecs.limits import DEFAULT
from ...codecs.messages.receipt import Receipt
from ...codecs.messages.response import Response
from ...codecs.parser import parse
from ...codecs.verification import Verified, verify
from ..receipt import receipt_xml
from .document import JSON, Given

Kind = Literal["response", "receipt"]

KINDS: Final[dict[Kind, Text]] = {"response": Text("response", "统一出件"), "receipt": Text("receipt", "受理回执")}


class Check(Struct, frozen=True):
    """Something that was checked and is in order, and what was found."""

    what: Text
    found: str


class Proof(Struct, frozen=True):
    """A document whose signature is good.

    `value` is read from the bytes that were signed. `digest` is the SHA-256 of those bytes (exclusive canonical form
    without the signature). `at` is when it was issued, as the document says under the signature.
    """

    kind: Kind
    value: Response | Receipt
    signer: Verified
    digest: str
    at: datetime
    checks: tuple[Check, ...]


def prove(given: Given, trust: Trust, now: datetime, holder: x509.Name) -> Proof:
    """The proof that `given` is a response or receipt signed by the gateway of this name, at the time `now`.

    Raises Rejected: as the parser, `verify` and the schema do, and with `signature-not-gateway` where the certificate
    is a party's: an authority vouches for traders too, and no trader may sign a response.
    """
    kind, xml = as_xml(given)
    signer = verify(xml, trust, now, holder)
    if signer.party is not None:
        raise Rejected("signature", (_not_gateway(signer),))
    value = RESPONSE.decode_xml(signer.signed) if kind == "response" else RECEIPT.decode_xml(signer.signed)
    at = value.issue_date_time if isinstance(value, Response) else value.acceptance_date_time
    return Proof(kind, value, signer, digest(signer.signed), at, tuple(_checks(given, kind, signer)))


def _checks(given: Given, kind: Kind, signer: Verified) -> Iterator[Check]:
    """What `prove` has checked by the time it has a proof, in the order of `verify`."""
    certificate = signer.certificate
    form = "JSON → XML" if given.media_type == JSON else "XML"
    yield Check(Text("Well-formed, nothing hidden", "格式正确无夹带"), form)
    yield Check(Text("One signature, over it all", "单一全文签名"), 'enveloped, URI=""')
    yield Check(Text("Algorithms as agreed", "算法符合约定"), "ECDSA P-256, SHA-256, exc-c14n")
    yield Check(Text("A gateway's certificate", "单一窗口证书"), _name(certificate.subject))
    yield Check(Text("Issued by an authority", "可信机构签发"), _name(certificate.issuer))
    yield Check(
        Text("In force", "证书有效"),
        f"{certificate.not_valid_before_utc:%Y-%m-%d} - {certificate.not_valid_after_utc:%Y-%m-%d}",
    )
    yield Check(Text("Digest", "摘要值相符"), shortened(digest(signer.signed)))
    yield Check(Text("Signature value", "签名值相符"), "ECDSA P-256")
    yield Check(Text("Schema", "符合模式"), f"{kind}.xsd")


def shortened(value: str) -> str:
    """The beginning of a digest, for the eye."""
    return f"{value[:23]}..."


def _name(name: x509.Name) -> str:
    """A certificate holder's common name, or the whole name where it has none."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def as_xml(given: Given) -> tuple[Kind, bytes]:
    """Which document it is, and its XML form: a JSON form is written as XML again, the same bytes as were signed."""
    if given.media_type == JSON:
        members = _members(given.body)
        if "AgencyDecision" in members:
            return "response", RESPONSE.encode_xml(RESPONSE.decode_json(given.body))
        if "received_at" in members:
            return "receipt", _receipt(given.body)
        raise Rejected("invalid", (_neither("JSON"),))
    name = parse(given.body).tag.rpartition("}")[2]
    if name == "Response":
        return "response", given.body
    if name == "Receipt":
        return "receipt", given.body
    raise Rejected("invalid", (_neither(name),))


def _members(body: bytes) -> dict[str, Any]:
    members = read(body, DEFAULT)
    return members if isinstance(members, dict) else {}


def _receipt(body: bytes) -> bytes:
    try:
        return receipt_xml(body)
    except (msgspec.MsgspecError, ValueError) as error:
        finding = Finding("not-a-receipt", "/", Text(f"This is not a receipt: {error}", "不是受理回执，详见英文说明"))
        raise Rejected("invalid", (finding,)) from None


def answering(proof: Proof, promise: Proof) -> Proof:
    """The proof of a response, with the checks that it answers what a receipt promised.

    Raises Rejected (`receipt-mismatch`) with a finding for each difference, or (`wrong-document`) where the two are no
    response and receipt.
    """
    response, receipt = proof.value, promise.value
    if not isinstance(response, Response) or not isinstance(receipt, Receipt):
        raise Rejected("wrong-document", (_WRONG_DOCUMENT,))
    compared = (
        ("ID", Text("Case", "办件编号"), receipt.id, response.id),
        (
            "FunctionalReferenceID",
            Text("Reference", "业务编号"),
            receipt.functional_reference_id,
            response.functional_reference_id,
        ),
        ("DeclarantID", Text("Declarant", "申报人"), receipt.declarant_id, response.declarant_id),
        ("DeclarationDigest", Text("Declaration's digest", "申报单摘要"), receipt.digest, response.declaration_digest),
    )
    revised = response.revision_numeric > 1  # the receipt names the first revision, the response the one decided
    findings = tuple(
        Finding(
            "receipt-mismatch",
            f"/Response/{element}",
            Text(f"{what.en}: the response does not answer this receipt.", f"{what.zh}与受理回执不一致。"),
            value=answered,
            expected=promised,
        )
        for element, what, promised, answered in compared
        if promised != answered and not (revised and element == "DeclarationDigest")
    )
    if findings:
        raise Rejected("receipt-mismatch", findings)
    revision = response.revision_numeric
    words = (
        Text(f"Answers the receipt, as revision {revision}", f"与受理回执一致（第 {revision} 版）")
        if revised
        else Text("Answers the receipt", "与受理回执一致")
    )
    check = Check(words, shortened(response.declaration_digest))
    return msgspec.structs.replace(proof, checks=(*proof.checks, check))


def about(proof: Proof, declaration: bytes) -> Proof:
    """The proof with the check that it is about this declaration, byte for byte.

    Raises Rejected (`declaration-mismatch`).
    """
    named = proof.value.declaration_digest if isinstance(proof.value, Response) else proof.value.digest
    given = digest(declaration)
    if given != named:
        words = Text(
            f"The {KINDS[proof.kind].en} is about another declaration.", f"{KINDS[proof.kind].zh}所涉并非此申报单。"
        )
        raise Rejected(
            "declaration-mismatch", (Finding("declaration-mismatch", "/", words, value=given, expected=named),)
        )
    check = Check(Text("About this declaration", "即所交申报单"), shortened(given))
    return msgspec.structs.replace(proof, checks=(*proof.checks, check))


_WRONG_DOCUMENT: Final = Finding(
    "wrong-document",
    "/",
    Text(
        "A response is compared with a receipt, and these are not one and the other.", "须以统一出件与受理回执相核对。"
    ),
)


def _not_gateway(signer: Verified) -> Finding:
    return Finding(
        "signature-not-gateway",
        "/",
        Text(
            f"The signature is good, but it is that of {signer.party}, a party to the trade and not a gateway.",
            f"签名有效，但签名人{signer.party}为贸易当事人，并非单一窗口。",
        ),
        value=signer.subject,
    )


def _neither(found: str) -> Finding:
    words = Text("This is neither a response nor a receipt.", "既不是统一出件，也不是受理回执。")
    return Finding("not-signed-document", "/", words, value=found, expected="Response or Receipt")
