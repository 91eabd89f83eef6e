"""The events of a case and what is said of them, in English and Chinese."""

from collections.abc import Mapping
from typing import Final

from ..codecs.finding import Text

EVENTS: Final[Mapping[str, Text]] = {
    "accepted": Text("accepted", "已受理"),
    "sent": Text("sent to the agency", "已分发"),
    "send-failed": Text("could not be sent", "分发未成功"),
    "acknowledged": Text("taken by the agency", "部门已接收"),
    "replied": Text("answered", "已答复"),
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


def event_words(event: str, detail: str | None) -> Text:
    """A line of the timeline: what happened and with what result; a detail without words stands for itself."""
    what = EVENTS.get(event, Text(event, event))
    if detail is None:
        return what
    known = _REFUSED.get(event) if detail == "refused" else DETAILS.get(detail)
    result = known or Text(detail, detail)
    return Text(f"{what.en}: {result.en}", f"{what.zh}：{result.zh}")
