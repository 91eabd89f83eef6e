"""What the commands that put a request to an open case have in common: put it, watch, show where the case stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from .ending import DONE, NO
from .language import label, said

if TYPE_CHECKING:
    from .client import Client, Put

_REQUESTS = ("supplemented", "amended", "withdrawn")
_SETTLEMENTS = ("document-received", "paid", "rated")

Request = Callable[["Client"], Awaitable["Put"]]


async def request(url: str, put: Request, wait: float, response: Path | None, *, as_json: bool) -> int:
    """Put a request to a case and wait so many seconds for its end; the command's exit status.

    `response`: the file in which to keep the signed response, once there is one.
    """
    from .case_view import show_decided, show_open
    from .client import Client
    from .console import write_json
    from .following import follow
    from .saving import save

    async with Client(url) as client:
        taken = await put(client)
        status, body = taken.status, taken.body
        _say(taken, _REQUESTS)
        if wait:
            await follow(client, status.id, wait, quiet=as_json)
            status, body = await client.status(status.id)
        document = await client.response(status.id) if status.outcome is not None else None
    if response is not None and document is not None:
        save(response, document, label("Response 统一出件"))
    if as_json:
        write_json(body)
    elif document is None:
        show_open(status, url)
    else:
        show_decided(status, document, url, saved=response is not None)
    return NO if status.outcome == "refused" else DONE


async def settle(url: str, put: Request, *, as_json: bool) -> int:
    """Put to a case what settles it, and say what has come of it; the command's exit status."""
    from .client import Client
    from .console import stdout, write_json
    from .settlement_view import settlement_table

    async with Client(url) as client:
        taken = await put(client)
    if as_json:
        write_json(taken.body)
        return DONE
    _say(taken, _SETTLEMENTS)
    stdout().print(settlement_table(taken.status))
    return DONE


def _say(taken: Put, events: Collection[str]) -> None:
    """Print the last of these events that the case has, or the last of all; or that it had the request already."""
    from .console import stderr

    timeline = taken.status.timeline
    entry = next((each for each in reversed(timeline) if each.event in events), timeline[-1])
    words = label("it had this already 此前已受理") if taken.replay else said(entry.words.en, entry.words.zh)
    stderr().print(f"{label('Case 办件')} {taken.status.id}: {words}", markup=False, soft_wrap=True)
