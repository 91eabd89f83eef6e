"""An agency's mailbox over HTTP: messages that it fetches, and has so long to settle."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import msgspec
from aiohttp import web

from ...agencies.http import ATTEMPT, KIND, MESSAGE_ID, REFERENCE
from ...agencies.mailbox import Letter
from ...agencies.transport import MessageKind
from ...codecs.digest import digest
from ..submission import NotServing
from .agency_access import admit
from .callers import check_page
from .context import MEDIA_TYPE, PARAMETERS, WINDOW
from .limits import FETCHERS_MAX
from .negotiation import JSON, XML
from .problem import Refusal
from .waiting import while_connected


class FetchedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message, `body` being its XML as text; in UTF-8 it hashes to `digest`. `attempt`: how often it was fetched."""

    message_id: str
    kind: MessageKind
    reference: str
    attempt: int
    media_type: str
    digest: str
    body: str


class FetchedMessages(msgspec.Struct, frozen=True, kw_only=True):
    """Messages, the oldest first, each leased for `lease_seconds`: then it is fetched again."""

    lease_seconds: float
    messages: tuple[FetchedMessage, ...]


FETCHERS = web.AppKey("fetchers", Counter[str])

_encode = msgspec.json.Encoder().encode


async def messages(request: web.Request) -> web.Response:
    """Lease an agency its messages, as JSON or, one alone, as the XML that it is."""
    check_page(request)  # a GET that takes messages away from whoever they are for
    window, agency = request.app[WINDOW], admit(request)
    given = request[PARAMETERS]
    is_xml = request[MEDIA_TYPE] == XML
    count = 1 if is_xml else given.get("max", 10)
    if not window.ready:
        raise NotServing("stopping", 5)
    with _waiting(request.app[FETCHERS], agency):
        async with while_connected(request):
            fetched = await window.mailboxes.fetch(agency, given.get("wait", 0), count)
    if fetched is None:
        raise Refusal("no-mailbox" if agency in window.agencies else "not-found")
    if request.transport is None:  # whoever waited is gone, and a lease would keep the messages from the next one
        window.mailboxes.give_back(agency, fetched)
        raise ConnectionResetError
    if is_xml:
        return _one(fetched)
    answer = FetchedMessages(
        lease_seconds=window.config.agency(agency).lease,
        messages=tuple(
            FetchedMessage(
                message_id=letter.message_id,
                kind=letter.kind,
                reference=letter.reference,
                attempt=letter.attempt,
                media_type=XML,
                digest=digest(letter.body),
                body=letter.body.decode(),
            )
            for letter in fetched
        ),
    )
    return web.Response(body=_encode(answer), content_type=JSON)


def _one(fetched: tuple[Letter, ...]) -> web.Response:
    if not fetched:
        return web.Response(status=204)
    letter = fetched[0]
    headers = {
        MESSAGE_ID: quote(letter.message_id),
        KIND: letter.kind.value,
        ATTEMPT: str(letter.attempt),
        REFERENCE: quote(letter.reference),
    }
    return web.Response(body=letter.body, content_type=XML, headers=headers)


@contextmanager
def _waiting(fetchers: Counter[str], agency: str) -> Iterator[None]:
    if fetchers[agency] >= FETCHERS_MAX:
        raise Refusal("overloaded")
    fetchers[agency] += 1
    try:
        yield
    finally:
        fetchers[agency] -= 1
