"""The event feed over HTTP, a page at a time."""

from contextlib import nullcontext
from typing import Final

import msgspec
from aiohttp import web

from ...codecs.finding import Text
from ..feed import feed_document
from ..place import BEGINNING, Place, cursor, place_of
from ..store.store import UnknownPlace
from .context import LIMITS, PARAMETERS, WINDOW
from .limits import PAGE_EVENTS
from .negotiation import JSON, wait_seconds
from .parameters import BadValue, bad_value
from .problem import Refusal
from .waiting import waiting

NOW: Final = "now"
"""The cursor that stands for the end of the feed at the time of the call."""

EXPECTED: Final = Text("a cursor of the event feed, or now", "事件流水的游标，或 now")

_encode = msgspec.json.Encoder().encode


def after(text: str) -> Place | None:
    """Reads a cursor; None stands for the end of the feed. Raises BadValue."""
    if text == NOW:
        return None
    try:
        return place_of(text)
    except ValueError:
        raise BadValue(EXPECTED) from None


async def page(request: web.Request) -> web.Response:
    """The events after a cursor; with `Prefer: wait` the first that come, where there are none yet."""
    given = request[PARAMETERS]
    feed = request.app[WINDOW].feed
    wait = wait_seconds(",".join(request.headers.getall("Prefer", ())) or None, request.app[LIMITS].wait_seconds_max)
    place = given.get("after", BEGINNING)
    limit, declarant = given.get("limit", PAGE_EVENTS), given.get("declarant")
    try:
        async with waiting(request) if wait else nullcontext():
            found = await feed.page(await feed.end() if place is None else place, limit, declarant, wait or 0)
    except UnknownPlace:
        raise Refusal("invalid-parameter", findings=(bad_value("?after", cursor(place), EXPECTED),)) from None
    following = request.rel_url.update_query(after=cursor(found.next))
    headers = {"Link": f'<{following.raw_path_qs}>; rel="next"', "Vary": "Prefer"}
    if wait is not None:
        headers["Preference-Applied"] = f"wait={wait}"
    return web.Response(body=_encode(feed_document(found)), content_type=JSON, headers=headers)
