"""Payments of a bill: they are recorded once whoever keeps the treasury's books has confirmed them.

A treasury is a plug-in: an object under the entry-point group `onewindow.treasuries`, named in `[payment] treasury`.
"""

from importlib.metadata import entry_points
from typing import Protocol

import msgspec

from .case import Money

GROUP = "onewindow.treasuries"

REFERENCE = "reference"
"""The treasury for trials, which is always there."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says that a case's bill was paid; `reference` is the payer's or the bank's."""

    case_id: str
    reference: str
    money: Money


class Treasury(Protocol):
    """Who knows what was paid."""

    async def confirm(self, claim: Claim) -> bool:
        """Whether the payment was made as it is claimed. Raises TreasuryUnavailable where nobody can say just now."""


class TreasuryUnavailable(Exception):
    """The treasury can't be asked just now; trying later may help."""


class ReferenceTreasury:
    """Confirms whatever is claimed: for trials, where no money moves."""

    async def confirm(self, claim: Claim) -> bool:
        """True."""
        return True


def installed() -> tuple[str, ...]:
    """The names of the treasuries that can be had."""
    return (REFERENCE, *sorted(entry_point.name for entry_point in entry_points(group=GROUP)))


def treasury(name: str) -> Treasury:
    """The treasury of this name, one of `installed`. Raises LookupError where it is none of them."""
    if name == REFERENCE:
        return ReferenceTreasury()
    found: Treasury = entry_points(group=GROUP)[name].load()
    return found
