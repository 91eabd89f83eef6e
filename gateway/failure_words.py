"""What the code of a failure between the window and an agency means, in English and in Chinese."""

from collections.abc import Mapping
from typing import Final

from ..codecs.finding import Text

WORDS: Final[Mapping[str, Text]] = {
    "answer-cut-off": Text("its answer broke off", "部门答复中断"),
    "answer-empty": Text("its answer was empty", "部门答复为空"),
    "answer-too-large": Text("its answer was too large", "部门答复过大"),
    "bus-damaged": Text("a message in the bus's stream is damaged", "总线所存报文已损坏"),
    "bus-full": Text("the bus's stream is full", "总线存储已满"),
    "bus-not-ready": Text("the stream is not on the bus", "总线上尚无所需的流"),
    "bus-refused": Text("the bus does not take the message", "总线拒收分发报文"),
    "bus-unreachable": Text("the bus can't be reached", "无法连接总线"),
    "connection-failed": Text("no connection comes about", "无法建立连接"),
    "connection-refused": Text("nobody listens there", "部门系统未在运行"),
    "connection-reset": Text("it broke the connection off", "部门系统中断了连接"),
    "invalid": Text("its reply breaks the schema", "回执报文不符合模式"),
    "message-refused": Text("it does not take the message", "部门拒收分发报文"),
    "message-too-large": Text("the message is larger than the bus takes", "分发报文超出总线的限制"),
    "message-undeliverable": Text("it fails on this message time and again", "部门系统屡次无法接收该报文"),
    "message-unknown": Text("its reply is to no message that it was sent", "回执报文所指的分发报文并未发往该部门"),
    "message-unsettled": Text(
        "it fetches the message time and again and does not settle it", "部门多次领取该报文而未办结"
    ),
    "name-unknown": Text("its server's name is not known", "无法解析部门系统的主机名"),
    "no-desk": Text("no desk of it runs within the window", "窗口内未运行该部门"),
    "no-route": Text("no way leads to its server", "没有通往部门系统的网络路由"),
    "not-http": Text("what answers there does not speak HTTP", "对方的应答不是 HTTP"),
    "not-well-formed": Text("its reply can't be read", "回执报文无法解析"),
    "not-xml": Text("its answer was no reply", "部门答复不是回执报文"),
    "reply-differs": Text("it had answered otherwise before", "部门此前已作不同答复"),
    "reply-malformed": Text("its reply can't be read or breaks the schema", "回执报文无法解析或不符合模式"),
    "reply-not-awaited": Text("it answered what needs no answer", "无需答复"),
    "reply-unmatched": Text("its reply was to something else", "回执报文所答复的并非此报文"),
    "result-missing": Text("its reply lacks the inspection's result", "回执报文缺少查验结果"),
    "simulated-failure": Text("a failure that is simulated", "模拟故障"),
    "timeout": Text("it did not answer in time", "部门未在规定时间内应答"),
    "tls": Text("no trusted encrypted connection comes about", "无法建立可信的加密连接"),
    "transport-failed": Text("the window failed to send it, its log says why", "窗口发送时出错，详见日志"),
    "unsupported-media-type": Text("its reply came as something else than XML", "回执报文的媒体类型不符"),
}

_STATUS: Final = "status-"

_TRIED_AGAIN: Final = Text("It is tried again.", "将继续重试。")
_RESTS: Final = Text(
    "It rests for an hour, or until an operator sends it again.", "一小时后重新分发，或由运行人员提前重新分发。"
)


def failure_words(code: str) -> Text:
    """The words for a code; one that has none stands for itself."""
    if code.startswith(_STATUS):
        status = code.removeprefix(_STATUS)
        return Text(f"its server answered HTTP {status}", f"部门系统返回 HTTP {status}")
    return WORDS.get(code, Text(code, code))


def then_words(code: str) -> Text:
    """What becomes of a message after a failure of this code."""
    return _RESTS if code in ("message-refused", "message-undeliverable") else _TRIED_AGAIN
