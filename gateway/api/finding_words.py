"""What each code of a finding means, for those who read about them: findings say it with the element's own name."""

from collections.abc import Mapping
from typing import Final

from ...codecs.finding import Text
from ...codecs.verification import WORDS as SIGNATURE_WORDS

FINDINGS: Final[Mapping[str, Text]] = {
    "not-well-formed": Text("The document breaks the syntax of XML or JSON.", "文档不符合 XML 或 JSON 语法。"),
    "media-type-wrong": Text("JSON was sent as XML, or XML as JSON.", "以 XML 类型提交了 JSON，或相反。"),
    "encoding-unsupported": Text("The document is not in UTF-8.", "文档未采用 UTF-8 编码。"),
    "doctype-forbidden": Text("The document has a DOCTYPE.", "文档含有 DOCTYPE。"),
    "body-bytes": Text("The body has more bytes than the gateway is set to take.", "请求体超过网关设定的字节数。"),
    "body-too-large": Text("The document has more bytes than any gateway takes.", "文档超过字节数上限。"),
    "elements-too-many": Text("The document has too many elements or values.", "元素或值的数量超过上限。"),
    "attributes-too-many": Text("The document has too many attributes.", "属性数量超过上限。"),
    "nesting-too-deep": Text("Elements are nested too deep.", "元素嵌套层数超过上限。"),
    "text-too-long": Text("One text is too long.", "单个文本超过长度上限。"),
    "root-unexpected": Text("The root element is not the message's.", "根元素不是应有的元素。"),
    "root-wrapped": Text(
        "The JSON document is wrapped in a member Declaration.", "JSON 文档外层多了成员 Declaration。"
    ),
    "element-missing": Text("A required element is missing.", "缺少必填元素。"),
    "element-unexpected": Text("An element has no place here.", "此处不应有该元素。"),
    "element-misplaced": Text("An element is out of order.", "元素顺序有误。"),
    "element-repeated": Text("An element occurs too often.", "元素出现次数过多。"),
    "text-unexpected": Text("There is text where only elements belong.", "只能包含元素之处含有文字。"),
    "attribute-missing": Text("A required attribute is missing.", "缺少必填属性。"),
    "attribute-unexpected": Text("An element has no such attribute.", "元素没有该属性。"),
    "value-type": Text("A value is not of its type: no number, no date.", "值的类型有误，如并非数值或日期。"),
    "value-enumeration": Text("A code is not in its code list.", "代码不在代码表中。"),
    "value-length": Text("A text is too short or too long.", "文字过短或过长。"),
    "value-pattern": Text("A value is not written as its type says.", "值的写法不符合格式。"),
    "value-range": Text("A number is too small or too large.", "数值超出范围。"),
    "value-digits": Text("A number has too many digits.", "数值位数过多。"),
    "value-shape": Text(
        "A JSON value has the wrong shape: a list for one value, say.", "JSON 值的形状有误，如单个值写成了列表。"
    ),
    "character-forbidden": Text("A text has a character that XML can't carry.", "文字含有 XML 不允许的字符。"),
    "character-hidden": Text(
        "A text has a control character or a mark of direction in it.", "文字含有控制字符或方向标记。"
    ),
    "text-blank": Text("There is nothing to see in a text.", "文字为空白，无可见内容。"),
    "schema": Text("The schema forbids it in another way.", "以其他方式违反模式。"),
    "findings-too-many": Text("There are more mistakes than are listed.", "问题过多，未全部列出。"),
    "item-count": Text("GoodsItemQuantity is not the number of items.", "申报商品项数与实际不符。"),
    "item-sequence": Text("Items are not numbered 1, 2, 3 ...", "商品项号未从 1 起连续编排。"),
    "party-missing": Text("An import has no importer, or an export no exporter.", "进口缺少收货人，或出口缺少发货人。"),
    "exchange-rate-missing": Text("The invoice currency has no exchange rate.", "缺少发票币制的汇率。"),
    "exchange-rate-repeated": Text("A currency has more than one exchange rate.", "同一币制填报了多个汇率。"),
    "exchange-rate-wrong": Text("The yuan has an exchange rate other than 1.", "人民币汇率不为 1。"),
    "invoice-total": Text("The items do not add up to the invoice amount.", "各项商品金额合计与发票总额不符。"),
    "mass-order": Text("A net mass is more than its gross mass.", "净重大于毛重。"),
    "due-date-missing": Text("A deferred document has no due date.", "容缺单证未填报补交期限。"),
    "goods-prohibited": Text(
        "Goods may not be imported or exported, or not from or to this country.", "货物禁止进口或出口，或限于特定国别。"
    ),
    "document-missing": Text("A document that the procedure requires is not there.", "缺少该流程必须随附的单证。"),
    "document-not-deferrable": Text("A document that may not follow later is put off.", "单证不得容缺受理。"),
    "check-digit-wrong": Text(
        "The check digit of a party's or container's number is wrong.", "企业编号或集装箱号的校验码有误。"
    ),
    "credit-code-missing": Text(
        "At a Chinese office a party at home has no unified social credit code.",
        "在中国海关申报的境内企业未填报统一社会信用代码。",
    ),
    "commodity-code-unknown": Text(
        "A commodity code is of no subheading of the Harmonized System.", "商品编码不在协调制度子目中。"
    ),
    "office-unknown": Text("A customs office is of no district or country.", "关区代码不属于任何直属海关或国别。"),
    "procedure-unknown": Text("A procedure code is not in the list of its office.", "监管方式代码不在代码表中。"),
    "place-unknown": Text("A UN/LOCODE is of no country.", "口岸（地点）代码不属于任何国别。"),
    "un-number-unknown": Text("A UN number has not been given out.", "联合国编号不存在。"),
    "date-implausible": Text("A date is too early or too late to be meant.", "日期过早或过晚。"),
    "due-date-past": Text("A deferred document was due before today.", "容缺单证的补交期限已过。"),
    "test-directive": Text(
        "In test mode the reference asks for what can't be acted out.", "测试模式下，业务编号中的指令无法识别。"
    ),
    "signature-not-declarant": Text("The signer is not the declarant.", "签名人与申报人不一致。"),
    "parameter-unknown": Text("The call has no such query parameter.", "接口没有该查询参数。"),
    "parameter-value": Text("A query parameter or header has a wrong value.", "查询参数或请求头的值有误。"),
    "parameter-repeated": Text("A query parameter is given more than once.", "查询参数重复。"),
    "parameter-missing": Text("A query parameter that the call needs is missing.", "缺少必需的查询参数。"),
    "digest-differs": Text("The body is not the one that the digest header is of.", "请求体与摘要头不符。"),
    "document-not-on-file": Text("A digest is of no document on file.", "引用的文件尚未在档。"),
    "document-not-shared": Text("A document on file is not shared with those who refer to it.", "引用的文件未获共享。"),
    "document-type-differs": Text("A document is on file as another type.", "引用的文件与存档类别不符。"),
    "document-expired": Text("A document on file holds no longer.", "引用的文件已过有效期。"),
    "revision-of-another": Text(
        "A revision has another reference, declarant or direction than the case.",
        "变更后的业务编号、申报人或进出口方向与原办件不一致。",
    ),
    "decision-in-future": Text(
        "The decision of a reply is dated later than it came.", "回执报文的决定时间晚于送达时间。"
    ),
    "slot-order": Text("In a reply a time to inspect ends before it begins.", "回执报文中查验时段的起止时间有误。"),
    "sum-too-large": Text("The charges of a reply add up to more than can be billed.", "回执报文税费合计超过上限。"),
    "reply-of-another": Text("A reply is another agency's than the one that brings it.", "回执报文属于其他部门。"),
    "request-invalid": Text("A request lacks something or has a wrong value.", "请求缺少内容或值有误。"),
    "webhook-url": Text("A webhook's URL can't be delivered to, or must not be.", "推送地址无法或不得推送。"),
    "webhook-event": Text("A webhook names an event that there is not.", "推送订阅所列事件不存在。"),
    "cursor-unknown": Text(
        "A cursor is none, or the event feed does not reach as far.", "游标有误，或超出事件流水的范围。"
    ),
    **SIGNATURE_WORDS,
}
"""Every code that a request can be answered with; agencies' findings, in responses, have codes of their own."""
