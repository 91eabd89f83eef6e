"""`onewindow events`: what happens to all cases, in order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE, UNREACHABLE, Stop
from .options import Json, OptionalCursor, Url

if TYPE_CHECKING:
    from ..feed import FeedDocument, FeedEntry
    from .client import Client

EVENTS_READ: Final = 200
"""Events that are read at a time: as many as the gateway gives."""

WAIT_SECONDS: Final = 20
"""How long the gateway is asked to wait for news before it answers that there is none."""

ATTEMPTS_MAX: Final = 7
"""Times that a gateway which can't be reached is tried again before `--follow` gives up: half a minute or so."""


def events(
    *,
    after: OptionalCursor = None,
    limit: Annotated[int, Parameter(validator=Number(gte=1))] = 100,
    declarant: str | None = None,
    follow: Annotated[bool, Parameter(negative=())] = False,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """List the events of all cases in order, and the cursor at which to go on.

    按顺序列出全部办件的事件，并给出续读的游标。

    Exit status: 0 done; 1 the cursor is not one of this gateway's; 2 wrong usage; 3 no gateway.
    退出码：0 完成；1 游标无效；2 用法有误；3 无法连接网关。

    :param after: The cursor at which to go on, or `now`; without it from the first event on. 续读的游标，或 now
    :param limit: Events at most; not with --follow. 事件数上限，不用于 --follow
    :param declarant: Only cases of this declarant. 仅限该申报人
    :param follow: Go on as events happen, until Ctrl-C. 持续列出，直至按 Ctrl-C
    :param url: The gateway. 网关地址
    :param as_json: One JSON document on standard output and nothing else; with --follow one a line for each event.
        以 JSON 输出；与 --follow 同用时每个事件一行
    """
    if follow:
        return asyncio.run(_follow(after, declarant, url, as_json=as_json))
    return asyncio.run(_list(after, limit, declarant, url, as_json=as_json))


async def _list(after: str | None, limit: int, declarant: str | None, url: str, *, as_json: bool) -> int:
    import msgspec

    from ..feed import FeedDocument
    from .client import Client
    from .console import stderr, write_json
    from .language import label

    found: list[FeedEntry] = []
    async with Client(url) as client:
        while True:
            page, body = await client.feed(after, min(EVENTS_READ, limit - len(found)), declarant)
            found += msgspec.json.decode(body, type=FeedDocument).events
            after = page.next
            if not as_json:
                _show(page)
            if len(found) >= limit or not page.more:
                break
    if as_json:
        whole = msgspec.json.decode(body, type=FeedDocument)
        write_json(msgspec.json.encode(msgspec.structs.replace(whole, events=tuple(found))))
        return DONE
    words = label("More 续读") if page.more else label("Later 此后")
    stderr().print(
        f"{words}: onewindow events --after {page.next} --url {url}", style="quiet", markup=False, soft_wrap=True
    )
    return DONE


async def _follow(after: str | None, declarant: str | None, url: str, *, as_json: bool) -> int:
    import msgspec

    from ..feed import FeedDocument
    from .client import Client
    from .console import write_json

    async with Client(url) as client:
        while True:
            page, body = await _next(client, after, declarant)
            after = page.next
            if as_json:
                for entry in msgspec.json.decode(body, type=FeedDocument).events:
                    write_json(msgspec.json.encode(entry))
            else:
                _show(page)


async def _next(client: Client, after: str | None, declarant: str | None) -> tuple[FeedDocument, bytes]:
    """The next page, read and as it came; a gateway that is not there for a moment is waited for."""
    for attempt in range(ATTEMPTS_MAX):
        try:
            return await client.feed(after, EVENTS_READ, declarant, WAIT_SECONDS)
        except Stop as stop:
            if stop.status != UNREACHABLE or stop.code == "not-a-gateway" or attempt == ATTEMPTS_MAX - 1:
                raise
            await asyncio.sleep(2**attempt / 2)
    raise AssertionError("the last attempt ends the loop")


def _show(page: FeedDocument) -> None:
    from .console import stdout
    from .language import said
    from .terms import agency_name

    console = stdout()
    for entry in page.events:
        agency = "" if entry.agency is None else f"{agency_name(entry.agency)} "
        line = f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}  {entry.reference}  {agency}"
        console.print(f"{line}{said(entry.words.en, entry.words.zh, '  ')}", markup=False, soft_wrap=True)
    if page.events:
        console.file.flush()
