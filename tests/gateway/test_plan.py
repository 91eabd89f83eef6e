"""Plans: who is asked at once, and who waits for whom."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.amending import amended, item
from support.declarations import declaration, incomplete, repacked
from support.following import Logged, answer, awaited, come_to, late, sound
from support.windows import now, window

from onewindow.agencies.agency import AnyAgency, NotConcerned
from onewindow.agencies.registry import installed
from onewindow.codecs import DECLARATION
from onewindow.codecs.finding import Text
from onewindow.codecs.messages.codes import CaseOutcome, ReplyOutcome
from onewindow.gateway.case import PartState
from onewindow.gateway.config import Config, ProcedureConfig
from onewindow.gateway.events import Replied, Sent
from onewindow.gateway.papers import XML
from onewindow.gateway.plan import Procedure, flaws
from onewindow.gateway.status import status

CODES = tuple(installed())


def planned(after: Mapping[str, tuple[str, ...]], agencies: tuple[str, ...] | None = None) -> Config:
    """A configuration with this plan for imports."""
    return Config(procedures={"import": ProcedureConfig(agencies=agencies, after=after)})


async def test_an_agency_waits_for_the_answers_it_comes_after(tmp_path: Path) -> None:
    """Tax after customs is sent its message when customs has answered and not before; the others at once."""
    logged = Logged(held=("customs/1",))
    async with window(tmp_path, logged, config=planned({"tax": ("customs",)})) as opened:
        submission = await opened.submit(declaration("P-1"), XML)
        replied = 0
        async for _, event in opened.follow(submission.case.id, 0):
            replied += isinstance(event, Replied)
            if replied == 2:
                break
        record = await opened.load(submission.case.id)
        assert record is not None
        shown = status(record, opened.agencies, now())
        assert "tax/1" not in logged.sent
        logged.released.set()
        response = await answer(opened, submission.case.id)
        record = await opened.load(submission.case.id)
        assert record is not None
    tax = next(agency for agency in shown.agencies if agency.code == "tax")
    assert (PartState.WAITING, ("customs",), None) == (tax.state, tax.waits_for, tax.due_at)
    order = [type(event).__name__ for event in record.events if getattr(event, "agency", "") in ("customs", "tax")]
    assert ["Sent", "Replied", "Sent", "Replied"] == order
    assert CaseOutcome.CLEARED is response.outcome_code
    assert all(decision.outcome_code is not None for decision in response.agency_decision)


async def test_a_refusal_before_it_does_not_keep_an_agency_from_being_asked(tmp_path: Path) -> None:
    """An agency that comes after one that refuses is asked all the same: the trader gets every finding at once."""
    agencies = dict(installed())
    agencies["customs"] = refusing(agencies["customs"])
    async with window(tmp_path, agencies=agencies, config=planned({"tax": ("customs",)})) as opened:
        submission = await opened.submit(declaration("P-2"), XML)
        response = await answer(opened, submission.case.id)
    outcomes = {decision.agency_code: decision.outcome_code for decision in response.agency_decision}
    assert (CaseOutcome.REFUSED, ReplyOutcome.APPROVED) == (response.outcome_code, outcomes["tax"])


def refusing(agency: AnyAgency) -> AnyAgency:
    """The agency, refusing everything."""
    assess = agency.assess
    assert assess is not None
    return replace(
        agency, assess=lambda message, id_, at: replace(assess(message, id_, at), outcome_code=ReplyOutcome.REFUSED)
    )


async def test_an_agency_not_concerned_is_not_waited_for(tmp_path: Path) -> None:
    """An agency that comes after one that the declaration does not concern is asked at once."""
    agencies = dict(installed())
    agencies["customs"] = replace(agencies["customs"], split=lambda declaration: None)
    logged = Logged()
    async with window(tmp_path, logged, agencies, config=planned({"tax": ("customs",)})) as opened:
        submission = await opened.submit(declaration("P-3"), XML)
        await answer(opened, submission.case.id)
    assert {"tax/1", "market-supervision/1", "quality-inspection/1"} == set(logged.sent)


async def test_a_procedure_may_name_fewer_agencies(tmp_path: Path) -> None:
    """Only the agencies of the procedure are asked, and the response lists them in its order."""
    config = planned({}, ("tax", "customs"))
    async with window(tmp_path, config=config) as opened:
        submission = await opened.submit(declaration("P-4"), XML)
        response = await answer(opened, submission.case.id)
    assert ["tax", "customs"] == [decision.agency_code for decision in response.agency_decision]


async def test_a_plan_outlives_restart_and_revision(tmp_path: Path) -> None:
    """A case keeps the plan it was accepted under: tax, not sent yet, waits for customs' answer to the revision."""
    config = planned({"tax": ("customs",), "market-supervision": ("tax",)})
    logged = Logged(held=("customs/1", "quality-inspection/1"))
    async with window(tmp_path, logged, config=config) as opened:
        submission = await opened.submit(incomplete("P-5"), XML)
        async for _, event in opened.follow(submission.case.id, 0):
            if isinstance(event, Sent):
                break
    again = Logged()
    async with window(tmp_path, again) as opened:
        case = await come_to(opened, submission.case.id, "supplement-requested")
        assert ["customs", "tax", "market-supervision"] == [
            message.partition("/")[0] for message in again.sent if not message.startswith("quality")
        ]
        assert await opened.supplement(case.id, declaration("P-5"), XML) is not None
        response = await answer(opened, case.id)
    assert ["customs/2"] == [message for message in again.sent if message.endswith("/2")]
    assert CaseOutcome.CLEARED is response.outcome_code


async def test_an_amendment_keeps_the_answers_of_those_that_come_after(tmp_path: Path) -> None:
    """An agency that has answered is not asked again because one before it is."""
    logged = Logged()
    async with window(tmp_path, logged, config=planned({"tax": ("customs",)})) as opened:
        case = await awaited(opened, "P-6")
        assert await opened.amend(case.id, repacked("P-6"), XML) is not None
        await answer(opened, case.id)
    assert {"customs/2", "quality-inspection/2"} == {message for message in logged.sent if message.endswith("/2")}


def when(agency: str, **criteria: tuple[str, ...]) -> Config:
    """A configuration with this condition for imports."""
    return Config(procedures={"import": ProcedureConfig(when={agency: criteria})})


async def test_an_agency_whose_condition_no_item_meets_is_not_asked(tmp_path: Path) -> None:
    """It is sent nothing, and status and response name the rule; the same declaration with other goods is sent."""
    config = when("quality-inspection", hs=("01-24",), origin=("!CN",))
    logged = Logged()
    async with window(tmp_path, logged, config=config) as opened:
        case = await awaited(opened, "P-7")
        record = await opened.load(case.id)
        assert record is not None
        shown = status(record, opened.agencies, now())
        assert await opened.amend(case.id, declaration("P-7"), XML) is not None
        response = await answer(opened, case.id)
        other = await opened.submit(declaration("P-8", items=2), XML)
        whole = await answer(opened, other.case.id)
        await sound(tmp_path, opened)
    reasons = {agency.code: agency.reason for agency in shown.agencies if agency.reason is not None}
    assert ["quality-inspection"] == list(reasons)
    assert "No goods item meets procedures.import.when.quality-inspection (HS code 01-24; origin not CN)" in (
        reasons["quality-inspection"].en
    )
    absent = [decision for decision in response.agency_decision if decision.absence_reason]
    assert [("quality-inspection", None, None)] == [
        (decision.agency_code, decision.message_id, decision.outcome_code) for decision in absent
    ]
    assert [reasons["quality-inspection"].en, reasons["quality-inspection"].zh] == [
        text.value for text in absent[0].absence_reason
    ]
    assert ["quality-inspection/1"] == [message for message in logged.sent if message.startswith("quality")]
    assert all(decision.outcome_code is not None for decision in whole.agency_decision)


async def test_an_agency_says_itself_why_it_is_not_concerned(tmp_path: Path) -> None:
    """The reason that an agency's own split gives stands in the response, also after a restart."""
    reason = Text("Pumps are none of our business.", "水泵不属于本部门职责。")
    agencies = dict(installed())
    agencies["market-supervision"] = replace(
        agencies["market-supervision"], split=lambda declaration: NotConcerned(reason)
    )
    logged = Logged(held=("customs/1",))
    async with window(tmp_path, logged, agencies) as opened:
        submission = await opened.submit(declaration("P-9"), XML)
        async for _, event in opened.follow(submission.case.id, 0):
            if isinstance(event, Sent):
                break
    async with window(tmp_path) as opened:
        response = await answer(opened, submission.case.id)
    absent = [decision for decision in response.agency_decision if decision.absence_reason]
    assert [("market-supervision", [reason.en, reason.zh])] == [
        (decision.agency_code, [text.value for text in decision.absence_reason]) for decision in absent
    ]


async def test_revisions_make_an_agency_concerned_and_not(tmp_path: Path) -> None:
    """An amendment to goods that an agency looks after has it asked; one to other goods takes it out again."""
    config = when("quality-inspection", hs=("22",))
    wine = DECLARATION.encode_xml(
        amended(DECLARATION.decode_xml(incomplete("P-10")), item("commodity.classification.0.id"), "22042100")
    )
    logged = Logged(held=("customs/1", "customs/2", "quality-inspection/2"))
    async with window(tmp_path, logged, config=config) as opened:
        submission = await opened.submit(incomplete("P-10"), XML)
        case_id = submission.case.id
        states = []
        for body in (wine, declaration("P-10")):
            taken = await opened.amend(case_id, body, XML)
            assert taken is not None
            part = taken.case.part("quality-inspection")
            assert part is not None
            states.append((part.state, part.absence is None))
            while f"customs/{taken.case.revision}" not in logged.sent:
                await asyncio.sleep(0)
        response = await answer(opened, case_id)
        logged.released.set()
        await late(opened, case_id)
        again = await answer(opened, case_id)
        await sound(tmp_path, opened)
    assert [(PartState.READY, True), (PartState.NOT_CONCERNED, False)] == states
    assert ["quality-inspection/2"] == [message for message in logged.sent if message.startswith("quality")]
    quality = next(each for each in response.agency_decision if each.agency_code == "quality-inspection")
    assert "procedures.import.when.quality-inspection (HS code 22)" in quality.absence_reason[0].value
    assert (CaseOutcome.CLEARED, response) == (response.outcome_code, again)


_after = st.dictionaries(
    st.sampled_from(CODES), st.lists(st.sampled_from(CODES), unique=True, max_size=3).map(tuple), max_size=4
)


@given(_after)
def test_a_plan_without_flaw_leads_to_everybody(after: dict[str, tuple[str, ...]]) -> None:
    """A plan has no flaw exactly where each agency's turn comes when those before it have answered."""
    asked: set[str] = set()
    while ready := {code for code in CODES if code not in asked and set(after.get(code, ())) <= asked}:
        asked |= ready
    assert (asked == set(CODES)) == (not list(flaws(Procedure(CODES, after), CODES)))
