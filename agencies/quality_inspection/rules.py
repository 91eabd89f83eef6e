"""The quality-inspection reference rules: bans, certificates, wooden packaging, shelf life, dangerous goods."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from ...codecs.finding import Text
from ...codecs.messages.codes import BillLineStatus, DeclarationType, DocumentType, DutyTaxFeeType
from ...codecs.messages.common import Packaging, Product
from ...codecs.messages.quality_inspection import GovernmentAgencyGoodsItem, QualityInspection
from ...codecs.messages.reply import DutyTaxFee, Inspection, Reply
from ..decision import Remark, condition, inspection, refused, reply, supplement
from ..documents import Placed, State, placed, remarks_on, standing
from ..hs import longest_heading
from ..pointer import item_pointer
from ..visits import CHINA_TIME, visits
from ..yuan import levied, yuan
from .tables import BANS, DANGEROUS, EXPORT_LISTED, EXPORT_PROOFS, REQUIREMENTS, TREATMENT_FEE, WOODEN_PACKAGES

CODE = "quality-inspection"
ROOT = "QualityInspection"
LAST_DATE = date(2199, 12, 31)
"""The last date that messages can say."""

SAFETY_DATA = Text("material safety data sheet", "化学品安全技术说明书")


class Consignment(Struct, frozen=True):
    """What every rule needs to know beside the item itself.

    importing: import or export. arrived: the day the goods arrive or leave, China time. now: when this is decided.
    of_header: the documents that go with all items.
    """

    importing: bool
    arrived: date
    now: datetime
    of_header: tuple[Placed, ...]


def assess(message: QualityInspection, message_id: str, now: datetime) -> Reply:
    """What quality inspection answers: outcome, fees, and a visit to the items that have to be seen."""
    shipment = message.goods_shipment
    arrival = shipment.arrival_date_time or now
    consignment = Consignment(
        message.type_code is DeclarationType.IM,
        arrival.astimezone(CHINA_TIME).date(),
        now,
        placed(f"/{ROOT}", message.additional_document),
    )
    remarks: list[Remark] = []
    lines: list[DutyTaxFee] = []
    to_see: list[int] = []
    for index, item in enumerate(shipment.government_agency_goods_item, 1):
        untreated = tuple(wooden_packaging(index, item))
        listed = tuple(export_inspection(index, item, consignment))
        remarks += (*bans(index, item, consignment), *certificates(index, item, consignment))
        remarks += (*shelf_life(index, item, consignment), *dangerous_goods(index, item, consignment))
        remarks += (*untreated, *listed)
        if untreated:
            lines.append(_treatment(item))
        if untreated or listed:
            to_see.append(item.sequence_numeric)
    place = shipment.consignment.goods_location if shipment.consignment else None
    visit = Inspection(
        goods_location=place, slot=visits(shipment.arrival_date_time, now), item_sequence_numeric=tuple(to_see)
    )
    return reply(CODE, message_id, now, remarks, lines=lines, visit=visit)


def bans(index: int, item: GovernmentAgencyGoodsItem, consignment: Consignment) -> Iterator[Remark]:
    """Goods of an origin from which they may not come."""
    ban = longest_heading(BANS, item.commodity.classification[0].id)
    if consignment.importing and ban is not None and item.origin.country_code in ban.origins:
        yield refused(
            "quality-inspection.banned-origin",
            f"{item_pointer(ROOT, index)}/Origin/CountryCode",
            f"These goods may not be imported from this origin: {ban.cause.en}.",
            f"因{ban.cause.zh}，该原产地的此类货物禁止进口。",
        )


def certificates(index: int, item: GovernmentAgencyGoodsItem, consignment: Consignment) -> Iterator[Remark]:
    """Imports that need health certificates, registered producers or labels."""
    if not consignment.importing:
        return
    needed_at = f"{item_pointer(ROOT, index)}/Commodity/Classification[1]/ID"
    for needed in longest_heading(REQUIREMENTS, item.commodity.classification[0].id) or ():
        found = standing(_documents(index, item, consignment), needed.kinds, consignment.now)
        yield from remarks_on(found, f"quality-inspection.{needed.word}", needed.name, needed_at)


def export_inspection(index: int, item: GovernmentAgencyGoodsItem, consignment: Consignment) -> Iterator[Remark]:
    """Exports on the list that were not inspected where they were made are inspected now."""
    code = item.commodity.classification[0].id
    if consignment.importing or not (code[:2] in EXPORT_LISTED or code[:4] in EXPORT_LISTED):
        return
    found = standing(_documents(index, item, consignment), EXPORT_PROOFS, consignment.now)
    if found.state is not State.PRESENT:
        pointer = f"{item_pointer(ROOT, index)}/Commodity/Classification[1]/ID"
        en, zh = "These goods are inspected before export.", "该货物须经出口检验检疫。"
        yield inspection("quality-inspection.export-inspection", pointer, en, zh)


def wooden_packaging(index: int, item: GovernmentAgencyGoodsItem) -> Iterator[Remark]:
    """Packaging of natural wood has to be treated and marked (ISPM 15), at import and at export."""
    for number, packaging in enumerate(item.packaging, 1):
        if _is_wooden(packaging) and packaging.treatment_code is None:
            pointer = f"{item_pointer(ROOT, index)}/Packaging[{number}]"
            en = "Wooden packaging without ISPM 15 treatment is examined and treated."
            zh = "木质包装未按国际植物检疫措施标准第15号处理，须查验并作除害处理。"
            yield inspection("quality-inspection.wood-untreated", pointer, en, zh)


def _is_wooden(packaging: Packaging) -> bool:
    return bool(packaging.wooden_indicator) or packaging.type_code in WOODEN_PACKAGES


def shelf_life(index: int, item: GovernmentAgencyGoodsItem, consignment: Consignment) -> Iterator[Remark]:
    """Expired goods are refused; with less than a third of the shelf life left there is a date to sell them by."""
    product = item.commodity.product
    last_day = _last_day(product)
    if product is None or product.shelf_life_days is None or last_day is None:
        return
    pointer = f"{item_pointer(ROOT, index)}/Commodity/Product/ShelfLifeDays"
    left = (last_day - consignment.arrived).days
    if left < 0:
        en, zh = f"The shelf life ended on {last_day}.", f"保质期已于{last_day}届满。"
        yield refused("quality-inspection.expired", pointer, en, zh)
    elif left * 3 < product.shelf_life_days:
        en = f"Less than a third of the shelf life is left: to be sold by {last_day}, with records kept."
        zh = f"剩余保质期不足三分之一：须于{last_day}前销售并留存记录。"
        due = datetime.combine(last_day, datetime.max.time().replace(microsecond=0), CHINA_TIME)
        yield condition("quality-inspection.short-shelf-life", pointer, en, zh, due)


def _last_day(product: Product | None) -> date | None:
    """The last day of the shelf life; None where it is not declared."""
    if product is None or product.production_date is None or product.shelf_life_days is None:
        return None
    return min(product.production_date + timedelta(days=product.shelf_life_days), LAST_DATE)


def dangerous_goods(index: int, item: GovernmentAgencyGoodsItem, consignment: Consignment) -> Iterator[Remark]:
    """Dangerous goods need the UN number and class that fit them, and a safety data sheet."""
    declared = item.commodity.dangerous_goods
    known = longest_heading(DANGEROUS, item.commodity.classification[0].id)
    commodity = f"{item_pointer(ROOT, index)}/Commodity"
    if declared is None and known is None:
        return
    if declared is None:
        en, zh = (
            "The UN number and class of these dangerous goods are required.",
            "该危险货物须申报联合国编号和危险类别。",
        )
        yield supplement("quality-inspection.un-number-missing", f"{commodity}/Classification[1]/ID", en, zh)
    elif known is not None and known.get(declared.undgid) != declared.hazard_classification_id:
        en, zh = "UN number and class do not fit these goods.", "联合国编号或危险类别与该货物不符。"
        yield supplement("quality-inspection.un-number", f"{commodity}/DangerousGoods/UNDGID", en, zh)
    found = standing(_documents(index, item, consignment), (DocumentType.MSDS,), consignment.now)
    needed_at = f"{commodity}/DangerousGoods" if declared else f"{commodity}/Classification[1]/ID"
    yield from remarks_on(found, "quality-inspection.safety-data", SAFETY_DATA, needed_at)


def _documents(index: int, item: GovernmentAgencyGoodsItem, consignment: Consignment) -> tuple[Placed, ...]:
    return placed(item_pointer(ROOT, index), item.additional_document) + consignment.of_header


def _treatment(item: GovernmentAgencyGoodsItem) -> DutyTaxFee:
    """The fee for treating one item's packaging, to be settled when it was done: the whole of its base."""
    whole = Decimal(100)
    return DutyTaxFee(
        item_sequence_numeric=item.sequence_numeric,
        type_code=DutyTaxFeeType.OTH,
        tax_base_amount=yuan(TREATMENT_FEE),
        tax_rate_numeric=whole,
        payment_amount=yuan(levied(TREATMENT_FEE, whole)),
        status_code=BillLineStatus.PROVISIONAL,
    )
