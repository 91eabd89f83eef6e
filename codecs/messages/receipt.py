# Generated from schemas/receipt.xsd by onewindow.codecs.compiler; do not edit.
"""Receipt. The window's signed proof that it has taken a case over. 受理回执。单一窗口受理办件的签名证明。"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from ..binding import WILDCARD
from .codes import ReceiptStatus
from .common import CaseIdentifier, DateTime, Digest, PartyIdentifier, Reference

NAMESPACE: Final = "urn:onewindow:receipt:1"


class Receipt(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Receipt. The window's signed proof that it has taken a case over. 受理回执。单一窗口受理办件的签名证明。"""

    id: CaseIdentifier = field(name="ID")
    """Case. 办件编号"""
    functional_reference_id: Reference = field(name="FunctionalReferenceID")
    """Declarant's reference. Unique for the declarant: the same reference is the same declaration.
    申报人业务编号。对同一申报人唯一，编号相同即为同一申报。
    """
    declarant_id: PartyIdentifier = field(name="DeclarantID")
    """Declarant's identifier. 申报单位编号"""
    status_code: ReceiptStatus = field(name="StatusCode")
    """Status. 受理状态"""
    acceptance_date_time: DateTime = field(name="AcceptanceDateTime")
    """Accepted at. 受理时间"""
    digest: Digest = field(name="Digest")
    """Digest of what was accepted. SHA-256 of the document's bytes as received.
    受理内容摘要值。所收文件字节的 SHA-256。
    """
    signature: Annotated[
        str | None,
        Meta(extra={"xml": WILDCARD, "namespace": "http://www.w3.org/2000/09/xmldsig#"}),
    ] = field(default=None, name="Signature")
    """Signature. XML Signature over the whole document (W3C XML Signature, enveloped).
    电子签名。对整份单证的 XML 签名（W3C XML Signature，封内签名）。
    """
