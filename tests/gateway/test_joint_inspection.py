"""One order for several agencies' inspections."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onewindow.codecs.messages.common import GoodsLocation
from onewindow.codecs.messages.reply import Inspection, Slot
from onewindow.gateway.joint_inspection import joint_inspection

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def slot(start_hour: int, end_hour: int) -> Slot:
    return Slot(start_date_time=DAY + timedelta(hours=start_hour), end_date_time=DAY + timedelta(hours=end_hour))


def test_no_wishes_make_no_order() -> None:
    """Where nobody wants to see the goods there is no inspection."""
    assert joint_inspection({}) is None


def test_a_time_that_suits_all_makes_one_visit() -> None:
    """Agencies whose slots overlap come together, at the earliest time that suits them all."""
    order = joint_inspection(
        {
            "customs": Inspection(slot=(slot(8, 10), slot(13, 17)), item_sequence_numeric=(1, 3)),
            "quality-inspection": Inspection(
                goods_location=GoodsLocation(id="CNSHA-W7"), slot=(slot(14, 16),), item_sequence_numeric=(2, 3)
            ),
        }
    )
    assert order is not None
    assert [(visit.start_date_time, visit.end_date_time, visit.agency_code) for visit in order.visit] == [
        (DAY + timedelta(hours=14), DAY + timedelta(hours=16), ("customs", "quality-inspection"))
    ]
    assert (1, 2, 3) == order.item_sequence_numeric
    assert order.goods_location == GoodsLocation(id="CNSHA-W7")


def test_slots_that_never_meet_make_one_visit_after_another() -> None:
    """Agencies with no common time come in their earliest slots, in order of time."""
    order = joint_inspection(
        {
            "customs": Inspection(slot=(slot(13, 15),), item_sequence_numeric=(1,)),
            "quality-inspection": Inspection(slot=(slot(9, 11), slot(16, 17)), item_sequence_numeric=(1,)),
        }
    )
    assert order is not None
    assert [(visit.start_date_time, visit.agency_code) for visit in order.visit] == [
        (DAY + timedelta(hours=9), ("quality-inspection",)),
        (DAY + timedelta(hours=13), ("customs",)),
    ]


_slots = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 8)).map(lambda pair: slot(pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=6,
).map(tuple)


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), _slots, min_size=1))
def test_every_agency_visits_once_within_a_slot_of_its_own(offers: dict[str, tuple[Slot, ...]]) -> None:
    """No agency is left out or ordered twice, and none is ordered to a time it did not offer."""
    order = joint_inspection({code: Inspection(slot=slots) for code, slots in offers.items()})
    assert order is not None
    assert sorted(offers) == sorted(code for visit in order.visit for code in visit.agency_code)
    for visit in order.visit:
        assert visit.start_date_time < visit.end_date_time
        for code in visit.agency_code:
            assert any(
                offered.start_date_time <= visit.start_date_time and visit.end_date_time <= offered.end_date_time
                for offered in offers[code]
            )
