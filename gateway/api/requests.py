"""What a trader asks of a case over HTTP: a supplement, an amendment, a withdrawal, and what settles it."""

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from itertools import islice
from typing import Annotated, Final, TypeVar

import msgspec
from aiohttp import web

from ...codecs.finding import Finding, Rejected, Text
from ...codecs.json_twin import read_plain
from ...codecs.limits import FINDING_COUNT_MAX
from ..case import SCORE_MAX, Money
from ..plain_text import all_mistakes
from ..requests import Granted
from . import body
from .allowed_values import allowed, allowed_value
from .context import LIMITS, UPLOADS, WINDOW
from .declarations import standing
from .negotiation import JSON
from .problem import Refusal

T = TypeVar("T")

REASON_CHARS_MAX: Final = 512

REQUEST_BYTES_MAX: Final = 8 * 1024

END: Final = r"$(?!\n)"
"""The end of the text itself: a `$` alone lets a newline follow."""

_INDEX: Final = re.compile(r"\[(\d+)\]")

_CHARACTER: Final = r"\x00-\x1f\x7f\ufffe\uffff"
Reason = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=REASON_CHARS_MAX,
        pattern=rf"^[^{_CHARACTER}]*[^{_CHARACTER} ][^{_CHARACTER}]*{END}",
        extra=allowed(f"one line of up to {REASON_CHARS_MAX} characters", f"一行文字，不超过 {REASON_CHARS_MAX} 字"),
    ),
]
"""Words of the trader's own, on one line: an agency is told them in XML, which has no control characters."""


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a declaration is taken back, in the trader's own words."""

    reason: Reason


class DocumentDelivery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document that was to follow: its type and number as declared, and the SHA-256 of its bytes."""

    type_code: Annotated[
        str, msgspec.Meta(pattern="^[A-Z0-9]{1,8}" + END, extra=allowed("a type such as 861", "类别代码，如 861"))
    ]
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=140)]
    digest: Annotated[
        str,
        msgspec.Meta(
            pattern="^sha256:[0-9a-f]{64}" + END,
            extra=allowed("sha256: and 64 hexadecimal digits in lower case", "sha256: 加 64 位小写十六进制数"),
        ),
    ]


class PaymentClaim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payment of the bill, under the payer's or the bank's reference; the amount is a decimal string."""

    reference: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=140,
            pattern=r"^[!-~]+" + END,
            extra=allowed("1 to 140 letters, digits and signs, no space", "1 至 140 个字母、数字或符号，不含空格"),
        ),
    ]
    amount: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?" + END,
            extra=allowed("an amount as text, such as 1200.00", "文本形式的金额，如 1200.00"),
        ),
    ]
    currency: Annotated[
        str, msgspec.Meta(pattern="^[A-Z]{3}" + END, extra=allowed("a currency such as CNY", "币制代码，如 CNY"))
    ]


class RatingGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the trader thinks of how the case was handled: 1 (very poor) to 5 (very good)."""

    score: Annotated[int, msgspec.Meta(ge=1, le=SCORE_MAX)]
    comment: Reason | None = None


async def supplement(request: web.Request) -> web.Response:
    """Take a revision that answers what agencies asked for."""
    return await _revised(request, request.app[WINDOW].supplement)


async def amend(request: web.Request) -> web.Response:
    """Take a revision that replaces the declaration."""
    return await _revised(request, request.app[WINDOW].amend)


async def _revised(
    request: web.Request, revise: Callable[[str, bytes, str], Awaitable[Granted | None]]
) -> web.Response:
    media_type = body.media_type(request)
    document = await _body(request, request.app[WINDOW].config.gateway.max_body)
    return await _changed(request, await revise(request.match_info["id"], document, media_type))


async def withdraw(request: web.Request) -> web.Response:
    """Take a declaration back."""
    given = await given_json(request, Withdrawal)
    return await _changed(request, await request.app[WINDOW].withdraw(request.match_info["id"], given.reason))


async def receive_document(request: web.Request) -> web.Response:
    """Take a deferred document."""
    given = await given_json(request, DocumentDelivery)
    case_id = request.match_info["id"]
    return await _changed(
        request, await request.app[WINDOW].receive_document(case_id, given.type_code, given.id, given.digest)
    )


async def pay(request: web.Request) -> web.Response:
    """Record a payment."""
    given = await given_json(request, PaymentClaim)
    money = Money(Decimal(given.amount), given.currency)
    if not money.amount:
        expected = Text("an amount above 0", "大于 0 的金额")
        raise Refusal("invalid", findings=(_wrong("/amount", "a payment of nothing", expected),))
    return await _changed(request, await request.app[WINDOW].pay(request.match_info["id"], given.reference, money))


async def rate(request: web.Request) -> web.Response:
    """Record the trader's rating."""
    given = await given_json(request, RatingGiven)
    return await _changed(request, await request.app[WINDOW].rate(request.match_info["id"], given.score, given.comment))


async def _changed(request: web.Request, granted: Granted | None) -> web.Response:
    """The status of the case that has taken a request. Raises Refusal (`not-found`) where there is none."""
    if granted is None:
        raise Refusal("not-found")
    answer = await standing(request, 202)
    if granted.replay:
        answer.headers["Idempotent-Replay"] = "true"
    return answer


async def _body(request: web.Request, bytes_max: int) -> bytes:
    with request.app[WINDOW].metrics.stage("receive"):
        return await body.read(request, bytes_max, request.app[LIMITS].body_seconds_max, request.app[UPLOADS])


async def given_json(request: web.Request, kind: type[T], problem: str = "invalid") -> T:
    """The JSON of a request, read as a struct. Raises Refusal, of kind `problem` where a member is wrong or missing."""
    if body.media_type(request) != JSON:
        raise Refusal("unsupported-media-type", headers={"Accept": JSON})
    return read_json(await _body(request, REQUEST_BYTES_MAX), kind, problem)


def read_json(document: bytes, kind: type[T], problem: str = "invalid") -> T:
    """JSON read as a struct.

    Raises Refusal, of kind `problem` where a member is wrong, missing or given twice, or a text of it can't be seen.
    """
    try:
        plain = read_plain(document)
        findings = tuple(islice(all_mistakes(plain), FINDING_COUNT_MAX))
        if findings:
            raise Rejected("invalid", findings)
        return msgspec.convert(plain, type=kind)
    except Rejected as refusal:
        raise Refusal(problem if refusal.problem == "invalid" else refusal.problem, findings=refusal.findings) from None
    except msgspec.ValidationError as error:
        words, _, place = str(error).partition(" - at `$")
        from_zero = "/" + place.rstrip("`").removeprefix(".").replace(".", "/")
        pointer = _INDEX.sub(lambda found: f"[{int(found[1]) + 1}]", from_zero)
        raise Refusal(problem, findings=(_wrong(pointer, words, allowed_value(kind, from_zero)),)) from None


def _wrong(pointer: str, cause: str, expected: Text | None = None) -> Finding:
    if expected is not None:
        return Finding(
            code="request-invalid",
            pointer=pointer,
            message=Text(
                en=f"{pointer} has a value that is not allowed; expected: {expected.en}.",
                zh=f"{pointer} 的值不符合要求，应为：{expected.zh}。",
            ),
            expected=expected.en,
        )
    return Finding(
        code="request-invalid",
        pointer=pointer,
        message=Text(en=f"The request can't be taken: {cause}.", zh=f"{pointer} 的值不符合要求：{cause}。"),
    )
