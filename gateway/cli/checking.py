"""An agency checked against the contract, and the report of it."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.text import Text

from ...agencies.agency import AnyAgency
from ...agencies.agency_fault import AgencyFault
from ...agencies.trial import unusable as unusable_by
from ...codecs.finding import Rejected
from ...codecs.messages.declaration import Declaration
from .. import intake
from ..agency_check import Probe, State, Verdict, built_in, check, specimens
from ..agency_check.specimen import largest
from ..config import Config
from .console import stdout, write_fields, write_json
from .console import table as new_table
from .document import read
from .ending import DONE, NO, USAGE, Stop, rejected
from .language import label, said
from .paragraph import show_paragraph
from .starting import tried_agencies, unusable
from .terms import both
from .way import open_way

_MARKS: Final = {State.KEPT: ("✓", "good"), State.BROKEN: ("✗", "bad.strong"), State.SKIPPED: ("–", "quiet")}

_SHOWN: Final = {State.BROKEN: "broken 违反", State.SKIPPED: "not checked 未核"}


class Report(msgspec.Struct, frozen=True):
    """The check of one agency; `run` is in the id of every message that was sent."""

    agency: str
    run: str
    checked_at: datetime
    verdicts: tuple[Verdict, ...]

    @property
    def broken(self) -> int:
        """How many things the agency breaks."""
        return sum(each.state is State.BROKEN for each in self.verdicts)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a check is asked for.

    files: declarations beside the samples. patience: for any one answer. listen: the configuration's host and port were
    given for this check, so that nothing else will do.
    """

    files: Sequence[Path] = ()
    patience: timedelta
    listen: bool = False


def check_agency(config: Config, code: str, asked: Asked, *, as_json: bool) -> int:
    """Check one agency over its transport and show the report; the command's exit status.

    Raises Stop where the agency can't be used or reached, or its own code makes no message of a declaration.
    """
    agency = _agency(code)
    try:
        report = asyncio.run(_checked(config, agency, asked))
    except AgencyFault as fault:
        raise unusable(unusable_by(fault)) from fault
    if as_json:
        write_json(msgspec.json.encode(_document(report)))
    else:
        show_report(stdout(), report)
    return NO if report.broken else DONE


def _agency(code: str) -> AnyAgency:
    known = tried_agencies(code)
    if code not in known:
        en, zh = (
            f"There is no agency {code}; installed are {', '.join(known)}.",
            f"没有部门 {code}；已安装：{'、'.join(known)}。",
        )
        raise Stop(USAGE, "unknown-agency", en, zh)
    return known[code]


async def _checked(config: Config, agency: AnyAgency, asked: Asked) -> Report:
    now = datetime.now(UTC)
    run = f"{now:%Y%m%dT%H%M%S}"
    given = [_declaration(file) for file in asked.files]
    sent = specimens(agency, chain(given, built_in(now)), run)
    if not sent:
        en = f"No sample concerns {agency.code}: give a declaration that does, with --declaration FILE."
        raise Stop(
            USAGE, "not-concerned", en, f"样本均不涉及 {agency.code}，请用 --declaration 提供涉及该部门的申报单。"
        )
    async with AsyncExitStack() as stack:
        way = await open_way(config, agency, run, stack, listen=asked.listen)
        patience_seconds = asked.patience.total_seconds()
        probe = Probe(agency.code, way.transport, run, lambda: datetime.now(UTC), patience_seconds, way.stand_in)
        limit = config.agency(agency.code).time_limit or agency.time_limit
        verdicts = await check(agency, probe, sent, largest(agency, given, run, now), limit, now)
        if probe.unheard and way.deaf is not None:
            raise way.deaf
    return Report(agency.code, run, now, verdicts)


def _declaration(file: Path) -> Declaration:
    given = read(file)
    try:
        return intake.read(given.body, given.media_type)
    except Rejected as refusal:
        raise rejected(refusal, given.name) from refusal


def _document(report: Report) -> dict[str, object]:
    return {
        "agency": report.agency,
        "run": report.run,
        "checked_at": report.checked_at,
        "kept": not report.broken,
        "checks": [
            {"check": each.check, "state": each.state.value, "title": each.title, "detail": each.detail}
            for each in report.verdicts
        ],
    }


def show_report(console: Console, report: Report) -> None:
    """Print the report; off a terminal one line for each check."""
    if not console.is_terminal:
        for each in report.verdicts:
            texts = (each.title.en, each.detail.en, each.title.zh, each.detail.zh)
            write_fields(console, (each.check, each.state.value, *texts))
        return
    table = new_table(expand=False)
    table.add_column("", no_wrap=True)
    table.add_column("What the contract asks 约定内容", overflow="fold")
    for each in report.verdicts:
        mark, style = _MARKS[each.state]
        table.add_row(Text(mark, style), both(each.title))
    console.print(table)
    console.print()
    for each in report.verdicts:
        if each.state is not State.KEPT:
            show_paragraph(console, f"{each.check}  {label(_SHOWN[each.state])}", each.detail.en, each.detail.zh)
    words = (
        (label("keeps the contract 符合约定"), "good.strong")
        if not report.broken
        else (said(f"breaks the contract in {report.broken}", f"违反约定 {report.broken} 处"), "bad.strong")
    )
    console.print(Text.assemble((report.agency, "term"), " ", words, f"  ({report.run})"))
