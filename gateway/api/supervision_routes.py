"""The route by which a supervisor looks at agencies and procedures."""

import re
from typing import Final

from ..config import PROCEDURES
from ..percentiles import EXACT_MAX
from ..supervision import Supervision
from . import supervision
from .described import STORE_PROBLEMS, text
from .negotiation import JSON
from .parameters import matching, moment, one_of
from .route import Answer, Body, Parameter, Route

AGENCY_CODE: Final = re.compile(r"[a-z0-9-]{1,64}")

SUPERVISION: Final = Route(
    method="GET",
    path="/v1/supervision",
    operation="getSupervision",
    tag="supervision",
    words=text("How agencies and procedures did", "电子监察"),
    explanation=text(
        "Of the cases received in a stretch of time: what each agency was sent, answered in time, late or not at all,"
        " and how long that took it, in its working time where it has a calendar; how long cases took, and how they"
        f" ended. Percentiles are exact up to {EXACT_MAX} values and within one per cent beyond.",
        "统计指定时间内受理的办件：各部门收到、按时答复、超时和视为答复的报文数及用时（有工作日历的按工作时间计），"
        f"各流程的办结用时与结果。不超过 {EXACT_MAX} 个值时百分位数为精确值，超过时误差在百分之一以内。",
    ),
    handler=supervision.supervision,
    parameters=(
        Parameter(
            name="from",
            place="query",
            words=text(
                f"Cases received at this time or later; by default {supervision.RANGE_DAYS} days before `to`.",
                f"受理时间起（含），默认为 to 之前 {supervision.RANGE_DAYS} 天。",
            ),
            schema={"type": "string", "format": "date-time"},
            read=moment,
            example="2026-11-01T00:00:00Z",
        ),
        Parameter(
            name="to",
            place="query",
            words=text("Cases received before this time; by default now.", "受理时间止（不含），默认为当前时间。"),
            schema={"type": "string", "format": "date-time"},
            read=moment,
            example="2026-12-01T00:00:00Z",
        ),
        Parameter(
            name="procedure",
            place="query",
            words=text("Only cases of this procedure.", "流程。"),
            schema={"type": "string", "enum": list(PROCEDURES)},
            read=one_of(*PROCEDURES),
        ),
        Parameter(
            name="agency",
            place="query",
            words=text("Only messages to this agency, by its code.", "部门代码。"),
            schema={"type": "string", "pattern": f"^{AGENCY_CODE.pattern}$"},
            read=matching(AGENCY_CODE, text("an agency's code", "部门代码")),
            example="customs",
        ),
    ),
    answers=(
        Answer(
            status=200,
            words=text("The figures.", "统计结果。"),
            bodies=(Body(media_type=JSON, type=Supervision),),
        ),
    ),
    problems=("invalid-parameter", "overloaded", *STORE_PROBLEMS),
)
