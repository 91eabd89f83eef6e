"""`onewindow validate --batch`: what the gateway would say of each line of a batch, without a gateway."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from ...codecs import limits
from ...codecs.finding import Finding, Rejected, Text
from ..intake import JSON
from ..intake import read as read_declaration
from ..partial_check import Rule
from .batch import name_of, opened
from .batch_report import Row, checked, write
from .console import stderr, write_json
from .ending import DONE, NO, USAGE, Stop

LINE_BYTES_MAX: Final = limits.DEFAULT.body_bytes_max
"""Bytes of one line: those of the body of one declaration."""

_encode = msgspec.json.Encoder().encode


class LineVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one line, as `validate --json` says it of one declaration."""

    line: int
    valid: bool
    reference: str | None
    findings: tuple[Finding, ...]


def validate_batch(file: Path, rules: tuple[Rule, ...], report: Path | None) -> int:
    """Write a verdict on each line of a file, `-` being standard input; the command's exit status. Raises Stop."""
    checked(report)
    valid = wrong = 0
    rows: list[Row] = []
    with opened(file) as source:
        for number, line in _lines(source):
            verdict = _verdict(number, line, rules)
            write_json(_encode(verdict) + b"\n")
            valid, wrong = valid + verdict.valid, wrong + (not verdict.valid)
            if report is not None:
                result = "valid" if verdict.valid else "invalid"
                rows.append(Row(line=number, result=result, reference=verdict.reference, findings=verdict.findings))
    if not valid and not wrong:
        raise Stop(USAGE, "empty", f"{name_of(file)} is empty.", f"{name_of(file)} 为空。")
    if report is not None:
        write(report, rows)
    stderr().print(f"{valid} valid, {wrong} not  有效 {valid}，无效 {wrong}", markup=False, soft_wrap=True)
    return NO if wrong else DONE


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, with their numbers; None for one that is too long, which is not held."""
    held, number, too_long = bytearray(), 1, False
    while chunk := source.read(64 * 1024):
        first, *others = chunk.split(b"\n")
        for place, piece in enumerate((first, *others)):
            if place:
                if too_long or held.strip():
                    yield number, None if too_long else bytes(held)
                held.clear()
                number, too_long = number + 1, False
            too_long = too_long or len(held) + len(piece) > LINE_BYTES_MAX
            if too_long:
                held.clear()
            else:
                held += piece
    if too_long or held.strip():
        yield number, None if too_long else bytes(held)


def _verdict(number: int, line: bytes | None, rules: tuple[Rule, ...]) -> LineVerdict:
    if line is None:
        words = Text(f"The line is longer than {LINE_BYTES_MAX} bytes.", f"该行超过 {LINE_BYTES_MAX} 字节。")
        finding = Finding(code="body-bytes", pointer="/", message=words)
        return LineVerdict(line=number, valid=False, reference=None, findings=(finding,))
    try:
        declaration = read_declaration(line, JSON, rules)
    except Rejected as refusal:
        return LineVerdict(line=number, valid=False, reference=None, findings=refusal.findings)
    return LineVerdict(line=number, valid=True, reference=declaration.functional_reference_id, findings=())
