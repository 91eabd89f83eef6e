"""Dry runs: what would become of a declaration, and that nothing does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from msgspec.structs import replace
from support.declarations import declaration, incomplete
from support.following import answer
from support.windows import desks, now, window

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.directives import Fault
from onewindow.agencies.registry import installed
from onewindow.agencies.transport import Outgoing
from onewindow.codecs import DECLARATION
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.codes import BillLineStatus, CaseOutcome, ReplyOutcome
from onewindow.gateway.case import ReleaseRule
from onewindow.gateway.config import Config, GatewayConfig, ProcedureConfig, StoreConfig
from onewindow.gateway.distribution import distribute
from onewindow.gateway.dry_run import DryRun, DryRunAgency, Planned, dry_run, reference_use
from onewindow.gateway.merge import NOT_CONCERNED
from onewindow.gateway.papers import JSON, XML
from onewindow.gateway.plan import Procedure
from onewindow.gateway.store import Query

AGENCIES = installed()


def run(
    body: bytes,
    agencies: Mapping[str, AnyAgency] = AGENCIES,
    after: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    *,
    test: bool = False,
) -> DryRun:
    """A dry run of these bytes with these agencies."""
    value = DECLARATION.decode_xml(body)
    shared = distribute(value, Procedure(tuple(agencies), after), agencies)
    planned = Planned(declaration=value, plan=shared.plan, messages=shared.messages, release=ReleaseRule.BEFORE_PAYMENT)
    return dry_run(planned, agencies, now(), None, test=test)


def of(found: DryRun, code: str) -> DryRunAgency:
    """What it says of one agency."""
    return next(agency for agency in found.agencies if agency.code == code)


@pytest.mark.parametrize("body", [declaration("D-1", items=3), incomplete("D-2")])
async def test_it_says_what_a_submission_would_bring(body: bytes, tmp_path: Path) -> None:
    """Outcomes, findings and their places are those of the real thing; the bill has the same amounts, provisionally."""
    async with window(tmp_path) as opened:
        found = await opened.dry_run(body, XML)
        submission = await opened.submit(body, XML)
        if found.outcome is CaseOutcome.SUPPLEMENT_REQUIRED:
            await opened.withdraw(submission.case.id, "seen enough")
        response = await answer(opened, submission.case.id)
    assert [(each.agency_code, each.outcome_code) for each in response.agency_decision] == [
        (agency.code, agency.outcome) for agency in found.agencies
    ]
    assert [(each.agency_code, each.code, each.pointer) for each in response.finding] == [
        (agency.code, finding.code, finding.pointer) for agency in found.agencies for finding in agency.findings
    ]
    assert found.complete
    assert found.bill is not None
    assert {BillLineStatus.PROVISIONAL} == {line.status_code for line in found.bill.bill_line}
    if response.bill is not None:
        assert (response.outcome_code, response.bill.total_amount) == (found.outcome, found.bill.total_amount)
        assert [each.code for each in response.condition] == [
            condition.code for agency in found.agencies for condition in agency.conditions
        ]


@dataclass
class Nowhere:
    """A transport that keeps what is to be sent."""

    sent: list[Outgoing] = field(default_factory=list)

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """Takes the message."""
        self.sent.append(outgoing)
        return None


async def test_nothing_is_stored_or_sent(tmp_path: Path) -> None:
    """After a dry run there is no case, no agency has heard of it, and it says that it does not bind anybody."""
    nowhere = Nowhere()
    async with window(tmp_path, nowhere) as opened:
        found = await opened.dry_run(declaration("D-3"), XML)
        assert () == await opened.find(Query())
    assert [] == nowhere.sent
    assert (True, False, "D-3", False) == (found.dry_run, found.binding, found.reference, found.test)
    assert b'accepted"} 0.0' in opened.metrics.exposition()


async def test_an_invalid_declaration(tmp_path: Path) -> None:
    """What a submission would be refused for is said in the same findings."""
    body = declaration("D-4").replace(b"<GoodsItemQuantity>1<", b"<GoodsItemQuantity>2<")
    findings = []
    async with window(tmp_path) as opened:
        for door in (opened.dry_run, opened.submit):
            with pytest.raises(Rejected) as rejected:
                await door(body, XML)
            findings.append(rejected.value.findings)
    assert findings[0] == findings[1]
    assert ["item-count"] == [finding.code for finding in findings[0]]


async def test_a_reference_in_use(tmp_path: Path) -> None:
    """A reference that another declaration has is said to be a conflict; of the same declaration, in any form, not."""
    body = declaration("D-5")
    value = DECLARATION.decode_xml(body)
    twin = DECLARATION.encode_json(value)
    other = DECLARATION.encode_xml(replace(value, declaration_office_id=value.declaration_office_id[:-1] + "9"))
    async with window(tmp_path) as opened:
        assert None is (await opened.dry_run(body, XML)).reference_used
        case = (await opened.submit(body, XML)).case
        uses = [
            (await opened.dry_run(given, media_type)).reference_used
            for given, media_type in ((body, XML), (twin, JSON), (other, XML))
        ]
        assert 1 == len(await opened.find(Query()))
    assert [(case.id, False), (case.id, False), (case.id, True)] == [
        (use.id, use.conflict) for use in uses if use is not None
    ]
    assert reference_use(case, same=True).words != reference_use(case, same=False).words


async def test_the_plan_of_the_procedure(tmp_path: Path) -> None:
    """Only the procedure's agencies are named, and whose answers each waits for, and when goods may move."""
    config = Config(
        store=StoreConfig(url=f"sqlite:///{tmp_path / 'onewindow.db'}"),
        procedures={
            "import": ProcedureConfig(
                agencies=("customs", "tax"), after={"tax": ("customs",)}, release=ReleaseRule.AFTER_PAYMENT
            )
        },
    )
    async with window(tmp_path, config=config) as opened:
        found = await opened.dry_run(declaration("D-6"), XML)
    assert [("customs", ()), ("tax", ("customs",))] == [(agency.code, agency.after) for agency in found.agencies]
    assert ReleaseRule.AFTER_PAYMENT is found.release


def test_agencies_that_are_not_concerned() -> None:
    """An agency that would not be asked says why, has no outcome, and nobody waits for it."""
    agencies = {**AGENCIES, "tax": replace(AGENCIES["tax"], split=lambda _: None)}
    found = run(declaration("D-7"), agencies, {"customs": ("tax",)})
    tax = of(found, "tax")
    assert (False, False, None, NOT_CONCERNED) == (tax.asked, tax.assessed, tax.outcome, tax.words)
    assert () == of(found, "customs").after
    assert found.complete


def test_agencies_without_rules() -> None:
    """An agency without reference rules would be asked; what the others' rules say is what there is, and not all."""
    without = replace(AGENCIES["tax"], assess=None)
    found = run(declaration("D-8"), {**AGENCIES, "tax": without})
    tax = of(found, "tax")
    assert (True, False, None) == (tax.asked, tax.assessed, tax.outcome)
    assert (CaseOutcome.CLEARED, False) == (found.outcome, found.complete)
    alone = run(declaration("D-8"), {"tax": without})
    assert (None, False, None) == (alone.outcome, alone.complete, alone.bill)


def test_nobody_is_concerned() -> None:
    """A declaration that concerns nobody would be cleared, as it is."""
    found = run(declaration("D-9"), {"tax": replace(AGENCIES["tax"], split=lambda _: None)})
    assert (CaseOutcome.CLEARED, True, None) == (found.outcome, found.complete, found.bill)


def test_wishes_to_inspect_are_joined() -> None:
    """Several agencies' wishes to see the goods come as the one order that they would make."""
    found = run(declaration("TEST-customs=inspect;quality-inspection=inspect"), test=True)
    assert CaseOutcome.INSPECTION_REQUIRED is found.outcome
    assert found.joint_inspection is not None
    assert [("customs", "quality-inspection")] == [visit.agency_code for visit in found.joint_inspection.visit]
    assert of(found, "customs").inspection is not None


@pytest.mark.parametrize("word", ["refuse", "supplement"])
def test_what_is_not_agreed_to_is_not_inspected(word: str) -> None:
    """Where an agency would refuse or ask for more, no inspection would be ordered, so none is promised."""
    found = run(declaration(f"TEST-customs=inspect;tax={word}"), test=True)
    assert of(found, "customs").inspection is not None
    assert found.joint_inspection is None


def test_what_is_refused_is_not_billed() -> None:
    """Where an agency would refuse there is no bill, as in a response."""
    found = run(declaration("TEST-customs=refuse"), test=True)
    assert (CaseOutcome.REFUSED, None) == (found.outcome, found.bill)
    assert ReplyOutcome.APPROVED is of(found, "tax").outcome


def test_a_bill_is_the_sum_of_its_lines() -> None:
    """The provisional bill's total is the sum of its lines."""
    bill = run(declaration("D-10", items=3)).bill
    assert bill is not None
    total = sum((line.payment_amount.value for line in bill.bill_line), Decimal(0))
    assert [total] == [amount.value for amount in bill.total_amount]
    assert total > 0


async def test_in_test_mode(tmp_path: Path) -> None:
    """In test mode the outcomes that a reference asks for are those of the dry run, and its faults are named."""
    body = declaration("TEST-customs=refuse;tax=late:30s")
    config = Config(
        store=StoreConfig(url=f"sqlite:///{tmp_path / 'onewindow.db'}"), gateway=GatewayConfig(test_mode=True)
    )
    async with window(tmp_path, desks(test_mode=True), config=config) as opened:
        tested = await opened.dry_run(body, XML)
    async with window(tmp_path) as opened:
        usual = await opened.dry_run(body, XML)
    assert (True, CaseOutcome.REFUSED, Fault.LATE) == (tested.test, tested.outcome, of(tested, "tax").fault)
    assert (False, CaseOutcome.CLEARED, None) == (usual.test, usual.outcome, of(usual, "tax").fault)
