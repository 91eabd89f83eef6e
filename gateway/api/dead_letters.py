"""Dead letters over HTTP: list, look into, send again, put aside."""

from typing import Final

import msgspec
from aiohttp import web

from ..dead_letter import DeadLetter
from ..dead_letter_office import DeadLetterOffice, DeadLetterShown
from ..store.dead_letters import LetterSearch
from ..submission import NotServing
from .context import PARAMETERS, WINDOW
from .limits import PAGE_CASES
from .negotiation import JSON
from .problem import Refusal
from .requests import Reason, given_json

OCTETS: Final = "application/octet-stream"

_encode = msgspec.json.Encoder().encode


class DeadLetterPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list; `next_cursor` is the `cursor` of the page after it, None on the last one."""

    dead_letters: tuple[DeadLetter, ...]
    next_cursor: str | None


class Discarding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a dead letter is put aside, in the operator's own words."""

    note: Reason


async def find(request: web.Request) -> web.Response:
    """Dead letters, newest first, a page at a time."""
    given = request[PARAMETERS]
    limit = given.get("limit", PAGE_CASES)
    search = LetterSearch(
        agency=given.get("agency"), state=given.get("state"), after=given.get("cursor"), limit=limit + 1
    )
    found = await request.app[WINDOW].dead_letters.letters.find(search)
    more = len(found) > limit
    page = DeadLetterPage(dead_letters=found[:limit], next_cursor=found[limit - 1].id if more else None)
    headers = {}
    if page.next_cursor is not None:
        following = request.rel_url.update_query(cursor=page.next_cursor)
        headers["Link"] = f'<{following.raw_path_qs}>; rel="next"'
    return web.Response(body=_encode(page), content_type=JSON, headers=headers)


async def show(request: web.Request) -> web.Response:
    """One dead letter, and how its message stands."""
    return _answer(await request.app[WINDOW].dead_letters.show(request.match_info["id"]))


async def evidence(request: web.Request) -> web.Response:
    """The bytes of a dead letter, as they came: hostile perhaps, so never to be shown by whoever fetches them."""
    letter_id = request.match_info["id"]
    body = await request.app[WINDOW].dead_letters.letters.body(letter_id)
    if body is None:
        raise Refusal("not-found")
    headers = {
        "Content-Disposition": f'attachment; filename="{letter_id}.bin"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return web.Response(body=body, content_type=OCTETS, headers=headers)


async def resend(request: web.Request) -> web.Response:
    """Send the message of a dead letter again."""
    return _answer(await _serving(request).resend(request.match_info["id"]), 202)


async def discard(request: web.Request) -> web.Response:
    """Put a dead letter aside."""
    office = _serving(request)
    given = await given_json(request, Discarding)
    return _answer(await office.discard(request.match_info["id"], given.note))


def _serving(request: web.Request) -> DeadLetterOffice:
    window = request.app[WINDOW]
    if not window.ready:
        raise NotServing("stopping", 5)
    return window.dead_letters


def _answer(shown: DeadLetterShown | None, status: int = 200) -> web.Response:
    if shown is None:
        raise Refusal("not-found")
    return web.Response(status=status, body=_encode(shown), content_type=JSON)
