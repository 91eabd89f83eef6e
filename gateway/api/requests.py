"""What a trader asks of an open case over HTTP: a supplement, an amendment, a withdrawal."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import msgspec
from aiohttp import web

from ...codecs.finding import Finding, Text
from ..case import Case
from . import body
from .context import LIMITS, UPLOADS, WINDOW
from .declarations import standing
from .negotiation import JSON
from .problem import Refusal

REASON_CHARS_MAX: Final = 512

WITHDRAWAL_BYTES_MAX: Final = 8 * 1024


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a declaration is taken back, in the trader's own words."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_CHARS_MAX, pattern=r"\S")]


_read = msgspec.json.Decoder(Withdrawal).decode


async def supplement(request: web.Request) -> web.Response:
    """Take a revision that answers what agencies asked for."""
    return await _revised(request, request.app[WINDOW].supplement)


async def amend(request: web.Request) -> web.Response:
    """Take a revision that replaces the declaration."""
    return await _revised(request, request.app[WINDOW].amend)


async def _revised(request: web.Request, revise: Callable[[str, bytes, str], Awaitable[Case | None]]) -> web.Response:
    media_type = body.media_type(request)
    document = await _body(request, request.app[WINDOW].config.gateway.max_body)
    if await revise(request.match_info["id"], document, media_type) is None:
        raise Refusal("not-found")
    return await standing(request, 202)


async def withdraw(request: web.Request) -> web.Response:
    """Take a declaration back."""
    if body.media_type(request) != JSON:
        raise Refusal("unsupported-media-type", headers={"Accept": JSON})
    given = _withdrawal(await _body(request, WITHDRAWAL_BYTES_MAX))
    if await request.app[WINDOW].withdraw(request.match_info["id"], given.reason) is None:
        raise Refusal("not-found")
    return await standing(request, 202)


async def _body(request: web.Request, bytes_max: int) -> bytes:
    with request.app[WINDOW].metrics.stage("receive"):
        return await body.read(request, bytes_max, request.app[LIMITS].body_seconds_max, request.app[UPLOADS])


def _withdrawal(document: bytes) -> Withdrawal:
    try:
        return _read(document)
    except msgspec.ValidationError as error:
        raise Refusal("invalid", findings=(_wrong(str(error)),)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal("not-well-formed", findings=(_wrong(str(error)),)) from None


def _wrong(cause: str) -> Finding:
    return Finding(
        code="withdrawal-reason",
        pointer="/reason",
        message=Text(
            en=f"A withdrawal says its reason, in 1 to {REASON_CHARS_MAX} characters: {cause}.",
            zh=f"撤回申报单须说明原因，1 至 {REASON_CHARS_MAX} 个字符。",
        ),
        expected='{"reason": "..."}',
    )
