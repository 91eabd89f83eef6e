"""The window: declarations in, one signed answer each."""

import asyncio
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.declarations import declaration
from support.windows import desks, now, window

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.inprocess import InProcess
from onewindow.agencies.registry import installed
from onewindow.agencies.transport import Outgoing, Unreachable
from onewindow.codecs import DECLARATION, REPLY, RESPONSE
from onewindow.codecs.digest import digest
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.codes import CaseOutcome, ReplyOutcome
from onewindow.codecs.verification import verify
from onewindow.gateway import backoff, dispatch
from onewindow.gateway.case import CaseStatus, PartState
from onewindow.gateway.config import Config, GatewayConfig
from onewindow.gateway.events import event_name
from onewindow.gateway.papers import JSON, XML
from onewindow.gateway.store import Query, RecordDamaged
from onewindow.gateway.submission import NotServing, ReferenceConflict, Submission
from onewindow.gateway.window import Window


@dataclass
class Gate:
    """A transport that lets nobody through until it is opened, and knows who is waiting."""

    inner: InProcess = field(default_factory=desks)
    waiting: set[str] = field(default_factory=set)
    all_waiting: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The reply, once the gate is open."""
        self.waiting.add(outgoing.agency)
        if self.waiting == set(installed()):
            self.all_waiting.set()
        await self.opened.wait()
        return await self.inner.deliver(outgoing)


async def test_a_declaration_ends_in_one_signed_response(tmp_path: Path) -> None:
    """A declaration is taken over with a signed receipt and answered with a signed response from all four agencies."""
    body = declaration("W-1", items=3)
    async with window(tmp_path) as opened:
        submission = await opened.submit(body, XML)
        assert digest(body) == submission.case.digest
        verify(submission.receipt.body, opened.trust, now())
        case = await opened.decided(submission.case.id, 30)
        assert case is not None
        record = await opened.load(case.id, "response")
        assert record is not None
        signed = verify(record.documents["response"].body, opened.trust, now()).signed
        response = RESPONSE.decode_xml(signed)
    assert list(installed()) == [each.agency_code for each in response.agency_decision]
    assert (case.outcome, case.id) == (response.outcome_code, response.id)
    assert digest(record.documents["response"].body) == case.response_digest
    assert ["accepted", *["sent"] * 4, *["replied"] * 4, "decided"] == [event_name(event) for event in record.events]


async def test_all_agencies_work_at_the_same_time(tmp_path: Path) -> None:
    """All four messages are with their agencies before any of them has answered."""
    gate = Gate()
    async with window(tmp_path, gate) as opened:
        submission = await opened.submit(declaration("W-2"), XML)
        async with asyncio.timeout(30):
            await gate.all_waiting.wait()
        record = await opened.load(submission.case.id)
        assert record is not None
        assert {PartState.SENT} == {part.state for part in record.case.parts}
        gate.opened.set()
        assert await opened.decided(submission.case.id, 30) is not None


async def test_json_and_xml_of_one_declaration_are_one_case(tmp_path: Path) -> None:
    """The same declaration in its other form is the same declaration: one case, the same receipt."""
    body = declaration("W-3")
    twin = DECLARATION.encode_json(DECLARATION.decode_xml(body))
    async with window(tmp_path) as opened:
        first = await opened.submit(body, XML)
        second = await opened.submit(twin, JSON)
    assert (second.case.id, second.receipt, second.replay) == (first.case.id, first.receipt, True)


async def test_other_content_under_the_same_reference_is_a_conflict(tmp_path: Path) -> None:
    """A reference used before, with one digit changed in the declaration, is refused and stores nothing."""
    body = declaration("W-4")
    value = DECLARATION.decode_xml(body)
    other = DECLARATION.encode_xml(replace(value, declaration_office_id=value.declaration_office_id[:-1] + "9"))
    assert len(body) == len(other)
    async with window(tmp_path) as opened:
        first = await opened.submit(body, XML)
        with pytest.raises(ReferenceConflict) as conflict:
            await opened.submit(other, XML)
        cases = await opened.find(Query())
    assert (conflict.value.case_id, conflict.value.reference) == (first.case.id, "W-4")
    assert [case.id for case in cases] == [first.case.id]


async def test_an_invalid_declaration_stores_nothing(tmp_path: Path) -> None:
    """A declaration that breaks schema or rule leaves no trace but its findings."""
    async with window(tmp_path) as opened:
        with pytest.raises(Rejected):
            await opened.submit(declaration("W-5").replace(b"<TypeCode>IM<", b"<TypeCode>XX<", 1), XML)
        assert () == await opened.find(Query())


async def test_an_agency_out_of_reach_is_asked_again_until_it_answers(tmp_path: Path) -> None:
    """While an agency can't be reached the status says so; once it can, the case comes to its end by itself."""

    class Flaky:
        def __init__(self) -> None:
            self.inner = desks()
            self.attempts = 0

        async def deliver(self, outgoing: Outgoing) -> bytes | None:
            if outgoing.agency == "tax":
                self.attempts += 1
                if self.attempts < 3:
                    raise Unreachable("connection-refused", "nobody listens")
            return await self.inner.deliver(outgoing)

    flaky = Flaky()
    async with window(tmp_path, flaky) as opened:
        submission = await opened.submit(declaration("W-6"), XML)
        case = await opened.decided(submission.case.id, 30)
        assert case is not None
        record = await opened.load(case.id)
        assert record is not None
    assert 3 == flaky.attempts
    failures = [event for event in record.events if event_name(event) == "send-failed"]
    assert [("tax", "connection-refused")] == [(event.agency, event.code) for event in failures]  # type: ignore[union-attr]


@pytest.mark.parametrize("fault", ["nothing", "half", "html", "another message", "another agency", "raises"])
async def test_rubbish_is_never_counted_as_an_answer(fault: str, tmp_path: Path) -> None:
    """An answer that is no reply to this message is a named failure, and the agency is asked again."""

    class Rubbish:
        def __init__(self) -> None:
            self.inner = desks()
            self.given = False

        async def deliver(self, outgoing: Outgoing) -> bytes | None:
            answer = await self.inner.deliver(outgoing)
            if outgoing.agency != "customs" or self.given or answer is None:
                return answer
            self.given = True
            if fault == "raises":
                raise RuntimeError("a transport with a mistake in it")
            value = REPLY.decode_xml(answer)
            return {
                "nothing": b"",
                "half": answer[: len(answer) // 2],
                "html": b"<html><body>Bad gateway</body></html>",
                "another message": answer.replace(value.message_id.encode(), b"other/customs/1"),
                "another agency": answer.replace(b"<AgencyCode>customs<", b"<AgencyCode>tax<"),
            }[fault]

    expected = {"another message": "reply-unmatched", "another agency": "reply-unmatched", "raises": "transport-failed"}
    async with window(tmp_path, Rubbish()) as opened:
        submission = await opened.submit(declaration("W-7"), XML)
        assert await opened.decided(submission.case.id, 30) is not None
        record = await opened.load(submission.case.id)
        assert record is not None
    failures = [event for event in record.events if event_name(event) == "send-failed"]
    assert [expected.get(fault, "reply-malformed")] == [event.code for event in failures]  # type: ignore[union-attr]
    assert 4 == sum(event_name(event) == "replied" for event in record.events)


async def test_a_case_that_cannot_be_delivered_gives_up_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cases whose agency stays down are put by, so that others are taken, and come to their end by themselves."""
    monkeypatch.setattr(backoff, "RETRY_SECONDS_FIRST", 0.001)
    monkeypatch.setattr(dispatch, "SWEEP_SECONDS", 0.05)

    class Down:
        def __init__(self) -> None:
            self.inner = desks()
            self.up = False

        async def deliver(self, outgoing: Outgoing) -> bytes | None:
            if outgoing.agency == "tax" and outgoing.reference.startswith("DOWN") and not self.up:
                raise Unreachable("connection-refused", "nobody listens")
            return await self.inner.deliver(outgoing)

    down = Down()
    config = Config(gateway=GatewayConfig(max_inflight=2))
    async with window(tmp_path, down, config=config) as opened:
        stuck = [await opened.submit(declaration(f"DOWN-{place}"), XML) for place in range(2)]
        other = await _taken_at_last(opened, declaration("W-20"))
        assert await opened.decided(other.case.id, 30) is not None
        down.up = True
        for submission in stuck:
            assert await opened.decided(submission.case.id, 30) is not None


async def test_a_document_altered_at_rest_is_not_worked_with(tmp_path: Path) -> None:
    """A reply changed in the store is found out by its digest: it is neither shown nor signed."""
    gate = Gate()
    async with window(tmp_path, gate) as opened:
        submission = await opened.submit(declaration("W-21"), XML)
        async with asyncio.timeout(30):
            await gate.all_waiting.wait()
    with sqlite3.connect(tmp_path / "onewindow.db") as store:
        store.execute("UPDATE documents SET body = CAST(body || ' ' AS BLOB) WHERE name = 'message/tax/1'")
    async with window(tmp_path) as again:
        with pytest.raises(RecordDamaged, match="message/tax/1"):
            await again.load(submission.case.id, "message/tax/1")
        assert None is await again.decided(submission.case.id, 0.5)


async def test_a_message_larger_than_an_agency_takes_is_refused_at_the_window(tmp_path: Path) -> None:
    """A declaration whose messages would be too large to send is refused before it is accepted, and stores nothing."""
    value = DECLARATION.decode_xml(declaration("W-22", items=999))
    items = value.goods_shipment.government_agency_goods_item
    heavy = tuple(
        replace(item, commodity=replace(item.commodity, description="&" * 512, brand_name="&" * 250)) for item in items
    )
    wide = replace(value, goods_shipment=replace(value.goods_shipment, government_agency_goods_item=heavy))
    async with window(tmp_path) as opened:
        with pytest.raises(Rejected) as rejected:
            await opened.submit(DECLARATION.encode_json(wide), JSON)
        assert () == await opened.find(Query())
    assert ["message-too-large"] == [finding.code for finding in rejected.value.findings]


async def test_an_open_case_goes_on_when_the_window_opens_again(tmp_path: Path) -> None:
    """A case that was open when the window closed is carried to its response by the next one."""
    gate = Gate()
    async with window(tmp_path, gate) as opened:
        submission = await opened.submit(declaration("W-8"), XML)
        stop = asyncio.create_task(opened.stop())
        await asyncio.sleep(0)
        with pytest.raises(NotServing, match="stopping"):
            await opened.submit(declaration("W-9"), XML)
        await stop
    async with window(tmp_path) as again:
        case = await again.decided(submission.case.id, 30)
    assert case is not None
    assert case.status is CaseStatus.DECIDED


async def test_a_caller_that_hangs_up_leaves_no_case_behind_uncarried(tmp_path: Path) -> None:
    """A submission whose caller goes away in the middle is either not there at all or comes to its end."""
    async with window(tmp_path) as opened:
        task = asyncio.create_task(opened.submit(declaration("W-10"), XML))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        again = await opened.submit(declaration("W-10"), XML)
        case = await opened.decided(again.case.id, 30)
    assert again.replay
    assert case is not None


async def test_more_than_the_window_takes_is_put_off(tmp_path: Path) -> None:
    """Above max_inflight a submission is refused with a time to come back, and nothing of it is stored."""
    gate = Gate()
    config = Config(gateway=GatewayConfig(max_inflight=2))
    async with window(tmp_path, gate, config=config) as opened:
        for place in range(2):
            await opened.submit(declaration(f"W-11-{place}"), XML)
        with pytest.raises(NotServing) as refused:
            await opened.submit(declaration("W-11-2"), XML)
        assert ("overloaded", 2) == (refused.value.code, len(await opened.find(Query())))
        gate.opened.set()


async def test_followers_see_every_event_once_and_in_order(tmp_path: Path) -> None:
    """A follower from the start and one that joins late see the same events under the same numbers, to the end."""
    async with window(tmp_path) as opened:
        submission = await opened.submit(declaration("W-12"), XML)
        early = [each async for each in opened.follow(submission.case.id, 0)]
        late = [each async for each in opened.follow(submission.case.id, 4)]
    assert [number for number, _ in early] == list(range(1, len(early) + 1))
    assert early[4:] == late
    assert "decided" == event_name(early[-1][1])


async def test_a_case_that_is_not_there_has_nothing_to_follow(tmp_path: Path) -> None:
    """An unknown id, or one that is no id at all, loads as nothing and ends at once."""
    async with window(tmp_path) as opened:
        for unknown in ("019aa000-0000-7000-8000-000000000000", "x", "\x00", "' OR 1=1"):
            assert await opened.load(unknown) is None
            assert [] == [each async for each in opened.follow(unknown, 0)]
            assert await opened.decided(unknown, 1) is None


async def test_an_agency_not_concerned_is_explained_in_the_response(tmp_path: Path) -> None:
    """An agency that the declaration does not concern is not asked, and the response says so in both languages."""
    agencies = dict(installed())
    agencies["tax"] = _unconcerned(agencies["tax"])
    async with window(tmp_path, agencies=agencies) as opened:
        submission = await opened.submit(declaration("W-13"), XML)
        assert await opened.decided(submission.case.id, 30) is not None
        record = await opened.load(submission.case.id, "response", "message/tax/1")
        assert record is not None
        response = RESPONSE.decode_xml(record.documents["response"].body)
    tax = next(each for each in response.agency_decision if each.agency_code == "tax")
    assert (None, 2) == (tax.outcome_code, len(tax.absence_reason))
    assert "message/tax/1" not in record.documents


async def test_the_worst_outcome_decides_and_hides_nothing(tmp_path: Path) -> None:
    """A refusal by one agency makes the case refused, and the others' answers are in the response all the same."""
    agencies = dict(installed())
    agencies["customs"] = _refusing(agencies["customs"])
    async with window(tmp_path, agencies=agencies) as opened:
        submission = await opened.submit(declaration("W-14"), XML)
        case = await opened.decided(submission.case.id, 30)
        assert case is not None
        record = await opened.load(case.id, "response")
        assert record is not None
        response = RESPONSE.decode_xml(record.documents["response"].body)
    assert (case.outcome, response.release_indicator) == (CaseOutcome.REFUSED, False)
    assert 4 == len([each for each in response.agency_decision if each.outcome_code is not None])
    assert response.bill is None


async def _taken_at_last(opened: Window, body: bytes) -> Submission:
    async with asyncio.timeout(30):
        while True:
            try:
                return await opened.submit(body, XML)
            except NotServing:
                await asyncio.sleep(0)


def _unconcerned(agency: AnyAgency) -> AnyAgency:
    return replace(agency, split=lambda declaration: None)


def _refusing(agency: AnyAgency) -> AnyAgency:
    assess = agency.assess
    assert assess is not None
    return replace(
        agency,
        assess=lambda message, message_id, at: replace(
            assess(message, message_id, at), outcome_code=ReplyOutcome.REFUSED
        ),
    )
