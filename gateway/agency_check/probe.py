"""A probe sends messages to one agency over its transport and takes down what came of each."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Final

import structlog
from msgspec import Struct
from msgspec.structs import replace

from ...agencies.agency_fault import AgencyFault
from ...agencies.transport import HELD, MessageKind, Outgoing, Transport, Unreachable
from ...codecs.finding import Rejected
from ..message_id import CHECK, message_id
from .arrivals import Brought
from .stand_in import StandIn

REFUSAL_CHARS_MAX: Final = 80
"""What is shown of an agency's reason for a refusal."""

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

    reply: of REPLY, its bytes. detail: of a failure, its cause in English; detail_zh: in Chinese, where that is known.
    sent_at, came_at: by the check's clock. seconds: until the reply, or until the agency had taken or refused the
    message. late: the reply came by itself.
    """

    message_id: str
    came: Came
    reply: bytes = b""
    detail: str = ""
    detail_zh: str = ""
    sent_at: datetime
    came_at: datetime
    seconds: float
    late: bool = False

    def told(self) -> str:
        """What came, for a sentence in either language."""
        return f"{self.came.value} ({self.detail})" if self.detail else self.came.value

    def told_zh(self) -> str:
        """What came, for a sentence in Chinese."""
        return f"{self.came.value}（{self.detail_zh}）" if self.detail_zh else self.told()


class Outcome(Struct, frozen=True):
    """What came of one delivery, as in Exchange."""

    came: Came
    reply: bytes = b""
    detail: str = ""
    detail_zh: str = ""
    late: bool = False


_TAKEN: Final = Outcome(Came.TAKEN)


class Probe:
    """Sends to the agency `code`; nothing is waited for longer than `patience_seconds`.

    run: what tells this run's messages from those of others. stand_in: where what the agency brings by itself arrives;
    without one nobody hears it.
    """

    def __init__(
        self,
        code: str,
        transport: Transport,
        run: str,
        clock: Callable[[], datetime],
        patience_seconds: float,
        stand_in: StandIn | None = None,
    ) -> None:
        self.code = code
        self.patience_seconds = patience_seconds
        self.hears_late_answers = stand_in is not None
        self.exchanges: list[Exchange] = []
        self._transport = transport
        self._run = run
        self._clock = clock
        self._stand_in = stand_in
        self._numbers = count(1)

    @property
    def unheard(self) -> bool:
        """An agency's own message was taken to be answered later, and nobody hears the answer."""
        taken = (each.message_id for each in self.exchanges if each.came is Came.TAKEN)
        return not self.hears_late_answers and any(identifier.count("/") == 2 for identifier in taken)

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
        if self._stand_in is not None:
            self._stand_in.expect(outgoing)
        outcome = await self._delivered(outgoing)
        if outcome.came is Came.TAKEN and kind is not MessageKind.NOTICE:
            outcome = await self._late(identifier)
        exchange = Exchange(
            message_id=identifier,
            came=outcome.came,
            reply=outcome.reply,
            detail=outcome.detail,
            detail_zh=outcome.detail_zh,
            sent_at=sent_at,
            came_at=self._clock(),
            seconds=self._time() - begun,
            late=outcome.late,
        )
        self.exchanges.append(exchange)
        return exchange

    async def _delivered(self, outgoing: Outgoing) -> Outcome:
        try:
            async with asyncio.timeout(self.patience_seconds):
                answer = await self._transport.deliver(outgoing)
        except TimeoutError:
            return Outcome(Came.SILENT, detail=f"nothing within {self.patience_seconds:g} s")
        except Unreachable as error:
            return Outcome(Came.UNREACHABLE, detail=str(error))
        except Rejected as error:
            return Outcome(Came.REFUSED, detail=error.problem)
        except AgencyFault as fault:  # a desk in this process
            return Outcome(Came.UNREACHABLE, detail=fault.words.en, detail_zh=fault.words.zh)
        except Exception as error:
            log.exception("transport failed", message_id=outgoing.message_id)
            return Outcome(Came.UNREACHABLE, detail=f"the transport failed: {type(error).__name__}: {error}")
        if answer is HELD:
            return await self._settled(outgoing.message_id)
        return Outcome(Came.REPLY, answer) if isinstance(answer, bytes) else _TAKEN

    async def _settled(self, identifier: str) -> Outcome:
        """What the agency makes of a message that lies ready for it."""
        was_fetched = False
        if self._stand_in is not None:
            brought = await self._stand_in.arrivals.settled(identifier, self.patience_seconds)
            if brought is not None:
                return _brought(brought)
            was_fetched = await self._stand_in.was_fetched(identifier)
        words = "it was fetched, and not settled" if was_fetched else "nobody fetched it"
        return Outcome(Came.SILENT, detail=f"{words} within {self.patience_seconds:g} s")

    async def _late(self, identifier: str) -> Outcome:
        """What comes of a message that was taken."""
        if self._stand_in is None:
            return _TAKEN
        brought = await self._stand_in.arrivals.late(identifier, self.patience_seconds)
        return _TAKEN if brought is None else replace(_brought(brought), late=brought.reply is not None)

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def _brought(brought: Brought) -> Outcome:
    if brought.refused is not None:
        first_line = brought.refused.partition("\n")[0]
        return Outcome(Came.REFUSED, detail=first_line[:REFUSAL_CHARS_MAX])
    return _TAKEN if brought.reply is None else Outcome(Came.REPLY, brought.reply)
