"""Deferred documents: those that a declaration says will follow, and until when."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ..agencies.visits import end_of
from ..codecs.messages.common import AdditionalDocument
from ..codecs.messages.declaration import Declaration
from .case import DeferredDocument


def deferred_documents(declaration: Declaration) -> tuple[DeferredDocument, ...]:
    """The documents that are to follow, each once and by the earliest date that is given for it."""
    earliest: dict[tuple[str, str], datetime] = {}
    for document in documents_of(declaration):
        if document.deferred_indicator and document.due_date is not None:
            named = (document.type_code.value, document.id)
            at = end_of(document.due_date).astimezone(UTC)
            earliest[named] = min(at, earliest.get(named, at))
    return tuple(
        DeferredDocument(type_code=type_code, document_id=number, due_at=at)
        for (type_code, number), at in earliest.items()
    )


def documents_of(message: Any) -> Iterator[AdditionalDocument]:
    """Every document that a declaration, or an agency's message made of it, names: of the whole and of its items.

    A message of another shape names none.
    """
    yield from getattr(message, "additional_document", ())
    for item in getattr(getattr(message, "goods_shipment", None), "government_agency_goods_item", ()):
        yield from getattr(item, "additional_document", ())
