"""Return addresses on the bus: the subjects to which agencies bring what the window answers.

Enterprise Integration Patterns (G. Hohpe, B. Woolf), "Return Address": the message says where its reply goes. Replies
are requests of core NATS, and lie in no stream: who brings one has the answer only when the window has it on its disk.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog
from msgspec import Struct

from .bus import BUFFERED_BYTES_MAX

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription

REPLIES: Final = "onewindow.replies"

CONTENT_TYPE: Final = "Content-Type"
AUTHORIZATION: Final = "Authorization"
STATUS: Final = "Onewindow-Status"
RETRY_AFTER: Final = "Retry-After"

AT_ONCE_MAX: Final = 64
"""What is taken at one time of what was brought; the rest waits."""

log = structlog.get_logger("onewindow.bus")


class Brought(Struct, frozen=True):
    """What somebody brought to a return address: the subject's parts after `onewindow.replies`, headers and body."""

    to: tuple[str, ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """What the body is, without parameters, in lower case."""
        return self.headers.get(CONTENT_TYPE, "").partition(";")[0].strip().lower()


class Answered(Struct, frozen=True):
    """What is said to whoever brought it; `status` and what the body is are as with HTTP."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


def return_address(agency: str, run: str = "") -> str:
    """The subject to which an agency brings replies and acknowledgements; `run`: those of one check of it."""
    return f"{REPLIES}.{agency}.{run}" if run else f"{REPLIES}.{agency}"


async def receive(
    client: "Client", address: str, take: Callable[[Brought], Awaitable[Answered]], queue: str = ""
) -> "Subscription":
    """Take what is brought to an address, `*` in it standing for any one part, until the connection ends.

    queue: of all who take under the same name each thing reaches one. Whatever `take` raises is logged, and nobody is
    answered: who brought it comes again.
    """
    room = asyncio.Semaphore(AT_ONCE_MAX)
    tasks: set[asyncio.Task[None]] = set()

    async def came(message: "Msg") -> None:
        await room.acquire()
        task = asyncio.create_task(_answer(client, message, take))
        tasks.add(task)
        task.add_done_callback(done)

    def done(task: asyncio.Task[None]) -> None:
        tasks.discard(task)
        room.release()

    return await client.subscribe(address, queue=queue, cb=came, pending_bytes_limit=BUFFERED_BYTES_MAX)


async def _answer(client: "Client", message: "Msg", take: Callable[[Brought], Awaitable[Answered]]) -> None:
    brought = Brought(tuple(message.subject.split(".")[2:]), message.headers or {}, message.data)
    try:
        answered = await take(brought)
    except Exception:
        log.exception("what was brought over the bus could not be taken", subject=message.subject)
        return
    if message.reply:
        headers = {**answered.headers, STATUS: str(answered.status)}
        with suppress(Exception):  # the connection is gone, and whoever waits comes again
            await client.publish(message.reply, answered.body, headers=headers)
