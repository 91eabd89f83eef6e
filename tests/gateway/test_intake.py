"""Rules for a declaration as a whole."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from msgspec.structs import replace

from onewindow import schemas
from onewindow.codecs import DECLARATION
from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import init, load_signer, load_trust
from onewindow.codecs.messages.codes import CurrencyCode, DeclarationType, UnitCode
from onewindow.codecs.messages.common import Amount, CurrencyExchange, Measure
from onewindow.codecs.messages.declaration import Declaration, GovernmentAgencyGoodsItem
from onewindow.codecs.signature import sign
from onewindow.gateway import intake

ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def declaration() -> Declaration:
    return DECLARATION.decode_xml(schemas.sample("import"))


def with_items(declaration: Declaration, *items: GovernmentAgencyGoodsItem) -> Declaration:
    shipment = replace(declaration.goods_shipment, government_agency_goods_item=items)
    return replace(declaration, goods_shipment=shipment)


def wrong_numbers(declaration: Declaration) -> Declaration:
    first, *others = declaration.goods_shipment.government_agency_goods_item
    return with_items(declaration, replace(first, sequence_numeric=7), *others)


def heavy_item(declaration: Declaration) -> Declaration:
    first, *others = declaration.goods_shipment.government_agency_goods_item
    measure = replace(
        first.commodity.goods_measure,
        gross_mass_measure=Measure(value=Decimal(1), unit_code=UnitCode.KGM),
        net_net_weight_measure=Measure(value=Decimal("1000.001"), unit_code=UnitCode.GRM),
    )
    return with_items(declaration, replace(first, commodity=replace(first.commodity, goods_measure=measure)), *others)


def undated(declaration: Declaration) -> Declaration:
    document = replace(declaration.additional_document[0], deferred_indicator=True, due_date=None)
    return replace(declaration, additional_document=(document, *declaration.additional_document[1:]))


def yuan_at(rate: str) -> CurrencyExchange:
    return CurrencyExchange(currency_type_code=CurrencyCode.CNY, rate_numeric=Decimal(rate))


def test_the_yuan_is_worth_a_yuan(declaration: Declaration) -> None:
    """The rate of the bill's own currency may be given where it is 1."""
    rates = (*declaration.currency_exchange, yuan_at("1.0"))
    assert () == intake.check(replace(declaration, currency_exchange=rates))


@pytest.mark.parametrize("kind", ["import", "export"])
def test_the_samples_keep_every_rule(kind: Literal["import", "export"]) -> None:
    """The sample documents are in order."""
    assert () == intake.check(DECLARATION.decode_xml(schemas.sample(kind)))


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (wrong_numbers, "item-sequence", f"{ITEM}[1]/SequenceNumeric"),
        (lambda d: replace(d, goods_item_quantity=999), "item-count", "/Declaration/GoodsItemQuantity"),
        (lambda d: replace(d, importer=None), "party-missing", "/Declaration/Importer"),
        (
            lambda d: replace(d, type_code=DeclarationType.EX, exporter=None),
            "party-missing",
            "/Declaration/Exporter",
        ),
        (
            lambda d: replace(d, invoice_amount=Amount(value=d.invoice_amount.value, currency_id=CurrencyCode.XAF)),
            "exchange-rate-missing",
            "/Declaration/CurrencyExchange",
        ),
        (
            lambda d: replace(d, currency_exchange=(*d.currency_exchange, d.currency_exchange[0])),
            "exchange-rate-repeated",
            "/Declaration/CurrencyExchange[2]/CurrencyTypeCode",
        ),
        (
            lambda d: replace(d, currency_exchange=(*d.currency_exchange, yuan_at("1.01"))),
            "exchange-rate-wrong",
            "/Declaration/CurrencyExchange[2]/RateNumeric",
        ),
        (
            lambda d: replace(
                d, invoice_amount=replace(d.invoice_amount, value=d.invoice_amount.value + Decimal("0.01"))
            ),
            "invoice-total",
            "/Declaration/InvoiceAmount",
        ),
        (heavy_item, "mass-order", f"{ITEM}[1]/Commodity/GoodsMeasure/NetNetWeightMeasure"),
        (
            lambda d: replace(d, total_gross_mass_measure=Measure(value=Decimal("0.001"), unit_code=UnitCode.TNE)),
            "mass-order",
            "/Declaration/TotalGrossMassMeasure",
        ),
        (undated, "due-date-missing", "/Declaration/AdditionalDocument[1]/DueDate"),
    ],
)
def test_each_rule_finds_its_breach(
    change: Callable[[Declaration], Declaration], code: str, pointer: str, declaration: Declaration
) -> None:
    """A declaration that breaks one rule has that rule's finding, pointing at the element, in both languages."""
    findings = intake.check(change(declaration))
    assert [(code, pointer)] == [(finding.code, finding.pointer) for finding in findings]
    assert all(finding.message.en and finding.message.zh for finding in findings)


def test_a_breach_in_xml_has_its_line(declaration: Declaration) -> None:
    """A finding of a rule names the line of the document that was sent."""
    body = schemas.sample("import").replace(b"<GoodsItemQuantity>3<", b"<GoodsItemQuantity>4<")
    line = body[: body.index(b"<GoodsItemQuantity>4<")].count(b"\n") + 1
    with pytest.raises(Rejected) as rejected:
        intake.read(body, intake.XML)
    assert [(finding.code, finding.line) for finding in rejected.value.findings] == [("item-count", line)]


@pytest.mark.parametrize(
    ("body", "media_type", "problem", "code"),
    [
        (b'{"FunctionCode": "9"}', intake.XML, "not-well-formed", "media-type-wrong"),
        (b" [1]", intake.XML, "not-well-formed", "media-type-wrong"),
        (b"\xef\xbb\xbf<Declaration/>", intake.JSON, "not-well-formed", "media-type-wrong"),
        (b'{"Declaration": {"FunctionCode": "9"}}', intake.JSON, "invalid", "root-wrapped"),
        ('{"Name": "\u4e2d\u56fd"}'.encode("gbk"), intake.JSON, "not-well-formed", "not-well-formed"),
        ("<a>\u4e2d\u56fd</a>".encode("gbk"), intake.XML, "not-well-formed", "not-well-formed"),
        (b'<?xml version="1.0" encoding="GBK"?><a/>', intake.XML, "forbidden-construct", "encoding-unsupported"),
    ],
)
def test_mistakes_of_form_are_named(body: bytes, media_type: str, problem: str, code: str) -> None:
    """The wrong media type, a wrapped document and another encoding are called by their names, with the way out."""
    with pytest.raises(Rejected) as rejected:
        intake.read(body, media_type)
    (finding,) = rejected.value.findings
    assert (problem, code) == (rejected.value.problem, finding.code)
    words = {"media-type-wrong": "Content-Type: application/", "root-wrapped": "send what is inside"}
    assert words.get(code, "UTF-8") in finding.message.en
    assert words.get(code, "UTF-8").partition(":")[0].replace("send what is inside", "直接提交") in finding.message.zh


def test_a_pattern_is_said_in_words() -> None:
    """A commodity code of the wrong length is answered with the words of the schema; the pattern comes after them."""
    body = schemas.sample("import")
    start = body.index(b"<ID>", body.index(b"<Classification>")) + len(b"<ID>")
    with pytest.raises(Rejected) as rejected:
        intake.read(body[:start] + b"8" + body[start:], intake.XML)
    (finding,) = rejected.value.findings
    assert "six international digits, then none, two or four national ones (the pattern [0-9]" in finding.message.en
    assert "6位国际编码，其后可有2位或4位本国编码（格式 [0-9]" in finding.message.zh


def test_a_hundred_findings_are_enough(declaration: Declaration) -> None:
    """However much is wrong, an answer stays readable: there are at most a hundred findings."""
    item = declaration.goods_shipment.government_agency_goods_item[0]
    many = with_items(declaration, *[replace(item, sequence_numeric=999)] * 300)
    assert 100 == len(intake.check(many))


@pytest.mark.parametrize("media_type", ["application/xml", "application/json"])
def test_a_declaration_signed_by_its_declarant_is_taken(
    media_type: str, declaration: Declaration, tmp_path: Path
) -> None:
    """The declarant's own signature is good, in the XML form and in the JSON twin of it."""
    files = init(tmp_path / "keys", NOW, trader=declaration.declarant.id)
    trust = load_trust(files.authority_certificate)
    signer = load_signer(files.trader_certificate, files.trader_key)
    body = sign(DECLARATION.encode_xml(declaration), signer)
    if media_type == "application/json":
        body = DECLARATION.encode_json(DECLARATION.decode_xml(body))
    received = intake.read(body, media_type)
    taken = intake.verified(received, body, media_type, trust, NOW + timedelta(hours=1))
    assert replace(taken, signature=None) == declaration
    assert taken.signature is not None


def test_a_declaration_signed_by_another_is_refused(declaration: Declaration, tmp_path: Path) -> None:
    """A good signature of somebody who is not the declarant does not speak for the declarant."""
    files = init(tmp_path / "keys", NOW, trader="91440300708461136T")
    signer = load_signer(files.trader_certificate, files.trader_key)
    body = sign(DECLARATION.encode_xml(declaration), signer)
    with pytest.raises(Rejected) as rejected:
        intake.verified(intake.read(body, intake.XML), body, intake.XML, load_trust(files.authority_certificate), NOW)
    assert ["signature-not-declarant"] == [finding.code for finding in rejected.value.findings]


def test_a_signed_declaration_with_a_digit_changed_is_refused(declaration: Declaration, tmp_path: Path) -> None:
    """What was signed is what is taken: a change afterwards breaks the signature."""
    files = init(tmp_path / "keys", NOW, trader=declaration.declarant.id)
    signer = load_signer(files.trader_certificate, files.trader_key)
    reference = declaration.functional_reference_id.encode()
    body = sign(DECLARATION.encode_xml(declaration), signer).replace(reference, reference + b"1")
    with pytest.raises(Rejected) as rejected:
        intake.verified(intake.read(body, intake.XML), body, intake.XML, load_trust(files.authority_certificate), NOW)
    assert ["signature-digest"] == [finding.code for finding in rejected.value.findings]
