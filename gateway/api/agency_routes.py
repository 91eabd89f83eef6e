"""The routes by which agencies bring their replies."""

from typing import Final

from . import replies
from .described import AGENCY, DOCUMENT_PROBLEMS, STORE_PROBLEMS, XML_TEXT, text
from .negotiation import JSON, XML
from .route import Answer, Body, Route

AGENCIES: Final = (
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
        parameters=(AGENCY,),
        takes=(Body(media_type=XML, schema=XML_TEXT),),
        answers=(
            Answer(
                status=200,
                words=text("The reply is stored.", "回执报文已存储。"),
                bodies=(Body(media_type=JSON, type=replies.ReplyTaken),),
            ),
        ),
        problems=(
            *DOCUMENT_PROBLEMS,
            "not-found",
            "message-unknown",
            "reply-not-awaited",
            "result-missing",
            "stopping",
            *STORE_PROBLEMS,
        ),
    ),
)
