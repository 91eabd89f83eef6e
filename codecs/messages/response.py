# Generated from schemas/response.xsd by onewindow.codecs.compiler; do not edit.
"""Response. The one merged, signed answer of all agencies. 统一出件。合并各部门答复并签名的唯一结果。"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from ..binding import WILDCARD
from .codes import BillLineStatus, CaseOutcome, DeclarationType, DutyTaxFeeType, ReplyOutcome
from .common import (
    AgencyIdentifier,
    Amount,
    CaseIdentifier,
    DateTime,
    Digest,
    DocumentNumber,
    FindingCode,
    GoodsLocation,
    ItemNumber,
    PartyIdentifier,
    Pointer,
    RateValue,
    Reference,
    SequenceNumber,
    Text,
    Visit,
)

NAMESPACE: Final = "urn:onewindow:response:1"


class Response(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Response. The one merged, signed answer of all agencies; WCO Data Model class Response.
    统一出件。合并各部门答复并签名的唯一结果；WCO数据模型 Response 类。
    """

    id: CaseIdentifier = field(name="ID")
    """Case. 办件编号"""
    functional_reference_id: Reference = field(name="FunctionalReferenceID")
    """Declarant's reference. Unique for the declarant: the same reference is the same declaration.
    申报人业务编号。对同一申报人唯一，编号相同即为同一申报。
    """
    declarant_id: PartyIdentifier = field(name="DeclarantID")
    """Declarant's identifier. 申报单位编号"""
    type_code: DeclarationType = field(name="TypeCode")
    """Import or export. 进出口标志"""
    revision_numeric: SequenceNumber = field(name="RevisionNumeric")
    """Revision. Which revision of the declaration was decided; the first is 1. 版次。所决定的申报版次，首版为1。"""
    acceptance_date_time: DateTime = field(name="AcceptanceDateTime")
    """Accepted at. 受理时间"""
    issue_date_time: DateTime = field(name="IssueDateTime")
    """Issued at. 出件时间"""
    outcome_code: CaseOutcome = field(name="OutcomeCode")
    """Outcome of the case. 办理结果"""
    release_indicator: bool = field(name="ReleaseIndicator")
    """Released. True if the goods may move, even if not all is settled.
    放行标志。货物可提离时为真，即使税费等尚未结清。
    """
    declaration_digest: Digest = field(name="DeclarationDigest")
    """Digest of the declaration decided. SHA-256 of its bytes as received. 申报单摘要值。所收申报单字节的 SHA-256。"""
    agency_decision: Annotated[
        tuple[AgencyDecision, ...],
        Meta(min_length=1, max_length=20),
    ] = field(name="AgencyDecision")
    """Agency's decision. 部门决定"""
    finding: tuple[Finding, ...] = field(default=(), name="Finding")
    """Finding. 审核意见"""
    condition: tuple[Condition, ...] = field(default=(), name="Condition")
    """Condition. 附加条件"""
    bill: Bill | None = field(default=None, name="Bill")
    """Bill. 缴款单"""
    joint_inspection: JointInspection | None = field(default=None, name="JointInspection")
    """Joint inspection. 联合查验"""
    signature: Annotated[
        str | None,
        Meta(extra={"xml": WILDCARD, "namespace": "http://www.w3.org/2000/09/xmldsig#"}),
    ] = field(default=None, name="Signature")
    """Signature. XML Signature over the whole document (W3C XML Signature, enveloped).
    电子签名。对整份单证的 XML 签名（W3C XML Signature，封内签名）。
    """


class AgencyDecision(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Agency's decision. One for every agency that the case concerned, or the reason why there is none.
    部门决定。办件涉及的每个部门各一，无决定时说明原因。
    """

    agency_code: AgencyIdentifier = field(name="AgencyCode")
    """Agency. 部门"""
    name: Annotated[tuple[Text, ...], Meta(min_length=2, max_length=2)] = field(name="Name")
    """Agency's name. Once in each language. 部门名称。每种语言一次。"""
    outcome_code: ReplyOutcome | None = field(default=None, name="OutcomeCode")
    """Outcome. 办理结果"""
    agency_reference_id: DocumentNumber | None = field(default=None, name="AgencyReferenceID")
    """Agency's reference. 部门受理编号"""
    message_id: Reference | None = field(default=None, name="MessageID")
    """Message number. Of the message that the agency was sent. 分发报文编号。发给该部门的分发报文。"""
    sent_date_time: DateTime | None = field(default=None, name="SentDateTime")
    """Sent at. 分发时间"""
    decision_date_time: DateTime | None = field(default=None, name="DecisionDateTime")
    """Decided at. 决定时间"""
    reply_digest: Digest | None = field(default=None, name="ReplyDigest")
    """Digest of the reply. SHA-256 of its bytes as stored. 回执摘要值。所存回执报文字节的 SHA-256。"""
    absence_reason: tuple[Text, ...] = field(default=(), name="AbsenceReason")
    """Reason for absence. Why there is no decision of this agency, once in each language.
    未答复原因。该部门无决定的原因，每种语言一次。
    """


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Finding. What an agency found; WCO Data Model class Error.
    审核意见。部门审核发现的问题；WCO数据模型 Error 类。
    """

    agency_code: AgencyIdentifier = field(name="AgencyCode")
    """Agency. 部门"""
    code: FindingCode = field(name="Code")
    """Finding code. 意见代码"""
    pointer: Pointer | None = field(default=None, name="Pointer")
    """Pointer. The element of the trader's own declaration that it is about. 位置。所指申报单中的元素。"""
    text: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=2)] = field(name="Text")
    """Text. Once in each language. 文字说明。每种语言一次。"""


class Condition(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Condition. What the release depends on; WCO Data Model class AdditionalInformation.
    附加条件。放行所附的条件；WCO数据模型 AdditionalInformation 类。
    """

    agency_code: AgencyIdentifier = field(name="AgencyCode")
    """Agency. 部门"""
    code: FindingCode = field(name="Code")
    """Condition code. 条件代码"""
    text: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=2)] = field(name="Text")
    """Text. Once in each language. 文字说明。每种语言一次。"""
    due_date_time: DateTime | None = field(default=None, name="DueDateTime")
    """Due by. 履行期限"""
    pointer: Pointer | None = field(default=None, name="Pointer")
    """Pointer. The element of the trader's own declaration that it is about. 位置。所指申报单中的元素。"""


class Bill(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Bill. All duties, taxes and fees of a case in one statement. 缴款单。办件全部税费的统一清单。"""

    bill_line: tuple[BillLine, ...] = field(default=(), name="BillLine")
    """Bill line. 税费明细"""
    total_amount: tuple[Amount, ...] = field(default=(), name="TotalAmount")
    """Total. One for each currency: the sum of its lines. 合计。每种币制一项，等于各行之和。"""


class BillLine(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Bill line. One duty, tax or fee; WCO Data Model class DutyTaxFee.
    税费明细。单项税费；WCO数据模型 DutyTaxFee 类。
    """

    agency_code: AgencyIdentifier = field(name="AgencyCode")
    """Agency. 部门"""
    item_sequence_numeric: ItemNumber | None = field(default=None, name="ItemSequenceNumeric")
    """Item number. Absent if the line is for the whole declaration. 项号。针对整份申报时不填。"""
    type_code: DutyTaxFeeType = field(name="TypeCode")
    """Duty, tax or fee type. 税费种类"""
    tax_base_amount: Amount = field(name="TaxBaseAmount")
    """Basis. The amount the rate is applied to. 计征依据。税率所适用的金额。"""
    tax_rate_numeric: RateValue = field(name="TaxRateNumeric")
    """Rate. In percent, 13 for 13 %. 税率。以百分数表示，13 即 13%。"""
    payment_amount: Amount = field(name="PaymentAmount")
    """Amount payable. 应缴金额"""
    status_code: BillLineStatus = field(name="StatusCode")
    """Provisional or final. 税费状态"""


class JointInspection(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Joint inspection. Several agencies' inspections of the same goods, held together.
    联合查验。多个部门对同一货物合并进行的查验。
    """

    goods_location: GoodsLocation | None = field(default=None, name="GoodsLocation")
    """Place of inspection. 查验地点"""
    visit: Annotated[tuple[Visit, ...], Meta(min_length=1, max_length=20)] = field(name="Visit")
    """Visit. 查验安排"""
    item_sequence_numeric: Annotated[
        tuple[ItemNumber, ...],
        Meta(max_length=999),
    ] = field(default=(), name="ItemSequenceNumeric")
    """Item to be inspected. 应查验项号"""
