"""What settles a case: deferred documents, payments, release, clearance, rating; and the notices that go with it."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.declarations import declaration
from support.following import answer, awaited, sound
from support.windows import HeldClock, desks, window

from onewindow.agencies.inprocess import InProcess
from onewindow.agencies.transport import MessageKind, Outgoing, Unreachable
from onewindow.codecs import NOTICE
from onewindow.codecs.digest import digest
from onewindow.codecs.messages.codes import CaseOutcome, NoticeType
from onewindow.codecs.messages.notice import Notice
from onewindow.gateway.case import Case, Money, ReleaseRule
from onewindow.gateway.commands import Forbidden
from onewindow.gateway.config import Config, ProcedureConfig
from onewindow.gateway.papers import XML
from onewindow.gateway.requests import Granted
from onewindow.gateway.settlement import cleared_at, due, released_at
from onewindow.gateway.window import Window

CERTIFICATE = digest(b"a sanitary certificate")
HELD = Config(procedures={"import": ProcedureConfig(release=ReleaseRule.AFTER_PAYMENT)})


class Noticing:
    """A transport that keeps the notices, and can't deliver them until it is told to."""

    def __init__(self, *, open_: bool = True) -> None:
        self.inner: InProcess = desks()
        self.open = open_
        self.notices: list[Notice] = []

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The reply."""
        if outgoing.kind is MessageKind.NOTICE:
            if not self.open:
                raise Unreachable("connection-refused", "nobody listens")
            self.notices.append(NOTICE.decode_xml(outgoing.body))
        return await self.inner.deliver(outgoing)


async def decided(opened: Window, reference: str, items: int = 3) -> Case:
    """A case that has its response; three items have a document that is to follow."""
    submission = await opened.submit(declaration(reference, items), XML)
    case = await opened.decided(submission.case.id, 30)
    assert case is not None
    return case


async def loaded(opened: Window, case_id: str) -> Case:
    record = await opened.load(case_id)
    assert record is not None
    return record.case


async def told(opened: Window, case_id: str) -> Case:
    """The case, once all its notices are known to their agencies."""
    case = await loaded(opened, case_id)
    while not all(notice.settled for notice in case.notices):
        case = await loaded(opened, case_id)
    return case


async def paid(opened: Window, case: Case, share: str = "1", reference: str = "B-1") -> Case:
    """The case after a share of what is due was paid."""
    ((currency, amount),) = due(case).items()
    money = Money((amount * Decimal(share)).quantize(Decimal("0.01")), currency)
    changed = await opened.pay(case.id, reference, money)
    assert changed is not None
    return changed.case


async def test_a_document_in_time_clears_with_the_payment(tmp_path: Path) -> None:
    """Goods are released at once, and all is settled once the document has come and the bill is paid, in any order."""
    async with window(tmp_path) as opened:
        case = await decided(opened, "S-1")
        (deferral,) = case.deferred
        named = (deferral.document.type_code, deferral.document.document_id)
        assert (case.decided_at, None) == (released_at(case), cleared_at(case))
        half = await paid(opened, case, "0.5")
        assert cleared_at(half) is None
        whole = await paid(opened, half, reference="B-2")
        assert ({}, None) == (due(whole), cleared_at(whole))
        changed = await opened.receive_document(case.id, *named, CERTIFICATE)
        assert changed is not None
        assert cleared_at(changed.case) == changed.case.deferred[0].received_at
        again = await opened.receive_document(case.id, *named, CERTIFICATE)
        assert again is not None
        assert (False, True) == (changed.replay, again.replay)
        assert changed.case.deferred == again.case.deferred
        with pytest.raises(Forbidden, match="document-differs"):
            await opened.receive_document(case.id, *named, digest(b"another"))
        await sound(tmp_path, opened)


async def test_the_agency_that_approved_on_it_is_told_of_the_document(tmp_path: Path) -> None:
    """Only agencies whose messages name a deferred document are told that it came."""
    transport = Noticing()
    async with window(tmp_path, transport) as opened:
        case = await decided(opened, "S-2")
        document = case.deferred[0].document
        await opened.receive_document(case.id, document.type_code, document.document_id, CERTIFICATE)
        await told(opened, case.id)
        await sound(tmp_path, opened)
    (notice,) = transport.notices
    assert ("quality-inspection", NoticeType.DOCUMENT) == (notice.agency_code, notice.notice_type_code)
    assert notice.additional_document is not None
    assert (document.document_id, CERTIFICATE) == (notice.additional_document.id, notice.additional_document.digest)


async def test_a_document_that_does_not_come_is_put_before_the_supervisor(tmp_path: Path) -> None:
    """After its due date the timeline says so, once, also over a restart; it is still taken, and was late."""
    clock = HeldClock()
    async with window(tmp_path, clock=clock) as opened:
        case = await decided(opened, "S-3")
    document = case.deferred[0].document
    clock.advance(document.due_at - clock() + timedelta(hours=1))
    async with window(tmp_path, clock=clock) as opened:
        counted = b"onewindow_documents_overdue_total 1.0"
        while counted not in opened.metrics.exposition():  # a moment after it is on disk
            await loaded(opened, case.id)
        assert (await loaded(opened, case.id)).deferred[0].overdue_at is not None
        clock.advance(timedelta(days=30))
        late = await opened.receive_document(case.id, document.type_code, document.document_id, CERTIFICATE)
        record = await opened.load(case.id)
        assert late is not None
        assert record is not None
        await sound(tmp_path, opened)
    overdue = [event for event in record.events if event.__struct_config__.tag == "document-overdue"]
    assert 1 == len(overdue)
    assert () == record.case.missing


async def test_a_document_nobody_waits_for(tmp_path: Path) -> None:
    """A document that was not deferred is not taken."""
    async with window(tmp_path) as opened:
        case = await decided(opened, "S-4")
        with pytest.raises(Forbidden, match="document-not-awaited"):
            await opened.receive_document(case.id, "861", "CO-1", CERTIFICATE)


async def test_goods_are_held_until_the_bill_is_paid(tmp_path: Path) -> None:
    """With release after payment the response does not release, and the last part of the payment does."""
    async with window(tmp_path, config=HELD) as opened:
        case = await decided(opened, "S-5", 1)
        response = await answer(opened, case.id)
        assert (CaseOutcome.CLEARED, False) == (response.outcome_code, response.release_indicator)
        assert released_at(case) is None
        half = await paid(opened, case, "0.3")
        assert released_at(half) is None
        whole = await paid(opened, half, reference="B-2")
        assert whole.payments[-1].at == released_at(whole) == cleared_at(whole)
        assert response == await answer(opened, case.id)
        await sound(tmp_path, opened)


async def test_what_can_not_be_paid(tmp_path: Path) -> None:
    """Too much, another currency, the same reference for another amount, more than all: each is refused by name."""
    async with window(tmp_path) as opened:
        case = await decided(opened, "S-6", 1)
        ((currency, amount),) = due(case).items()
        for money in (Money(amount + Decimal("0.01"), currency), Money(Decimal(1), "USD")):
            with pytest.raises(Forbidden, match="payment-too-much"):
                await opened.pay(case.id, "B-1", money)
        await paid(opened, case, "0.5")
        with pytest.raises(Forbidden, match="payment-differs"):
            await opened.pay(case.id, "B-1", Money(Decimal(1), currency))
        whole = await paid(opened, await loaded(opened, case.id), reference="B-2")
        again = await opened.pay(case.id, "B-2", whole.payments[-1].money)
        assert again == Granted(case=whole, replay=True)
        with pytest.raises(Forbidden, match="not-awaiting-payment"):
            await opened.pay(case.id, "B-3", Money(Decimal(1), currency))


async def test_a_rating_is_given_once(tmp_path: Path) -> None:
    """A decided case is rated once; the same rating again is the same one."""
    async with window(tmp_path) as opened:
        case = await decided(opened, "S-7", 1)
        rated = await opened.rate(case.id, 5, "before the ship had berthed")
        assert rated is not None
        again = await opened.rate(case.id, 5, "before the ship had berthed")
        assert again == Granted(case=rated.case, replay=True)
        with pytest.raises(Forbidden, match="rated-already"):
            await opened.rate(case.id, 1, None)
        rating = rated.case.rating
        assert rating is not None
        assert (5, "before the ship had berthed") == (rating.score, rating.comment)


async def test_a_withdrawal_is_told_even_to_an_agency_that_is_away(tmp_path: Path) -> None:
    """The response does not wait for notices; they go out when the agency is back, also after a restart."""
    away = Noticing(open_=False)
    async with window(tmp_path, away) as opened:
        waiting = await awaited(opened, "S-8")
        await opened.withdraw(waiting.id, "the order was cancelled")
        assert CaseOutcome.WITHDRAWN is (await answer(opened, waiting.id)).outcome_code
    back = Noticing()
    async with window(tmp_path, back) as opened:
        case = await told(opened, waiting.id)
        await sound(tmp_path, opened)
    assert {notice.agency for notice in case.notices} == {notice.agency_code for notice in back.notices}
    assert {"the order was cancelled"} == {notice.reason for notice in back.notices}
    assert case.notices
