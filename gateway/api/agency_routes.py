"""The routes by which agencies fetch their messages, and bring their replies and acknowledgements."""

from typing import Final

from ...agencies.http import ATTEMPT, KIND, MESSAGE_ID, REFERENCE
from ...agencies.transport import MessageKind
from ..agency_queue import AgencyQueue
from . import agency_queue, mailbox, replies
from .described import (
    AGENCY,
    DOCUMENT_PROBLEMS,
    REQUEST_PROBLEMS,
    STORE_PROBLEMS,
    UUID,
    XML_SENT,
    XML_TEXT,
    page_limit,
    text,
)
from .limits import FETCHED_MESSAGES_MAX, PAGE_CASES, PAGE_CASES_MAX, Limits
from .negotiation import JSON, XML
from .parameters import whole_number
from .route import Answer, Body, Header, Parameter, Route

_ACCESS_PROBLEMS: Final = ("unauthenticated", "forbidden", "not-found", "stopping", *STORE_PROBLEMS)
_BEARER: Final = Parameter(
    name="Authorization",
    place="header",
    words=text(
        "`Bearer TOKEN`, the agency's own; without a token in the configuration only this machine may call.",
        "Bearer 令牌，为该部门所有；未配置令牌时只可从网关本机调用。",
    ),
    example="Bearer 5hJ0cXvQpL2wZr8s",
)
_WAIT_SECONDS_MAX: Final = Limits().wait_seconds_max
_STORED: Final = Answer(
    status=200,
    words=text("It is stored.", "已存储。"),
    bodies=(Body(media_type=JSON, type=replies.ReplyTaken),),
)
_FETCH: Final = Route(
    method="GET",
    path="/v1/agencies/{agency}/messages",
    operation="fetchMessages",
    tag="agencies",
    words=text("Fetch an agency's messages", "领取分发报文"),
    explanation=text(
        "For agencies behind closed networks. A message is leased: one that is not answered or acknowledged in time"
        " is fetched again, under the same id. As JSON up to `max` messages, as XML one, its id in a header.",
        "用于无法从外部访问的部门。报文领取后在租期内须答复或确认，否则以同一编号再次领取。"
        "JSON 一次最多 max 份，XML 一次一份，编号见响应头。",
    ),
    handler=mailbox.messages,
    parameters=(
        AGENCY,
        _BEARER,
        Parameter(
            name="wait",
            place="query",
            words=text("Seconds to wait for a message where there is none.", "暂无报文时的等待秒数。"),
            schema={"type": "integer", "minimum": 0, "maximum": _WAIT_SECONDS_MAX, "default": 0},
            read=whole_number(0, _WAIT_SECONDS_MAX),
            example=0,
        ),
        Parameter(
            name="max",
            place="query",
            words=text("Messages at most.", "最多份数。"),
            schema={"type": "integer", "minimum": 1, "maximum": FETCHED_MESSAGES_MAX, "default": 10},
            read=whole_number(1, FETCHED_MESSAGES_MAX),
        ),
    ),
    answers=(
        Answer(
            status=200,
            words=text("The messages; as JSON perhaps none.", "报文；JSON 可能为空。"),
            bodies=(
                Body(media_type=JSON, type=mailbox.FetchedMessages),
                Body(media_type=XML, schema=XML_TEXT),
            ),
            headers=(
                Header(name=MESSAGE_ID, words=text("With XML: the message's id.", "XML 时：报文编号。"), always=False),
                Header(
                    name=KIND,
                    words=text("With XML: what it is.", "XML 时：报文类别。"),
                    schema={"type": "string", "enum": [each.value for each in MessageKind]},
                    always=False,
                ),
                Header(
                    name=ATTEMPT,
                    words=text("With XML: how often it was fetched.", "XML 时：第几次领取。"),
                    schema={"type": "string", "pattern": "^[0-9]+$"},
                    always=False,
                ),
                Header(
                    name=REFERENCE,
                    words=text(
                        "With XML: the declaration's reference, percent-encoded.", "XML 时：业务编号（百分号编码）。"
                    ),
                    always=False,
                ),
            ),
        ),
        Answer(status=204, words=text("Asked for as XML: there is none.", "请求 XML 且暂无报文。")),
    ),
    problems=("cross-site", "invalid-parameter", "no-mailbox", "overloaded", *_ACCESS_PROBLEMS),
)
_ACKNOWLEDGE: Final = Route(
    method="POST",
    path="/v1/agencies/{agency}/acknowledgements",
    operation="acknowledgeMessage",
    tag="agencies",
    words=text("Say that a message is taken, or refused", "确认或拒收分发报文"),
    explanation=text(
        "Of a notice, which needs no reply; of a message that a person will answer later. It is not fetched again. With"
        " `refused` the agency does not take the message, because it breaks its schema, say.",
        "用于无须答复的告知书，以及留待人工答复的报文；确认后不再领取。填写 refused 表示拒收，例如报文不符合模式。",
    ),
    handler=replies.acknowledgement,
    parameters=(AGENCY, _BEARER),
    takes=(
        Body(
            media_type=JSON,
            type=replies.Acknowledgement,
            examples=lambda: {"example": {"value": {"message_id": f"{UUID}/customs/1"}}},
        ),
    ),
    answers=(_STORED,),
    problems=(*REQUEST_PROBLEMS, "message-unknown", "case-busy", *_ACCESS_PROBLEMS),
)

_QUEUE: Final = Route(
    method="GET",
    path="/v1/agencies/{agency}/queue",
    operation="showAgencyQueue",
    tag="agencies",
    words=text("What waits at an agency for a person", "待人工办理的报文"),
    explanation=text(
        "Messages that the agency has taken and not answered: declarations left to a person, and orders to inspect."
        " Those of the oldest cases first. A reply names the message's id.",
        "部门已接收、尚未答复的报文：待人工办理的申报，以及查验通知。按办件受理先后排列。回执报文须注明报文编号。",
    ),
    handler=agency_queue.show,
    parameters=(AGENCY, _BEARER, page_limit(text("Messages at most.", "最多份数。"), PAGE_CASES, PAGE_CASES_MAX)),
    answers=(
        Answer(
            status=200,
            words=text("The messages; perhaps none.", "报文，可能为空。"),
            bodies=(Body(media_type=JSON, type=AgencyQueue),),
        ),
    ),
    problems=("invalid-parameter", *_ACCESS_PROBLEMS),
)

AGENCIES: Final = (
    _FETCH,
    _QUEUE,
    _ACKNOWLEDGE,
    Route(
        method="POST",
        path="/v1/agencies/{agency}/replies",
        operation="bringReply",
        tag="agencies",
        words=text("Bring an agency's reply", "提交回执报文"),
        explanation=text(
            "For agencies that answer later than they take their message, and for the results of inspections. The reply"
            " names the message that it answers; the same reply again is the same reply.",
            "用于部门接收报文之后另行答复，以及反馈查验结果。回执报文须注明所答复的分发报文编号；重复提交无影响。",
        ),
        handler=replies.reply,
        parameters=(AGENCY, _BEARER),
        takes=(Body(media_type=XML, schema=XML_SENT),),
        answers=(_STORED,),
        problems=(
            *DOCUMENT_PROBLEMS,
            "message-unknown",
            "reply-differs",
            "reply-not-awaited",
            "result-missing",
            "case-busy",
            *_ACCESS_PROBLEMS,
        ),
    ),
)
