"""What a reader of the interface has to know beside its calls: outcomes, the JSON twin, how to verify a signature."""

from collections.abc import Mapping
from typing import Final

from ...codecs.finding import Text
from ...codecs.messages.codes import CaseOutcome

OUTCOMES: Final[Mapping[CaseOutcome, Text]] = {
    CaseOutcome.CLEARED: Text("All agencies agree. The bill is final.", "各部门均同意，缴款单为最终金额。"),
    CaseOutcome.CLEARED_WITH_CONDITIONS: Text(
        "Agencies agree under conditions, each with a date by which it is to be met.",
        "各部门同意，附有条件，各条件载明履行期限。",
    ),
    CaseOutcome.INSPECTION_REQUIRED: Text(
        "At least one agency has to see the goods first; JointInspection says when and where. The bill is provisional.",
        "至少一个部门须先查验货物，时间和地点见 JointInspection，缴款单为暂定金额。",
    ),
    CaseOutcome.SUPPLEMENT_REQUIRED: Text(
        "Not final: the case waits for the declarant, whose supplement puts right what the findings say.",
        "尚未办结：申报内容缺漏或有误，详见审核意见，待申报人补正。",
    ),
    CaseOutcome.REFUSED: Text(
        "At least one agency refuses; the findings of all agencies are there, and there is no bill.",
        "至少一个部门不予同意；列有各部门全部审核意见，不出具缴款单。",
    ),
    CaseOutcome.WITHDRAWN: Text(
        "The declarant has taken the declaration back; there is no bill.", "申报人已撤回申报单，不出具缴款单。"
    ),
}
"""What each outcome of a case means for who declared."""

JSON_TWIN: Final = (
    Text(
        "The document is the object of the root element itself: it is not wrapped in a member Declaration.",
        "文档即根元素对应的对象，外层不加成员 Declaration。",
    ),
    Text("Members have the element names of the schema; their order is free.", "成员名即模式的元素名，顺序不限。"),
    Text(
        "An element that may occur more than once is a list, also where it occurs once.",
        "可重复的元素一律写作列表，只出现一次时也是如此。",
    ),
    Text(
        "An element with attributes is an object: its text is `value`, beside the attributes, "
        'as in `{"value": "12.50", "currencyID": "EUR"}`.',
        '带属性的元素写作对象，文字为 `value`，与属性并列，如 `{"value": "12.50", "currencyID": "EUR"}`。',
    ),
    Text(
        "Whole numbers are numbers, all else is text; decimals come back as they were, and may be sent as numbers too.",
        "整数为 JSON 数值，其余为字符串；小数按原样返回，提交时也可写作 JSON 数值。",
    ),
    Text(
        "What is absent is left out; null is the same. `Signature` is the XML of the signature as a string.",
        "没有的元素省略不写，null 等同于省略。`Signature` 为签名的 XML 文本。",
    ),
)
"""How a document is written in JSON."""

VERIFYING: Final = (
    Text(
        'Response and receipt carry an enveloped XML signature (W3C XML Signature 1.1): one reference with URI="", '
        "exclusive C14N, SHA-256, ECDSA on P-256, and the gateway's certificate in KeyInfo.",
        '统一出件和受理回执带有封内 XML 签名（W3C XML Signature 1.1）：单一引用 URI=""，'
        "排他规范化，SHA-256，P-256 曲线 ECDSA，网关证书在 KeyInfo 中。",
    ),
    Text(
        "Get the authority's certificate from whoever runs the gateway, by another way than the documents, then: "
        "`onewindow verify response.xml --trust authority.crt.pem --receipt receipt.json "
        "--declaration declaration.xml`.",
        "请通过文件之外的渠道向网关运行方取得签发机构证书，然后执行："
        "`onewindow verify response.xml --trust authority.crt.pem --receipt receipt.json "
        "--declaration declaration.xml`。",
    ),
    Text(
        "Any tool that knows XML Signature does as well: `xmlsec1 --verify --trusted-pem authority.crt.pem "
        "response.xml`. Verify the XML as it came; a JSON twin has to be written as XML again first.",
        "其他 XML 签名工具亦可：`xmlsec1 --verify --trusted-pem authority.crt.pem response.xml`。"
        "请以原样的 XML 验证；JSON 形式须先还原为 XML。",
    ),
    Text(
        "`DeclarationDigest` is the SHA-256 of the declaration's bytes as they were sent: `sha256sum declaration.xml`.",
        "`DeclarationDigest` 为所提交申报单原始字节的 SHA-256：`sha256sum declaration.xml`。",
    ),
)
"""How to verify what is signed."""
