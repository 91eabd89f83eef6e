"""Joint inspections: from the order to the agencies' results, one by one."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.declarations import declaration
from support.following import Logged, answer, come_to, sound
from support.windows import HeldClock, desks, window

from onewindow.agencies.decision import reply
from onewindow.agencies.inprocess import InProcess
from onewindow.agencies.transport import MessageKind, Outgoing
from onewindow.codecs import INSPECTION_ORDER, REPLY
from onewindow.codecs.messages.codes import CaseOutcome, ReplyOutcome
from onewindow.gateway.case import Case, CaseStatus, PartState
from onewindow.gateway.commands import Forbidden
from onewindow.gateway.config import AgencyConfig, Config
from onewindow.gateway.deadlines import next_deadline
from onewindow.gateway.document_names import message_name
from onewindow.gateway.events import OnOverdue, SendFailed
from onewindow.gateway.papers import XML
from onewindow.gateway.status import documents, status
from onewindow.gateway.window import Window

BOTH = ("customs", "quality-inspection")
LARGE = 12
"""Items of a sample of which two agencies want to see some."""


class ByHand:
    """A transport whose agencies answer at once and leave orders to inspect to a person."""

    def __init__(self) -> None:
        self.inner: InProcess = desks()
        self.kinds: list[tuple[str, MessageKind]] = []

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The reply; None to orders."""
        self.kinds.append((outgoing.agency, outgoing.kind))
        return None if outgoing.kind is MessageKind.INSPECTION_ORDER else await self.inner.deliver(outgoing)


def found(case: Case, agency: str, outcome: ReplyOutcome = ReplyOutcome.APPROVED) -> bytes:
    """An agency's reply to its order."""
    order = next(each for each in case.orders if each.agency == agency)
    made = reply(agency, order.message_id, case.received_at + timedelta(minutes=1), ())
    return REPLY.encode_xml(replace(made, outcome_code=outcome))


async def ordered(opened: Window, reference: str) -> Case:
    """A case whose agencies have their orders."""
    submission = await opened.submit(declaration(reference, LARGE), XML)
    case = await come_to(opened, submission.case.id, "acknowledged")
    while any(order.state is not PartState.ACKNOWLEDGED for order in case.orders) or not case.orders:
        case = await come_to(opened, submission.case.id, "acknowledged")
    return case


async def test_agencies_are_told_when_and_where_and_answer_one_by_one(tmp_path: Path) -> None:
    """Both get the same place and time; the case waits for the second result and then comes to its response."""
    transport = ByHand()
    async with window(tmp_path, transport) as opened:
        case = await ordered(opened, "I-1")
        assert CaseStatus.AWAITING_INSPECTION is case.status
        record = await opened.load(case.id, *(message_name(order.message_id) for order in case.orders))
        assert record is not None
        orders = [INSPECTION_ORDER.decode_xml(document.body) for document in record.documents.values()]
        assert set(BOTH) == {order.agency_code for order in orders}
        assert 1 == len({(order.visit, order.goods_location, order.item_sequence_numeric) for order in orders})
        assert await opened.reply("customs", found(case, "customs")) is not None
        between = await come_to(opened, case.id, "replied")
        assert (CaseStatus.AWAITING_INSPECTION, None) == (between.status, between.outcome)
        assert await opened.reply("quality-inspection", found(between, "quality-inspection")) is not None
        response = await answer(opened, case.id)
        await sound(tmp_path, opened)
    assert CaseOutcome.CLEARED is response.outcome_code
    assert response.joint_inspection is not None
    assert [BOTH] == [visit.agency_code for visit in response.joint_inspection.visit]
    assert 2 == sum(kind is MessageKind.INSPECTION_ORDER for _, kind in transport.kinds)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [(ReplyOutcome.REFUSED, CaseStatus.DECIDED), (ReplyOutcome.SUPPLEMENT_REQUIRED, CaseStatus.AWAITING_TRADER)],
)
async def test_what_is_found_decides(outcome: ReplyOutcome, expected: CaseStatus, tmp_path: Path) -> None:
    """Goods that don't pass are refused; where something is missing, the trader is asked once both have seen them."""
    async with window(tmp_path, ByHand()) as opened:
        case = await ordered(opened, "I-2")
        await opened.reply("customs", found(case, "customs", outcome))
        await opened.reply("quality-inspection", found(case, "quality-inspection"))
        ended = await come_to(opened, case.id, "decided", "supplement-requested")
        if expected is CaseStatus.AWAITING_TRADER:
            await opened.supplement(case.id, declaration("I-2", 1), XML)
            assert CaseOutcome.CLEARED is (await answer(opened, case.id)).outcome_code
    assert expected is ended.status
    assert ended.outcome in (None, CaseOutcome.REFUSED)


async def test_an_order_is_not_answered_by_asking_for_it_again(tmp_path: Path) -> None:
    """A result that says again that goods have to be seen is refused by name, counted, and changes nothing."""
    async with window(tmp_path, ByHand()) as opened:
        case = await ordered(opened, "I-3")
        with pytest.raises(Forbidden, match="result-missing"):
            await opened.reply("customs", found(case, "customs", ReplyOutcome.INSPECTION_REQUIRED))
        record = await opened.load(case.id)
        assert record is not None
        assert case == record.case
        counted = b'onewindow_replies_refused_total{agency="customs",code="result-missing"} 1.0'
        assert counted in opened.metrics.exposition()


class Evasive(ByHand):
    """Quality inspection answers its order at once, and the first time by asking for it again."""

    def __init__(self) -> None:
        super().__init__()
        self.evaded = 0

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The answer, or None for what is left to a person."""
        taken = await super().deliver(outgoing)
        if outgoing.kind is not MessageKind.INSPECTION_ORDER or outgoing.agency != "quality-inspection":
            return taken
        reply = await self.inner.deliver(outgoing)
        assert reply is not None
        self.evaded += 1
        asking = replace(REPLY.decode_xml(reply), outcome_code=ReplyOutcome.INSPECTION_REQUIRED)
        return REPLY.encode_xml(asking) if self.evaded == 1 else reply


async def test_an_order_that_is_evaded_at_once_holds_up_nobody(tmp_path: Path) -> None:
    """An answer that asks for an inspection again is no answer: it is asked again, and the others' are stored."""
    evasive = Evasive()
    async with window(tmp_path, evasive) as opened:
        submission = await opened.submit(declaration("I-6", LARGE), XML)
        case = submission.case
        while [PartState.ACKNOWLEDGED] != [each.state for each in case.orders if each.agency == "customs"]:
            case = await come_to(opened, case.id, "acknowledged", "send-failed", "replied")
        await opened.reply("customs", found(case, "customs"))
        response = await answer(opened, case.id)
        record = await opened.load(case.id)
        assert record is not None
        await sound(tmp_path, opened)
    assert (2, CaseOutcome.CLEARED_WITH_CONDITIONS) == (evasive.evaded, response.outcome_code)
    assert ["result-missing"] == [event.code for event in record.events if isinstance(event, SendFailed)]


async def test_an_amendment_takes_back_the_order_that_it_concerns(tmp_path: Path) -> None:
    """After a revision without those goods nobody inspects; the old order's result comes late and changes nothing."""
    async with window(tmp_path, ByHand()) as opened:
        case = await ordered(opened, "I-4")
        result = found(case, "customs", ReplyOutcome.REFUSED)
        await opened.amend(case.id, declaration("I-4", 1), XML)
        response = await answer(opened, case.id)
        assert await opened.reply("customs", result) is not None
        record = await opened.load(case.id)
        assert record is not None
        await sound(tmp_path, opened)
    assert (CaseOutcome.CLEARED, None) == (response.outcome_code, response.joint_inspection)
    assert [f"{case.id}/customs/1/inspection"] == [late.message_id for late in record.case.late]


async def test_a_withdrawal_while_goods_are_to_be_seen(tmp_path: Path) -> None:
    """The response says that it was withdrawn, without an inspection, and all agencies are told."""
    transport = ByHand()
    async with window(tmp_path, transport) as opened:
        case = await ordered(opened, "I-5")
        await opened.withdraw(case.id, "the buyer has cancelled")
        response = await answer(opened, case.id)
        async for _ in opened.follow(case.id, 0):
            pass
        record = await opened.load(case.id)
        while record is not None and not all(notice.settled for notice in record.case.notices):
            record = await opened.load(case.id)
        await sound(tmp_path, opened)
    assert (CaseOutcome.WITHDRAWN, None) == (response.outcome_code, response.joint_inspection)
    assert 4 == sum(kind is MessageKind.NOTICE for _, kind in transport.kinds)


async def test_the_limit_counts_from_the_visit(tmp_path: Path) -> None:
    """An order's time limit begins when the visit is over; then the agency is deemed to have answered."""
    clock = HeldClock()
    limits = {code: AgencyConfig(time_limit=timedelta(hours=1), on_overdue=OnOverdue.DEEM_APPROVED) for code in BOTH}
    async with window(tmp_path, ByHand(), clock=clock, config=Config(agencies=limits)) as opened:
        case = await ordered(opened, "I-6")
        visit = case.orders[0].visit
        assert visit is not None
        assert next_deadline(case) == visit[1] + timedelta(minutes=48)
        clock.advance(visit[1] - clock() + timedelta(hours=2))
        response = await answer(opened, case.id)
    assert CaseOutcome.CLEARED is response.outcome_code
    deemed = [each.agency_code for each in response.agency_decision if each.absence_reason]
    assert list(BOTH) == deemed


async def test_the_status_shows_the_inspection(tmp_path: Path) -> None:
    """The trader sees where and when, which items and who comes, and what each agency found then."""
    async with window(tmp_path, ByHand()) as opened:
        case = await ordered(opened, "I-7")
        record = await opened.load(case.id, *documents(case))
        assert record is not None
        shown = status(record, opened.agencies, opened.clock())
    assert shown.inspection is not None
    assert [BOTH] == [visit.agencies for visit in shown.inspection.visits]
    assert shown.inspection.items
    assert shown.inspection.location
    states = {agency.code: (agency.state, agency.outcome) for agency in shown.agencies}
    assert (PartState.ACKNOWLEDGED, ReplyOutcome.INSPECTION_REQUIRED) == states["customs"]
    assert (PartState.ANSWERED, ReplyOutcome.APPROVED) == states["tax"]


async def test_orders_survive_a_restart(tmp_path: Path) -> None:
    """Orders that could not leave before the window closed are sent, once each, when it opens again."""
    async with window(tmp_path, Logged(held=("inspection",))) as opened:
        submission = await opened.submit(declaration("I-8", LARGE), XML)
        await come_to(opened, submission.case.id, "sent")
    again = Logged()
    async with window(tmp_path, again) as opened:
        response = await answer(opened, submission.case.id)
    assert response.joint_inspection is not None
    assert sorted(f"{code}/1/inspection" for code in BOTH) == sorted(again.sent)
