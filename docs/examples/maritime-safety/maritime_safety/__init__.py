"""Maritime safety (海事): dangerous goods that travel by sea."""

from datetime import timedelta
from pathlib import Path

from onewindow.agencies import Agency, Guide, GuideDocument
from onewindow.codecs import REPLY, Codec, Text
from onewindow.codecs.messages.codes import DeclarationType

from .message import MaritimeSafety
from .rules import CODE, assess
from .split import split

AGENCY: Agency[MaritimeSafety] = Agency(
    code=CODE,
    name=Text("Maritime safety", "海事"),
    message=Codec.of(Path(__file__).parent / "maritime-safety.xsd", MaritimeSafety),
    reply=REPLY,
    split=split,
    assess=assess,
    time_limit=timedelta(minutes=45),
    guide=Guide(
        purpose=Text(
            "Checks that dangerous goods by sea are classed, packed, segregated and documented by the IMDG Code.",
            "依据《国际海运危险货物规则》审核海运危险货物的分类、包装、隔离和单证。",
        ),
        fee=Text("No fee.", "不收费。"),
        legal_basis=(
            Text("Maritime Traffic Safety Law of the PRC", "《中华人民共和国海上交通安全法》"),
            Text(
                "Ministry of Transport decree 11 of 2018 on dangerous goods on ships",
                "交通运输部令2018年第11号《船舶载运危险货物安全监督管理规定》",
            ),
            Text("SOLAS, chapter VII, part A, and the IMDG Code", "《国际海上人命安全公约》第VII章A部分及IMDG规则"),
        ),
        documents=(
            GuideDocument(
                "890",
                Text("Dangerous goods declaration", "危险货物申报单（适运）"),
                Text("for all dangerous goods by sea", "全部海运危险货物"),
            ),
            GuideDocument(
                "MSDS",
                Text("Material safety data sheet", "化学品安全技术说明书"),
                Text("for substances and batteries", "危险化学品和电池"),
            ),
            GuideDocument(
                "856",
                Text("Certificate of packaging performance", "出境货物运输包装性能检验结果单"),
                Text("for exports", "出口"),
                DeclarationType.EX,
            ),
        ),
    ),
)
"""The maritime-safety agency."""
