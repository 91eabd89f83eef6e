# Generated from maritime-safety.xsd by onewindow.codecs.compiler; do not edit.
"""Maritime safety message. The part of a declaration that maritime safety may see: dangerous goods that travel by sea.
海事分发报文。申报数据中分发海事部门的部分：海运危险货物。
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, Struct, field

from onewindow.codecs.binding import Attribute, Content, Verbatim

NAMESPACE: Final = "urn:example:maritime-safety:1"

Reference = Annotated[str, Meta(min_length=1, max_length=140, extra_json_schema={"pattern": r"[^ \t\n\r]"})]
"""Reference. 编号"""

DateTime = Annotated[
    dt.datetime,
    Meta(
        extra_json_schema={
            "pattern": r"^(?:(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?([Zz]|[+\-](0[0-9]|1[0-3]):[0-5][0-9]|[+\-]14:00))$"  # noqa: E501
        },
        tz=True,
    ),
]
"""Date and time. With a time zone, as the declaration has it. 日期时间。带时区，与申报单一致。"""

DocumentType = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z0-9]{1,10}$"})]
"""Document type. The window's list. 单证类别代码。采用窗口代码表。"""

Date = Annotated[
    dt.date,
    Meta(extra_json_schema={"pattern": "^(?:(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))$"}),
]
"""Date. 日期"""

Name = Annotated[str, Meta(min_length=1, max_length=256, extra_json_schema={"pattern": r"[^ \t\n\r]"})]
"""Name. 名称"""

CountryCode = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z]{2}$"})]
"""Country. ISO 3166-1 alpha-2. 国别（地区）。ISO 3166-1 二字母代码。"""

PartyIdentifier = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z0-9]{5,20}$"})]
"""Identifier of a party. 当事人识别号码"""

SequenceNumber = Annotated[int, Meta(ge=1, le=9999)]
"""Number in a list. 序号"""

UNLocode = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z]{2}[A-Z2-9]{3}$"})]
"""UN/LOCODE. UN/ECE Recommendation 16. 联合国港口代码。UN/ECE 第16号建议书。"""

ContainerNumber = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z]{3}[UJZ][0-9]{7}$"})]
"""Container number. 集装箱号"""

Description = Annotated[str, Meta(min_length=1, max_length=512, extra_json_schema={"pattern": r"[^ \t\n\r]"})]
"""Description. 描述"""

PackageQuantity = Annotated[int, Meta(ge=0, le=99999999)]
"""Number of packages. 件数"""

PackageType = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z0-9]{2}$"})]
"""Package type. 包装种类"""

UNDGNumber = Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{4}$"})]
"""UN number. 联合国编号"""

DangerClass = Annotated[str, Meta(extra_json_schema={"pattern": r"^[1-9](\.[1-6])?$"})]
"""Class or division. 类别或项别"""

MeasureValue = Annotated[
    Decimal,
    Meta(
        extra_json_schema={
            "pattern": r"^\+?0*([0-9]{1,16}(\.0*)?|[0-9]{0,15}\.[0-9]{1}0*|[0-9]{0,14}\.[0-9]{2}0*|[0-9]{0,13}\.[0-9]{3}0*|[0-9]{0,12}\.[0-9]{4}0*|[0-9]{0,11}\.[0-9]{5}0*|[0-9]{0,10}\.[0-9]{6}0*)$",  # noqa: E501
            "minimum": 0,
            "multipleOf": 0.000001,
            "exclusiveMaximum": 10000000000,
        },
        extra={"ge": "0", "total_digits": 16, "fraction_digits": 6},
    ),
]
"""Number of a measure. 数值"""

UnitCode = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z0-9]{2,3}$"})]
"""Unit. 计量单位"""


class MaritimeSafety(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Maritime safety message. Elements stand where they stand in the declaration, so that a pointer into the one leads
    to the other.
    海事分发报文。各元素与申报单中的位置一致，便于对应指引。
    """

    functional_reference_id: Reference = field(name="FunctionalReferenceID")
    """Declarant's reference. 申报人业务编号"""
    type_code: DeclarationType = field(name="TypeCode")
    """Import or export. 进出口标志"""
    issue_date_time: DateTime = field(name="IssueDateTime")
    """Declared at. 申报日期"""
    additional_document: Annotated[
        tuple[AdditionalDocument, ...],
        Meta(max_length=99),
    ] = field(default=(), name="AdditionalDocument")
    """Attached document. 随附单证"""
    border_transport_means: BorderTransportMeans = field(name="BorderTransportMeans")
    """Ship. 船舶"""
    declarant: Party = field(name="Declarant")
    """Declarant. 申报单位"""
    exporter: Party | None = field(default=None, name="Exporter")
    """Exporter. The shipper, who declares the goods fit for carriage. 发货人。即托运人，负责申报货物适运。"""
    importer: Party | None = field(default=None, name="Importer")
    """Importer. 收货人"""
    goods_shipment: GoodsShipment = field(name="GoodsShipment")
    """Shipment. 货物批次"""
    schema_location: Annotated[
        Attribute[Verbatim] | None,
        Meta(extra={"name": "schemaLocation", "namespace": "http://www.w3.org/2001/XMLSchema-instance"}),
    ] = field(default=None, name="xsi:schemaLocation")
    """Where a processor may look for the schema; kept as it was written."""


class DeclarationType(StrEnum):
    """Import or export. 进出口标志"""

    IM = "IM"  # Import; 进口
    EX = "EX"  # Export; 出口


class AdditionalDocument(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Attached document. 随附单证"""

    type_code: DocumentType = field(name="TypeCode")
    """Document type. 单证类别"""
    id: Reference = field(name="ID")
    """Document number. 单证编号"""
    issue_date_time: DateTime | None = field(default=None, name="IssueDateTime")
    """Issued at. 签发日期"""
    expiration_date_time: DateTime | None = field(default=None, name="ExpirationDateTime")
    """Valid until. 有效期至"""
    deferred_indicator: bool | None = field(default=None, name="DeferredIndicator")
    """Deferred. The document follows by its due date. 容缺标志。单证按期补交。"""
    due_date: Date | None = field(default=None, name="DueDate")
    """Due date. 补交期限"""


class BorderTransportMeans(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Ship. 船舶"""

    mode_code: TransportMode = field(name="ModeCode")
    """Mode of transport. 运输方式"""
    id: Name | None = field(default=None, name="ID")
    """Ship's name. 船名"""
    journey_id: Reference | None = field(default=None, name="JourneyID")
    """Voyage. 航次"""
    registration_nationality_code: CountryCode | None = field(default=None, name="RegistrationNationalityCode")
    """Flag. 船旗国"""


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Party. 当事人"""

    id: PartyIdentifier = field(name="ID")
    """Identifier. 识别号码"""
    name: Name = field(name="Name")
    """Name. 名称"""


class GoodsShipment(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Shipment. 货物批次"""

    arrival_date_time: DateTime | None = field(default=None, name="ArrivalDateTime")
    """Arrives at. For exports the planned departure. 进出境日期。出口为预计离境日期。"""
    consignment: Consignment | None = field(default=None, name="Consignment")
    """Consignment. 运输批次"""
    government_agency_goods_item: Annotated[
        tuple[GovernmentAgencyGoodsItem, ...],
        Meta(min_length=1, max_length=999),
    ] = field(name="GovernmentAgencyGoodsItem")
    """Item with dangerous goods. Other items are left out. 含危险货物的商品项。其他商品项不列入。"""


class TransportMode(StrEnum):
    """Mode of transport. UN/ECE Recommendation 19; maritime safety is asked of no other.
    运输方式。UN/ECE 第19号建议书；其他方式不涉及海事部门。
    """

    _1 = "1"  # Maritime transport; 海运


class Consignment(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Consignment. 运输批次"""

    loading_location: Location | None = field(default=None, name="LoadingLocation")
    """Port of loading. 装货港"""
    unloading_location: Location | None = field(default=None, name="UnloadingLocation")
    """Port of unloading. 卸货港"""
    transport_equipment: Annotated[
        tuple[TransportEquipment, ...],
        Meta(max_length=99),
    ] = field(default=(), name="TransportEquipment")
    """Container. 集装箱"""


class GovernmentAgencyGoodsItem(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Item of the declaration. 申报商品项"""

    sequence_numeric: SequenceNumber = field(name="SequenceNumeric")
    """Item number. 项号"""
    additional_document: Annotated[
        tuple[AdditionalDocument, ...],
        Meta(max_length=99),
    ] = field(default=(), name="AdditionalDocument")
    """Attached document. 随附单证"""
    commodity: Commodity = field(name="Commodity")
    """Commodity. 商品"""
    packaging: Annotated[tuple[Packaging, ...], Meta(max_length=99)] = field(default=(), name="Packaging")
    """Packaging. 包装"""


class Location(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Port. 港口"""

    id: UNLocode = field(name="ID")
    """UN/LOCODE. 联合国港口代码"""
    name: Name | None = field(default=None, name="Name")
    """Name. 名称"""


class TransportEquipment(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Container. 集装箱"""

    sequence_numeric: SequenceNumber = field(name="SequenceNumeric")
    """Number in the list. 序号"""
    id: ContainerNumber = field(name="ID")
    """Container number. ISO 6346. 集装箱号。ISO 6346。"""


class Commodity(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Commodity. 商品"""

    description: Description = field(name="Description")
    """Description. 名称"""
    dangerous_goods: DangerousGoods = field(name="DangerousGoods")
    """Dangerous goods. 危险货物"""
    goods_measure: GoodsMeasure = field(name="GoodsMeasure")
    """Masses. 重量"""


class Packaging(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Packaging. 包装"""

    sequence_numeric: SequenceNumber = field(name="SequenceNumeric")
    """Number in the list. 序号"""
    quantity_quantity: PackageQuantity = field(name="QuantityQuantity")
    """Packages. 件数"""
    type_code: PackageType = field(name="TypeCode")
    """Package type. UN/ECE Recommendation 21. 包装种类。UN/ECE 第21号建议书。"""


class DangerousGoods(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Dangerous goods. 危险货物"""

    undgid: UNDGNumber = field(name="UNDGID")
    """UN number. Four digits, UN Model Regulations, Dangerous Goods List.
    联合国编号。四位数字，《规章范本》危险货物一览表。
    """
    hazard_classification_id: DangerClass = field(name="HazardClassificationID")
    """Class or division. IMDG Code, part 2. 类别或项别。《国际海运危险货物规则》第2部分。"""


class GoodsMeasure(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Masses. 重量"""

    gross_mass_measure: Measure | None = field(default=None, name="GrossMassMeasure")
    """Gross mass. 毛重"""
    net_net_weight_measure: Measure = field(name="NetNetWeightMeasure")
    """Net mass. 净重"""


class Measure(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Measure. 计量"""

    value: Content[MeasureValue]
    unit_code: Attribute[UnitCode] = field(name="unitCode")
    """Unit. UN/ECE Recommendation 20. 计量单位。UN/ECE 第20号建议书。"""


ROOTS: Final[dict[str, type[Struct]]] = {
    "MaritimeSafety": MaritimeSafety,
}
"""The structs of the elements that a document may have as its root."""
