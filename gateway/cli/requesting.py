"""What the commands that put a request to an open case have in common: put it, watch, show where the case stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

from .ending import DONE, NO

if TYPE_CHECKING:
    from ..status import Status
    from .client import Client

_REQUESTS = ("supplemented", "amended", "withdrawn")
_SETTLEMENTS = ("document-received", "paid", "rated")

Put = Callable[["Client"], Awaitable["tuple[Status, bytes]"]]


async def request(url: str, put: Put, wait: float, *, as_json: bool) -> int:
    """Put a request to a case and wait so many seconds for its end; the command's exit status."""
    from .case_view import show_decided, show_open
    from .client import Client
    from .console import write_json
    from .following import follow

    async with Client(url) as client:
        taken, body = await put(client)
        _say(taken, _REQUESTS)
        status = await follow(client, taken.id, wait, quiet=as_json) if wait else taken
        if wait:
            status, body = await client.status(taken.id)
        document = await client.response(taken.id) if status.outcome is not None else None
    if as_json:
        write_json(body)
    elif document is None:
        show_open(status, url)
    else:
        show_decided(status, document, url, saved=False)
    return NO if status.outcome == "refused" else DONE


async def settle(url: str, put: Put, *, as_json: bool) -> int:
    """Put to a case what settles it, and say what has come of it; the command's exit status."""
    from .client import Client
    from .console import stdout, write_json
    from .settlement_view import settlement_table

    async with Client(url) as client:
        taken, body = await put(client)
    if as_json:
        write_json(body)
        return DONE
    _say(taken, _SETTLEMENTS)
    stdout().print(settlement_table(taken))
    return DONE


def _say(taken: Status, events: Collection[str]) -> None:
    """Print the last of these events that the case has, or the last of all."""
    from .console import stderr

    last = taken.timeline[-1:]
    entry = next((each for each in reversed(taken.timeline) if each.event in events), *last)
    stderr().print(f"Case 办件 {taken.id}: {entry.words.en} {entry.words.zh}", markup=False, soft_wrap=True)
