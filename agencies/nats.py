"""The transport of an agency that takes its messages from a bus: a pull consumer on NATS JetStream.

    onewindow.messages.tax.0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f.1
    Content-Type: application/xml
    Onewindow-Message-Id, Onewindow-Kind, Onewindow-Attempt, Onewindow-Reference: as over HTTP
    Onewindow-Digest: sha256:…, of the body
    Onewindow-Return-Address: onewindow.replies.tax

Every message has a subject of its own, made from its id, and the stream takes one message a subject: what lies there or
is leased can't be laid there twice. The bus carries and is not the record; what it loses is laid again from the store.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import structlog
from msgspec import Struct

from ..codecs.digest import digest
from ..codecs.limits import DEFAULT
from .bus import NOT_READY, UNREACHABLE, Bus, Look, Unsuitable
from .http import ATTEMPT, XML, headers
from .let_go import LetGo
from .mailbox import again_seconds
from .return_address import CONTENT_TYPE, return_address
from .transport import HELD, Held, Outgoing, Unfit, Unreachable

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.js.api import StreamConfig
    from nats.js.client import JetStreamContext

STREAM: Final = "ONEWINDOW"
MESSAGES: Final = "onewindow.messages"

DIGEST: Final = "Onewindow-Digest"
RETURN_ADDRESS: Final = "Onewindow-Return-Address"

FETCHES_MAX: Final = 16
"""Fetches of a message of which each has a lease of its own; what is fetched more often has the last one's."""

STREAM_BYTES_MAX: Final = 1024**3
"""What the stream holds of messages that lie ready or are leased; what does not fit waits in the store."""

BEGINNING_BYTES: Final = len("NATS/1.0\r\n\r\n")
"""What headers come to besides their names and values."""

HEADER_BYTES_MAX: Final = 8 * 1024
"""More than the headers of a message come to."""

PAYLOAD_BYTES: Final = DEFAULT.body_bytes_max + HEADER_BYTES_MAX
"""What the server's `max_payload` has to be for the largest message."""

ANSWER_SECONDS_MAX: Final = 5.0
"""For one answer of the server."""

_LET_GO: Final = f"$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.{STREAM}.*"

log = structlog.get_logger("onewindow.bus")


class Consumer(Struct, frozen=True):
    """What an agency fetches by: who fetched a message has so long to settle it, and so many at one time."""

    agency: str
    lease_seconds: float
    leased_max: int


def leases(lease_seconds: float) -> list[float]:
    """How long each fetch of a message lasts before it comes again: longer where it is never settled, up to a limit.

    A message that comes again goes before all others, so that one which the agency falls over must come ever less.
    """
    pauses = [again_seconds(lease_seconds, fetched) for fetched in range(1, FETCHES_MAX + 1)]
    return [lease_seconds + pause for pause in pauses]


def subject(message_id: str) -> str:
    """The subject of a message: its id, the agency first so that a consumer can ask for its own."""
    case, agency, *rest = (quote(part, safe="").replace(".", "%2E") for part in message_id.split("/"))
    return ".".join((MESSAGES, agency, case, *rest))


def laid_out(consumers: Sequence[Consumer]) -> Look:
    """Sees to it that stream and consumers are on the bus, whoever deleted them; for `Bus.keep`.

    Tells that messages of all may have gone where the stream was not there, and those of an agency that let go of a
    message that it could not read.
    """
    seen: list[Client] = []
    small: set[int] = set()
    spoilt: dict[str, str] = {}
    codes = frozenset(each.agency for each in consumers)
    let_go = LetGo(codes)

    async def heard(message: "Msg") -> None:
        let_go.heard(message.subject.rpartition(".")[2])

    async def look(client: "Client") -> frozenset[str]:
        if client not in seen:
            seen[:] = [client]
            if client.max_payload < PAYLOAD_BYTES and client.max_payload not in small:
                small.add(client.max_payload)
                log.warning(
                    "the bus takes no message as large as they may be; its max_payload should be more",
                    max_payload=client.max_payload,
                    needed=PAYLOAD_BYTES,
                )
            await client.subscribe(_LET_GO, cb=heard)
        stream = client.jetstream(timeout=ANSWER_SECONDS_MAX)
        made = await _lay_out(stream)
        for each in consumers:
            await _lay_out_consumer(stream, each, spoilt)
        gone = let_go.take(asyncio.get_running_loop().time())
        return codes if made else gone

    return look


async def _lay_out(stream: "JetStreamContext") -> bool:
    """Make the stream where it is missing; whether it was. Raises Unsuitable, and what the library raises."""
    from nats.js.errors import NotFoundError

    wanted, made = _stream(), False
    try:
        found = (await stream.stream_info(STREAM)).config
    except NotFoundError:
        found = (await stream.add_stream(wanted)).config
        made = True
    if _kept(found) != _kept(wanted):
        raise Unsuitable(f"the stream {STREAM} on the bus has other settings: {_kept(found)}, wanted {_kept(wanted)}")
    return made


async def _lay_out_consumer(stream: "JetStreamContext", consumer: Consumer, spoilt: dict[str, str]) -> None:
    """Make an agency's consumer where it is missing; what the server has against it is that agency's only.

    spoilt: why agencies have none, each cause logged once.
    """
    from nats.js.api import AckPolicy, ConsumerConfig
    from nats.js.errors import APIError

    try:
        await stream.add_consumer(
            STREAM,
            ConsumerConfig(
                durable_name=consumer.agency,
                filter_subject=f"{MESSAGES}.{consumer.agency}.>",
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=consumer.lease_seconds,
                backoff=leases(consumer.lease_seconds),
                max_ack_pending=consumer.leased_max,
                max_deliver=-1,
            ),
        )
    except APIError as error:
        words = error.description or str(error)
        if spoilt.get(consumer.agency) != words:
            spoilt[consumer.agency] = words
            log.warning("an agency's consumer can't be laid out on the bus", agency=consumer.agency, error=words)
    else:
        if spoilt.pop(consumer.agency, None):
            log.info("the agency's consumer is there", agency=consumer.agency)


def _stream() -> "StreamConfig":
    from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

    return StreamConfig(
        name=STREAM,
        subjects=[f"{MESSAGES}.>"],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        discard_new_per_subject=True,
        max_msgs_per_subject=1,
        max_bytes=STREAM_BYTES_MAX,
        allow_direct=True,
    )


def _kept(config: "StreamConfig") -> tuple[object, ...]:
    """What the window relies on; how large the stream may be and how often it is copied is the operator's to say."""
    return (
        config.subjects,
        config.retention,
        config.discard,
        config.discard_new_per_subject,
        config.max_msgs_per_subject,
        config.allow_direct,
    )


class Nats:
    """Lays an agency's messages ready on a bus. `address`: to which the agency brings its replies."""

    def __init__(self, bus: Bus, agency: str, address: str = "") -> None:
        self.bus = bus
        self._agency = agency
        self._address = address or return_address(agency)

    async def deliver(self, outgoing: Outgoing) -> Held:
        """Lay a message ready; one that lies there or is leased stays as it is, if it is sound.

        Raises Unreachable: `bus-unreachable`, `bus-not-ready`, `bus-full`, `bus-refused`, `bus-damaged`, `timeout`.
        Raises Unfit: `message-too-large`.
        """
        client = self.bus.client()
        said = {
            CONTENT_TYPE: XML,
            **headers(outgoing),
            DIGEST: digest(outgoing.body),
            RETURN_ADDRESS: self._address,
        }
        size = len(outgoing.body) + sum(len(name) + len(value) + 4 for name, value in said.items())
        if size + BEGINNING_BYTES > client.max_payload:
            raise Unfit("message-too-large", f"{size} bytes, and the bus takes {client.max_payload}")
        name = subject(outgoing.message_id)
        stream = client.jetstream(timeout=ANSWER_SECONDS_MAX)
        for _ in range(2):
            if await self._lay(stream, name, outgoing.body, said) or await _is_sound(stream, name, outgoing, said):
                return HELD
            await _take_out(stream, name)
        raise Unreachable("bus-damaged", "what lies under the message's subject can be neither read nor replaced")

    async def lies(self, message_id: str) -> bool:
        """Whether a message is in the stream: it lies ready, or is leased. Raises Unreachable."""
        return await _place(self._stream(), subject(message_id)) is not None

    async def was_fetched(self, message_id: str) -> bool:
        """Whether the agency has had a message, whatever became of it. Raises Unreachable."""
        from nats.errors import Error

        stream = self._stream()
        place = await _place(stream, subject(message_id))
        if place is None:
            return True
        try:
            delivered = (await stream.consumer_info(STREAM, self._agency)).delivered
        except (Error, TimeoutError) as error:
            raise Unreachable("bus-refused", str(error)) from error
        return delivered is not None and place <= (delivered.stream_seq or 0)

    async def take_out(self, message_id: str) -> None:
        """Delete a message, whoever leases it, if it is there. Raises Unreachable."""
        await _take_out(self._stream(), subject(message_id))

    def _stream(self) -> "JetStreamContext":
        return self.bus.client().jetstream(timeout=ANSWER_SECONDS_MAX)

    async def _lay(self, stream: "JetStreamContext", name: str, body: bytes, said: Mapping[str, str]) -> bool:
        """Publish; False where there is a message under that subject already. Raises Unreachable."""
        from nats.errors import Error
        from nats.js.errors import APIError, NoStreamResponseError

        try:
            await stream.publish(name, body, headers=dict(said))
        except TimeoutError as error:
            raise Unreachable("timeout", "the bus does not answer") from error
        except NoStreamResponseError as error:
            self.bus.look()
            raise Unreachable(NOT_READY, "the stream is not on the bus") from error
        except APIError as error:
            words = error.description or str(error)
            if "per subject" in words:  # which the server tells from other failures to store by its words only
                return False
            raise Unreachable("bus-full" if "maximum bytes" in words else "bus-refused", words) from error
        except Error as error:
            raise Unreachable(UNREACHABLE, str(error)) from error
        return True


async def _take_out(stream: "JetStreamContext", name: str) -> None:
    """Delete what lies under a subject, by its place: a purge makes consumers of the server forget other leases."""
    from nats.errors import Error
    from nats.js.errors import NotFoundError

    place = await _place(stream, name)
    try:
        if place is not None:
            await stream.delete_msg(STREAM, place)
    except NotFoundError:
        return
    except (Error, TimeoutError) as error:
        raise Unreachable("bus-refused", str(error)) from error


async def _place(stream: "JetStreamContext", name: str) -> int | None:
    """The sequence number of what lies under a subject; None where nothing does. Raises Unreachable."""
    from nats.errors import Error
    from nats.js.errors import NotFoundError

    try:
        return (await stream.get_msg(STREAM, subject=name, direct=True)).seq
    except NotFoundError:
        return None
    except (Error, TimeoutError) as error:
        raise Unreachable("bus-refused", str(error)) from error


async def _is_sound(stream: "JetStreamContext", name: str, outgoing: Outgoing, said: Mapping[str, str]) -> bool:
    """Whether what lies under the subject is this message, whole; False as well where it is gone or can't be read."""
    from nats.errors import Error

    try:
        lying = await stream.get_msg(STREAM, subject=name, direct=True)
    except (Error, TimeoutError):
        return False
    there = lying.headers or {}
    return lying.data == outgoing.body and all(there.get(key) == said[key] for key in said if key != ATTEMPT)
