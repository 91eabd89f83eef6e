"""A reference desk behind a closed network: it fetches its messages from the window and brings its replies there."""

import asyncio
from collections.abc import Collection
from types import TracebackType
from typing import Final, Self

import aiohttp
import msgspec
import structlog

from ..codecs.finding import Rejected
from .agency_fault import AgencyFault
from .desk import Desk
from .http import XML
from .transport import MessageKind

WAIT_SECONDS: Final = 20
PAUSE_SECONDS_FIRST: Final = 0.1
PAUSE_SECONDS_MAX: Final = 10.0
FETCHED_MESSAGES_MAX: Final = 20

log = structlog.get_logger("onewindow.desk")


class _Message(msgspec.Struct, frozen=True):
    message_id: str
    kind: MessageKind
    body: str


class _Messages(msgspec.Struct, frozen=True):
    messages: tuple[_Message, ...]


class MailboxDesk:
    """Fetches and answers a desk's messages until cancelled.

    url: the window's. token: what is shown there, empty for none. by_hand: kinds that are only taken. What the window
    does not take is logged; what it can't take just now is fetched again when its lease has ended, and the desk's
    ledger has the same answer then.
    """

    def __init__(self, desk: Desk, url: str, *, token: str = "", by_hand: Collection[str] = ()) -> None:
        self._desk = desk
        self._url = f"{url.rstrip('/')}/v1/agencies/{desk.agency.code}"
        self._by_hand = by_hand
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session = aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def run(self) -> None:
        """Fetch and answer, whatever fails; after a failure wait a while, twice as long each time."""
        pause = PAUSE_SECONDS_FIRST
        while True:
            try:
                await asyncio.gather(*(self._settle(message) for message in await self._fetch()))
                pause = PAUSE_SECONDS_FIRST
            except (aiohttp.ClientError, TimeoutError, OSError, msgspec.MsgspecError) as error:
                log.warning("the window can't be reached", url=self._url, error=str(error) or type(error).__name__)
            except Exception:
                log.exception("messages are left unanswered until they are fetched again", url=self._url)
            else:
                continue
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSE_SECONDS_MAX)

    async def _fetch(self) -> tuple[_Message, ...]:
        parameters = {"wait": WAIT_SECONDS, "max": FETCHED_MESSAGES_MAX}
        timeout = aiohttp.ClientTimeout(total=WAIT_SECONDS + 30)
        async with self._session.get(f"{self._url}/messages", params=parameters, timeout=timeout) as answer:
            answer.raise_for_status()
            return msgspec.json.decode(await answer.read(), type=_Messages).messages

    async def _settle(self, message: _Message) -> None:
        body = message.body.encode()
        try:
            if message.kind is MessageKind.NOTICE:
                await asyncio.to_thread(self._desk.note, message.message_id, body)
            elif message.kind not in self._by_hand:
                reply = await asyncio.to_thread(self._desk.answer, message.message_id, body, message.kind)
                await self._bring("replies", XML, reply)
                return
        except Rejected as error:
            said = {"message_id": message.message_id, "refused": str(error)[:500]}
        except AgencyFault as error:  # of this message: the others are answered all the same
            words = "a message is left unanswered until it is fetched again"
            log.error(words, message_id=message.message_id, error=error.words.en)
            return
        else:
            said = {"message_id": message.message_id}
        await self._bring("acknowledgements", "application/json", msgspec.json.encode(said))

    async def _bring(self, what: str, media_type: str, body: bytes) -> None:
        headers = {"Content-Type": media_type}
        async with self._session.post(f"{self._url}/{what}", data=body, headers=headers) as answer:
            if answer.status >= 500 or answer.status in (408, 429):
                answer.raise_for_status()
            if answer.status >= 400:
                said = (await answer.read()).decode(errors="replace")
                log.error("the window does not take it", what=what, status=answer.status, said=said)
