"""The customs reference rules: prohibitions, licences, valuation, duty and the risk channel."""

from collections.abc import Iterator
from datetime import datetime

from ...codecs.finding import Text
from ...codecs.messages.codes import DeclarationType, DocumentType
from ...codecs.messages.customs import Customs
from ...codecs.messages.reply import CustomsValuation, Inspection, Reply
from ..decision import Remark, refused, reply, settles
from ..documents import placed, remarks_on, standing
from ..pointer import item_pointer
from ..prohibition import Prohibitions
from ..visits import visits
from ..yuan import exact, yuan
from .duty import duty_deviations, duty_line, duty_on
from .prohibitions import PROHIBITIONS
from .risk import Channel, channel_remarks, channels
from .tables import EXPORT_LICENCE, IMPORT_LICENCE
from .valuation import ROOT, valuation

CODE = "customs"

IMPORT_PERMIT = Text("import licence", "进口许可证")
EXPORT_PERMIT = Text("export licence", "出口许可证")

_PROHIBITED = Prohibitions(PROHIBITIONS)


def assess(message: Customs, message_id: str, now: datetime) -> Reply:
    """What customs answers: outcome, duty by item, assessed customs values, and an examination if it wants one."""
    with exact():
        return _assessed(message, message_id, now)


def _assessed(message: Customs, message_id: str, now: datetime) -> Reply:
    items = message.goods_shipment.government_agency_goods_item
    valued = valuation(message)
    found = channels(message, valued.values)
    duties = [duty_on(message, index, now) for index in range(1, len(items) + 1)]
    remarks = (
        *prohibitions(message),
        *licences(message, now),
        *valued.remarks,
        *(remark for duty in duties for remark in duty.remarks),
        *duty_deviations(message, valued.values, duties),
        *channel_remarks(found),
    )
    final = settles(remarks)
    # Goods that could not be valued have no values to pair with.
    lines = (duty_line(*of_item, final=final) for of_item in zip(items, valued.values, duties, strict=False))
    return reply(
        CODE,
        message_id,
        now,
        remarks,
        lines=[line for line in lines if line is not None],
        visit=_visit(message, found, now),
        valuations=[
            CustomsValuation(item_sequence_numeric=item.sequence_numeric, assessed_amount=yuan(value))
            for item, value in zip(items, valued.values, strict=False)
        ],
    )


def prohibitions(message: Customs) -> Iterator[Remark]:
    """Goods that may not cross the border at all, or not from or to this country.

    The window refuses them before it asks anybody; a declaration that reached customs by another way is refused here.
    """
    importing = message.type_code is DeclarationType.IM
    for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1):
        country = item.origin.country_code if importing else message.goods_shipment.destination.country_code
        code = item.commodity.classification[0].id
        for prohibition in _PROHIBITED.forbidding(message.type_code, code, country):
            yield refused(
                "customs.prohibited-goods",
                f"{item_pointer(ROOT, index)}/Commodity/Classification[1]/ID",
                f"It is forbidden to {'import' if importing else 'export'} {prohibition.goods.en}.",
                f"禁止{'进口' if importing else '出口'}{prohibition.goods.zh}。",
            )


def licences(message: Customs, now: datetime) -> Iterator[Remark]:
    """Goods that need an import or export licence: they have to have a valid one."""
    importing = message.type_code is DeclarationType.IM
    headings = IMPORT_LICENCE if importing else EXPORT_LICENCE
    kind, name = (DocumentType._911, IMPORT_PERMIT) if importing else (DocumentType._811, EXPORT_PERMIT)
    of_header = placed(f"/{ROOT}", message.additional_document)
    for index, item in enumerate(message.goods_shipment.government_agency_goods_item, 1):
        code = item.commodity.classification[0].id
        if code[:4] in headings:
            found = standing(placed(item_pointer(ROOT, index), item.additional_document) + of_header, (kind,), now)
            needed_at = f"{item_pointer(ROOT, index)}/Commodity/Classification[1]/ID"
            yield from remarks_on(found, "customs.licence", name, needed_at)


def _visit(message: Customs, found: tuple[Channel, ...], now: datetime) -> Inspection | None:
    """An examination of the red items where the goods lie, once they are there."""
    shipment = message.goods_shipment
    numbers = tuple(
        item.sequence_numeric
        for item, of_item in zip(shipment.government_agency_goods_item, found, strict=False)
        if of_item is Channel.RED
    )
    if not numbers:
        return None
    return Inspection(
        goods_location=shipment.consignment.goods_location if shipment.consignment else None,
        slot=visits(shipment.arrival_date_time, now),
        item_sequence_numeric=numbers,
    )
