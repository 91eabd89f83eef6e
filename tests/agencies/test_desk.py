"""A reference agency's desk: one answer for each message id."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from msgspec.structs import replace

from onewindow.agencies import AnyAgency, installed
from onewindow.agencies.desk import Desk
from onewindow.agencies.ledger import Entry, MemoryLedger
from onewindow.agencies.transport import MessageKind
from onewindow.codecs import INSPECTION_ORDER, NOTICE, REPLY
from onewindow.codecs.digest import digest
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.codes import NoticeType, ReplyOutcome
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.inspection_order import InspectionOrder
from onewindow.codecs.messages.notice import Notice

CODES = ["customs", "tax", "market-supervision", "quality-inspection"]


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that is a minute later every time it is asked."""
    minutes = count()
    return lambda: datetime(2026, 10, 12, 1, 0, tzinfo=UTC) + timedelta(minutes=next(minutes))


@pytest.fixture(params=CODES)
def agency(request: pytest.FixtureRequest) -> AnyAgency:
    """Each of the four agencies."""
    return installed()[request.param]


def message(agency: AnyAgency, declaration: Declaration) -> bytes:
    """What the agency is sent of a declaration."""
    return agency.message.encode_xml(agency.split(declaration))


def test_answer_is_a_valid_reply(agency: AnyAgency, imported: Declaration, clock: Callable[[], datetime]) -> None:
    """A desk answers the agency's own message with a valid reply to it."""
    answer = Desk(agency, MemoryLedger(), clock).answer("case-1/x/1", message(agency, imported))
    reply = REPLY.decode_xml(answer)
    assert ("case-1/x/1", agency.code) == (reply.message_id, reply.agency_code)


def test_second_delivery_gets_the_first_answer(
    agency: AnyAgency, imported: Declaration, clock: Callable[[], datetime]
) -> None:
    """A message that comes again is answered byte for byte as before, though time has passed, and is counted."""
    ledger = MemoryLedger()
    body = message(agency, imported)
    desk = Desk(agency, ledger, clock)
    first = desk.answer("case-1/x/1", body)
    assert [first, first] == [desk.answer("case-1/x/1", body), Desk(agency, ledger, clock).answer("case-1/x/1", body)]
    assert [(digest(body), first, 3)] == [(entry.digest, entry.reply, entry.deliveries) for entry in ledger.entries()]


def test_another_revision_is_assessed_anew(
    agency: AnyAgency, imported: Declaration, clock: Callable[[], datetime]
) -> None:
    """The same content under another id is another message: it gets its own answer and reference."""
    desk = Desk(agency, MemoryLedger(), clock)
    body = message(agency, imported)
    first, second = (REPLY.decode_xml(desk.answer(f"case-1/x/{revision}", body)) for revision in (1, 2))
    assert first.agency_reference_id != second.agency_reference_id


def test_one_answer_for_threads(imported: Declaration, clock: Callable[[], datetime]) -> None:
    """Deliveries of one id at the same moment all get one answer."""
    agency = installed()["customs"]
    desk = Desk(agency, MemoryLedger(), clock)
    body = message(agency, imported)
    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(lambda _: desk.answer("case-1/customs/1", body), range(20)))
    assert 1 == len(answers)


def test_message_against_its_schema(agency: AnyAgency, imported: Declaration, clock: Callable[[], datetime]) -> None:
    """A message that breaks its schema is refused with what is wrong, and leaves no trace in the ledger."""
    ledger = MemoryLedger()
    body = message(agency, imported).replace(b"<FunctionCode>9<", b"<FunctionCode>?<")
    with pytest.raises(Rejected) as caught:
        Desk(agency, ledger, clock).answer("case-1/x/1", body)
    assert "invalid" == caught.value.problem
    assert [f"/{agency.message.root}/FunctionCode"] == [finding.pointer for finding in caught.value.findings]
    assert [] == list(ledger.entries())


def test_another_agencys_message(imported: Declaration, clock: Callable[[], datetime]) -> None:
    """A message meant for another agency is refused."""
    agencies = installed()
    with pytest.raises(Rejected):
        Desk(agencies["tax"], MemoryLedger(), clock).answer("case-1/tax/1", message(agencies["customs"], imported))


def test_id_with_other_content(agency: AnyAgency, imported: Declaration, clock: Callable[[], datetime]) -> None:
    """An id that comes again with other content is refused, and the first answer still stands."""
    desk = Desk(agency, MemoryLedger(), clock)
    body = message(agency, imported)
    first = desk.answer("case-1/x/1", body)
    other = message(agency, replace(imported, functional_reference_id="OTHER-1"))
    with pytest.raises(Rejected) as caught:
        desk.answer("case-1/x/1", other)
    assert "message-id-reused" == caught.value.problem
    assert first == desk.answer("case-1/x/1", body)


class Overtaken(MemoryLedger):
    """A ledger in which another delivery always gets in first, after the desk looked and before it puts."""

    def get(self, message_id: str) -> Entry | None:
        """Nothing yet."""
        return None

    def put(self, message_id: str, digest: str, reply: bytes, taken_at: datetime) -> Entry:
        """The other delivery's entry."""
        return Entry(message_id, "sha256:other", b"other reply", taken_at, 2)


def test_overtaken_by_other_content(agency: AnyAgency, imported: Declaration, clock: Callable[[], datetime]) -> None:
    """An id that another delivery with other content took meanwhile is refused, not answered with that one's reply."""
    with pytest.raises(Rejected) as caught:
        Desk(agency, Overtaken(), clock).answer("case-1/x/1", message(agency, imported))
    assert "message-id-reused" == caught.value.problem


def test_agency_without_rules(agency: AnyAgency, clock: Callable[[], datetime]) -> None:
    """An agency that has no reference rules can't have a desk."""
    with pytest.raises(ValueError, match="no reference rules"):
        Desk(replace(agency, assess=None), MemoryLedger(), clock)


def order(agency: AnyAgency) -> bytes:
    """An order to inspect that refers to case-1/x/1."""
    return INSPECTION_ORDER.encode_xml(
        InspectionOrder(
            message_id="case-1/x/1/inspection",
            referred_message_id="case-1/x/1",
            agency_code=agency.code,
            functional_reference_id="R-1",
            issue_date_time=datetime(2026, 10, 12, 1, 0, tzinfo=UTC),
        )
    )


def test_what_is_inspected_passes_on_its_conditions(
    agency: AnyAgency, imported: Declaration, clock: Callable[[], datetime]
) -> None:
    """An order is answered once, with the conditions that the desk's answer to the declaration had."""
    desk = Desk(agency, MemoryLedger(), clock)
    before = REPLY.decode_xml(desk.answer("case-1/x/1", message(agency, imported)))
    body = desk.answer("case-1/x/1/inspection", order(agency), MessageKind.INSPECTION_ORDER)
    assert body == desk.answer("case-1/x/1/inspection", order(agency), MessageKind.INSPECTION_ORDER)
    result = REPLY.decode_xml(body)
    conditional = ReplyOutcome.APPROVED_WITH_CONDITIONS if before.condition else ReplyOutcome.APPROVED
    assert (conditional, before.condition) == (result.outcome_code, result.condition)


def test_a_notice_is_noted_and_needs_no_answer(agency: AnyAgency, clock: Callable[[], datetime]) -> None:
    """A notice is in the ledger however often it comes, once; something else in its place is refused."""
    ledger = MemoryLedger()
    desk = Desk(agency, ledger, clock)
    notice = NOTICE.encode_xml(
        Notice(
            message_id="case-1/x/1/withdrawal",
            referred_message_id="case-1/x/1",
            agency_code=agency.code,
            functional_reference_id="R-1",
            issue_date_time=datetime(2026, 10, 12, 1, 0, tzinfo=UTC),
            notice_type_code=NoticeType.WITHDRAWAL,
            reason="cancelled",
        )
    )
    desk.note("case-1/x/1/withdrawal", notice)
    desk.note("case-1/x/1/withdrawal", notice)
    assert [(digest(notice), b"", 2)] == [(entry.digest, entry.reply, entry.deliveries) for entry in ledger.entries()]
    with pytest.raises(Rejected):
        desk.note("case-1/x/2/withdrawal", order(agency))
