"""Quality inspection (质检): quarantine, food safety, packaging and dangerous goods."""

from datetime import timedelta

from ...codecs import QUALITY_INSPECTION, REPLY
from ...codecs.finding import Text
from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.quality_inspection import QualityInspection
from ..agency import Agency, Guide, GuideDocument
from .rules import CODE, assess
from .split import split

AGENCY: Agency[QualityInspection] = Agency(
    code=CODE,
    name=Text("Quality inspection", "质检"),
    message=QUALITY_INSPECTION,
    reply=REPLY,
    split=split,
    assess=assess,
    time_limit=timedelta(minutes=40),
    guide=Guide(
        purpose=Text(
            "Checks quarantine bans and certificates, packaging, shelf life and dangerous goods, and inspects goods.",
            "审核检疫禁令和证书、包装、保质期和危险货物，并实施检验检疫。",
        ),
        fee=Text(
            "No fee for inspection; treatment of untreated wooden packaging CNY 300 per item.",
            "检验检疫不收费；未处理木质包装除害处理每项300元。",
        ),
        legal_basis=(
            Text("Import and Export Commodity Inspection Law", "《中华人民共和国进出口商品检验法》"),
            Text("Entry and Exit Animal and Plant Quarantine Law", "《中华人民共和国进出境动植物检疫法》"),
            Text("Food Safety Law of the PRC", "《中华人民共和国食品安全法》"),
            Text("ISPM 15 on wood packaging material", "国际植物检疫措施标准第15号"),
        ),
        documents=(
            GuideDocument(
                "851",
                Text("Phytosanitary certificate", "植物检疫证书"),
                Text("for imported plants", "进口植物产品"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "853",
                Text("Veterinary certificate", "兽医（卫生）证书"),
                Text("for imported animals", "进口动物产品"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "852",
                Text("Sanitary certificate", "卫生证书"),
                Text("for imported food", "进口食品"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "GACC",
                Text("Registration of the foreign producer", "境外生产企业注册"),
                Text("for imported food", "进口食品"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "LABEL",
                Text("Label in Chinese", "中文标签资料"),
                Text("for pre-packaged food and cosmetics", "预包装食品、化妆品"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "856",
                Text("Inspection certificate", "检验证书"),
                Text("for listed exports that were inspected where they were made", "已在产地检验的法检出口货物"),
                DeclarationType.EX,
            ),
            GuideDocument(
                "MSDS",
                Text("Material safety data sheet", "化学品安全技术说明书"),
                Text("for dangerous goods", "危险货物"),
            ),
        ),
    ),
)
"""The quality-inspection agency."""
