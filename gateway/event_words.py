"""The events of a case and what is said of them, in English and Chinese."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Any, Final

from ..codecs.finding import Text
from .events import (
    Accepted,
    Acknowledged,
    Amended,
    Decided,
    DocumentOverdue,
    DocumentReceived,
    Event,
    InspectionOrdered,
    OnOverdue,
    Overdue,
    Paid,
    Rated,
    Replied,
    SendFailed,
    Sent,
    Supplemented,
    SupplementRequested,
    Warned,
    Withdrawn,
    event_name,
)
from .failure_words import failure_words
from .message_id import DOCUMENT, INSPECTION, WITHDRAWAL, what_follows

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
    "inspection-ordered": Text("a joint inspection is ordered", "已安排联合查验"),
    "decided": Text("decided", "已办结"),
    "document-received": Text("a deferred document has come", "容缺单证已补交"),
    "document-overdue": Text("a deferred document did not come in time", "容缺单证逾期未补交"),
    "paid": Text("paid", "已缴款"),
    "released": Text("the goods are released", "货物已放行"),
    "cleared": Text("all is settled", "已结关"),
    "rated": Text("rated by the trader", "申报人已评价"),
}

_FOLLOWING: Final[Mapping[tuple[str, str], Text]] = {
    ("sent", INSPECTION): Text("told when and where to inspect", "已通知查验"),
    ("acknowledged", INSPECTION): Text("will inspect", "部门已接收查验通知"),
    ("sent", WITHDRAWAL): Text("told of the withdrawal", "已告知撤回"),
    ("acknowledged", WITHDRAWAL): Text("knows of the withdrawal", "部门已知悉撤回"),
    ("sent", DOCUMENT): Text("told of the document", "已告知补交单证"),
    ("acknowledged", DOCUMENT): Text("knows of the document", "部门已知悉补交单证"),
}
"""What is said of messages that follow an agency's own."""

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

_Said = tuple[str, Text]

_REFUSED: Final = {"replied": Text("refused", "不予同意"), "decided": Text("refused", "不予放行")}


_POLICIES: Final = {
    OnOverdue.ESCALATE: Text("put before the supervisor", "已督办"),
    OnOverdue.DEEM_APPROVED: Text("deemed approved", "视为同意"),
    OnOverdue.DEEM_REFUSED: Text("deemed refused", "视为不予同意"),
}


def event_detail(event: Event) -> str | None:
    """What there is to say of an event beside its name: a reference, a code, an outcome, agencies, a reason."""
    say = _SAID.get(type(event))
    return None if say is None else say(event)[0]


def event_words(event: Event) -> Text:
    """A line of the timeline: what happened and with what result; a detail without words stands for itself."""
    what = EVENTS[event_name(event)]
    if isinstance(event, Sent | Acknowledged):
        return _FOLLOWING.get((event_name(event), what_follows(event.message_id)), what)
    say = _SAID.get(type(event))
    if say is None:
        return what
    _, result = say(event)
    return Text(f"{what.en}: {result.en}", f"{what.zh}：{result.zh}")


def _same(detail: str) -> _Said:
    return detail, Text(detail, detail)


def _agencies(codes: Iterable[str]) -> _Said:
    named = tuple(codes)
    return ", ".join(named), Text(", ".join(named), "、".join(named))


def _outcome(event: Replied | Decided) -> _Said:
    detail = event.outcome.value
    return detail, _REFUSED[event_name(event)] if detail == "refused" else DETAILS[detail]


def _warned(event: Warned) -> _Said:
    due = f"{event.due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f"due {due}", Text(f"due {due}", f"应于{due}前答复")


def _rated(event: Rated) -> _Said:
    return _same(f"{event.score}/5" if event.comment is None else f"{event.score}/5, {event.comment}")


def _revised(event: Supplemented | Amended) -> _Said:
    words = _revision(event)
    return words.en, words


_SAID: Final[Mapping[type, Callable[[Any], _Said]]] = {
    Accepted: lambda event: _same(event.reference),
    SendFailed: lambda event: (event.code, failure_words(event.code)),
    Replied: _outcome,
    Decided: _outcome,
    Supplemented: _revised,
    Amended: _revised,
    SupplementRequested: lambda event: _agencies(event.agencies),
    InspectionOrdered: lambda event: _agencies(order.agency for order in event.orders),
    Withdrawn: lambda event: _same(event.reason),
    Warned: _warned,
    Overdue: lambda event: (event.policy.value, _POLICIES[event.policy]),
    DocumentReceived: lambda event: _same(f"{event.type_code} {event.document_id}"),
    DocumentOverdue: lambda event: _same(f"{event.type_code} {event.document_id}"),
    Paid: lambda event: _same(f"{event.money.amount} {event.money.currency}, {event.reference}"),
    Rated: _rated,
}
"""What there is to say of an event beside its name, as a detail and in words; of the others there is nothing."""


def _revision(event: Supplemented | Amended) -> Text:
    number = event.revision
    if not event.asked:
        return Text(f"revision {number}, no agency is asked again", f"第 {number} 版，无须重新分发")
    return Text(
        f"revision {number}, asked again: {', '.join(event.asked)}",
        f"第 {number} 版，重新分发：{'、'.join(event.asked)}",
    )
