"""The reply that a test reference asks for, in place of the one that an agency's rules would give."""

from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from ..codecs.finding import Text
from ..codecs.messages.codes import BillLineStatus, ReplyOutcome
from ..codecs.messages.reply import Inspection, Reply
from .decision import Remark, reply
from .directives import directions
from .visits import visits

CONDITION_PERIOD: Final = timedelta(days=15)

WORDS: Final = Text("Test mode: the reference asks for this outcome.", "测试模式：按业务编号的要求给出此结果。")

_SETTLED: Final = (ReplyOutcome.APPROVED, ReplyOutcome.APPROVED_WITH_CONDITIONS)


def directed_reply(message: Any, ruled: Reply, now: datetime) -> Reply:
    """The reply to a message as its reference asks for it; the one that the rules gave where it asks for none. Pure.

    It has the bill lines of the rules, as far as its outcome lets it. A supplement is asked for in answer to the first
    revision only, so that giving one gets on.
    """
    asked = directions(getattr(message, "functional_reference_id", "")).of.get(ruled.agency_code)
    outcome = None if asked is None else asked.outcome
    first = ruled.message_id.split("/")[2:3] == ["1"]
    if outcome is None or (outcome is ReplyOutcome.SUPPLEMENT_REQUIRED and not first):
        return ruled
    due = now + CONDITION_PERIOD if outcome is ReplyOutcome.APPROVED_WITH_CONDITIONS else None
    status = BillLineStatus.FINAL if outcome in _SETTLED else BillLineStatus.PROVISIONAL
    return reply(
        ruled.agency_code,
        ruled.message_id,
        now,
        [Remark(outcome, f"{ruled.agency_code}.test", None, WORDS, due)],
        lines=[replace(line, status_code=status) for line in ruled.duty_tax_fee],
        visit=ruled.inspection or Inspection(slot=visits(None, now)),
        valuations=ruled.customs_valuation,
    )
