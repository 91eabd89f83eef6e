"""Findings as a person reads them: where, what is wrong, what would be right; off a terminal one line for each."""

from collections.abc import Sequence

from rich.console import Console

from ...codecs.finding import Finding
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
            console.file.write(in_one_line(finding) + "\n")
    if findings and console.is_terminal:
        console.print()


def in_one_line(finding: Finding) -> str:
    """The finding as one line of five fields, with tabs between them."""
    line = "-" if finding.line is None else str(finding.line)
    place = finding.pointer if finding.json_pointer is None else finding.json_pointer or "/"
    fields = (finding.code, line, place, _english(finding), finding.message.zh)
    return "\t".join(" ".join(field.split()) for field in fields)


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
