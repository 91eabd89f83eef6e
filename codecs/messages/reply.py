# Generated from schemas/reply.xsd by onewindow.codecs.compiler; do not edit.
"""Reply. What an agency answers to its message. 回执报文。部门对分发报文的答复。"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from .codes import BillLineStatus, DutyTaxFeeType, ReplyOutcome
from .common import (
    AgencyIdentifier,
    Amount,
    DateTime,
    DocumentNumber,
    FindingCode,
    GoodsLocation,
    ItemNumber,
    Pointer,
    RateValue,
    Reference,
    Text,
)

NAMESPACE: Final = "urn:onewindow:reply:1"


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Reply. What an agency answers to its message; WCO Data Model class Response.
    回执报文。部门对分发报文的答复；WCO数据模型 Response 类。
    """

    message_id: Reference = field(name="MessageID")
    """Message number. Of the message that is answered. 分发报文编号。所答复的分发报文。"""
    agency_code: AgencyIdentifier = field(name="AgencyCode")
    """Agency. 部门"""
    agency_reference_id: DocumentNumber = field(name="AgencyReferenceID")
    """Agency's reference. 部门受理编号"""
    outcome_code: ReplyOutcome = field(name="OutcomeCode")
    """Outcome. 办理结果"""
    decision_date_time: DateTime = field(name="DecisionDateTime")
    """Decided at. 决定时间"""
    finding: Annotated[tuple[Finding, ...], Meta(max_length=1000)] = field(default=(), name="Finding")
    """Finding. 审核意见"""
    condition: Annotated[tuple[Condition, ...], Meta(max_length=100)] = field(default=(), name="Condition")
    """Condition. 附加条件"""
    duty_tax_fee: Annotated[tuple[DutyTaxFee, ...], Meta(max_length=9999)] = field(default=(), name="DutyTaxFee")
    """Duty, tax or fee as assessed. 核定税费"""
    inspection: Inspection | None = field(default=None, name="Inspection")
    """Inspection ordered. 查验要求"""
    customs_valuation: Annotated[
        tuple[CustomsValuation, ...],
        Meta(max_length=999),
    ] = field(default=(), name="CustomsValuation")
    """Customs value as assessed. 核定完税价格"""


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Finding. What an agency found; WCO Data Model class Error.
    审核意见。部门审核发现的问题；WCO数据模型 Error 类。
    """

    code: FindingCode = field(name="Code")
    """Finding code. 意见代码"""
    pointer: Pointer | None = field(default=None, name="Pointer")
    """Pointer. The element of the agency's message that it is about. 位置。所指分发报文中的元素。"""
    text: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=2)] = field(name="Text")
    """Text. Once in each language. 文字说明。每种语言一次。"""


class Condition(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Condition. What the approval depends on; WCO Data Model class AdditionalInformation.
    附加条件。同意所附的条件；WCO数据模型 AdditionalInformation 类。
    """

    code: FindingCode = field(name="Code")
    """Condition code. 条件代码"""
    text: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=2)] = field(name="Text")
    """Text. Once in each language. 文字说明。每种语言一次。"""
    due_date_time: DateTime | None = field(default=None, name="DueDateTime")
    """Due by. 履行期限"""
    pointer: Pointer | None = field(default=None, name="Pointer")
    """Pointer. The element of the agency's message that it is about. 位置。所指分发报文中的元素。"""


class DutyTaxFee(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Duty, tax or fee as assessed. WCO Data Model class DutyTaxFee. 核定税费。WCO数据模型 DutyTaxFee 类。"""

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


class Inspection(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Inspection ordered. WCO Data Model class Control. 查验要求。WCO数据模型 Control 类。"""

    goods_location: GoodsLocation | None = field(default=None, name="GoodsLocation")
    """Place of inspection. 查验地点"""
    slot: Annotated[tuple[Slot, ...], Meta(min_length=1, max_length=20)] = field(name="Slot")
    """Slot. A time that would suit the agency. 可查验时段。部门可安排的时间。"""
    item_sequence_numeric: Annotated[
        tuple[ItemNumber, ...],
        Meta(max_length=999),
    ] = field(default=(), name="ItemSequenceNumeric")
    """Item to be inspected. 应查验项号"""


class Slot(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Slot. A time at which the agency could inspect. 可查验时段。部门可安排查验的时间。"""

    start_date_time: DateTime = field(name="StartDateTime")
    """From. 开始时间"""
    end_date_time: DateTime = field(name="EndDateTime")
    """Until. 结束时间"""


class CustomsValuation(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Customs value as assessed. WCO Data Model class CustomsValuation.
    核定完税价格。WCO数据模型 CustomsValuation 类。
    """

    item_sequence_numeric: ItemNumber = field(name="ItemSequenceNumeric")
    """Item number. 项号"""
    assessed_amount: Amount = field(name="AssessedAmount")
    """Customs value as assessed. 核定完税价格"""
