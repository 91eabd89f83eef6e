"""A NATS server with JetStream, the real one, that a test may stop, kill, and take the data from."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from support.child_process import ChildProcess
from support.gateway_process import free_port

if TYPE_CHECKING:
    from nats.aio.client import Client

MAX_PAYLOAD = "8MB"


class NatsServer(ChildProcess):
    """The server, its data and its log in `folder`, at a port of the loopback address; `more`: further settings."""

    def __init__(self, folder: Path, *, max_payload: str = MAX_PAYLOAD, more: str = "", scheme: str = "nats") -> None:
        super().__init__(folder / "nats.log")
        self.folder = folder
        self.port = free_port()
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self.store = folder / "jetstream"
        self._settings = folder / "nats.conf"
        self._settings.write_text(
            f'listen: "127.0.0.1:{self.port}"\nmax_payload: {max_payload}\n'
            f'jetstream {{ store_dir: "{self.store}", max_file_store: 4GB, sync_interval: always }}\n{more}\n',
            encoding="utf-8",
        )

    async def start(self) -> None:
        """Start it; returns once it takes connections."""
        command = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or "nats-server"
        self.begin([command, "-c", str(self._settings)])
        async with asyncio.timeout(30):
            while not await self._listens():
                assert self.running, self.log()
                await asyncio.sleep(0.02)

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    async def stop(self) -> None:
        """End it in order."""
        if self.running:
            await self.terminate()

    async def kill(self) -> None:
        """SIGKILL, and wait until it is gone, if it is not."""
        if self.running:
            await super().kill()

    def lose_data(self) -> None:
        """Delete all that it had on disk; it has to be down."""
        shutil.rmtree(self.store)

    def blocks(self) -> list[Path]:
        """The files that hold the bodies of messages."""
        return sorted(self.store.rglob("*.blk"))

    async def client(self) -> "Client":
        """Somebody who is connected to it; to be closed."""
        from nats.aio.client import Client

        client = Client()
        await client.connect(self.url, allow_reconnect=False)
        return client


@asynccontextmanager
async def nats_server(
    folder: Path, *, max_payload: str = MAX_PAYLOAD, more: str = "", scheme: str = "nats"
) -> AsyncIterator[NatsServer]:
    """A server that runs, and is gone afterwards."""
    server = NatsServer(folder, max_payload=max_payload, more=more, scheme=scheme)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()
