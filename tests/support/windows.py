"""A window in the test's own process, on a real store, with the transports that the test wants."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.desk import Desk
from onewindow.agencies.inprocess import InProcess
from onewindow.agencies.ledger import MemoryLedger
from onewindow.agencies.registry import installed
from onewindow.agencies.transport import Transport
from onewindow.codecs.keys import init, key_files, load_signer, load_trust
from onewindow.gateway.clock import SystemClock
from onewindow.gateway.config import Config, StoreConfig
from onewindow.gateway.metrics import Metrics
from onewindow.gateway.store import open_store
from onewindow.gateway.window import Window


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class HeldClock:
    """A clock that stands still until the test moves it, and then wakes everybody who waits."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or now()
        self._bells: set[asyncio.Event] = set()

    def __call__(self) -> datetime:
        """What time it is."""
        return self.at

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell rings or the time has come."""
        if until is not None and until <= self.at:
            return
        self._bells.add(bell)
        try:
            await bell.wait()
        finally:
            self._bells.discard(bell)

    def advance(self, by: timedelta) -> None:
        """Move the clock."""
        self.at += by
        for bell in self._bells:
            bell.set()


def desks(agencies: Mapping[str, AnyAgency] | None = None, *, test_mode: bool = False) -> InProcess:
    """The reference desks, answering at once."""
    served = agencies or installed()
    return InProcess({code: Desk(served[code], MemoryLedger(), now, test_mode=test_mode) for code in served})


@asynccontextmanager
async def window(
    folder: Path,
    transport: Transport | None = None,
    agencies: Mapping[str, AnyAgency] | None = None,
    clock: Callable[[], datetime] | HeldClock = now,
    config: Config | None = None,
) -> AsyncIterator[Window]:
    """A running window on `folder`'s store, stopped in good order afterwards; keys are made by the first."""
    keys = folder / "keys"
    if not keys.exists():
        init(keys, min(now(), clock()))  # a clock that stands still may stand a second before this one
    files = key_files(keys)
    url = f"sqlite:///{folder / 'onewindow.db'}"
    served = agencies or installed()
    metrics = Metrics()
    opened = Window(
        config or Config(store=StoreConfig(url=url)),
        await open_store(url, observe=metrics.committed),
        served,
        dict.fromkeys(served, transport or desks(served)),
        load_signer(files.gateway_certificate, files.gateway_key),
        load_trust(files.authority_certificate),
        metrics,
        clock if isinstance(clock, HeldClock) else SystemClock(clock),
    )
    running = asyncio.create_task(opened.run())
    try:
        while not opened.ready:
            await asyncio.sleep(0)
        yield opened
    finally:
        await opened.stop()
        await running
