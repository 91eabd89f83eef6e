# Generated from schemas/charges.xsd by onewindow.codecs.compiler; do not edit.
"""Charges as declared by the trader. Included by the messages that carry them; apart from common.xsd because a reply
has a CustomsValuation and a DutyTaxFee of its own, as assessed.
申报人申报的费用。由含有此类信息的报文引入；回执报文另有其核定的 CustomsValuation 和 DutyTaxFee，故不并入 common.xsd。
"""

from __future__ import annotations

from msgspec import Struct, field

from .codes import DutyRegime, DutyTaxFeeType
from .common import Amount


class CustomsValuation(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Charges that enter the customs value. WCO Data Model class CustomsValuation.
    计入完税价格的费用。WCO数据模型 CustomsValuation 类。
    """

    freight_charge_amount: Amount | None = field(default=None, name="FreightChargeAmount")
    """Freight. 运费"""
    insurance_charge_amount: Amount | None = field(default=None, name="InsuranceChargeAmount")
    """Insurance. 保费"""


class DutyTaxFee(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Duty, tax or fee as declared. WCO Data Model class DutyTaxFee. 申报税费。WCO数据模型 DutyTaxFee 类。"""

    type_code: DutyTaxFeeType = field(name="TypeCode")
    """Duty, tax or fee type. 税费种类"""
    duty_regime_code: DutyRegime | None = field(default=None, name="DutyRegimeCode")
    """Tariff treatment claimed. 申请适用的税率类别"""
    exemption_indicator: bool | None = field(default=None, name="ExemptionIndicator")
    """Exemption claimed. True if the declarant claims relief from it. 减免税标志。申报人申请减免时为真。"""
    assessed_amount: Amount | None = field(default=None, name="AssessedAmount")
    """Amount worked out by the declarant. 申报人计算的税费金额"""
