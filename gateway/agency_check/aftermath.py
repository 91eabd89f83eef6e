"""What follows an answer: orders to inspect, which are answered, and notices, of which is taken note."""

from datetime import datetime

from ...agencies.agency import AnyAgency
from ...agencies.transport import MessageKind
from ...agencies.visits import mornings
from ...codecs import INSPECTION_ORDER, NOTICE
from ...codecs.finding import Rejected
from ...codecs.messages.codes import DocumentType, NoticeType, ReplyOutcome
from ...codecs.messages.common import AdditionalDocument, Visit
from ...codecs.messages.inspection_order import InspectionOrder
from ...codecs.messages.notice import Notice
from ..message_id import INSPECTION, WITHDRAWAL, document, following
from .deliveries import not_its_own, same
from .probe import Came, Exchange, Probe
from .replies import Read, read
from .verdict import Verdict, broken, kept, skipped

ORDERS = ("inspection-order", "inspection-result", "inspection-duplicate")


async def orders(agency: AnyAgency, probe: Probe, answers: list[Read], now: datetime) -> list[Verdict]:
    """Order what the agency asked for, and see what it makes of it."""
    wanting = next((each for each in answers if each.reply.outcome_code is ReplyOutcome.INSPECTION_REQUIRED), None)
    if wanting is None:
        why = ("it wanted to inspect none of the specimens; give a declaration that it does", "各样本均未要求查验")
        return [skipped(name, *why) for name in ORDERS]
    body = _order(agency, wanting.reply.message_id, wanting, now)
    identifier = following(wanting.reply.message_id, INSPECTION)
    came = await probe.send(identifier, body, MessageKind.INSPECTION_ORDER)
    if came.came is Came.TAKEN:
        why = ("it was taken, and a person will answer", "已接收，由人员答复")
        return [kept(ORDERS[0], *why), *(skipped(name, *why) for name in ORDERS[1:])]
    if (wrong := not_its_own(agency, came)) is not None:
        unanswered = ("the order was not answered", "查验通知未得到答复")
        return [broken(ORDERS[0], wrong, wrong), *(skipped(name, *unanswered) for name in ORDERS[1:])]
    again = await probe.send(identifier, body, MessageKind.INSPECTION_ORDER, attempt=2)
    return [kept(ORDERS[0]), _result(agency, came), same(ORDERS[2], came, again)]


def _order(agency: AnyAgency, referred: str, wanting: Read, now: datetime) -> bytes:
    wish = wanting.reply.inspection
    slot = wish.slot[0] if wish is not None and wish.slot else mornings(now)[0]
    return INSPECTION_ORDER.encode_xml(
        InspectionOrder(
            message_id=following(referred, INSPECTION),
            referred_message_id=referred,
            agency_code=agency.code,
            agency_reference_id=wanting.reply.agency_reference_id,
            functional_reference_id=wanting.specimen.reference,
            issue_date_time=now,
            goods_location=None if wish is None else wish.goods_location,
            visit=Visit(
                start_date_time=slot.start_date_time, end_date_time=slot.end_date_time, agency_code=(agency.code,)
            ),
            item_sequence_numeric=() if wish is None else wish.item_sequence_numeric,
        )
    )


def _result(agency: AnyAgency, came: Exchange) -> Verdict:
    reply = read(agency, came)
    if isinstance(reply, Rejected) or reply.outcome_code is ReplyOutcome.INSPECTION_REQUIRED:
        return broken(ORDERS[1], "it asks for the inspection that it was ordered to hold", "再次要求查验")
    return kept(ORDERS[1], reply.outcome_code.value, reply.outcome_code.value)


async def notices(agency: AnyAgency, probe: Probe, before: Read, now: datetime) -> list[Verdict]:
    """Tell it of a document that has come, and that the declaration was withdrawn; the latter twice."""
    paper = AdditionalDocument(type_code=DocumentType.OTHER, id="CHECK-1")
    told = await _tell(agency, probe, before, now, document(1), paper)
    withdrawn = await _tell(agency, probe, before, now, WITHDRAWAL, None)
    again = await _tell(agency, probe, before, now, WITHDRAWAL, None)
    return [
        _noted("notice-withdrawal", withdrawn),
        _noted("notice-document", told),
        _noted("notice-duplicate", again),
    ]


async def _tell(
    agency: AnyAgency, probe: Probe, before: Read, now: datetime, what: str, paper: AdditionalDocument | None
) -> Exchange:
    identifier = following(before.exchange.message_id, what)
    body = NOTICE.encode_xml(
        Notice(
            message_id=identifier,
            referred_message_id=before.exchange.message_id,
            agency_code=agency.code,
            agency_reference_id=before.reply.agency_reference_id,
            functional_reference_id=before.specimen.reference,
            issue_date_time=now,
            notice_type_code=NoticeType.WITHDRAWAL if paper is None else NoticeType.DOCUMENT,
            reason="A check of the contract." if paper is None else None,
            additional_document=paper,
        )
    )
    return await probe.send(identifier, body, MessageKind.NOTICE)


def _noted(check: str, came: Exchange) -> Verdict:
    if came.came in (Came.TAKEN, Came.REPLY):
        return kept(check)
    return broken(check, f"it was not taken: {came.told()}", f"未被接收：{came.told()}")
