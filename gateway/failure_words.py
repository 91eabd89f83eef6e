"""What the code of a failure between the window and an agency means, in English and in Chinese."""

from collections.abc import Mapping
from typing import Final

from ..codecs.finding import Text

WORDS: Final[Mapping[str, Text]] = {
    "answer-cut-off": Text("its answer broke off", "部门答复中断"),
    "answer-empty": Text("its answer was empty", "部门答复为空"),
    "answer-too-large": Text("its answer was too large", "部门答复过大"),
    "connection-refused": Text("nobody listens there", "部门系统未在运行"),
    "connection-reset": Text("it broke the connection off", "部门系统中断了连接"),
    "invalid": Text("its reply breaks the schema", "回执报文不符合模式"),
    "message-refused": Text("it does not take the message", "部门拒收分发报文"),
    "message-unknown": Text("its reply is to no message that it was sent", "回执报文所指的分发报文并未发往该部门"),
    "not-well-formed": Text("its reply can't be read", "回执报文无法解析"),
    "not-xml": Text("its answer was no reply", "部门答复不是回执报文"),
    "reply-differs": Text("it had answered otherwise before", "部门此前已作不同答复"),
    "reply-malformed": Text("its reply can't be read or breaks the schema", "回执报文无法解析或不符合模式"),
    "reply-not-awaited": Text("it answered what needs no answer", "无需答复"),
    "reply-unmatched": Text("its reply was to something else", "回执报文所答复的并非此报文"),
    "result-missing": Text("its reply lacks the inspection's result", "回执报文缺少查验结果"),
    "timeout": Text("it did not answer in time", "部门未在规定时间内应答"),
    "unsupported-media-type": Text("its reply came as something else than XML", "回执报文的媒体类型不符"),
}

_STATUS: Final = "status-"


def failure_words(code: str) -> Text:
    """The words for a code; one that has none stands for itself."""
    if code.startswith(_STATUS):
        status = code.removeprefix(_STATUS)
        return Text(f"its server answered HTTP {status}", f"部门系统返回 HTTP {status}")
    return WORDS.get(code, Text(code, code))
