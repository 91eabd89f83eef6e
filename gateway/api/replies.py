"""Replies and acknowledgements that agencies bring over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
from aiohttp import web

from ...agencies.media_type import media_type
from ...agencies.transport import evidence
from ..dead_letter import Origin, Returned, named_message
from ..metrics import Metrics
from . import body
from .agency_access import admit
from .agency_side import AgencySide, Standing
from .context import LIMITS, UPLOADS, WINDOW
from .negotiation import JSON, XML
from .problem import Refusal
from .requests import given_json


class ReplyTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that is stored; `known`: it was there already. `status` is where the case stands with it."""

    case_id: str
    known: bool
    status: str


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency has this message and sends no reply now; with `refused`, it does not take it, and why."""

    message_id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    refused: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] | None = None


_encode = msgspec.json.Encoder().encode


async def reply(request: web.Request) -> web.Response:
    """Take an agency's reply; answered once it is on disk."""
    window, agency = request.app[WINDOW], admit(request)
    with counted(window.metrics, agency):
        document = await _document(request, agency)
    return web.Response(body=await reply_taken(window, agency, document), content_type=JSON)


async def _document(request: web.Request, agency: str) -> bytes:
    """The reply's bytes; what comes as another media type is kept as a dead letter before it is refused."""
    window = request.app[WINDOW]
    wrong = _objection(request)
    with window.metrics.stage("receive"):
        document = await body.read(
            request, window.config.gateway.max_body, request.app[LIMITS].body_seconds_max, request.app[UPLOADS]
        )
    if wrong is None:
        return document
    await window.dead_letters.keep(
        Returned(
            agency=agency,
            origin=Origin.BROUGHT,
            code=wrong.code,
            detail=f"it came as {media_type(request.headers.get('Content-Type', '')).name}",
            message_id=named_message(document),
            evidence=evidence(document, request.headers.get("Content-Type", "")),
        )
    )
    raise wrong


def _objection(request: web.Request) -> Refusal | None:
    """What is wrong with the media type. Raises Refusal (`unsupported-encoding`): such a body is not read."""
    try:
        body.media_type(request, (XML,))
    except Refusal as refusal:
        if refusal.code != "unsupported-media-type":
            raise
        return refusal
    return None


async def acknowledgement(request: web.Request) -> web.Response:
    """Take an agency's word that it has a message, or refuses it; answered once it is on disk."""
    window, agency = request.app[WINDOW], admit(request)
    with counted(window.metrics, agency):
        given = await given_json(request, Acknowledgement)
    return web.Response(body=await acknowledgement_taken(window, agency, given), content_type=JSON)


@contextmanager
def counted(metrics: Metrics, agency: str) -> Iterator[None]:
    """What is refused before it is read is counted like what is refused after."""
    try:
        yield
    except Refusal as refusal:
        metrics.reply_refused(agency, refusal.code)
        raise


async def reply_taken(window: AgencySide, agency: str, document: bytes) -> bytes:
    """What is said of a reply, as JSON, once it is on disk. Raises as `Window.reply` does, and Refusal."""
    return _said(await window.reply(agency, document))


async def acknowledgement_taken(window: AgencySide, agency: str, given: Acknowledgement) -> bytes:
    """What is said of an acknowledgement; else as `reply_taken`."""
    return _said(await window.acknowledge(agency, given.message_id, given.refused))


def _said(taken: tuple[Standing, bool] | None) -> bytes:
    if taken is None:
        raise Refusal("not-found")
    case, known = taken
    return _encode(ReplyTaken(case_id=case.id, known=known, status=case.status.value))
