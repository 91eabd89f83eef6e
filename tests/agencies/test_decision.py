"""From remarks to a reply."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations

import pytest

from onewindow.agencies.decision import (
    CONDITION_COUNT_MAX,
    FINDING_COUNT_MAX,
    STRONGEST_FIRST,
    Remark,
    agency_reference,
    condition,
    inspection,
    note,
    outcome_of,
    refused,
    reply,
    supplement,
)
from onewindow.agencies.visits import mornings
from onewindow.agencies.yuan import yuan
from onewindow.codecs import REPLY
from onewindow.codecs.messages.codes import BillLineStatus, DutyTaxFeeType, ReplyOutcome
from onewindow.codecs.messages.reply import DutyTaxFee, Inspection

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
ID = "case-1/customs/1"
WORDS = ("/Customs/Declarant", "Words.", "文字。")
REMARKS = {
    ReplyOutcome.REFUSED: refused("customs.a", *WORDS),
    ReplyOutcome.SUPPLEMENT_REQUIRED: supplement("customs.b", *WORDS),
    ReplyOutcome.INSPECTION_REQUIRED: inspection("customs.c", *WORDS),
    ReplyOutcome.APPROVED_WITH_CONDITIONS: condition("customs.d", *WORDS, NOW),
    ReplyOutcome.APPROVED: note("customs.e", *WORDS),
}
LINE = DutyTaxFee(
    type_code=DutyTaxFeeType.OTH,
    tax_base_amount=yuan(Decimal(300)),
    tax_rate_numeric=Decimal(100),
    payment_amount=yuan(Decimal(300)),
    status_code=BillLineStatus.FINAL,
)


def test_every_outcome_is_ranked() -> None:
    """The ranking has every outcome of a reply once."""
    assert sorted(ReplyOutcome) == sorted(STRONGEST_FIRST)


@pytest.mark.parametrize(("stronger", "weaker"), list(combinations(STRONGEST_FIRST, 2)))
def test_strongest_remark_decides(stronger: ReplyOutcome, weaker: ReplyOutcome) -> None:
    """Of two remarks the stronger makes the outcome, in whichever order they come."""
    assert stronger is outcome_of([REMARKS[weaker], REMARKS[stronger]])
    assert stronger is outcome_of([REMARKS[stronger], REMARKS[weaker]])


def test_no_remark_approves() -> None:
    """Where no rule has anything to say, the reply approves."""
    assert ReplyOutcome.APPROVED is reply("customs", ID, NOW, ()).outcome_code


def test_remarks_become_findings_and_conditions() -> None:
    """Conditions are listed as such with their due times, all else as findings, each in both languages and once."""
    remarks: list[Remark] = [*REMARKS.values(), *REMARKS.values()]
    answered = reply("customs", ID, NOW, remarks)
    assert ["customs.a", "customs.b", "customs.c", "customs.e"] == [finding.code for finding in answered.finding]
    assert [("customs.d", NOW)] == [(held.code, held.due_date_time) for held in answered.condition]
    assert ["Words.", "文字。"] == [text.value for text in answered.finding[0].text]


@pytest.mark.parametrize("outcome", list(ReplyOutcome))
def test_visit_and_lines_follow_the_outcome(outcome: ReplyOutcome) -> None:
    """Only an inspection comes with a visit, and a refusal levies nothing."""
    answered = reply("customs", ID, NOW, [REMARKS[outcome]], lines=[LINE], visit=Inspection(slot=mornings(NOW)))
    assert (outcome is ReplyOutcome.INSPECTION_REQUIRED) == (answered.inspection is not None)
    assert (outcome is ReplyOutcome.REFUSED) == (answered.duty_tax_fee == ())


def test_reply_stays_within_its_schema() -> None:
    """More findings and conditions than a reply takes are cut off, and the reply is still valid."""
    remarks = [supplement(f"customs.s{number}", *WORDS) for number in range(FINDING_COUNT_MAX + 1)]
    remarks += [condition(f"customs.c{number}", *WORDS) for number in range(CONDITION_COUNT_MAX + 1)]
    decoded = REPLY.decode_xml(REPLY.encode_xml(reply("customs", ID, NOW, remarks)))
    assert (FINDING_COUNT_MAX, CONDITION_COUNT_MAX) == (len(decoded.finding), len(decoded.condition))


def test_agency_reference() -> None:
    """An agency's reference is the same for the same message, another for another message or agency."""
    assert agency_reference("tax", ID) == agency_reference("tax", ID)
    assert 3 == len({agency_reference("tax", ID), agency_reference("tax", "case-1/tax/2"), agency_reference("a", ID)})
    assert agency_reference("tax", ID).startswith("TAX-")
