"""Verdicts: for each thing that the contract asks of an agency, whether it was kept, and what was seen."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from ...codecs.finding import Text


class State(StrEnum):
    """What became of one check."""

    KEPT = "kept"
    BROKEN = "broken"
    SKIPPED = "skipped"


TITLES: Final[Mapping[str, Text]] = {
    "reachable": Text("It takes its message", "能接收分发报文"),
    "reply-schema": Text("Its replies keep the reply's schema", "回执报文符合模式"),
    "message-id": Text("A reply names the message that it answers", "回执报文载明所答复的报文编号"),
    "agency-code": Text("A reply names the agency itself", "回执报文载明本部门代码"),
    "decision-time": Text("A decision is dated when it was made", "决定时间属实"),
    "reasons": Text("What is not approved has its reasons", "非同意结果附有理由"),
    "languages": Text("All words are in English and Chinese", "意见中英文齐备"),
    "pointers": Text("Pointers lead to elements of the message", "指引指向报文中的元素"),
    "levies": Text("Nothing is charged for what is refused", "不予同意时不收费"),
    "duplicate": Text("A message that comes again gets the same bytes", "重复报文得到逐字节相同的答复"),
    "duplicates-at-once": Text("A message that comes many times at once gets one answer", "同时多次送达只有一个答复"),
    "id-reused": Text("Other content under a used id is refused", "已用编号下的不同内容被拒收"),
    "order": Text("Messages may come out of order", "报文可乱序到达"),
    "concurrency": Text("Messages side by side get each its own answer", "并发报文各得其答"),
    "rubbish-empty": Text("An empty message is refused", "空报文被拒收"),
    "rubbish-text": Text("What is not XML is refused", "非 XML 内容被拒收"),
    "rubbish-cut-off": Text("Half a message is refused", "残缺报文被拒收"),
    "rubbish-doctype": Text("A document type with entities is refused", "含实体声明的报文被拒收"),
    "rubbish-foreign": Text("A message of another kind is refused", "其他种类的报文被拒收"),
    "rubbish-schema": Text("A message against its schema is refused", "不符合模式的报文被拒收"),
    "rubbish-no-trace": Text("The id of what was refused can still be used", "被拒收的编号仍可使用"),
    "largest-message": Text("The largest message is answered", "最大报文得到答复"),
    "inspection-order": Text("An order to inspect is answered", "查验通知得到答复"),
    "inspection-result": Text("The answer to an order is a result", "查验后反馈结果"),
    "inspection-duplicate": Text("An order that comes again gets the same bytes", "重复查验通知得到相同答复"),
    "notice-withdrawal": Text("It takes note of a withdrawal", "知悉撤回告知"),
    "notice-document": Text("It takes note of a document that has come", "知悉单证补交告知"),
    "notice-duplicate": Text("A notice that comes again is taken again", "重复告知再次被接收"),
    "late-answers": Text("What it takes and answers later is answered", "先接收后答复的报文均有答复"),
    "time": Text("Nothing takes longer than its time limit", "均在办理时限内"),
    "still-there": Text("It still answers after all that", "经此检验后仍能答复"),
}
"""Every check by its name, in the order in which they are reported, and what it holds."""


class Verdict(Struct, frozen=True):
    """One line of the report. check: its name in TITLES. detail: what was seen, empty where there is nothing to say."""

    check: str
    state: State
    detail: Text = Text("", "")

    @property
    def title(self) -> Text:
        """What the check holds."""
        return TITLES[self.check]


def kept(check: str, en: str = "", zh: str = "") -> Verdict:
    """The agency keeps this."""
    return Verdict(check, State.KEPT, Text(en, zh))


def broken(check: str, en: str, zh: str) -> Verdict:
    """The agency breaks this; the words say how."""
    return Verdict(check, State.BROKEN, Text(en, zh))


def skipped(check: str, en: str, zh: str) -> Verdict:
    """Nobody can say; the words say why."""
    return Verdict(check, State.SKIPPED, Text(en, zh))
