"""The life of a case under every command in every order: what must always hold, holds.

The machine drives the pure functions as the window does, with every transport's bad habits: messages, replies, requests
and decisions come twice, late, to old revisions and in any order, the clock jumps, and the case is built anew from its
journal. `pytest --hypothesis-show-statistics` lists the states that were reached.
"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace
from support.declarations import ISSUED
from support.inspecting import ordering
from support.lives import AGENCIES, DOCUMENTS, NOON, plan, shown, whole

from onewindow.agencies.transport import MessageKind
from onewindow.codecs import RESPONSE
from onewindow.codecs.digest import digest
from onewindow.codecs.messages import reply as reply_message
from onewindow.codecs.messages.codes import (
    BillLineStatus,
    CaseOutcome,
    CurrencyCode,
    DeclarationType,
    DutyTaxFeeType,
    ReplyOutcome,
)
from onewindow.codecs.messages.common import Amount
from onewindow.gateway.case import (
    Case,
    CaseStatus,
    Money,
    Part,
    PartState,
    ReleaseRule,
    encode_case,
)
from onewindow.gateway.commands import (
    Acknowledge,
    Amend,
    Command,
    Decide,
    FailSend,
    Forbidden,
    Rate,
    ReceiveDocument,
    RecordPayment,
    Reply,
    RequestSupplement,
    Send,
    Submit,
    Supplement,
    TimePassed,
    Withdraw,
)
from onewindow.gateway.deadlines import Limit, next_deadline
from onewindow.gateway.events import (
    Amended,
    Decided,
    DocumentOverdue,
    Event,
    InspectionOrdered,
    OnOverdue,
    Overdue,
    Replied,
    Sent,
    Supplemented,
    Told,
    Warned,
    Withdrawn,
    decode_event,
    encode_event,
)
from onewindow.gateway.fsck import AFTER_DECISION
from onewindow.gateway.life import Ask, Deliver, Merge, Order, answered, decide, outstanding, replay, verdict
from onewindow.gateway.merge import Answer, merge, payable
from onewindow.gateway.message_id import INSPECTION, WITHDRAWAL, following
from onewindow.gateway.notice import reached
from onewindow.gateway.plan import awaited
from onewindow.gateway.sample import sample
from onewindow.gateway.settlement import cleared_at, due, released_at

DECLARATION = sample(1, DeclarationType.IM, "LIFE-1", ISSUED)

agencies = st.sampled_from(AGENCIES)
outcomes = st.sampled_from(ReplyOutcome)
versions = st.fixed_dictionaries({code: st.sampled_from([1, 1, 1, 2, 3, None]) for code in AGENCIES})
"""What each agency's message says, as a number; None: the declaration does not concern it."""


class Life(RuleBasedStateMachine):
    """One case."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.journal: list[Event] = []
        self.replies: dict[str, reply_message.Reply] = {}
        self.last: Command | None = None
        self.decided: tuple[Any, ...] | None = None

    @initialize(
        content=versions,
        after=st.dictionaries(st.integers(1, 3), st.sets(st.integers(0, 2), max_size=2), max_size=3),
        policies=st.lists(st.sampled_from(OnOverdue), min_size=4, max_size=4),
        deferred=st.integers(0, 2),
        release=st.sampled_from(ReleaseRule),
    )
    def submit(
        self,
        content: dict[str, int | None],
        after: dict[int, set[int]],
        policies: list[OnOverdue],
        deferred: int,
        release: ReleaseRule,
    ) -> None:
        """A declaration is taken; agencies come after earlier ones only, so that the plan has no circle."""
        self.after = {
            AGENCIES[place]: tuple(AGENCIES[each] for each in sorted(before) if each < place)
            for place, before in after.items()
        }
        self.limits = {
            code: Limit(time_limit=timedelta(minutes=30), on_overdue=policy)
            for code, policy in zip(AGENCIES, policies, strict=True)
        }
        self.content = content
        self.made = {f"case-1/{code}/1" for code, version in content.items() if version is not None}
        events = decide(
            None,
            Submit(
                case_id="case-1",
                reference="LIFE-1",
                declarant="91310000MA1FL4QK75",
                type_code="IM",
                digest=whole(content),
                media_type="application/xml",
                plan=plan(content, self.after),
                deferred=DOCUMENTS[:deferred],
                release=release,
            ),
            self.now,
        )
        self.case = replay(events)
        self.journal += events

    def do(self, command: Command) -> tuple[Event, ...]:
        """What the command makes of the case; nothing where the state forbids it, and the second time."""
        before = self.case
        try:
            events = decide(before, command, self.now)
        except Forbidden:
            return ()
        self.case = replay(events, before)
        for event in events:
            self.check(before, event)
        self.journal += events
        self.now += timedelta(seconds=1)
        assert () == decide(self.case, command, self.now)
        self.last = command
        return events

    def check(self, before: Case, event: Event) -> None:
        """What has to hold of an event when it happens."""
        assert before.status is not CaseStatus.DECIDED or isinstance(event, AFTER_DECISION)
        if isinstance(event, Sent):
            part = before.part_of(event.message_id)
            assert part is not None
            assert () == awaited(part, before.parts)
            assert before.status is not CaseStatus.DECIDED or part.kind is MessageKind.NOTICE
            assert event.message_id not in {each.message_id for each in self.journal if isinstance(each, Sent)}
        if isinstance(event, InspectionOrdered):
            self.made |= {order.message_id for order in event.orders}
            assert {order.agency for order in event.orders} == {
                part.agency
                for part in before.parts
                if answered(before, part).outcome is ReplyOutcome.INSPECTION_REQUIRED
            }
        if isinstance(event, Withdrawn):
            assert {told.agency for told in event.notices} == set(event.concerned)
        if isinstance(event, Replied) and (
            before.closed or event.message_id not in {each.message_id for each in (*before.parts, *before.orders)}
        ):
            late = self.case.late[-1]
            assert event.message_id == late.message_id
            assert replace(self.case, late=before.late, sequence=before.sequence) == before
        if isinstance(event, Warned | Overdue):
            part = before.part_of(event.message_id)
            assert part is not None
            assert part.sent_at is not None
            begin = part.sent_at if part.visit is None else max(part.sent_at, part.visit[1])
            share = 1.0 if isinstance(event, Overdue) else 0.8
            assert event.at >= begin + timedelta(minutes=30) * share
        if isinstance(event, DocumentOverdue):
            assert event.at >= event.due_at
        if isinstance(event, Supplemented | Amended):
            self.made |= {f"case-1/{code}/{event.revision}" for code in event.asked}
            self.check_asked(before, event)

    def check_asked(self, before: Case, event: Supplemented | Amended) -> None:
        """Those are asked again whose message changed, or that asked for the supplement; nobody else."""
        for part in before.parts:
            now = next(each.message_digest for each in event.plan if each.agency == part.agency)
            outcome = answered(before, part).outcome
            asking = isinstance(event, Supplemented) and outcome is ReplyOutcome.SUPPLEMENT_REQUIRED
            expected = now is not None and (asking or now != part.message_digest)
            assert expected is (part.agency in event.asked)
            if not expected and now is not None:
                assert part == replace(self.case.part(part.agency), state=part.state)  # type: ignore[type-var]

    @rule()
    def send(self) -> None:
        """All messages that are ready leave."""
        self.do(Send(limits=self.limits))

    @rule(agency=agencies, back=st.integers(0, 3), outcome=outcomes)
    def answer(self, agency: str, back: int, outcome: ReplyOutcome) -> None:
        """An agency answers its message, or one of those before."""
        revision = max(1, self.case.revision - back)
        self.reply(f"case-1/{agency}/{revision}", agency, outcome)

    def reply(self, message_id: str, agency: str, outcome: ReplyOutcome) -> None:
        """The reply comes in, with a line for the bill."""
        amount = Amount(value=Decimal("10.01"), currency_id=CurrencyCode.CNY)
        value = reply_message.Reply(
            message_id=message_id,
            agency_code=agency,
            agency_reference_id=f"{agency}-7",
            outcome_code=outcome,
            decision_date_time=self.now,
            duty_tax_fee=(
                reply_message.DutyTaxFee(
                    type_code=DutyTaxFeeType.VAT,
                    tax_base_amount=amount,
                    tax_rate_numeric=Decimal(13),
                    payment_amount=amount,
                    status_code=BillLineStatus.FINAL,
                ),
            ),
        )
        events = self.do(
            Reply(
                agency=agency,
                message_id=message_id,
                outcome=outcome,
                agency_reference=f"{agency}-7",
                decided_at=self.now,
                digest=digest(f"{message_id} {outcome}".encode()),
            )
        )
        again = outcome is ReplyOutcome.INSPECTION_REQUIRED and message_id.endswith(INSPECTION)
        assert bool(events) == (message_id in self.made and message_id not in self.replies and not again)
        if events:
            self.replies[message_id] = value

    @rule(given=st.lists(outcomes, min_size=4, max_size=4))
    def round(self, given: list[ReplyOutcome]) -> None:
        """Everybody is sent what is due and answers, and the window does what is outstanding."""
        for _ in AGENCIES:
            self.send()
            for part, outcome in zip(self.case.parts, given, strict=True):
                if not part.settled and part.state is not PartState.WAITING:
                    self.reply(part.message_id, part.agency, outcome)
        self.work()

    @rule(agency=agencies, back=st.integers(0, 2), outcome=outcomes)
    def inspect(self, agency: str, back: int, outcome: ReplyOutcome) -> None:
        """An agency tells what it found when it saw the goods, ordered to or not."""
        self.reply(following(f"case-1/{agency}/{max(1, self.case.revision - back)}", INSPECTION), agency, outcome)

    @rule(outcome=st.sampled_from([ReplyOutcome.APPROVED, ReplyOutcome.SUPPLEMENT_REQUIRED, ReplyOutcome.REFUSED]))
    def visit(self, outcome: ReplyOutcome) -> None:
        """All agencies that are to see the goods see them, one after another."""
        self.work()
        self.send()
        for order in self.case.orders:
            self.reply(order.message_id, order.agency, outcome)
        self.work()

    @rule(number=st.integers(1, 3), content=st.sampled_from(["a", "b"]))
    def receive(self, number: int, content: str) -> None:
        """A document comes, deferred or not, the same or another."""
        self.do(
            ReceiveDocument(type_code="861", document_id=f"CO-{number}", digest=digest(content.encode()), notices=())
        )

    @rule(number=st.integers(1, 2), share=st.sampled_from([1, 2]))
    def pay(self, number: int, share: int) -> None:
        """A part of the bill is paid, or all that is due."""
        for currency, amount in due(self.case).items():
            cents = (amount / share).quantize(Decimal("0.01"))
            self.do(RecordPayment(reference=f"P-{number}-{share}", money=Money(cents, currency)))

    @rule(score=st.integers(1, 5))
    def rate(self, score: int) -> None:
        """The trader says what it thinks."""
        self.do(Rate(score=score))

    @rule(agency=agencies, back=st.integers(0, 2), code=st.sampled_from(["timeout", "refused", None]))
    def reached(self, agency: str, back: int, code: str | None) -> None:
        """An agency takes its message and will answer later, or can't be reached."""
        message_id = f"case-1/{agency}/{max(1, self.case.revision - back)}"
        if code is None:
            self.do(Acknowledge(agency=agency, message_id=message_id))
        else:
            self.do(FailSend(agency=agency, message_id=message_id, code=code, detail=""))

    @rule(content=versions, kind=st.sampled_from([Amend, Supplement]), late=st.none() | agencies)
    def revise(self, content: dict[str, int | None], kind: type[Amend | Supplement], late: str | None) -> None:
        """The trader sends a new revision, and perhaps an agency answers just then what it was sent before."""
        before = self.case.revision
        if self.do(kind(digest=whole(content), media_type="application/xml", plan=plan(content, self.after))):
            self.content = content
        if late is not None:
            self.reply(f"case-1/{late}/{before}", late, ReplyOutcome.REFUSED)

    @rule(reason=st.sampled_from(["cancelled", "mistaken"]))
    def withdraw(self, reason: str) -> None:
        """The trader takes the declaration back; not too early, or there would be few long lives."""
        if len(self.journal) > 6:
            told = [(part.agency, following(part.message_id, WITHDRAWAL)) for part in reached(self.case)]
            notices = tuple(
                Told(agency=agency, message_id=message, message_digest=digest(message.encode()))
                for agency, message in told
            )
            self.do(Withdraw(reason=reason, notices=notices))
            self.work()

    @rule(minutes=st.sampled_from([1, 10, 25, 31, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        """The clock jumps."""
        self.now += timedelta(minutes=minutes)
        self.do(TimePassed(limits=self.limits))
        due = next_deadline(self.case)
        assert due is None or due > self.now - timedelta(seconds=1)

    @rule()
    def silence(self) -> None:
        """Nobody answers until the time limits have passed, and the window does what is outstanding."""
        for _ in AGENCIES:
            self.send()
            self.time_passes(31)
        self.work()

    @rule()
    def work(self) -> None:
        """What is outstanding at the window is done."""
        for each in outstanding(self.case):
            if isinstance(each, Ask):
                self.do(RequestSupplement())
            elif isinstance(each, Order):
                self.do(ordering(self.case, self.now, self.now + timedelta(minutes=5)))
            elif isinstance(each, Merge):
                self.conclude()

    @rule(outcome=st.sampled_from(CaseOutcome))
    def decide_otherwise(self, outcome: CaseOutcome) -> None:
        """A decision that the answers do not bear out is never taken."""
        ready = any(isinstance(each, Merge) for each in outstanding(self.case))
        if not (ready and outcome is verdict(self.case)):
            assert () == self.do(Decide(outcome=outcome, digest=digest(b"")))

    def conclude(self) -> None:
        """The response is made; it names every agency of the plan, and its bill adds up."""
        answers = {
            part.agency: Answer(DECLARATION, self.replies[part.message_id], self.result(part))
            for part in self.case.parts
            if part.reply_digest is not None
        }
        value = merge(self.case, DECLARATION, answers, {}, self.now)
        body = RESPONSE.encode_xml(value)
        response = RESPONSE.decode_xml(body)
        assert list(AGENCIES) == [decision.agency_code for decision in response.agency_decision]
        for decision in response.agency_decision:
            assert (decision.reply_digest is None) == bool(decision.absence_reason)
        lines = sum((line.payment_amount.value for line in response.bill.bill_line), Decimal(0)) if response.bill else 0
        totals = sum((total.value for total in response.bill.total_amount), Decimal(0)) if response.bill else 0
        assert lines == totals
        assert response.bill is None or response.outcome_code is not CaseOutcome.WITHDRAWN
        assert (verdict(self.case), self.case.revision) == (response.outcome_code, response.revision_numeric)
        self.do(Decide(outcome=response.outcome_code, digest=digest(body), payable=payable(value)))
        assert response.release_indicator == (released_at(self.case) is not None)
        self.decided = shown(self.case)

    def result(self, part: Part) -> reply_message.Reply | None:
        """What an agency answered once it had seen the goods."""
        order = self.case.order(part)
        return None if order is None else self.replies.get(order.message_id)

    @rule()
    def restart(self) -> None:
        """The journal gives the case, byte for byte."""
        again = replay(decode_event(encode_event(event)) for event in self.journal)
        assert encode_case(again) == encode_case(self.case)
        self.case = again

    @rule()
    def again(self) -> None:
        """What came last comes again."""
        if self.last is not None:
            self.do(self.last)

    @invariant()
    def holds(self) -> None:
        """What holds of a case at any time."""
        case = self.case
        assert [(code, self.after.get(code, ())) for code in AGENCIES] == [(p.agency, p.after) for p in case.parts]
        assert case.sequence == len(self.journal)
        assert (case.status is CaseStatus.DECIDED) == (self.decided is not None)
        assert sum(isinstance(event, Decided) for event in self.journal) <= 1
        if self.decided is not None:
            assert self.decided == shown(case)
            assert all(isinstance(work, Deliver) and work.kind is MessageKind.NOTICE for work in outstanding(case))
        if case.status in (CaseStatus.AWAITING_TRADER, CaseStatus.DECIDED):
            awaited_documents = [each.document.due_at for each in case.missing if each.overdue_at is None]
            assert next_deadline(case) == min(awaited_documents, default=None)
        self.holds_of_the_end()
        if case.status is CaseStatus.AWAITING_TRADER:
            assert case.outcome is None
        told = Counter((type(event), event.message_id) for event in self.journal if isinstance(event, Warned | Overdue))
        assert all(count == 1 for count in told.values())
        kept = [late.message_id for late in case.late]
        assert len(set(kept)) == len(kept)
        hypothesis.event(f"status {case.status}, outcome {case.outcome}")
        for part in case.parts:
            hypothesis.event(f"part {part.state}")

    def holds_of_the_end(self) -> None:
        """Nothing is paid beyond the bill, no held goods are released, and what is cleared has nothing left."""
        case = self.case
        paid: dict[str, Decimal] = {}
        for payment in case.payments:
            paid[payment.money.currency] = paid.get(payment.money.currency, Decimal(0)) + payment.money.amount
        assert all(paid.get(money.currency, 0) <= money.amount for money in case.payable)
        released, cleared = released_at(case), cleared_at(case)
        if released is not None:
            assert case.status is CaseStatus.DECIDED
            assert case.release is ReleaseRule.BEFORE_PAYMENT or not due(case)
        if cleared is not None:
            assert (False, ()) == (bool(due(case)), case.missing)
            assert released is not None
        hypothesis.event(
            f"released {released is not None}, cleared {cleared is not None}, rated {case.rating is not None}"
        )

    def teardown(self) -> None:
        """Whatever happened, the case comes to exactly one decision once everybody answers."""
        if not self.journal:
            return
        self.restart()
        for _ in range(20):
            if self.case.status is CaseStatus.DECIDED:
                break
            self.send()
            for part in self.case.parts:
                if not part.settled and part.state is not PartState.WAITING:
                    self.reply(part.message_id, part.agency, ReplyOutcome.APPROVED)
            for order in self.case.orders:
                if not order.settled:
                    self.reply(order.message_id, order.agency, ReplyOutcome.APPROVED)
            if self.case.status is CaseStatus.AWAITING_TRADER and not outstanding(self.case):
                version = 100 + self.case.revision
                self.revise_to({code: version if number else None for code, number in self.content.items()})
            self.work()
            assert self.case.status in (CaseStatus.DECIDED, CaseStatus.AWAITING_TRADER) or any(
                isinstance(each, Deliver) for each in outstanding(self.case)
            )
        assert self.case.status is CaseStatus.DECIDED
        assert 1 == sum(isinstance(event, Decided) for event in self.journal)
        self.restart()

    def revise_to(self, content: dict[str, int | None]) -> None:
        """A supplement in which every message is another."""
        supplement = Supplement(digest=whole(content), media_type="application/xml", plan=plan(content, self.after))
        assert self.do(supplement)
        self.content = content


TestLife = Life.TestCase
TestLife.settings = hypothesis.settings(stateful_step_count=60)
