"""The table of routes: the server answers exactly these, and /openapi.json describes exactly these."""

from typing import Final

from msgspec.structs import replace

from ...codecs.code_lists import CodeList
from ...codecs.messages.codes import CaseOutcome
from ...codecs.messages.response import Response
from ..case import CaseStatus
from ..case_id import PATTERN
from ..dry_run import DryRun
from ..metrics import CONTENT_TYPE
from ..receipt import ReceiptEnvelope
from ..status import Status
from . import declarations, docs, event_stream, health, schemas
from .agency_routes import AGENCIES
from .batch_route import BATCH
from .dead_letter_routes import DEAD_LETTERS
from .described import (
    AGENCY,
    CASE_ID,
    DECLARANT,
    DECLARATION_BODIES,
    DOCUMENT_PROBLEMS,
    DRY_RUN,
    IDENTIFIER,
    IDENTIFIER_CHARS_MAX,
    IF_NONE_MATCH,
    NEXT_PAGE,
    OBJECT,
    REPLAY,
    SEAL_PROBLEMS,
    STORE_PROBLEMS,
    WAIT_APPLIED,
    XML_TEXT,
    page_limit,
    text,
)
from .document_routes import DOCUMENTS
from .feed_routes import FEED
from .guide_routes import GUIDE
from .limits import PAGE_CASES, PAGE_CASES_MAX
from .negotiation import JSON, XML
from .parameters import matching, moment, one_of
from .request_routes import REQUESTS
from .route import Answer, Body, Header, Parameter, Route
from .supervision_routes import SUPERVISION
from .webhook_routes import WEBHOOKS

_SENT_EVENT: Final = {
    "type": "object",
    "description": "One event of the stream.",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"type": "string"},
        "data": {
            "type": "string",
            "contentMediaType": JSON,
            "contentSchema": {"$ref": "#/components/schemas/TimelineEntry"},
        },
    },
}
_LOCATION: Final = Header(name="Location", words=text("The case's address.", "办件地址。"))
_ETAG: Final = Header(name="ETag", words=text("The SHA-256 of what is sent, as a strong tag.", "内容的 SHA-256 摘要。"))
_SUBMIT: Final = Route(
    method="POST",
    path="/v1/declarations",
    operation="submitDeclaration",
    tag="declarations",
    words=text("Submit a declaration", "提交申报单"),
    explanation=text(
        "The declaration is validated against declaration.xsd and the window's rules, stored, and receipted. The same"
        " declaration sent again gives the case that is there already. Send XML or its JSON twin, in UTF-8;"
        " text/xml, text/json, and types that end in +xml or +json are other names of these.",
        "申报单经模式与规则校验后存储，并出具受理回执。重复提交同一申报单将返回已有办件。格式为 UTF-8 的 XML 或 JSON，"
        "亦可标为 text/xml、text/json 或以 +xml、+json 结尾的类型。",
    ),
    handler=declarations.submit,
    parameters=(
        Parameter(
            name="Prefer",
            place="header",
            words=text(
                "`wait=SECONDS` (RFC 7240): wait so long for the response, at most 60. Where too many calls of the"
                " caller wait already, the receipt is given at once, without `Preference-Applied`.",
                "wait=秒数：等待统一出件的时间，最长 60 秒。该调用方等待中的调用过多时立即返回受理回执，不含"
                " Preference-Applied。",
            ),
            example="wait=10",
        ),
        DRY_RUN,
    ),
    takes=DECLARATION_BODIES,
    answers=(
        Answer(
            status=202,
            words=text(
                "The declaration is taken over: the receipt, signed. As JSON, or as the XML that was signed.",
                "申报单已受理：签名的受理回执。",
            ),
            bodies=(Body(media_type=JSON, type=ReceiptEnvelope), Body(media_type=XML, schema=XML_TEXT)),
            headers=(_LOCATION, REPLAY, WAIT_APPLIED),
        ),
        Answer(
            status=200,
            words=text(
                "With `Prefer: wait`, the response was there in time: the response, signed. With `dry_run=true`: what"
                " would become of the declaration, without these headers.",
                "使用 Prefer: wait 且在时限内办结：签名的统一出件；dry_run=true 时为试申报结果，无下列响应头。",
            ),
            bodies=(
                Body(media_type=JSON, type=Response),
                Body(media_type=JSON, type=DryRun),
                Body(media_type=XML, schema=XML_TEXT),
            ),
            headers=(
                replace(_LOCATION, always=False),
                REPLAY,
                WAIT_APPLIED,
                replace(_ETAG, always=False),
                Header(name="Content-Location", words=text("The response's address.", "统一出件地址。"), always=False),
            ),
        ),
    ),
    problems=(
        *("invalid-parameter", *DOCUMENT_PROBLEMS, "reference-conflict", "overloaded", "agency-unable", "stopping"),
        *SEAL_PROBLEMS,
        *STORE_PROBLEMS,
    ),
)

_FIND: Final = Route(
    method="GET",
    path="/v1/declarations",
    operation="listDeclarations",
    tag="declarations",
    words=text("List cases, newest first", "查询办件"),
    handler=declarations.find,
    parameters=(
        Parameter(
            name="status",
            place="query",
            words=text("Only cases that stand here.", "办件状态。"),
            schema={"type": "string", "enum": [each.value for each in CaseStatus]},
            read=one_of(*CaseStatus),
        ),
        Parameter(
            name="outcome",
            place="query",
            words=text("Only cases decided like this.", "办理结果。"),
            schema={"type": "string", "enum": [each.value for each in CaseOutcome]},
            read=one_of(*CaseOutcome),
        ),
        Parameter(
            name="reference",
            place="query",
            words=text("Only cases with this reference of the declarant's.", "业务编号。"),
            schema={"type": "string", "minLength": 1, "maxLength": IDENTIFIER_CHARS_MAX},
            read=matching(IDENTIFIER, text("a declarant's reference", "业务编号")),
            example="DEMO-20260301-080000",
        ),
        DECLARANT,
        Parameter(
            name="from",
            place="query",
            words=text("Received at this time or later.", "受理时间起（含）。"),
            schema={"type": "string", "format": "date-time"},
            read=moment,
            example="2026-03-01T00:00:00Z",
        ),
        Parameter(
            name="to",
            place="query",
            words=text("Received before this time.", "受理时间止（不含）。"),
            schema={"type": "string", "format": "date-time"},
            read=moment,
            example="2026-04-01T00:00:00Z",
        ),
        page_limit(text("Cases on a page.", "每页条数。"), PAGE_CASES, PAGE_CASES_MAX),
        Parameter(
            name="cursor",
            place="query",
            words=text("`next_cursor` of the page before.", "上一页的 next_cursor。"),
            schema={"type": "string", "format": "uuid"},
            read=matching(PATTERN, text("the next_cursor of a page", "上一页的 next_cursor")),
        ),
    ),
    answers=(
        Answer(
            status=200,
            words=text("A page of cases.", "一页办件。"),
            bodies=(Body(media_type=JSON, type=declarations.CasePage),),
            headers=(NEXT_PAGE,),
        ),
    ),
    problems=("invalid-parameter", *STORE_PROBLEMS),
)

_SHOW: Final = Route(
    method="GET",
    path="/v1/declarations/{id}",
    operation="getDeclaration",
    tag="declarations",
    words=text("Where a case stands", "查询办件进度"),
    handler=declarations.show,
    parameters=(CASE_ID,),
    answers=(
        Answer(
            status=200,
            words=text("The case, its agencies, deadlines and timeline.", "办件、各部门办理情况、时限与时间线。"),
            bodies=(Body(media_type=JSON, type=Status),),
        ),
    ),
    problems=("not-found", *STORE_PROBLEMS),
)

_UNCHANGED: Final = Answer(
    status=304, words=text("You have it already (If-None-Match).", "内容未变。"), headers=(_ETAG,)
)

_RESPONSE: Final = Route(
    method="GET",
    path="/v1/declarations/{id}/response",
    operation="getResponse",
    tag="declarations",
    words=text("The signed response", "获取统一出件"),
    explanation=text(
        "The XML is byte for byte what was signed and never changes; the JSON twin carries the same signature.",
        "XML 与签名时逐字节一致且永不更改；JSON 含同一签名。",
    ),
    handler=declarations.response,
    parameters=(CASE_ID, IF_NONE_MATCH),
    answers=(
        Answer(
            status=200,
            words=text("The response.", "统一出件。"),
            bodies=(Body(media_type=XML, schema=XML_TEXT), Body(media_type=JSON, type=Response)),
            headers=(_ETAG,),
        ),
        _UNCHANGED,
    ),
    problems=("not-found", "not-decided", *STORE_PROBLEMS),
)

_MESSAGE: Final = Route(
    method="GET",
    path="/v1/declarations/{id}/messages/{agency}",
    operation="getMessage",
    tag="declarations",
    words=text("The message as one agency was sent it", "查看分发报文"),
    handler=declarations.message,
    parameters=(CASE_ID, AGENCY, IF_NONE_MATCH),
    answers=(
        Answer(
            status=200,
            words=text("The message.", "分发报文。"),
            bodies=(Body(media_type=XML, schema=XML_TEXT), Body(media_type=JSON, schema=OBJECT)),
            headers=(_ETAG,),
        ),
        _UNCHANGED,
    ),
    problems=("not-found", "not-concerned", *STORE_PROBLEMS),
)

_EVENTS: Final = Route(
    method="GET",
    path="/v1/declarations/{id}/events",
    operation="followDeclaration",
    tag="declarations",
    words=text("Follow a case, as server-sent events", "订阅办件进展"),
    explanation=text(
        "Each event has the case's sequence number as its id, its name, and as data a line of the timeline in JSON."
        " The stream ends after `decided`; a comment every 15 seconds shows that it is alive.",
        "每个事件以办件序号为 id，data 为时间线条目（JSON）。decided 事件之后数据流结束；每 15 秒发送一次心跳注释。",
    ),
    handler=event_stream.events,
    parameters=(
        CASE_ID,
        Parameter(
            name="Last-Event-ID",
            place="header",
            words=text("The id of the last event you have; those after it are sent.", "已收到的最后一个事件编号。"),
            schema={"type": "integer", "minimum": 0},
            example=0,
        ),
    ),
    answers=(
        Answer(
            status=200,
            words=text("The events as they happen.", "事件流。"),
            bodies=(Body(media_type=event_stream.EVENT_STREAM, schema=_SENT_EVENT),),
        ),
        Answer(status=204, words=text("You have all of them; do not come again.", "事件已全部送达。")),
    ),
    problems=("invalid-parameter", "not-found", "too-many-waits", *STORE_PROBLEMS),
)

_SCHEMAS: Final = (
    Route(
        method="GET",
        path="/v1/schemas",
        operation="listSchemas",
        tag="schemas",
        words=text("The schemas and code lists in force", "现行模式与代码表"),
        handler=schemas.list_schemas,
        answers=(
            Answer(
                status=200,
                words=text("Every schema, and the names of the code lists.", "全部模式及代码表名称。"),
                bodies=(Body(media_type=JSON, type=schemas.SchemaList),),
            ),
        ),
    ),
    Route(
        method="GET",
        path="/v1/schemas/{name}.xsd",
        operation="getSchema",
        tag="schemas",
        words=text("One XSD", "获取 XSD"),
        handler=schemas.schema,
        parameters=(
            Parameter(
                name="name",
                place="path",
                words=text("The schema's name.", "模式名称。"),
                example="declaration",
            ),
        ),
        answers=(
            Answer(
                status=200,
                words=text("The XSD.", "XSD 文件。"),
                bodies=(Body(media_type=XML, schema=XML_TEXT),),
            ),
        ),
        problems=("not-found",),
    ),
    Route(
        method="GET",
        path="/v1/codes",
        operation="listCodeLists",
        tag="schemas",
        words=text("The code lists in force", "现行代码表"),
        handler=schemas.list_codes,
        answers=(
            Answer(
                status=200,
                words=text(
                    "Every code list: its name, its words, where its codes are.", "全部代码表的名称、说明及地址。"
                ),
                bodies=(Body(media_type=JSON, type=schemas.CodeListIndex),),
            ),
        ),
    ),
    Route(
        method="GET",
        path="/v1/codes/{list}",
        operation="getCodeList",
        tag="schemas",
        words=text("One code list", "获取代码表"),
        handler=schemas.codes,
        parameters=(
            Parameter(
                name="list",
                place="path",
                words=text("The list's name, as /v1/codes gives it.", "代码表名称，见 /v1/codes。"),
                example="CountryCode",
            ),
        ),
        answers=(
            Answer(
                status=200,
                words=text("The codes, in English and Chinese.", "代码及中英文名称。"),
                bodies=(Body(media_type=JSON, type=CodeList),),
            ),
        ),
        problems=("not-found",),
    ),
)

_OPERATION: Final = (
    Route(
        method="GET",
        path="/health/live",
        operation="isLive",
        tag="operation",
        words=text("Is the process alive?", "存活检查"),
        handler=health.live,
        answers=(
            Answer(status=200, words=text("It is.", "存活。"), bodies=(Body(media_type=JSON, type=health.Health),)),
        ),
    ),
    Route(
        method="GET",
        path="/health/ready",
        operation="isReady",
        tag="operation",
        words=text("Are declarations taken?", "就绪检查"),
        handler=health.ready,
        answers=(
            Answer(status=200, words=text("They are.", "就绪。"), bodies=(Body(media_type=JSON, type=health.Health),)),
        ),
        problems=("not-ready", "stopping", *SEAL_PROBLEMS, *STORE_PROBLEMS),
    ),
    Route(
        method="GET",
        path="/metrics",
        operation="getMetrics",
        tag="operation",
        words=text("What is counted and timed, for Prometheus", "监控指标"),
        handler=health.metrics,
        answers=(
            Answer(
                status=200,
                words=text("Prometheus' text format.", "Prometheus 文本格式。"),
                bodies=(Body(media_type=CONTENT_TYPE),),
            ),
        ),
    ),
    Route(
        method="GET",
        path="/openapi.json",
        operation="getOpenapi",
        tag="operation",
        words=text("This interface in OpenAPI 3.1", "接口描述（OpenAPI）"),
        handler=docs.openapi,
        answers=(
            Answer(
                status=200,
                words=text("The description.", "接口描述。"),
                bodies=(Body(media_type=JSON, schema=OBJECT),),
            ),
        ),
    ),
    Route(
        method="GET",
        path="/docs",
        operation="getDocs",
        tag="operation",
        words=text("This interface, to read", "接口文档"),
        handler=docs.page,
        answers=(
            Answer(
                status=200,
                words=text("An HTML page.", "HTML 页面。"),
                bodies=(Body(media_type="text/html; charset=utf-8"),),
            ),
        ),
    ),
)

ROUTES: Final = (
    _SUBMIT,
    BATCH,
    _FIND,
    _SHOW,
    _RESPONSE,
    _MESSAGE,
    _EVENTS,
    *REQUESTS,
    *DOCUMENTS,
    *AGENCIES,
    *GUIDE,
    SUPERVISION,
    *DEAD_LETTERS,
    *FEED,
    *WEBHOOKS,
    *_SCHEMAS,
    *_OPERATION,
)
