"""The routes by which a trader supplements, amends or withdraws."""

from typing import Any, Final

from ..status import Status
from . import requests
from .described import CASE_ID, DECLARATION_BODIES, DOCUMENT_PROBLEMS, STORE_PROBLEMS, text
from .negotiation import JSON
from .route import Answer, Body, Route

_TAKEN: Final = Answer(
    status=202,
    words=text("It is taken: where the case stands now.", "已接受：办件当前状态。"),
    bodies=(Body(media_type=JSON, type=Status),),
)
_REVISION_PROBLEMS: Final = (
    *DOCUMENT_PROBLEMS,
    "not-found",
    "case-decided",
    "case-withdrawn",
    "nothing-changed",
    "revisions-exhausted",
    "stopping",
    *STORE_PROBLEMS,
)


def _reason() -> dict[str, Any]:
    return {"reason": {"value": {"reason": "The buyer has cancelled the order."}}}


REQUESTS: Final = (
    Route(
        method="POST",
        path="/v1/declarations/{id}/supplements",
        operation="supplementDeclaration",
        tag="declarations",
        words=text("Give what agencies asked for", "补正"),
        explanation=text(
            "The whole declaration again, with what was asked for. Agencies that asked, and those whose own message it"
            " changes, are asked again; the others' answers stand. The same supplement again is the same revision.",
            "重新提交补正后的整份申报单。仅向要求补正的部门及报文有变化的部门重新分发，其他部门的答复继续有效。",
        ),
        handler=requests.supplement,
        parameters=(CASE_ID,),
        takes=DECLARATION_BODIES,
        answers=(_TAKEN,),
        problems=(*_REVISION_PROBLEMS, "not-awaited"),
    ),
    Route(
        method="POST",
        path="/v1/declarations/{id}/amendments",
        operation="amendDeclaration",
        tag="declarations",
        words=text("Replace the declaration of an open case", "变更申报单"),
        explanation=text(
            "The whole declaration again, as it is to be. Only agencies whose own message it changes are asked again.",
            "重新提交变更后的整份申报单，仅向报文有变化的部门重新分发。",
        ),
        handler=requests.amend,
        parameters=(CASE_ID,),
        takes=DECLARATION_BODIES,
        answers=(_TAKEN,),
        problems=_REVISION_PROBLEMS,
    ),
    Route(
        method="POST",
        path="/v1/declarations/{id}/withdrawal",
        operation="withdrawDeclaration",
        tag="declarations",
        words=text("Take a declaration back", "撤回申报单"),
        explanation=text(
            "Open work stops, and the case ends in a signed response with the outcome `withdrawn`. Again is no harm.",
            "终止在办事项，并以结果为 withdrawn 的签名统一出件办结。重复撤回无影响。",
        ),
        handler=requests.withdraw,
        parameters=(CASE_ID,),
        takes=(Body(media_type=JSON, type=requests.Withdrawal, examples=_reason),),
        answers=(_TAKEN,),
        problems=(*DOCUMENT_PROBLEMS, "not-found", "case-decided", "stopping", *STORE_PROBLEMS),
    ),
)
