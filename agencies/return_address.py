"""Return addresses on the bus: the subjects to which agencies bring what the window answers.

Enterprise Integration Patterns (G. Hohpe, B. Woolf), "Return Address": the message says where its reply goes. Replies
are requests of core NATS, and lie in no stream: who brings one has the answer only when the window has it on its disk.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

import structlog
from msgspec import Struct

from .media_type import media_type

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription

REPLIES: Final = "onewindow.replies"

CONTENT_TYPE: Final = "Content-Type"
AUTHORIZATION: Final = "Authorization"
STATUS: Final = "Onewindow-Status"
RETRY_AFTER: Final = "Retry-After"

INBOX: Final = "_INBOX."
"""What the reply subject of whoever waits for an answer begins with; the window speaks under no other."""

AT_ONCE_MAX: Final = 16
"""What is taken at one time of what was brought to one address; the rest waits."""

WAITING_MAX: Final = 1024
WAITING_BYTES_MAX: Final = 16 * 1024 * 1024
"""What is held of one address that was not taken yet; what comes beyond that is dropped, and comes again."""

PAUSE_SECONDS_FIRST: Final = 0.5
PAUSE_SECONDS_MAX: Final = 30.0
"""For how long an address is left to which more is brought than can be taken."""

_CALM: Final = 4
"""After so many pauses without a flood the next one is taken for the first."""

_PAIR_BYTES: Final = 100
"""What a header costs besides its characters."""

log = structlog.get_logger("onewindow.bus")


class Brought(Struct, frozen=True):
    """What somebody brought to a return address: the subject's parts after `onewindow.replies`, headers and body."""

    to: tuple[str, ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """What the body is, without parameters, in lower case."""
        return media_type(self.headers.get(CONTENT_TYPE, "")).name


class Answered(Struct, frozen=True):
    """What is said to whoever brought it; `status` and what the body is are as with HTTP."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


Take = Callable[[Brought], Awaitable[Answered]]


def return_address(agency: str, run: str = "") -> str:
    """The subject to which an agency brings replies and acknowledgements; `run`: those of one check of it."""
    return f"{REPLIES}.{agency}.{run}" if run else f"{REPLIES}.{agency}"


class Receiver:
    """Takes what is brought to one address on one connection: so much at a time, and no more waits than there is room.

    Where more is brought than is taken the address is left for a while, and for longer where that goes on: who brings
    something hears from the server at once that nobody listens, and the connection carries what is for the others.
    """

    def __init__(self, client: "Client", address: str, take: Take, queue: str, not_to: Collection[str]) -> None:
        self._client = client
        self._address = address
        self._take = take
        self._queue = queue
        self._not_to = tuple(not_to)
        self._room = asyncio.Semaphore(AT_ONCE_MAX)
        self._waiting = self._bytes = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._subscription: Subscription | None = None
        self._pause = PAUSE_SECONDS_FIRST
        self._since = 0.0
        self._is_told = False

    async def listen(self) -> None:
        """Listen from now on."""
        self._since = asyncio.get_running_loop().time()
        self._subscription = await self._client.subscribe(
            self._address,
            queue=self._queue,
            cb=self._came,
            pending_msgs_limit=WAITING_MAX,
            pending_bytes_limit=WAITING_BYTES_MAX,
        )

    async def _came(self, message: "Msg") -> None:
        size = len(message.data) + sum(len(name) + len(said) + _PAIR_BYTES for name, said in _headers(message).items())
        if self._waiting >= WAITING_MAX or (self._waiting and self._bytes + size > WAITING_BYTES_MAX):
            if self._subscription is not None:
                left, self._subscription = self._subscription, None
                self._begin(self._leave(left))
            return
        self._waiting += 1
        self._bytes += size
        self._begin(self._answer(message, size))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _leave(self, left: "Subscription") -> None:
        """Do not listen until what waits has been taken, and for a pause after that."""
        log.warning("more is brought to a return address than can be taken; it is left for a while", to=self._address)
        now = asyncio.get_running_loop().time()
        self._pause = (
            min(2 * self._pause, PAUSE_SECONDS_MAX) if now - self._since < _CALM * self._pause else PAUSE_SECONDS_FIRST
        )
        with suppress(Exception):  # the connection is gone, and the next one listens anew
            await left.unsubscribe()
            others = self._tasks - {cast("asyncio.Task[None]", asyncio.current_task())}
            if others:
                await asyncio.wait(others)
            await asyncio.sleep(self._pause)
            await self.listen()

    async def _answer(self, message: "Msg", size: int) -> None:
        try:
            async with self._room:
                answered = await self._take(Brought(_to(message), _headers(message), message.data))
        except Exception:
            log.exception("what was brought over the bus could not be taken", subject=message.subject)
            return
        finally:
            self._waiting -= 1
            self._bytes -= size
        if message.reply and self._may_answer(message.reply):
            headers = {**answered.headers, STATUS: str(answered.status)}
            with suppress(Exception):  # the connection is gone, and whoever waits comes again
                await self._client.publish(message.reply, answered.body, headers=headers)

    def _may_answer(self, subject: str) -> bool:
        """Whether somebody may wait for an answer here; else agencies would have the window write where they can't."""
        if subject.startswith(INBOX) and not subject.startswith(self._not_to):
            return True
        if not self._is_told:
            self._is_told = True
            log.warning("no answer is given to this reply subject", to=self._address, reply_subject=subject)
        return False


async def receive(
    client: "Client", address: str, take: Take, queue: str = "", not_to: Collection[str] = ()
) -> Receiver:
    """Take what is brought to an address until the connection ends.

    queue: of all who take under the same name each thing reaches one. not_to: beginnings of reply subjects that are
    others', and are not answered to. Whatever `take` raises is logged, and nobody is answered: who brought it comes
    again.
    """
    receiver = Receiver(client, address, take, queue, not_to)
    await receiver.listen()
    return receiver


def _to(message: "Msg") -> tuple[str, ...]:
    return tuple(message.subject.split(".")[2:])


def _headers(message: "Msg") -> Mapping[str, str]:
    return message.headers or {}
