"""The route by which many declarations are submitted at once."""

from typing import Any, Final

from ... import schemas as xsd
from ...codecs import DECLARATION
from ...codecs.messages.declaration import Declaration
from . import batch
from .described import DRY_RUN, text
from .negotiation import NDJSON
from .route import Answer, Body, Route


def _lines() -> dict[str, Any]:
    """Two lines of a batch: an import and an export."""
    twins = (DECLARATION.encode_json(DECLARATION.decode_xml(xsd.sample(kind))) for kind in ("import", "export"))
    return {"two lines": {"value": "".join(twin.decode() + "\n" for twin in twins)}}


BATCH: Final = Route(
    method="POST",
    path="/v1/declarations:batch",
    operation="submitBatch",
    tag="declarations",
    words=text("Submit many declarations, one a line", "批量提交申报单"),
    explanation=text(
        "Each line of the body is one declaration in JSON, each line of the answer what came of one, in the same order"
        " and as soon as it is known; the schemas here are those of a line. `line` counts from 1; blank lines count and"
        " are not answered. `status` is that of the answer if the declaration had come alone: 202 with its receipt"
        " (`replay` where it had been submitted before), 200 with `dry_run` where that was asked for, or that of"
        " `problem`; a line that is not taken does not keep the next ones from it.\n\n"
        "A line may be as large as the body of one declaration, a batch of any size. Nothing is refused for being too"
        " much: the gateway reads on as it gets on, so read the answers while you send. Where a batch can't be read to"
        " its end, as when the gateway stops or can sign no receipts (503), the last answer says so with `last: true`:"
        " this line and those after it were not taken; send them again.",
        "请求体每行为一份 JSON 申报单，响应每行为其结果，顺序一致，逐行返回；此处的模式均针对单行。"
        "line 从 1 起计，空行计数但不作答。status 与单独提交时相同：202 附受理回执（此前已提交的标明 replay），"
        "否则附 problem；某行不予受理不影响其后各行。\n\n"
        "单行大小上限同单份申报单，整批不限。网关按处理进度读取，请边发送边读取响应。无法读完整批时（如网关停止或暂不能签发回执，503），"
        "末行标明 last: true：该行及其后各行均未受理，请重新提交。",
    ),
    handler=batch.batch,
    parameters=(DRY_RUN,),
    takes=(Body(media_type=NDJSON, type=Declaration, examples=_lines),),
    answers=(
        Answer(
            status=200,
            words=text("The answers, one a line.", "逐行结果。"),
            bodies=(Body(media_type=NDJSON, type=batch.BatchAnswer),),
        ),
    ),
    problems=(
        "invalid-parameter",
        "empty-body",
        "unsupported-media-type",
        "unsupported-encoding",
        "expectation-failed",
        "stopping",
    ),
)
