"""Watching a case until its end or the trader's turn: a live table on a terminal, a line for each event elsewhere."""

import asyncio

from rich.live import Live

from ..status import Status, TimelineEntry
from .agencies_view import LiveCase, duration
from .client import Client
from .console import stderr
from .language import said, spoken
from .terms import agency_name


async def follow(client: Client, case_id: str, seconds: float | None, *, quiet: bool = False) -> Status:
    """The status of a case once it is decided, or waits for the trader or for its inspection, or after `seconds`.

    None: however long it takes. Progress goes to standard error; `quiet` shows none of it. Raises Stop as Client does.
    """
    try:
        async with asyncio.timeout(seconds):
            if stderr().is_terminal and not quiet:
                await _watch_live(client, case_id)
            else:
                await _watch(client, case_id, quiet=quiet)
    except TimeoutError:
        pass
    status, _ = await client.status(case_id)
    return status


async def _watch(client: Client, case_id: str, *, quiet: bool) -> None:
    begun = None
    async for entry in client.events(case_id):
        begun = begun or entry.at
        if not quiet:
            codes = " ".join(part for part in (entry.event, entry.detail) if part)
            words = codes if all(spoken()) else entry.words.en
            who = f"{agency_name(entry.agency)} " if entry.agency else ""
            line = f"{duration((entry.at - begun).total_seconds()):>8}  {who}{said(words, entry.words.zh, '  ')}"
            stderr().print(line, markup=False, soft_wrap=True)
        if await _waits(client, case_id, entry):
            return


async def _waits(client: Client, case_id: str, entry: TimelineEntry) -> bool:
    """Nothing more happens soon: this is the case's last event, and it waits for the trader or for the inspection."""
    if entry.event not in ("supplement-requested", "acknowledged"):
        return False
    status, _ = await client.status(case_id)
    inspected = status.status == "awaiting-inspection" and not any(agency.state == "sent" for agency in status.agencies)
    return status.timeline[-1].sequence == entry.sequence and (inspected or status.status == "awaiting-trader")


async def _watch_live(client: Client, case_id: str) -> None:
    view = LiveCase()
    with Live(view, console=stderr(), refresh_per_second=15):
        async for entry in client.events(case_id):
            status, _ = await client.status(case_id)
            view.see(status)
            if await _waits(client, case_id, entry):
                break
    stderr().print()
