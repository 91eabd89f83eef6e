"""Merging the agencies' answers into one response."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.declarations import ISSUED
from support.inspecting import result

from onewindow.agencies.inspection import found_as_declared
from onewindow.agencies.registry import installed
from onewindow.codecs import INSPECTION_ORDER, RESPONSE
from onewindow.codecs.digest import digest
from onewindow.codecs.messages.codes import BillLineStatus, CaseOutcome, DeclarationType, ReplyOutcome
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Finding, Reply
from onewindow.codecs.messages.response import Response
from onewindow.gateway import commands
from onewindow.gateway.case import Case
from onewindow.gateway.commands import OrderInspection, Send, Submit, Withdraw
from onewindow.gateway.events import Assignment
from onewindow.gateway.inspection import orderings
from onewindow.gateway.life import decide, replay
from onewindow.gateway.merge import Answer, merge
from onewindow.gateway.outcome import PRECEDENCE, outcome
from onewindow.gateway.sample import sample

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
AGENCIES = installed()


def answers(declaration: Declaration) -> dict[str, Answer]:
    """What the reference agencies are sent and answer."""
    made = {}
    for code, agency in AGENCIES.items():
        message = agency.split(declaration)
        assert message is not None
        assert agency.assess is not None
        made[code] = Answer(message, agency.assess(message, f"case-1/{code}/1", NOW))
    return made


def answered(declaration: Declaration, given: dict[str, Answer]) -> Case:
    """A case in which these answers have come in."""
    plan = tuple(Assignment(agency=code, message_digest=digest(b"") if code in given else None) for code in AGENCIES)
    submit = Submit(
        case_id="case-1",
        reference=declaration.functional_reference_id,
        declarant=declaration.declarant.id,
        type_code=declaration.type_code,
        digest=digest(b"declaration"),
        media_type="application/xml",
        plan=plan,
    )
    case = replay(decide(None, submit, NOW))
    case = replay(decide(case, Send(), NOW), case)
    for code, answer in given.items():
        command = commands.Reply(
            agency=code,
            message_id=f"case-1/{code}/1",
            outcome=answer.reply.outcome_code,
            agency_reference=answer.reply.agency_reference_id,
            decided_at=answer.reply.decision_date_time,
            digest=digest(code.encode()),
        )
        case = replay(decide(case, command, NOW), case)
    return case


def inspected(case: Case, given: dict[str, Answer]) -> tuple[Case, dict[str, Answer]]:
    """The case once the goods have been seen and found as declared, and what the agencies answered in all."""
    made = orderings(case, {code: answer.reply for code, answer in given.items()}, NOW)
    case = replay(decide(case, OrderInspection(orders=tuple(each.order for each in made)), NOW), case)
    results = dict(given)
    for each in made:
        code = each.order.agency
        found = found_as_declared(INSPECTION_ORDER.decode_xml(each.body), given[code].reply, NOW)
        results[code] = replace(given[code], result=found)
        case = replay(decide(case, result(case, code, NOW, found.outcome_code), NOW), case)
    return case, results


def merged(declaration: Declaration, given: dict[str, Answer]) -> Response:
    return merge(answered(declaration, given), declaration, given, AGENCIES, NOW)


@pytest.fixture
def declaration() -> Declaration:
    return sample(12, DeclarationType.IM, "MERGE-1", ISSUED)


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        (["approved", "approved"], CaseOutcome.CLEARED),
        (["approved", "approved-with-conditions"], CaseOutcome.CLEARED_WITH_CONDITIONS),
        (["approved-with-conditions", "inspection-required"], CaseOutcome.INSPECTION_REQUIRED),
        (["inspection-required", "supplement-required"], CaseOutcome.SUPPLEMENT_REQUIRED),
        (["supplement-required", "refused"], CaseOutcome.REFUSED),
        ([], CaseOutcome.CLEARED),
    ],
)
def test_the_strongest_answer_decides(replies: list[str], expected: CaseOutcome) -> None:
    """Of any two answers the stronger one makes the outcome, in whatever order they stand."""
    for order in permutations(replies):
        assert expected is outcome(ReplyOutcome(reply) for reply in order)


@given(st.lists(st.sampled_from(ReplyOutcome), min_size=1, max_size=8))
def test_another_answer_never_weakens_the_outcome(replies: list[ReplyOutcome]) -> None:
    """Adding an agency's answer leaves the outcome as it is or makes it stronger."""
    whole = outcome(replies)
    part = outcome(replies[1:])
    assert PRECEDENCE.index(whole) <= PRECEDENCE.index(part)


def test_the_response_is_valid_and_names_every_agency(declaration: Declaration) -> None:
    """What the merge makes keeps its schema, and each agency of the plan is in it with its own decision."""
    given = answers(declaration)
    response = merged(declaration, given)
    assert response == RESPONSE.decode_xml(RESPONSE.encode_xml(response))
    assert [(code, answer.reply.outcome_code) for code, answer in given.items()] == [
        (decision.agency_code, decision.outcome_code) for decision in response.agency_decision
    ]


def test_every_finding_points_into_the_declaration(declaration: Declaration) -> None:
    """All findings of all agencies are there, a refusal or not, and point at the trader's own document."""
    given = answers(declaration)
    refused = replace(
        given["tax"].reply,
        outcome_code=ReplyOutcome.REFUSED,
        finding=(
            Finding(
                code="tax.test",
                pointer="/Tax/GoodsShipment/GovernmentAgencyGoodsItem[2]/InvoiceLine",
                text=merged(declaration, given).agency_decision[0].name,
            ),
        ),
    )
    given["tax"] = Answer(given["tax"].message, refused)
    response = merged(declaration, given)
    expected = [(code, finding.code) for code, answer in given.items() for finding in answer.reply.finding]
    assert expected == [(finding.agency_code, finding.code) for finding in response.finding]
    assert all((finding.pointer or "/Declaration").startswith("/Declaration") for finding in response.finding)
    assert (CaseOutcome.REFUSED, False) == (response.outcome_code, response.release_indicator)


@given(st.integers(1, 30), st.sampled_from(DeclarationType))
def test_the_bill_is_the_sum_of_all_lines(items: int, type_code: DeclarationType) -> None:
    """The bill has every line that any agency charges, and its totals are their exact sum."""
    declaration = sample(items, type_code, "MERGE-2", ISSUED)
    given = answers(declaration)
    response = merged(declaration, given)
    lines = [line for answer in given.values() for line in answer.reply.duty_tax_fee]
    if response.bill is None:
        assert [] == lines
        return
    assert len(lines) == len(response.bill.bill_line)
    total = sum((total.value for total in response.bill.total_amount), Decimal(0))
    assert total == sum((line.payment_amount.value for line in lines), Decimal(0))


def test_goods_that_are_held_are_billed_provisionally(declaration: Declaration) -> None:
    """While goods are held for an inspection every line of the bill is provisional."""
    response = merged(declaration, answers(declaration))
    assert CaseOutcome.INSPECTION_REQUIRED is response.outcome_code
    assert response.bill is not None
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in response.bill.bill_line}


def test_goods_that_are_refused_are_not_billed(declaration: Declaration) -> None:
    """A refusal leaves nothing to pay, whatever the other agencies would have charged."""
    given = answers(declaration)
    refused = replace(given["market-supervision"].reply, outcome_code=ReplyOutcome.REFUSED)
    given["market-supervision"] = Answer(given["market-supervision"].message, refused)
    assert merged(declaration, given).bill is None


def test_goods_that_are_withdrawn_are_not_billed(declaration: Declaration) -> None:
    """A withdrawal leaves nothing to pay and nothing to inspect; what agencies found is still told."""
    given = answers(declaration)
    before = merged(declaration, given)
    case = answered(declaration, given)
    withdrawn = replay(decide(case, Withdraw(reason="the order was cancelled"), NOW), case)
    response = merge(withdrawn, declaration, given, AGENCIES, NOW)
    assert (CaseOutcome.WITHDRAWN, False) == (response.outcome_code, response.release_indicator)
    assert before.bill is not None
    assert (None, None, ()) == (response.bill, response.joint_inspection, response.condition)
    assert before.finding == response.finding


def test_an_agency_without_part_is_explained(declaration: Declaration) -> None:
    """An agency that is not concerned stands in the response with the reason in both languages and nothing else."""
    given = answers(declaration)
    del given["tax"]
    decisions = {decision.agency_code: decision for decision in merged(declaration, given).agency_decision}
    assert (None, None, 2) == (
        decisions["tax"].outcome_code,
        decisions["tax"].reply_digest,
        len(decisions["tax"].absence_reason),
    )


def test_inspections_are_one_order(declaration: Declaration) -> None:
    """Agencies that want to see the goods get one order; the response names them, and what they found then."""
    given = answers(declaration)
    wanted = {code for code, answer in given.items() if answer.reply.inspection is not None}
    case, results = inspected(answered(declaration, given), given)
    response = merge(case, declaration, results, AGENCIES, NOW)
    assert response.joint_inspection is not None
    assert wanted == {code for visit in response.joint_inspection.visit for code in visit.agency_code}
    assert len(wanted) > 1
    assert {f"{code}.inspected" for code in wanted} <= {finding.code for finding in response.finding}
    decisions = {decision.agency_code: decision for decision in response.agency_decision}
    passed = (ReplyOutcome.APPROVED, ReplyOutcome.APPROVED_WITH_CONDITIONS)
    assert all(decisions[code].outcome_code in passed for code in wanted)
    assert all((decisions[code].message_id or "").endswith("/inspection") for code in wanted)


def test_what_was_charged_before_the_inspection_is_final_after_it(declaration: Declaration) -> None:
    """What an agency charged provisionally while it was to see the goods is final once they passed, and as much."""
    given = answers(declaration)
    held = merged(declaration, given)
    case, results = inspected(answered(declaration, given), given)
    response = merge(case, declaration, results, AGENCIES, NOW)
    assert held.bill is not None
    assert response.bill is not None
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in held.bill.bill_line}
    seen = {order.agency for order in case.orders}
    assert {BillLineStatus.FINAL} == {line.status_code for line in response.bill.bill_line if line.agency_code in seen}
    assert held.bill.total_amount == response.bill.total_amount


def test_merging_is_pure(declaration: Declaration) -> None:
    """The same answers, in whatever order they came in, give the same response."""
    given = answers(declaration)
    backwards: dict[str, Answer] = dict(reversed(given.items()))
    assert merged(declaration, given) == merged(declaration, backwards)


def test_replies_are_of_the_reply_type(declaration: Declaration) -> None:
    """The reference agencies answer with Reply structs, each to its own message id."""
    for code, answer in answers(declaration).items():
        assert isinstance(answer.reply, Reply)
        assert f"case-1/{code}/1" == answer.reply.message_id
