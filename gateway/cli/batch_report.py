"""The report of a batch: a row for each line, what became of it, and why it waits."""

import asyncio
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from ...codecs.finding import Finding, Text
from .client import CaseLine, Client, LineAnswer
from .ending import USAGE, Stop
from .saving import save

ENDINGS: Final = (".csv", ".ndjson")

PAGE_CASES: Final = 200
PAUSE_SECONDS: Final = 1.0

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet would work out: most of a report was written by somebody else."""


class Wait(msgspec.Struct, frozen=True):
    """Whom a line's case waits for, and why."""

    agency: str
    words: Text


class Row(msgspec.Struct, kw_only=True):
    """One line. result: `taken`, `taken-before`, `would-be-taken`, `valid`, or the code of what is wrong with it."""

    line: int
    result: str
    reference: str | None = None
    case: str | None = None
    status: str | None = None
    outcome: str | None = None
    waits_for: tuple[Wait, ...] = ()
    message: Text | None = None
    findings: tuple[Finding, ...] = ()


def checked(file: Path | None) -> None:
    """Raises Stop where a report can't be of the form that its name asks for."""
    if file is not None and file.suffix.lower() not in ENDINGS:
        raise Stop(
            USAGE,
            "usage",
            f"--report {file}: the name of a report ends in {' or '.join(ENDINGS)}.",
            f"--report {file}：报告文件名须以 {' 或 '.join(ENDINGS)} 结尾。",
        )


def row_of(answer: LineAnswer) -> Row:
    """The row of a line, from the answer to it."""
    problem, receipt, tried = answer.problem, answer.receipt, answer.dry_run
    if problem is not None:
        return Row(
            line=answer.line,
            result=problem.type.rpartition(":")[2],
            case=(problem.related or "").rpartition("/")[2] or None,
            message=Text(problem.detail, problem.detail_zh),
            findings=problem.findings,
        )
    if tried is not None:
        return Row(
            line=answer.line,
            result="would-be-refused" if tried.is_no else "would-be-taken",
            reference=tried.reference,
            outcome=tried.outcome,
        )
    return Row(
        line=answer.line,
        result="taken-before" if answer.replay else "taken",
        reference=None if receipt is None else receipt.reference,
        case=None if receipt is None else receipt.id,
    )


async def follow(client: Client, rows: Sequence[Row], since: str, wait_seconds: float) -> None:
    """See where the rows' cases stand, until each is decided or waits for the trader, or the time is over.

    Cases are read in pages of the list from `since` on, when the first of them was received: no call for each.
    """
    wanted = {row.case: row for row in rows if row.case is not None and row.result in ("taken", "taken-before")}
    until = asyncio.get_running_loop().time() + wait_seconds
    while wanted:
        found = await _found(client, set(wanted), since)
        for case_id, case in found.items():
            row = wanted[case_id]
            row.status, row.outcome = case.status, case.outcome
            row.waits_for = tuple(Wait(each.agency, each.words) for each in case.waits_for)
        settled = all(case.status in ("decided", "awaiting-trader") for case in found.values())
        if settled or asyncio.get_running_loop().time() >= until:
            return
        await asyncio.sleep(PAUSE_SECONDS)


async def _found(client: Client, wanted: set[str], since: str) -> dict[str, CaseLine]:
    found: dict[str, CaseLine] = {}
    asked = {"from": since, "limit": str(PAGE_CASES)}
    while True:
        page = await client.cases(asked)
        found |= {case.id: case for case in page.declarations if case.id in wanted}
        if page.next_cursor is None or len(found) == len(wanted):
            return found
        asked["cursor"] = page.next_cursor


def write(file: Path, rows: Iterable[Row]) -> None:
    """Keep the report: CSV for spreadsheets, or JSON lines. Raises Stop where that can't be done."""
    save(file, _csv(rows) if file.suffix.lower() == ".csv" else _lines(rows), "Report 报告")


def _lines(rows: Iterable[Row]) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


_COLUMNS: Final = ("line", "result", "reference", "case", "status", "outcome")


def _csv(rows: Iterable[Row]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow((*_COLUMNS, "waits_for_en", "waits_for_zh", "wrong_en", "wrong_zh"))
    for row in rows:
        waits = [Text(f"{each.agency} {each.words.en}", f"{each.agency} {each.words.zh}") for each in row.waits_for]
        told = [] if row.message is None else [row.message]
        wrong = [
            Text(f"{each.pointer}: {each.message.en}", f"{each.pointer}：{each.message.zh}") for each in row.findings
        ]
        cells = [getattr(row, name) for name in _COLUMNS]
        for texts in (waits, wrong or told):
            cells += ["; ".join(each.en for each in texts), "；".join(each.zh for each in texts)]
        writer.writerow([_cell(cell) for cell in cells])
    return b"\xef\xbb\xbf" + written.getvalue().encode()  # without the mark spreadsheets take it for another charset


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
