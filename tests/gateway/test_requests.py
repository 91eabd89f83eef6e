"""What a trader asks of an open case: a supplement, an amendment, a withdrawal."""

import asyncio
from pathlib import Path

import pytest
from support.declarations import declaration, incomplete, repacked
from support.following import Logged, answer, awaited, come_to, late, sound
from support.windows import now, window

from onewindow.agencies.registry import installed
from onewindow.codecs import DECLARATION
from onewindow.codecs.digest import digest
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.codes import CaseOutcome
from onewindow.gateway.case import CaseStatus, RevisionKind
from onewindow.gateway.case_turns import CaseTurns
from onewindow.gateway.commands import Forbidden
from onewindow.gateway.config import Config, ProcedureName
from onewindow.gateway.documents_on_file import DocumentsOnFile
from onewindow.gateway.events import event_name
from onewindow.gateway.papers import JSON, XML
from onewindow.gateway.plan import Procedure
from onewindow.gateway.requests import Given, Requests
from onewindow.gateway.status import documents, status
from onewindow.gateway.store import open_store
from onewindow.gateway.submission import NotServing

NOBODY = "00000000-0000-7000-8000-000000000000"


async def test_a_case_in_want_of_a_supplement_waits_for_the_trader(tmp_path: Path) -> None:
    """When all have answered and one asks for more, there is no response; the status says who asks for what."""
    async with window(tmp_path) as opened:
        case = await awaited(opened, "R-1")
        assert (CaseStatus.AWAITING_TRADER, None) == (case.status, case.outcome)
        assert await opened.decided(case.id, 30) is None
        record = await opened.load(case.id, *documents(case), "response")
        assert record is not None
        shown = status(record, opened.agencies, now())
    assert "response" not in record.documents
    assert ("awaiting-trader", None) == (shown.status, shown.due_at)
    findings = {agency.code: [finding.code for finding in agency.findings] for agency in shown.agencies}
    assert ["customs.certificate-of-origin-missing"] == findings["customs"]
    assert ("supplement-requested", "customs") == (shown.timeline[-1].event, shown.timeline[-1].detail)


async def test_a_supplement_asks_only_the_agency_that_asked(tmp_path: Path) -> None:
    """What customs asked for goes to customs alone, under the new revision's id; the others' answers stand."""
    logged = Logged()
    async with window(tmp_path, logged) as opened:
        case = await awaited(opened, "R-2")
        taken = await opened.supplement(case.id, declaration("R-2"), XML)
        assert taken is not None
        response = await answer(opened, case.id)
        await sound(tmp_path, opened)
    assert [f"{code}/1" for code in installed()] + ["customs/2"] == logged.sent
    assert (CaseOutcome.CLEARED, 2) == (response.outcome_code, response.revision_numeric)
    assert digest(declaration("R-2")) == response.declaration_digest
    ids = {decision.agency_code: decision.message_id for decision in response.agency_decision}
    assert {code: f"{case.id}/{code}/{2 if code == 'customs' else 1}" for code in installed()} == ids


async def test_an_amendment_of_packaging_leaves_tax_and_market_supervision_unasked(tmp_path: Path) -> None:
    """An amendment is sent to the agencies whose own message it changes, and to no other."""
    logged = Logged(held=("customs/1",))
    async with window(tmp_path, logged) as opened:
        submission = await opened.submit(declaration("R-3"), XML)
        async with asyncio.timeout(30):
            async for _, event in opened.follow(submission.case.id, 0):
                if event_name(event) == "replied":
                    break
        amended = await opened.amend(submission.case.id, repacked("R-3"), XML)
        assert amended is not None
        response = await answer(opened, submission.case.id)
        logged.released.set()
    assert {"customs/2", "quality-inspection/2"} == {message for message in logged.sent if message.endswith("/2")}
    assert 2 == response.revision_numeric


async def test_a_late_reply_to_an_old_revision_changes_nothing(tmp_path: Path) -> None:
    """What an agency answers to a message that was replaced is kept and in the journal, and the response is as before.

    Also after the response: the journal may go on with late replies, and the store is sound.
    """
    logged = Logged(held=("customs/1",))
    async with window(tmp_path, logged) as opened:
        submission = await opened.submit(incomplete("R-4"), XML)
        while "customs/1" not in logged.sent:
            await asyncio.sleep(0)
        assert await opened.amend(submission.case.id, declaration("R-4"), XML) is not None
        response = await answer(opened, submission.case.id)
        logged.released.set()
        case = await late(opened, submission.case.id)
        again = await answer(opened, submission.case.id)
        record = await opened.load(case.id, "reply/customs/1", "reply/customs/2")
        assert record is not None
        await sound(tmp_path, opened)
    assert (CaseOutcome.CLEARED, response) == (response.outcome_code, again)
    assert [f"{case.id}/customs/1"] == [late.message_id for late in case.late]
    assert ["decided", "replied"] == [event_name(event) for event in record.events[-2:]]
    assert {"reply/customs/1", "reply/customs/2"} == set(record.documents)


async def test_a_request_in_doubt_is_carried_on_when_it_comes_again(tmp_path: Path) -> None:
    """Where a revision is on disk and nobody carries it, as after a disk that failed over it, the next one does."""
    async with window(tmp_path) as opened:
        case = await awaited(opened, "R-12")
    carried: list[str] = []
    given = Given(body=declaration("R-12"), media_type=XML, declaration=DECLARATION.decode_xml(declaration("R-12")))
    store = await open_store(f"sqlite:///{tmp_path / 'onewindow.db'}")
    on_file = DocumentsOnFile(Config(), store.documents, now)
    procedures: dict[ProcedureName, Procedure] = {"import": Procedure(tuple(installed()))}
    turns = CaseTurns()
    requests = Requests(store, turns, on_file, installed(), procedures, now, lambda case: carried.append(case.id))

    async def read() -> Given:
        return given

    for _ in range(2):
        taken = await requests.revise(case.id, RevisionKind.SUPPLEMENT, read)
        assert taken is not None
        assert 2 == taken.case.revision
    await store.close()
    assert [case.id, case.id] == carried


async def test_the_same_request_again_is_the_same_request(tmp_path: Path) -> None:
    """A supplement, an amendment or a withdrawal that comes twice, in whatever form, is taken once."""
    twin = DECLARATION.encode_json(DECLARATION.decode_xml(declaration("R-5")))
    async with window(tmp_path) as opened:
        case = await awaited(opened, "R-5")
        for body, media_type in ((declaration("R-5"), XML), (twin, JSON), (declaration("R-5"), XML)):
            taken = await opened.supplement(case.id, body, media_type)
            assert taken is not None
            assert 2 == taken.case.revision
        await answer(opened, case.id)
        assert await opened.supplement(case.id, twin, JSON) is not None
        other = await awaited(opened, "R-6")
        for _ in range(2):
            amended = await opened.amend(other.id, repacked("R-6"), XML)
            assert amended is not None
            assert 2 == amended.case.revision
        third = await awaited(opened, "R-7")
        for reason in ("no longer needed", "no longer needed", "another reason"):
            assert await opened.withdraw(third.id, reason) is not None
        await answer(opened, third.id)
        withdrawn = await opened.withdraw(third.id, "no longer needed")
        assert withdrawn is not None
        assert withdrawn.case.withdrawal is not None
        assert "no longer needed" == withdrawn.case.withdrawal.reason
        record = await opened.load(third.id)
        assert record is not None
    assert 1 == [event_name(event) for event in record.events].count("withdrawn")


async def test_a_withdrawal_ends_in_a_signed_response(tmp_path: Path) -> None:
    """A withdrawal stops what is open: no agency is waited for, nothing is billed, and the answer is `withdrawn`."""
    logged = Logged(held=("tax/1",))
    async with window(tmp_path, logged) as opened:
        submission = await opened.submit(declaration("R-8"), XML)
        async with asyncio.timeout(30):
            async for _, event in opened.follow(submission.case.id, 0):
                if event_name(event) == "replied":
                    break
        assert await opened.withdraw(submission.case.id, "the order was cancelled") is not None
        response = await answer(opened, submission.case.id)
        await sound(tmp_path, opened)
        logged.released.set()
        case = await late(opened, submission.case.id)
        await sound(tmp_path, opened)
    assert (CaseOutcome.WITHDRAWN, False) == (response.outcome_code, response.release_indicator)
    assert response.bill is None
    tax = next(decision for decision in response.agency_decision if decision.agency_code == "tax")
    assert (None, f"{case.id}/tax/1", 2) == (tax.outcome_code, tax.message_id, len(tax.absence_reason))
    assert ["tax"] == [late.agency for late in case.late]


async def test_what_the_state_forbids_is_denied(tmp_path: Path) -> None:
    """A decided case takes nothing; a supplement nobody waits for and a revision without a change are not taken."""
    logged = Logged(held=("customs/1",))
    async with window(tmp_path, logged) as opened:
        submission = await opened.submit(declaration("R-9"), XML)
        case_id = submission.case.id
        with pytest.raises(Forbidden, match="not-awaited"):
            await opened.supplement(case_id, repacked("R-9"), XML)
        with pytest.raises(Forbidden, match="nothing-changed"):
            await opened.amend(case_id, declaration("R-9"), XML)
        with pytest.raises(Rejected) as rejected:
            await opened.amend(case_id, declaration("R-10"), XML)
        with pytest.raises(Rejected):
            await opened.amend(case_id, declaration("R-9").replace(b"<TypeCode>IM<", b"<TypeCode>XX<", 1), XML)
        logged.released.set()
        await answer(opened, case_id)
        with pytest.raises(Forbidden, match="case-decided"):
            await opened.amend(case_id, repacked("R-9"), XML)
        with pytest.raises(Forbidden, match="case-decided"):
            await opened.withdraw(case_id, "too late")
        assert await opened.amend(NOBODY, declaration("R-9"), XML) is None
        assert await opened.withdraw("nonsense", "none") is None
        record = await opened.load(case_id)
        assert record is not None
    assert ["/Declaration/FunctionalReferenceID"] == [finding.pointer for finding in rejected.value.findings]
    assert (1, 10) == (record.case.revision, record.case.sequence)
    with pytest.raises(NotServing):
        await opened.withdraw(case_id, "after closing")


async def test_a_case_that_waits_for_the_trader_waits_through_a_restart(tmp_path: Path) -> None:
    """A case that waits holds no task, is there after a restart, and takes its supplement then."""
    async with window(tmp_path) as opened:
        case = await awaited(opened, "R-11")
    logged = Logged()
    async with window(tmp_path, logged) as again:
        assert await again.supplement(case.id, declaration("R-11"), XML) is not None
        response = await answer(again, case.id)
        await sound(tmp_path, again)
    assert ["customs/2"] == logged.sent
    assert CaseOutcome.CLEARED is response.outcome_code


async def test_a_second_supplement_round(tmp_path: Path) -> None:
    """A supplement that does not give what was asked for is asked about again, until it does."""
    async with window(tmp_path) as opened:
        case = await awaited(opened, "R-12")
        still = DECLARATION.decode_xml(incomplete("R-12"))
        other = DECLARATION.encode_xml(still).replace(b"PJ 1/77", b"PJ 1/78")
        assert other != incomplete("R-12")
        assert await opened.supplement(case.id, other, XML) is not None
        again = await come_to(opened, case.id, "supplement-requested")
        assert (CaseStatus.AWAITING_TRADER, 2) == (again.status, again.revision)
        assert await opened.supplement(case.id, declaration("R-12"), XML) is not None
        response = await answer(opened, case.id)
        await sound(tmp_path, opened)
    assert (CaseOutcome.CLEARED, 3) == (response.outcome_code, response.revision_numeric)
