"""What the window has in hand of one case: the case, its declaration, and what its agencies were sent and replied."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ..agencies.agency import AnyAgency
from ..codecs import DECLARATION, REPLY
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.limits import DEFAULT
from ..codecs.messages.declaration import Declaration
from ..codecs.messages.reply import Reply
from .case import Case
from .document_names import declaration_name, message_name, reply_name
from .store.store import Document, Record

XML = "application/xml"
JSON = "application/json"


class Message(msgspec.Struct, frozen=True):
    """A message as struct and as the bytes that are sent."""

    value: Any
    body: bytes


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """A case in hand; messages and replies by agency code."""

    case: Case
    declaration: Declaration
    messages: Mapping[str, Message]
    replies: Mapping[str, Reply]


def names(case: Case) -> tuple[str, ...]:
    """The documents from which a case's papers can be made again."""
    concerned = [part for part in case.parts if part.message_digest is not None]
    return (
        declaration_name(case.revision),
        *(message_name(part.agency, part.revision) for part in concerned),
        *(reply_name(part.agency, part.revision) for part in concerned if part.reply_digest is not None),
    )


def read_declaration(document: Document) -> Declaration:
    """The declaration of a stored document, XML or JSON. Raises Rejected where it is damaged."""
    decode = DECLARATION.decode_json if document.media_type == JSON else DECLARATION.decode_xml
    return decode(document.body)


def split(declaration: Declaration, agencies: Mapping[str, AnyAgency]) -> dict[str, Message]:
    """The message of every agency that a declaration concerns, by agency code.

    Raises Rejected (`too-large`) where a message would be larger than an agency takes: characters that XML escapes make
    it longer than what it was made of.
    """
    messages = {}
    for code, agency in agencies.items():
        value = agency.split(declaration)
        if value is not None:
            body = agency.message.encode_xml(value)
            if len(body) > DEFAULT.body_bytes_max:
                raise Rejected("too-large", (_too_large(agency, len(body)),))
            messages[code] = Message(value, body)
    return messages


def _too_large(agency: AnyAgency, size: int) -> Finding:
    most = DEFAULT.body_bytes_max
    return Finding(
        code="message-too-large",
        pointer="/Declaration",
        message=Text(
            en=f"The message to {agency.name.en} would have {size} bytes; at most {most} can be sent.",
            zh=f"发往{agency.name.zh}的报文将有{size}字节；最多可发送{most}字节。",
        ),
        value=str(size),
        expected=f"at most {most} bytes",
    )


def papers(record: Record, agencies: Mapping[str, AnyAgency]) -> Papers:
    """The papers of a stored case whose record holds the documents of `names`.

    Raises KeyError where one is missing or an agency of the plan is no longer installed, Rejected where one is damaged.
    """
    case = record.case
    messages: dict[str, Message] = {}
    replies: dict[str, Reply] = {}
    for part in case.parts:
        if part.message_digest is None:
            continue
        body = record.documents[message_name(part.agency, part.revision)].body
        messages[part.agency] = Message(agencies[part.agency].message.decode_xml(body), body)
        if part.reply_digest is not None:
            replies[part.agency] = REPLY.decode_xml(record.documents[reply_name(part.agency, part.revision)].body)
    return Papers(
        case=case,
        declaration=read_declaration(record.documents[declaration_name(case.revision)]),
        messages=messages,
        replies=replies,
    )
