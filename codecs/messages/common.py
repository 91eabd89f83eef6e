# Generated from schemas/common.xsd by onewindow.codecs.compiler; do not edit.
"""Simple types and the aggregates that several messages share. No namespace of its own: every message schema takes
these types into its own by xs:include. In all annotations the words before the first full stop are the label; what
follows explains it.
各报文共用的简单类型和聚合类型。本文件无命名空间，由各报文模式通过 xs:include 引入。所有注释中首个句号之前为名称，其后
为说明。
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct, field

from ..binding import Attribute, Content
from .codes import (
    ClassificationType,
    CommunicationType,
    CountryCode,
    CurrencyCode,
    DangerClass,
    DocumentType,
    Incoterm,
    LanguageCode,
    PackageType,
    TransportMode,
    UnitCode,
    WoodTreatment,
)

Identifier = Annotated[
    str,
    Meta(min_length=1, max_length=35, extra_json_schema={"pattern": r"^[A-Za-z0-9][A-Za-z0-9._/+;:=\-]*$"}),
]
"""Identifier. A number or code somebody assigned, without spaces. 编号。由有关方分配的编号或代码，不含空格。"""

Reference = Annotated[
    str,
    Meta(min_length=1, max_length=140, extra_json_schema={"pattern": r"^[A-Za-z0-9][A-Za-z0-9._/+;:=\- ]*$"}),
]
"""Reference. A number that somebody uses to refer to something; single spaces may occur in it.
业务编号。供引用的编号，可含单个空格。
"""

DocumentNumber = Annotated[str, Meta(min_length=1, max_length=140, extra_json_schema={"pattern": r"[^ \t\n\r]"})]
"""Document number. As it is printed, in any script: brackets, slashes and single spaces may occur in it.
单证编号。按单证上印制的写法，不限文字，可含括号、斜线和单个空格。
"""

CaseIdentifier = Annotated[
    str,
    Meta(min_length=1, max_length=64, extra_json_schema={"pattern": r"^[A-Za-z0-9][A-Za-z0-9._/+;:=\-]*$"}),
]
"""Case identifier. What the window calls a case. 办件编号。单一窗口为办件分配的编号。"""

PartyIdentifier = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z0-9]{5,20}$"})]
"""Party identifier. Unified social credit code (GB 32100, 18 characters), EORI number, or another register's number.
统一社会信用代码或企业编号。GB 32100 统一社会信用代码（18位）、EORI 编号或其他登记编号。
"""

AgencyIdentifier = Annotated[str, Meta(extra_json_schema={"pattern": r"^[a-z][a-z0-9\-]{1,34}$"})]
"""Agency code. An open list, so that another agency needs no new schema; AgencyCode names the reference agencies.
部门代码。开放代码，新增部门无需修改模式；参考部门见 AgencyCode。
"""

FindingCode = Annotated[str, Meta(extra_json_schema={"pattern": r"^[a-z0-9.\-]{1,64}$"})]
"""Stable code. Of a finding or a condition; programs go by it, people by the text.
意见代码。意见或条件的固定代码，供程序识别；文字供人阅读。
"""

Name = Annotated[str, Meta(min_length=1, max_length=256, extra_json_schema={"pattern": r"[^ \t\n\r]"})]
"""Name. Of a person, firm, place or thing. 名称。个人、企业、地点或物品的名称。"""

Description = Annotated[str, Meta(min_length=1, max_length=512, extra_json_schema={"pattern": r"[^ \t\n\r]"})]
"""Description. Free text on one line. 描述。单行自由文本。"""

TextContent = Annotated[str, Meta(min_length=1, max_length=1024, extra_json_schema={"pattern": r"[^ \t\n\r]"})]
"""Text content. What is said in one language. 文字内容。以一种语言表述的内容。"""

CommunicationIdentifier = Annotated[
    str,
    Meta(min_length=1, max_length=256, extra_json_schema={"pattern": r"[^ \t\n\r]"}),
]
"""Number or address. Of a telephone or mailbox. 号码或地址。电话号码或电子邮箱地址。"""

PostcodeIdentifier = Annotated[str, Meta(extra_json_schema={"pattern": r"^[A-Za-z0-9][A-Za-z0-9 \-]{0,16}$"})]
"""Postcode. As the postal service of the country writes it. 邮政编码。按所在国邮政部门的写法。"""

RegionIdentifier = Annotated[str, Meta(extra_json_schema={"pattern": r"^[A-Za-z0-9][A-Za-z0-9\-]{0,8}$"})]
"""Region. A subdivision of a country: ISO 3166-2, or the code of the customs district list.
地区代码。国家内的地区：ISO 3166-2 代码或海关国内地区代码。
"""

DateTime = Annotated[
    dt.datetime,
    Meta(
        extra_json_schema={
            "pattern": r"^(?:(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?([Zz]|[+\-](0[0-9]|1[0-3]):[0-5][0-9]|[+\-]14:00))$"  # noqa: E501
        },
        tz=True,
    ),
]
"""Date and time. ISO 8601, the offset from UTC always given, down to microseconds, from 1900 to 2199.
日期时间。ISO 8601，须带时区，精度至微秒，年份1900至2199。
"""

Date = Annotated[
    dt.date,
    Meta(extra_json_schema={"pattern": "^(?:(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))$"}),
]
"""Date. ISO 8601, without an offset, from 1900 to 2199. 日期。ISO 8601，不带时区，年份1900至2199。"""

Digest = Annotated[str, Meta(extra_json_schema={"pattern": "^sha256:[0-9a-f]{64}$"})]
"""Digest. SHA-256 (FIPS 180-4) of a document's bytes, in hexadecimal.
摘要值。文件字节的 SHA-256（FIPS 180-4）十六进制值。
"""

Pointer = Annotated[str, Meta(min_length=1, max_length=1024, extra_json_schema={"pattern": r"[^ \t\n\r]"})]
"""Pointer. XPath over local names, with an index on repeatable elements:
/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Origin.
位置。由元素本名组成的 XPath，可重复元素带序号，例如 /Declaration/GoodsShipment/GovernmentAgencyGoodsItem[3]/Origin。
"""

HSCode = Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{6}([0-9]{2}){0,2}$"})]
"""Commodity code. Harmonized System: six international digits, then none, two or four national ones.
商品编码。协调制度编码：6位国际编码，其后可有2位或4位本国编码。
"""

UNLocode = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z]{2}[A-Z2-9]{3}$"})]
"""Place code. UN/LOCODE (UN/ECE Recommendation 16). 口岸（地点）代码。UN/LOCODE（UN/ECE 第16号建议书）。"""

OfficeCode = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z0-9]{4,8}$"})]
"""Customs office. Code of the national list of offices: CN 4 digits, EU 8 characters.
关区代码。本国关区代码表：中国4位，欧盟8位。
"""

ProcedureCode = Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{4}$"})]
"""Procedure code. Chinese trade mode (0110 general trade ...) or requested and previous procedure of the Union Customs
Code.
监管方式代码。中国监管方式代码（0110 一般贸易等）或欧盟海关程序代码。
"""

ContainerNumber = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z]{3}[UJZ][0-9]{7}$"})]
"""Container number. ISO 6346: owner code, category, serial number and check digit.
集装箱号。ISO 6346：箱主代码、设备类别、顺序号及校验码。
"""

UNDGNumber = Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{4}$"})]
"""UN number. UN Recommendations on the Transport of Dangerous Goods, Model Regulations, chapter 3.2.
联合国编号（UN号）。联合国《规章范本》第3.2章。
"""

ItemNumber = Annotated[int, Meta(ge=1, le=999)]
"""Item number. From 1 to 999. 项号。1至999。"""

SequenceNumber = Annotated[int, Meta(ge=1, le=9999)]
"""Sequence number. From 1 to 9999. 顺序号。1至9999。"""

PackageQuantity = Annotated[int, Meta(ge=0, le=99999999)]
"""Number of packages. 0 for goods packed together with another item's. 件数。与其他商品项同包装时填0。"""

ShelfLife = Annotated[int, Meta(ge=1, le=99999)]
"""Shelf life. In days. 保质期。以天计。"""

AmountValue = Annotated[
    Decimal,
    Meta(
        extra_json_schema={
            "pattern": r"^\+?0*([0-9]{1,16}(\.0*)?|[0-9]{0,15}\.[0-9]{1}0*|[0-9]{0,14}\.[0-9]{2}0*)$",
            "minimum": 0,
            "multipleOf": 0.01,
            "exclusiveMaximum": 100000000000000,
        },
        extra={"ge": "0", "total_digits": 16, "fraction_digits": 2},
    ),
]
"""Amount value. Not negative, at most 16 digits, 2 of them decimals. 金额数值。非负，最多16位数字，其中小数2位。"""

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
"""Measure value. Not negative, at most 16 digits, 6 of them decimals. 计量数值。非负，最多16位数字，其中小数6位。"""

RateValue = Annotated[
    Decimal,
    Meta(
        extra_json_schema={
            "pattern": r"^\+?0*([0-9]{1,12}(\.0*)?|[0-9]{0,11}\.[0-9]{1}0*|[0-9]{0,10}\.[0-9]{2}0*|[0-9]{0,9}\.[0-9]{3}0*|[0-9]{0,8}\.[0-9]{4}0*|[0-9]{0,7}\.[0-9]{5}0*|[0-9]{0,6}\.[0-9]{6}0*)$",  # noqa: E501
            "minimum": 0,
            "multipleOf": 0.000001,
            "exclusiveMaximum": 1000000,
        },
        extra={"ge": "0", "total_digits": 12, "fraction_digits": 6},
    ),
]
"""Rate value. Not negative, at most 12 digits, 6 of them decimals. 比率数值。非负，最多12位数字，其中小数6位。"""


class Amount(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Amount. A sum of money with its currency (UN/CEFACT Core Component Type Amount).
    金额。带币制的金额（UN/CEFACT 核心构件类型 Amount）。
    """

    value: Content[AmountValue]
    currency_id: Attribute[CurrencyCode] = field(name="currencyID")
    """Currency. 币制"""


class Measure(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Measure. A measured quantity with its unit (UN/CEFACT Core Component Type Measure).
    计量。带计量单位的数量（UN/CEFACT 核心构件类型 Measure）。
    """

    value: Content[MeasureValue]
    unit_code: Attribute[UnitCode] = field(name="unitCode")
    """Unit of measure. 计量单位"""


class Text(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Text. Words for people, with their language (UN/CEFACT Core Component Type Text).
    文字。供人阅读、带语种的文字（UN/CEFACT 核心构件类型 Text）。
    """

    value: Content[TextContent]
    language_id: Attribute[LanguageCode] = field(name="languageID")
    """Language. 语种"""


class Address(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Address. WCO Data Model class Address. 地址。WCO数据模型 Address 类。"""

    city_name: Name | None = field(default=None, name="CityName")
    """City. 城市"""
    country_code: CountryCode = field(name="CountryCode")
    """Country. 国家（地区）"""
    line: Name | None = field(default=None, name="Line")
    """Street and number. 街道及门牌号"""
    postcode_id: PostcodeIdentifier | None = field(default=None, name="PostcodeID")
    """Postcode. 邮政编码"""


class Communication(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Communication. WCO Data Model class Communication. 通讯方式。WCO数据模型 Communication 类。"""

    id: CommunicationIdentifier = field(name="ID")
    """Number or address. 号码或地址"""
    type_code: CommunicationType = field(name="TypeCode")
    """Means. 通讯方式类别"""


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Contact. WCO Data Model class Contact. 联系人。WCO数据模型 Contact 类。"""

    name: Name | None = field(default=None, name="Name")
    """Contact name. 联系人姓名"""
    communication: tuple[Communication, ...] = field(default=(), name="Communication")
    """Telephone or e-mail. 电话或电子邮件"""


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Party. WCO Data Model class Declarant, Importer, Exporter.
    企业。WCO数据模型 Declarant, Importer, Exporter 类。
    """

    id: PartyIdentifier = field(name="ID")
    """Unified social credit code or other identifier. 统一社会信用代码或其他企业编号"""
    name: Name = field(name="Name")
    """Name. 名称"""
    address: Address | None = field(default=None, name="Address")
    """Address. 地址"""
    contact: Contact | None = field(default=None, name="Contact")
    """Contact. 联系人"""


class PartyName(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Party, identifier and name only. WCO Data Model class Importer, Exporter.
    企业（仅编号和名称）。WCO数据模型 Importer, Exporter 类。
    """

    id: PartyIdentifier = field(name="ID")
    """Unified social credit code or other identifier. 统一社会信用代码或其他企业编号"""
    name: Name = field(name="Name")
    """Contact name. 联系人姓名"""


class AdditionalDocument(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Attached document. WCO Data Model class AdditionalDocument. 随附单证。WCO数据模型 AdditionalDocument 类。"""

    type_code: DocumentType = field(name="TypeCode")
    """Document type. 随附单证类别"""
    id: DocumentNumber = field(name="ID")
    """Document number. 随附单证编号"""
    issuer_name: Name | None = field(default=None, name="IssuerName")
    """Issuer. 签发机构"""
    issue_date_time: DateTime | None = field(default=None, name="IssueDateTime")
    """Issued at. 签发时间"""
    expiration_date_time: DateTime | None = field(default=None, name="ExpirationDateTime")
    """Valid until. 有效期至"""
    digest: Digest | None = field(default=None, name="Digest")
    """Digest of the file. SHA-256, so that the file can be shown to be the one meant.
    文件摘要值。SHA-256，用以证明所附文件即为所指文件。
    """
    deferred_indicator: bool | None = field(default=None, name="DeferredIndicator")
    """Deferred. True if the document follows by the due date. 容缺受理标志。单证于补交期限前后补时为真。"""
    due_date: Date | None = field(default=None, name="DueDate")
    """Due date. By when a deferred document is to be there. 补交期限。容缺单证应补交的日期。"""


class Agent(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Agent. Who declares for the declarant. WCO Data Model class Agent.
    代理报关企业。代申报人办理申报的企业。WCO数据模型 Agent 类。
    """

    id: PartyIdentifier = field(name="ID")
    """Agent's unified social credit code or other identifier. 代理企业统一社会信用代码或其他编号"""
    name: Name = field(name="Name")
    """Agent's name. 代理企业名称"""
    mandate: AdditionalDocument | None = field(default=None, name="Mandate")
    """Mandate. The document by which the declarant empowers the agent. 代理报关委托书。申报人授权代理人的文件。"""


class BorderTransportMeans(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Means of transport crossing the border. WCO Data Model class BorderTransportMeans.
    进出境运输工具。WCO数据模型 BorderTransportMeans 类。
    """

    mode_code: TransportMode = field(name="ModeCode")
    """Mode of transport. 运输方式"""
    id: Name | None = field(default=None, name="ID")
    """Name or number of the means of transport. Vessel, flight, train or vehicle.
    运输工具名称。船名、航班、车次或车牌号。
    """
    journey_id: Identifier | None = field(default=None, name="JourneyID")
    """Voyage number. 航次号"""
    registration_nationality_code: CountryCode | None = field(default=None, name="RegistrationNationalityCode")
    """Nationality of the means of transport. 运输工具国籍"""


class Location(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Place of loading or unloading. WCO Data Model class LoadingLocation, UnloadingLocation.
    装卸地点。WCO数据模型 LoadingLocation, UnloadingLocation 类。
    """

    id: UNLocode = field(name="ID")
    """Place code. 口岸（地点）代码"""
    name: Name | None = field(default=None, name="Name")
    """Place name. 口岸（地点）名称"""


class GoodsLocation(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Place where the goods are. WCO Data Model class GoodsLocation. 货物存放地点。WCO数据模型 GoodsLocation 类。"""

    id: Identifier = field(name="ID")
    """Code of the place. 货物存放地点代码"""
    name: Name | None = field(default=None, name="Name")
    """Name of the place. 货物存放地点名称"""


class Seal(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Seal. WCO Data Model class Seal. 封志。WCO数据模型 Seal 类。"""

    sequence_numeric: SequenceNumber = field(name="SequenceNumeric")
    """Sequence number. 序号"""
    id: Identifier = field(name="ID")
    """Seal number. 封志号"""


class TransportEquipment(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Container with its seals. WCO Data Model class TransportEquipment.
    集装箱及封志。WCO数据模型 TransportEquipment 类。
    """

    sequence_numeric: SequenceNumber = field(name="SequenceNumeric")
    """Sequence number. 序号"""
    id: ContainerNumber = field(name="ID")
    """Container number. 集装箱号"""
    seal: tuple[Seal, ...] = field(default=(), name="Seal")
    """Seal. 封志"""


class TransportEquipmentID(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Container, number only. WCO Data Model class TransportEquipment.
    集装箱（仅箱号）。WCO数据模型 TransportEquipment 类。
    """

    sequence_numeric: SequenceNumber = field(name="SequenceNumeric")
    """Sequence number. 序号"""
    id: ContainerNumber = field(name="ID")
    """Container number. 集装箱号"""


class TransportContractDocument(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Transport document. WCO Data Model class TransportContractDocument.
    提运单。WCO数据模型 TransportContractDocument 类。
    """

    id: DocumentNumber = field(name="ID")
    """Transport document number. 提运单号"""
    type_code: DocumentType = field(name="TypeCode")
    """Transport document type. 提运单类别"""


class TradeTerms(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Terms of delivery. WCO Data Model class TradeTerms. 成交方式。WCO数据模型 TradeTerms 类。"""

    condition_code: Incoterm = field(name="ConditionCode")
    """Trade term. 成交方式"""
    location_name: Name | None = field(default=None, name="LocationName")
    """Named place. 指定地点"""


class CurrencyExchange(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Exchange rate. WCO Data Model class CurrencyExchange. 汇率。WCO数据模型 CurrencyExchange 类。"""

    currency_type_code: CurrencyCode = field(name="CurrencyTypeCode")
    """Currency. 币制"""
    rate_numeric: RateValue = field(name="RateNumeric")
    """Rate. Yuan (CNY) for one unit of the currency. 汇率。一单位外币折合人民币元数。"""


class Classification(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Classification. WCO Data Model class Classification. 商品归类。WCO数据模型 Classification 类。"""

    id: HSCode = field(name="ID")
    """Commodity code. 商品编号（HS编码）"""
    identification_type_code: ClassificationType = field(name="IdentificationTypeCode")
    """Classification system. 归类体系"""


class DangerousGoods(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Dangerous goods. WCO Data Model class DangerousGoods. 危险货物。WCO数据模型 DangerousGoods 类。"""

    undgid: UNDGNumber = field(name="UNDGID")
    """UN number. 联合国编号（UN号）"""
    hazard_classification_id: DangerClass = field(name="HazardClassificationID")
    """Danger class. 危险货物类别"""


class InvoiceLine(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Invoice line. WCO Data Model class InvoiceLine. 发票行。WCO数据模型 InvoiceLine 类。"""

    item_charge_amount: Amount = field(name="ItemChargeAmount")
    """Item price. Total of the item as invoiced. 总价。发票所列该项商品总价。"""


class Origin(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Origin. WCO Data Model class Origin. 原产地。WCO数据模型 Origin 类。"""

    country_code: CountryCode = field(name="CountryCode")
    """Country of origin. 原产国（地区）"""
    region_id: RegionIdentifier | None = field(default=None, name="RegionID")
    """Region of origin. 原产地区"""


class Packaging(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Packaging. WCO Data Model class Packaging. 包装。WCO数据模型 Packaging 类。"""

    sequence_numeric: SequenceNumber = field(name="SequenceNumeric")
    """Sequence number. 序号"""
    marks_numbers_id: Description | None = field(default=None, name="MarksNumbersID")
    """Marks and numbers. 标记唛码"""
    quantity_quantity: PackageQuantity = field(name="QuantityQuantity")
    """Number of packages. 件数"""
    type_code: PackageType = field(name="TypeCode")
    """Package type. 包装种类"""
    wooden_indicator: bool | None = field(default=None, name="WoodenIndicator")
    """Wood packaging. True if the package is of wood or stands on wood. 木质包装标志。包装为木质或带木质衬垫时为真。"""
    treatment_code: WoodTreatment | None = field(default=None, name="TreatmentCode")
    """Wood treatment. 木质包装处理方式"""


class Manufacturer(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Manufacturer. WCO Data Model class Manufacturer. 生产企业。WCO数据模型 Manufacturer 类。"""

    id: PartyIdentifier | None = field(default=None, name="ID")
    """Manufacturer's identifier. 生产企业编号"""
    name: Name = field(name="Name")
    """Manufacturer's name. 生产企业名称"""
    address: Address | None = field(default=None, name="Address")
    """Manufacturer's address. 生产企业地址"""


class GovernmentProcedure(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Customs procedure. WCO Data Model class GovernmentProcedure. 监管方式。WCO数据模型 GovernmentProcedure 类。"""

    current_code: ProcedureCode = field(name="CurrentCode")
    """Procedure requested. 监管方式"""
    previous_code: ProcedureCode | None = field(default=None, name="PreviousCode")
    """Previous procedure. 前一监管方式"""


class Destination(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Destination. WCO Data Model class Destination. 目的地。WCO数据模型 Destination 类。"""

    country_code: CountryCode = field(name="CountryCode")
    """Country of destination. 最终目的国（地区）"""
    region_id: RegionIdentifier | None = field(default=None, name="RegionID")
    """Region of destination. 境内目的地"""


class ExportCountry(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Country of export. WCO Data Model class ExportCountry. 启运国（地区）。WCO数据模型 ExportCountry 类。"""

    id: CountryCode = field(name="ID")
    """Country of export. Where the goods were dispatched from. 启运国（地区）。货物起始发运的国家（地区）。"""


class Product(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Product details. Of food, cosmetics, medicine and other goods that age. WCO Data Model class Product.
    产品信息。食品、化妆品、药品等有保质期商品的信息。WCO数据模型 Product 类。
    """

    production_date: Date | None = field(default=None, name="ProductionDate")
    """Production date. 生产日期"""
    batch_id: DocumentNumber | None = field(default=None, name="BatchID")
    """Batch number. 生产批号"""
    shelf_life_days: ShelfLife | None = field(default=None, name="ShelfLifeDays")
    """Shelf life in days. 产品保质期（天）"""
    storage_temperature: Description | None = field(default=None, name="StorageTemperature")
    """Storage temperature. 储存温度"""
    ingredients: Description | None = field(default=None, name="Ingredients")
    """Ingredients. 成分、配料"""


class Visit(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Visit. One time and the agencies that inspect at it. 查验安排。某一时段及届时查验的部门。"""

    start_date_time: DateTime = field(name="StartDateTime")
    """From. 开始时间"""
    end_date_time: DateTime = field(name="EndDateTime")
    """Until. 结束时间"""
    agency_code: Annotated[tuple[AgencyIdentifier, ...], Meta(min_length=1, max_length=20)] = field(name="AgencyCode")
    """Agency. 部门"""
