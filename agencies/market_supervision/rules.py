"""The market-supervision reference rules: credit codes, standing and scope, product certificates, recorded brands."""

from collections.abc import Iterator
from datetime import datetime

from ...codecs.check_digits import is_credit_code
from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.market_supervision import MarketSupervision
from ...codecs.messages.reply import Inspection, Reply
from ..decision import Remark, condition, inspection, refused, reply, supplement
from ..documents import placed, remarks_on, standing
from ..hs import longest_heading
from ..pointer import item_pointer
from ..trader import trader
from ..visits import mornings
from .tables import CERTIFICATES, COMPANIES, UNLISTED, WATCHED_BRANDS, Registration

CODE = "market-supervision"
ROOT = "MarketSupervision"

PROPOSED_COUNT = 20
"""How many mornings are proposed: four weeks of them, as this agency is not told when the goods arrive."""


def assess(message: MarketSupervision, message_id: str, now: datetime) -> Reply:
    """What market supervision answers; it levies nothing, and inspects only for a brand."""
    watched = tuple(brands(message))
    remarks = (*credit_codes(message), *registration(message), *scope(message), *certificates(message, now))
    items = message.goods_shipment.government_agency_goods_item
    visit = None
    if watched:
        numbers = tuple(items[index - 1].sequence_numeric for index, _ in watched)
        visit = Inspection(slot=mornings(now, PROPOSED_COUNT), item_sequence_numeric=numbers)
    return reply(CODE, message_id, now, (*remarks, *(remark for _, remark in watched)), visit=visit)


def credit_codes(message: MarketSupervision) -> Iterator[Remark]:
    """Trader and agent need a unified social credit code with the right check character."""
    named = dict([trader(ROOT, message)])
    if message.agent is not None:
        named["/MarketSupervision/Agent/ID"] = message.agent.id
    for pointer, identifier in named.items():
        if not is_credit_code(identifier):
            yield supplement(
                "market-supervision.credit-code",
                pointer,
                f"{identifier} is not a valid unified social credit code; check its 18 characters.",
                f"“{identifier}”不是有效的统一社会信用代码，请核对18位代码。",
            )


def registration(message: MarketSupervision) -> Iterator[Remark]:
    """The trader's business licence has to be in force."""
    pointer, identifier = trader(ROOT, message)
    match COMPANIES.get(identifier, UNLISTED).registration:
        case Registration.REVOKED:
            en, zh = "The business licence has been revoked.", "该企业营业执照已被吊销。"
            yield refused("market-supervision.licence-revoked", pointer, en, zh)
        case Registration.ABNORMAL:
            en = "The company is on the list of abnormal operations and has to apply for removal."
            yield condition("market-supervision.abnormal", pointer, en, "该企业被列入经营异常名录，须申请移出。")


def scope(message: MarketSupervision) -> Iterator[Remark]:
    """The goods have to be within the trader's business scope."""
    _, identifier = trader(ROOT, message)
    chapters = COMPANIES.get(identifier, UNLISTED).chapters
    for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1):
        if chapters and item.commodity.classification[0].id[:2] not in chapters:
            pointer = f"{item_pointer(ROOT, index)}/Commodity/Classification[1]/ID"
            en = "The goods are outside the company's business scope; have the scope changed first."
            yield supplement("market-supervision.scope", pointer, en, "该货物超出企业经营范围，须先变更经营范围。")


def certificates(message: MarketSupervision, now: datetime) -> Iterator[Remark]:
    """Imported products that need certificates: are they there and valid.

    Products made for export follow the rules of the country that they go to.
    """
    if message.type_code is not DeclarationType.IM:
        return
    of_header = placed(f"/{ROOT}", message.additional_document)
    for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1):
        needed_at = f"{item_pointer(ROOT, index)}/Commodity/Classification[1]/ID"
        of_item = placed(item_pointer(ROOT, index), item.additional_document)
        for needed in longest_heading(CERTIFICATES, item.commodity.classification[0].id) or ():
            found = standing(of_item + of_header, (needed.kind,), now)
            yield from remarks_on(found, f"market-supervision.{needed.word}", needed.name, needed_at)


def brands(message: MarketSupervision) -> Iterator[tuple[int, Remark]]:
    """Items under a recorded brand that was not made by one of its makers, by index from 1."""
    for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1):
        brand = WATCHED_BRANDS.get((item.commodity.brand_name or "").casefold())
        maker = item.manufacturer.name.casefold() if item.manufacturer else None
        if brand is not None and maker not in brand.makers:
            yield (
                index,
                inspection(
                    "market-supervision.brand",
                    f"{item_pointer(ROOT, index)}/Commodity/BrandName",
                    f"The brand is recorded for {brand.owner.en}, and the maker is not one of its makers.",
                    f"该品牌已由{brand.owner.zh}备案，生产企业不在授权之列。",
                ),
            )
