"""What market supervision looks up: companies, certificates that products need, and brands to watch.

Every table here is illustrative: real in form, a sample in content. Companies and brands are invented.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from ...codecs.finding import Text
from ...codecs.messages.codes import DocumentType


class Registration(StrEnum):
    """How a company stands in the register (企业信用信息公示系统)."""

    ACTIVE = "active"
    ABNORMAL = "abnormal"
    REVOKED = "revoked"


class Company(Struct, frozen=True):
    """A company in the register; chapters: the HS chapters that its business scope covers, empty for all."""

    registration: Registration
    chapters: frozenset[str] = frozenset()


COMPANIES: Mapping[str, Company] = {
    "91120116MA0500005D": Company(Registration.REVOKED),
    "91350200MA3000006Y": Company(Registration.ABNORMAL),
    "91370200MA3C000079": Company(Registration.ACTIVE, frozenset(f"{chapter}" for chapter in range(50, 64))),
}
"""Companies by unified social credit code; who is not listed is active with a scope that covers all goods (Regulations
on the Registration of Market Entities, 市场主体登记管理条例)."""

UNLISTED = Company(Registration.ACTIVE)


class Certificate(Struct, frozen=True):
    """A certificate that an imported product needs: its document type, its word in codes, its name."""

    kind: DocumentType
    word: str
    name: Text


CCC = Certificate(DocumentType.CCC, "ccc", Text("compulsory product certificate (CCC)", "强制性产品认证（CCC）证书"))
MEDICAL = Certificate(DocumentType.MEDDEV, "medical-device", Text("medical device registration", "医疗器械注册证"))
RADIO = Certificate(DocumentType.SRRC, "radio-type-approval", Text("radio type approval", "无线电发射设备型号核准证"))
ENERGY = Certificate(DocumentType.ENERGY, "energy-label", Text("energy efficiency label record", "能源效率标识备案"))

CERTIFICATES: Mapping[str, tuple[Certificate, ...]] = {
    "4011": (CCC,),
    "7007": (CCC,),
    "8415": (CCC, ENERGY),
    "8418": (CCC, ENERGY),
    "8450": (CCC, ENERGY),
    "847130": (CCC,),
    "850440": (CCC,),
    "8509": (CCC,),
    "8516": (CCC,),
    "851713": (CCC, RADIO),
    "851714": (CCC, RADIO),
    "851762": (RADIO,),
    "8528": (CCC,),
    "8544": (CCC,),
    "8703": (CCC,),
    "8711": (CCC,),
    "9018": (MEDICAL,),
    "9022": (MEDICAL,),
    "9503": (CCC,),
}
"""Certificates by HS heading: catalogue of products under compulsory certification (强制性产品认证目录; Regulations on
Certification and Accreditation, article 28), medical devices, radio equipment, energy labels."""


class Brand(Struct, frozen=True):
    """A brand whose owner has recorded it for protection; makers: who may use it, in lower case."""

    owner: Text
    makers: frozenset[str]


WATCHED_BRANDS: Mapping[str, Brand] = {
    "polarlark": Brand(
        Text("Polarlark Outdoor Ltd.", "极地云雀户外用品有限公司"), frozenset({"polarlark outdoor ltd."})
    ),
    "jinhe": Brand(Text("Jinhe Electric", "锦禾电器有限公司"), frozenset({"锦禾电器有限公司"})),
}
"""Recorded brands, in lower case (Trademark Law, articles 57 and 60); a maker that is not listed is looked into."""
