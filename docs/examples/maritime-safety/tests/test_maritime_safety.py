"""Maritime safety: what it is sent of a declaration, and what it answers."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import maritime_safety
import pytest
from maritime_safety import AGENCY
from maritime_safety.message import MaritimeSafety
from maritime_safety.segregation import TABLE
from maritime_safety.split import NOT_BY_SEA, NOTHING_DANGEROUS
from msgspec.structs import replace

from onewindow import schemas
from onewindow.codecs import DECLARATION
from onewindow.codecs.compiler import compile_module
from onewindow.codecs.messages.codes import DangerClass, DocumentType, PackageType, ReplyOutcome, TransportMode
from onewindow.codecs.messages.common import AdditionalDocument, DangerousGoods, Packaging
from onewindow.codecs.messages.declaration import Declaration, GovernmentAgencyGoodsItem
from onewindow.codecs.messages.reply import Reply

EXPORT = DECLARATION.decode_xml(schemas.sample("export"))
IMPORT = DECLARATION.decode_xml(schemas.sample("import"))
ITEM = EXPORT.goods_shipment.government_agency_goods_item[1]
NOW = datetime(2026, 10, 9, 8, 0, tzinfo=UTC)
PAPERS = tuple(
    AdditionalDocument(type_code=kind, id=f"{kind}-1")
    for kind in (DocumentType._890, DocumentType.MSDS, DocumentType._856)
)


def item(number: int, undg: str, danger: DangerClass, package: PackageType) -> GovernmentAgencyGoodsItem:
    """An item of dangerous goods in these packages, with all its papers."""
    goods = DangerousGoods(undgid=undg, hazard_classification_id=danger)
    return replace(
        ITEM,
        sequence_numeric=number,
        additional_document=PAPERS,
        commodity=replace(ITEM.commodity, dangerous_goods=goods),
        packaging=(Packaging(sequence_numeric=1, quantity_quantity=10, type_code=package),),
    )


def declared(items: Iterable[GovernmentAgencyGoodsItem], containers: int = 1) -> Declaration:
    """An export of these items, in so many containers."""
    shipment = EXPORT.goods_shipment
    assert shipment.consignment is not None
    consignment = replace(
        shipment.consignment, transport_equipment=shipment.consignment.transport_equipment[:containers]
    )
    goods = tuple(items)
    return replace(
        EXPORT,
        goods_item_quantity=len(goods),
        goods_shipment=replace(shipment, consignment=consignment, government_agency_goods_item=goods),
    )


def answered(declaration: Declaration, now: datetime = NOW) -> Reply:
    """What the agency answers, through the bytes of its message and its reply."""
    message = AGENCY.split(declaration)
    assert isinstance(message, MaritimeSafety)
    taken = AGENCY.message.decode_xml(AGENCY.message.encode_xml(message))
    assert AGENCY.assess is not None
    return AGENCY.reply.decode_xml(AGENCY.reply.encode_xml(AGENCY.assess(taken, "case/maritime-safety/1", now)))


def said(reply: Reply) -> set[str]:
    """The codes of all that a reply says, less the agency's."""
    codes = [*(each.code for each in reply.finding), *(each.code for each in reply.condition)]
    return {code.removeprefix("maritime-safety.") for code in codes}


def test_message_is_fresh() -> None:
    """The message module is what its XSD compiles to."""
    folder = Path(maritime_safety.__file__).parent
    assert compile_module(folder / "maritime-safety.xsd") == (folder / "message.py").read_text("utf-8")


def test_dangerous_goods_by_sea() -> None:
    """Of a declaration that goes by sea the items that are dangerous are sent, and nothing of the others."""
    message = AGENCY.split(EXPORT)
    assert isinstance(message, MaritimeSafety)
    assert [2] == [each.sequence_numeric for each in message.goods_shipment.government_agency_goods_item]
    text = AGENCY.message.encode_xml(message).decode()
    for hidden in ("InvoiceLine", "CustomsValueAmount", "Contact", "Manufacturer", "BrandName"):
        assert hidden not in text


def test_others_are_not_concerned() -> None:
    """Goods that are not dangerous, and dangerous goods by air or rail, are not sent, and the reason is given."""
    means = EXPORT.border_transport_means
    assert means is not None
    assert NOTHING_DANGEROUS == AGENCY.split(IMPORT)
    for mode in (TransportMode._2, TransportMode._4):
        by_other_means = replace(EXPORT, border_transport_means=replace(means, mode_code=mode))
        assert NOT_BY_SEA == AGENCY.split(by_other_means)
    assert NOT_BY_SEA == AGENCY.split(replace(EXPORT, border_transport_means=None))


def test_what_is_in_order_is_approved() -> None:
    """Goods that are classed, packed and documented as they must be are approved, with nothing said."""
    reply = answered(declared([item(1, "1170", DangerClass._3, PackageType._1A)]))
    assert (ReplyOutcome.APPROVED, set()) == (reply.outcome_code, said(reply))


@pytest.mark.parametrize(
    ("goods", "code"),
    [
        (item(1, "1203", DangerClass._4_1, PackageType._1A), "class"),
        (item(1, "1203", DangerClass._3, PackageType.BG), "packages"),
        (item(1, "1072", DangerClass._2_2, PackageType.CT), "packages"),
        (item(1, "1203", DangerClass._3, PackageType.VL), "bulk"),
        (replace(item(1, "1203", DangerClass._3, PackageType._1A), packaging=()), "packages-missing"),
        (
            replace(item(1, "1203", DangerClass._3, PackageType._1A), additional_document=PAPERS[1:]),
            "declaration-missing",
        ),
        (
            replace(item(1, "1203", DangerClass._3, PackageType._1A), additional_document=PAPERS[:1]),
            "safety-data-missing",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_asked_for(goods: GovernmentAgencyGoodsItem, code: str) -> None:
    """Wrong classes, packages that no packing instruction knows and missing papers call for a supplement."""
    reply = answered(declared([goods]))
    assert ReplyOutcome.SUPPLEMENT_REQUIRED is reply.outcome_code
    assert code in said(reply)


@pytest.mark.parametrize(
    ("other", "containers", "outcome", "code"),
    [
        (item(2, "1942", DangerClass._5_1, PackageType._4G), 1, ReplyOutcome.REFUSED, "segregation"),
        (
            item(2, "1942", DangerClass._5_1, PackageType._4G),
            2,
            ReplyOutcome.APPROVED_WITH_CONDITIONS,
            "separate-containers",
        ),
        (item(2, "1072", DangerClass._2_2, PackageType.CY), 1, ReplyOutcome.APPROVED_WITH_CONDITIONS, "away-from"),
        (item(2, "1263", DangerClass._3, PackageType._1A), 1, ReplyOutcome.APPROVED, None),
        (item(2, "3480", DangerClass._9, PackageType._4G), 1, ReplyOutcome.APPROVED, None),
    ],
)
def test_segregation(
    other: GovernmentAgencyGoodsItem, containers: int, outcome: ReplyOutcome, code: str | None
) -> None:
    """Flammable liquids share a container with what the table lets them, and with nothing else."""
    reply = answered(declared([item(1, "1170", DangerClass._3, PackageType._1A), other], containers))
    assert (outcome, {code} - {None}) == (reply.outcome_code, said(reply))


def test_table_is_symmetrical() -> None:
    """Two classes are kept apart the same way, whichever comes first, and class 9 from nothing."""
    assert TABLE == {(other, one): needed for (one, other), needed in TABLE.items()}
    assert {0} == {needed for (one, _), needed in TABLE.items() if one == "9"}


def test_containers_that_are_opened() -> None:
    """Fireworks are looked at, with a time to come by; where two divisions share a container, groups are asked for."""
    fireworks = item(1, "0335", DangerClass._1_3, PackageType._4G)
    reply = answered(declared([fireworks]))
    assert ReplyOutcome.INSPECTION_REQUIRED is reply.outcome_code
    assert reply.inspection is not None
    assert (1,) == reply.inspection.item_sequence_numeric
    mixed = answered(declared([fireworks, item(2, "0333", DangerClass._1_1, PackageType._4G)]))
    assert {"container-check", "compatibility-group"} == said(mixed)


def test_late_notice_is_said() -> None:
    """Goods declared less than 24 hours before the ship leaves are taken, and that is said."""
    arrival = EXPORT.goods_shipment.arrival_date_time
    assert arrival is not None
    reply = answered(declared([item(1, "1170", DangerClass._3, PackageType._1A)]), arrival - timedelta(hours=23))
    assert (ReplyOutcome.APPROVED, {"late-notice"}) == (reply.outcome_code, said(reply))
