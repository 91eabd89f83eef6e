"""What an agency that is reached over HTTP has to serve: the call that the window makes, as OpenAPI calls a webhook."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from msgspec import Struct

from ...agencies.http import ATTEMPT, KIND, MESSAGE_ID, REFERENCE, REFUSALS, TAKEN
from ...agencies.transport import MessageKind
from ...codecs.finding import Text
from ...codecs.limits import DEFAULT
from ..config import AgencyConfig
from ..delivery import REFUSED_SECONDS
from .described import UUID, XML_TEXT, text
from .negotiation import XML
from .route import Answer, Body, Parameter


class Call(Struct, frozen=True, kw_only=True):
    """A call of the window's to others. otherwise: what every other status means to it."""

    name: str
    operation: str
    tag: str
    words: Text
    explanation: Text
    parameters: tuple[Parameter, ...]
    takes: tuple[Body, ...]
    answers: tuple[Answer, ...]
    otherwise: Text


_REST_MINUTES: Final = f"{REFUSED_SECONDS / 60:g}"
_REFUSED: Final = text(
    "Refused: the message is not what the agency takes, for the reason in the body. The same bytes would not help, so"
    f" it rests for {_REST_MINUTES} minutes, in which the agency may be mended.",
    f"拒收：报文不为部门所接受，原因见响应内容。原样重发无益，{_REST_MINUTES} 分钟内不再发送，以待部门修正。",
)
_ANSWERS: Final[Mapping[int, Answer]] = {
    200: Answer(
        status=200,
        words=text(
            "Answered: the reply, which keeps reply.xsd, byte for byte the same each time. To a notice: it is taken"
            " note of, whatever the body.",
            "已答复：符合 reply.xsd 的回执报文，每次逐字节相同。对告知书则表示已知悉，不论响应内容。",
        ),
        bodies=(Body(media_type=XML, schema=XML_TEXT),),
    ),
    **{
        status: Answer(
            status=status,
            words=text(
                "Taken, on disk: the agency brings its reply later with `bringReply`; to a notice there is none.",
                "已接收并存盘：部门稍后以 bringReply 提交回执报文；告知书无须答复。",
            ),
        )
        for status in TAKEN
    },
    **{
        status: Answer(status=status, words=Text(f"{HTTPStatus(status).phrase}. {_REFUSED.en}", _REFUSED.zh))
        for status in REFUSALS
    },
}


def _header(name: str, en: str, zh: str, example: str, **schema: Any) -> Parameter:
    return Parameter(
        name=name,
        place="header",
        words=text(en, zh),
        schema={"type": "string", **schema},
        example=example,
        required=True,
    )


_MEBIBYTES: Final = DEFAULT.body_bytes_max // 1024**2

AGENCY_MESSAGE: Final = Call(
    name="agencyMessage",
    operation="receiveMessage",
    tag="agencies",
    words=text("An agency receives a message", "部门接收分发报文"),
    explanation=text(
        'What an agency with `transport = "http"` serves, at the `url` of its configuration. Each message comes at'
        " least once, under the same id and with the same bytes, also many times at once. The answer is there within"
        f" the configured `timeout` ({AgencyConfig().timeout:g} s by default), has at most {_MEBIBYTES} MiB and no"
        " content encoding; redirects are not followed. At most `inflight` connections, HTTP/1.1, are kept alive.",
        "transport = “http”的部门须在其配置的 url 提供此接口。每份报文至少送达一次，可能同时多次送达，编号与内容不变。"
        f"须在配置的 timeout（默认 {AgencyConfig().timeout:g} 秒）内响应，内容不超过 {_MEBIBYTES} MiB，不得压缩；"
        "不跟随重定向。采用 HTTP/1.1 长连接，连接数不超过 inflight。",
    ),
    parameters=(
        _header(MESSAGE_ID, "The message's id, percent-encoded.", "报文编号（百分号编码）。", f"{UUID}/customs/1"),
        _header(KIND, "What it is.", "报文类别。", "declaration", enum=[each.value for each in MessageKind]),
        _header(ATTEMPT, "How often it was sent, from 1.", "第几次发送，从 1 起。", "1", pattern="^[1-9][0-9]*$"),
        _header(
            REFERENCE,
            "The declaration's reference, percent-encoded.",
            "业务编号（百分号编码）。",
            "DEMO-20260301-080000",
        ),
        Parameter(
            name="Authorization",
            place="header",
            words=text(
                "`Bearer TOKEN`, where the configuration has a `token_file`.",
                "Bearer 令牌，仅在配置 token_file 时发送。",
            ),
            example="Bearer 5hJ0cXvQpL2wZr8s",
        ),
    ),
    takes=(Body(media_type=XML, schema=XML_TEXT),),
    answers=tuple(_ANSWERS[status] for status in sorted(_ANSWERS)),
    otherwise=text(
        "Not delivered: the window sends it again, later each time, under the same id. So it does where there is no"
        " answer, or one with 200 that is empty, cut off, too large or not XML.",
        "未送达：窗口将以同一编号再次发送，间隔逐次延长。没有响应，或 200 的内容为空、残缺、过大、非 XML 时亦同。",
    ),
)
"""The message that is posted to an agency (agencies/http.py)."""
