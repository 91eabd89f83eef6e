"""Why a case is not decided yet: whom it waits for, and what became of what that one was sent."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from ..codecs.finding import Text
from ..codecs.messages.codes import ReplyOutcome
from .case import Case, CaseStatus, Part, PartState
from .failure_words import failure_words
from .life import answered
from .plan import awaited


class CaseWait(msgspec.Struct, frozen=True, kw_only=True):
    """One agency for which, or for whose question to the trader, a case waits; `failure` as in its status."""

    agency: str
    state: PartState
    failure: str | None
    words: Text


_WORDS: Final[Mapping[PartState, Text]] = {
    PartState.READY: Text("is about to be sent its message", "待分发"),
    PartState.SENT: Text("has its message and has not answered yet", "已分发，尚未答复"),
    PartState.ACKNOWLEDGED: Text("has taken its message, and somebody will answer it", "已接收，待人工答复"),
}
_ASKS: Final = Text("asks the trader for a supplement", "要求申报人补正")


def case_waits(case: Case) -> tuple[CaseWait, ...]:
    """Whom an open case waits for; nobody where it is decided."""
    return () if case.closed else tuple(_waits(case))


def _waits(case: Case) -> Iterator[CaseWait]:
    for part in case.parts:
        current = case.order(part) or part
        if case.status is CaseStatus.AWAITING_TRADER:
            if answered(case, part).outcome is ReplyOutcome.SUPPLEMENT_REQUIRED:
                yield CaseWait(agency=part.agency, state=current.state, failure=None, words=_ASKS)
        elif not current.settled:
            words = _words(current, case)
            yield CaseWait(agency=part.agency, state=current.state, failure=current.failure, words=words)


def _words(part: Part, case: Case) -> Text:
    if part.failure is not None:
        cause = failure_words(part.failure)
        return Text(f"can't be brought its message: {cause.en}", f"分发未成功：{cause.zh}")
    if part.state is PartState.WAITING:
        before = awaited(part, case.parts)
        return Text(f"is asked after {', '.join(before)}", f"待{'、'.join(before)}答复后分发")
    return _WORDS.get(part.state, _WORDS[PartState.SENT])
