"""The ways to the agencies, as the configuration names them."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

from ..agencies.agency import AnyAgency
from ..agencies.bus import Bus, BusAccess
from ..agencies.desk import Desk
from ..agencies.http import Access, Http
from ..agencies.inprocess import InProcess
from ..agencies.ledger import MemoryLedger, SqliteLedger
from ..agencies.mailbox import Mailbox
from ..agencies.nats import Consumer, Nats, laid_out
from ..agencies.simulated import Simulated
from ..agencies.transport import Transport
from ..codecs.bounded_file import read_file
from ..codecs.causes import cause
from ..codecs.finding import Text
from .agency_latency import latency
from .config import AgencyConfig, BadConfig, Config, Mistake
from .letters import reading
from .store.store import Store

LEDGER_ENTRIES: Final = 4
"""Answers that a reference desk without a ledger file remembers, for each case that may be in hand."""

TOKEN_CHARS_MAX: Final = 4096
TOKEN_BYTES_MAX: Final = 2 * TOKEN_CHARS_MAX
"""Of a token's file, with the white space that editors leave around it."""


async def open_transports(
    config: Config,
    agencies: Mapping[str, AnyAgency],
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
    store: Store | None = None,
) -> dict[str, Transport]:
    """The transport of each agency by its code; the stack closes them.

    store: what mailboxes read. Raises BadConfig where a file can't be used, and without a store for an agency that
    fetches its messages: nobody would take its replies.
    """
    inside = _inside(config, agencies, clock)
    transports: dict[str, Transport] = {}
    on_bus = [code for code in agencies if config.agency(code).transport == "nats"]
    bus = await stack.enter_async_context(bus_of(config, on_bus)) if on_bus else None
    for code in agencies:
        own = config.agency(code)
        if own.transport == "http":
            transports[code] = await stack.enter_async_context(_http(code, own, config))
        elif own.transport == "mailbox":
            transports[code] = _mailbox(code, own, config, _needed(code, own, store))
        elif own.transport == "nats" and bus is not None:
            _needed(code, own, store)
            transports[code] = Nats(bus, code)
        else:
            transports[code] = _simulated(inside, own)
    return transports


def _simulated(inner: Transport, own: AgencyConfig) -> Transport:
    """The transport, slowed down and failing as the configuration says."""
    if own.latency is None and not own.error_rate:
        return inner
    times = None if own.latency is None else latency(own.latency)
    return Simulated(inner, times, own.error_rate, own.seed, asyncio.sleep)


def _inside(config: Config, agencies: Mapping[str, AnyAgency], clock: Callable[[], datetime]) -> InProcess:
    desks = {}
    for code, agency in agencies.items():
        own = config.agency(code)
        if own.transport == "inprocess":
            entries = LEDGER_ENTRIES * config.gateway.max_inflight
            ledger = MemoryLedger(entries) if own.ledger is None else SqliteLedger(own.ledger)
            desks[code] = Desk(agency, ledger, clock, test_mode=config.gateway.test_mode)
    return InProcess(
        desks,
        {code: config.agency(code).delay for code in agencies},
        {code: config.agency(code).by_hand for code in agencies},
    )


def _needed(code: str, own: AgencyConfig, store: Store | None) -> Store:
    """The store, which only the gateway has. Raises BadConfig without one."""
    if store is None:
        key = f"agencies.{code}.transport"
        en, zh = ("mailbox", "信箱") if own.transport == "mailbox" else ("bus", "总线")
        text = Text(
            f"{code} fetches its messages from the gateway's {en}, and can't be reached from here",
            f"{code} 自行从网关{zh}领取报文，无法由此处送达",
        )
        raise BadConfig((Mistake("config.transport", key, key, text),))
    return store


def bus_of(config: Config, agencies: Collection[str]) -> Bus:
    """The bus, on which these agencies have their consumers. Raises BadConfig where a file can't be used."""
    own = config.bus
    access = BusAccess(
        url=own.url,
        credentials=own.credentials,
        ca=own.ca,
        certificate=own.certificate,
        private_key=own.private_key,
    )
    try:
        bus = Bus(access)
    except OSError as error:
        raise _unusable("bus.certificate" if own.credentials is None else "bus.credentials", error) from error
    except ValueError as error:
        key = "bus.credentials"
        text = Text(f"the file of {key} holds no NATS credentials", f"{key} 的文件不含 NATS 凭证")
        raise BadConfig((Mistake("config.transport", str(own.credentials), key, text),)) from error
    consumers = []
    for code in agencies:
        agency = config.agency(code)
        consumers.append(Consumer(code, agency.lease, agency.inflight_max(config.gateway.max_inflight)))
    bus.keep(laid_out(consumers))
    return bus


def _mailbox(code: str, own: AgencyConfig, config: Config, store: Store) -> Mailbox:
    return Mailbox(reading(store, code), own.lease, own.inflight_max(config.gateway.max_inflight))


def _http(code: str, own: AgencyConfig, config: Config) -> Http:
    access = Access(
        url=own.url,
        token=read_token(_key(code), own.token_file),
        ca=own.ca,
        certificate=own.certificate,
        private_key=own.private_key,
        timeout_seconds=own.timeout,
        connections_max=own.inflight_max(config.gateway.max_inflight),
    )
    try:
        return Http(access)
    except OSError as error:  # ssl.SSLError, of a file that is no certificate or key, is one
        raise _unusable(f"agencies.{code}.certificate", error) from error


def tokens(config: Config) -> dict[str, str]:
    """The token of each agency that has one, by its code. Raises BadConfig."""
    return {
        code: read_token(_key(code), own.token_file)
        for code, own in config.agencies.items()
        if own.token_file is not None
    }


def _key(code: str) -> str:
    return f"agencies.{code}.token_file"


def read_token(key: str, file: Path | None) -> str:
    """The token in a file, empty without one; `key` is the setting or option that names it. Raises BadConfig."""
    if file is None:
        return ""
    try:
        token = read_file(file, TOKEN_BYTES_MAX).decode("ascii").strip()
    except OSError as error:
        raise _unusable(key, error) from error
    except UnicodeDecodeError:
        token = ""
    if not 16 <= len(token) <= TOKEN_CHARS_MAX or not token.isprintable() or " " in token:
        text = Text(
            f"{key} holds no token; allowed is one line of 16 to {TOKEN_CHARS_MAX} characters, without spaces",
            f"{key} 的文件不含令牌；须为一行 16 至 {TOKEN_CHARS_MAX} 个字符，不含空格",
        )
        raise BadConfig((Mistake("config.transport", str(file), key, text),))
    return token


def _unusable(key: str, error: OSError) -> BadConfig:
    why = cause(error)
    text = Text(f"a file of {key} can't be used: {why.en}", f"无法使用 {key} 的文件：{why.zh}")
    return BadConfig((Mistake("config.transport", str(error.filename or key), key, text),))
