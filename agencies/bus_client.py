"""The client of one connection to the bus: what nobody can read ends neither the connection nor its reading unnoticed.

Whoever may publish anything chooses the bytes of headers and reply subject, and the library takes some that are no text
for a failure of its own: it stops reading, and counts as connected all the same.
"""

import asyncio
from typing import Any

import structlog
from nats.aio.client import Client

log = structlog.get_logger("onewindow.bus")


class BusClient(Client):
    """A client that reads on, and that says in `read` when it reads no more, whatever the cause."""

    def __init__(self) -> None:
        super().__init__()
        self.read = asyncio.Event()
        self._is_told = False

    async def _process_headers(self, headers: Any) -> dict[str, str] | None:
        """The headers of a message; None where they can't be read: it is taken as one without headers."""
        try:
            return await super()._process_headers(headers)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the sender's
            self._tell("headers on the bus that can't be read", error)
            return None

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        """Take a message that came; one that can't be taken is left out."""
        try:
            await super()._process_msg(sid, subject, reply, data, headers)
        except Exception as error:  # noqa: BLE001 - as above
            self._tell("a message on the bus that can't be read", error)

    async def _read_loop(self) -> None:
        try:
            await super()._read_loop()
        finally:
            self.read.set()

    def _tell(self, event: str, error: Exception) -> None:
        """Log the first of one connection: there may be as many as somebody likes."""
        if not self._is_told:
            self._is_told = True
            log.warning(event, error=str(error) or type(error).__name__)
