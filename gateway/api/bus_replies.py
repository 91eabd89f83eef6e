"""Replies and acknowledgements that agencies bring over the bus; they are answered with what HTTP would answer."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec

from ...agencies.bus import Bus, BusAccess
from ...agencies.return_address import (
    AUTHORIZATION,
    CONTENT_TYPE,
    INBOX,
    REPLIES,
    RETRY_AFTER,
    Answered,
    Brought,
    receive,
    return_address,
)
from ..config_check import is_loopback
from .agency_access import check
from .agency_side import AgencySide
from .body import check_encoding, too_large
from .failure import RETRY_SECONDS, problem_of
from .negotiation import JSON, XML
from .problem import MEDIA_TYPE, Refusal
from .replies import Acknowledgement, acknowledgement_taken, counted, reply_taken
from .requests import REQUEST_BYTES_MAX, read_json

if TYPE_CHECKING:
    from nats.aio.client import Client

QUEUE: Final = "window"
"""Of several windows on one store, one takes what is brought."""

_encode = msgspec.json.Encoder().encode


class BusReplies:
    """Takes what is brought to the return addresses of a window's agencies, for as long as its bus is kept.

    Each agency has an address of its own, so that none who brings too much stands in another's way. run: that of one
    check of an agency (see `return_address`).
    """

    def __init__(self, window: AgencySide, bus: Bus, run: str = "") -> None:
        self._window = window
        self._run = run
        self._inbox = f"{bus.access.inbox}."
        self._client: Client | None = None
        self._is_known = _is_known(bus.access)
        bus.keep(self._look)

    async def _look(self, client: "Client") -> frozenset[str]:
        """Listen on this connection."""
        if client is not self._client:
            codes = set(self._window.agencies)
            for code in codes:
                others = {self._inbox, *(f"{INBOX}{each}." for each in codes - {code})}
                await receive(client, return_address(code, self._run), self._take, QUEUE, others)
            self._client = client
        return frozenset()

    async def _take(self, brought: Brought) -> Answered:
        """Take one thing; its answer is given once it is on disk."""
        try:
            return Answered(200, await self._taken(brought), {CONTENT_TYPE: JSON})
        except Exception as error:  # noqa: BLE001 - no caller may see what is inside; the log does
            problem = problem_of(error, ".".join((REPLIES, *brought.to)))
            headers = {CONTENT_TYPE: MEDIA_TYPE}
            if problem.status in (429, 503):
                headers[RETRY_AFTER] = str(RETRY_SECONDS)
            return Answered(problem.status, _encode(problem), headers)

    async def _taken(self, brought: Brought) -> bytes:
        agency = brought.to[0]
        check(self._window, agency, brought.headers.get(AUTHORIZATION, ""), is_known=self._is_known)
        with counted(self._window.metrics, agency):
            check_encoding(brought.headers.get("Content-Encoding", ""))
            if brought.media_type not in (XML, JSON):
                raise Refusal("unsupported-media-type")
            is_reply = brought.media_type == XML
            _check_size(brought.body, self._window.config.gateway.max_body if is_reply else REQUEST_BYTES_MAX)
            given = None if is_reply else read_json(brought.body, Acknowledgement)
        if given is None:
            return await reply_taken(self._window, agency, brought.body)
        return await acknowledgement_taken(self._window, agency, given)


def _check_size(body: bytes, bytes_max: int) -> None:
    if not body:
        raise Refusal("empty-body")
    if len(body) > bytes_max:
        raise too_large(bytes_max, str(len(body)))


def _is_known(access: BusAccess) -> bool:
    """Whether the bus lets in only whom it knows, or nobody from outside this machine."""
    shown = access.credentials is not None or access.certificate is not None
    return shown or is_loopback(urlsplit(access.url).hostname or "")
