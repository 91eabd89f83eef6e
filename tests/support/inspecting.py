"""Orders to inspect, as the window would give them, for tests of the case alone."""

from datetime import datetime

from onewindow.codecs.digest import digest
from onewindow.codecs.messages.codes import ReplyOutcome
from onewindow.gateway.case import Case
from onewindow.gateway.commands import OrderInspection, Reply
from onewindow.gateway.events import InspectionOrder
from onewindow.gateway.life import unordered
from onewindow.gateway.message_id import INSPECTION, following


def ordering(case: Case, *visit: datetime) -> OrderInspection:
    """The command that gives every agency which wants to see the goods its order, perhaps with a time."""
    return OrderInspection(
        orders=tuple(
            InspectionOrder(
                agency=part.agency,
                message_id=following(part.message_id, INSPECTION),
                message_digest=digest(part.agency.encode()),
                visit=(visit[0], visit[1]) if visit else None,
            )
            for part in unordered(case)
        )
    )


def result(case: Case, agency: str, now: datetime, outcome: ReplyOutcome = ReplyOutcome.APPROVED) -> Reply:
    """What an agency answers to its order once it has seen the goods."""
    order = next(each for each in case.orders if each.agency == agency)
    return Reply(
        agency=agency,
        message_id=order.message_id,
        outcome=outcome,
        agency_reference=f"{agency}-8",
        decided_at=now,
        digest=digest(order.message_id.encode()),
    )
