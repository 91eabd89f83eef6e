# Generated from schemas/market-supervision.xsd by onewindow.codecs.compiler; do not edit.
"""Market supervision message. The part of a declaration that market supervision may see.
市场监管分发报文。申报数据中分发市场监管部门的部分。
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from .codes import DeclarationType, FunctionCode
from .common import (
    AdditionalDocument,
    Agent,
    Classification,
    DateTime,
    Description,
    DocumentNumber,
    ItemNumber,
    Manufacturer,
    Name,
    OfficeCode,
    Origin,
    Party,
    Reference,
)

NAMESPACE: Final = "urn:onewindow:market-supervision:1"


class MarketSupervision(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Market supervision message. The part of a declaration that market supervision may see; WCO Data Model class
    Declaration.
    市场监管分发报文。申报数据中分发市场监管部门的部分；WCO数据模型 Declaration 类。
    """

    function_code: FunctionCode = field(name="FunctionCode")
    """Message function. 报文功能"""
    functional_reference_id: Reference = field(name="FunctionalReferenceID")
    """Declarant's reference. Unique for the declarant: the same reference is the same declaration.
    申报人业务编号。对同一申报人唯一，编号相同即为同一申报。
    """
    type_code: DeclarationType = field(name="TypeCode")
    """Import or export. 进出口标志"""
    issue_date_time: DateTime = field(name="IssueDateTime")
    """Declared at. 申报日期"""
    declaration_office_id: OfficeCode = field(name="DeclarationOfficeID")
    """Customs office of declaration. 申报地海关"""
    goods_item_quantity: ItemNumber = field(name="GoodsItemQuantity")
    """Number of items. 商品项数"""
    additional_document: Annotated[
        tuple[AdditionalDocument, ...],
        Meta(max_length=99),
    ] = field(default=(), name="AdditionalDocument")
    """Attached document. 随附单证"""
    agent: Agent | None = field(default=None, name="Agent")
    """Agent. 代理报关企业"""
    declarant: Party = field(name="Declarant")
    """Declarant. 申报单位"""
    exporter: Party | None = field(default=None, name="Exporter")
    """Exporter. 境外发货人（进口）或境内发货人（出口）"""
    importer: Party | None = field(default=None, name="Importer")
    """Importer. 境内收货人（进口）或境外收货人（出口）"""
    goods_shipment: GoodsShipment = field(name="GoodsShipment")
    """Shipment. 货物批次"""


class GoodsShipment(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Shipment. WCO Data Model class GoodsShipment. 货物批次。WCO数据模型 GoodsShipment 类。"""

    government_agency_goods_item: Annotated[
        tuple[GovernmentAgencyGoodsItem, ...],
        Meta(min_length=1, max_length=999),
    ] = field(name="GovernmentAgencyGoodsItem")
    """Item. 商品项"""


class GovernmentAgencyGoodsItem(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Item of the declaration. WCO Data Model class GovernmentAgencyGoodsItem.
    申报商品项。WCO数据模型 GovernmentAgencyGoodsItem 类。
    """

    sequence_numeric: ItemNumber = field(name="SequenceNumeric")
    """Item number. 项号"""
    additional_document: Annotated[
        tuple[AdditionalDocument, ...],
        Meta(max_length=99),
    ] = field(default=(), name="AdditionalDocument")
    """Attached document. 随附单证"""
    commodity: Commodity = field(name="Commodity")
    """Commodity. 商品"""
    manufacturer: Manufacturer | None = field(default=None, name="Manufacturer")
    """Manufacturer. 生产企业"""
    origin: Origin = field(name="Origin")
    """Origin. 原产地"""


class Commodity(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Commodity. WCO Data Model class Commodity. 商品。WCO数据模型 Commodity 类。"""

    description: Description = field(name="Description")
    """Commodity description. 商品名称及规格型号"""
    brand_name: Name | None = field(default=None, name="BrandName")
    """Brand. 品牌"""
    model_name: Name | None = field(default=None, name="ModelName")
    """Model. 型号"""
    product_standard_id: DocumentNumber | None = field(default=None, name="ProductStandardID")
    """Product standard. The number of the standard the product is made to. 产品执行标准。产品所执行标准的编号。"""
    classification: Annotated[
        tuple[Classification, ...],
        Meta(min_length=1, max_length=3),
    ] = field(name="Classification")
    """Classification. 商品归类"""
