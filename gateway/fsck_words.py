"""What each of fsck's codes means, in English and in Chinese."""

from collections.abc import Mapping

from ..codecs.finding import Text

WORDS: Mapping[str, Text] = {
    "store-damaged": Text("The database's own check finds damage", "数据库自检发现损坏"),
    "record-unreadable": Text("A row of the case can't be read", "办件的记录无法读取"),
    "case-missing": Text("There are journal entries or documents, but no case", "有日志或文件而无办件"),
    "journal-gap": Text("Journal entries are missing", "日志有缺号"),
    "journal-broken": Text("The journal's events do not tell the life of this case", "日志事件不能构成该办件的经过"),
    "event-damaged": Text("A journal entry is not as it was written", "日志条目与写入时不符"),
    "snapshot-damaged": Text("The snapshot can't be read", "快照无法读取"),
    "snapshot-differs": Text("The journal does not replay to the snapshot", "重放日志与快照不一致"),
    "column-differs": Text("What the store searches by differs from the snapshot", "检索字段与快照不一致"),
    "feed-differs": Text(
        "The event feed does not have each event of the case once, in order, as its declarant's",
        "事件流水未按顺序逐一列出该办件的事件，或申报人不符",
    ),
    "entries-missing": Text("Entries of the journal are missing, by number", "日志缺少下列编号的条目"),
    "entry-differs": Text(
        "An entry is not what was written, or not where it was, by number", "条目与写入时不符或次序有变"
    ),
    "head-differs": Text(
        "An entry is not the one that was noted outside of the store, by number", "条目与库外所记不符"
    ),
    "webhook-damaged": Text("A webhook can't be read", "推送订阅无法读取"),
    "webhook-ahead": Text("A webhook is ahead of the event feed", "推送订阅的位置超出事件流水"),
    "dead-letter-damaged": Text("A dead letter can't be read", "死信无法读取"),
    "dead-letter-without-case": Text("A dead letter is about a case that is not there", "死信所涉办件不存在"),
    "decided-before-end": Text("Other events than late replies follow the decision", "办结之后仍有迟到回执以外的事件"),
    "document-missing": Text("A document that the journal names is not there", "日志所列文件缺失"),
    "document-damaged": Text("A document is not the one that was stored", "文件与存入时不符"),
    "document-unexpected": Text("There is a document that no event names", "存在任何事件都未列出的文件"),
    "media-type-differs": Text("A document is not kept as the media type that it is", "文件的媒体类型与存入时不符"),
    "declaration-unreadable": Text("The declaration can't be read", "申报单无法读取"),
    "signature-wrong": Text("The signature does not verify", "签名验证不通过"),
    "receipt-differs": Text("The receipt does not fit the case", "受理回执与办件不一致"),
    "receipt-without-case": Text("A receipt was given and there is no case", "已出具受理回执而无办件"),
    "response-differs": Text("The response does not say what the case says", "统一出件与办件不一致"),
    "message-unknown": Text("An agency took a message that no case sent", "部门收到了任何办件都未分发的报文"),
    "message-taken-twice": Text("An agency took one message twice", "部门重复受理同一报文"),
    "message-differs": Text("An agency took other bytes than we keep", "部门收到的报文与留存的不一致"),
    "message-never-taken": Text(
        "We keep a reply to a message that the agency never took", "留有回执，但部门从未收到该报文"
    ),
    "reply-differs": Text("We keep another reply than the agency gave", "留存的回执与部门出具的不一致"),
    "entry-damaged": Text("The entry of a document on file is not as it was written", "存档信息与写入时不符"),
    "file-damaged": Text("The file of a document on file is not what was put on file", "存档文件与存档时不符"),
    "count-differs": Text("Cases received are not those decided and those open", "受理数不等于办结数与在办数之和"),
}


def words(code: str, detail: str) -> Text:
    """The sentence for a code, with what it is about after a colon where there is more to say."""
    text = WORDS[code]
    if not detail:
        return Text(f"{text.en}.", f"{text.zh}。")
    return Text(f"{text.en}: {detail}", f"{text.zh}：{detail}")
