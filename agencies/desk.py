"""A reference agency's desk: message bytes in, reply bytes out, once for each message id."""

from collections.abc import Callable
from datetime import datetime

from ..codecs import INSPECTION_ORDER, NOTICE
from ..codecs.digest import digest
from ..codecs.finding import Finding, Rejected, Text
from .agency import AnyAgency
from .agency_fault import Work, faults_of
from .directed_reply import directed_reply
from .inspection import found_as_declared
from .ledger import Ledger
from .transport import MessageKind


class Desk:
    """Assesses what one agency is sent by its reference rules.

    Raises ValueError for an agency that has no rules. clock gives the current time as an aware datetime. test_mode: the
    reference may ask for an outcome, see `directives`.
    """

    def __init__(
        self, agency: AnyAgency, ledger: Ledger, clock: Callable[[], datetime], *, test_mode: bool = False
    ) -> None:
        if agency.assess is None:
            raise ValueError(f"the agency {agency.code!r} has no reference rules")
        self.agency = agency
        self._assess = agency.assess
        self._ledger = ledger
        self._clock = clock
        self._test_mode = test_mode

    def answer(self, message_id: str, body: bytes, kind: MessageKind = MessageKind.DECLARATION) -> bytes:
        """The reply to one delivery; the second delivery of an id gets the first's reply, byte for byte.

        Raises Rejected when the message breaks its schema, which leaves no trace in the ledger, and when the id was
        used before for other bytes: what was approved then must not pass for approval of this. Raises AgencyFault where
        the agency's rules fail.
        """
        now = self._clock()
        return self._taken(message_id, body, now, lambda: self._reply(message_id, body, kind, now))

    def note(self, message_id: str, body: bytes) -> None:
        """Take note of a notice. Raises Rejected as `answer` does."""
        self._taken(message_id, body, self._clock(), lambda: _noted(body))

    def _taken(self, message_id: str, body: bytes, now: datetime, reply: Callable[[], bytes]) -> bytes:
        taken = digest(body)
        first = self._ledger.get(message_id)
        if first is None:
            made = reply()
        elif first.digest == taken:
            made = first.reply
        else:
            raise _reused(message_id)
        standing = self._ledger.put(message_id, taken, made, now)
        # Another thread may have answered the same id since: its answer stands.
        if standing.digest != taken:
            raise _reused(message_id)
        return standing.reply

    def _reply(self, message_id: str, body: bytes, kind: MessageKind, now: datetime) -> bytes:
        if kind is MessageKind.INSPECTION_ORDER:
            order = INSPECTION_ORDER.decode_xml(body)
            asked = self._ledger.get(order.referred_message_id)
            before = None if asked is None else self.agency.reply.decode_xml(asked.reply)
            return self.agency.reply.encode_xml(found_as_declared(order, before, now))
        message = self.agency.message.decode_xml(body)
        with faults_of(self.agency, Work.RULES):
            ruled = self._assess(message, message_id, now)
        return self.agency.reply.encode_xml(directed_reply(message, ruled, now) if self._test_mode else ruled)


def _noted(body: bytes) -> bytes:
    NOTICE.decode_xml(body)
    return b""


def _reused(message_id: str) -> Rejected:
    message = Text(
        en=f"The message id {message_id} was used before for a message with other content.",
        zh=f"报文编号{message_id}已用于内容不同的另一份报文。",
    )
    finding = Finding(code="message-id-reused", pointer="/", message=message, value=message_id)
    return Rejected("message-id-reused", (finding,))
