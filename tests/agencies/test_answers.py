"""What holds for every agency's answer to every declaration."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from support.answering import AGENCIES, CODES, ID, NOW, answer, message, remarks
from support.declared import IMPORT, declarations

from onewindow.agencies.tariff import import_rate
from onewindow.agencies.yuan import rounded, yuan
from onewindow.codecs import DECLARATION, REPLY
from onewindow.codecs.messages.charges import CustomsValuation, DutyTaxFee
from onewindow.codecs.messages.codes import (
    BillLineStatus,
    ClassificationType,
    CountryCode,
    CurrencyCode,
    DocumentType,
    DutyRegime,
    DutyTaxFeeType,
    ReplyOutcome,
)
from onewindow.codecs.messages.common import (
    AdditionalDocument,
    Amount,
    Classification,
    CurrencyExchange,
    InvoiceLine,
    Origin,
)
from onewindow.codecs.messages.declaration import Declaration

many = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])

STEP = re.compile(r"/(@?)([A-Za-z]+)(\[\d+\])?")


def resolved(pointer: str, xml: bytes) -> object:
    """What a pointer over local names leads to in a document."""
    assert "" == STEP.sub("", pointer)
    xpath = STEP.sub(lambda step: f"/{step[1]}*[local-name()='{step[2]}']{step[3] or ''}", pointer)
    return etree.fromstring(xml).xpath(xpath)


@given(declaration=declarations())
@many
def test_answers_are_valid(declaration: Declaration) -> None:
    """Every answer keeps the reply's schema, is about the message, and is the same when given again."""
    for code in CODES:
        reply = answer(code, declaration)
        event(f"{code} {reply.outcome_code}")
        assert reply == REPLY.decode_xml(REPLY.encode_xml(reply))
        assert (ID, code, NOW) == (reply.message_id, reply.agency_code, reply.decision_date_time)
        assert reply == answer(code, declaration)


@given(declaration=declarations())
@many
def test_pointers_resolve(declaration: Declaration) -> None:
    """Every finding and condition points at exactly one element or attribute of the agency's message."""
    for code in CODES:
        sent = AGENCIES[code].message.encode_xml(message(code, declaration))
        reply = answer(code, declaration)
        for _, pointer in remarks(reply):
            assert pointer is not None
            found = resolved(pointer, sent)
            assert isinstance(found, list)
            assert (pointer, 1) == (pointer, len(found))


@given(declaration=declarations())
@many
def test_lines_add_up(declaration: Declaration) -> None:
    """Every bill line's amount is its base times its rate in percent, rounded half up to the cent, and of one item."""
    numbers = {item.sequence_numeric for item in declaration.goods_shipment.government_agency_goods_item}
    for line in (line for code in CODES for line in answer(code, declaration).duty_tax_fee):
        exact = line.tax_base_amount.value * line.tax_rate_numeric / 100
        assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == line.payment_amount.value
        assert "CNY" == line.payment_amount.currency_id == line.tax_base_amount.currency_id
        assert line.item_sequence_numeric in numbers


@given(declaration=declarations())
@many
def test_visits_go_with_inspections(declaration: Declaration) -> None:
    """A visit is proposed exactly when the outcome is an inspection, for some items and for times to come."""
    for code in CODES:
        reply = answer(code, declaration)
        assert (reply.outcome_code is ReplyOutcome.INSPECTION_REQUIRED) == (reply.inspection is not None)
        if reply.inspection is not None:
            assert reply.inspection.item_sequence_numeric
            assert all(slot.start_date_time > NOW for slot in reply.inspection.slot)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", ["imported", "exported"])
def test_samples_are_approved(code: str, kind: str, request: pytest.FixtureRequest) -> None:
    """Both sample declarations are approved by every agency, without conditions."""
    reply = answer(code, request.getfixturevalue(kind))
    assert (ReplyOutcome.APPROVED, ()) == (reply.outcome_code, reply.condition)


HIGHEST = [Decimal(0), Decimal("0.01"), Decimal("99999999999999.99"), Decimal(9999999999999999)]
RATES = [Decimal("0.000001"), Decimal("7.8"), Decimal("999999.999999"), Decimal(999999999999)]
extreme_amounts = st.builds(Amount, value=st.sampled_from(HIGHEST), currency_id=st.sampled_from(["CNY", "USD"]))


@st.composite
def extreme(draw: st.DrawFn) -> Declaration:
    """A valid declaration with the lowest and highest amounts and rates that the schema takes."""
    declaration = draw(declarations())
    shipment = declaration.goods_shipment
    rate = CurrencyExchange(currency_type_code=CurrencyCode.USD, rate_numeric=draw(st.sampled_from(RATES)))
    goods = tuple(
        replace(
            item,
            customs_value_amount=draw(extreme_amounts),
            commodity=replace(
                item.commodity,
                invoice_line=InvoiceLine(item_charge_amount=draw(extreme_amounts)),
                duty_tax_fee=tuple(
                    replace(claim, assessed_amount=draw(st.none() | extreme_amounts))
                    for claim in item.commodity.duty_tax_fee
                ),
            ),
        )
        for item in shipment.government_agency_goods_item
    )
    charges = CustomsValuation(
        freight_charge_amount=draw(st.none() | extreme_amounts),
        insurance_charge_amount=draw(st.none() | extreme_amounts),
    )
    shipment = replace(shipment, customs_valuation=charges, government_agency_goods_item=goods)
    return replace(
        declaration, invoice_amount=draw(extreme_amounts), currency_exchange=(rate,), goods_shipment=shipment
    )


@given(declaration=extreme())
@many
def test_extreme_amounts_are_answered(declaration: Declaration) -> None:
    """However high or low amounts and rates are, every agency that is sent its part gives a valid reply."""
    sent = DECLARATION.decode_xml(DECLARATION.encode_xml(declaration))
    for code in CODES:
        reply = answer(code, sent)
        event(f"{code} {reply.outcome_code}")
        assert reply == REPLY.decode_xml(REPLY.encode_xml(reply))


@pytest.mark.parametrize("kind", ["imported", "exported"])
def test_many_extreme_items_are_answered(kind: str, request: pytest.FixtureRequest) -> None:
    """999 items at the highest amount and rate are too much for customs, and at import for tax: both say so."""
    declaration: Declaration = request.getfixturevalue(kind)
    highest = Amount(value=HIGHEST[-1], currency_id=CurrencyCode.USD)
    shipment = declaration.goods_shipment
    first = shipment.government_agency_goods_item[0]
    line = InvoiceLine(item_charge_amount=highest)
    goods = tuple(
        replace(first, sequence_numeric=number, commodity=replace(first.commodity, invoice_line=line))
        for number in range(1, 1000)
    )
    charges = CustomsValuation(freight_charge_amount=highest)
    shipment = replace(shipment, customs_valuation=charges, government_agency_goods_item=goods)
    rate = CurrencyExchange(currency_type_code=CurrencyCode.USD, rate_numeric=RATES[-1])
    rates = (rate, *declaration.currency_exchange)
    declaration = replace(declaration, currency_exchange=rates, goods_shipment=shipment)
    replies = {code: answer(code, declaration) for code in CODES}
    assert all(reply == REPLY.decode_xml(REPLY.encode_xml(reply)) for reply in replies.values())
    assert ("customs.value-out-of-range", "/Customs/GoodsShipment") in remarks(replies["customs"])
    beyond = ("tax.value-out-of-range", "/Tax/GoodsShipment")
    assert (kind == "imported") == (beyond in remarks(replies["tax"]))


PASSING = {ReplyOutcome.APPROVED, ReplyOutcome.APPROVED_WITH_CONDITIONS}


@st.composite
def nearly_right(draw: st.DrawFn) -> Declaration:
    """An import of goods in order whose value and duty are declared rightly, nearly so, or by another of the rates."""
    first = IMPORT.goods_shipment.government_agency_goods_item[1]
    value = Decimal("293904.00")
    code = draw(st.sampled_from(["8419810000", "9018900000", "8413190000", "9503000000", "9701210000"]))
    tariff = import_rate(code)
    rate = draw(st.sampled_from([Decimal(0), tariff.mfn, tariff.general, *tariff.agreement.values()]))
    duty = rounded(value * rate / 100 * draw(st.sampled_from([Decimal(1), Decimal("1.04"), Decimal("1.06")])))
    claim = DutyTaxFee(
        type_code=DutyTaxFeeType.CUD,
        duty_regime_code=draw(st.none() | st.sampled_from(DutyRegime)),
        exemption_indicator=draw(st.sampled_from([None, None, True])),
        assessed_amount=draw(st.just(yuan(duty)) | st.none()),
    )
    commodity = replace(
        first.commodity,
        classification=(Classification(id=code, identification_type_code=ClassificationType.HS),),
        duty_tax_fee=(claim,),
    )
    proofs = tuple(
        AdditionalDocument(type_code=kind, id="P-1", deferred_indicator=draw(st.booleans()))
        for kind in (DocumentType._861, DocumentType.EXEMPT)
    )
    declared = value * draw(st.sampled_from([Decimal(1), Decimal("0.97"), Decimal("1.03")]))
    goods = replace(
        first,
        customs_value_amount=yuan(declared),
        commodity=commodity,
        additional_document=proofs,
        origin=Origin(
            country_code=draw(st.sampled_from([CountryCode.DE, CountryCode.CH, CountryCode.KR, CountryCode.AD]))
        ),
    )
    items = list(IMPORT.goods_shipment.government_agency_goods_item)
    items[1] = goods
    return replace(IMPORT, goods_shipment=replace(IMPORT.goods_shipment, government_agency_goods_item=tuple(items)))


@given(declaration=nearly_right())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_final_taxes_agree_with_customs(declaration: Declaration) -> None:
    """Where both let the goods pass, a final VAT base is customs' value, and its final duty, and consumption tax."""
    customs, tax = answer("customs", declaration), answer("tax", declaration)
    assessed = {each.item_sequence_numeric: each.assessed_amount.value for each in customs.customs_valuation}
    for line in tax.duty_tax_fee:
        if line.type_code is not DutyTaxFeeType.VAT or line.status_code is not BillLineStatus.FINAL:
            continue
        if {customs.outcome_code, tax.outcome_code} <= PASSING:
            number = line.item_sequence_numeric
            others = [
                each
                for each in (*customs.duty_tax_fee, *tax.duty_tax_fee)
                if each.item_sequence_numeric == number and each.type_code is not DutyTaxFeeType.VAT
            ]
            event(f"final, {len(others)} other lines")
            assert {BillLineStatus.FINAL} >= {each.status_code for each in others}
            levied = sum((each.payment_amount.value for each in others), Decimal(0))
            assert assessed[number or 0] + levied == line.tax_base_amount.value
