"""Sharing an amount out over items so that no cent is lost."""

from collections.abc import Sequence
from decimal import Decimal
from math import lcm

from .yuan import CENT


def apportion(total: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share ``total`` out in proportion to ``weights``, in cents, by the largest remainder.

    total: an amount with at most two decimals, zero or more. weights: zero or more each; all zero means equal shares.
    The shares add up to ``total`` exactly and each is less than a cent away from its exact proportion; cents left over
    go to the largest remainders, the earlier item first where two are equal. Raises ValueError without weights.
    """
    if not weights:
        raise ValueError("nothing to share the amount out over")
    cents = int(total / CENT)
    scaled = _integers(weights) if any(weights) else [1] * len(weights)
    whole = sum(scaled)
    shares = [divmod(cents * weight, whole) for weight in scaled]
    left = cents - sum(share for share, _ in shares)
    largest = sorted(range(len(shares)), key=lambda index: -shares[index][1])[:left]
    extra = frozenset(largest)
    return tuple((share + (index in extra)) * CENT for index, (share, _) in enumerate(shares))


def _integers(weights: Sequence[Decimal]) -> list[int]:
    """The weights as integers in the same proportions: exact, where dividing decimals would round."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    denominator = lcm(*(other for _, other in ratios))
    return [numerator * denominator // other for numerator, other in ratios]
