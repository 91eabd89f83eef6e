"""Sharing amounts out."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onewindow.agencies.apportionment import apportion
from onewindow.agencies.yuan import CENT

totals = st.integers(0, 10**15).map(lambda cents: cents * CENT)
weights = st.lists(st.integers(0, 10**15).map(lambda cents: cents * CENT), min_size=1, max_size=50)


@given(totals, weights)
@example(Decimal("0.01"), [Decimal(1), Decimal(1), Decimal(1)])
@example(Decimal("100.00"), [Decimal(0), Decimal(0), Decimal(0)])
@example(Decimal("9999999999999.99"), [Decimal("0.01"), Decimal("9999999999999.99")])
def test_no_cent_is_lost(total: Decimal, shares: list[Decimal]) -> None:
    """The shares add up to the total exactly, whatever the weights."""
    assert total == sum(apportion(total, shares))


@given(totals, weights)
def test_shares_are_proportional(total: Decimal, shares: list[Decimal]) -> None:
    """No share is a cent or more away from its exact proportion, and none is negative."""
    whole = int(sum(shares) * 100)
    for weight, share in zip(shares, apportion(total, shares), strict=True):
        assert share >= 0
        if whole:
            off = int(share * 100) * whole - int(total * 100) * int(weight * 100)
            assert abs(off) < whole


def test_left_over_cents_go_to_the_largest_remainders() -> None:
    """Of 1.00 by weights 1, 1 and 4 the cents 16.7, 16.7 and 66.7 round so that the earlier of two equals gains."""
    assert (Decimal("0.17"), Decimal("0.17"), Decimal("0.66")) == apportion(
        Decimal("1.00"), [Decimal(1), Decimal(1), Decimal(4)]
    )


def test_weights_of_any_scale() -> None:
    """Weights with more decimals than cents share exactly."""
    assert (Decimal("0.25"), Decimal("0.75")) == apportion(Decimal("1.00"), [Decimal("0.0001"), Decimal("0.0003")])


def test_nothing_to_share_over() -> None:
    """Without items there is nothing to share an amount out over."""
    with pytest.raises(ValueError, match="nothing to share"):
        apportion(Decimal("1.00"), [])
