"""Market supervision (市场监管): companies, product certification and brands."""

from datetime import timedelta

from ...codecs import MARKET_SUPERVISION, REPLY
from ...codecs.finding import Text
from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.market_supervision import MarketSupervision
from ..agency import Agency, Guide, GuideDocument
from .rules import CODE, assess
from .split import split

AGENCY: Agency[MarketSupervision] = Agency(
    code=CODE,
    name=Text("Market supervision", "市场监管"),
    message=MARKET_SUPERVISION,
    reply=REPLY,
    split=split,
    assess=assess,
    time_limit=timedelta(minutes=20),
    guide=Guide(
        purpose=Text(
            "Checks that the company is registered and may deal in the goods, and that products are certified.",
            "核验企业登记状态和经营范围，核验产品认证。",
        ),
        fee=Text("No fee.", "不收费。"),
        legal_basis=(
            Text("Regulations on the Registration of Market Entities", "《中华人民共和国市场主体登记管理条例》"),
            Text("Regulations on Certification and Accreditation", "《中华人民共和国认证认可条例》"),
            Text("Trademark Law of the PRC", "《中华人民共和国商标法》"),
            Text(
                "GB 32100-2015 on the unified social credit code",
                "GB 32100-2015《法人和其他组织统一社会信用代码编码规则》",
            ),
        ),
        documents=(
            GuideDocument(
                "CCC",
                Text("Compulsory product certification", "强制性产品认证证书"),
                Text("for imported products in the catalogue", "列入目录的进口产品"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "MEDDEV",
                Text("Medical device registration", "医疗器械注册证"),
                Text("for imported medical devices", "进口医疗器械"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "SRRC",
                Text("Radio type approval", "无线电发射设备型号核准证"),
                Text("for imported radio equipment", "进口无线电发射设备"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "ENERGY",
                Text("Energy efficiency label record", "能源效率标识备案"),
                Text("for imported household appliances", "进口家用电器"),
                DeclarationType.IM,
            ),
        ),
    ),
)
"""The market-supervision agency."""
