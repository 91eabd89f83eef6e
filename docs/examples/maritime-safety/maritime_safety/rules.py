"""The maritime-safety reference rules: UN number and class, packing, segregation, documents, and what is looked at.

Illustrative throughout: they show what such rules are, and are not the IMDG Code. Each names its source.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations_with_replacement

from onewindow.agencies.decision import Remark, condition, inspection, note, refused, reply, supplement
from onewindow.agencies.documents import Placed, placed, remarks_on, standing
from onewindow.agencies.pointer import item_pointer
from onewindow.agencies.visits import visits
from onewindow.codecs import Text
from onewindow.codecs.messages.reply import Inspection, Reply

from .dangerous_goods_list import BULK, ENTRIES, OVERPACKS, PACKAGES, Entry
from .message import DeclarationType, GovernmentAgencyGoodsItem, MaritimeSafety
from .segregation import Apart, apart

CODE = "maritime-safety"
ROOT = "MaritimeSafety"

NOTICE = timedelta(hours=24)
"""How long before the ship comes or leaves dangerous goods are declared (decree 11 of 2018, chapter 4)."""

LOOKED_AT = frozenset({"1.1", "1.2", "1.3", "1.5", "2.3", "5.2", "6.2", "7"})
"""Classes whose containers are opened; in force are the risk rules of the port's own administration."""

DECLARED = Text("dangerous goods declaration", "危险货物申报单")
SAFETY_DATA = Text("material safety data sheet", "化学品安全技术说明书")
PACKAGING = Text("certificate of packaging performance", "运输包装性能检验结果单")


def assess(message: MaritimeSafety, message_id: str, now: datetime) -> Reply:
    """What maritime safety answers; its visit is to the containers of classes that are looked at. Pure."""
    shipment = message.goods_shipment
    header = placed(f"/{ROOT}", message.additional_document)
    remarks: list[Remark] = [*late_notice(message, now), *segregation(message)]
    to_see: list[int] = []
    for index, item in enumerate(shipment.government_agency_goods_item, 1):
        papers = (*placed(item_pointer(ROOT, index), item.additional_document), *header)
        remarks += (*classing(index, item), *packing(index, item))
        remarks += documents(index, papers, now, exporting=message.type_code is DeclarationType.EX)
        looked_at = tuple(container_check(index, item))
        remarks += looked_at
        to_see += [item.sequence_numeric] * bool(looked_at)
    visit = Inspection(slot=visits(shipment.arrival_date_time, now), item_sequence_numeric=tuple(to_see))
    return reply(CODE, message_id, now, remarks, visit=visit)


def late_notice(message: MaritimeSafety, now: datetime) -> Iterator[Remark]:
    """Goods declared less than 24 hours before the ship: taken, and said (decree 11 of 2018, chapter 4)."""
    at = message.goods_shipment.arrival_date_time
    if at is not None and now < at < now + NOTICE:
        en = "Declared less than 24 hours before the ship arrives or leaves."
        yield note(f"{CODE}.late-notice", f"/{ROOT}/GoodsShipment/ArrivalDateTime", en, "距船舶进出港不足24小时申报。")


def entry(item: GovernmentAgencyGoodsItem) -> Entry | None:
    """The item's entry in the Dangerous Goods List, as far as the extract goes."""
    return ENTRIES.get(item.commodity.dangerous_goods.undgid)


def classing(index: int, item: GovernmentAgencyGoodsItem) -> Iterator[Remark]:
    """The UN number stands for goods of the class declared (IMDG Code, 3.2 and 5.4.1.4)."""
    goods = item.commodity.dangerous_goods
    known = entry(item)
    pointer = f"{item_pointer(ROOT, index)}/Commodity/DangerousGoods"
    if known is None:
        en = f"UN {goods.undgid} is looked up by an officer: it is not in the list used here."
        yield note(f"{CODE}.un-number-unlisted", f"{pointer}/UNDGID", en, f"UN {goods.undgid} 未列入本表，由人员查核。")
    elif goods.hazard_classification_id not in known.classes:
        classes = ", ".join(known.classes)
        yield supplement(
            f"{CODE}.class",
            f"{pointer}/HazardClassificationID",
            f"UN {goods.undgid} {known.name.en} is class {classes}, not {goods.hazard_classification_id}.",
            f"UN {goods.undgid} {known.name.zh}属于第{classes}类，而非第{goods.hazard_classification_id}类。",
        )


def packing(index: int, item: GovernmentAgencyGoodsItem) -> Iterator[Remark]:
    """Packages are of a type that the packing instruction knows (IMDG Code, 4.1.4); bulk is under other codes."""
    known = entry(item)
    if not item.packaging:
        en, zh = "The packages of dangerous goods are to be declared.", "危险货物须申报包装。"
        yield supplement(f"{CODE}.packages-missing", item_pointer(ROOT, index), en, zh)
    for number, package in enumerate(item.packaging, 1):
        pointer = f"{item_pointer(ROOT, index)}/Packaging[{number}]/TypeCode"
        if package.type_code in BULK:
            en = "Goods in bulk are declared under the IMSBC, IBC or IGC Code, with the ship's certificate of fitness."
            zh = "散装货物须依据IMSBC、IBC或IGC规则申报，并提交船舶适装证书。"
            yield supplement(f"{CODE}.bulk", pointer, en, zh)
        elif known is not None and package.type_code not in PACKAGES[known.form] | OVERPACKS:
            en = f"No packing instruction for {known.name.en} knows packages of type {package.type_code}."
            yield supplement(
                f"{CODE}.packages", pointer, en, f"{known.name.zh}的包装导则不允许{package.type_code}型包装。"
            )


def documents(index: int, papers: Sequence[Placed], now: datetime, *, exporting: bool) -> Iterator[Remark]:
    """The dangerous goods declaration (IMDG Code, 5.4.1), safety data and, of exports, the packaging's certificate."""
    needed = [("declaration", "890", DECLARED), ("safety-data", "MSDS", SAFETY_DATA)]
    for word, kind, name in [*needed, *([("packaging", "856", PACKAGING)] if exporting else [])]:
        pointer = f"{item_pointer(ROOT, index)}/Commodity/DangerousGoods"
        yield from remarks_on(standing(papers, (kind,), now), f"{CODE}.{word}", name, pointer)


def container_check(index: int, item: GovernmentAgencyGoodsItem) -> Iterator[Remark]:
    """Containers with goods of some classes are opened before the ship takes them, or when it has brought them."""
    if item.commodity.dangerous_goods.hazard_classification_id in LOOKED_AT:
        en, zh = "The container is opened and looked at.", "须开箱检查。"
        yield inspection(f"{CODE}.container-check", f"{item_pointer(ROOT, index)}/Commodity/DangerousGoods", en, zh)


def segregation(message: MaritimeSafety) -> Iterator[Remark]:
    """Goods that are to be kept apart do not share a container (IMDG Code, 7.3.4.1).

    The declaration does not say which goods are in which container. So with one container they share it; with more,
    the packing certificate is to show that they don't. "Away from" may share one where the administration agrees.
    """
    shipment = message.goods_shipment
    containers = 0 if shipment.consignment is None else len(shipment.consignment.transport_equipment)
    by_class: dict[str, list[int]] = {}
    for index, item in enumerate(shipment.government_agency_goods_item, 1):
        by_class.setdefault(item.commodity.dangerous_goods.hazard_classification_id, []).append(index)
    for one, other in combinations_with_replacement(by_class, 2):
        first, second = by_class[one][0], by_class[other][-1]
        needed = apart(one, other)
        if containers and first != second and needed:
            yield _kept_apart(one, other, first, needed, shared=containers == 1)


def _kept_apart(one: str, other: str, index: int, needed: Apart, *, shared: bool) -> Remark:
    """What is said of two classes in one consignment; shared: all of it is in one container."""
    pointer = f"{item_pointer(ROOT, index)}/Commodity/DangerousGoods/HazardClassificationID"
    en, zh = f"Goods of class {one} and of class {other}", f"第{one}类与第{other}类货物"
    if needed is Apart.COMPATIBILITY:
        en, zh = f"{en} share a container only in compatible groups: state them.", f"{zh}同箱须申报配装组。"
        return supplement(f"{CODE}.compatibility-group", pointer, en, zh)
    if needed is Apart.AWAY:
        return condition(f"{CODE}.away-from", pointer, f"{en} are kept away from each other.", f"{zh}须相互远离。")
    if shared:
        return refused(f"{CODE}.segregation", pointer, f"{en} must not share a container.", f"{zh}不得同箱装运。")
    en, zh = (
        f"{en} go in different containers: show it in the packing certificate.",
        f"{zh}须分箱装运并在装箱证明书注明。",
    )
    return condition(f"{CODE}.separate-containers", pointer, en, zh)
