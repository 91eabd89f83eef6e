"""A dry run as a person reads it: who would be asked, what their rules say, and what would be merged of it."""

from rich.console import Console
from rich.text import Text

from ..dry_run import DryRun, DryRunAgency
from .console import stdout
from .console import table as new_table
from .language import label, said
from .moments import moment
from .paragraph import show_paragraph
from .places import places
from .response_view import ROW_COUNT_MAX, show_bill, show_inspection
from .terms import DECISIONS, OUTCOMES, STATES, Term, agency_name, agency_names, both, term

_WITHOUT_RULES = Term("would be asked", "将分发", "quiet")
_UNABLE = Term("program fails", "程序出错", "bad")


def show_dry_run(found: DryRun) -> None:
    """Print what would become of a declaration."""
    console = stdout()
    console.print(both(found.words, "mixed", "\n"))
    if found.test:
        console.print(label("Test mode 测试模式"), style="mixed")
    used = found.reference_used
    if used is not None:
        show_paragraph(console, f"{found.reference}  {label('case 办件')} {used.id}", used.words.en, used.words.zh)
    console.print()
    _show_agencies(console, found)
    if found.outcome is not None:
        words = term(OUTCOMES, found.outcome.value)
        rest = "" if found.complete else "   " + label("as far as rules tell 仅就已有规则而言")
        line = Text.assemble(label("Would be 预计结果") + "  ", (words.said, f"{words.style}.strong"))
        console.print(line.append(rest, "quiet"))
    for agency in found.agencies:
        _show_remarks(console, agency)
    if found.joint_inspection is not None:
        show_inspection(console, found.joint_inspection)
    if found.bill is not None:
        show_bill(console, found.bill)


def _show_agencies(console: Console, found: DryRun) -> None:
    table = new_table()
    table.add_column("Agency 部门")
    table.add_column("Would answer 预计答复")
    table.add_column("After 前置部门", ratio=1)
    for agency in found.agencies:
        fault = "" if agency.fault is None else f" ({agency.fault.value})"
        table.add_row(
            both(agency.name),
            _answer(agency).text().append(fault, "mixed"),
            agency_names(agency.after),
        )
    console.print(table)
    console.print()


def _answer(agency: DryRunAgency) -> Term:
    if agency.unable:
        return _UNABLE
    if not agency.asked:
        return STATES["not-concerned"]
    return _WITHOUT_RULES if agency.outcome is None else term(DECISIONS, agency.outcome.value)


def _show_remarks(console: Console, agency: DryRunAgency) -> None:
    """Why nothing can be said; findings, then conditions; those that say the same of several elements once."""
    if agency.unable:
        show_paragraph(console, agency_name(agency.code), agency.words.en, agency.words.zh)
    alike: dict[tuple[str, str, str], list[str | None]] = {}
    for finding in agency.findings:
        alike.setdefault((finding.message.en, finding.message.zh, ""), []).append(finding.pointer)
    for condition in agency.conditions:
        due = "" if condition.due_at is None else f"{label('due 履行期限')} {moment(condition.due_at)}"
        alike.setdefault((condition.message.en, condition.message.zh, due), []).append(condition.pointer)
    for (en, zh, note), pointers in list(alike.items())[:ROW_COUNT_MAX]:
        where = " / ".join(places(pointers).split("\n"))
        show_paragraph(console, "  ".join(part for part in (agency_name(agency.code), where) if part), en, zh, note)
    if len(alike) > ROW_COUNT_MAX:
        console.print(
            said(f"... and {len(alike) - ROW_COUNT_MAX} more", f"其余 {len(alike) - ROW_COUNT_MAX} 条从略"),
            style="quiet",
        )
