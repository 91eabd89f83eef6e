"""A reference agency's desk: message bytes in, reply bytes out, once for each message id."""

from collections.abc import Callable
from datetime import datetime

from ..codecs.digest import digest
from ..codecs.finding import Finding, Rejected, Text
from .agency import AnyAgency
from .ledger import Ledger


class Desk:
    """Assesses what one agency is sent by its reference rules.

    Raises ValueError for an agency that has no rules. clock gives the current time as an aware datetime.
    """

    def __init__(self, agency: AnyAgency, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        if agency.assess is None:
            raise ValueError(f"the agency {agency.code!r} has no reference rules")
        self.agency = agency
        self._assess = agency.assess
        self._ledger = ledger
        self._clock = clock

    def answer(self, message_id: str, body: bytes) -> bytes:
        """The reply to one delivery; the second delivery of an id gets the first's reply, byte for byte.

        Raises Rejected when the message breaks its schema, which leaves no trace in the ledger, and when the id was
        used before for other bytes: what was approved then must not pass for approval of this.
        """
        taken = digest(body)
        now = self._clock()
        first = self._ledger.get(message_id)
        if first is None:
            message = self.agency.message.decode_xml(body)
            reply = self.agency.reply.encode_xml(self._assess(message, message_id, now))
        elif first.digest == taken:
            reply = first.reply
        else:
            raise _reused(message_id)
        standing = self._ledger.put(message_id, taken, reply, now)
        # Another thread may have answered the same id since: its answer stands.
        if standing.digest != taken:
            raise _reused(message_id)
        return standing.reply


def _reused(message_id: str) -> Rejected:
    message = Text(
        en=f"The message id {message_id} was used before for a message with other content.",
        zh=f"报文编号{message_id}已用于内容不同的另一份报文。",
    )
    finding = Finding(code="message-id-reused", pointer="/", message=message, value=message_id)
    return Rejected("message-id-reused", (finding,))
