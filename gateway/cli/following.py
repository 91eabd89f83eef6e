"""Watching a case until its end or the trader's turn: a live table on a terminal, a line for each event elsewhere."""

import asyncio

from rich.live import Live

from ..status import Status, TimelineEntry
from .agencies_view import LiveCase, duration
from .client import Client
from .console import stderr


async def follow(client: Client, case_id: str, seconds: float | None, *, quiet: bool = False) -> Status:
    """The status of a case once it is decided or waits for the trader, or as it is after `seconds` (None: no limit).

    Progress goes to standard error; `quiet` shows none of it. Raises Stop as the client does.
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
            words = " ".join(part for part in (entry.agency, entry.event, entry.detail) if part)
            line = f"{duration((entry.at - begun).total_seconds()):>8}  {words}  {entry.words.zh}"
            stderr().print(line, markup=False, soft_wrap=True)
        if await _waits(client, case_id, entry):
            return


async def _waits(client: Client, case_id: str, entry: TimelineEntry) -> bool:
    """Nothing more happens until the trader does something: this is the case's last event, and asks for that."""
    if entry.event != "supplement-requested":
        return False
    status, _ = await client.status(case_id)
    return status.timeline[-1].sequence == entry.sequence


async def _watch_live(client: Client, case_id: str) -> None:
    view = LiveCase()
    with Live(view, console=stderr(), refresh_per_second=15):
        async for entry in client.events(case_id):
            status, _ = await client.status(case_id)
            view.see(status)
            if await _waits(client, case_id, entry):
                break
    stderr().print()
