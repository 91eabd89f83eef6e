"""Supervision over HTTP: how agencies and procedures did in a stretch of time."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from aiohttp import web

from ...codecs.finding import Text
from ..supervision import Question
from ..supervisor import CASES_MAX, Unanswered
from .context import PARAMETERS, WINDOW
from .negotiation import JSON
from .parameters import bad_value
from .problem import Refusal

RANGE_DAYS: Final = 30
"""How far back one looks who does not say."""

RANGE_DAYS_MAX: Final = 366

_EARLIER: Final = Text(
    f"a time before ?to, {RANGE_DAYS_MAX} days at most", f"早于 ?to 的时间，相距不超过 {RANGE_DAYS_MAX} 天"
)
_SHORTER: Final = Text(
    f"a later time: there are more than {CASES_MAX} cases, which is as many as are counted at one time",
    f"更晚的时间：办件超过 {CASES_MAX} 件，超出一次统计的上限",
)
_BUSY: Final = Text("Others' questions are being answered. Ask again later.", "正在处理其他统计请求，请稍后再试。")

_encode = msgspec.json.Encoder().encode


async def supervision(request: web.Request) -> web.Response:
    """What was sent, answered in time, late and deemed, agency by agency, and how long cases took."""
    window = request.app[WINDOW]
    given = request[PARAMETERS]
    end = given.get("to") or window.clock()
    start = given.get("from") or _before(end)
    if not timedelta(0) < end - start <= timedelta(days=RANGE_DAYS_MAX):
        raise _refusal(start, _EARLIER)
    agency = given.get("agency")
    if agency is not None and agency not in window.agencies:
        known = tuple(window.agencies)
        expected = Text(f"one of {', '.join(known)}", f"{'、'.join(known)} 之一")
        raise Refusal("invalid-parameter", findings=(bad_value("?agency", agency, expected),))
    question = Question(start=start, end=end, procedure=given.get("procedure"), agency=agency)
    try:
        answer = await window.supervise(question)
    except Unanswered as error:
        raise _refusal(start, _SHORTER) if error.code == "too-many-cases" else Refusal("overloaded", _BUSY) from error
    return web.Response(body=_encode(answer), content_type=JSON)


def _before(end: datetime) -> datetime:
    """The time that is the first where only the last is given; a calendar has a first day."""
    first = datetime.min.replace(tzinfo=UTC)
    return max(first, end - timedelta(days=RANGE_DAYS)) if end - first > timedelta(days=RANGE_DAYS) else first


def _refusal(start: datetime, expected: Text) -> Refusal:
    return Refusal("invalid-parameter", findings=(bad_value("?from", start.isoformat(), expected),))
