"""Subscriptions: what becomes of them, when the next attempt is due, and what a delivery is signed with."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import cases
from support.webhooks import subscription

from onewindow.codecs.finding import Text
from onewindow.gateway import webhook
from onewindow.gateway.place import Place
from onewindow.gateway.webhook import RETRY_AFTER_SECONDS_MAX, RETRY_SECONDS_MAX, Failure

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REFUSED = Failure(code="status", at=NOW, message=Text("the subscriber answered 500", "订阅方应答 500"))
SECOND = timedelta(seconds=1)


def test_signature() -> None:
    """The signature is the one that the specification's reference libraries give for this secret, id, time and body."""
    signed = webhook.headers(
        subscription(1, secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),  # noqa: S106 - published with the value below
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == signed["webhook-signature"]
    assert ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330") == (signed["webhook-id"], signed["webhook-timestamp"])


def test_secret() -> None:
    """A secret is told by its prefix, and what a log would show of a subscription has neither it nor the URL."""
    made = webhook.secret_of(bytes(range(32)))
    assert "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" == made
    shown = repr(subscription(1, secret=made))
    assert cases.case_id(1) in shown
    assert (False, False) == ("whsec" in shown, "http" in shown)
    assert b"whsec" not in msgspec.json.encode(webhook.status(subscription(1, secret=made), timedelta(0)))


def test_message_id_has_no_full_stop() -> None:
    """The id of an event's message has nothing in it that separates what is signed."""
    assert "." not in webhook.message_id(cases.case_id(1), 12)


def test_delivered() -> None:
    """A delivery moves the subscription on and ends what went wrong before."""
    failing = webhook.failed(subscription(1), REFUSED, SECOND)
    assert (1, REFUSED, NOW + SECOND) == (failing.failures, failing.last_failure, failing.next_attempt_at)
    assert subscription(1).place == failing.place
    after = webhook.delivered(failing, Place(3, 1), NOW)
    assert (0, None, None) == (after.failures, after.last_failure, after.next_attempt_at)
    assert (Place(3, 1), 1, NOW) == (after.place, after.deliveries, after.delivered_at)


def test_sent_back() -> None:
    """A subscription that is sent back begins at once, however long it was to wait."""
    failing = webhook.failed(subscription(1, place=Place(9, 1)), REFUSED, SECOND)
    back = webhook.sent_back(failing, Place(2, 1))
    assert (Place(2, 1), 0, None) == (back.place, back.failures, back.next_attempt_at)


def test_what_is_worth_keeping() -> None:
    """Each delivery and each failure is kept, and events that were passed over only when they are many."""
    kept = subscription(1, version=4)
    newer = subscription(1, version=3)
    assert webhook.worth_keeping(kept, webhook.delivered(newer, Place(1, 1), NOW))
    assert webhook.worth_keeping(kept, webhook.failed(newer, REFUSED, SECOND))
    assert not webhook.worth_keeping(kept, newer)
    assert not webhook.worth_keeping(kept, webhook.passed(newer, Place(webhook.PASSED_POSITIONS_MAX - 1, 1)))
    assert webhook.worth_keeping(kept, webhook.passed(newer, Place(webhook.PASSED_POSITIONS_MAX, 1)))


def test_wanted() -> None:
    """Without names every event is wanted, with names only those."""
    assert webhook.wanted(subscription(1), "sent")
    assert webhook.wanted(subscription(1, events=("decided", "sent")), "sent")
    assert not webhook.wanted(subscription(1, events=("decided",)), "sent")


@given(st.integers(1, 10_000), st.floats(0.5, 1.0))
def test_pauses_grow_up_to_a_limit(failures: int, spread: float) -> None:
    """The pause after one more failure is as long or longer, and never longer than the limit."""
    pause, next_pause = (webhook.pause(count, spread, None) for count in (failures, failures + 1))
    assert timedelta(seconds=0.5) <= pause <= next_pause <= timedelta(seconds=RETRY_SECONDS_MAX)


def test_pauses_are_what_the_subscriber_asks_for() -> None:
    """Retry-After makes a pause longer, up to a limit, and never shorter."""
    minute = timedelta(seconds=60)
    assert minute == webhook.pause(1, 1.0, minute)
    assert timedelta(seconds=RETRY_SECONDS_MAX) == webhook.pause(100, 1.0, minute)
    assert timedelta(seconds=RETRY_AFTER_SECONDS_MAX) == webhook.pause(1, 1.0, timedelta(days=7))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("0", timedelta(0)),
        ("120", 120 * SECOND),
        ("9" * 400, timedelta(seconds=RETRY_AFTER_SECONDS_MAX)),
        ("Mon, 02 Mar 2026 12:01:30 GMT", 90 * SECOND),
        ("Mon, 02 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("Mon, 02 Mar 2026 12:01:30 -0000", 90 * SECOND),
        ("Mon, 02 Mar 2026 12:01:30 +9999999999999999999", None),
        ("Mon, 02 Mar 99999999999999999999 12:01:30 GMT", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(header: str | None, expected: timedelta | None) -> None:
    """Retry-After is read as seconds or as a date; what is neither asks for nothing."""
    assert expected == webhook.retry_after(header, NOW)
