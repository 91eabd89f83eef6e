"""Problem documents (RFC 9457): every answer that is not a success has one, in English and Chinese."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ...codecs.finding import Finding, Text
from ..seal import WORDS as UNSEALED

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:onewindow:problem:"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem document (RFC 9457, section 3), with `findings` and the Chinese words as extension members.

    `type` is stable and says which problem it is; `related` is the path of the case that is in the way, where one is.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    title_zh: str
    detail_zh: str
    related: str | None = None
    findings: tuple[Finding, ...] = ()


class Kind(msgspec.Struct, frozen=True):
    """A kind of problem: its HTTP status, its title, and what it means where nothing more exact can be said."""

    status: int
    title: Text
    detail: Text


def _kind(status: int, en: str, zh: str, detail_en: str, detail_zh: str) -> Kind:
    return Kind(status, Text(en=en, zh=zh), Text(en=detail_en, zh=detail_zh))


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "bad-request": _kind(
            400, "Bad request", "请求有误", "The request could not be read as HTTP.", "无法按 HTTP 协议读取该请求。"
        ),
        "empty-body": _kind(400, "Empty body", "请求体为空", "The request carries no document.", "请求中没有文件。"),
        "unknown-parameter": _kind(
            400,
            "Unknown parameter",
            "未知参数",
            "The call knows no such query parameter.",
            "该接口不支持此查询参数。",
        ),
        "invalid-parameter": _kind(
            400,
            "Invalid parameter",
            "参数值无效",
            "A query parameter or header has a value that is not allowed.",
            "查询参数或请求头的值不符合要求。",
        ),
        "not-well-formed": _kind(
            400, "Not well-formed", "格式错误", "What was sent can't be read.", "所提交的内容无法解析。"
        ),
        "forbidden-construct": _kind(
            400,
            "Forbidden construct",
            "申报单含禁用结构",
            "The document uses a construct that is not taken, such as a DOCTYPE.",
            "申报单使用了不予受理的结构，例如 DOCTYPE。",
        ),
        "digest-mismatch": _kind(
            400,
            "Digest mismatch",
            "摘要不符",
            "The body is not the one that its Content-Digest or Repr-Digest is of; nothing was kept.",
            "请求体与 Content-Digest 或 Repr-Digest 所示摘要不符，未予存档。",
        ),
        "unauthenticated": _kind(
            401,
            "Not authenticated",
            "未通过身份验证",
            "The call needs a bearer token that this window knows.",
            "该接口须凭本窗口认可的令牌（Bearer）调用。",
        ),
        "forbidden": _kind(
            403,
            "Forbidden",
            "无权调用",
            "The call is another agency's, or may be made from the gateway's own machine only.",
            "该接口属于其他部门，或只可从网关本机调用。",
        ),
        "cross-site": _kind(
            403,
            "Sent by another site's page",
            "由其他网站的页面发出",
            "A browser says that a page which is not this gateway's sends this. Nothing was done.",
            "浏览器表明该请求由非本网关的页面发出，未予处理。",
        ),
        "not-found": _kind(
            404, "Not found", "未找到", "There is nothing under this address.", "该地址下没有任何内容。"
        ),
        "not-decided": _kind(
            404,
            "Not decided yet",
            "尚未办结",
            "The case is still being worked on; there is no response yet.",
            "办件仍在办理中，尚无统一出件。",
        ),
        "not-concerned": _kind(
            404,
            "Agency not concerned",
            "与该部门无关",
            "This declaration does not concern the agency, so it was sent no message.",
            "该申报单不涉及此部门，未向其分发报文。",
        ),
        "method-not-allowed": _kind(
            405,
            "Method not allowed",
            "不支持该方法",
            "The address does not take this method; Allow lists those it takes.",
            "该地址不支持此方法，可用方法见 Allow 响应头。",
        ),
        "not-acceptable": _kind(
            406,
            "Not acceptable",
            "无法提供所要求的格式",
            "The answer can't be given in any of the media types that Accept allows.",
            "无法以 Accept 所允许的媒体类型作答。",
        ),
        "slow-upload": _kind(
            408,
            "Upload too slow",
            "上传超时",
            "The body did not arrive in time.",
            "请求体未在规定时间内传完。",
        ),
        "reference-conflict": _kind(
            409,
            "Reference used before",
            "业务编号已被使用",
            "This declarant has used this reference for a declaration with other content.",
            "该申报人已将此业务编号用于内容不同的申报单。",
        ),
        "case-decided": _kind(
            409,
            "Case decided",
            "办件已办结",
            "The case has its final response, which is never changed. A new declaration can refer to it.",
            "该办件已出具统一出件，不可再变更；可另行申报并引用该办件。",
        ),
        "case-withdrawn": _kind(
            409, "Case withdrawn", "申报单已撤回", "The declaration has been taken back.", "该申报单已撤回。"
        ),
        "not-awaited": _kind(
            409,
            "No supplement awaited",
            "无需补正",
            "The case does not wait for a supplement. To change the declaration all the same, amend it.",
            "该办件目前无需补正；如需修改申报单，请提交变更。",
        ),
        "nothing-changed": _kind(
            409,
            "Nothing changed",
            "内容未变",
            "This is the declaration as the case has it already. Only a supplement may leave it as it is, where an "
            "agency asked for what is done elsewhere.",
            "所提交内容与办件现有申报单一致。仅在部门要求的事项已在他处办妥时，补正可不改动申报单。",
        ),
        "revisions-exhausted": _kind(
            409,
            "Too many revisions",
            "变更次数已达上限",
            "This declaration has been revised as often as one may be. Withdraw it and declare anew.",
            "该申报单的变更次数已达上限，请撤回后重新申报。",
        ),
        "not-awaiting-payment": _kind(
            409,
            "Nothing to pay",
            "无应缴款项",
            "The case has no bill, or it is paid.",
            "该办件没有应缴款项，或已缴清。",
        ),
        "payment-differs": _kind(
            409,
            "Payment reference used before",
            "缴款编号已被使用",
            "A payment with this reference was recorded for another amount.",
            "该缴款编号已用于金额不同的缴款。",
        ),
        "payment-too-much": _kind(
            409,
            "More than is due",
            "超过应缴金额",
            "The payment is more than what is still due in its currency.",
            "缴款金额超过该币制的应缴余额。",
        ),
        "payment-unconfirmed": _kind(
            409,
            "Payment not confirmed",
            "缴款未获确认",
            "The treasury does not know of this payment.",
            "国库未确认该笔缴款。",
        ),
        "not-decided-yet": _kind(
            409,
            "Not decided yet",
            "尚未办结",
            "The case is still being worked on; this can be done once it is decided.",
            "办件仍在办理中，办结后方可进行此操作。",
        ),
        "rated-already": _kind(
            409,
            "Rated already",
            "已评价",
            "A case is rated once, and this one has been.",
            "该办件已评价，不可重复评价。",
        ),
        "document-not-awaited": _kind(
            409,
            "Document not awaited",
            "无需补交该单证",
            "The declaration names no deferred document of this type and number that is awaited.",
            "申报单中没有此类型和编号的待补交容缺单证。",
        ),
        "document-differs": _kind(
            409,
            "Another document came before",
            "已补交其他单证",
            "A document of this type and number has come already, with other content.",
            "此类型和编号的单证已补交，且内容不同。",
        ),
        "message-unknown": _kind(
            409,
            "Message unknown",
            "分发报文编号不符",
            "The reply names a message that this agency was not sent.",
            "回执报文所指的分发报文并未发往该部门。",
        ),
        "no-mailbox": _kind(
            409,
            "No mailbox",
            "未设信箱",
            "The agency's messages are brought to it in another way; there is nothing to fetch.",
            "该部门的报文以其他方式送达，无须自行领取。",
        ),
        "reply-differs": _kind(
            409,
            "Answered otherwise before",
            "此前已作不同答复",
            "This message was answered before with another outcome; that answer stands.",
            "该报文此前已作不同答复，以先前的答复为准。",
        ),
        "reply-not-awaited": _kind(
            409,
            "Reply not awaited",
            "无需答复",
            "The reply is to a notice, which needs no answer.",
            "回执报文所指为告知书，无需答复。",
        ),
        "result-missing": _kind(
            409,
            "Result missing",
            "缺少查验结果",
            "The goods were to be inspected under this order; the reply says again that they have to be.",
            "该查验通知要求反馈查验结果，回执报文仍为需查验。",
        ),
        "message-not-awaited": _kind(
            409,
            "Message not awaited",
            "报文无需重新分发",
            "The message is not to be sent again: its agency has it or has answered it, or its case waits no longer.",
            "该报文无需重新分发：部门已接收或已答复，或办件已不再等待。",
        ),
        "dead-letter-settled": _kind(
            409,
            "Dead letter settled",
            "死信已处理",
            "The dead letter was answered or put aside before.",
            "该死信此前已答复或已搁置。",
        ),
        "webhooks-exhausted": _kind(
            409,
            "Too many webhooks",
            "推送订阅已达上限",
            "There are as many webhooks as are kept. End one that nobody needs.",
            "推送订阅数量已达上限，请先取消不再需要的订阅。",
        ),
        "no-deliveries": _kind(
            410,
            "No webhook deliveries here",
            "不接收推送",
            "The request is signed as a webhook's delivery, and this gateway subscribes to none. End that webhook.",
            "该请求带有推送签名，而本网关不订阅任何推送，请取消该推送订阅。",
        ),
        "too-large": _kind(
            413, "Too large", "文件过大", "The document is larger than what is taken.", "文件超过可受理的大小。"
        ),
        "unsupported-media-type": _kind(
            415,
            "Unsupported media type",
            "不支持的媒体类型",
            "The document has to be application/xml or application/json, in UTF-8.",
            "申报单须为 application/xml 或 application/json，并采用 UTF-8 编码。",
        ),
        "unsupported-encoding": _kind(
            415,
            "Unsupported content encoding",
            "不支持的内容编码",
            "The body has to come as it is, without Content-Encoding.",
            "请求体不得压缩或另行编码（Content-Encoding）。",
        ),
        "expectation-failed": _kind(
            417,
            "Expectation failed",
            "无法满足 Expect",
            "The only expectation that is met is 100-continue.",
            "仅支持 Expect: 100-continue。",
        ),
        "misdirected": _kind(
            421,
            "Meant for another host",
            "请求的主机不是本网关",
            "Host names neither a loopback address with this gateway's port nor a name in [gateway] hosts.",
            "Host 既不是带本网关端口的回环地址，也未列入 [gateway] hosts。",
        ),
        "invalid": _kind(
            422,
            "Invalid",
            "内容不符合规范",
            "What was sent breaks its schema or a rule.",
            "所提交的内容不符合模式或业务规则。",
        ),
        "webhook-invalid": _kind(
            422,
            "Webhook not taken",
            "推送订阅不符合要求",
            "What was sent does not describe a webhook that can be delivered to.",
            "所提交的内容不是可推送的订阅。",
        ),
        "signature": _kind(
            422,
            "Signature not accepted",
            "签名无效",
            "The document's signature does not hold.",
            "申报单的电子签名未通过验证。",
        ),
        "overloaded": _kind(
            429,
            "Too much in hand",
            "业务繁忙",
            "The window has as much in hand as it takes on; nothing was stored. Send it again later.",
            "窗口在办业务已达上限，本次未受理，请稍后重新提交。",
        ),
        "too-many-waits": _kind(
            429,
            "Too many calls wait",
            "等待中的调用过多",
            "As many calls and event streams of this caller wait as may. End some, or ask without waiting.",
            "该调用方等待中的调用和事件流已达上限，请结束其中一部分，或不等待直接查询。",
        ),
        "internal": _kind(
            500,
            "Internal error",
            "内部错误",
            "Something went wrong here. The instance identifies it in the log.",
            "系统内部出错，可凭 instance 在日志中查找。",
        ),
        "record-damaged": _kind(
            500,
            "Record damaged",
            "记录已损坏",
            "What is kept of this case is not what was written, so it is not shown.",
            "该办件的存储记录与写入内容不符，不予提供。",
        ),
        "not-ready": _kind(
            503,
            "Not ready",
            "尚未就绪",
            "The window is not ready to take declarations. Try again later.",
            "窗口尚未就绪，请稍后再试。",
        ),
        "case-busy": _kind(
            503,
            "Too much at one time",
            "该办件请求过多",
            "So much is asked of this case at one time that it has to wait; nothing was stored. Send it again later.",
            "该办件同时收到的请求过多，须依次处理，本次未受理，请稍后重新提交。",
        ),
        "stopping": _kind(
            503,
            "Stopping",
            "正在停止服务",
            "The window is about to stop; nothing was stored. Send it again later.",
            "窗口即将停止服务，本次未受理，请稍后重新提交。",
        ),
        **{code: Kind(503, Text("Nothing can be signed", "暂不能签名"), words) for code, words in UNSEALED.items()},
        "agency-unable": _kind(
            503,
            "Agency unable",
            "部门程序出错",
            "An agency's own program fails on this declaration; nothing was stored. Its operator has to mend it.",
            "部门自身的程序处理该申报单时出错，本次未受理，须由该部门修复后重新提交。",
        ),
        "treasury-unavailable": _kind(
            503,
            "Treasury unavailable",
            "国库暂不可用",
            "The treasury can't be asked just now; nothing was recorded. Try again later.",
            "暂时无法向国库核实缴款，未作记录，请稍后再试。",
        ),
        "store-unavailable": _kind(
            503,
            "Store unavailable",
            "存储暂不可用",
            "The record can't be written or read just now; nothing was acknowledged. Try again later.",
            "存储暂时无法读写，本次未受理，请稍后再试。",
        ),
    }
)


class Refusal(Exception):
    """An answer other than what was asked for; `code` is a key of KINDS.

    `detail` says more than the kind does, where there is more to say; `close` ends the connection after the answer.
    """

    def __init__(
        self,
        code: str,
        detail: Text | None = None,
        *,
        findings: tuple[Finding, ...] = (),
        headers: Mapping[str, str] = _NO_HEADERS,
        related: str | None = None,
        close: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.findings = findings
        self.headers = headers
        self.related = related
        self.close = close

    def problem(self, instance: str) -> Problem:
        """The problem document; `instance` is a URI reference for this occurrence."""
        kind = KINDS[self.code]
        detail = self.detail or kind.detail
        return Problem(
            type=TYPE_PREFIX + self.code,
            title=kind.title.en,
            title_zh=kind.title.zh,
            status=kind.status,
            detail=detail.en,
            detail_zh=detail.zh,
            instance=instance,
            related=self.related,
            findings=self.findings,
        )
