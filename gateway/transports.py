"""The ways to the agencies, as the configuration names them."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final

from ..agencies.agency import AnyAgency
from ..agencies.desk import Desk
from ..agencies.inprocess import InProcess
from ..agencies.ledger import MemoryLedger, SqliteLedger
from ..agencies.transport import Transport
from .config import Config

LEDGER_ENTRIES: Final = 4
"""Answers that a reference desk without a ledger file remembers, for each case that may be in hand."""


async def open_transports(
    config: Config,
    agencies: Mapping[str, AnyAgency],
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
) -> dict[str, Transport]:
    """The transport of each agency by its code; the stack closes those that hold connections."""
    inside = _inside(config, agencies, clock)
    return dict.fromkeys(agencies, inside)


def _inside(config: Config, agencies: Mapping[str, AnyAgency], clock: Callable[[], datetime]) -> InProcess:
    desks = {}
    for code, agency in agencies.items():
        path = config.agency(code).ledger
        entries = LEDGER_ENTRIES * config.gateway.max_inflight
        desks[code] = Desk(agency, MemoryLedger(entries) if path is None else SqliteLedger(path), clock)
    return InProcess(
        desks,
        {code: config.agency(code).delay for code in agencies},
        {code: config.agency(code).by_hand for code in agencies},
    )
