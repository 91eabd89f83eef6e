"""What a reference agency finds when it inspects: for trials, the goods are always as they were declared."""

from datetime import datetime

from msgspec.structs import replace

from ..codecs.messages.codes import ReplyOutcome
from ..codecs.messages.inspection_order import InspectionOrder
from ..codecs.messages.reply import Reply
from .decision import note, reply


def found_as_declared(order: InspectionOrder, before: Reply | None, now: datetime) -> Reply:
    """The reply to an order, given at `now`: the goods were seen and pass, on the conditions that stood `before`."""
    seen = note(
        f"{order.agency_code}.inspected",
        None,
        "The goods were inspected and found as declared.",
        "货物已查验，与申报相符。",
    )
    passed = reply(order.agency_code, order.message_id, now, (seen,))
    if before is None or not before.condition:
        return passed
    return replace(passed, outcome_code=ReplyOutcome.APPROVED_WITH_CONDITIONS, condition=before.condition)
