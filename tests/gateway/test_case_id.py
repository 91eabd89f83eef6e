"""Identifiers of cases."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.case_id import PATTERN, case_id, earliest

_times = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)).map(lambda time: time.replace(tzinfo=UTC))  # noqa: DTZ001
_randomness = st.binary(min_size=10, max_size=10)


@given(_times, _randomness)
def test_an_id_is_a_uuid_of_version_seven(now: datetime, randomness: bytes) -> None:
    """Every id is a UUID of version 7 in the variant of RFC 9562 and says the millisecond of its case."""
    made = case_id(now, randomness)
    assert PATTERN.fullmatch(made)
    uuid = UUID(made)
    assert (7, "specified in RFC 4122") == (uuid.version, uuid.variant)
    assert int(now.timestamp() * 1000) == uuid.int >> 80


@given(_times, _randomness, _randomness)
def test_a_later_case_sorts_after_an_earlier_one(now: datetime, first: bytes, second: bytes) -> None:
    """Ids sort by the time of their cases, to the millisecond."""
    assert case_id(now, first) < case_id(now + timedelta(milliseconds=2), second)


@given(_times, _randomness, _randomness)
def test_cases_of_one_moment_have_different_ids(now: datetime, first: bytes, second: bytes) -> None:
    """Of ten random bytes all but the six bits that RFC 9562 fixes tell two cases of one moment apart."""
    kept = [int.from_bytes(each, "big") & ~(0xF << 76) & ~(0x3 << 62) for each in (first, second)]
    assert (kept[0] == kept[1]) == (case_id(now, first) == case_id(now, second))


@given(_times, _times, _randomness)
def test_ids_of_a_time_and_later(start: datetime, received: datetime, randomness: bytes) -> None:
    """What marks a time comes before the ids of all cases received then or later, and after those a millisecond before.

    So it is with the millisecond after it, which marks where a time has ended.
    """
    made = case_id(received, randomness)
    if received >= start:
        assert earliest(start) < made
    else:
        assert made < earliest(start, 1)
    assert earliest(start) < case_id(start, randomness) < earliest(start, 1)
    assert case_id(start - timedelta(milliseconds=2), randomness) < earliest(start)


def test_all_ids_come_after_times_that_have_none() -> None:
    """A time before 1970, which no id can say, comes before all ids."""
    assert earliest(datetime.min.replace(tzinfo=UTC)) < case_id(datetime(1970, 1, 1, tzinfo=UTC), bytes(10))
    assert case_id(datetime(9999, 12, 31, tzinfo=UTC), bytes(10)) < earliest(datetime.max.replace(tzinfo=UTC), 1)
