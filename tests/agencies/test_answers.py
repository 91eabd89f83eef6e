"""What holds for every agency's answer to every declaration."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, event, given, settings
from lxml import etree
from support.answering import AGENCIES, CODES, ID, NOW, answer, message, remarks
from support.declared import declarations

from onewindow.codecs import REPLY
from onewindow.codecs.messages.codes import ReplyOutcome
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
