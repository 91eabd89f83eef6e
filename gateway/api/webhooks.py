"""Webhooks over HTTP: subscribe, look, send again, test, end."""

from typing import Annotated, Final, TypeVar

import msgspec
from aiohttp import web

from ...codecs.finding import Finding, Rejected, Text
from ..place import Place, place_of
from ..webhook import URL_CHARS_MAX, WebhookList
from ..webhooks import Wish
from .context import WINDOW
from .feed import EXPECTED, NOW
from .negotiation import JSON
from .problem import Refusal
from .requests import given_json
from .waiting import WEBHOOK_TESTS, waiting

INVALID: Final = "webhook-invalid"

EVENT_NAMES_MAX: Final = 64

Cursor = Annotated[str, msgspec.Meta(max_length=30)]

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


class WebhookRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to deliver which events: of one declarant or all, of these names or all, after a cursor or from now on."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=URL_CHARS_MAX)]
    declarant: Annotated[str, msgspec.Meta(min_length=1, max_length=140)] | None = None
    events: Annotated[tuple[str, ...], msgspec.Meta(max_length=EVENT_NAMES_MAX)] = ()
    after: Cursor = NOW


class Redelivery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The cursor after which everything is to be delivered, again or for the first time; `now` leaves out the rest."""

    after: Cursor


async def create(request: web.Request) -> web.Response:
    """Subscribe. The answer has the secret, which is not shown again."""
    given = await given_json(request, WebhookRequest, INVALID)
    wish = Wish(url=given.url, declarant=given.declarant, events=given.events, after=_place(given.after))
    try:
        made = await request.app[WINDOW].webhooks.create(wish)
    except Rejected as rejected:
        raise Refusal(INVALID, findings=rejected.findings) from None
    return _answer(made, 201, {"Location": f"/v1/webhooks/{made.id}"})


async def find(request: web.Request) -> web.Response:
    """Every subscription and how far it is."""
    return _answer(WebhookList(webhooks=await request.app[WINDOW].webhooks.all()), 200)


async def show(request: web.Request) -> web.Response:
    """One subscription and how far it is."""
    return _answer(_existing(await request.app[WINDOW].webhooks.find(request.match_info["id"])), 200)


async def remove(request: web.Request) -> web.Response:
    """End a subscription."""
    if not await request.app[WINDOW].webhooks.remove(request.match_info["id"]):
        raise Refusal("not-found")
    return web.Response(status=204)


async def redeliver(request: web.Request) -> web.Response:
    """Have everything after a cursor delivered again."""
    given = await given_json(request, Redelivery, INVALID)
    webhooks = request.app[WINDOW].webhooks
    try:
        found = await webhooks.send_back(request.match_info["id"], _place(given.after))
    except Rejected as rejected:
        raise Refusal(INVALID, findings=rejected.findings) from None
    return _answer(_existing(found), 202)


async def test(request: web.Request) -> web.Response:
    """Send the subscriber one document that is no event, and tell what came of it."""
    async with waiting(request, WEBHOOK_TESTS):
        found = await request.app[WINDOW].webhooks.test(request.match_info["id"])
    return _answer(_existing(found), 200)


def _existing(found: T | None) -> T:
    if found is None:
        raise Refusal("not-found")
    return found


def _answer(content: object, status: int, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, body=_encode(content), content_type=JSON, headers=headers)


def _place(cursor: str) -> Place | None:
    """The place of a cursor; None for the end of the feed. Raises Refusal."""
    if cursor == NOW:
        return None
    try:
        return place_of(cursor)
    except ValueError:
        message = Text(f"This is not {EXPECTED.en}.", f"应为{EXPECTED.zh}。")
        finding = Finding(code="cursor-unknown", pointer="/after", message=message, value=cursor)
        raise Refusal(INVALID, findings=(finding,)) from None
