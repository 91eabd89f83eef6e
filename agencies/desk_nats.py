"""A reference desk on the bus: it fetches its messages from the stream and brings its replies to the return address."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import msgspec
import structlog

from ..codecs.digest import digest
from ..codecs.finding import Rejected
from .agency_fault import AgencyFault
from .bus import Bus, end
from .desk import Desk
from .http import KIND, MESSAGE_ID, XML
from .nats import DIGEST, RETURN_ADDRESS, STREAM, subject
from .return_address import AUTHORIZATION, CONTENT_TYPE, STATUS, return_address
from .transport import MessageKind

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

FETCHERS: Final = 8
"""Messages that are worked on at one time; each is fetched alone, so that none waits for another."""

WAIT_SECONDS: Final = 10.0
PAUSE_SECONDS_FIRST: Final = 0.1
PAUSE_SECONDS_MAX: Final = 5.0
ANSWER_SECONDS_MAX: Final = 30.0
"""For the window to have on its disk what it is brought."""

CAUSES_MAX: Final = 20

_JSON: Final = "application/json"

log = structlog.get_logger("onewindow.desk")


class Unanswered(Exception):
    """The window does not take anything just now: the message comes again when its lease has ended."""


class NatsDesk:
    """Fetches and answers a desk's messages until cancelled.

    token: what is shown to the window, empty for none. by_hand: kinds that are only taken. A message leaves the stream
    once the window has answered: killed before, the desk has it again, and its ledger has the same answer then.
    """

    def __init__(self, desk: Desk, bus: Bus, *, token: str = "", by_hand: Collection[str] = ()) -> None:
        self._desk = desk
        self._code = desk.agency.code
        self._bus = bus
        self._by_hand = by_hand
        self._authorization = {AUTHORIZATION: f"Bearer {token}"} if token else {}
        self._told: set[str] = set()
        self._ended = False

    async def run(self) -> None:
        """Fetch and answer, whatever fails."""
        tasks = {asyncio.create_task(self._fetch()) for _ in range(FETCHERS)}
        try:
            await asyncio.wait(tasks)
        finally:
            self._ended = True
            await end(tasks)

    async def _fetch(self) -> None:
        pause = PAUSE_SECONDS_FIRST
        while not self._ended:
            client = await self._bus.connected()
            try:
                await self._settle_all(client)
            except Exception as error:  # noqa: BLE001 - the bus or the window is away, or a message failed
                if client.is_connected:  # else the bus has told of it
                    self._tell(error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, PAUSE_SECONDS_MAX)
            else:
                pause = PAUSE_SECONDS_FIRST

    def _tell(self, error: Exception) -> None:
        """Log why messages are left, each cause once until one is settled."""
        from nats.js.errors import ServiceUnavailableError

        is_missing = isinstance(error, ServiceUnavailableError)
        cause = "the window has not laid out its stream" if is_missing else str(error) or type(error).__name__
        if cause not in self._told and len(self._told) < CAUSES_MAX:
            self._told.add(cause)
            log.warning("messages are left until they come again", error=cause)

    async def _settle_all(self, client: "Client") -> None:
        """Fetch one after another; returns now and then where there is none."""
        stream = client.jetstream()
        pulled = await stream.pull_subscribe_bind(durable=self._code, stream=STREAM)
        try:
            while not self._ended:
                try:
                    (message,) = await pulled.fetch(1, timeout=WAIT_SECONDS)
                except TimeoutError:
                    return
                await self._settle(client, message)
        finally:
            if client.is_connected:
                await pulled.unsubscribe()

    async def _settle(self, client: "Client", message: "Msg") -> None:
        headers = message.headers or {}
        message_id, kind = unquote(headers.get(MESSAGE_ID, "")), headers.get(KIND, "")
        is_whole = headers.get(DIGEST) == digest(message.data) and message_id.count("/") > 1
        if not is_whole or subject(message_id) != message.subject:
            # The store has it whole and lays it ready again, as soon as it is out of the stream.
            log.error("a damaged message is let go", subject=message.subject)
            await message.term()
            return
        try:
            media_type, body = await asyncio.to_thread(self._answered, message_id, message.data, kind)
        except AgencyFault as error:  # of this message: the others are answered all the same
            self._tell(error)
            return
        await self._bring(client, message, media_type, body)

    def _answered(self, message_id: str, body: bytes, kind: str) -> tuple[str, bytes]:
        said = {"message_id": message_id}
        try:
            if kind == MessageKind.NOTICE:
                self._desk.note(message_id, body)
            elif kind not in self._by_hand:
                return XML, self._desk.answer(message_id, body, MessageKind(kind))
        except Rejected as error:
            said["refused"] = str(error)[:500]
        return _JSON, msgspec.json.encode(said)

    async def _bring(self, client: "Client", message: "Msg", media_type: str, body: bytes) -> None:
        own = return_address(self._code)
        address = (message.headers or {}).get(RETURN_ADDRESS, own)
        if address != own and not address.startswith(f"{own}."):
            address = own
        headers = {CONTENT_TYPE: media_type, **self._authorization}
        answer = await client.request(address, body, timeout=ANSWER_SECONDS_MAX, headers=headers)
        status = int((answer.headers or {}).get(STATUS, "503"))
        if status == 200:
            await message.ack()
            self._told.clear()
        elif status == 409:  # nobody waits for it, or it has another answer
            log.error("the window does not take it", status=status, said=answer.data.decode(errors="replace"))
            await message.term()
        elif status >= 500 or status == 429:
            raise Unanswered(f"the window says {status}")
        else:
            log.error("the window does not take it", status=status, said=answer.data.decode(errors="replace"))
