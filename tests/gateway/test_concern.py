"""Concerns: which declarations meet an agency's condition, and what is said of those that do not."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.amending import amended, item
from support.declarations import ISSUED
from support.declared import declarations

from onewindow.agencies.criterion import PATTERN_COUNT_MAX, covers
from onewindow.codecs.messages.codes import CountryCode, DeclarationType
from onewindow.codecs.messages.common import Classification
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway.concern import Concern, flaws
from onewindow.gateway.distribution import REASON_CHARS_MAX
from onewindow.gateway.sample import sample

RULE = "procedures.import.when.tax"
TWO = sample(2, DeclarationType.IM, "CONCERN-1", ISSUED)
"""A pump from Switzerland (84137099) and wine from France (22042100), both under regime 0110."""

_patterns = st.lists(
    st.sampled_from(["01-24", "22", "8413", "8501-8708", "!2204", "!84", "0110", "06", "!0110", "CH", "FR", "!CN"]),
    min_size=1,
    max_size=4,
)


def concern(**criteria: tuple[str, ...]) -> Concern:
    """A condition."""
    return Concern(RULE, criteria)


@pytest.mark.parametrize(
    ("criteria", "met"),
    [
        ({"hs": ("01-24",)}, True),
        ({"hs": ("84",)}, True),
        ({"hs": ("85",)}, False),
        ({"hs": ("22",), "origin": ("FR",)}, True),
        ({"hs": ("22",), "origin": ("CH",)}, False),
        ({"origin": ("!FR", "!CH")}, False),
        ({"origin": ("!FR",)}, True),
        ({"regime": ("0110",)}, True),
        ({"regime": ("06", "!0110")}, False),
        ({"hs": ("22",), "origin": ("FR",), "regime": ("!0110",)}, False),
    ],
)
def test_one_item_has_to_meet_all_criteria(criteria: dict[str, tuple[str, ...]], met: bool) -> None:
    """A declaration meets a condition where one of its items meets every criterion, not one each."""
    assert met is concern(**criteria).meets(TWO)


def test_any_of_an_items_codes_counts() -> None:
    """An item that is classified more than once is judged by each of its codes."""
    codes = TWO.goods_shipment.government_agency_goods_item[0].commodity.classification
    second = Classification(id="010121", identification_type_code=codes[0].identification_type_code)
    twice = amended(TWO, item("commodity.classification"), (*codes, second))
    condition = concern(hs=("01",))
    assert (False, True) == (condition.meets(TWO), condition.meets(twice))


@given(
    declaration=declarations(),
    hs=st.none() | _patterns,
    origin=st.none() | st.lists(st.sampled_from(["CH", "FR", "!CN", "!IT"]), min_size=1, max_size=3),
    regime=st.none() | st.lists(st.sampled_from(["0110", "06", "!2600", "0000-0999"]), min_size=1, max_size=3),
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_items_decide_and_nothing_else(
    declaration: Declaration, hs: list[str] | None, origin: list[str] | None, regime: list[str] | None
) -> None:
    """Whatever is declared, a condition is met exactly where an item's code, origin and regime are covered."""
    given_ = {"hs": hs, "origin": origin, "regime": regime}
    criteria = {name: tuple(patterns) for name, patterns in given_.items() if patterns is not None}
    items = declaration.goods_shipment.government_agency_goods_item
    met = any(
        covers(tuple(hs or ()), each.commodity.classification[0].id)
        and covers(tuple(origin or ()), each.origin.country_code)
        and covers(tuple(regime or ()), each.government_procedure.current_code)
        for each in items
    )
    assert met == Concern(RULE, criteria).meets(declaration)
    richer = replace(declaration, invoice_amount=replace(declaration.invoice_amount, value=Decimal("0.01")))
    assert met == Concern(RULE, criteria).meets(richer)


def test_the_absence_names_the_rule() -> None:
    """Why an agency is not asked is said by the configuration's key and the criteria, in both languages."""
    words = concern(origin=("JP", "!CN"), hs=("01-24", "!0301")).absence
    assert f"No goods item meets {RULE} (HS code 01-24, not 0301; origin JP, not CN), so this agency" in words.en
    assert f"没有商品项符合 {RULE}（商品编码 01-24，不含0301；原产地 JP，不含CN）" in words.zh


def test_the_longest_absence_fits_a_response() -> None:
    """However long a condition is, its words keep the schema of the response."""
    longest = concern(
        hs=("!8501100000-8501109999",) * PATTERN_COUNT_MAX,
        regime=("!1000-1999",) * PATTERN_COUNT_MAX,
        origin=("!CN",) * PATTERN_COUNT_MAX,
    )
    words = Concern(f"procedures.import.when.{'x' * 100}", longest.criteria).absence
    assert max(len(words.en), len(words.zh)) <= REASON_CHARS_MAX
    assert "and 288 more" in words.en
    assert "共 300 项" in words.zh


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, [("", "name at least one of hs, regime, origin")]),
        ({"orign": ("CN",)}, [("orign", "there is no criterion orign; allowed: hs, regime, origin")]),
        ({"hs": ()}, [("hs", "name 1 to 300")]),
        ({"hs": ("8504-8501",)}, [("hs", '"8504-8501" is not allowed; allowed are HS codes of 2, 4, 6, 8 or 10')]),
        ({"regime": ("10000",)}, [("regime", '"10000" is not allowed; allowed are procedure codes of 1 to 4')]),
        ({"origin": ("china", "XX")}, [("origin", '"china" is not allowed'), ("origin", '"XX" is not allowed')]),
        ({"origin": tuple(CountryCode), "hs": ("!01-24",), "regime": ("0110",)}, []),
    ],
)
def test_flaws(criteria: dict[str, tuple[str, ...]], found: list[tuple[str, str]]) -> None:
    """What can't be applied is named by its criterion, with what is allowed, in both languages."""
    flawed = list(flaws(Concern(RULE, criteria)))
    assert [name for name, _ in found] == [name for name, _ in flawed]
    assert all(words.en.startswith(start) and words.zh for (_, start), (_, words) in zip(found, flawed, strict=True))
