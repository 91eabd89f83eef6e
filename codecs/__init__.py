"""Bytes to typed structs and back: hardened parsing, XSD validation, compiled bindings, findings, JSON twins.

A message's codec is the door: `DECLARATION.decode_xml(data)` gives a `messages.declaration.Declaration` or raises
`Rejected` with findings; `encode_xml` writes one.
"""  # noqa: A005 - the folder's name is fixed; the import package is onewindow.codecs

from .codec import (
    CUSTOMS,
    DECLARATION,
    INSPECTION_ORDER,
    MARKET_SUPERVISION,
    NOTICE,
    QUALITY_INSPECTION,
    RECEIPT,
    REPLY,
    RESPONSE,
    TAX,
    Codec,
)
from .finding import Finding, Rejected, Text
from .limits import DEFAULT, Limits

__all__ = [
    "CUSTOMS",
    "DECLARATION",
    "DEFAULT",
    "INSPECTION_ORDER",
    "MARKET_SUPERVISION",
    "NOTICE",
    "QUALITY_INSPECTION",
    "RECEIPT",
    "REPLY",
    "RESPONSE",
    "TAX",
    "Codec",
    "Finding",
    "Limits",
    "Rejected",
    "Text",
]
