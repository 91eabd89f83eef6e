"""Settlement: what remains of a case once it is decided, or beside its being decided.

Goods that are cleared may be released at once or when the bill is paid, as their procedure has it. A case is cleared in
the full sense once they are released, the bill is paid and every deferred document has come. Neither changes the signed
response: it says what was decided, the case says what followed.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from .case import Case, CaseStatus, Deferral, Money, Payment, Rating, ReleaseRule
from .commands import Forbidden, Rate, ReceiveDocument, RecordPayment
from .events import Cleared, DocumentOverdue, DocumentReceived, Paid, Rated, Released
from .notice import noted
from .outcome import RELEASED

Settlement = DocumentReceived | DocumentOverdue | Paid | Released | Cleared | Rated
"""The events that settle."""


def settled(case: Case, command: ReceiveDocument | RecordPayment | Rate, now: datetime) -> tuple[Settlement, ...]:
    """The events of a document that came, a payment, or a rating; none where it is there already.

    Raises Forbidden: `document-not-awaited`, `document-differs` (another came before), `not-decided-yet`,
    `not-awaiting-payment`, `payment-differs` (the reference was used for another amount), `payment-too-much`,
    `rated-already`.
    """
    if isinstance(command, Rate):
        return _rated(case, command, now)
    first: DocumentReceived | Paid
    if isinstance(command, ReceiveDocument):
        deferral = next((each for each in case.deferred if _is(each, command.type_code, command.document_id)), None)
        if deferral is None or not case.is_owed_documents:
            raise Forbidden("document-not-awaited")
        if deferral.received_at is not None:
            if deferral.digest != command.digest:
                raise Forbidden("document-differs")
            return ()
        first = DocumentReceived(
            at=now,
            type_code=command.type_code,
            document_id=command.document_id,
            digest=command.digest,
            notices=command.notices,
        )
    else:
        earlier = next((each for each in case.payments if each.reference == command.reference), None)
        if earlier is not None:
            if earlier.money != command.money:
                raise Forbidden("payment-differs")
            return ()
        _check_payment(case, command.money)
        first = Paid(at=now, reference=command.reference, money=command.money)
    return (first, *_consequences(evolve_settled(case, first), now))


def _rated(case: Case, command: Rate, now: datetime) -> tuple[Rated, ...]:
    if case.status is not CaseStatus.DECIDED:
        raise Forbidden("not-decided-yet")
    if case.rating is not None:
        if (case.rating.score, case.rating.comment) != (command.score, command.comment):
            raise Forbidden("rated-already")
        return ()
    return (Rated(at=now, score=command.score, comment=command.comment),)


def _check_payment(case: Case, money: Money) -> None:
    if case.status is not CaseStatus.DECIDED:
        raise Forbidden("not-decided-yet")
    if not due(case):
        raise Forbidden("not-awaiting-payment")
    if money.amount > due(case).get(money.currency, Decimal(0)):
        raise Forbidden("payment-too-much")


def _is(deferral: Deferral, type_code: str, document_id: str) -> bool:
    return (deferral.document.type_code, deferral.document.document_id) == (type_code, document_id)


def due(case: Case) -> dict[str, Decimal]:
    """What is still to be paid, by currency; a currency that is paid in full has no entry."""
    rest = {money.currency: money.amount for money in case.payable}
    for payment in case.payments:
        rest[payment.money.currency] -= payment.money.amount
    return {currency: amount for currency, amount in rest.items() if amount > 0}


def released_at(case: Case) -> datetime | None:
    """From when the goods may move, or None where they may not."""
    if case.outcome not in RELEASED:
        return None
    waits = case.release is ReleaseRule.AFTER_PAYMENT and case.payable
    return case.released if waits else case.decided_at


def cleared_at(case: Case) -> datetime | None:
    """When everything was settled, or None where something is not."""
    if case.outcome not in RELEASED or due(case) or case.missing:
        return None
    return case.cleared or case.decided_at


def _consequences(case: Case, now: datetime) -> Iterator[Released | Cleared]:
    """What follows from a payment or a document that is in this case already."""
    if case.outcome not in RELEASED or due(case):
        return
    if released_at(case) is None:
        yield Released(at=now)
    if not case.missing:
        yield Cleared(at=now)


def evolve_settled(case: Case, event: Settlement) -> Case:
    """The case after one of these events."""
    sequence = case.sequence + 1
    match event:
        case DocumentReceived():
            changed = _with_deferral(case, event, received_at=event.at, digest=event.digest)
            return msgspec.structs.replace(
                changed, sequence=sequence, notices=(*case.notices, *noted(case, event.notices))
            )
        case DocumentOverdue():
            return msgspec.structs.replace(_with_deferral(case, event, overdue_at=event.at), sequence=sequence)
        case Paid():
            payment = Payment(at=event.at, reference=event.reference, money=event.money)
            return msgspec.structs.replace(case, sequence=sequence, payments=(*case.payments, payment))
        case Released():
            return msgspec.structs.replace(case, sequence=sequence, released=event.at)
        case Cleared():
            return msgspec.structs.replace(case, sequence=sequence, cleared=event.at)
        case Rated():
            rating = Rating(at=event.at, score=event.score, comment=event.comment)
            return msgspec.structs.replace(case, sequence=sequence, rating=rating)


def _with_deferral(case: Case, event: DocumentReceived | DocumentOverdue, **changes: object) -> Case:
    deferred = tuple(
        msgspec.structs.replace(each, **changes) if _is(each, event.type_code, event.document_id) else each
        for each in case.deferred
    )
    return msgspec.structs.replace(case, deferred=deferred)
