"""A probe sends messages to one agency over its transport and takes down what came of each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import TypeAlias

import structlog
from msgspec import Struct

from ...agencies.transport import MessageKind, Outgoing, Transport, Unreachable
from ...codecs.finding import Rejected
from ..message_id import CHECK, message_id

Late: TypeAlias = Callable[[str, float], Awaitable[bytes | None]]
"""Waits so many seconds for the reply to a message that was taken; None where none came."""

log = structlog.get_logger("onewindow.agency_check")


class Came(StrEnum):
    """What came of a message."""

    REPLY = "reply"
    TAKEN = "taken"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    SILENT = "silent"


class Exchange(Struct, frozen=True, kw_only=True):
    """One message that was sent and what came of it.

    reply: of REPLY, its bytes. detail: of a failure, its cause in English. sent_at, came_at: by the check's clock.
    seconds: until the reply, or until the agency had taken or refused the message. late: the reply came by itself.
    """

    message_id: str
    came: Came
    reply: bytes = b""
    detail: str = ""
    sent_at: datetime
    came_at: datetime
    seconds: float
    late: bool = False

    def told(self) -> str:
        """What came, for a sentence in either language."""
        return f"{self.came.value} ({self.detail})" if self.detail else self.came.value


class Probe:
    """Sends to the agency `code`; nothing is waited for longer than `patience_seconds`.

    run: what tells this run's messages from those of others. late: where replies that come by themselves arrive.
    """

    def __init__(
        self,
        code: str,
        transport: Transport,
        run: str,
        clock: Callable[[], datetime],
        patience_seconds: float,
        late: Late | None = None,
    ) -> None:
        self.code = code
        self.patience_seconds = patience_seconds
        self.hears_late_answers = late is not None
        self.exchanges: list[Exchange] = []
        self._transport = transport
        self._run = run
        self._clock = clock
        self._late = late
        self._numbers = count(1)

    def fresh_id(self, revision: int = 1) -> str:
        """A message id that was not used before."""
        return message_id(f"{CHECK}{self._run}-{next(self._numbers)}", self.code, revision)

    async def send(
        self, identifier: str, body: bytes, kind: MessageKind = MessageKind.DECLARATION, attempt: int = 1
    ) -> Exchange:
        """Send one message and wait for what comes of it, a reply that comes by itself included."""
        reference = identifier.partition("/")[0]
        outgoing = Outgoing(identifier, self.code, body, attempt, reference, kind)
        begun, sent_at = self._time(), self._clock()
        came, reply, detail = await self._delivered(outgoing)
        late = False
        if came is Came.TAKEN and self._late is not None and kind is not MessageKind.NOTICE:
            brought = await self._late(identifier, self.patience_seconds)
            if brought is not None:
                came, reply, late = Came.REPLY, brought, True
        exchange = Exchange(
            message_id=identifier,
            came=came,
            reply=reply,
            detail=detail,
            sent_at=sent_at,
            came_at=self._clock(),
            seconds=self._time() - begun,
            late=late,
        )
        self.exchanges.append(exchange)
        return exchange

    async def _delivered(self, outgoing: Outgoing) -> tuple[Came, bytes, str]:
        try:
            async with asyncio.timeout(self.patience_seconds):
                answer = await self._transport.deliver(outgoing)
        except TimeoutError:
            return Came.SILENT, b"", f"nothing within {self.patience_seconds:g} s"
        except Unreachable as error:
            return Came.UNREACHABLE, b"", str(error)
        except Rejected as error:
            return Came.REFUSED, b"", error.problem
        except Exception as error:
            log.exception("transport failed", message_id=outgoing.message_id)
            return Came.UNREACHABLE, b"", f"the transport failed: {type(error).__name__}: {error}"
        return (Came.REPLY, answer, "") if isinstance(answer, bytes) else (Came.TAKEN, b"", "")

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()
