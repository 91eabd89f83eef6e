"""Identifiers of cases."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.case_id import PATTERN, case_id

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
