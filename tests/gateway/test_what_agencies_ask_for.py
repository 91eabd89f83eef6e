"""Whatever a reference agency can ask the trader for, a supplement that gives it is taken, and not asked for again."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace
from support.amending import amended, item
from support.following import come_to
from support.windows import HeldClock, now, window

from onewindow.agencies.customs.tables import IMPORT_LICENCE
from onewindow.agencies.hs import longest_heading
from onewindow.agencies.market_supervision.tables import CERTIFICATES, COMPANIES
from onewindow.agencies.quality_inspection.tables import REQUIREMENTS
from onewindow.agencies.tax.tables import TAXPAYERS, Taxpayer
from onewindow.codecs import DECLARATION, REPLY, Rejected
from onewindow.codecs.harmonized_system import subheadings
from onewindow.codecs.messages.charges import CustomsValuation, DutyTaxFee
from onewindow.codecs.messages.codes import (
    CountryCode,
    CurrencyCode,
    DangerClass,
    DeclarationType,
    DocumentType,
    DutyTaxFeeType,
    Incoterm,
)
from onewindow.codecs.messages.common import AdditionalDocument, Amount, CurrencyExchange, DangerousGoods, Origin
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway.document_names import reply_name
from onewindow.gateway.papers import XML
from onewindow.gateway.sample import sample
from onewindow.gateway.window import Window

ROOT = Path(__file__).resolve().parents[2]
PRICE: Final = item("commodity.invoice_line.item_charge_amount")
VALUE: Final = item("customs_value_amount")
CODE: Final = item("commodity.classification.0.id")
DOCUMENTS: Final = item("additional_document")
DUTY: Final = item("commodity.duty_tax_fee")
DANGER: Final = item("commodity.dangerous_goods")

Change = Callable[[Declaration], Declaration]


def put(*changes: tuple[str, object]) -> Change:
    """The declaration with these values at these places."""

    def change(declared: Declaration) -> Declaration:
        for path, value in changes:
            declared = amended(declared, path, value)
        return declared

    return change


def document(kind: DocumentType, expires: datetime | None = None) -> AdditionalDocument:
    """A document of this type."""
    return AdditionalDocument(type_code=kind, id="DOC-1", expiration_date_time=expires)


def without(kind: DocumentType, declared: Declaration) -> tuple[AdditionalDocument, ...]:
    """The documents of the first item but for those of a type."""
    found = declared.goods_shipment.government_agency_goods_item[0].additional_document
    return tuple(each for each in found if each.type_code is not kind)


def lacking(kind: DocumentType, first: Change = lambda declared: declared) -> dict[str, tuple[Change, Change]]:
    """By the end of a finding's code: a document that is not there or has expired, and what gives it."""

    def given(*documents: AdditionalDocument) -> Change:
        return lambda declared: amended(declared, DOCUMENTS, (*without(kind, declared), *documents))

    expired = given(document(kind, now() - timedelta(days=1)))
    return {
        "missing": (lambda declared: given()(first(declared)), given(document(kind))),
        "expired": (lambda declared: expired(first(declared)), given(document(kind))),
    }


def goods(heading: str) -> str:
    """A commodity code under a heading that has no longer one in the agencies' tables under it."""
    return min(code for code in subheadings() if code.startswith(heading))


def of_documents() -> Iterator[tuple[str, tuple[Change, Change]]]:
    """The documents that agencies ask for, by the code of the finding."""
    needed: dict[str, tuple[DocumentType, Change]] = {
        "customs.certificate-of-origin": (DocumentType._861, lambda declared: declared),
        "customs.licence": (DocumentType._911, put((CODE, goods(min(IMPORT_LICENCE))))),
        "customs.exemption-certificate": (
            DocumentType.EXEMPT,
            put((DUTY, (DutyTaxFee(type_code=DutyTaxFeeType.CUD, exemption_indicator=True),))),
        ),
        "quality-inspection.safety-data": (
            DocumentType.MSDS,
            put(
                (CODE, "28044000"),
                (DANGER, DangerousGoods(undgid="1072", hazard_classification_id=DangerClass._2_2)),
            ),
        ),
    }
    for heading, certificates in CERTIFICATES.items():
        for certificate in certificates:
            needed[f"market-supervision.{certificate.word}"] = (certificate.kind, put((CODE, goods(heading))))
    for heading, requirements in REQUIREMENTS.items():
        for requirement in requirements if longest_heading(REQUIREMENTS, goods(heading)) is requirements else ():
            needed[f"quality-inspection.{requirement.word}"] = (requirement.kinds[0], put((CODE, goods(heading))))
    for code, (kind, first) in needed.items():
        for ending, both in lacking(kind, first).items():
            yield f"{code}-{ending}", both


def invoice(*documents: AdditionalDocument) -> Change:
    """The declaration with these documents as a whole."""
    return put(("additional_document", documents))


def trader(identifier: str) -> Change:
    """The declaration of an importer."""
    return put(("importer.id", identifier))


def yen(amount: str) -> Amount:
    """An amount in a currency that the sample has no rate for."""
    return Amount(value=Decimal(amount), currency_id=CurrencyCode.JPY)


RATE: Final = CurrencyExchange(currency_type_code=CurrencyCode.JPY, rate_numeric=Decimal("0.05"))
RICH: Final = Amount(value=Decimal("99999999999999.00"), currency_id=CurrencyCode.USD)
TARIFF: Final = sample(1, DeclarationType.IM, "X", datetime(2026, 1, 1).astimezone())
COST: Final = TARIFF.goods_shipment.government_agency_goods_item[0].commodity.invoice_line.item_charge_amount
WORTH: Final = TARIFF.goods_shipment.government_agency_goods_item[0].customs_value_amount


def dear(declared: Declaration) -> Declaration:
    """Goods that cost more than is assessed by machine."""
    return put((PRICE, RICH), ("invoice_amount", RICH))(declared)


def affordable(declared: Declaration) -> Declaration:
    """The price put right."""
    return put((PRICE, COST), ("invoice_amount", COST))(declared)


def with_rate(declared: Declaration) -> Declaration:
    """The rate that was missing."""
    return replace(declared, currency_exchange=(*declared.currency_exchange, RATE))


def claimed(amount: str) -> tuple[DutyTaxFee, ...]:
    """Customs duty as declared, in yuan."""
    value = Amount(value=Decimal(amount), currency_id=CurrencyCode.CNY)
    return (DutyTaxFee(type_code=DutyTaxFeeType.CUD, assessed_amount=value),)


IRREGULAR: Final = next(each for each, standing in TAXPAYERS.items() if standing is Taxpayer.IRREGULAR)
LIMITED: Final = next(each for each, company in COMPANIES.items() if company.chapters)
FREIGHT: Final = CustomsValuation(freight_charge_amount=Amount(value=Decimal(0), currency_id=CurrencyCode.USD))
GENERAL: Final = Origin(country_code=CountryCode.BT)


def same(declared: Declaration) -> Declaration:
    """The declaration as it is: what was asked for was done elsewhere."""
    return declared


CASES: Mapping[str, tuple[Change, Change]] = {
    **dict(of_documents()),
    "tax.invoice-missing": (invoice(), invoice(document(DocumentType._380))),
    "tax.invoice-expired": (
        invoice(document(DocumentType._380, now() - timedelta(days=1))),
        invoice(document(DocumentType._380)),
    ),
    "customs.exchange-rate-missing": (put((PRICE, yen("100.00"))), with_rate),
    "tax.exchange-rate-missing": (put((PRICE, yen("100.00"))), with_rate),
    "customs.value-out-of-range": (dear, affordable),
    "tax.value-out-of-range": (dear, affordable),
    "customs.value-deviates": (put((VALUE, replace(WORTH, value=WORTH.value * 2))), put((VALUE, WORTH))),
    "customs.freight-missing": (
        put(("goods_shipment.trade_terms.condition_code", Incoterm.FOB)),
        put(("goods_shipment.customs_valuation", FREIGHT)),
    ),
    "customs.duty-deviates": (
        put((item("origin"), GENERAL), (DUTY, claimed("1.00"))),
        lambda declared: amended(declared, DUTY, claimed(str(WORTH.value * Decimal("0.4")))),
    ),
    "quality-inspection.un-number-missing": (
        put((CODE, "28044000")),
        put((DANGER, DangerousGoods(undgid="1072", hazard_classification_id=DangerClass._2_2))),
    ),
    "quality-inspection.un-number": (
        put((CODE, "28044000"), (DANGER, DangerousGoods(undgid="1203", hazard_classification_id=DangerClass._3))),
        put((DANGER, DangerousGoods(undgid="1072", hazard_classification_id=DangerClass._2_2))),
    ),
    "market-supervision.credit-code": (
        put(("declaration_office_id", "DE004851"), ("importer.id", "JP1234567")),
        trader(TARIFF.declarant.id),
    ),
    "market-supervision.scope": (trader(LIMITED), same),
    "tax.taxpayer-irregular": (trader(IRREGULAR), same),
}
"""By code: what makes an agency ask, and what gives it what it asks for."""

ELSEWHERE: Final = {code for code, (_, answer) in CASES.items() if answer is same}
"""Put right at an office and not in the declaration: the agency is asked once more, and asks again."""


async def asked(opened: Window, case_id: str) -> set[str]:
    """The codes of what the agencies have found, once the case waits for the trader or is over."""
    await opened.decided(case_id, 60)
    record = await opened.load(case_id)
    assert record is not None
    names = [reply_name(part.message_id) for part in record.case.parts if part.reply_digest is not None]
    record = await opened.load(case_id, *names)
    assert record is not None
    replies = [REPLY.decode_xml(record.documents[name].body) for name in names]
    return {finding.code for reply in replies for finding in reply.finding}


async def test_what_is_asked_for_can_be_given(tmp_path: Path) -> None:
    """Each request is made, its answer is a revision that the window takes, and then it is not made again."""
    trouble: dict[str, str] = {}
    async with window(tmp_path) as opened:
        for place, (code, (cause, remedy)) in enumerate(CASES.items()):
            declared = cause(sample(1, DeclarationType.IM, f"ASK-{place}", now()))
            case = (await opened.submit(DECLARATION.encode_xml(declared), XML)).case
            if code not in (found := await asked(opened, case.id)):
                trouble[code] = f"not asked for: {found}"
                continue
            granted = await opened.supplement(case.id, DECLARATION.encode_xml(remedy(declared)), XML)
            if granted is None or granted.case.revision != 2:
                trouble[code] = "not taken"
            elif (code in await asked(opened, case.id)) != (code in ELSEWHERE):
                trouble[code] = "asked for again" if code not in ELSEWHERE else "not asked again"
    assert {} == trouble


def test_every_request_is_tried() -> None:
    """The codes tried are those that the rules ask by, but for documents that are overdue: time makes those."""
    written = set()
    for path in (ROOT / "agencies").rglob("*.py"):
        text = path.read_text("utf-8")
        written |= set(re.findall(r'\bsupplement\(\s*"([a-z.-]+)"', text))
        for named in re.findall(r'remarks_on\(\s*[^,]+, f?"([a-z.{}_-]+)"', text):
            written |= {f"{named}-missing", f"{named}-expired"}
    tabled = {f"market-supervision.{each.word}" for found in CERTIFICATES.values() for each in found}
    tabled |= {f"quality-inspection.{each.word}" for found in REQUIREMENTS.values() for each in found}
    expected = {code for code in written if "{" not in code}
    expected |= {f"{code}-{ending}" for code in tabled for ending in ("missing", "expired")}
    assert expected == {*CASES}


async def test_a_promise_whose_time_is_over_does_not_stop_a_supplement(tmp_path: Path) -> None:
    """A deferred document that a case waits for, or has, may be past its day in a revision; a new one may not."""
    clock = HeldClock()
    promised = AdditionalDocument(
        type_code=DocumentType._852, id="LATE-1", deferred_indicator=True, due_date=now().date() + timedelta(days=2)
    )
    declared = sample(1, DeclarationType.IM, "ASK-LATE", now())
    kept = without(DocumentType._861, declared)
    origin = document(DocumentType._861)
    async with window(tmp_path, clock=clock) as opened:
        first = DECLARATION.encode_xml(amended(declared, DOCUMENTS, (*kept, promised)))
        case = (await opened.submit(first, XML)).case
        await come_to(opened, case.id, "supplement-requested")
        clock.advance(timedelta(days=5))
        again = await opened.submit(first, XML)
        assert (case.id, True) == (again.case.id, again.replay)
        late = replace(promised, id="LATE-2")
        other = DECLARATION.encode_xml(amended(declared, DOCUMENTS, (*kept, origin, late)))
        with pytest.raises(Rejected) as rejected:
            await opened.supplement(case.id, other, XML)
        assert ["due-date-past"] == [finding.code for finding in rejected.value.findings]
        whole = DECLARATION.encode_xml(amended(declared, DOCUMENTS, (*kept, origin, promised)))
        granted = await opened.supplement(case.id, whole, XML)
    assert granted is not None
    assert 2 == granted.case.revision
