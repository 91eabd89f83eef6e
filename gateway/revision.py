"""Revisions: what a supplement or an amendment makes of a case.

A revision is a whole declaration in place of the one before. Only agencies whose own message it changes, or that asked
for the supplement, are sent a message again; the others' parts stay as they are.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from ..codecs.messages.codes import ReplyOutcome
from .case import (
    Case,
    CaseStatus,
    Deferral,
    DeferredDocument,
    Part,
    PartState,
    Revision,
    RevisionKind,
    awaits_inspection,
)
from .commands import Amend, Forbidden, Supplement
from .events import Amended, Assignment, Supplemented
from .message_id import message_id
from .plan import ordered

REVISIONS_MAX = 99
"""Revisions of one declaration, the first included: an open case must not grow for ever."""


def revised(case: Case, command: Supplement | Amend, now: datetime) -> tuple[Supplemented | Amended, ...]:
    """The event of a revision; none where it is the revision that the case has already.

    Raises Forbidden: `case-decided`, `case-withdrawn`, `not-awaited` (a supplement that no agency waits for),
    `nothing-changed` (an amendment to what the declaration is already), `revisions-exhausted`.
    """
    if repeats(case, command):
        return ()
    if case.status is CaseStatus.DECIDED:
        raise Forbidden("case-decided")
    if case.withdrawal is not None:
        raise Forbidden("case-withdrawn")
    if isinstance(command, Supplement) and case.status is not CaseStatus.AWAITING_TRADER:
        raise Forbidden("not-awaited")
    if isinstance(command, Amend) and command.digest == case.declaration_digest:
        raise Forbidden("nothing-changed")
    if case.revision >= REVISIONS_MAX:
        raise Forbidden("revisions-exhausted")
    event = Supplemented if isinstance(command, Supplement) else Amended
    return (
        event(
            at=now,
            revision=case.revision + 1,
            digest=command.digest,
            media_type=command.media_type,
            plan=command.plan,
            asked=tuple(_asked(case, command)),
            deferred=command.deferred,
        ),
    )


def repeats(case: Case, command: Supplement | Amend) -> bool:
    """Is this the latest amendment, or any supplement, over again; whoever sent it did not hear our answer.

    The declaration as it stands, sent while the case waits for the trader, is no repetition: an agency may have asked
    for what is done elsewhere, such as having a registration put right, and has to look again.
    """
    if isinstance(command, Amend):
        latest = case.revisions[-1:]
        return any((each.kind, each.digest) == (RevisionKind.AMENDMENT, command.digest) for each in latest)
    if case.status is CaseStatus.AWAITING_TRADER and command.digest == case.declaration_digest:
        return False
    return any((each.kind, each.digest) == (RevisionKind.SUPPLEMENT, command.digest) for each in case.revisions)


def _asked(case: Case, command: Supplement | Amend) -> Iterator[str]:
    for assignment in command.plan:
        part = case.part(assignment.agency)
        if part is None or assignment.message_digest is None:
            continue
        order = case.order(part)
        outcome = part.outcome if order is None or order.outcome is None else order.outcome
        asking = isinstance(command, Supplement) and outcome is ReplyOutcome.SUPPLEMENT_REQUIRED
        if asking or assignment.message_digest != part.message_digest:
            yield assignment.agency


def evolve_revised(case: Case, event: Supplemented | Amended) -> Case:
    """The case in its new revision; parts with a new message begin anew, and what they were is past."""
    kind = RevisionKind.SUPPLEMENT if isinstance(event, Supplemented) else RevisionKind.AMENDMENT
    assignments = {assignment.agency: assignment for assignment in event.plan}
    parts: list[Part] = []
    past: list[Part] = []
    for part in case.parts:
        fresh = _revised_part(case, part, event, assignments.get(part.agency))
        parts.append(fresh)
        if fresh is not part and part.message_digest is not None:
            past.append(part)
    standing = ordered(tuple(parts))
    revisions = {(part.agency, part.revision) for part in standing}
    orders = tuple(order for order in case.orders if (order.agency, order.revision) in revisions)
    past += [order for order in case.orders if order not in orders]
    return msgspec.structs.replace(
        case,
        sequence=case.sequence + 1,
        status=CaseStatus.AWAITING_INSPECTION if awaits_inspection(standing, orders) else CaseStatus.PROCESSING,
        revision=event.revision,
        revisions=(*case.revisions, Revision(kind=kind, at=event.at, digest=event.digest)),
        parts=standing,
        past=(*case.past, *past),
        orders=orders,
        deferred=tuple(_deferral(case, document) for document in event.deferred),
    )


def _deferral(case: Case, document: DeferredDocument) -> Deferral:
    """A document that the new revision says will follow; one that has come already need not come again."""
    named = (document.type_code, document.document_id)
    for each in case.deferred:
        if (each.document.type_code, each.document.document_id) == named and each.received_at is not None:
            return each
    return Deferral(document=document)


def _revised_part(case: Case, part: Part, event: Supplemented | Amended, assignment: Assignment | None) -> Part:
    """The part in the new revision: an agency may become concerned by it, or cease to be."""
    if assignment is None:
        return part
    digest = assignment.message_digest
    if digest is None and part.message_digest is None:  # still not concerned, perhaps for another reason
        same = part.absence == assignment.reason
        return part if same else msgspec.structs.replace(part, absence=assignment.reason)
    if digest is not None and part.agency not in event.asked:
        return part
    return Part(
        agency=part.agency,
        state=PartState.NOT_CONCERNED if digest is None else PartState.READY,
        message_id=message_id(case.id, part.agency, event.revision),
        message_digest=digest,
        revision=event.revision,
        after=part.after,
        absence=assignment.reason,
    )
