"""Reading replies: what no schema can say of one is looked at here, whichever way it came."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..codecs import REPLY
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.messages.reply import Reply

SUM_MAX = Decimal(10) ** 12
"""What one agency may charge in one currency: with the most agencies there still is room for the bill's total."""

CLOCKS_APART_MAX: Final = timedelta(minutes=5)
"""How far an agency's clock may be from the window's."""


def read_reply(body: bytes, now: datetime) -> Reply:
    """The reply in these bytes of XML, which came `now`. Raises Rejected where it breaks its schema or can't be meant.

    A decision may have been made long before; nobody can have made it after it came.
    """
    value = REPLY.decode_xml(body)
    findings = (*_times(value, now), *_slots(value), *_sums(value))
    if findings:
        raise Rejected("invalid", findings)
    return value


def read_reply_of(agency: str, body: bytes, now: datetime) -> Reply:
    """The reply that this agency has brought. Raises Rejected as `read_reply` does, and where it is another's."""
    value = read_reply(body, now)
    if value.agency_code != agency:
        raise Rejected("invalid", (_foreign(agency, value.agency_code),))
    return value


def _foreign(agency: str, named: str) -> Finding:
    return Finding(
        code="reply-of-another",
        pointer="/Reply/AgencyCode",
        message=Text(
            en=f"The reply is {named}'s, and was brought as {agency}'s.",
            zh=f"回执报文属于 {named}，却以 {agency} 的名义提交。",
        ),
        value=named,
        expected=agency,
    )


def _times(value: Reply, now: datetime) -> Iterator[Finding]:
    decided, latest = value.decision_date_time, now + CLOCKS_APART_MAX
    if decided > latest:
        yield Finding(
            code="decision-in-future",
            pointer="/Reply/DecisionDateTime",
            message=Text("The decision is dated later than it came.", "决定时间晚于回执报文送达时间。"),
            value=decided.isoformat(),
            expected=f"not after {latest.isoformat()}",
        )


def _slots(value: Reply) -> Iterator[Finding]:
    slots = () if value.inspection is None else value.inspection.slot
    for place, slot in enumerate(slots, start=1):
        if slot.end_date_time <= slot.start_date_time:
            yield Finding(
                code="slot-order",
                pointer=f"/Reply/Inspection/Slot[{place}]/EndDateTime",
                message=Text("A time to inspect ends before it begins.", "查验时段的结束时间早于开始时间。"),
                value=slot.end_date_time.isoformat(),
                expected=f"after {slot.start_date_time.isoformat()}",
            )


def _sums(value: Reply) -> Iterator[Finding]:
    sums: dict[str, Decimal] = {}
    for line in value.duty_tax_fee:
        currency = line.payment_amount.currency_id.value
        sums[currency] = sums.get(currency, Decimal(0)) + line.payment_amount.value
    for currency, amount in sums.items():
        if amount >= SUM_MAX:
            yield Finding(
                code="sum-too-large",
                pointer="/Reply/DutyTaxFee",
                message=Text(
                    f"The charges add up to {amount} {currency}; less than {SUM_MAX} can be billed.",
                    f"税费合计 {amount} {currency}，超过可开具的上限 {SUM_MAX}。",
                ),
                value=str(amount),
                expected=f"less than {SUM_MAX}",
            )
