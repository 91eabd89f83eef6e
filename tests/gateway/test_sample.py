"""Sample declarations: valid in any size, the same for the same arguments, with outcomes worth looking at."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onewindow.agencies.registry import installed
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import CaseOutcome, DeclarationType
from onewindow.gateway.intake import check
from onewindow.gateway.outcome import outcome
from onewindow.gateway.sample import ITEM_COUNT_MAX, sample

AT = datetime(2026, 3, 2, 8, 30, 15, 123456, tzinfo=UTC)


def decided(items: int, type_code: DeclarationType) -> tuple[CaseOutcome, frozenset[str]]:
    """What the reference agencies make of a sample, and which of them want to see goods."""
    declaration = sample(items, type_code, "SAMPLE-1", AT)
    replies = {}
    for code, agency in installed().items():
        message = agency.split(declaration)
        if message is not None and agency.assess is not None:
            replies[code] = agency.assess(message, f"case/{code}/1", AT)
    verdict = outcome(reply.outcome_code for reply in replies.values())
    return verdict, frozenset(code for code, reply in replies.items() if reply.inspection is not None)


@settings(max_examples=10, deadline=None)
@given(items=st.integers(1, ITEM_COUNT_MAX), type_code=st.sampled_from(DeclarationType))
@example(items=1, type_code=DeclarationType.IM)
@example(items=ITEM_COUNT_MAX, type_code=DeclarationType.IM)
@example(items=ITEM_COUNT_MAX, type_code=DeclarationType.EX)
def test_valid_in_any_size(items: int, type_code: DeclarationType) -> None:
    """A sample of any size and type is valid by schema and rules, and its XML and JSON say the same."""
    declaration = sample(items, type_code, "SAMPLE-1", AT)
    assert () == check(declaration)
    assert declaration == DECLARATION.decode_xml(DECLARATION.encode_xml(declaration))
    assert declaration == DECLARATION.decode_json(DECLARATION.encode_json(declaration))


@given(items=st.integers(1, 30), type_code=st.sampled_from(DeclarationType))
@settings(max_examples=20, deadline=None)
def test_same_arguments_same_sample(items: int, type_code: DeclarationType) -> None:
    """Nothing but its arguments makes a sample."""
    first, second = (sample(items, type_code, "SAMPLE-1", AT) for _ in range(2))
    assert DECLARATION.encode_xml(first) == DECLARATION.encode_xml(second)


@pytest.mark.parametrize("items", [0, ITEM_COUNT_MAX + 1])
def test_number_of_items_has_limits(items: int) -> None:
    """A sample has 1 to 999 items, as a declaration has."""
    with pytest.raises(ValueError, match="1 to 999"):
        sample(items, DeclarationType.IM, "SAMPLE-1", AT)


@pytest.mark.parametrize(
    ("items", "type_code", "verdict"),
    [
        (1, DeclarationType.IM, CaseOutcome.CLEARED),
        (3, DeclarationType.IM, CaseOutcome.CLEARED_WITH_CONDITIONS),
        (9, DeclarationType.IM, CaseOutcome.CLEARED_WITH_CONDITIONS),
        (12, DeclarationType.IM, CaseOutcome.INSPECTION_REQUIRED),
        (1, DeclarationType.EX, CaseOutcome.CLEARED),
        (50, DeclarationType.EX, CaseOutcome.CLEARED),
    ],
)
def test_outcomes(items: int, type_code: DeclarationType, verdict: CaseOutcome) -> None:
    """Short samples are cleared, some with a condition; long imports are inspected."""
    assert verdict == decided(items, type_code)[0]


def test_two_agencies_want_to_see_a_long_import() -> None:
    """An import of twelve items shows a joint inspection."""
    assert frozenset({"customs", "quality-inspection"}) == decided(12, DeclarationType.IM)[1]
