"""Verifying a document's signature: the one profile that `signature` writes, step by step, and nothing besides it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from typing import Final, NoReturn, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree
from msgspec import Struct

from . import certificates
from .certificates import SigningCertificate, Trust, Unfit
from .finding import Finding, Rejected, Text
from .limits import VALUE_CHARS_MAX
from .parser import parse
from .signature import (
    COORDINATE_BYTES,
    ECDSA_SHA256,
    ENVELOPED,
    EXCLUSIVE_C14N,
    NAMESPACE,
    SHA256,
    SIGNATURE,
    canonical,
    has_unsigned_nodes,
)


class Verified(Struct, frozen=True):
    """What a good signature vouches for, and whose it is.

    `signed` is exactly what was signed: the document in exclusive canonical form, without its signature. Whatever is
    done next is done with these bytes, not with the document they came in. `subject` is the certificate's in RFC 4514
    form, `party` the identifier by which messages name its holder. The trust says only that an authority vouches for
    the holder: whether this holder may sign this document (a response is the gateway's, a declaration its declarant's)
    is for the caller to compare.
    """

    signed: bytes
    subject: str
    party: str | None
    serial: int
    certificate: x509.Certificate


def verify(document: bytes, trust: Trust, at: datetime, holder: x509.Name | None = None) -> Verified:
    """What `document` says and who signed it, if its signature is good and believed at the time `at` (aware).

    `holder`: the gateway whose signature it has to be; None where that is for the caller to compare.
    Follows W3C XML Signature Syntax and Processing 1.1, 3.2, narrowed to one profile, in this order:

     1. the document is parsed by the hardened parser, which raises its own Rejected;
     2. it has no comments and no processing instructions                     signature-unsigned-nodes
     3. it has a signature                                                    signature-missing
     4. and only one, at any depth                                            signature-multiple
     5. which is the last child of the root                                   signature-misplaced
     6. and has the profile's elements and attributes, no other, no Object,
        no Manifest, no text where there should be none                       signature-malformed
        one reference                                                         signature-reference
        one certificate and no other word on the key                          signature-key-info
     7. canonical form, signature and digest have the profile's algorithms    signature-algorithm
     8. the reference is to the whole document (URI="")                       signature-reference
     9. transformed as an enveloped signature, then to canonical form         signature-transform
    10. the certificate is one for signing, on P-256, not an authority's      signature-key-use
    11. issued by an authority in the trust                                   signature-key-untrusted
    12. and valid at the time                                                 signature-key-not-yet-valid,
                                                                              signature-key-expired
        and not withdrawn before it                                           signature-key-revoked
    13. where the holder is given, the certificate's subject is that name,
        no more and no less                                                   signature-not-gateway
        and it is meant for signing documents alone                           signature-key-purpose
    14. the digest is that of the document without the signature              signature-digest
    15. the value is the certificate's key's over SignedInfo as it stands     signature-value
    16. only what was digested is handed on.

    Raises Rejected with problem `signature` and one finding, since no step means anything where one before it failed.
    """
    root = parse(document)  # 1
    if has_unsigned_nodes(document, root):  # 2
        _refuse("signature-unsigned-nodes", root)
    signature = _only_signature(root)  # 3, 4, 5
    _check_shape(signature)  # 6
    information, value, key_information = signature
    method, algorithm, reference = information
    transforms, digest_method, digest_value = reference
    _check_attribute(method, "Algorithm", EXCLUSIVE_C14N, "signature-algorithm")  # 7
    _check_attribute(algorithm, "Algorithm", ECDSA_SHA256, "signature-algorithm")
    _check_attribute(digest_method, "Algorithm", SHA256, "signature-algorithm")
    _check_attribute(reference, "URI", "", "signature-reference")  # 8
    _check_attribute(transforms[0], "Algorithm", ENVELOPED, "signature-transform")  # 9
    _check_attribute(transforms[1], "Algorithm", EXCLUSIVE_C14N, "signature-transform")
    certificate = key_information[0][0]
    signing = _signing(certificate, trust, at, holder)  # 10, 11, 12, 13
    signed_information = canonical(information)
    signed = _canonical_without(signature, root)
    if sha256(signed).digest() != _binary(digest_value):  # 14
        _refuse("signature-digest", digest_value)
    _check_value(value, signed_information, signing.public_key)  # 15
    own = signing.certificate
    return Verified(signed, signing.subject, signing.party, own.serial_number, own)  # 16


def _signing(certificate: etree._Element, trust: Trust, at: datetime, holder: x509.Name | None) -> SigningCertificate:
    try:
        signing = certificates.check(_binary(certificate), trust, at)  # 10, 11, 12
        _check_holder(signing, holder, certificate)  # 13
    except Unfit as unfit:
        _refuse(unfit.code, certificate)
    return signing


def _check_holder(signing: SigningCertificate, holder: x509.Name | None, element: etree._Element) -> None:
    if holder is None:
        return
    if signing.certificate.subject != holder:
        _refuse("signature-not-gateway", element, signing.subject, holder.rfc4514_string())
    certificates.check_purpose(signing.certificate)


def _only_signature(root: etree._Element) -> etree._Element:
    found = list(root.iter(SIGNATURE))
    if not found:
        _refuse("signature-missing", root)
    if len(found) > 1:
        _refuse("signature-multiple", found[1])
    if found[0].getparent() is not root or found[0].getnext() is not None:
        _refuse("signature-misplaced", found[0])
    return found[0]


class _Shape(Struct, frozen=True):
    """An element of a signature: its children in order, its attributes, and the code where either is otherwise."""

    children: list[str]
    attributes: list[str]
    code: str


def _shape(code: str, children: tuple[str, ...] = (), attributes: tuple[str, ...] = ()) -> _Shape:
    return _Shape([f"{{{NAMESPACE}}}{name}" for name in children], list(attributes), code)


_SHAPES: Final = {
    f"{{{NAMESPACE}}}{name}": shape
    for name, shape in {
        "Signature": _shape("signature-malformed", ("SignedInfo", "SignatureValue", "KeyInfo")),
        "SignedInfo": _shape("signature-reference", ("CanonicalizationMethod", "SignatureMethod", "Reference")),
        "CanonicalizationMethod": _shape("signature-algorithm", attributes=("Algorithm",)),
        "SignatureMethod": _shape("signature-algorithm", attributes=("Algorithm",)),
        "Reference": _shape("signature-reference", ("Transforms", "DigestMethod", "DigestValue"), ("URI",)),
        "Transforms": _shape("signature-transform", ("Transform", "Transform")),
        "Transform": _shape("signature-transform", attributes=("Algorithm",)),
        "DigestMethod": _shape("signature-algorithm", attributes=("Algorithm",)),
        "DigestValue": _shape("signature-malformed"),
        "SignatureValue": _shape("signature-malformed"),
        "KeyInfo": _shape("signature-key-info", ("X509Data",)),
        "X509Data": _shape("signature-key-info", ("X509Certificate",)),
        "X509Certificate": _shape("signature-malformed"),
    }.items()
}


def _check_shape(element: etree._Element) -> None:
    """Refuse `element` unless it, and all that is in it, is as the profile has it; algorithms and values come later."""
    shape = _SHAPES[element.tag]
    children = list(element)
    if [child.tag for child in children] != shape.children or element.keys() != shape.attributes:
        _refuse(shape.code, element)
    if children and (_is_text(element.text) or any(_is_text(child.tail) for child in children)):
        _refuse("signature-malformed", element)
    for child in children:
        _check_shape(child)


_WHITE_SPACE: Final = " \t\r\n"


def _is_text(text: str | None) -> bool:
    return text is not None and text.strip(_WHITE_SPACE) != ""


def _check_attribute(element: etree._Element, name: str, expected: str, code: str) -> None:
    value = element.get(name)
    if value != expected:
        _refuse(code, element, value, expected)


def _binary(element: etree._Element) -> bytes:
    """The element's base64 content; white space may stand anywhere in it (XML Schema), all else is as encoded."""
    text = (element.text or "").translate(_NO_WHITE_SPACE)
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        _refuse("signature-malformed", element)
    if not data or b64encode(data).decode() != text:  # bits that decoding drops would leave room for a second spelling
        _refuse("signature-malformed", element)
    return data


_NO_WHITE_SPACE: Final = dict.fromkeys(map(ord, _WHITE_SPACE))


def _canonical_without(signature: etree._Element, root: etree._Element) -> bytes:
    """Canonical form of the document after the enveloped-signature transform."""
    tail, before = signature.tail, signature.getprevious()
    if tail is not None:  # the text after the signature is signed; removing an element in lxml takes it away as well
        if before is None:
            root.text = (root.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    root.remove(signature)
    signed = canonical(root)
    root.append(signature)  # what is wrong with it is told by where it stands
    return signed


def _check_value(value: etree._Element, signed_information: bytes, key: ec.EllipticCurvePublicKey) -> None:
    data = _binary(value)
    if len(data) != 2 * COORDINATE_BYTES:
        _refuse("signature-value", value, f"{len(data)} bytes", f"{2 * COORDINATE_BYTES} bytes")
    r, s = int.from_bytes(data[:COORDINATE_BYTES], "big"), int.from_bytes(data[COORDINATE_BYTES:], "big")
    try:
        key.verify(encode_dss_signature(r, s), signed_information, _ECDSA)
    except InvalidSignature:
        _refuse("signature-value", value)


_ECDSA: Final = ec.ECDSA(hashes.SHA256())


def _refuse(code: str, element: etree._Element, value: str | None = None, expected: str | None = None) -> NoReturn:
    shown = None if value is None else value[:VALUE_CHARS_MAX]
    line = cast("int | None", element.sourceline)
    raise Rejected("signature", (Finding(code, _pointer(element), WORDS[code], line, shown, expected),)) from None


def _pointer(element: etree._Element) -> str:
    parent, name = element.getparent(), etree.QName(element).localname
    if parent is None:
        return f"/{name}"
    named_alike = [each for each in parent if etree.QName(each).localname == name]
    index = f"[{named_alike.index(element) + 1}]" if len(named_alike) > 1 else ""
    return f"{_pointer(parent)}/{name}{index}"


WORDS: Final = {
    "signature-unsigned-nodes": Text(
        "A signed document has no comments and no processing instructions.", "已签名的文档不得含有注释或处理指令。"
    ),
    "signature-missing": Text("The document has no signature.", "文档没有签名。"),
    "signature-multiple": Text("The document has more than one signature.", "文档有多个签名。"),
    "signature-misplaced": Text(
        "The signature is not the last child of the root element.", "签名不是根元素的最后一个子元素。"
    ),
    "signature-malformed": Text("The signature is not built as the profile says.", "签名的结构不符合规定。"),
    "signature-reference": Text(
        'A signature has one reference, to the whole document (URI="").',
        '签名只能有一个引用，且须指向整个文档（URI=""）。',
    ),
    "signature-key-info": Text(
        "A signature names its key by one certificate and nothing else.", "签名只能以一份证书标明密钥，不得有其他内容。"
    ),
    "signature-algorithm": Text("This algorithm is not accepted in a signature.", "签名使用了不被接受的算法。"),
    "signature-transform": Text(
        "The transforms are not enveloped signature and exclusive canonical form.",
        "转换须依次为封内签名转换和排他规范化。",
    ),
    "signature-key-use": Text(
        "The certificate is not one for signing documents with a key on P-256.",
        "该证书不是用于签署文档的 P-256 密钥证书。",
    ),
    "signature-key-untrusted": Text("No trusted authority has issued the certificate.", "证书不是由受信任的机构签发。"),
    "signature-key-not-yet-valid": Text("The certificate is not valid yet.", "证书尚未生效。"),
    "signature-key-expired": Text("The certificate has expired.", "证书已过期。"),
    "signature-key-revoked": Text("The certificate has been withdrawn by its authority.", "证书已被签发机构吊销。"),
    "signature-not-gateway": Text(
        "The signature is good, but it is another holder's than the gateway's.",
        "签名有效，但并非应签名的网关所签。",
    ),
    "signature-key-purpose": Text(
        "The certificate is not meant for signing documents alone: it is a server's, a program's or the like.",
        "该证书并非专用于签署文档，而是服务器、程序等用途的证书。",
    ),
    "signature-digest": Text("The document was changed after it was signed.", "文档在签名之后被更改。"),
    "signature-value": Text("The signature was not made by the certificate's key.", "签名值与证书的密钥不符。"),
}
"""Every code of a refused signature, in words."""
