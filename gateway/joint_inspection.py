"""One order for the inspections that several agencies want to make of the same goods."""

from collections.abc import Mapping
from datetime import datetime

from ..codecs.messages.common import Visit
from ..codecs.messages.reply import Inspection, Slot
from ..codecs.messages.response import JointInspection


def joint_inspection(wishes: Mapping[str, Inspection]) -> JointInspection | None:
    """The order for the agencies' wishes by agency code, or None where nobody wants to see the goods.

    Nobody comes before the latest of the agencies' first slots: one that is not told when the goods arrive proposes
    times at which they are not there yet, one that is told does not. From then on as many agencies as possible come
    together, as early as possible, for as long as all of them are free; those left over likewise, until all have come.
    An agency whose slots are all over by then joins the first visit. The place is the first that an agency names; the
    items are all that any agency wants to see.
    """
    if not wishes:
        return None
    places = (wish.goods_location for wish in wishes.values() if wish.goods_location is not None)
    return JointInspection(
        goods_location=next(places, None),
        visit=_visits({code: wish.slot for code, wish in wishes.items()}),
        item_sequence_numeric=tuple(sorted({item for wish in wishes.values() for item in wish.item_sequence_numeric})),
    )


def _visits(offers: Mapping[str, tuple[Slot, ...]]) -> tuple[Visit, ...]:
    earliest = max(min(slot.start_date_time for slot in slots) for slots in offers.values())
    still = {code: tuple(slot for slot in slots if slot.end_date_time > earliest) for code, slots in offers.items()}
    waiting = {code: slots for code, slots in still.items() if slots}
    meetings: list[tuple[datetime, datetime, frozenset[str]]] = []
    while waiting:
        starts = sorted({max(slot.start_date_time, earliest) for slots in waiting.values() for slot in slots})
        meeting = max((_meeting(waiting, start) for start in starts), key=lambda found: len(found[2]))
        meetings.append(meeting)
        waiting = {code: slots for code, slots in waiting.items() if code not in meeting[2]}
    meetings.sort(key=lambda meeting: (meeting[0], sorted(meeting[2])))
    late = frozenset(code for code, slots in still.items() if not slots)
    return tuple(
        Visit(
            start_date_time=start,
            end_date_time=end,
            agency_code=tuple(code for code in offers if code in present or (place == 0 and code in late)),
        )
        for place, (start, end, present) in enumerate(meetings)
    )


def _meeting(offers: Mapping[str, tuple[Slot, ...]], start: datetime) -> tuple[datetime, datetime, frozenset[str]]:
    """Who is free from `start` on, and until when all of them are."""
    ends = {
        code: max(slot.end_date_time for slot in slots if _holds(slot, start))
        for code, slots in offers.items()
        if any(_holds(slot, start) for slot in slots)
    }
    return start, min(ends.values()), frozenset(ends)


def _holds(slot: Slot, at: datetime) -> bool:
    return slot.start_date_time <= at < slot.end_date_time
