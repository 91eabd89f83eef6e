"""Customs (海关): value, duty, prohibitions, licences and examination."""

from datetime import timedelta

from ...codecs import CUSTOMS, REPLY
from ...codecs.finding import Text
from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.customs import Customs
from ..agency import Agency, Guide, GuideDocument
from .prohibitions import PROHIBITIONS
from .rules import CODE, assess
from .split import split

AGENCY: Agency[Customs] = Agency(
    code=CODE,
    name=Text("Customs", "海关"),
    message=CUSTOMS,
    reply=REPLY,
    split=split,
    assess=assess,
    time_limit=timedelta(minutes=30),
    guide=Guide(
        purpose=Text(
            "Checks prohibitions and licences, assesses the customs value and the duty, and decides on examination.",
            "审核禁限管理要求，审定计税价格和关税，决定是否查验。",
        ),
        fee=Text("No fee; duty by the tariff.", "不收费；关税按税则征收。"),
        legal_basis=(
            Text("Customs Law of the PRC", "《中华人民共和国海关法》"),
            Text("Foreign Trade Law of the PRC", "《中华人民共和国对外贸易法》"),
            Text("Customs Tariff Law of the PRC", "《中华人民共和国关税法》"),
            Text("Decree 213 of the GACC on customs valuation", "海关总署令第213号《海关审定进出口货物完税价格办法》"),
        ),
        documents=(
            GuideDocument("380", Text("Commercial invoice", "商业发票"), Text("always", "必交")),
            GuideDocument(
                "861",
                Text("Certificate of origin", "原产地证书"),
                Text("when an agreement rate is claimed", "申请享受协定税率时"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "911",
                Text("Import licence", "进口许可证"),
                Text("for goods under licence", "进口许可证管理货物"),
                DeclarationType.IM,
            ),
            GuideDocument(
                "811",
                Text("Export licence", "出口许可证"),
                Text("for goods under licence", "出口许可证管理货物"),
                DeclarationType.EX,
            ),
            GuideDocument(
                "EXEMPT",
                Text("Duty exemption certificate", "征免税证明"),
                Text("when an exemption is claimed", "申请减免税时"),
                DeclarationType.IM,
            ),
        ),
    ),
    prohibitions=PROHIBITIONS,
)
"""The customs agency."""
