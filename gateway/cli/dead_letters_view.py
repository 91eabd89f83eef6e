"""Dead letters as a person reads them; what came from outside is made safe for a terminal first."""

from typing import Final

from rich.console import Console
from rich.text import Text

from ..dead_letter import DeadLetter, LetterState
from ..dead_letter_office import DeadLetterShown
from ..failure_words import failure_words
from .harmless import one_line
from .language import label, said
from .moments import moment
from .paragraph import show_paragraph
from .terms import CASES, Term, agency_name, term

EVIDENCE_BYTES_SHOWN: Final = 4096

STATES: Final = {
    LetterState.OPEN: Term("open", "待处理", "bad"),
    LetterState.SENT_AGAIN: Term("sent again", "已重新分发", "running"),
    LetterState.ANSWERED: Term("answered", "已答复", "good"),
    LetterState.DISCARDED: Term("put aside", "已搁置", "quiet"),
}


def show_list(console: Console, letters: tuple[DeadLetter, ...], *, more: bool) -> None:
    """Print dead letters, each under its id, which stands alone on its line: it is to be copied."""
    for each in letters:
        why = failure_words(each.code)
        console.print(each.id, style="term", soft_wrap=True)
        console.print(f"  {agency_name(each.agency)}: {said(why.en, why.zh)}", soft_wrap=True)
        times = f"{label('times 次数')} {each.count}, {label('last 最近')} {moment(each.last_at)}"
        console.print(Text.assemble("  ", _state(each), f"  {times}"), soft_wrap=True)
    if not letters:
        console.print(label("There are none 无死信"), style="quiet")
    if more:
        console.print(label("There are more; see --limit, --agency and --state. 未全部列出"), style="quiet")


def show_letter(console: Console, shown: DeadLetterShown) -> None:
    """Print all that is known of a dead letter and how its message stands."""
    letter, why = shown.letter, failure_words(shown.letter.code)
    show_paragraph(
        console, f"{agency_name(letter.agency)}: {letter.code}", f"{why.en}.", f"{why.zh}。", one_line(letter.detail)
    )
    lines = [
        (label("Message 分发报文"), one_line(letter.message_id or "-")),
        (label("Came 收到"), moment(letter.first_at)),
        (
            label("Times 次数"),
            f"{letter.count}"
            if letter.count == 1
            else f"{letter.count}, {label('last 最近')} {moment(letter.last_at)}",
        ),
        (
            label("Bytes 字节"),
            f"{letter.size_bytes}, {label('kept 留存')} {letter.kept_bytes}, {one_line(letter.media_type or '-')}",
        ),
        (label("Digest 摘要"), letter.digest),
    ]
    if letter.note is not None:
        lines.append((label("Note 备注"), one_line(letter.note)))
    for name, value in lines:
        console.print(f"{name}  {value}", soft_wrap=True)
    console.print(label("State 状态") + " ", _state(letter), f" {moment(letter.changed_at)}", sep="", soft_wrap=True)
    if shown.case_status is None:
        console.print(f"{label('Case 办件')}  {label('none here 无此办件')}", style="quiet")
    else:
        console.print(
            label("Case 办件") + " ", term(CASES, shown.case_status.value).text(), f" {letter.case_id}", sep=""
        )
    if shown.awaited:
        console.print(label("Its message is awaited: resend it, or answer it. 办件仍在等待，可重新分发或人工答复"))


def _state(letter: DeadLetter) -> Text:
    return STATES[letter.state].text()


def show_evidence(console: Console, body: bytes) -> None:
    """Print the beginning of what came, line by line, with everything escaped that could do something to a terminal."""
    console.print()
    if not body:
        console.print(label("Nothing came with it. 无原始内容"), style="quiet")
        return
    for line in body[:EVIDENCE_BYTES_SHOWN].decode("utf-8", errors="backslashreplace").split("\n"):
        console.print(Text("| " + one_line(line.removesuffix("\r"))), soft_wrap=True)
    rest = len(body) - EVIDENCE_BYTES_SHOWN
    if rest > 0:
        console.print(said(f"{rest} bytes more, see --raw", f"其余 {rest} 字节见 --raw"), style="quiet")
