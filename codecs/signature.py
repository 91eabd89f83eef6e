"""Signing a document: an enveloped XML signature in the one profile that this project writes and accepts.

W3C XML Signature Syntax and Processing 1.1; exclusive C14N 1.0 (RFC 3741); ECDSA over P-256 with SHA-256, the value
being r and s of 32 bytes each (RFC 6931, 2.3.6). One reference, to the whole document (`URI=""`), less the signature
itself. The signature is the last child of the root. It declares its own namespace as the default one, so that its text
can be lifted out of the document, carried elsewhere (in the JSON twin) and put back as it was.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from .encoder import HEAD
from .finding import Finding, Rejected, Text
from .keys import Signer
from .parser import parse

NAMESPACE: Final = "http://www.w3.org/2000/09/xmldsig#"
SIGNATURE: Final = f"{{{NAMESPACE}}}Signature"
EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
ECDSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"

COORDINATE_BYTES: Final = 32
"""Bytes of r, and of s, in a signature value over P-256."""

_HEAD: Final = HEAD.encode()
_MARKS: Final = (b"&", b"!", b"?", NAMESPACE.encode())
"""What stands in a document that has escaped characters, comments, processing instructions or a signature."""

_CANONICAL: Final = (
    f'<SignedInfo xmlns="{NAMESPACE}">'
    f'<CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"></CanonicalizationMethod>'
    f'<SignatureMethod Algorithm="{ECDSA_SHA256}"></SignatureMethod>'
    '<Reference URI="">'
    f'<Transforms><Transform Algorithm="{ENVELOPED}"></Transform>'
    f'<Transform Algorithm="{EXCLUSIVE_C14N}"></Transform></Transforms>'
    f'<DigestMethod Algorithm="{SHA256}"></DigestMethod>'
    "<DigestValue>%b</DigestValue></Reference></SignedInfo>"
).encode()

_WRITTEN: Final = (
    f'<Signature xmlns="{NAMESPACE}">'.encode()
    + _CANONICAL.replace(f' xmlns="{NAMESPACE}"'.encode(), b"")
    + b"<SignatureValue>%b</SignatureValue>"
    + b"<KeyInfo><X509Data><X509Certificate>%b</X509Certificate></X509Data></KeyInfo></Signature>"
)
"""The signature as it stands in the document: digest, value and certificate left open, in canonical form, as the codecs
lift a foreign element out, so that lifting it out and putting it back changes no byte."""

_ALGORITHM: Final = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
"""RFC 6979: the same document and key give the same signature, so a response that is made again is the same bytes."""


def sign(document: bytes, signer: Signer) -> bytes:
    """`document` with a signature as the last child of its root; all other bytes stay as they are.

    Raises Rejected: what `parse` raises, or problem `signature`, code `signature-unsignable`, where the document has a
    signature already, has comments or processing instructions, or has an empty root.
    """
    root = parse(document)
    # Without comments and processing instructions, the last "</" of a well-formed document opens its root's end tag.
    end = document.rfind(b"</")
    if end < 0 or has_unsigned_nodes(document, root) or next(root.iter(SIGNATURE), None) is not None:
        raise Rejected("signature", (_UNSIGNABLE,))
    return _spliced(document, end, canonical(root), signer)


def sign_encoded(document: bytes, signer: Signer) -> bytes:
    """What `sign` returns, at a third of the time, for a `document` as the codec's `encode_xml` wrote it.

    After its XML declaration such a document is in canonical form and need not be parsed: one default namespace, at
    most one attribute to an element, no empty-element tags. A document that may have characters which canonical form
    escapes in another way, or what `sign` refuses, goes the long way.
    """
    body = document.removeprefix(_HEAD)
    if len(body) == len(document) or any(mark in body for mark in _MARKS):
        return sign(document, signer)
    return _spliced(document, document.rfind(b"</"), body, signer)


def _spliced(document: bytes, end: int, canonical_form: bytes, signer: Signer) -> bytes:
    digest = b64encode(sha256(canonical_form).digest())
    r, s = decode_dss_signature(signer.private_key.sign(signed_information(digest), _ALGORITHM))
    value = b64encode(r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big"))
    return document[:end] + _WRITTEN % (digest, value, signer.certificate_base64) + document[end:]


def signed_information(digest: bytes) -> bytes:
    """SignedInfo in canonical form, which is what the key signs; `digest` is the document's, in base64."""
    return _CANONICAL % digest


def canonical(element: etree._Element) -> bytes:
    """Exclusive canonical form of `element` and what is in it, without comments."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def has_unsigned_nodes(document: bytes, root: etree._Element) -> bool:
    """Whether the document, parsed as `root`, has comments or processing instructions.

    Canonical form drops comments: what one splits (`1<!-- -->0`) a reader may take for less than was signed. Processing
    instructions are signed inside the root; about those outside it tools differ.
    """
    return (
        next(root.iter(etree.ProcessingInstruction), None) is not None
        or root.getprevious() is not None
        or root.getnext() is not None
        # The parser leaves comments out of the tree. In a well-formed document "<!--" starts one, but for CDATA.
        or (b"<!--" in document and any(found[0] == b"<!--" for found in _COMMENT_OR_CDATA.finditer(document)))
    )


_COMMENT_OR_CDATA: Final = re.compile(rb"<!--|<!\[CDATA\[.*?\]\]>", re.DOTALL)

_UNSIGNABLE: Final = Finding(
    "signature-unsignable",
    "/",
    Text(
        "A document to sign has no signature yet, no comments, no processing instructions and a root with content.",
        "待签名的文档不得已有签名、注释或处理指令，且根元素不得为空。",
    ),
)
