"""The tax office (税务): taxpayers, invoices, import VAT and consumption tax, export refunds."""

from datetime import timedelta

from ...codecs import REPLY, TAX
from ...codecs.finding import Text
from ...codecs.messages.tax import Tax
from ..agency import Agency, Guide, GuideDocument
from .rules import CODE, assess
from .split import split

AGENCY: Agency[Tax] = Agency(
    code=CODE,
    name=Text("Tax", "税务"),
    message=TAX,
    reply=REPLY,
    split=split,
    assess=assess,
    time_limit=timedelta(minutes=20),
    guide=Guide(
        purpose=Text(
            "Checks taxpayer and invoice, works out import VAT and consumption tax, says what export refund applies.",
            "核验纳税人和发票，核定进口环节增值税和消费税，告知出口退税率。",
        ),
        fee=Text("No fee; taxes by law.", "不收费；税款依法征收。"),
        legal_basis=(
            Text("Interim Regulations on Value Added Tax", "《中华人民共和国增值税暂行条例》"),
            Text("Interim Regulations on Consumption Tax", "《中华人民共和国消费税暂行条例》"),
            Text("Law on the Administration of Tax Collection", "《中华人民共和国税收征收管理法》"),
        ),
        documents=(GuideDocument("380", Text("Commercial invoice", "商业发票"), Text("always", "必交")),),
    ),
)
"""The tax agency."""
