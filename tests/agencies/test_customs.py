"""The customs reference rules, each where it has nothing to say and where it has."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.amending import amended, item
from support.answering import answer, remarks
from support.declared import IMPORT

from onewindow.agencies.yuan import yuan
from onewindow.codecs.messages.charges import CustomsValuation, DutyTaxFee
from onewindow.codecs.messages.codes import (
    BillLineStatus,
    CountryCode,
    CurrencyCode,
    DocumentType,
    DutyRegime,
    DutyTaxFeeType,
    Incoterm,
    ReplyOutcome,
)
from onewindow.codecs.messages.common import AdditionalDocument, Amount
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Reply

ITEM = "/Customs/GoodsShipment/GovernmentAgencyGoodsItem[1]"
TERMS = "goods_shipment.trade_terms.condition_code"
CHARGES = "goods_shipment.customs_valuation"
HS = item("commodity.classification.0.id")
ORIGIN = item("origin.country_code")
CLAIM = item("commodity.duty_tax_fee")
DOCUMENTS = item("additional_document")
PROCEDURE = item("government_procedure.current_code")

PREFERENCE = (DutyTaxFee(type_code=DutyTaxFeeType.CUD, duty_regime_code=DutyRegime._300),)
EXEMPTION = (DutyTaxFee(type_code=DutyTaxFeeType.CUD, exemption_indicator=True),)


def values(reply: Reply) -> list[Decimal]:
    """The assessed customs values by item."""
    return [valued.assessed_amount.value for valued in reply.customs_valuation]


def customs(declaration: Declaration) -> Reply:
    """What customs answers."""
    return answer("customs", declaration)


def euros(value: str) -> Amount:
    """An amount in euros, at 7.85 yuan each."""
    return Amount(value=Decimal(value), currency_id=CurrencyCode.EUR)


def document(kind: DocumentType) -> AdditionalDocument:
    """A document of a type."""
    return AdditionalDocument(type_code=kind, id="DOC-1")


def without_documents(declaration: Declaration) -> Declaration:
    """The declaration without a document in its header or its first item."""
    return amended(replace(declaration, additional_document=()), DOCUMENTS, ())


# --- valuation ---


@pytest.mark.parametrize(
    ("term", "added"),
    [
        (Incoterm.EXW, "4000"),
        (Incoterm.FCA, "4000"),
        (Incoterm.FAS, "4000"),
        (Incoterm.FOB, "4000"),
        (Incoterm.CFR, "400"),
        (Incoterm.CPT, "400"),
        (Incoterm.CIF, "0"),
        (Incoterm.CIP, "0"),
        (Incoterm.DAP, "0"),
        (Incoterm.DPU, "0"),
        (Incoterm.DDP, "0"),
    ],
)
def test_what_each_term_leaves_out(imported: Declaration, term: Incoterm, added: str) -> None:
    """To the price is added what the seller did not pay: freight of 3600 and insurance of 400 euros, or part of it."""
    expected = (Decimal(100_000) + Decimal(added)) * Decimal("7.85")
    assert expected == sum(values(customs(amended(imported, TERMS, term))))


def test_charges_are_shared_by_value(imported: Declaration) -> None:
    """Freight and insurance go to the items in proportion to their prices."""
    assert [Decimal("195936.00"), Decimal("293904.00"), Decimal("326560.00")] == values(customs(imported))


cents = st.integers(0, 10**9).map(lambda number: Decimal(number) / 100)


@given(st.lists(cents, min_size=3, max_size=3), cents, cents)
def test_no_cent_of_charges_is_lost(prices: list[Decimal], freight: Decimal, insurance: Decimal) -> None:
    """The customs values add up to prices, freight and insurance, to the cent."""
    declaration = amended(
        IMPORT,
        CHARGES,
        CustomsValuation(freight_charge_amount=yuan(freight), insurance_charge_amount=yuan(insurance)),
    )
    for position, price in enumerate(prices):
        declaration = amended(declaration, item("commodity.invoice_line.item_charge_amount", position), yuan(price))
    assert sum(prices) + freight + insurance == sum(values(customs(declaration)))


def test_unknown_insurance_is_reckoned(imported: Declaration) -> None:
    """Insurance that was not declared is three per mille of price and freight."""
    reply = customs(amended(imported, CHARGES, CustomsValuation(freight_charge_amount=euros("3600"))))
    assert Decimal("103600") * Decimal("7.85") * Decimal("1.003") == sum(values(reply))


@pytest.mark.parametrize("charges", [None, CustomsValuation(insurance_charge_amount=euros("400"))])
def test_missing_freight(imported: Declaration, charges: CustomsValuation | None) -> None:
    """Under FOB an import can't be valued without its freight, which is asked for; nothing is levied yet."""
    reply = customs(amended(imported, CHARGES, charges))
    assert ReplyOutcome.SUPPLEMENT_REQUIRED is reply.outcome_code
    assert [("customs.freight-missing", "/Customs/GoodsShipment")] == remarks(reply)
    assert ((), ()) == (reply.duty_tax_fee, reply.customs_valuation)


def test_freight_in_the_price(imported: Declaration) -> None:
    """Under CIF an import needs no freight declared."""
    declaration = amended(amended(imported, CHARGES, None), TERMS, Incoterm.CIF)
    assert Decimal("785000.00") == sum(values(customs(declaration)))


def test_missing_exchange_rate(imported: Declaration) -> None:
    """A currency without a rate is asked for, at the amount that uses it."""
    reply = customs(replace(imported, currency_exchange=()))
    pointer = f"{ITEM}/Commodity/InvoiceLine/ItemChargeAmount/@currencyID"
    assert [("customs.exchange-rate-missing", pointer)] == remarks(reply)


@pytest.mark.parametrize(
    ("declared", "asked"),
    [("205732.80", False), ("205732.81", True), ("186139.20", False), ("186139.19", True), ("0", True)],
)
def test_deviating_value(imported: Declaration, declared: str, asked: bool) -> None:
    """A declared customs value up to five per cent away from the computed one passes, a cent more is asked about."""
    reply = customs(amended(imported, item("customs_value_amount"), yuan(Decimal(declared))))
    assert ([("customs.value-deviates", f"{ITEM}/CustomsValueAmount")] if asked else []) == remarks(reply)
    assert Decimal("195936.00") == values(reply)[0]


def test_value_beyond_bounds(imported: Declaration) -> None:
    """A value of more than a million million yuan is not assessed by machine."""
    huge = amended(imported, item("commodity.invoice_line.item_charge_amount"), yuan(Decimal(10) ** 12))
    assert [("customs.value-out-of-range", "/Customs/GoodsShipment")] == remarks(customs(huge))


# --- duty ---


def test_most_favoured_nation_duty(imported: Declaration) -> None:
    """Wine pays 14 % of its customs value, final once everything is in order."""
    line = customs(imported).duty_tax_fee[0]
    assert (DutyTaxFeeType.CUD, Decimal(14)) == (line.type_code, line.tax_rate_numeric)
    assert (Decimal("195936.00"), Decimal("27431.04")) == (line.tax_base_amount.value, line.payment_amount.value)
    assert BillLineStatus.FINAL is line.status_code


def test_general_rate(imported: Declaration) -> None:
    """Goods of an origin without most-favoured-nation treatment pay the general rate, and the reply says so."""
    reply = customs(amended(imported, ORIGIN, CountryCode.AD))
    assert Decimal(180) == reply.duty_tax_fee[0].tax_rate_numeric
    assert [("customs.general-rate", f"{ITEM}/Origin/CountryCode")] == remarks(reply)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (yuan(Decimal("352684.80")), []),
        (yuan(Decimal("27431.04")), [("customs.duty-deviates", f"{ITEM}/Commodity")]),
        (
            Amount(value=Decimal(1), currency_id=CurrencyCode.JPY),
            [("customs.exchange-rate-missing", f"{ITEM}/Commodity/DutyTaxFee[1]/AssessedAmount/@currencyID")],
        ),
    ],
)
def test_duty_at_the_general_rate(imported: Declaration, declared: Amount, expected: list[tuple[str, str]]) -> None:
    """Where the general rate applies, a declared duty that is not by it has to be corrected."""
    claim = DutyTaxFee(type_code=DutyTaxFeeType.CUD, assessed_amount=declared)
    reply = customs(amended(amended(imported, ORIGIN, CountryCode.AD), CLAIM, (claim,)))
    assert [("customs.general-rate", f"{ITEM}/Origin/CountryCode"), *expected] == remarks(reply)
    assert bool(expected) == (ReplyOutcome.SUPPLEMENT_REQUIRED is reply.outcome_code)


@pytest.fixture
def preferred(imported: Declaration) -> Declaration:
    """Wine from Chile for which the agreement rate is claimed, with a certificate of origin in the header."""
    return amended(amended(imported, ORIGIN, CountryCode.CL), CLAIM, PREFERENCE)


@pytest.mark.parametrize("kind", [DocumentType._861, DocumentType._864, DocumentType._865])
def test_agreement_rate(preferred: Declaration, kind: DocumentType) -> None:
    """With proof of origin the agreement rate applies, and the duty is final."""
    reply = customs(amended(without_documents(preferred), DOCUMENTS, (document(kind),)))
    line = reply.duty_tax_fee[0]
    assert (ReplyOutcome.APPROVED, []) == (reply.outcome_code, remarks(reply))
    assert (Decimal(0), BillLineStatus.FINAL) == (line.tax_rate_numeric, line.status_code)


def test_unproved_origin(preferred: Declaration) -> None:
    """Without proof of origin a certificate is asked for, and the duty stands provisionally at the ordinary rate."""
    reply = customs(without_documents(preferred))
    assert ReplyOutcome.SUPPLEMENT_REQUIRED is reply.outcome_code
    assert [("customs.certificate-of-origin-missing", f"{ITEM}/Commodity/DutyTaxFee[1]/DutyRegimeCode")] == remarks(
        reply
    )
    assert (Decimal(14), BillLineStatus.PROVISIONAL) == (
        reply.duty_tax_fee[0].tax_rate_numeric,
        reply.duty_tax_fee[0].status_code,
    )


def test_deferred_proof_of_origin(preferred: Declaration) -> None:
    """A deferred certificate lets the goods pass at the agreement rate, provisionally and with a due time."""
    promised = replace(document(DocumentType._861), deferred_indicator=True, due_date=date(2026, 11, 1))
    reply = customs(amended(without_documents(preferred), DOCUMENTS, (promised,)))
    assert ReplyOutcome.APPROVED_WITH_CONDITIONS is reply.outcome_code
    assert [datetime(2026, 11, 1, 15, 59, 59, tzinfo=UTC)] == [held.due_date_time for held in reply.condition]
    assert [BillLineStatus.PROVISIONAL, BillLineStatus.FINAL, BillLineStatus.FINAL] == [
        line.status_code for line in reply.duty_tax_fee
    ]


def test_no_agreement(imported: Declaration) -> None:
    """Preference that no agreement grants is not granted, and the reply says so."""
    reply = customs(amended(imported, CLAIM, PREFERENCE))
    assert (ReplyOutcome.APPROVED, Decimal(14)) == (reply.outcome_code, reply.duty_tax_fee[0].tax_rate_numeric)
    assert [("customs.no-agreement-rate", f"{ITEM}/Commodity/DutyTaxFee[1]/DutyRegimeCode")] == remarks(reply)


def test_exemption(imported: Declaration) -> None:
    """A proved exemption leaves the item out of the bill; without its certificate it is asked for."""
    claimed = amended(imported, CLAIM, EXEMPTION)
    proved = customs(amended(claimed, DOCUMENTS, (document(DocumentType.EXEMPT),)))
    assert (ReplyOutcome.APPROVED, [2, 3]) == (
        proved.outcome_code,
        [line.item_sequence_numeric for line in proved.duty_tax_fee],
    )
    pointer = f"{ITEM}/Commodity/DutyTaxFee[1]/ExemptionIndicator"
    assert [("customs.exemption-certificate-missing", pointer)] == remarks(customs(claimed))


def test_suspended_duty(imported: Declaration) -> None:
    """Under processing trade no duty is levied on the item, and the reply says so."""
    reply = customs(amended(imported, PROCEDURE, "0615"))
    assert [2, 3] == [line.item_sequence_numeric for line in reply.duty_tax_fee]
    assert [("customs.duty-suspended", f"{ITEM}/GovernmentProcedure/CurrentCode")] == remarks(reply)


# --- prohibitions and licences ---


def test_prohibited_import(imported: Declaration) -> None:
    """Waste plastics are refused, and a refusal levies nothing."""
    reply = customs(amended(imported, HS, "3915100000"))
    assert (ReplyOutcome.REFUSED, ()) == (reply.outcome_code, reply.duty_tax_fee)
    assert [("customs.prohibited-goods", f"{ITEM}/Commodity/Classification[1]/ID")] == remarks(reply)


@pytest.mark.parametrize(
    ("origin", "outcome"), [(CountryCode.KP, ReplyOutcome.REFUSED), (CountryCode.AU, ReplyOutcome.APPROVED)]
)
def test_prohibited_by_origin(imported: Declaration, origin: CountryCode, outcome: ReplyOutcome) -> None:
    """Coal is refused from the origin that the prohibition names, and from no other."""
    assert outcome is customs(amended(amended(imported, HS, "2701121000"), ORIGIN, origin)).outcome_code


def test_prohibited_export(exported: Declaration) -> None:
    """Charcoal may not be exported, though it may be imported."""
    assert ReplyOutcome.REFUSED is customs(amended(exported, HS, "4402900000")).outcome_code


def test_charcoal_may_be_imported(imported: Declaration) -> None:
    """What may not be exported may be imported."""
    assert ReplyOutcome.APPROVED is customs(amended(imported, HS, "4402900000")).outcome_code


@pytest.mark.parametrize(
    ("kind", "code", "permit"),
    [("imported", "2903391000", DocumentType._911), ("exported", "2846901000", DocumentType._811)],
)
def test_licence(kind: str, code: str, permit: DocumentType, request: pytest.FixtureRequest) -> None:
    """Goods under licence pass with it, and without it are asked for it."""
    licensed = amended(request.getfixturevalue(kind), HS, code)
    assert [("customs.licence-missing", f"{ITEM}/Commodity/Classification[1]/ID")] == remarks(customs(licensed))
    reply = customs(amended(licensed, DOCUMENTS, (document(permit),)))
    assert (ReplyOutcome.APPROVED, []) == (reply.outcome_code, remarks(reply))


# --- risk channel ---


def test_green_channel(imported: Declaration) -> None:
    """Ordinary goods go through without a word."""
    assert [] == remarks(customs(imported))


def test_yellow_channel(imported: Declaration) -> None:
    """Spirits are noted as read by a person, and pass."""
    reply = customs(amended(imported, HS, "2208300000"))
    assert (ReplyOutcome.APPROVED, [("customs.channel-yellow", ITEM)]) == (reply.outcome_code, remarks(reply))


def test_red_channel(imported: Declaration) -> None:
    """Spirits of a risky origin are examined where they lie, on the coming mornings; duty is provisional till then."""
    reply = customs(amended(amended(imported, HS, "2208300000"), ORIGIN, CountryCode.MM))
    assert (ReplyOutcome.INSPECTION_REQUIRED, [("customs.channel-red", ITEM)]) == (reply.outcome_code, remarks(reply))
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in reply.duty_tax_fee}
    visit = reply.inspection
    assert visit is not None
    assert visit.goods_location is not None
    assert ("CNSHA2248W03", (1,)) == (visit.goods_location.id, visit.item_sequence_numeric)
    assert [13, 14, 15] == [slot.start_date_time.day for slot in visit.slot]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("9999999.99", None),
        ("10000000.00", "customs.channel-yellow"),
        ("49999999.99", "customs.channel-yellow"),
        ("50000000.00", "customs.channel-red"),
    ],
)
def test_channel_by_value(exported: Declaration, value: str, found: str | None) -> None:
    """Cars are read by a person from ten million yuan, and examined from fifty million."""
    declaration = amended(exported, HS, "8703234110")
    for path in ("commodity.invoice_line.item_charge_amount", "customs_value_amount"):
        declaration = amended(declaration, item(path), yuan(Decimal(value)))
    assert ([(found, ITEM)] if found else []) == remarks(customs(declaration))


def test_preference_adds_to_the_risk(imported: Declaration) -> None:
    """Cars pass without a word, and are read by a person when preference is claimed for them."""
    cars = amended(amended(imported, HS, "8703234110"), ORIGIN, CountryCode.KR)
    assert [] == remarks(customs(cars))
    assert [("customs.channel-yellow", ITEM)] == remarks(customs(amended(cars, CLAIM, PREFERENCE)))


def test_origin_is_no_risk_of_an_export(exported: Declaration) -> None:
    """What makes an import risky, its origin, counts for nothing when goods leave."""
    reply = customs(amended(amended(exported, HS, "2208300000"), ORIGIN, CountryCode.MM))
    assert [("customs.channel-yellow", ITEM)] == remarks(reply)


def test_examination_waits_for_arrival(imported: Declaration) -> None:
    """Goods that are still at sea are examined after they arrive."""
    risky = amended(amended(imported, HS, "2208300000"), ORIGIN, CountryCode.MM)
    visit = customs(
        amended(risky, "goods_shipment.arrival_date_time", datetime(2026, 10, 23, 4, 0, tzinfo=UTC))
    ).inspection
    assert visit is not None
    assert [26, 27, 28] == [slot.start_date_time.day for slot in visit.slot]


# --- exports ---


def test_ordinary_export(exported: Declaration) -> None:
    """An ordinary export is valued FOB and pays no duty."""
    reply = customs(exported)
    assert (Decimal("568000.00"), ()) == (sum(values(reply)), reply.duty_tax_fee)


def test_export_duty(exported: Declaration) -> None:
    """Aluminium pays 30 % on its price without the duty in it: 85200 / 1.3."""
    declaration = amended(exported, HS, "7601101000")
    declaration = amended(declaration, item("customs_value_amount"), yuan(Decimal("65538.46")))
    reply = customs(declaration)
    line = reply.duty_tax_fee[0]
    assert ReplyOutcome.APPROVED is reply.outcome_code
    assert (Decimal("65538.46"), Decimal(30)) == (line.tax_base_amount.value, line.tax_rate_numeric)
    assert Decimal("19661.54") == line.payment_amount.value


def test_export_freight_is_taken_out(exported: Declaration) -> None:
    """Of a CIF export freight and insurance are taken out, shared by value."""
    declaration = amended(exported, TERMS, Incoterm.CIF)
    charges = CustomsValuation(freight_charge_amount=yuan(Decimal("5000.01")), insurance_charge_amount=yuan(Decimal(9)))
    assert Decimal("562990.99") == sum(values(customs(amended(declaration, CHARGES, charges))))
    assert [("customs.freight-missing", "/Customs/GoodsShipment")] == remarks(customs(declaration))


def test_export_is_worth_no_less_than_nothing(exported: Declaration) -> None:
    """Freight above the price leaves goods without value, never with a negative one."""
    declaration = amended(exported, TERMS, Incoterm.CFR)
    charges = CustomsValuation(freight_charge_amount=yuan(Decimal("568000.01")))
    assert [Decimal(0)] * 3 == values(customs(amended(declaration, CHARGES, charges)))
