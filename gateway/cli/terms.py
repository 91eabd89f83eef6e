"""Codes in words, as the terminal shows them: English, Chinese, and a style that says how good the news is."""

from collections.abc import Iterable
from typing import Final, Protocol

from msgspec import Struct
from rich.text import Text

from .language import said, spoken


class Term(Struct, frozen=True):
    """A code's words; `style` is one of the console's theme."""

    en: str
    zh: str
    style: str = ""

    def text(self) -> Text:
        """The words on one line."""
        return Text(self.said, self.style)

    @property
    def said(self) -> str:
        """The words, in the reader's language."""
        return said(self.en, self.zh)


class Words(Protocol):
    """What is said in English and in Chinese."""

    @property
    def en(self) -> str:
        """In English."""

    @property
    def zh(self) -> str:
        """In Chinese."""


def both(words: Words, style: str = "", between: str = " ") -> Text:
    """The words in the reader's language; where that is both, the Chinese ones are quiet unless a style is given."""
    in_english, in_chinese = spoken()
    if in_english and in_chinese and words.zh and words.zh != words.en:
        return Text.assemble((words.en, style), between, (words.zh, style or "quiet"))
    return Text(said(words.en, words.zh), style)


OUTCOMES: Final = {
    "cleared": Term("cleared", "放行", "good"),
    "cleared-with-conditions": Term("cleared with conditions", "附条件放行", "mixed"),
    "inspection-required": Term("inspection required", "需查验", "mixed"),
    "supplement-required": Term("supplement required", "需补正", "mixed"),
    "refused": Term("refused", "不予放行", "bad"),
    "withdrawn": Term("withdrawn", "已撤回", "mixed"),
}
"""Outcomes of a case."""

DECISIONS: Final = {
    "approved": Term("approved", "同意", "good"),
    "approved-with-conditions": Term("conditions", "附条件", "mixed"),
    "inspection-required": Term("inspection", "需查验", "mixed"),
    "supplement-required": Term("supplement", "需补正", "mixed"),
    "refused": Term("refused", "不予同意", "bad"),
}
"""What one agency answered, short enough for a table."""

DEEMED: Final = {
    "approved": Term("deemed approved", "视为同意", "mixed"),
    "refused": Term("deemed refused", "视为不予同意", "bad"),
}
"""What an agency that let its time pass is taken to have answered."""

STATES: Final = {
    "deemed": Term("deemed", "视为答复", "mixed"),
    "waiting": Term("waits for others", "待前置答复", "quiet"),
    "ready": Term("not sent yet", "待分发", "quiet"),
    "sent": Term("sent", "已发送", "running"),
    "acknowledged": Term("at work", "办理中", "running"),
    "unreachable": Term("unreachable", "联系不上", "bad"),
    "answered": Term("answered", "已答复", "good"),
    "not-concerned": Term("not asked", "不涉及", "quiet"),
}
"""Where one agency's part stands."""

CASES: Final = {
    "accepted": Term("accepted", "已受理", "running"),
    "processing": Term("being processed", "办理中", "running"),
    "awaiting-trader": Term("waiting for the trader", "待补正", "mixed"),
    "awaiting-inspection": Term("waiting for the inspection", "待查验", "mixed"),
    "decided": Term("decided", "已办结", "good"),
}
"""Where a case stands."""

STANDINGS: Final = {
    "on-time": Term("on time", "按时", "good"),
    "late": Term("late", "超时", "bad"),
    "deemed": Term("deemed", "视为答复", "mixed"),
    "open": Term("open", "在办", "running"),
    "dropped": Term("dropped", "不再等待", "quiet"),
}
"""What became of messages to agencies."""

WAYS: Final = {
    "import": Term("import", "进口"),
    "export": Term("export", "出口"),
}
"""Procedures."""

LEVIES: Final = {
    "ADD": Term("Anti-dumping duty", "反倾销税"),
    "CUD": Term("Customs duty", "关税"),
    "CVD": Term("Countervailing duty", "反补贴税"),
    "ENV": Term("Environmental protection tax", "环境保护税"),
    "EXC": Term("Consumption tax", "消费税"),
    "OTH": Term("Other fee", "其他税费"),
    "VAT": Term("Value added tax", "增值税"),
}
"""Types of duties, taxes and fees."""


AGENCIES: Final = {
    "customs": Term("Customs", "海关"),
    "tax": Term("Tax", "税务"),
    "market-supervision": Term("Market supervision", "市场监管"),
    "quality-inspection": Term("Quality inspection", "质检"),
}
"""The agencies that are shipped, where an answer has their codes alone."""


def agency_name(code: str) -> str:
    """The agency in the reader's language; where that is both, its code, which is what commands take."""
    known = AGENCIES.get(code)
    return code if known is None or all(spoken()) else known.said


def agency_names(codes: Iterable[str]) -> str:
    """Several of them."""
    return ", ".join(map(agency_name, codes))


def term(terms: dict[str, Term], code: str) -> Term:
    """The words of a code; the code itself where there are none."""
    return terms.get(code, Term(code, ""))
