"""The tax reference rules: taxpayer, invoice, and at import consumption tax and VAT; exports are zero-rated.

Source: VAT Regulations, article 14: base = customs value + duty + consumption tax; Consumption Tax Regulations, article
9: composite price = (customs value + duty) / (1 - rate).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from ...codecs.finding import Text
from ...codecs.messages.codes import BillLineStatus, DeclarationType, DocumentType, DutyTaxFeeType
from ...codecs.messages.reply import DutyTaxFee, Reply
from ...codecs.messages.tax import GovernmentAgencyGoodsItem, Tax
from ..decision import Remark, note, refused, reply, settles, supplement
from ..documents import Standing, State, placed, remarks_on, standing
from ..hs import longest_heading
from ..pointer import item_pointer
from ..tariff import SUSPENDING_PROCEDURES
from ..trader import trader
from ..yuan import DECLARATION_YUAN_MAX, NoRate, exact, levied, rounded, yuan
from .base import ROOT, Base, Doubt, taxable
from .tables import CONSUMPTION_TAX, TAXPAYERS, Consumption, Taxpayer, refund_rate, vat_rate

CODE = "tax"
INVOICE = Text("commercial invoice", "商业发票")


def assess(message: Tax, message_id: str, now: datetime) -> Reply:
    """What the tax office answers: outcome, and at import consumption tax and VAT by item."""
    with exact():
        return _assessed(message, message_id, now)


def _assessed(message: Tax, message_id: str, now: datetime) -> Reply:
    importing = message.type_code is DeclarationType.IM
    bases: dict[int, Base] = {}
    amounts: tuple[Remark, ...] = ()
    if importing:
        try:
            bases = dict(taxable(message))
        except NoRate as missing:
            amounts = (supplement("tax.exchange-rate-missing", missing.pointer, missing.en, missing.zh),)
        if sum((base.value + base.duty for base in bases.values()), Decimal(0)) > DECLARATION_YUAN_MAX:
            en, zh = "The amounts are too high to be assessed by machine.", "金额过高，无法自动核定。"
            bases, amounts = {}, (supplement("tax.value-out-of-range", f"/{ROOT}/GoodsShipment", en, zh),)
    remarks = (
        *invoices(message, now),
        *taxpayer(message),
        *amounts,
        *(suspensions(message) if importing else refunds(message)),
        *doubts(message, bases),
    )
    final = settles(remarks)
    items = message.goods_shipment.government_agency_goods_item
    lines = [line for index, base in bases.items() for line in item_lines(items[index - 1], base, final=final)]
    return reply(CODE, message_id, now, remarks, lines=lines)


def invoices(message: Tax, now: datetime) -> Iterator[Remark]:
    """A commercial invoice has to be there: one for the shipment, or one for each item."""
    invoice = (DocumentType._380,)
    of_shipment = standing(placed(f"/{ROOT}", message.additional_document), invoice, now)
    of_items: dict[str, Standing] = {}
    for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1):
        pointer = item_pointer(ROOT, index)
        of_items[pointer] = standing(placed(pointer, item.additional_document), invoice, now)
    if of_shipment.state is not State.MISSING or all(found.state is State.MISSING for found in of_items.values()):
        yield from remarks_on(of_shipment, "tax.invoice", INVOICE, f"/{ROOT}/InvoiceAmount")
        return
    for pointer, found in of_items.items():
        yield from remarks_on(found, "tax.invoice", INVOICE, f"{pointer}/Commodity/InvoiceLine")


def taxpayer(message: Tax) -> Iterator[Remark]:
    """The trader has to be a taxpayer in good standing."""
    pointer, identifier = trader(ROOT, message)
    match TAXPAYERS.get(identifier, Taxpayer.GENERAL):
        case Taxpayer.DEREGISTERED:
            en, zh = "The tax registration has been cancelled.", "该纳税人已注销税务登记。"
            yield refused("tax.taxpayer-deregistered", pointer, en, zh)
        case Taxpayer.IRREGULAR:
            en = "The taxpayer is irregular; the status has to be lifted at the tax office first."
            yield supplement("tax.taxpayer-irregular", pointer, en, "该纳税人为非正常户，须先到主管税务机关解除。")


def suspensions(message: Tax) -> Iterator[Remark]:
    """Items under a procedure by which import tax is not levied now."""
    suspended = [
        index
        for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1)
        if item.government_procedure.current_code in SUSPENDING_PROCEDURES
    ]
    en, zh = "Under this procedure no import tax is levied now", "该监管方式下暂不征收进口环节税"
    yield from _note_on(message, suspended, "tax.suspended", "GovernmentProcedure/CurrentCode", en, zh)


def refunds(message: Tax) -> Iterator[Remark]:
    """Exports are zero-rated; a general taxpayer may claim the refund, a small-scale one is exempt without refund."""
    by_rate: dict[Decimal, list[int]] = {}
    for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1):
        by_rate.setdefault(refund_rate(item.commodity.classification[0].id), []).append(index)
    _, identifier = trader(ROOT, message)
    at = "Commodity/Classification[1]/ID"
    if TAXPAYERS.get(identifier) is Taxpayer.SMALL_SCALE:
        indexes = [index for of_rate in by_rate.values() for index in of_rate]
        en, zh = "Export by a small-scale taxpayer: exempt, without refund", "小规模纳税人出口免税，不予退税"
        yield from _note_on(message, indexes, "tax.export-exempt", at, en, zh)
        return
    for rate, indexes in by_rate.items():
        if rate:
            en, zh = f"Export: zero-rated; a refund of {rate} % may be claimed", f"出口适用零税率，退税率{rate}%"
            yield from _note_on(message, indexes, "tax.export-refund", at, en, zh)
        else:
            en, zh = "Export: no refund is granted for these goods", "该出口货物退税率为零"
            yield from _note_on(message, indexes, "tax.export-no-refund", at, en, zh)


def doubts(message: Tax, bases: dict[int, Base]) -> Iterator[Remark]:
    """Items whose taxes are provisional, and why."""
    for doubt in Doubt:
        code, words = doubt.value
        indexes = [index for index, base in bases.items() if base.doubt is doubt]
        yield from _note_on(message, indexes, code, "Commodity", words.en, words.zh)


NAMED_MAX = 10
"""How many items a note names one by one."""


def _note_on(message: Tax, indexes: Sequence[int], code: str, at: str, en: str, zh: str) -> Iterator[Remark]:
    """One note on all these items, not one each: at the part ``at`` of a single item, at the shipment for several."""
    if not indexes:
        return
    items = message.goods_shipment.government_agency_goods_item
    named = [str(items[index - 1].sequence_numeric) for index in indexes[:NAMED_MAX]]
    more = len(indexes) - len(named)
    one = len(indexes) == 1
    pointer = f"{item_pointer(ROOT, indexes[0])}/{at}" if one else f"/{ROOT}/GoodsShipment"
    en = f"{en} ({'item' if one else 'items'} {', '.join(named)}{f' and {more} more' if more else ''})."
    yield note(code, pointer, en, f"{zh}（第{'、'.join(named)}项{f'等{len(indexes)}项' if more else ''}）。")


def item_lines(item: GovernmentAgencyGoodsItem, base: Base, *, final: bool) -> Iterator[DutyTaxFee]:
    """Consumption tax, where the goods bear it, and VAT on one imported item, unless exemption is claimed.

    Whether the exemption is proved, customs decides, which collects both taxes at the border.
    """
    exempt = {claim.type_code for claim in item.commodity.duty_tax_fee if claim.exemption_indicator}
    status = BillLineStatus.FINAL if final and base.doubt is None else BillLineStatus.PROVISIONAL
    before_tax = base.value + base.duty
    consumed = Decimal(0)
    consumption = consumption_tax(item, base.value)
    if consumption is not None and DutyTaxFeeType.EXC not in exempt:
        composite = rounded(before_tax / (1 - consumption.rate / 100))
        consumed = levied(composite, consumption.rate)
        yield _line(item, DutyTaxFeeType.EXC, composite, consumption.rate, status)
    if DutyTaxFeeType.VAT not in exempt:
        rate = vat_rate(item.commodity.classification[0].id)
        yield _line(item, DutyTaxFeeType.VAT, before_tax + consumed, rate, status)


def consumption_tax(item: GovernmentAgencyGoodsItem, value: Decimal) -> Consumption | None:
    """The consumption tax that one item bears; None where it bears none or is below the value that makes it high-end.

    value: customs value in CNY. Goods counted in a unit for which no least value is known are taken for high-end.
    """
    found = longest_heading(CONSUMPTION_TAX, item.commodity.classification[0].id)
    if found is None:
        return None
    quantity = item.commodity.goods_measure.tariff_quantity
    least = found.least_unit_value.get(quantity.unit_code)
    return None if least is not None and value < least * quantity.value else found


def _line(
    item: GovernmentAgencyGoodsItem, kind: DutyTaxFeeType, base: Decimal, rate: Decimal, status: BillLineStatus
) -> DutyTaxFee:
    return DutyTaxFee(
        item_sequence_numeric=item.sequence_numeric,
        type_code=kind,
        tax_base_amount=yuan(base),
        tax_rate_numeric=rate,
        payment_amount=yuan(levied(base, rate)),
        status_code=status,
    )
