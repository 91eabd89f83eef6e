"""The way to an agency that is checked: its transport, and the address at which it is heard."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ...agencies.agency import AnyAgency
from ...agencies.bus import Bus
from ...agencies.nats import Nats
from ...agencies.return_address import return_address
from ...agencies.transport import Transport, Unreachable
from ...codecs.causes import cause
from ..agency_check import Arrivals, BusBox, StandIn, hearing
from ..api.bus_replies import BusReplies
from ..config import BadConfig, Config
from ..transports import bus_of, open_transports, tokens
from .console import stderr
from .ending import NO, Stop
from .language import said
from .starting import not_taken

BUS_SECONDS_MAX: Final = 15.0
"""For the bus to be there, with the agency's consumer on it."""


class Way(Struct, frozen=True):
    """How an agency is reached and heard. deaf: why nobody hears what it brings by itself, where that is so."""

    transport: Transport
    stand_in: StandIn | None = None
    deaf: Stop | None = None


async def open_way(config: Config, agency: AnyAgency, run: str, stack: AsyncExitStack, *, listen: bool) -> Way:
    """The way to an agency; the stack closes it. run: what tells this check from others.

    Where the configuration's address can't be had that is an error for a mailbox and where that address was asked for
    (`listen`); otherwise it is said, and late answers are not heard. Raises Stop.
    """
    own = config.agency(agency.code)
    # A reference desk in this process keeps no book of the check: it may be the book of a gateway that is running.
    apart = replace(config, agencies={**config.agencies, agency.code: replace(own, ledger=None)})
    try:
        stand_in = StandIn(agency, config, tokens(config), Arrivals(), _now)
        if own.transport == "nats":
            return await _over_bus(config, agency, run, stack)
        if own.transport == "mailbox":
            transport: Transport = stand_in.box
        else:
            found = await open_transports(apart, {agency.code: agency}, _now, stack)
            transport = found[agency.code]
    except BadConfig as bad:
        raise not_taken(bad) from bad
    if own.transport == "inprocess":
        return Way(transport)
    try:
        url = await stack.enter_async_context(hearing(stand_in, config.gateway.host, config.gateway.port))
    except OSError as error:
        deaf = _unheard(config, agency.code, error)
        if listen or own.transport == "mailbox":
            raise deaf from error
        stderr().print(said(deaf.en, deaf.zh), style="mixed", soft_wrap=True)
        return Way(transport, deaf=deaf)
    words = said(f"The check stands in for the gateway at {url}", f"核查期间在 {url} 代行网关职责")
    stderr().print(words, style="quiet", markup=False, soft_wrap=True)
    return Way(transport, stand_in)


async def _over_bus(config: Config, agency: AnyAgency, run: str, stack: AsyncExitStack) -> Way:
    """The way over the bus, beside whatever gateway uses it too. Raises BadConfig, and Stop where it is not there."""
    bus, address = bus_of(config, [agency.code]), return_address(agency.code, run)
    box = BusBox(Nats(bus, agency.code, address))
    stand_in = StandIn(agency, config, tokens(config), Arrivals(), _now, box)
    BusReplies(stand_in, bus, run)
    await stack.enter_async_context(bus)
    try:
        async with asyncio.timeout(BUS_SECONDS_MAX):
            await bus.connected()
    except TimeoutError:
        raise _no_bus(bus) from None
    stack.push_async_callback(box.clear)
    where = f"{address} on {config.bus.url}"
    words = said(f"The check is answered at {where}", f"核查期间在总线 {config.bus.url} 的 {address} 接收答复")
    stderr().print(words, style="quiet", markup=False, soft_wrap=True)
    return Way(box, stand_in)


def _now() -> datetime:
    return datetime.now(UTC)


def _no_bus(bus: Bus) -> Stop:
    """What to do where the bus is not there, or can't be used."""
    url, why = bus.access.url, ""
    try:
        bus.client()
    except Unreachable as error:
        why = error.detail
    return Stop(
        NO,
        "bus-unreachable",
        f"The bus at {url} can't be used: {why}. Start it, or set [bus] to the right server and credentials.",
        f"无法使用总线 {url}。请启动总线，或在 [bus] 中更正地址和凭证。",
    )


def _unheard(config: Config, code: str, error: OSError) -> Stop:
    """What to do where the address at which the agency would be heard can't be had."""
    address, why = f"{config.gateway.host}:{config.gateway.port}", cause(error)
    return Stop(
        NO,
        "no-address",
        f"What {code} brings by itself can't be heard at {address}: {why.en}. Stop the gateway for the check, or give "
        "--listen HOST:PORT and point the agency there.",
        f"无法在 {address} 接收 {code} 主动提交的内容：{why.zh}。请在核查期间停止网关，"
        "或用 --listen 另设地址并让部门改连该地址。",
    )
