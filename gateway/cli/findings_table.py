"""Findings as a table: where, what is wrong, what would be right."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ...codecs.finding import Finding
from .console import table as new_table
from .places import places


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print the findings; nothing where there are none."""
    if not findings:
        return
    table = new_table()
    if any(finding.line is not None for finding in findings):
        table.add_column("Line 行", justify="right", no_wrap=True)
    table.add_column("Where 位置", ratio=2, overflow="fold")
    table.add_column("What is wrong 问题", ratio=3, overflow="fold")
    table.add_column("Expected 应为", ratio=2, overflow="fold")
    for finding in findings:
        row = [Text(places([finding.pointer]), "term"), _words(finding), Text(finding.expected or "", style="good")]
        if len(table.columns) == 4:
            row.insert(0, Text("" if finding.line is None else str(finding.line)))
        table.add_row(*row)
    console.print(table)
    console.print()


def _words(finding: Finding) -> Text:
    words = Text(finding.message.en)
    if finding.message.zh != finding.message.en:
        words.append(f"\n{finding.message.zh}", "quiet")
    words.append(f"\n{finding.code}", "quiet")
    return words
