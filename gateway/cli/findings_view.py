"""Findings as a person reads them: where, what is wrong, what would be right; off a terminal one line for each."""

from collections.abc import Sequence

from rich.console import Console

from ...codecs.finding import Finding
from .console import write_fields
from .language import said, spoken
from .paragraph import show_paragraph
from .places import places


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print the findings; nothing where there are none.

    On a terminal each is a short paragraph. Elsewhere it is one line of code, line (`-` where there is none), pointer,
    English and Chinese words, with tabs between them: for grep, cut and people. Pointers into JSON are JSON Pointers.
    """
    for finding in findings:
        if console.is_terminal:
            _show(console, finding)
        else:
            write_fields(console, _fields(finding))
    if findings and console.is_terminal:
        console.print()


def _fields(finding: Finding) -> tuple[str, ...]:
    line = "-" if finding.line is None else str(finding.line)
    place = finding.pointer if finding.json_pointer is None else finding.json_pointer or "/"
    in_english, in_chinese = spoken()
    words = ((_english(finding),) if in_english else ()) + ((_chinese(finding),) if in_chinese else ())
    return finding.code, line, place, *words


def _show(console: Console, finding: Finding) -> None:
    place = "" if finding.line is None else said(f"line {finding.line}", f"第 {finding.line} 行") + "  "
    head = f"{place}{places([finding.pointer])}"
    show_paragraph(console, head, _english(finding), _chinese(finding), finding.code)


def _english(finding: Finding) -> str:
    """The sentence, with what was expected where the sentence does not say so."""
    expected = finding.expected
    if expected is None or expected in finding.message.en:
        return finding.message.en
    return f"{finding.message.en} Expected: {expected}"


def _chinese(finding: Finding) -> str:
    """The same in Chinese."""
    expected = finding.expected
    if expected is None or expected in finding.message.zh or expected in finding.message.en:
        return finding.message.zh
    return f"{finding.message.zh}应为：{expected}"
