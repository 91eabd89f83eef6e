"""Replies that test references ask for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from onewindow.agencies import AnyAgency, installed
from onewindow.agencies.desk import Desk
from onewindow.agencies.ledger import MemoryLedger
from onewindow.codecs import REPLY
from onewindow.codecs.messages.codes import BillLineStatus, ReplyOutcome
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Reply

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
CODES = ["customs", "tax", "market-supervision", "quality-inspection"]


@pytest.fixture(params=CODES)
def agency(request: pytest.FixtureRequest) -> AnyAgency:
    """Each of the four agencies."""
    return installed()[request.param]


Answer = Callable[..., Reply]


@pytest.fixture
def answer(imported: Declaration) -> Answer:
    """What a desk answers to the sample import under a reference; the reply has to be valid."""

    def answered(agency: AnyAgency, reference: str, *, test_mode: bool = True, revision: int = 1) -> Reply:
        message = agency.split(replace(imported, functional_reference_id=reference))
        desk = Desk(agency, MemoryLedger(), lambda: NOW, test_mode=test_mode)
        body = agency.message.encode_xml(message)
        return REPLY.decode_xml(desk.answer(f"case-1/{agency.code}/{revision}", body))

    return answered


@pytest.mark.parametrize("outcome", list(ReplyOutcome))
def test_the_outcome_is_the_one_asked_for(agency: AnyAgency, outcome: ReplyOutcome, answer: Answer) -> None:
    """Each agency gives each outcome, in a valid reply that says that this is a test."""
    reply = answer(agency, f"TEST-{agency.code}={outcome.value}-1")
    assert outcome is reply.outcome_code
    codes = [*(finding.code for finding in reply.finding), *(condition.code for condition in reply.condition)]
    assert [f"{agency.code}.test"] == codes
    assert (outcome is ReplyOutcome.INSPECTION_REQUIRED) is (reply.inspection is not None)
    assert [NOW + timedelta(days=15)] * len(reply.condition) == [each.due_date_time for each in reply.condition]
    assert (outcome is ReplyOutcome.APPROVED_WITH_CONDITIONS) is bool(reply.condition)


def test_bill_lines_are_those_of_the_rules(answer: Answer) -> None:
    """What is to be paid is worked out as ever: finally where it may move, provisionally where not, never refused."""
    tax = installed()["tax"]
    usual = answer(tax, "TEST-1")
    amounts = [line.payment_amount for line in usual.duty_tax_fee]
    assert sum((amount.value for amount in amounts), Decimal(0)) > 0
    for outcome, status in (
        ("approve", BillLineStatus.FINAL),
        ("approve-with-conditions", BillLineStatus.FINAL),
        ("inspect", BillLineStatus.PROVISIONAL),
        ("supplement", BillLineStatus.PROVISIONAL),
    ):
        lines = answer(tax, f"TEST-tax={outcome}").duty_tax_fee
        assert amounts == [line.payment_amount for line in lines]
        assert {status} == {line.status_code for line in lines}
    assert () == answer(tax, "TEST-tax=refuse").duty_tax_fee


def test_others_are_judged_by_their_rules(agency: AnyAgency, answer: Answer) -> None:
    """A reference that asks nothing of an agency, or asks it for a fault alone, leaves its reply as it is."""
    usual = answer(agency, "S-1")
    other = "tax" if agency.code == "customs" else "customs"
    assert usual == answer(agency, f"TEST-{other}=refuse")
    assert usual == answer(agency, f"TEST-{agency.code}=duplicate")
    assert usual == answer(agency, f"TEST-{agency.code}=refusee")


def test_without_test_mode_nothing_is_acted_out(agency: AnyAgency, answer: Answer) -> None:
    """Without test mode a test reference is a reference like any other."""
    assert answer(agency, "S-1") == answer(agency, f"TEST-{agency.code}=refuse", test_mode=False)


def test_a_supplement_is_asked_for_once(agency: AnyAgency, answer: Answer) -> None:
    """The second revision is judged by the rules where the first was to want a supplement; a refusal stays one."""
    reference = f"TEST-{agency.code}=supplement"
    assert ReplyOutcome.SUPPLEMENT_REQUIRED is answer(agency, reference).outcome_code
    assert answer(agency, reference, revision=2) == answer(agency, "S-1", revision=2)
    assert ReplyOutcome.REFUSED is answer(agency, f"TEST-{agency.code}=refuse", revision=2).outcome_code
