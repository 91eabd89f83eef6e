"""How the gateway reaches an agency: one message out, perhaps a reply back."""

from enum import Enum, StrEnum
from typing import Final, Protocol, TypeAlias

from msgspec import Struct

from ..codecs.finding import Finding, Rejected

EVIDENCE_BYTES_MAX: Final = 64 * 1024
"""What is kept of an answer that is no reply."""


class MessageKind(StrEnum):
    """What is sent: the agency's part of a declaration, when and where to inspect, or what it has to know.

    The first two are answered by a reply; of a notice the agency takes note.
    """

    DECLARATION = "declaration"
    INSPECTION_ORDER = "inspection-order"
    NOTICE = "notice"


class Outgoing(Struct, frozen=True):
    """One message on its way to one agency.

    message_id: ``case id / agency / revision``, and of an order or a notice what it is; the same for every attempt, so
    that the agency can tell a repeat.
    agency: the agency's code.
    body: the encoded message, UTF-8 XML.
    attempt: 1 for the first delivery.
    reference: the declaration's functional reference.
    kind: by which the agency knows what the body is before it reads it.
    """

    message_id: str
    agency: str
    body: bytes
    attempt: int
    reference: str
    kind: MessageKind = MessageKind.DECLARATION


class Held(Enum):
    """What a transport says of a message that lies ready for its agency to fetch, and is not taken yet."""

    HELD = "held"


HELD: Final = Held.HELD

Answer: TypeAlias = bytes | Held | None
"""A reply's bytes; HELD; None: the agency took the message and answers later, or took note of it."""


class Evidence(Struct, frozen=True):
    """What an agency sent that is no reply: the first EVIDENCE_BYTES_MAX bytes of it.

    size_bytes: how many there were, as far as they were read. media_type: what the agency calls it, empty if nothing.
    """

    body: bytes
    size_bytes: int
    media_type: str = ""


def evidence(body: bytes | bytearray, media_type: str = "") -> Evidence:
    """The evidence that these bytes are."""
    return Evidence(bytes(body[:EVIDENCE_BYTES_MAX]), len(body), media_type)


class Unreachable(Exception):
    """The message was not delivered, or nobody can say that it was; it has to be sent again.

    code: stable word for the cause, such as ``no-desk``, ``connection-refused`` or ``timeout``.
    detail: the cause in English, for the log. evidence: what came back instead of a reply, None where nothing did.
    """

    def __init__(self, code: str, detail: str, evidence: Evidence | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.evidence = evidence


class Unfit(Unreachable):
    """The message can't go this way however often it is tried; of others to the agency that says nothing."""


class Refused(Rejected):
    """The agency does not take the message, and said why in these bytes."""

    def __init__(self, finding: Finding, evidence: Evidence) -> None:
        super().__init__("message-refused", (finding,))
        self.evidence = evidence


class Transport(Protocol):
    """A way to an agency: it delivers at least once, and the agency takes a second delivery of an id for the first."""

    async def deliver(self, outgoing: Outgoing) -> Answer:
        """Hand one message to its agency, or lay it ready for it.

        Returns the reply's bytes when the agency answers at once, None when it took the message and answers later, HELD
        while it has not fetched it. Raises Unreachable when the message was not delivered, and codecs.finding.Rejected
        when the agency refused it because it breaks the message's schema: sending the same bytes again would not help.
        """
