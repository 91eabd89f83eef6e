"""Customs duty, item by item: which rate applies, and what it comes to.

Source: Customs Tariff Law of the PRC (关税法, in force since 1 December 2024), articles 9 to 17 on rates and origin.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from ...codecs.finding import Text
from ...codecs.messages.codes import BillLineStatus, DeclarationType, DocumentType, DutyTaxFeeType
from ...codecs.messages.customs import Customs, GovernmentAgencyGoodsItem
from ...codecs.messages.reply import DutyTaxFee
from ..decision import Remark, note, supplement
from ..documents import Placed, State, placed, remarks_on, standing
from ..pointer import item_pointer
from ..tariff import GENERAL_RATE_ORIGINS, PREFERENCES, SUSPENDING_PROCEDURES, export_rate, import_rate
from ..valuation import claimed_duty, deviates
from ..yuan import NoRate, exchange_rates, levied, yuan
from .valuation import ROOT

PROOFS_OF_ORIGIN = (DocumentType._861, DocumentType._864, DocumentType._865)
PROOF_OF_ORIGIN = Text("certificate of origin", "原产地证书")
EXEMPTION = Text("duty exemption certificate", "征免税证明")


class Duty(Struct, frozen=True):
    """The duty on one item: its rate in percent, whether it is settled, and what to say of it.

    rate: None where nothing is levied. is_general: whether it is the rate for origins without most-favoured-nation
    treatment.
    """

    rate: Decimal | None
    settled: bool = True
    remarks: tuple[Remark, ...] = ()
    is_general: bool = False


def duty_on(message: Customs, index: int, now: datetime) -> Duty:
    """The duty that applies to one item; the first has index 1."""
    item = message.goods_shipment.government_agency_goods_item[index - 1]
    code = item.commodity.classification[0].id
    if item.government_procedure.current_code in SUSPENDING_PROCEDURES:
        pointer = f"{item_pointer(ROOT, index)}/GovernmentProcedure/CurrentCode"
        en, zh = "Under this procedure no duty is levied now.", "该监管方式下暂不征收关税。"
        return Duty(None, remarks=(note("customs.duty-suspended", pointer, en, zh),))
    if message.type_code is DeclarationType.EX:
        return Duty(export_rate(code) or None)
    rates = import_rate(code)
    for number, claim in enumerate(item.commodity.duty_tax_fee, 1):
        pointer = f"{item_pointer(ROOT, index)}/Commodity/DutyTaxFee[{number}]"
        if claim.type_code is not DutyTaxFeeType.CUD:
            continue
        if claim.exemption_indicator:
            return _exempt(message, index, now, rates.mfn, f"{pointer}/ExemptionIndicator")
        if claim.duty_regime_code in PREFERENCES:
            agreed = rates.agreement.get(item.origin.country_code)
            return _preferential(message, index, now, agreed, rates.mfn, f"{pointer}/DutyRegimeCode")
    if item.origin.country_code in GENERAL_RATE_ORIGINS:
        pointer = f"{item_pointer(ROOT, index)}/Origin/CountryCode"
        en, zh = "The general rate applies to this origin.", "该原产地适用普通税率。"
        return Duty(rates.general, remarks=(note("customs.general-rate", pointer, en, zh),), is_general=True)
    return Duty(rates.mfn)


def _exempt(message: Customs, index: int, now: datetime, mfn: Decimal, claim: str) -> Duty:
    """Nothing where the exemption is proved or the proof deferred, the most-favoured-nation rate until then."""
    found = standing(_documents(message, index), (DocumentType.EXEMPT,), now)
    remarks = tuple(remarks_on(found, "customs.exemption-certificate", EXEMPTION, claim))
    proved = found.state in (State.PRESENT, State.DEFERRED)
    return Duty(None if proved else mfn, found.state is State.PRESENT, remarks)


def _preferential(
    message: Customs, index: int, now: datetime, agreed: Decimal | None, mfn: Decimal, claim: str
) -> Duty:
    """The agreement rate where origin is proved or the proof deferred, the most-favoured-nation rate until then."""
    if agreed is None:
        en = "No agreement rate exists for these goods of this origin; the most-favoured-nation rate applies."
        zh = "该原产地的此类货物无协定税率，适用最惠国税率。"
        return Duty(mfn, remarks=(note("customs.no-agreement-rate", claim, en, zh),))
    found = standing(_documents(message, index), PROOFS_OF_ORIGIN, now)
    remarks = tuple(remarks_on(found, "customs.certificate-of-origin", PROOF_OF_ORIGIN, claim))
    proved = found.state in (State.PRESENT, State.DEFERRED)
    return Duty(agreed if proved else mfn, found.state is State.PRESENT, remarks)


def _documents(message: Customs, index: int) -> tuple[Placed, ...]:
    item = message.goods_shipment.government_agency_goods_item[index - 1]
    return placed(item_pointer(ROOT, index), item.additional_document) + placed(f"/{ROOT}", message.additional_document)


def duty_deviations(message: Customs, values: tuple[Decimal, ...], duties: Sequence[Duty]) -> Iterator[Remark]:
    """Goods at the general rate for which another duty is declared.

    The tax office, which is not told the origin, takes the most-favoured-nation duty for right where it is declared:
    without this its final lines would be worked out on another duty than the one that is levied.
    """
    rates = exchange_rates(message.currency_exchange)
    items = message.goods_shipment.government_agency_goods_item
    for index, (item, value, duty) in enumerate(zip(items, values, duties, strict=False), 1):
        if not duty.is_general or duty.rate is None:
            continue
        levy = levied(value, duty.rate)
        try:
            claimed = claimed_duty(item.commodity.duty_tax_fee, rates, item_pointer(ROOT, index))
        except NoRate as missing:
            yield supplement("customs.exchange-rate-missing", missing.pointer, missing.en, missing.zh)
            continue
        if claimed is not None and deviates(claimed, levy):
            pointer = f"{item_pointer(ROOT, index)}/Commodity"
            en = f"The declared duty of CNY {claimed:f} is not the CNY {levy:f} of the general rate. Correct it."
            zh = f"申报的关税税额{claimed:f}元与按普通税率计算的{levy:f}元不符，请更正。"
            yield supplement("customs.duty-deviates", pointer, en, zh)


def duty_line(item: GovernmentAgencyGoodsItem, value: Decimal, duty: Duty, *, final: bool) -> DutyTaxFee | None:
    """The bill line for one item; None where no duty applies. A duty that is not settled is never final."""
    if duty.rate is None:
        return None
    return DutyTaxFee(
        item_sequence_numeric=item.sequence_numeric,
        type_code=DutyTaxFeeType.CUD,
        tax_base_amount=yuan(value),
        tax_rate_numeric=duty.rate,
        payment_amount=yuan(levied(value, duty.rate)),
        status_code=BillLineStatus.FINAL if final and duty.settled else BillLineStatus.PROVISIONAL,
    )
