"""The routes by which a trader supplements, amends, withdraws, and settles what is left of a case."""

from collections.abc import Callable
from typing import Any, Final

from ...codecs.finding import Text
from ..status import Status
from . import requests
from .described import CASE_ID, DECLARATION_BODIES, DOCUMENT_PROBLEMS, REPLAY, REQUEST_PROBLEMS, STORE_PROBLEMS, text
from .negotiation import JSON
from .route import Answer, Body, Route

_TAKEN: Final = Answer(
    status=202,
    words=text("It is taken: where the case stands now.", "已接受：办件当前状态。"),
    bodies=(Body(media_type=JSON, type=Status),),
    headers=(REPLAY,),
)
_REVISION_PROBLEMS: Final = (
    *DOCUMENT_PROBLEMS,
    "not-found",
    "case-decided",
    "case-withdrawn",
    "nothing-changed",
    "revisions-exhausted",
    "agency-unable",
    "case-busy",
    "stopping",
    *STORE_PROBLEMS,
)


def _example(value: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    return lambda: {"example": {"value": value}}


def _route(path: str, operation: str, words: Text, explanation: Text, given: Body, problems: tuple[str, ...]) -> Route:
    return Route(
        method="POST",
        path=f"/v1/declarations/{{id}}/{path}",
        operation=operation,
        tag="declarations",
        words=words,
        explanation=explanation,
        handler=_HANDLERS[path],
        parameters=(CASE_ID,),
        takes=(given,),
        answers=(_TAKEN,),
        problems=(*REQUEST_PROBLEMS, "not-found", *problems, "case-busy", "stopping", *STORE_PROBLEMS),
    )


_HANDLERS: Final = {
    "withdrawal": requests.withdraw,
    "documents": requests.receive_document,
    "payments": requests.pay,
    "rating": requests.rate,
}

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
    _route(
        "withdrawal",
        "withdrawDeclaration",
        text("Take a declaration back", "撤回申报单"),
        text(
            "Open work stops, the agencies that were sent something are told, and the case ends in a signed response"
            " with the outcome `withdrawn`. Again is no harm.",
            "终止在办事项，告知已收到报文的部门，并以结果为 withdrawn 的签名统一出件办结。重复撤回无影响。",
        ),
        Body(
            media_type=JSON,
            type=requests.Withdrawal,
            examples=_example({"reason": "The buyer has cancelled the order."}),
        ),
        ("case-decided",),
    ),
    _route(
        "documents",
        "deliverDocument",
        text("Give a document that was to follow", "补交容缺单证"),
        text(
            "Type and number are those of the declaration's deferred document, the digest that of its bytes. The"
            " agencies whose messages name it are told.",
            "类型和编号同申报单中的容缺单证，摘要为其内容的 SHA-256。报文中含该单证的部门将收到告知书。",
        ),
        Body(
            media_type=JSON,
            type=requests.DocumentDelivery,
            examples=_example({"type_code": "861", "id": "CO-2026-0042", "digest": f"sha256:{'0' * 64}"}),
        ),
        ("document-not-awaited", "document-differs"),
    ),
    _route(
        "payments",
        "payBill",
        text("Record a payment of the bill", "登记缴款"),
        text(
            "The treasury confirms it. Parts may be paid; the same reference again is the same payment. Where goods are"
            " released after payment, the last part releases them.",
            "经国库确认后登记。可分次缴纳；相同缴款编号视为同一笔。先缴款后放行的，缴清即放行。",
        ),
        Body(
            media_type=JSON,
            type=requests.PaymentClaim,
            examples=_example({"reference": "BANK-20260301-77", "amount": "1200.00", "currency": "CNY"}),
        ),
        (
            "not-decided-yet",
            "not-awaiting-payment",
            "payment-differs",
            "payment-too-much",
            "payment-unconfirmed",
            "treasury-unavailable",
        ),
    ),
    _route(
        "rating",
        "rateCase",
        text("Rate how a case was handled", "评价"),
        text(
            "From 1 (very poor) to 5 (very good), once, after the decision.", "办结后评价一次，1（很差）至 5（很好）。"
        ),
        Body(
            media_type=JSON,
            type=requests.RatingGiven,
            examples=_example({"score": 5, "comment": "Answered before the ship had berthed."}),
        ),
        ("not-decided-yet", "rated-already"),
    ),
)
