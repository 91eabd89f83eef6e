"""What the window has in hand of one case: the case, its declaration, and what its agencies were sent and replied."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ..agencies.agency import AnyAgency
from ..codecs import DECLARATION, REPLY
from ..codecs.messages.declaration import Declaration
from ..codecs.messages.reply import Reply
from .case import Case, Part
from .document_names import declaration_name, message_name, reply_name
from .store.store import Document, Record

XML = "application/xml"
JSON = "application/json"


class Message(msgspec.Struct, frozen=True):
    """A message as struct and as the bytes that are sent."""

    value: Any
    body: bytes


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """A case in hand.

    `messages`, `replies` and `results`, the replies to orders to inspect, by agency code; `orders`, and notices, as
    bytes by message id.
    """

    case: Case
    declaration: Declaration
    messages: Mapping[str, Message]
    replies: Mapping[str, Reply]
    results: Mapping[str, Reply] = {}
    orders: Mapping[str, bytes] = {}

    def body(self, message_id: str, agency: str) -> bytes:
        """The bytes of a message that is to be delivered."""
        ordered = self.orders.get(message_id)
        return self.messages[agency].body if ordered is None else ordered


def names(case: Case) -> tuple[str, ...]:
    """The documents from which a case's papers can be made again."""
    concerned = [part for part in (*case.parts, *case.orders) if part.message_digest is not None]
    return (
        declaration_name(case.revision),
        *(message_name(part.message_id) for part in (*concerned, *case.notices)),
        *(reply_name(part.message_id) for part in concerned if part.reply_digest is not None),
    )


class AgencyMissing(Exception):
    """An agency of a case's plan is not installed any more: its messages can't be read, and the case waits for it."""

    def __init__(self, agency: str) -> None:
        super().__init__(agency)
        self.agency = agency


def read_declaration(document: Document) -> Declaration:
    """The declaration of a stored document, XML or JSON. Raises Rejected where it is damaged."""
    decode = DECLARATION.decode_json if document.media_type == JSON else DECLARATION.decode_xml
    return decode(document.body)


def papers(record: Record, agencies: Mapping[str, AnyAgency]) -> Papers:
    """The papers of a stored case whose record holds the documents of `names`.

    Raises KeyError where one is missing, AgencyMissing, and Rejected where one is damaged.
    """
    case = record.case
    for part in case.parts:
        if part.message_digest is not None and part.agency not in agencies:
            raise AgencyMissing(part.agency)
    kept = {name: document.body for name, document in record.documents.items()}
    messages = {
        part.agency: _message(agencies[part.agency], kept[message_name(part.message_id)])
        for part in case.parts
        if part.message_digest is not None
    }
    return Papers(
        case=case,
        declaration=read_declaration(record.documents[declaration_name(case.revision)]),
        messages=messages,
        replies=_replies(case.parts, kept),
        results=_replies(case.orders, kept),
        orders={
            part.message_id: kept[message_name(part.message_id)]
            for part in (*case.orders, *case.notices)
            if part.undelivered
        },
    )


def _message(agency: AnyAgency, body: bytes) -> Message:
    return Message(agency.message.decode_xml(body), body)


def _replies(parts: Iterable[Part], kept: Mapping[str, bytes]) -> dict[str, Reply]:
    return {
        part.agency: REPLY.decode_xml(kept[reply_name(part.message_id)])
        for part in parts
        if part.reply_digest is not None
    }
