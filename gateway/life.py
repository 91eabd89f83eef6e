"""The life of a case.

Three pure functions make it up: `decide` turns a command into events, `evolve` applies one event, `outstanding` says
what is still to be done. Whoever replays a case's journal through `evolve` gets its snapshot, byte for byte; after a
crash the work is worked out from the snapshot again and nothing else needs remembering.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ..agencies.transport import MessageKind
from ..codecs.messages.codes import CaseOutcome, ReplyOutcome
from .case import Case, CaseStatus, Deferral, LateReply, Part, PartState, Withdrawal, awaits_inspection
from .commands import (
    Acknowledge,
    Amend,
    Command,
    Decide,
    FailSend,
    Forbidden,
    Hold,
    OrderInspection,
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
from .deadlines import evolve_time, next_deadline, passed
from .events import (
    Accepted,
    Acknowledged,
    Amended,
    Decided,
    Event,
    InspectionOrdered,
    Overdue,
    Replied,
    SendFailed,
    Sent,
    Supplemented,
    SupplementRequested,
    Warned,
    Withdrawn,
)
from .message_id import message_id
from .notice import noted
from .outcome import outcome
from .plan import ordered
from .revision import evolve_revised, revised
from .settlement import Settlement, evolve_settled, settled

PartEvent = Sent | SendFailed | Acknowledged | Replied | Warned | Overdue


class Deliver(msgspec.Struct, frozen=True, kw_only=True):
    """Work: bring this message to this agency and, unless it is a notice, its answer back."""

    agency: str
    message_id: str
    kind: MessageKind = MessageKind.DECLARATION


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """Work: nothing more is awaited, make the one response."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Work: all have answered, and the trader has to be asked for a supplement."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Work: all have answered, and the agencies that want to see the goods have to be told when and where."""


Work = Deliver | Merge | Ask | Order


def answered(case: Case, part: Part) -> Part:
    """The part whose answer stands for an agency: that of its order to inspect once it has one, else its own."""
    order = case.order(part)
    return part if order is None or not order.settled else order


def verdict(case: Case) -> CaseOutcome:
    """The outcome that a case has as it stands."""
    if case.withdrawal is not None:
        return CaseOutcome.WITHDRAWN
    answers = (answered(case, part).outcome for part in case.parts)
    return outcome(answer for answer in answers if answer is not None)


def decide(case: Case | None, command: Command, now: datetime) -> tuple[Event, ...]:
    """The events that a command makes of a case; none where it says what is known already.

    A second delivery of a reply, an acknowledgement after the answer, the same revision over again, a second withdrawal
    and a second decision are taken for the first (every transport delivers at least once, and so do traders); a failure
    that repeats the last one is no news. The answer of an agency that was deemed to have answered counts as long as the
    case is open. Raises Forbidden where the command fits no state of this case: `case-exists`,
    `case-unknown`, `message-unknown` (the id is not one this case sent), `reply-not-awaited` (it is a notice's),
    `result-missing` (goods were to be seen, and the reply asks for it again), `answers-missing`, `outcome-differs`,
    `case-decided`, and what `revised` and `settled` raise.
    """
    if isinstance(command, Submit):
        return _submit(case, command, now)
    if case is None:
        raise Forbidden("case-unknown")
    if isinstance(command, Supplement | Amend):
        return revised(case, command, now)
    if isinstance(command, Withdraw):
        return _withdraw(case, command, now)
    if isinstance(command, Decide | RequestSupplement | OrderInspection):
        return _conclude(case, command, now)
    if isinstance(command, Send):
        return _send(case, command, now)
    if isinstance(command, TimePassed):
        return tuple(passed(case, command.limits, now))
    if isinstance(command, ReceiveDocument | RecordPayment | Rate):
        return settled(case, command, now)
    return _answer(case, command, now)


def _submit(case: Case | None, command: Submit, now: datetime) -> tuple[Event, ...]:
    if case is not None:
        raise Forbidden("case-exists")
    return (
        Accepted(
            at=now,
            case_id=command.case_id,
            reference=command.reference,
            declarant=command.declarant,
            type_code=command.type_code,
            digest=command.digest,
            media_type=command.media_type,
            plan=command.plan,
            deferred=command.deferred,
            release=command.release,
            test=command.test,
        ),
    )


def _withdraw(case: Case, command: Withdraw, now: datetime) -> tuple[Event, ...]:
    if case.withdrawal is not None:
        return ()
    if case.status is CaseStatus.DECIDED:
        raise Forbidden("case-decided")
    told = {part.agency for part in (*case.past, *case.parts) if part.sent_at is not None}
    concerned = tuple(part.agency for part in case.parts if part.agency in told)
    return (Withdrawn(at=now, reason=command.reason, concerned=concerned, notices=command.notices),)


def _conclude(case: Case, command: Decide | RequestSupplement | OrderInspection, now: datetime) -> tuple[Event, ...]:
    if case.status is CaseStatus.DECIDED:
        return ()
    if case.withdrawal is None and case.awaited and not isinstance(command, OrderInspection):
        raise Forbidden("answers-missing")
    reached = verdict(case)
    if isinstance(command, OrderInspection):
        wanted = {part.agency for part in unordered(case)}
        orders = tuple(order for order in command.orders if order.agency in wanted)
        return (InspectionOrdered(at=now, orders=orders),) if orders else ()
    if isinstance(command, RequestSupplement):
        if reached is not CaseOutcome.SUPPLEMENT_REQUIRED or case.status is CaseStatus.AWAITING_TRADER:
            return ()
        asking = (
            part.agency for part in case.parts if answered(case, part).outcome is ReplyOutcome.SUPPLEMENT_REQUIRED
        )
        return (SupplementRequested(at=now, agencies=tuple(asking)),)
    if command.outcome is not reached or reached in _NOT_FINAL:
        raise Forbidden("outcome-differs")
    return (Decided(at=now, outcome=command.outcome, digest=command.digest, payable=command.payable),)


_NOT_FINAL = (CaseOutcome.SUPPLEMENT_REQUIRED, CaseOutcome.INSPECTION_REQUIRED)


def unordered(case: Case) -> tuple[Part, ...]:
    """The parts of the agencies that want to see the goods and have no order for it, once all have answered."""
    if case.closed or case.awaited or verdict(case) is not CaseOutcome.INSPECTION_REQUIRED:
        return ()
    return tuple(
        part for part in case.parts if part.outcome is ReplyOutcome.INSPECTION_REQUIRED and case.order(part) is None
    )


def _send(case: Case, command: Send, now: datetime) -> tuple[Event, ...]:
    sent: list[Event] = []
    for part in (*case.parts, *case.orders, *case.notices):
        if part.state is not PartState.READY or not case.is_live(part):
            continue
        limit = None if part.kind is MessageKind.NOTICE else command.limits.get(part.agency)
        begin = now if part.visit is None else max(now, part.visit[1])
        warn_at, due_at = (None, None) if limit is None else (limit.warns(begin), limit.ends(begin))
        event = Sent(at=now, agency=part.agency, message_id=part.message_id, warn_at=warn_at, due_at=due_at)
        sent.append(event)
    return tuple(sent)


def _sent_after_all(part: Part, now: datetime) -> tuple[Event, ...]:
    if part.state is not PartState.UNREACHABLE:
        return ()
    again = Sent(at=now, agency=part.agency, message_id=part.message_id, warn_at=part.warn_at, due_at=part.due_at)
    return (again,)


def _answer(case: Case, command: FailSend | Hold | Acknowledge | Reply, now: datetime) -> tuple[Event, ...]:
    part = case.part_of(command.message_id)
    if part is None or part.agency != command.agency or part.message_digest is None:
        raise Forbidden("message-unknown")
    if part.reply_digest is not None or any(late.message_id == part.message_id for late in case.late):
        return ()
    if isinstance(command, Reply):
        if part.kind is MessageKind.NOTICE:
            raise Forbidden("reply-not-awaited")
        if part.kind is MessageKind.INSPECTION_ORDER and command.outcome is ReplyOutcome.INSPECTION_REQUIRED:
            raise Forbidden("result-missing")
        return (
            Replied(
                at=now,
                agency=command.agency,
                message_id=command.message_id,
                outcome=command.outcome,
                agency_reference=command.agency_reference,
                decided_at=command.decided_at,
                digest=command.digest,
            ),
        )
    if not case.is_live(part) or part.state in (PartState.ACKNOWLEDGED, PartState.DEEMED):
        return ()
    if isinstance(command, Acknowledge):
        return (Acknowledged(at=now, agency=command.agency, message_id=command.message_id),)
    if isinstance(command, Hold):
        return _sent_after_all(part, now)
    if part.state is PartState.UNREACHABLE and part.failure == command.code:
        return ()  # an agency that is down for days must not fill the journal
    return (
        SendFailed(
            at=now,
            agency=command.agency,
            message_id=command.message_id,
            code=command.code,
            detail=command.detail,
        ),
    )


def evolve(case: Case | None, event: Event) -> Case:
    """The case after one event.

    Raises Forbidden("journal-broken") where the event can't follow: the first must be Accepted, and only the first.
    """
    if isinstance(event, Accepted):
        if case is not None:
            raise Forbidden("journal-broken")
        return _accepted(event)
    if case is None:
        raise Forbidden("journal-broken")
    if isinstance(event, PartEvent):
        return _evolve_parts(case, event)
    if isinstance(event, Supplemented | Amended):
        return evolve_revised(case, event)
    if isinstance(event, Settlement):
        return evolve_settled(case, event)
    sequence = case.sequence + 1
    if isinstance(event, Withdrawn):
        return msgspec.structs.replace(
            case,
            sequence=sequence,
            status=CaseStatus.PROCESSING,
            withdrawal=Withdrawal(at=event.at, reason=event.reason),
            notices=(*case.notices, *noted(case, event.notices)),
        )
    if isinstance(event, SupplementRequested):
        return msgspec.structs.replace(case, sequence=sequence, status=CaseStatus.AWAITING_TRADER)
    if isinstance(event, InspectionOrdered):
        return _ordered_to_inspect(case, event)
    return msgspec.structs.replace(
        case,
        sequence=sequence,
        status=CaseStatus.DECIDED,
        outcome=event.outcome,
        decided_at=event.at,
        response_digest=event.digest,
        payable=event.payable,
    )


def _ordered_to_inspect(case: Case, event: InspectionOrdered) -> Case:
    orders: list[Part] = []
    for order in event.orders:
        part = case.part(order.agency)
        if part is None:
            raise Forbidden("journal-broken")
        orders.append(
            Part(
                agency=order.agency,
                state=PartState.READY,
                message_id=order.message_id,
                message_digest=order.message_digest,
                revision=part.revision,
                kind=MessageKind.INSPECTION_ORDER,
                visit=order.visit,
            )
        )
    return msgspec.structs.replace(
        case,
        sequence=case.sequence + 1,
        status=CaseStatus.AWAITING_INSPECTION,
        orders=(*case.orders, *orders),
    )


def _accepted(event: Accepted) -> Case:
    return Case(
        id=event.case_id,
        reference=event.reference,
        declarant=event.declarant,
        type_code=event.type_code,
        digest=event.digest,
        media_type=event.media_type,
        status=CaseStatus.ACCEPTED,
        received_at=event.at,
        sequence=1,
        release=event.release,
        deferred=tuple(Deferral(document=document) for document in event.deferred),
        test=event.test,
        parts=ordered(
            tuple(
                Part(
                    agency=assignment.agency,
                    state=PartState.NOT_CONCERNED if assignment.message_digest is None else PartState.READY,
                    message_id=message_id(event.case_id, assignment.agency, 1),
                    message_digest=assignment.message_digest,
                    after=assignment.after,
                    absence=assignment.reason,
                )
                for assignment in event.plan
            )
        ),
    )


def _evolve_parts(case: Case, event: PartEvent) -> Case:
    part = case.part_of(event.message_id)
    if part is None or part.agency != event.agency:
        raise Forbidden("journal-broken")
    sequence = case.sequence + 1
    if not case.is_live(part):
        if not isinstance(event, Replied):
            raise Forbidden("journal-broken")
        late = LateReply(agency=part.agency, revision=part.revision, message_id=part.message_id, digest=event.digest)
        return msgspec.structs.replace(case, sequence=sequence, late=(*case.late, late))
    fresh = _evolve_part(part, event)
    if part.kind is MessageKind.NOTICE:
        return msgspec.structs.replace(case, sequence=sequence, notices=_with(case.notices, part, fresh))
    if part.kind is MessageKind.INSPECTION_ORDER:
        return msgspec.structs.replace(case, sequence=sequence, orders=_with(case.orders, part, fresh))
    parts = ordered(_with(case.parts, part, fresh))
    status = CaseStatus.PROCESSING if case.status is CaseStatus.ACCEPTED else case.status
    if awaits_inspection(parts, case.orders):
        status = CaseStatus.AWAITING_INSPECTION
    return msgspec.structs.replace(case, sequence=sequence, status=status, parts=parts)


def _with(parts: tuple[Part, ...], old: Part, new: Part) -> tuple[Part, ...]:
    return tuple(new if each is old else each for each in parts)


def _evolve_part(part: Part, event: PartEvent) -> Part:
    if isinstance(event, Sent):
        return msgspec.structs.replace(
            part,
            state=PartState.SENT,
            failure=None,
            sent_at=part.sent_at or event.at,
            warn_at=event.warn_at,
            due_at=event.due_at,
        )
    if isinstance(event, SendFailed):
        return msgspec.structs.replace(part, state=PartState.UNREACHABLE, failure=event.code)
    if isinstance(event, Acknowledged):
        return msgspec.structs.replace(part, state=PartState.ACKNOWLEDGED, failure=None)
    if isinstance(event, Warned | Overdue):
        return evolve_time(part, event)
    return msgspec.structs.replace(
        part,
        state=PartState.ANSWERED,
        failure=None,
        replied_at=event.at,
        decided_at=event.decided_at,
        outcome=event.outcome,
        agency_reference=event.agency_reference,
        reply_digest=event.digest,
    )


def replay(events: Iterable[Event], case: Case | None = None) -> Case:
    """The case that a journal tells, or a further stretch of it on top of `case`.

    Raises Forbidden("journal-broken") where the events can't follow one another, also where there is none.
    """
    for event in events:
        case = evolve(case, event)
    if case is None:
        raise Forbidden("journal-broken")
    return case


def unfinished(case: Case) -> bool:
    """The case has no response yet, or has work left or a time to come all the same."""
    return case.status is not CaseStatus.DECIDED or bool(outstanding(case)) or next_deadline(case) is not None


def outstanding(case: Case) -> tuple[Work, ...]:
    """What is still to be done for a case, worked out from its state alone.

    A message that was sent and not answered counts: whether it arrived is not known after a crash, and its id makes
    the second delivery harmless. One that the agency acknowledged does not: the agency has it. Nor does one that waits
    for others' answers, nor is there anything to do for a case that waits for the trader. Notices go out whatever
    becomes of the case.
    """
    notices = _deliveries(case.notices)
    if case.status is CaseStatus.DECIDED:
        return notices
    if case.withdrawal is not None:
        return (Merge(), *notices)
    if case.awaited:
        return (*_deliveries(case.awaited), *notices)
    reached = verdict(case)
    if reached is CaseOutcome.INSPECTION_REQUIRED:
        return (Order(), *notices)
    if reached is not CaseOutcome.SUPPLEMENT_REQUIRED:
        return (Merge(), *notices)
    return notices if case.status is CaseStatus.AWAITING_TRADER else (Ask(), *notices)


def _deliveries(parts: Iterable[Part]) -> tuple[Work, ...]:
    return tuple(
        Deliver(agency=part.agency, message_id=part.message_id, kind=part.kind) for part in parts if part.undelivered
    )
