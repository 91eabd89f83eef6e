"""The routes by which an operator deals with dead letters."""

from typing import Any, Final

from ..case_id import PATTERN
from ..dead_letter import LETTERS_MAX, LetterState
from ..dead_letter_office import DeadLetterShown
from . import dead_letters
from .described import NEXT_PAGE, REQUEST_PROBLEMS, STORE_PROBLEMS, UUID, page_limit, text
from .limits import PAGE_CASES, PAGE_CASES_MAX
from .negotiation import JSON
from .parameters import matching, one_of
from .route import Answer, Body, Header, Parameter, Route
from .supervision_routes import AGENCY_CODE

_ID: Final = Parameter(
    name="id",
    place="path",
    words=text("The dead letter's id.", "死信编号。"),
    schema={"type": "string", "format": "uuid"},
    example=UUID,
)
_SHOWN: Final = Body(media_type=JSON, type=DeadLetterShown)
_PLACE: Final = "/v1/dead-letters/{id}"


def _note() -> dict[str, Any]:
    return {"proxy": {"value": {"note": "The agency's proxy was down; answered since by telephone."}}}


DEAD_LETTERS: Final = (
    Route(
        method="GET",
        path="/v1/dead-letters",
        operation="listDeadLetters",
        tag="supervision",
        words=text("List dead letters, newest first", "查询死信"),
        explanation=text(
            "What agencies sent that is no answer, and our messages that they refuse: it is never counted as an answer,"
            " the case goes on waiting and its message is tried again, and what came is kept here. The same thing again"
            " is the same dead letter. Once the message is answered, in whatever way, its dead letters are `answered`."
            f" Of one agency {LETTERS_MAX} are kept; settled ones make room.",
            "部门发来而不能作为答复的内容，以及部门拒收的分发报文：不计为答复，办件继续等待并重新分发，原始内容留存于此。"
            "相同内容只记一条死信并累计次数；该报文一经答复，死信即为 answered。"
            f"每个部门最多留存 {LETTERS_MAX} 条，已处理的先行清除。",
        ),
        handler=dead_letters.find,
        parameters=(
            Parameter(
                name="agency",
                place="query",
                words=text("Only those of this agency, by its code.", "部门代码。"),
                schema={"type": "string", "pattern": f"^{AGENCY_CODE.pattern}$"},
                read=matching(AGENCY_CODE, text("an agency's code", "部门代码")),
                example="customs",
            ),
            Parameter(
                name="state",
                place="query",
                words=text("Only those that stand here.", "死信状态。"),
                schema={"type": "string", "enum": [each.value for each in LetterState]},
                read=one_of(*LetterState),
                example="open",
            ),
            page_limit(text("Dead letters on a page.", "每页条数。"), PAGE_CASES, PAGE_CASES_MAX),
            Parameter(
                name="cursor",
                place="query",
                words=text("`next_cursor` of the page before.", "上一页的 next_cursor。"),
                schema={"type": "string", "pattern": f"^{PATTERN.pattern}$"},
                read=matching(PATTERN, text("the next_cursor of a page", "某页的 next_cursor")),
            ),
        ),
        answers=(
            Answer(
                status=200,
                words=text("A page of dead letters.", "一页死信。"),
                bodies=(Body(media_type=JSON, type=dead_letters.DeadLetterPage),),
                headers=(NEXT_PAGE,),
            ),
        ),
        problems=("invalid-parameter", "store-unavailable"),
    ),
    Route(
        method="GET",
        path=_PLACE,
        operation="getDeadLetter",
        tag="supervision",
        words=text("One dead letter, and how its message stands", "查询单条死信"),
        handler=dead_letters.show,
        parameters=(_ID,),
        answers=(Answer(status=200, words=text("The dead letter.", "死信。"), bodies=(_SHOWN,)),),
        problems=("not-found", *STORE_PROBLEMS),
    ),
    Route(
        method="GET",
        path=f"{_PLACE}/body",
        operation="getDeadLetterBody",
        tag="supervision",
        words=text("The bytes of a dead letter", "获取死信原始内容"),
        explanation=text(
            "As they came, `kept_bytes` of them. They came from outside and may be hostile.",
            "原样返回，长度为 kept_bytes。内容来自部门或冒充部门者，请谨慎处理。",
        ),
        handler=dead_letters.evidence,
        parameters=(_ID,),
        answers=(
            Answer(
                status=200,
                words=text("The bytes.", "原始内容。"),
                bodies=(Body(media_type=dead_letters.OCTETS, schema={}),),
                headers=(
                    Header(name="Content-Disposition", words=text("Always `attachment`.", "始终为 attachment。")),
                    Header(name="X-Content-Type-Options", words=text("Always `nosniff`.", "始终为 nosniff。")),
                ),
            ),
        ),
        problems=("not-found", *STORE_PROBLEMS),
    ),
    Route(
        method="POST",
        path=f"{_PLACE}/resend",
        operation="resendDeadLetter",
        tag="supervision",
        words=text("Send the message again, now", "立即重新分发"),
        explanation=text(
            "The message that the dead letter is about goes out again under its id, also where it rests because its"
            " agency refused it or is taken for down.",
            "死信所涉分发报文以原编号立即重新分发，即使部门曾拒收或被视为无法连接。",
        ),
        handler=dead_letters.resend,
        parameters=(_ID,),
        answers=(Answer(status=202, words=text("It is on its way.", "已重新分发。"), bodies=(_SHOWN,)),),
        problems=("not-found", "message-not-awaited", "stopping", *STORE_PROBLEMS),
    ),
    Route(
        method="POST",
        path=f"{_PLACE}/discard",
        operation="discardDeadLetter",
        tag="supervision",
        words=text("Put a dead letter aside", "搁置死信"),
        explanation=text(
            "With a note. Nothing happens to its message, which goes on being tried if its case awaits it.",
            "须填写备注。所涉分发报文不受影响，如办件仍在等待则继续分发。",
        ),
        handler=dead_letters.discard,
        parameters=(_ID,),
        takes=(Body(media_type=JSON, type=dead_letters.Discarding, examples=_note),),
        answers=(Answer(status=200, words=text("It is put aside.", "已搁置。"), bodies=(_SHOWN,)),),
        problems=(
            *REQUEST_PROBLEMS,
            "overloaded",
            "not-found",
            "dead-letter-settled",
            "stopping",
            *STORE_PROBLEMS,
        ),
    ),
)
