"""The events of a case and what is said of them, in English and Chinese."""

from collections.abc import Mapping
from datetime import UTC
from typing import Final

from ..codecs.finding import Text
from .events import (
    Accepted,
    Acknowledged,
    Amended,
    Decided,
    Event,
    OnOverdue,
    Overdue,
    Replied,
    SendFailed,
    Sent,
    Supplemented,
    SupplementRequested,
    Warned,
    Withdrawn,
    event_name,
)

EVENTS: Final[Mapping[str, Text]] = {
    "accepted": Text("accepted", "已受理"),
    "sent": Text("sent to the agency", "已分发"),
    "send-failed": Text("could not be sent", "分发未成功"),
    "acknowledged": Text("taken by the agency", "部门已接收"),
    "replied": Text("answered", "已答复"),
    "supplement-requested": Text("the trader is asked for a supplement", "待申报人补正"),
    "supplemented": Text("supplemented", "已补正"),
    "amended": Text("amended", "已变更"),
    "withdrawn": Text("withdrawn", "已撤回"),
    "warned": Text("the agency's time is running out", "办理时限预警"),
    "overdue": Text("the agency did not answer in time", "部门逾期未答复"),
    "decided": Text("decided", "已办结"),
}

DETAILS: Final[Mapping[str, Text]] = {
    "approved": Text("approved", "同意"),
    "approved-with-conditions": Text("approved with conditions", "附条件同意"),
    "inspection-required": Text("inspection required", "需查验"),
    "supplement-required": Text("supplement required", "需补正"),
    "cleared": Text("cleared", "放行"),
    "cleared-with-conditions": Text("cleared with conditions", "附条件放行"),
    "withdrawn": Text("withdrawn", "已撤回"),
}
"""Outcomes, of agencies and of cases; `refused` is told apart by the event."""

_REFUSED: Final = {"replied": Text("refused", "不予同意"), "decided": Text("refused", "不予放行")}


_POLICIES: Final = {
    OnOverdue.ESCALATE: Text("put before the supervisor", "已督办"),
    OnOverdue.DEEM_APPROVED: Text("deemed approved", "视为同意"),
    OnOverdue.DEEM_REFUSED: Text("deemed refused", "视为不予同意"),
}


def event_detail(event: Event) -> str | None:
    """What there is to say of an event beside its name: a reference, a code, an outcome, agencies, a reason."""
    match event:
        case Accepted():
            return event.reference
        case SendFailed():
            return event.code
        case Replied() | Decided():
            return event.outcome.value
        case Supplemented() | Amended():
            return _revision(event).en
        case SupplementRequested():
            return ", ".join(event.agencies)
        case Withdrawn():
            return event.reason
        case Warned():
            return f"due {event.due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case Overdue():
            return event.policy.value
        case Sent() | Acknowledged():
            return None


def event_words(event: Event) -> Text:
    """A line of the timeline: what happened and with what result; a detail without words stands for itself."""
    name = event_name(event)
    what = EVENTS[name]
    detail = event_detail(event)
    if detail is None:
        return what
    if isinstance(event, Supplemented | Amended):
        result = _revision(event)
    elif isinstance(event, SupplementRequested):
        result = Text(detail, "、".join(event.agencies))
    elif isinstance(event, Overdue):
        result = _POLICIES[event.policy]
    elif isinstance(event, Warned):
        result = Text(detail, f"应于{detail.removeprefix('due ')}前答复")
    elif isinstance(event, Replied | Decided):
        result = _REFUSED[name] if detail == "refused" else DETAILS[detail]
    else:
        result = Text(detail, detail)
    return Text(f"{what.en}: {result.en}", f"{what.zh}：{result.zh}")


def _revision(event: Supplemented | Amended) -> Text:
    number = event.revision
    if not event.asked:
        return Text(f"revision {number}, no agency is asked again", f"第 {number} 版，无须重新分发")
    return Text(
        f"revision {number}, asked again: {', '.join(event.asked)}",
        f"第 {number} 版，重新分发：{'、'.join(event.asked)}",
    )
