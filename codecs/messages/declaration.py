# Generated from schemas/declaration.xsd by onewindow.codecs.compiler; do not edit.
"""Declaration. What a trader submits, once, for all agencies. 申报单。企业一次性提交、供各部门使用的申报数据。"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from ..binding import WILDCARD
from .charges import CustomsValuation, DutyTaxFee
from .codes import DeclarationType, FunctionCode
from .common import (
    AdditionalDocument,
    Agent,
    Amount,
    BorderTransportMeans,
    Classification,
    CurrencyExchange,
    DangerousGoods,
    DateTime,
    Description,
    Destination,
    DocumentNumber,
    ExportCountry,
    GoodsLocation,
    GovernmentProcedure,
    InvoiceLine,
    ItemNumber,
    Location,
    Manufacturer,
    Measure,
    Name,
    OfficeCode,
    Origin,
    Packaging,
    Party,
    Product,
    Reference,
    TradeTerms,
    TransportContractDocument,
    TransportEquipment,
)

NAMESPACE: Final = "urn:onewindow:declaration:1"


class Declaration(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Declaration. WCO Data Model class Declaration. 申报单。WCO数据模型 Declaration 类。"""

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
    total_gross_mass_measure: Measure = field(name="TotalGrossMassMeasure")
    """Total gross mass. Of all goods with their packaging, without the container.
    总毛重。全部货物连同包装的重量，不含集装箱。
    """
    invoice_amount: Amount = field(name="InvoiceAmount")
    """Invoice total. 发票总金额"""
    currency_exchange: Annotated[
        tuple[CurrencyExchange, ...],
        Meta(max_length=10),
    ] = field(default=(), name="CurrencyExchange")
    """Exchange rate. 汇率"""
    additional_document: Annotated[
        tuple[AdditionalDocument, ...],
        Meta(max_length=99),
    ] = field(default=(), name="AdditionalDocument")
    """Attached document. 随附单证"""
    agent: Agent | None = field(default=None, name="Agent")
    """Agent. 代理报关企业"""
    border_transport_means: BorderTransportMeans | None = field(default=None, name="BorderTransportMeans")
    """Means of transport crossing the border. 进出境运输工具"""
    declarant: Party = field(name="Declarant")
    """Declarant. 申报单位"""
    exporter: Party | None = field(default=None, name="Exporter")
    """Exporter. 境外发货人（进口）或境内发货人（出口）"""
    importer: Party | None = field(default=None, name="Importer")
    """Importer. 境内收货人（进口）或境外收货人（出口）"""
    goods_shipment: GoodsShipment = field(name="GoodsShipment")
    """Shipment. 货物批次"""
    signature: Annotated[
        str | None,
        Meta(extra={"xml": WILDCARD, "namespace": "http://www.w3.org/2000/09/xmldsig#"}),
    ] = field(default=None, name="Signature")
    """Signature. XML Signature over the whole document (W3C XML Signature, enveloped).
    电子签名。对整份单证的 XML 签名（W3C XML Signature，封内签名）。
    """


class GoodsShipment(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Shipment. WCO Data Model class GoodsShipment. 货物批次。WCO数据模型 GoodsShipment 类。"""

    arrival_date_time: DateTime | None = field(default=None, name="ArrivalDateTime")
    """Arrived at. Arrival for imports, planned departure for exports.
    进出境日期。进口为进境日期，出口为预计出境日期。
    """
    consignment: Consignment | None = field(default=None, name="Consignment")
    """Consignment. 运输批次"""
    customs_valuation: CustomsValuation | None = field(default=None, name="CustomsValuation")
    """Charges that enter the customs value. 计入完税价格的费用"""
    destination: Destination = field(name="Destination")
    """Destination. 目的地"""
    export_country: ExportCountry = field(name="ExportCountry")
    """Country of export. 启运国（地区）"""
    trade_terms: TradeTerms = field(name="TradeTerms")
    """Terms of delivery. 成交方式"""
    government_agency_goods_item: Annotated[
        tuple[GovernmentAgencyGoodsItem, ...],
        Meta(min_length=1, max_length=999),
    ] = field(name="GovernmentAgencyGoodsItem")
    """Item. 商品项"""


class Consignment(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Consignment. WCO Data Model class Consignment. 运输批次。WCO数据模型 Consignment 类。"""

    goods_location: GoodsLocation | None = field(default=None, name="GoodsLocation")
    """Place where the goods are. 货物存放地点"""
    loading_location: Location | None = field(default=None, name="LoadingLocation")
    """Place of loading. 启运港（装货地点）"""
    unloading_location: Location | None = field(default=None, name="UnloadingLocation")
    """Place of unloading. 入境口岸（卸货地点）"""
    transport_contract_document: Annotated[
        tuple[TransportContractDocument, ...],
        Meta(max_length=9),
    ] = field(default=(), name="TransportContractDocument")
    """Transport document. 提运单"""
    transport_equipment: Annotated[
        tuple[TransportEquipment, ...],
        Meta(max_length=99),
    ] = field(default=(), name="TransportEquipment")
    """Container. 集装箱"""


class GovernmentAgencyGoodsItem(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Item of the declaration. WCO Data Model class GovernmentAgencyGoodsItem.
    申报商品项。WCO数据模型 GovernmentAgencyGoodsItem 类。
    """

    sequence_numeric: ItemNumber = field(name="SequenceNumeric")
    """Item number. 项号"""
    customs_value_amount: Amount = field(name="CustomsValueAmount")
    """Customs value as declared. 申报完税价格"""
    additional_document: Annotated[
        tuple[AdditionalDocument, ...],
        Meta(max_length=99),
    ] = field(default=(), name="AdditionalDocument")
    """Attached document. 随附单证"""
    commodity: Commodity = field(name="Commodity")
    """Commodity. 商品"""
    government_procedure: GovernmentProcedure = field(name="GovernmentProcedure")
    """Customs procedure. 监管方式"""
    manufacturer: Manufacturer | None = field(default=None, name="Manufacturer")
    """Manufacturer. 生产企业"""
    origin: Origin = field(name="Origin")
    """Origin. 原产地"""
    packaging: Annotated[tuple[Packaging, ...], Meta(max_length=99)] = field(default=(), name="Packaging")
    """Packaging. 包装"""


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
    dangerous_goods: DangerousGoods | None = field(default=None, name="DangerousGoods")
    """Dangerous goods. 危险货物"""
    duty_tax_fee: Annotated[tuple[DutyTaxFee, ...], Meta(max_length=9)] = field(default=(), name="DutyTaxFee")
    """Duty, tax or fee as declared. 申报税费"""
    goods_measure: GoodsMeasure = field(name="GoodsMeasure")
    """Masses and quantities. 重量和数量"""
    invoice_line: InvoiceLine = field(name="InvoiceLine")
    """Invoice line. 发票行"""
    product: Product | None = field(default=None, name="Product")
    """Product details. 产品信息"""


class GoodsMeasure(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Masses and quantities. WCO Data Model class GoodsMeasure. 重量和数量。WCO数据模型 GoodsMeasure 类。"""

    gross_mass_measure: Measure | None = field(default=None, name="GrossMassMeasure")
    """Gross mass. 毛重"""
    net_net_weight_measure: Measure = field(name="NetNetWeightMeasure")
    """Net mass. Without any packaging. 净重。不含任何包装。"""
    tariff_quantity: Measure = field(name="TariffQuantity")
    """Statistical quantity. In the first statutory unit. 法定第一数量。按法定第一计量单位。"""
    second_quantity: Measure | None = field(default=None, name="SecondQuantity")
    """Second quantity. In the second statutory unit. 法定第二数量。按法定第二计量单位。"""
