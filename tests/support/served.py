"""A window served over HTTP on a socket of its own in the test's own loop, and a client for it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aiohttp
import msgspec
from msgspec.structs import replace
from multidict import CIMultiDictProxy
from support.windows import desks, known_agencies, new_keys, now

from onewindow.agencies.inprocess import InProcess
from onewindow.agencies.transport import Outgoing, Transport
from onewindow.codecs.keys import key_files, load_signer, load_trust
from onewindow.gateway.api import Limits
from onewindow.gateway.clock import SystemClock
from onewindow.gateway.config import (
    AgencyConfig,
    BusConfig,
    Config,
    DocumentsConfig,
    GatewayConfig,
    ProcedureConfig,
    StoreConfig,
)
from onewindow.gateway.metrics import Metrics
from onewindow.gateway.server import serve
from onewindow.gateway.store import open_store
from onewindow.gateway.window import Window

XML = "application/xml"
JSON = "application/json"
PROBLEM = "application/problem+json"
DECLARATIONS = "/v1/declarations"

LIMITS = Limits(drain_seconds=0.01, grace_seconds_max=20, linger_seconds_max=2)


@dataclass
class Held:
    """A transport that lets nothing through until it is released."""

    inner: InProcess = field(default_factory=desks)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The reply, once released."""
        await self.released.wait()
        return await self.inner.deliver(outgoing)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, read to its end."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, which has to be JSON."""
        assert self.headers["Content-Type"] in (JSON, PROBLEM)
        return msgspec.json.decode(self.body)

    @property
    def problem(self) -> str:
        """The stable part of the problem's type; the answer has to be a whole problem document."""
        assert self.headers["Content-Type"] == PROBLEM
        document = msgspec.json.decode(self.body)
        assert self.status == document["status"]
        assert {"type", "title", "title_zh", "detail", "detail_zh", "instance"} <= set(document)
        return str(document["type"]).removeprefix("urn:onewindow:problem:")


@dataclass(frozen=True)
class Gateway:
    """A served window; `stop` ends it, `ended` is done when it has ended."""

    window: Window
    url: str
    client: aiohttp.ClientSession
    stop: asyncio.Event
    ended: asyncio.Task[None]

    async def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, data: Any = None) -> Answer:
        """One request and its whole answer."""
        async with self.client.request(method, self.url + path, headers=headers, data=data) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def get(self, path: str, **headers: str) -> Answer:
        """A GET; headers are given with underscores."""
        return await self.ask("GET", path, _dashed(headers))

    async def post(self, body: Any, **headers: str) -> Answer:
        """A submission, as XML unless `Content_Type` says otherwise."""
        return await self.ask("POST", DECLARATIONS, {"Content-Type": XML, **_dashed(headers)}, body)


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


async def unserved(
    folder: Path,
    transport: Transport | None = None,
    gateway: GatewayConfig | None = None,
    procedures: Mapping[str, ProcedureConfig] = MappingProxyType({}),
    documents: DocumentsConfig | None = None,
) -> Window:
    """A window on `folder`'s store that does not run yet."""
    keys = folder / "keys"
    if not keys.exists():
        new_keys(keys)
    files = key_files(keys)
    url = f"sqlite:///{folder / 'onewindow.db'}"
    settings = gateway or GatewayConfig()
    agencies = known_agencies()
    metrics = Metrics()
    return Window(
        Config(
            store=StoreConfig(url=url),
            gateway=replace(settings, hosts=(*settings.hosts, "a")),  # as requests written by hand call it
            documents=documents or DocumentsConfig(),
            procedures=procedures,
        ),
        await open_store(url, observe=metrics.committed),
        agencies,
        dict.fromkeys(agencies, transport or desks(agencies)),
        load_signer(files.gateway_certificate, files.gateway_key),
        load_trust(files.authority_certificate),
        metrics,
        SystemClock(now),
    )


@asynccontextmanager
async def served(
    folder: Path,
    transport: Transport | None = None,
    limits: Limits = LIMITS,
    gateway: GatewayConfig | None = None,
    procedures: Mapping[str, ProcedureConfig] = MappingProxyType({}),
    documents: DocumentsConfig | None = None,
) -> AsyncIterator[Gateway]:
    """A gateway that takes declarations, ended in good order afterwards."""
    async with _running(await unserved(folder, transport, gateway, procedures, documents), limits) as running:
        yield running


@asynccontextmanager
async def _running(opened: Window, limits: Limits) -> AsyncIterator[Gateway]:
    stop = asyncio.Event()
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(opened, "127.0.0.1", 0, on_ready=url.set_result, limits=limits, stop=stop))
    either: set[asyncio.Future[Any]] = {serving, url}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not url.done():
        await serving
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as client:
        try:
            yield Gateway(opened, url.result(), client, stop, serving)
        finally:
            stop.set()
            await serving


@asynccontextmanager
async def configured(
    folder: Path, agencies: Mapping[str, AgencyConfig], bus: str = "memory://"
) -> AsyncIterator[Gateway]:
    """A gateway as its configuration says, transports included, ended in good order afterwards."""
    store = StoreConfig(url=f"sqlite:///{folder / 'onewindow.db'}")
    config = Config(store=store, bus=BusConfig(url=bus), agencies=agencies)
    async with _running(await Window.open(config), LIMITS) as gateway:
        yield gateway
