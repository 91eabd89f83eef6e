"""An agency that breaks the contract on purpose, in one way at a time, behind a transport of its own."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from msgspec.structs import replace

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.desk import Desk
from onewindow.agencies.ledger import MemoryLedger
from onewindow.agencies.transport import MessageKind, Outgoing, Unreachable
from onewindow.agencies.yuan import yuan
from onewindow.codecs.digest import digest
from onewindow.codecs.finding import Finding, Rejected, Text
from onewindow.codecs.messages import reply as messages
from onewindow.codecs.messages.codes import BillLineStatus, DutyTaxFeeType, LanguageCode, ReplyOutcome
from onewindow.codecs.messages.common import Text as Words
from onewindow.codecs.messages.reply import DutyTaxFee, Reply

WORDS = (Words(value="Because.", language_id=LanguageCode.EN), Words(value="理由。", language_id=LanguageCode.ZH))
REASON = messages.Finding(code="bad.reason", text=WORDS)
LINE = DutyTaxFee(
    type_code=DutyTaxFeeType.OTH,
    tax_base_amount=yuan(Decimal(1)),
    tax_rate_numeric=Decimal(100),
    payment_amount=yuan(Decimal(1)),
    status_code=BillLineStatus.PROVISIONAL,
)


def _refused(reply: Reply, *findings: messages.Finding, lines: tuple[DutyTaxFee, ...] = ()) -> Reply:
    refused = replace(reply, outcome_code=ReplyOutcome.REFUSED, finding=findings, condition=(), inspection=None)
    return replace(refused, duty_tax_fee=lines)


CHANGES: Mapping[str, Callable[[Reply], Reply]] = MappingProxyType(
    {
        "message-id": lambda reply: replace(reply, message_id="somebody-else/x/1"),
        "agency-code": lambda reply: replace(reply, agency_code="somebody-else"),
        "decision-time": lambda reply: replace(reply, decision_date_time=reply.decision_date_time - timedelta(days=2)),
        "reasons": _refused,
        "languages": lambda reply: replace(reply, finding=(replace(REASON, text=WORDS[1:]),)),
        "pointers": lambda reply: replace(reply, finding=(replace(REASON, pointer="/QualityInspection/Nowhere"),)),
        "inspection-result": lambda reply: replace(reply, outcome_code=ReplyOutcome.INSPECTION_REQUIRED),
        "levies": lambda reply: _refused(reply, REASON, lines=(LINE,)),
    }
)
"""What it changes in its replies."""

ORDERED = frozenset({"inspection-result"})
"""Those of CHANGES that are in the replies to orders, not in those to the messages."""


class BadAgency:
    """A reference desk and one thing that is wrong with it: `breach` is one of CHANGES or a case of a `match` below."""

    def __init__(self, agency: AnyAgency, clock: Callable[[], datetime], breach: str) -> None:
        self._agency = agency
        self._clock = clock
        self._breach = breach
        self._ledger = MemoryLedger()
        self._desk = Desk(agency, self._ledger, clock)
        self._current: Outgoing | None = None
        self._seen: list[str] = []
        self._spoilt: set[str] = set()

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The answer, with what is wrong with it."""
        self._seen.append(outgoing.message_id)
        name, known = outgoing.message_id, self._ledger.get(outgoing.message_id)
        self._fail(outgoing)
        match self._breach:
            case "duplicate" if known and outgoing.kind is not MessageKind.NOTICE:
                return self._afresh(outgoing)
            case "duplicates-at-once" if known is None and outgoing.kind is MessageKind.DECLARATION:
                made = self._afresh(outgoing)
                await asyncio.sleep(0)
                self._ledger.put(name, digest(outgoing.body), made, self._clock())
                return made
            case "id-reused" if known:
                return known.reply
            case "concurrency":
                self._current = outgoing
                await asyncio.sleep(0)
                return self._answered(self._current)
            case "time" if outgoing.kind is MessageKind.NOTICE:
                await asyncio.Event().wait()
            case "late-answers" if len(self._seen) == 1:
                return None
            case "inspection-duplicate" if known and name.endswith("/inspection"):
                return known.reply + b"\n"
        return self._answered(outgoing)

    def _fail(self, outgoing: Outgoing) -> None:
        """What it refuses, or falls over."""
        name, again = outgoing.message_id, self._seen.count(outgoing.message_id) > 1
        told = sum(each.endswith("/withdrawal") for each in self._seen)
        match self._breach:
            case "order" if f"{name.removesuffix('/1')}/2" in self._seen:
                raise Unreachable("too-late", "there is a later revision")
            case "largest-message" if len(outgoing.body) > 40_000:
                raise Unreachable("error", "500 Internal Server Error")
            case "inspection-order" if name.endswith("/inspection"):
                raise refusal("invalid")
            case "notice-withdrawal" if name.endswith("/withdrawal"):
                raise refusal("invalid")
            case "notice-document" if name.endswith("/document-1"):
                raise Unreachable("error", "500 Internal Server Error")
            case "notice-duplicate" if name.endswith("/withdrawal") and again:
                raise refusal("message-id-reused")
            case "still-there" if told > 1 and not name.endswith("/withdrawal"):
                raise Unreachable("connection-refused", "it has gone")
            case "rubbish-no-trace" if name in self._spoilt:
                raise refusal("message-id-reused")

    def _afresh(self, outgoing: Outgoing) -> bytes:
        """The answer of somebody who does not remember."""
        return Desk(self._agency, MemoryLedger(), self._clock).answer(outgoing.message_id, outgoing.body, outgoing.kind)

    def _answered(self, outgoing: Outgoing) -> bytes | None:
        if outgoing.kind is MessageKind.NOTICE:
            self._desk.note(outgoing.message_id, outgoing.body)
            return None
        try:
            answer = self._desk.answer(outgoing.message_id, outgoing.body, outgoing.kind)
        except Rejected as rejected:
            return self._of_rubbish(outgoing, rejected)
        if self._breach == "reply-schema":
            return answer.replace(b"OutcomeCode>", b"Outcome>")
        change = CHANGES.get(self._breach)
        if change is None or (self._breach in ORDERED) is not (outgoing.kind is MessageKind.INSPECTION_ORDER):
            return answer
        return self._agency.reply.encode_xml(change(self._agency.reply.decode_xml(answer)))

    def _of_rubbish(self, outgoing: Outgoing, rejected: Rejected) -> bytes:
        """What it makes of what it should refuse, and does refuse unless that is its breach."""
        self._spoilt.add(outgoing.message_id)
        if rejected.problem == "message-id-reused":
            raise rejected
        match self._breach:
            case "rubbish-approved":
                return b"<Reply/>"
            case "rubbish-doctype" if rejected.problem == "forbidden-construct":
                return b"<Reply/>"
            case "rubbish-crash":
                raise Unreachable("error", "500 Internal Server Error")
        raise rejected


def refusal(problem: str) -> Rejected:
    """A refusal for this reason."""
    return Rejected(problem, (Finding(problem, "/", Text("No.", "否。")),))
