"""The bus, a NATS server with JetStream: one connection, made again after every end, whatever ends it.

Each connection is a new client: what a client of the library does to reconnect by itself keeps what was to be sent in a
buffer, and gives up for good where the server once refuses the credentials. Here whoever wants to send hears at once
that the bus is away, and the store has what is to be sent.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import structlog
from msgspec import Struct

from .credentials_file import read_credentials
from .tls_files import client_context
from .transport import Unreachable

if TYPE_CHECKING:  # the library is read where a bus is configured, so that all else starts without it
    from nats.aio.client import Client

    from .bus_client import BusClient

PAUSE_SECONDS_FIRST: Final = 0.1
PAUSE_SECONDS_MAX: Final = 5.0
CONNECT_SECONDS_MAX: Final = 10.0
CLOSE_SECONDS_MAX: Final = 2.0
PING_SECONDS: Final = 10
LOOK_SECONDS: Final = 5.0
"""How often it is seen to that all that has to be on the bus is there."""

END_SECONDS: Final = 0.5
"""After which whoever was cancelled and has not ended is cancelled again."""

COMPLAINTS_MAX: Final = 100
"""Complaints of the server that are logged of one connection, each once."""

UNREACHABLE: Final = "bus-unreachable"
NOT_READY: Final = "bus-not-ready"

Look = Callable[["Client"], Awaitable[frozenset[str]]]
"""Sees to what has to be on the bus of one connection; the agencies whose messages may have gone since it last did."""

Lost = Callable[[frozenset[str] | None], None]
"""Is told the agencies whose messages may have gone; None: those of all."""

log = structlog.get_logger("onewindow.bus")


class BusAccess(Struct, frozen=True, kw_only=True):
    """How the bus is reached.

    url: `nats://HOST:PORT` or, encrypted, `tls://HOST:PORT`. credentials: a NATS credentials file. ca, certificate,
    private_key: PEM files: the authorities that the server's certificate is from (None: those of the system), and the
    client's own certificate. name: what the server's operator sees. inbox: the prefix of the subjects at which answers
    come in; of its own for each client, so that none may listen to another's.
    """

    url: str
    credentials: Path | None = None
    ca: Path | None = None
    certificate: Path | None = None
    private_key: Path | None = None
    name: str = "onewindow"
    inbox: str = "_INBOX.window"

    @property
    def is_encrypted(self) -> bool:
        """Nothing is said to a server that does not speak TLS."""
        return self.url.startswith("tls:")


class Unencrypted(Exception):
    """The server, or somebody in between, does not speak TLS although `tls://` asks for it."""


class Unsuitable(Exception):
    """What is on the bus under a name of the window's is not what the window relies on."""


class Bus:
    """The connection. To be entered in a running loop.

    Raises OSError (ssl.SSLError among them) or ValueError where a file of `access` can't be used.
    """

    def __init__(self, access: BusAccess) -> None:
        from .bus_client import BusClient

        self.access = access
        self._new_client = BusClient
        self._options = _options(access)
        self._looks: list[Look] = []
        self._lost: list[Lost] = []
        self._client: Client | None = None
        self._there = asyncio.Event()
        self._bell = asyncio.Event()
        self.attempts = 0
        self._code = UNREACHABLE
        self._why = "there was no connection yet"
        self._told: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep(), name="bus")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            await end({self._task})

    def keep(self, look: Look) -> None:
        """Call this on every connection, at once and then again and again."""
        self._looks.append(look)
        self._bell.set()

    def when_lost(self, call: Lost) -> None:
        """Call this whenever messages may have gone from the bus: after each outage, and where a look says so."""
        self._lost.append(call)

    def look(self) -> None:
        """See to what has to be on the bus at once: something is missing."""
        self._bell.set()

    def client(self) -> "Client":
        """The connection. Raises Unreachable: `bus-unreachable`, `bus-not-ready`."""
        if self._client is None:
            raise Unreachable(self._code, self._why)
        return self._client

    async def connected(self) -> "Client":
        """The connection, as soon as there is one."""
        while self._client is None:
            await self._there.wait()
        return self._client

    async def _keep(self) -> None:
        pause = PAUSE_SECONDS_FIRST
        while True:
            began = asyncio.get_running_loop().time()
            self._out(await self._attempt())
            if asyncio.get_running_loop().time() - began > PAUSE_SECONDS_MAX:
                pause = PAUSE_SECONDS_FIRST
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSE_SECONDS_MAX)

    async def _attempt(self) -> BaseException:
        """One connection from its beginning to its end; what ended it."""
        self.attempts += 1
        client, ended = self._new_client(), asyncio.Event()
        failures: list[Exception] = []
        try:
            await self._connect(client, ended, failures)
            await self._tend(client, ended)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next attempt begins anew; it is logged once
            return failures[0] if failures else error
        finally:
            self._client = None
            self._there.clear()
            with suppress(Exception):  # after a handshake that failed the library waits for an end that never comes
                async with asyncio.timeout(CLOSE_SECONDS_MAX):
                    await client.close()
        return failures[0] if failures else ConnectionError("the connection has ended")

    async def _connect(self, client: "Client", ended: asyncio.Event, failures: list[Exception]) -> None:
        from nats.errors import SlowConsumerError

        complaints: set[str] = set()

        async def failed(error: Exception) -> None:
            words = str(error) or type(error).__name__
            if not isinstance(error, SlowConsumerError) and "permissions" not in words.lower():
                failures.append(error)
            elif words not in complaints and len(complaints) < COMPLAINTS_MAX:
                complaints.add(words)
                log.warning("the bus complains", error=words)

        async def closed() -> None:
            ended.set()

        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            await client.connect(
                self.access.url,
                error_cb=failed,
                closed_cb=closed,
                disconnected_cb=closed,
                name=self.access.name,
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                ping_interval=PING_SECONDS,
                inbox_prefix=self.access.inbox,
                **self._options,
            )
        # The library goes by what the server says of itself: whoever is in between could have it say no TLS.
        if self.access.is_encrypted and not client._server_info.get("tls_required"):
            raise Unencrypted("the server does not speak TLS")
        failures.clear()

    async def _tend(self, client: "BusClient", ended: asyncio.Event) -> None:
        """Look after the connection until it ends."""
        is_new = True
        while not (ended.is_set() or client.read.is_set()):
            self._bell.clear()
            lost = frozenset[str]().union(*[await look(client) for look in self._looks])
            if is_new:
                self._in(client)
            if is_new or lost:
                for call in self._lost:
                    call(None if is_new else lost)
            is_new = False
            await _first(LOOK_SECONDS, ended, client.read, self._bell)

    def _in(self, client: "Client") -> None:
        self._client = client
        self._there.set()
        if self._told:
            log.info("the bus is there", url=self.access.url)
            self._told.clear()

    def _out(self, error: BaseException) -> None:
        """Tell of an outage once, and of every other cause that keeps it up."""
        self._code = NOT_READY if isinstance(error, Unsuitable) else UNREACHABLE
        self._why = str(error) or type(error).__name__
        cause = type(error).__name__
        if cause not in self._told:
            self._told.add(cause)
            log.warning("the bus can't be reached", url=self.access.url, error=self._why)


async def end(tasks: set[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: the library swallows a cancellation that meets it while it writes."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=END_SECONDS)


async def _first(seconds: float, *events: asyncio.Event) -> None:
    """Returns once one of them is set, or after so many seconds."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()


def _options(access: BusAccess) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if access.credentials is not None:
        credentials = read_credentials(access.credentials)
        options["user_jwt_cb"] = lambda: bytearray(credentials.jwt)
        options["signature_cb"] = credentials.sign
    if access.is_encrypted or access.ca is not None or access.certificate is not None:
        options["tls"] = client_context(access.ca, access.certificate, access.private_key)
    return options
