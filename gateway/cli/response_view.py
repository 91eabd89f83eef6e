"""The one response as a person reads it: outcome, findings, conditions, joint inspection, bill."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...codecs.messages.codes import BillLineStatus
from ...codecs.messages.common import Amount
from ...codecs.messages.common import Text as Words
from ...codecs.messages.response import AgencyDecision, Bill, BillLine, Condition, Finding, JointInspection, Response
from ..merge import WITHDRAWN
from ..status import bilingual
from .console import table as new_table
from .harmless import values
from .language import label, said
from .moments import moment
from .paragraph import show_paragraph
from .places import places, ranges
from .terms import LEVIES, OUTCOMES, agency_name, agency_names, both, term

ROW_COUNT_MAX: Final = 20
"""Rows of one table; a bill with more lines is shown by type, other lists are cut, and both say so."""


def show_response(console: Console, response: Response) -> None:
    """Print everything in a response but what the agencies' table shows: of agencies only why one did not answer."""
    response = values(response)
    words = term(OUTCOMES, response.outcome_code.value)
    moves = label("goods may move 准予提离") if response.release_indicator else label("goods stay 暂不得提离")
    line = Text.assemble(label("Outcome 办理结果") + "  ", (words.said, f"{words.style}.strong"))
    console.print(line.append(f"   {moves}", "quiet"))
    _show_findings(console, response.finding)
    _show_conditions(console, response.condition)
    _show_absences(console, response.agency_decision)
    if response.joint_inspection is not None:
        show_inspection(console, response.joint_inspection)
    if response.bill is not None and response.bill.bill_line:
        show_bill(console, response.bill)


def _show_findings(console: Console, findings: Sequence[Finding]) -> None:
    alike: dict[tuple[str, str, Words], list[str | None]] = {}
    for finding in findings:
        alike.setdefault((finding.agency_code, finding.code, finding.text[0]), []).append(finding.pointer)
    texts = {finding.text[0]: finding.text for finding in findings}
    _show_title(console, label("Findings 审核意见"), len(alike))
    for (agency, _, words), pointers in list(alike.items())[:ROW_COUNT_MAX]:
        _show_remark(console, (agency_name(agency), places(pointers)), texts[words])
    show_rest(console, len(alike))


def _show_conditions(console: Console, conditions: Sequence[Condition]) -> None:
    alike: dict[tuple[str, Words, datetime | None], list[str | None]] = {}
    for condition in conditions:
        key = (condition.agency_code, condition.text[0], condition.due_date_time)
        alike.setdefault(key, []).append(condition.pointer)
    texts = {condition.text[0]: condition.text for condition in conditions}
    _show_title(console, label("Conditions 附加条件"), len(alike))
    for (agency, words, due), pointers in list(alike.items())[:ROW_COUNT_MAX]:
        until = "" if due is None else f"{label('due 履行期限')} {moment(due)}"
        _show_remark(console, (agency_name(agency), places(pointers)), texts[words], until)
    show_rest(console, len(alike))


def _show_absences(console: Console, decisions: Sequence[AgencyDecision]) -> None:
    absent = [decision for decision in decisions if decision.absence_reason]
    silent = [decision for decision in absent if _was_asked(decision)]
    for title, those in (
        (label("Without an answer 未答复的部门"), silent),
        (label("Not concerned 不涉及的部门"), [decision for decision in absent if decision not in silent]),
    ):
        _show_title(console, title, len(those))
        for decision in those:
            _show_remark(console, (agency_name(decision.agency_code),), decision.absence_reason)


def _was_asked(absent: AgencyDecision) -> bool:
    """Whether an agency without an answer was to give one: it is deemed to have, or the declaration was withdrawn."""
    return absent.outcome_code is not None or WITHDRAWN.en in {words.value for words in absent.absence_reason}


def _show_title(console: Console, title: str, count: int) -> None:
    if count:
        console.print()
        console.print(title, style="quiet", markup=False)


def _show_remark(console: Console, head: Iterable[str], texts: tuple[Words, ...], note: str = "") -> None:
    """One finding or condition: who and where, then what, then by when."""
    words = bilingual(texts)
    line = "  ".join(" / ".join(part.split("\n")) for part in head if part)
    show_paragraph(console, line, words.en, words.zh, note)


def show_rest(console: Console, count: int) -> None:
    """Say how many there are beside those shown."""
    if count > ROW_COUNT_MAX:
        rest = count - ROW_COUNT_MAX
        console.print(said(f"... and {rest} more", f"其余 {rest} 条从略"), style="quiet")


def _show_table(console: Console, table: Table, count: int) -> None:
    console.print()
    console.print(table)
    show_rest(console, count)


def show_inspection(console: Console, inspection: JointInspection) -> None:
    """Print when, where and of what the agencies see the goods together."""
    place = inspection.goods_location
    table = new_table()
    table.add_column("Joint inspection 联合查验", no_wrap=True)
    table.add_column("Agencies 部门", ratio=3)
    table.add_column("Place 地点", ratio=2)
    table.add_column("Items 项号", ratio=1)
    for visit in inspection.visit:
        where = "" if place is None else place.name or place.id
        period = f"{moment(visit.start_date_time)} - {visit.end_date_time.astimezone():%H:%M}"
        table.add_row(period, agency_names(visit.agency_code), where, ranges(inspection.item_sequence_numeric))
    _show_table(console, table, len(inspection.visit))


class _Row(Struct, frozen=True):
    item: str
    agency: str
    levy: str
    basis: Amount
    rate: str
    amount: Amount
    provisional: bool


def show_bill(console: Console, bill: Bill) -> None:
    """Print the bill item by item; one with many lines by agency and type."""
    grouped = len(bill.bill_line) > ROW_COUNT_MAX
    lines = sorted(bill.bill_line, key=lambda line: line.item_sequence_numeric or 0)
    rows = list(_grouped(bill.bill_line)) if grouped else [_row(line) for line in lines]
    table = new_table(show_footer=True)
    table.add_column("Lines\n行数" if grouped else "Item\n项", justify="right")
    table.add_column("Bill\n缴款单", ratio=1, footer=Text("Total 合计", "term"))
    table.add_column("Agency\n部门", overflow="fold")
    table.add_column("Basis\n计征依据", justify="right", no_wrap=True)
    table.add_column("Rate\n税率", justify="right", no_wrap=True)
    totals = "\n".join(_money(total) for total in bill.total_amount)
    table.add_column("Amount\n应缴", justify="right", no_wrap=True, footer=Text(totals, "term"))
    for row in rows:
        levy = term(LEVIES, row.levy)
        table.add_row(
            row.item,
            both(levy).append("*" if row.provisional else ""),
            agency_name(row.agency),
            f"{row.basis.value:,.2f}",
            row.rate,
            _money(row.amount),
        )
    _show_table(console, table, len(rows))
    if any(row.provisional for row in rows):
        console.print(label("* provisional until all is settled 暂定，以最终核定为准"), style="quiet")


def _row(line: BillLine) -> _Row:
    return _Row(
        "" if line.item_sequence_numeric is None else str(line.item_sequence_numeric),
        line.agency_code,
        line.type_code.value,
        line.tax_base_amount,
        percent(line.tax_rate_numeric),
        line.payment_amount,
        line.status_code is BillLineStatus.PROVISIONAL,
    )


def _grouped(lines: Iterable[BillLine]) -> Iterable[_Row]:
    """One row for all lines of an agency, a type and a currency; the rates differ, so no rate."""
    groups: dict[tuple[str, str, str], list[BillLine]] = {}
    for line in lines:
        key = (line.agency_code, line.type_code.value, line.payment_amount.currency_id.value)
        groups.setdefault(key, []).append(line)
    for (agency, levy, _), members in groups.items():
        basis, amount = members[0].tax_base_amount, members[0].payment_amount
        yield _Row(
            str(len(members)),
            agency,
            levy,
            Amount(value=_sum(each.tax_base_amount for each in members), currency_id=basis.currency_id),
            "",
            Amount(value=_sum(each.payment_amount for each in members), currency_id=amount.currency_id),
            any(each.status_code is BillLineStatus.PROVISIONAL for each in members),
        )


def _sum(amounts: Iterable[Amount]) -> Decimal:
    return sum((amount.value for amount in amounts), Decimal(0))


def percent(rate: Decimal) -> str:
    """A rate as people write it: `13 %`, `5.5 %`."""
    return f"{rate.normalize():f} %"


def _money(amount: Amount) -> str:
    return f"{amount.value:,.2f} {amount.currency_id.value}"
