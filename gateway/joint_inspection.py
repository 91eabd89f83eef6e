"""One order for the inspections that several agencies want to make of the same goods."""

from collections.abc import Mapping
from datetime import datetime

from ..codecs.messages.reply import Inspection, Slot
from ..codecs.messages.response import JointInspection, Visit


def joint_inspection(wishes: Mapping[str, Inspection]) -> JointInspection | None:
    """The order for the agencies' wishes by agency code, or None where nobody wants to see the goods.

    Where one time suits every agency there is a single visit, as early as possible, for as long as all of them are
    free. Otherwise each agency comes in its earliest slot, one visit after another. The place is the first that an
    agency names; the items are all that any agency wants to see.
    """
    if not wishes:
        return None
    shared = _shared_slot(tuple(wish.slot for wish in wishes.values()))
    if shared is not None:
        start, end = shared
        visits: tuple[Visit, ...] = (Visit(start_date_time=start, end_date_time=end, agency_code=tuple(wishes)),)
    else:
        earliest = {code: min(wish.slot, key=lambda slot: slot.start_date_time) for code, wish in wishes.items()}
        visits = tuple(
            Visit(start_date_time=slot.start_date_time, end_date_time=slot.end_date_time, agency_code=(code,))
            for code, slot in sorted(earliest.items(), key=lambda wanted: (wanted[1].start_date_time, wanted[0]))
        )
    places = (wish.goods_location for wish in wishes.values() if wish.goods_location is not None)
    return JointInspection(
        goods_location=next(places, None),
        visit=visits,
        item_sequence_numeric=tuple(sorted({item for wish in wishes.values() for item in wish.item_sequence_numeric})),
    )


def _shared_slot(offers: tuple[tuple[Slot, ...], ...]) -> tuple[datetime, datetime] | None:
    starts = sorted({slot.start_date_time for slots in offers for slot in slots})
    for start in starts:
        ends = [max((slot.end_date_time for slot in slots if _holds(slot, start)), default=None) for slots in offers]
        if all(end is not None for end in ends):
            return start, min(end for end in ends if end is not None)
    return None


def _holds(slot: Slot, at: datetime) -> bool:
    return slot.start_date_time <= at < slot.end_date_time
