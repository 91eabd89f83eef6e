"""Plans: who is asked at once, and who waits for whom."""

from collections.abc import Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.declarations import declaration, incomplete, repacked
from support.following import Logged, answer, awaited, come_to
from support.windows import now, window

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.registry import installed
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
