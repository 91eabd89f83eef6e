"""The ways to the agencies, as the configuration names them."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final

from ..agencies.agency import AnyAgency
from ..agencies.desk import Desk
from ..agencies.inprocess import InProcess
from ..agencies.ledger import MemoryLedger, SqliteLedger
from ..agencies.simulated import Simulated
from ..agencies.transport import Transport
from .agency_latency import latency
from .config import AgencyConfig, Config

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
    return {code: _simulated(inside, config.agency(code)) for code in agencies}


def _simulated(inner: Transport, own: AgencyConfig) -> Transport:
    """The transport, slowed down and failing as the configuration says."""
    if own.latency is None and not own.error_rate:
        return inner
    times = None if own.latency is None else latency(own.latency)
    return Simulated(inner, times, own.error_rate, own.seed, asyncio.sleep)


def _inside(config: Config, agencies: Mapping[str, AnyAgency], clock: Callable[[], datetime]) -> InProcess:
    desks = {}
    for code, agency in agencies.items():
        path = config.agency(code).ledger
        entries = LEDGER_ENTRIES * config.gateway.max_inflight
        ledger = MemoryLedger(entries) if path is None else SqliteLedger(path)
        desks[code] = Desk(agency, ledger, clock, test_mode=config.gateway.test_mode)
    return InProcess(
        desks,
        {code: config.agency(code).delay for code in agencies},
        {code: config.agency(code).by_hand for code in agencies},
    )
