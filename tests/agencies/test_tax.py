"""The tax reference rules, each where it has nothing to say and where it has."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from support.amending import amended, item
from support.answering import NOW, answer, remarks

from onewindow.agencies.yuan import yuan
from onewindow.codecs.messages.charges import DutyTaxFee
from onewindow.codecs.messages.codes import (
    BillLineStatus,
    CurrencyCode,
    DocumentType,
    DutyRegime,
    DutyTaxFeeType,
    ReplyOutcome,
    UnitCode,
)
from onewindow.codecs.messages.common import AdditionalDocument, Amount, Measure
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Reply

ITEM = "/Tax/GoodsShipment/GovernmentAgencyGoodsItem[1]"
HS = item("commodity.classification.0.id")
CLAIMS = item("commodity.duty_tax_fee")
QUANTITY = item("commodity.goods_measure.tariff_quantity")
INVOICE = AdditionalDocument(type_code=DocumentType._380, id="FM-1")


def tax(declaration: Declaration) -> Reply:
    """What the tax office answers."""
    return answer("tax", declaration)


def lines(reply: Reply, number: int = 1) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """Type, base, rate and amount of each line of one item."""
    return [
        (line.type_code, line.tax_base_amount.value, line.tax_rate_numeric, line.payment_amount.value)
        for line in reply.duty_tax_fee
        if line.item_sequence_numeric == number
    ]


def claimed(amount: str, kind: DutyTaxFeeType = DutyTaxFeeType.CUD) -> DutyTaxFee:
    """A declared duty in yuan."""
    return DutyTaxFee(type_code=kind, assessed_amount=yuan(Decimal(amount)))


def codes(reply: Reply) -> set[str]:
    """The codes of all findings but the estimates."""
    return {finding.code for finding in reply.finding} - {"tax.duty-estimated"}


# --- import VAT and consumption tax ---


def test_wine_bears_both_taxes(imported: Declaration) -> None:
    """On value and duty of 223367.04 comes 10 % consumption tax of the composite price, and 13 % VAT on all three."""
    declaration = amended(imported, CLAIMS, (claimed("27431.04"),))
    assert [
        ("EXC", Decimal("248185.60"), Decimal(10), Decimal("24818.56")),
        ("VAT", Decimal("248185.60"), Decimal(13), Decimal("32264.13")),
    ] == lines(tax(declaration))


@pytest.mark.parametrize(
    ("declared", "base"), [("0.00", "308599.20"), ("13000.00", "308599.20"), ("50000", "343904.00")]
)
def test_implausible_duty(imported: Declaration, declared: str, base: str) -> None:
    """A duty that is not what the tariff comes to is not relied on: the higher one is taken, provisionally."""
    reply = tax(amended(imported, item("commodity.duty_tax_fee", 1), (claimed(declared),)))
    assert Decimal(base) == lines(reply, 2)[0][1]
    assert ("tax.duty-implausible", f"{ITEM.replace('[1]', '[2]')}/Commodity") in remarks(reply)
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in reply.duty_tax_fee}


def test_nearly_right_duty(imported: Declaration) -> None:
    """A duty some cents beside the tariff's is final, and taxed as the tariff has it, which is what is levied."""
    reply = tax(amended(imported, item("commodity.duty_tax_fee", 1), (claimed("14695.00"),)))
    assert Decimal("308599.20") == lines(reply, 2)[0][1]
    assert BillLineStatus.FINAL in {line.status_code for line in reply.duty_tax_fee if line.item_sequence_numeric == 2}


def test_own_customs_value(imported: Declaration) -> None:
    """Goods are taxed on what price, freight and insurance come to, provisionally if another value is declared."""
    declaration = amended(imported, CLAIMS, (claimed("27431.04"),))
    for value, status, doubted in (
        ("200000.00", BillLineStatus.FINAL, False),
        ("100000.00", BillLineStatus.PROVISIONAL, True),
    ):
        reply = tax(amended(declaration, item("customs_value_amount"), yuan(Decimal(value))))
        assert Decimal("248185.60") == lines(reply)[0][1]
        assert {status} == {line.status_code for line in reply.duty_tax_fee if line.item_sequence_numeric == 1}
        assert doubted == (("tax.value-implausible", f"{ITEM}/Commodity") in remarks(reply))


def test_value_without_freight(imported: Declaration) -> None:
    """Where the freight is missing, which customs asks for, the declared values are taxed provisionally."""
    declaration = amended(amended(imported, CLAIMS, (claimed("27431.04"),)), "goods_shipment.customs_valuation", None)
    reply = tax(declaration)
    assert {"tax.value-implausible"} == codes(reply)
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in reply.duty_tax_fee}


@pytest.mark.parametrize(
    ("regime", "declared", "base"),
    [
        (DutyRegime._300, "0.00", "293904.00"),
        (DutyRegime._300, "11756.16", "305660.16"),
        (DutyRegime._300, "5.00", "317416.32"),
        (DutyRegime._100, "23512.32", "317416.32"),
    ],
)
def test_preference_is_for_customs(imported: Declaration, regime: DutyRegime, declared: str, base: str) -> None:
    """At a claimed preference a duty that is an agreement's is taken, provisionally, or else the full one."""
    claim = replace(claimed(declared), duty_regime_code=regime)
    declaration = amended(imported, item("commodity.classification.0.id", 1), "8413190000")
    reply = tax(amended(declaration, item("commodity.duty_tax_fee", 1), (claim,)))
    assert Decimal(base) == lines(reply, 2)[0][1]
    assert (regime is DutyRegime._300) == (
        ("tax.duty-by-customs", f"{ITEM.replace('[1]', '[2]')}/Commodity") in remarks(reply)
    )


def test_declared_duty_is_final(imported: Declaration) -> None:
    """With the duty declared the item's taxes are final and need no remark, its neighbours' stay estimates."""
    reply = tax(amended(imported, CLAIMS, (claimed("27431.04"),)))
    assert {1: BillLineStatus.FINAL, 2: BillLineStatus.PROVISIONAL, 3: BillLineStatus.PROVISIONAL} == {
        line.item_sequence_numeric: line.status_code for line in reply.duty_tax_fee
    }
    assert [("tax.duty-estimated", "/Tax/GoodsShipment")] == remarks(reply)
    assert "(items 2, 3)" in reply.finding[0].text[0].value
    assert "第2、3项" in reply.finding[0].text[1].value


def test_undeclared_duty_is_estimated(imported: Declaration) -> None:
    """Without a declared duty the most-favoured-nation duty is taken, and the taxes are provisional."""
    reply = tax(imported)
    assert Decimal("308599.20") == lines(reply, 2)[0][1]
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in reply.duty_tax_fee}
    assert [("tax.duty-estimated", "/Tax/GoodsShipment")] == remarks(reply)


def test_note_on_one_item_points_at_it(imported: Declaration) -> None:
    """A note on a single item points at the item; one on many names the first ten and says how many more there are."""
    first = amended(imported, CLAIMS, (claimed("27431.04"),))
    two = amended(first, item("commodity.duty_tax_fee", 1), (claimed("14695.20"),))
    assert [("tax.duty-estimated", f"{ITEM.replace('[1]', '[3]')}/Commodity")] == remarks(tax(two))
    goods = imported.goods_shipment.government_agency_goods_item[:1] * 12
    (finding,) = tax(amended(imported, "goods_shipment.government_agency_goods_item", goods)).finding
    assert "1, 1, 1, 1, 1, 1, 1, 1, 1, 1 and 2 more" in finding.text[0].value


def test_anti_dumping_duty_is_taxed(imported: Declaration) -> None:
    """Anti-dumping and countervailing duties go into the base, provisionally; other charges don't."""
    kinds = (DutyTaxFeeType.CUD, DutyTaxFeeType.ADD, DutyTaxFeeType.CVD, DutyTaxFeeType.ENV)
    declaration = amended(
        imported, item("commodity.duty_tax_fee", 1), tuple(claimed("14695.20", kind) for kind in kinds)
    )
    reply = tax(declaration)
    assert Decimal("337989.60") == lines(reply, 2)[0][1]
    assert ("tax.duty-by-customs", f"{ITEM.replace('[1]', '[2]')}/Commodity") in remarks(reply)


@pytest.mark.parametrize(("code", "rate"), [("1001190000", 9), ("4901990000", 9), ("8516713000", 13)])
def test_vat_rates(imported: Declaration, code: str, rate: int) -> None:
    """Wheat and books bear VAT at 9 %, machines at 13 %."""
    assert [Decimal(rate)] == [rated for _, _, rated, _ in lines(tax(amended(imported, HS, code)))]


@pytest.mark.parametrize(
    ("unit", "quantity", "bears"),
    [
        (UnitCode.KGM, "19", True),
        (UnitCode.KGM, "20", False),
        (UnitCode.GRM, "19593.6", True),
        (UnitCode.LTR, "100000", True),
    ],
)
def test_high_end_cosmetics(imported: Declaration, unit: UnitCode, quantity: str, bears: bool) -> None:
    """Cosmetics bear consumption tax from 10 yuan of customs value a gram, and in a unit that tells nothing."""
    declaration = amended(imported, HS, "3304990000")
    declaration = amended(declaration, QUANTITY, Measure(value=Decimal(quantity), unit_code=unit))
    assert bears == ("EXC" in [kind for kind, *_ in lines(tax(declaration))])


def test_claimed_exemption(imported: Declaration) -> None:
    """Taxes for which exemption is claimed are left out: whether it is proved, customs decides."""
    exempt = tuple(
        DutyTaxFee(type_code=kind, exemption_indicator=True)
        for kind in (DutyTaxFeeType.CUD, DutyTaxFeeType.EXC, DutyTaxFeeType.VAT)
    )
    reply = tax(amended(imported, CLAIMS, exempt))
    assert ([], {"tax.duty-by-customs"}) == (lines(reply), codes(reply))


def test_exempt_duty_is_no_part_of_the_base(imported: Declaration) -> None:
    """Where exemption from duty is claimed, VAT is worked out on the value alone, until customs has decided."""
    claim = (DutyTaxFee(type_code=DutyTaxFeeType.CUD, exemption_indicator=True),)
    reply = tax(amended(imported, item("commodity.duty_tax_fee", 1), claim))
    assert Decimal("293904.00") == lines(reply, 2)[0][1]
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in reply.duty_tax_fee}


def test_suspended(imported: Declaration) -> None:
    """Under processing trade no import tax is levied on the item, and the reply says so."""
    reply = tax(amended(imported, item("government_procedure.current_code"), "0615"))
    assert ([], {"tax.suspended"}) == (lines(reply), codes(reply))


def test_missing_exchange_rate(imported: Declaration) -> None:
    """A currency without a rate is asked for, at the amount that uses it, and nothing is levied yet."""
    dollars = Amount(value=Decimal(100), currency_id=CurrencyCode.USD)
    reply = tax(amended(imported, item("customs_value_amount", 1), dollars))
    pointer = f"{ITEM.replace('[1]', '[2]')}/CustomsValueAmount/@currencyID"
    assert ([("tax.exchange-rate-missing", pointer)], ()) == (remarks(reply), reply.duty_tax_fee)


def test_value_beyond_bounds(imported: Declaration) -> None:
    """Amounts of more than a million million yuan are not assessed by machine."""
    reply = tax(amended(imported, item("commodity.invoice_line.item_charge_amount"), yuan(Decimal(10) ** 12)))
    assert [("tax.value-out-of-range", "/Tax/GoodsShipment")] == remarks(reply)


# --- invoices ---


def test_no_invoice(imported: Declaration) -> None:
    """Without any invoice one is asked for, once, and what is levied is provisional."""
    declaration = amended(imported, CLAIMS, (claimed("27431.04"),))
    reply = tax(replace(declaration, additional_document=()))
    assert (ReplyOutcome.SUPPLEMENT_REQUIRED, {"tax.invoice-missing"}) == (reply.outcome_code, codes(reply))
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in reply.duty_tax_fee}


def test_invoice_for_each_item(imported: Declaration) -> None:
    """Invoices may come with the items instead; an item without one is pointed at."""
    declaration = replace(imported, additional_document=())
    for position in (0, 1):
        declaration = amended(declaration, item("additional_document", position), (INVOICE,))
    pointer = f"{ITEM.replace('[1]', '[3]')}/Commodity/InvoiceLine"
    assert ("tax.invoice-missing", pointer) in remarks(tax(declaration))
    assert set() == codes(tax(amended(declaration, item("additional_document", 2), (INVOICE,))))


def test_expired_invoice(imported: Declaration) -> None:
    """An invoice past its validity is asked for anew."""
    expired = replace(INVOICE, expiration_date_time=NOW)
    reply = tax(replace(imported, additional_document=(expired,)))
    assert ("tax.invoice-expired", "/Tax/AdditionalDocument[1]") in remarks(reply)


# --- taxpayers ---


@pytest.mark.parametrize(
    ("identifier", "outcome", "expected"),
    [
        ("91330100MA27000047", ReplyOutcome.REFUSED, {"tax.taxpayer-deregistered"}),
        ("91440300MA5D00003B", ReplyOutcome.SUPPLEMENT_REQUIRED, {"tax.taxpayer-irregular"}),
        ("91310115MA1K000029", ReplyOutcome.APPROVED, set()),
    ],
)
def test_importing_taxpayer(imported: Declaration, identifier: str, outcome: ReplyOutcome, expected: set[str]) -> None:
    """A deregistered importer is refused, an irregular one has to settle that first, a small-scale one may import."""
    reply = tax(amended(imported, "importer.id", identifier))
    assert (outcome, expected) == (reply.outcome_code, codes(reply))


def test_declarant_answers_for_an_unnamed_importer(imported: Declaration) -> None:
    """Where no importer is named, the declarant is the taxpayer that is checked."""
    declaration = amended(replace(imported, importer=None), "declarant.id", "91330100MA27000047")
    assert ("tax.taxpayer-deregistered", "/Tax/Declarant/ID") in remarks(tax(declaration))


def test_importer_of_an_export_is_foreign(exported: Declaration) -> None:
    """Of an export the exporter is checked, not the foreign importer."""
    assert ReplyOutcome.APPROVED is tax(amended(exported, "importer.id", "91330100MA27000047")).outcome_code
    assert ReplyOutcome.REFUSED is tax(amended(exported, "exporter.id", "91330100MA27000047")).outcome_code


# --- exports ---


@pytest.mark.parametrize(
    ("code", "identifier", "expected"),
    [
        ("8507600090", "91330206MA2GT5R84X", "tax.export-refund"),
        ("7601101000", "91330206MA2GT5R84X", "tax.export-no-refund"),
        ("8507600090", "91310115MA1K000029", "tax.export-exempt"),
    ],
)
def test_exports_are_zero_rated(exported: Declaration, code: str, identifier: str, expected: str) -> None:
    """An export bears no tax; whether a refund may be claimed depends on the goods and the taxpayer."""
    reply = tax(amended(amended(exported, HS, code), "exporter.id", identifier))
    assert (ReplyOutcome.APPROVED, ()) == (reply.outcome_code, reply.duty_tax_fee)
    assert expected in {finding.code for finding in reply.finding}


def test_refunds_by_rate(exported: Declaration) -> None:
    """Items with different refunds get a note each, which points at a single item."""
    assert [
        ("tax.export-refund", "/Tax/GoodsShipment"),
        ("tax.export-no-refund", f"{ITEM.replace('[1]', '[3]')}/Commodity/Classification[1]/ID"),
    ] == remarks(tax(amended(exported, item("commodity.classification.0.id", 2), "7601101000")))
