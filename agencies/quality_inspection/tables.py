"""What quality inspection looks up: certificates, bans, export lists, dangerous goods, wooden packages.

Every table here is illustrative: real in form, a sample in content. In force are the catalogues of goods subject to
entry and exit inspection and quarantine (法检目录) and the announcements of the GACC.
"""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from ...codecs.finding import Text
from ...codecs.messages.codes import CountryCode, DangerClass, DocumentType, PackageType


class Requirement(Struct, frozen=True):
    """A document that imported goods need: any of these types, its word in codes, its name."""

    kinds: tuple[DocumentType, ...]
    word: str
    name: Text


PHYTOSANITARY = Requirement((DocumentType._851,), "phytosanitary", Text("phytosanitary certificate", "植物检疫证书"))
VETERINARY = Requirement((DocumentType._853,), "veterinary", Text("veterinary certificate", "兽医（卫生）证书"))
SANITARY = Requirement((DocumentType._852, DocumentType._853), "sanitary", Text("sanitary certificate", "卫生证书"))
PRODUCER = Requirement(
    (DocumentType.GACC,), "producer-registration", Text("registration of the foreign producer", "境外生产企业注册")
)
LABEL = Requirement((DocumentType.LABEL,), "label", Text("label in Chinese", "中文标签资料"))

REQUIREMENTS: Mapping[str, tuple[Requirement, ...]] = {
    "01": (VETERINARY,),
    "02": (VETERINARY, PRODUCER),
    "03": (SANITARY, PRODUCER),
    "04": (VETERINARY, PRODUCER),
    "05": (VETERINARY,),
    **{f"{chapter:02}": (PHYTOSANITARY,) for chapter in (6, 7, 8, 10, 12, 14)},
    "09": (PHYTOSANITARY, PRODUCER),
    "15": (SANITARY, PRODUCER, LABEL),
    "16": (VETERINARY, PRODUCER, LABEL),
    **{f"{chapter}": (SANITARY, PRODUCER, LABEL) for chapter in range(17, 23)},
    "3303": (LABEL,),
    "3304": (LABEL,),
    "4101": (VETERINARY,),
    "4403": (PHYTOSANITARY,),
    "4407": (PHYTOSANITARY,),
}
"""Documents for imports by HS chapter or heading (Entry and Exit Animal and Plant Quarantine Law, articles 10 to 12;
Food Safety Law, articles 96 and 97; GACC Decree 248 on foreign producers of imported food)."""


class Ban(Struct, frozen=True):
    """Origins from which goods may not come, and why."""

    origins: frozenset[str]
    cause: Text


BANS: Mapping[str, Ban] = {
    "0103": Ban(frozenset({CountryCode.DE, CountryCode.PH}), Text("African swine fever", "非洲猪瘟")),
    "0203": Ban(frozenset({CountryCode.DE, CountryCode.PH}), Text("African swine fever", "非洲猪瘟")),
    "0102": Ban(frozenset({CountryCode.ZA, CountryCode.TR}), Text("foot-and-mouth disease", "口蹄疫")),
    "0202": Ban(frozenset({CountryCode.ZA, CountryCode.TR}), Text("foot-and-mouth disease", "口蹄疫")),
    "03": Ban(frozenset({CountryCode.JP}), Text("a food safety measure", "食品安全措施")),
}
"""Bans by HS heading and origin, in the form of GACC announcements (海关总署公告)."""

EXPORT_LISTED: frozenset[str] = frozenset(
    {"02", "03", "04", "06", "07", "08", "09", "10", "12", "16", "19", "20", "21", "3604"}
)
"""Chapters and headings that are inspected before export (Import and Export Commodity Inspection Law, article 15)."""

EXPORT_PROOFS = (
    DocumentType._3,
    DocumentType._851,
    DocumentType._852,
    DocumentType._853,
    DocumentType._856,
)
"""Any of these shows that listed goods were inspected where they were made."""

DANGEROUS: Mapping[str, Mapping[str, DangerClass]] = {
    "220710": {"1170": DangerClass._3},
    "271012": {"1203": DangerClass._3, "1268": DangerClass._3},
    "280440": {"1072": DangerClass._2_2},
    "3208": {"1263": DangerClass._3},
    "360410": {"0333": DangerClass._1_1, "0335": DangerClass._1_3, "0336": DangerClass._1_4},
    "850650": {"3090": DangerClass._9, "3091": DangerClass._9},
    "850760": {"3480": DangerClass._9, "3481": DangerClass._9},
}
"""UN numbers and their classes by HS code (UN Model Regulations, Dangerous Goods List; 危险化学品安全管理条例)."""

WOODEN_PACKAGES: frozenset[str] = frozenset(
    {
        PackageType._2C,
        PackageType._4C,
        PackageType._7B,
        PackageType._8A,
        PackageType._8B,
        PackageType._8C,
        PackageType._1W,
        PackageType.QP,
    }
)
"""Packages of natural wood, whether or not they are declared as wooden; ISPM 15 exempts plywood and fibreboard."""

TREATMENT_FEE = Decimal("300.00")
"""CNY for treating the untreated wooden packaging of one item."""
