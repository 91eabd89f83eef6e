"""A window in the test's own process, on a real store, with the transports that the test wants."""

import asyncio
import atexit
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

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


@cache
def known_agencies() -> Mapping[str, AnyAgency]:
    """The agencies that are installed, looked for once in a run."""
    return installed()


BEGUN = now()
"""When the run began, which is when its keys begin to be good."""


@cache
def _keys_of_the_run() -> Path:
    folder = Path(mkdtemp(prefix="onewindow-keys-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    init(folder / "keys", BEGUN)
    return folder / "keys"


def new_keys(folder: Path, at: datetime | None = None) -> None:
    """Development keys in `folder`, good from a time on; those of the run are made once and copied."""
    if at is None or at >= BEGUN:
        copytree(_keys_of_the_run(), folder)
    else:
        init(folder, at)


def desks(agencies: Mapping[str, AnyAgency] | None = None, *, test_mode: bool = False) -> InProcess:
    """The reference desks, answering at once."""
    served = agencies or known_agencies()
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
        new_keys(keys, clock())  # a clock that stands still may stand a second before this one
    files = key_files(keys)
    url = f"sqlite:///{folder / 'onewindow.db'}"
    served = agencies or known_agencies()
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
