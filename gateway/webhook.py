"""Webhooks: who is told of which events, how far he has been told, and what a delivery to him looks like.

Deliveries are signed as the Standard Webhooks specification (version 1.0.0, "Verifying webhook authenticity") has it:
`webhook-id` is the same at every attempt, `webhook-timestamp` is the time of the attempt in seconds since 1970,
`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY` under the secret's bytes.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from ..codecs.finding import Text
from .place import Place, cursor

WEBHOOK_COUNT_MAX: Final = 100
"""Subscriptions that a window keeps."""

URL_CHARS_MAX: Final = 2048

SECRET_BYTES: Final = 32

SIGNATURE: Final = "webhook-signature"
"""The header that no delivery is without."""

_PREFIX: Final = "whsec_"

RETRY_SECONDS_FIRST: Final = 1.0
RETRY_SECONDS_MAX: Final = 300.0
"""The longest between two attempts, where the subscriber does not ask for more."""

RETRY_AFTER_SECONDS_MAX: Final = 3600.0
"""The longest that a subscriber can ask to be left alone."""

PASSED_POSITIONS_MAX: Final = 1000
"""How far a subscription goes past events that are not wanted before that is worth a write."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a delivery failed; `code` is stable."""

    code: str
    at: datetime
    message: Text


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """One subscriber. `version` counts what has been kept of it, from 1.

    declarant: only events of this declarant's cases. events: only events of these names; none: all. place: that of the
    last event that was delivered or passed over. deliveries: that succeeded, ever. failures: attempts since the last
    one. next_attempt_at: not before that. switched_off_at: since when nothing is sent, as the subscriber asked.
    """

    id: str
    version: int
    url: str
    secret: str
    declarant: str | None
    events: tuple[str, ...]
    created_at: datetime
    place: Place
    deliveries: int = 0
    delivered_at: datetime | None = None
    failures: int = 0
    last_failure: Failure | None = None
    next_attempt_at: datetime | None = None
    switched_off_at: datetime | None = None

    def __repr__(self) -> str:
        """Without the secret, and without the URL, which may be one: this is what a log would show."""
        return f"Subscription({self.id!r}, version={self.version}, place={cursor(self.place)!r})"


class WebhookStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as its owner sees it. `cursor` is that of the last event that was delivered or passed over.

    `failures` are the attempts at the next event so far. `lag_seconds` is the age of the first event after the cursor,
    0 where there is none. `switched_off_at`: since when nothing is sent, because the subscriber answered 410 (Gone); a
    redelivery switches it on again. The secret is not shown.
    """

    id: str
    url: str
    declarant: str | None
    events: tuple[str, ...]
    created_at: datetime
    cursor: str
    deliveries: int
    delivered_at: datetime | None
    failures: int
    last_error: Failure | None
    next_attempt_at: datetime | None
    switched_off_at: datetime | None
    lag_seconds: float


class NewWebhook(WebhookStatus, frozen=True, kw_only=True):
    """A subscription that has just been made, with its secret: it is shown this once."""

    secret: str


class WebhookList(msgspec.Struct, frozen=True, kw_only=True):
    """Every subscription, the oldest first."""

    webhooks: tuple[WebhookStatus, ...]


class WebhookTest(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a test: whether the subscriber took it, or why not."""

    delivered: bool
    error: Failure | None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Subscription).decode


def encode_subscription(subscription: Subscription) -> bytes:
    """A subscription as it is kept, its secret included."""
    return _encode(subscription)


def decode_subscription(snapshot: bytes) -> Subscription:
    """A subscription from what was kept. Raises msgspec.MsgspecError where it is none."""
    return _decode(snapshot)


def status(subscription: Subscription, lag: timedelta) -> WebhookStatus:
    """What is shown of a subscription."""
    return WebhookStatus(
        id=subscription.id,
        url=subscription.url,
        declarant=subscription.declarant,
        events=subscription.events,
        created_at=subscription.created_at,
        cursor=cursor(subscription.place),
        deliveries=subscription.deliveries,
        delivered_at=subscription.delivered_at,
        failures=subscription.failures,
        last_error=subscription.last_failure,
        next_attempt_at=subscription.next_attempt_at,
        switched_off_at=subscription.switched_off_at,
        lag_seconds=max(lag, timedelta(0)) / timedelta(seconds=1),
    )


def created(subscription: Subscription, lag: timedelta) -> NewWebhook:
    """What is shown of a subscription once, to whoever made it."""
    return NewWebhook(**msgspec.structs.asdict(status(subscription, lag)), secret=subscription.secret)


def wanted(subscription: Subscription, event: str) -> bool:
    """Whether the subscriber wants events of this name."""
    return not subscription.events or event in subscription.events


def passed(subscription: Subscription, place: Place) -> Subscription:
    """The subscription past events that are not wanted."""
    return msgspec.structs.replace(subscription, place=place)


def delivered(subscription: Subscription, place: Place, at: datetime) -> Subscription:
    """The subscription after the event at this place was taken."""
    return msgspec.structs.replace(
        subscription,
        place=place,
        deliveries=subscription.deliveries + 1,
        delivered_at=at,
        failures=0,
        last_failure=None,
        next_attempt_at=None,
    )


def failed(subscription: Subscription, failure: Failure, wait: timedelta) -> Subscription:
    """The subscription after an attempt that failed, to be tried again after `wait`."""
    return msgspec.structs.replace(
        subscription,
        failures=subscription.failures + 1,
        last_failure=failure,
        next_attempt_at=failure.at + wait,
    )


def switched_off(subscription: Subscription, failure: Failure) -> Subscription:
    """The subscription after its subscriber said that it is to end (Standard Webhooks has 410 for that)."""
    return msgspec.structs.replace(
        subscription,
        failures=subscription.failures + 1,
        last_failure=failure,
        next_attempt_at=None,
        switched_off_at=failure.at,
    )


def sent_back(subscription: Subscription, place: Place) -> Subscription:
    """The subscription with everything after this place to be delivered again, at once, also if it was switched off."""
    return msgspec.structs.replace(
        subscription, place=place, failures=0, last_failure=None, next_attempt_at=None, switched_off_at=None
    )


def worth_keeping(kept: Subscription, current: Subscription) -> bool:
    """Whether `current` says more than what is kept already: not where a few events were passed over."""
    if current.place.position - kept.place.position >= PASSED_POSITIONS_MAX:
        return True
    return msgspec.structs.replace(current, place=kept.place, version=kept.version) != kept


def pause(failures: int, spread: float, asked: timedelta | None) -> timedelta:
    """How long to wait after this many failures: doubled up to a limit, and what Retry-After asked for at least.

    `spread`, 0.5 to 1, keeps subscribers that failed together from coming back together.
    """
    longest = min(RETRY_SECONDS_FIRST * 2 ** min(failures - 1, 16), RETRY_SECONDS_MAX)
    own = timedelta(seconds=longest * spread)
    return own if asked is None else max(own, min(asked, timedelta(seconds=RETRY_AFTER_SECONDS_MAX)))


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for (RFC 9110, section 10.2.3): seconds or a date. None where it can't be read."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return timedelta(seconds=min(int(header[:9]), RETRY_AFTER_SECONDS_MAX))
    try:
        at = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max((at if at.tzinfo else at.replace(tzinfo=UTC)) - now, timedelta(0))


def secret_of(randomness: bytes) -> str:
    """A secret as it is shown: `whsec_` and the base64 of its bytes."""
    return _PREFIX + base64.b64encode(randomness).decode()


def message_id(case_id: str, sequence: int) -> str:
    """The `webhook-id` of an event; it has no full stop, which separates what is signed."""
    return f"{case_id}-{sequence}"


def headers(subscription: Subscription, message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of one attempt, made at `at`, to deliver `body`."""
    timestamp = str(int(at.timestamp()))
    key = base64.b64decode(subscription.secret.removeprefix(_PREFIX))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        SIGNATURE: f"v1,{signature}",
    }
