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


def visits(**offers: tuple[Slot, ...]) -> list[tuple[datetime, tuple[str, ...]]]:
    """Start and agencies of each visit ordered for these slots."""
    order = joint_inspection({code: Inspection(slot=slots) for code, slots in offers.items()})
    assert order is not None
    return [(visit.start_date_time, visit.agency_code) for visit in order.visit]


def hour(number: int) -> datetime:
    return DAY + timedelta(hours=number)


def test_slots_that_never_meet_make_one_visit_after_another() -> None:
    """Agencies with no common time come one after another, none before every agency could have come."""
    assert [(hour(13), ("customs",)), (hour(16), ("quality",))] == visits(
        customs=(slot(13, 15),), quality=(slot(9, 11), slot(16, 17))
    )


def test_those_who_can_come_together_do() -> None:
    """Agencies that share a slot make one visit, also where a third shares none with them."""
    assert [(hour(9), ("a", "c")), (hour(14), ("b",))] == visits(
        a=(slot(9, 12), slot(33, 36)), b=(slot(8, 9), slot(14, 15)), c=(slot(9, 12),)
    )


def test_nobody_comes_before_the_goods() -> None:
    """An agency that does not know the arrival comes once the others can, in a slot of its own if it has one."""
    known = (slot(57, 60), slot(81, 84))
    assert [(hour(57), ("market", "quality"))] == visits(market=(slot(9, 12), slot(57, 60)), quality=known)
    assert [(hour(57), ("market", "quality"))] == visits(market=(slot(9, 12), slot(33, 36)), quality=known)


_slots = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 8)).map(lambda pair: slot(pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=6,
).map(tuple)
_offers = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), _slots, min_size=1)


@given(_offers)
def test_every_agency_visits_once_within_a_slot_of_its_own(offers: dict[str, tuple[Slot, ...]]) -> None:
    """No agency is left out or ordered twice, nor to a time it did not offer, unless all its times are too early."""
    order = joint_inspection({code: Inspection(slot=slots) for code, slots in offers.items()})
    assert order is not None
    earliest = max(min(offered.start_date_time for offered in slots) for slots in offers.values())
    assert sorted(offers) == sorted(code for visit in order.visit for code in visit.agency_code)
    for place, visit in enumerate(order.visit):
        assert earliest <= visit.start_date_time < visit.end_date_time
        for code in visit.agency_code:
            is_offered = any(
                offered.start_date_time <= visit.start_date_time and visit.end_date_time <= offered.end_date_time
                for offered in offers[code]
            )
            too_early = all(offered.end_date_time <= earliest for offered in offers[code])
            assert is_offered or (too_early and place == 0)


@given(_offers, _slots)
def test_same_slots_same_visit(offers: dict[str, tuple[Slot, ...]], same: tuple[Slot, ...]) -> None:
    """Agencies that offer the same slots come together, whatever others offer."""
    order = joint_inspection({code: Inspection(slot=each) for code, each in ({"x": same, "y": same} | offers).items()})
    assert order is not None
    assert all(("x" in visit.agency_code) == ("y" in visit.agency_code) for visit in order.visit)
