"""Inspection orders: when and where the agencies that want to see the goods do so, together where they can."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ..codecs import INSPECTION_ORDER
from ..codecs.digest import digest
from ..codecs.messages.common import Visit
from ..codecs.messages.inspection_order import InspectionOrder
from ..codecs.messages.reply import Inspection, Reply
from ..codecs.messages.response import JointInspection
from . import events, message_id
from .case import Case, Part
from .joint_inspection import joint_inspection
from .life import unordered


class Ordering(msgspec.Struct, frozen=True):
    """An order as the journal has it and as its bytes."""

    order: events.InspectionOrder
    body: bytes


def orderings(case: Case, replies: Mapping[str, Reply], now: datetime) -> tuple[Ordering, ...]:
    """An order for each agency that wants to see the goods and has none yet; `replies` by agency code."""
    wanting = unordered(case)
    joint = joint_inspection(_wishes(wanting, replies))
    return tuple(_ordering(case, part, joint, now) for part in wanting)


def _wishes(parts: tuple[Part, ...], replies: Mapping[str, Reply]) -> dict[str, Inspection]:
    found = {part.agency: replies[part.agency].inspection for part in parts}
    return {agency: wish for agency, wish in found.items() if wish is not None}


def _ordering(case: Case, part: Part, joint: JointInspection | None, now: datetime) -> Ordering:
    identifier = message_id.following(part.message_id, message_id.INSPECTION)
    visits = () if joint is None else joint.visit
    # An agency that proposed no time of its own comes with the first who did.
    visit = next((each for each in visits if part.agency in each.agency_code), next(iter(visits), None))
    body = INSPECTION_ORDER.encode_xml(
        InspectionOrder(
            message_id=identifier,
            referred_message_id=part.message_id,
            agency_code=part.agency,
            agency_reference_id=part.agency_reference,
            functional_reference_id=case.reference,
            issue_date_time=now,
            goods_location=None if joint is None else joint.goods_location,
            visit=visit,
            item_sequence_numeric=() if joint is None else joint.item_sequence_numeric,
        )
    )
    order = events.InspectionOrder(
        agency=part.agency,
        message_id=identifier,
        message_digest=digest(body),
        visit=None if visit is None else (visit.start_date_time, visit.end_date_time),
    )
    return Ordering(order, body)


def inspected(case: Case, replies: Mapping[str, Reply]) -> JointInspection | None:
    """The inspection as it was ordered, or None where none was; `replies` are those that asked for it."""
    ordered = tuple(part for part in case.parts if case.order(part) is not None)
    joint = joint_inspection(_wishes(ordered, replies))
    if joint is None:
        return None
    attending: dict[tuple[datetime, datetime], list[str]] = {}
    for order in case.orders:
        if order.visit is not None:
            attending.setdefault(order.visit, []).append(order.agency)
    return msgspec.structs.replace(
        joint,
        visit=tuple(
            Visit(start_date_time=start, end_date_time=end, agency_code=tuple(agencies))
            for (start, end), agencies in sorted(attending.items())
        ),
    )
