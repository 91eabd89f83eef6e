"""From remarks to a reply."""

import re
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
    """With more findings and conditions than a reply takes, the reply is full and still valid."""
    remarks = [supplement(f"customs.s{number}", *WORDS) for number in range(FINDING_COUNT_MAX + 1)]
    remarks += [condition(f"customs.c{number}", *WORDS) for number in range(CONDITION_COUNT_MAX + 1)]
    decoded = REPLY.decode_xml(REPLY.encode_xml(reply("customs", ID, NOW, remarks)))
    assert (FINDING_COUNT_MAX, CONDITION_COUNT_MAX) == (len(decoded.finding), len(decoded.condition))


def on_item(number: int, *, due: datetime | None = None, words: str = "Promised") -> Remark:
    """A condition that stands at one item."""
    pointer = f"/Customs/GoodsShipment/GovernmentAgencyGoodsItem[{number}]/AdditionalDocument[1]"
    return condition("customs.certificate-deferred", pointer, f"{words}.", f"{words}。", due)


def test_alike_conditions_become_one() -> None:
    """Of 150 items that promise the same, none is lost: one condition names them all, at the shipment."""
    remarks = [on_item(number, due=NOW) for number in range(1, 151)]
    (one,) = reply("customs", ID, NOW, remarks).condition
    assert ("/Customs/GoodsShipment", NOW) == (one.pointer, one.due_date_time)
    assert ["Promised (items 1-150).", "Promised（第1至150项）。"] == [text.value for text in one.text]


def test_few_conditions_keep_their_places() -> None:
    """As long as there is room, each remark stands at its own element."""
    remarks = [on_item(number) for number in range(1, CONDITION_COUNT_MAX + 1)]
    assert [remark.pointer for remark in remarks] == [
        held.pointer for held in reply("customs", ID, NOW, remarks).condition
    ]


def test_scattered_items_are_all_named() -> None:
    """Items with gaps between them are named run by run, in as many remarks as the words of one allow."""
    odd = [*range(1, 1000, 2)]
    answered = REPLY.decode_xml(REPLY.encode_xml(reply("customs", ID, NOW, [on_item(number) for number in odd])))
    named = [number for held in answered.condition for number in re.findall(r"\d+", held.text[0].value)]
    assert [str(number) for number in odd] == named


def test_what_differs_stays_apart() -> None:
    """Remarks with other words or times are not thrown together."""
    later = NOW.replace(day=20)
    remarks = [on_item(number, due=NOW if number <= 75 else later) for number in range(1, 151)]
    remarks += [on_item(151, due=NOW, words="Another")]
    assert [NOW, later, NOW] == [held.due_date_time for held in reply("customs", ID, NOW, remarks).condition]


def test_the_last_says_how_many_more() -> None:
    """Where grouping does not help, the strongest are listed, and the last says how many more there are."""
    remarks = [note(f"customs.n{number}", *WORDS) for number in range(FINDING_COUNT_MAX + 1)]
    remarks += [REMARKS[ReplyOutcome.REFUSED]]
    remarks += [condition(f"customs.c{number}", *WORDS, NOW) for number in range(CONDITION_COUNT_MAX + 1)]
    answered = reply("customs", ID, NOW, remarks)
    assert "customs.a" == answered.finding[0].code
    assert "There are 3 more" in answered.finding[-1].text[0].value
    assert "另有2条" in answered.condition[-1].text[1].value
    assert ("customs.more", NOW) == (answered.condition[-1].code, answered.condition[-1].due_date_time)


def test_agency_reference() -> None:
    """An agency's reference is the same for the same message, another for another message or agency."""
    assert agency_reference("tax", ID) == agency_reference("tax", ID)
    assert 3 == len({agency_reference("tax", ID), agency_reference("tax", "case-1/tax/2"), agency_reference("a", ID)})
    assert agency_reference("tax", ID).startswith("TAX-")
