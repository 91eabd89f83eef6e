"""Declarations for tests, as bytes."""

from datetime import UTC, datetime

from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway.sample import sample

ISSUED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def declaration(reference: str, items: int = 1, type_code: DeclarationType = DeclarationType.IM) -> bytes:
    """A valid declaration in XML under `reference`; the same arguments give the same bytes."""
    return DECLARATION.encode_xml(sample(items, type_code, reference, ISSUED))
