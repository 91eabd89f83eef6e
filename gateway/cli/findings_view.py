"""Findings as a person reads them: where, what is wrong, what would be right; off a terminal one line for each."""

from collections.abc import Sequence

from rich.console import Console

from ...codecs.finding import Finding
from .console import write_fields
from .paragraph import show_paragraph
from .places import places


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print the findings; nothing where there are none.

    On a terminal each is a short paragraph. Elsewhere it is one line of code, line (`-` where there is none), pointer,
    English and Chinese words, with tabs between them: for grep, cut and people.
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
    return finding.code, line, finding.pointer, _english(finding), finding.message.zh


def _show(console: Console, finding: Finding) -> None:
    place = "" if finding.line is None else f"line 第 {finding.line} 行  "
    head = f"{place}{places([finding.pointer])}"
    show_paragraph(console, head, _english(finding), finding.message.zh, finding.code)


def _english(finding: Finding) -> str:
    """The sentence, with what was expected where the sentence does not say so."""
    expected = finding.expected
    if expected is None or expected in finding.message.en:
        return finding.message.en
    return f"{finding.message.en} Expected 应为：{expected}"
