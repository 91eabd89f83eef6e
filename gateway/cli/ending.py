"""How a command ends: its exit status, and what it says when the answer is no."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ...codecs.finding import Finding, Rejected

DONE: Final = 0
NO: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
INTERRUPTED: Final = 130


class Stop(Exception):
    """The command ends here with `status`.

    code: a stable word, the last part of the problem type. en, zh: what happened, in words. findings: what is wrong
    with the document that was given. problem: a gateway's own problem document, handed on with --json as it came.
    """

    def __init__(
        self,
        status: int,
        code: str,
        en: str,
        zh: str,
        findings: tuple[Finding, ...] = (),
        problem: bytes | None = None,
    ) -> None:
        super().__init__(en)
        self.status = status
        self.code = code
        self.en = en
        self.zh = zh
        self.findings = findings
        self.problem = problem

    def document(self) -> bytes:
        """The problem as the gateway would tell it over HTTP, less `instance`; `status` where HTTP has one for it."""
        import msgspec

        from ..api.problem import KINDS, TYPE_PREFIX

        kind = KINDS.get(self.code)
        en, zh = _TITLES[self.status] if kind is None else (kind.title.en, kind.title.zh)
        return msgspec.json.encode(
            {
                "type": TYPE_PREFIX + self.code,
                "title": en,
                "title_zh": zh,
                **({} if kind is None else {"status": kind.status}),
                "detail": self.en,
                "detail_zh": self.zh,
                "findings": self.findings,
            }
        )


_TITLES: Final = {
    NO: ("The answer is no", "未通过"),
    USAGE: ("Wrong usage", "用法有误"),
    UNREACHABLE: ("The gateway can't be reached", "无法连接网关"),
}

_REJECTED: Final = {
    "too-large": ("The document is larger than is taken.", "文件超出限制。"),
    "forbidden-construct": ("The document has something in it that is never taken.", "文件含有禁止使用的结构。"),
    "not-well-formed": ("The document can't be read.", "文件无法解析。"),
    "signature": ("The signature is not good.", "签名无效。"),
    "receipt-mismatch": ("The response is not the answer to this receipt.", "统一出件与受理回执不一致。"),
    "declaration-mismatch": ("This is about another declaration.", "所涉并非此申报单。"),
    "wrong-document": ("This is the wrong kind of document.", "文件种类不符。"),
}


def rejected(refusal: Rejected, name: str) -> Stop:
    """What to say of a document that is not taken; `name` is what the user calls it."""
    count = len(refusal.findings)
    mistakes = "one mistake" if count == 1 else f"{count} mistakes"
    fallback = (f"The document is not valid: {mistakes}.", f"文件不符合要求，共 {count} 处错误。")
    en, zh = _REJECTED.get(refusal.problem, fallback)
    return Stop(NO, refusal.problem, f"{name}: {en}", f"{name}：{zh}", refusal.findings)


def unusable_keys(refusal: Rejected) -> Stop:
    """What to say of a key file that can't be used."""
    finding = refusal.findings[0]
    place, words = finding.pointer, finding.message
    return Stop(NO, finding.code, f"{place}: {words.en}", f"{place}：{words.zh}", refusal.findings)


def unreadable(name: str, error: OSError) -> Stop:
    """What to say of a file that can't be read; `name` is what the user calls it."""
    from ...codecs.causes import cause
    from .harmless import one_line

    why, name = cause(error), one_line(name)
    return Stop(USAGE, "unreadable", f"{name} can't be read: {why.en}.", f"无法读取 {name}：{why.zh}。")


def output_lost(error: OSError) -> Stop:
    """What to say where standard output takes no more."""
    from ...codecs.causes import cause

    why = cause(error)
    return Stop(NO, "not-written", f"Standard output can't be written: {why.en}.", f"无法写入标准输出：{why.zh}。")


def internal_error(error: Exception) -> Stop:
    """What to say of a fault of this program; the trace is for those who ask for it."""
    return Stop(
        NO,
        "internal-error",
        f"This is a fault of onewindow: {type(error).__name__}: {error}. "
        f"`{sys.executable} -X dev -m onewindow.gateway.cli ...` shows where.",
        "程序内部错误，详见英文说明。",
    )
