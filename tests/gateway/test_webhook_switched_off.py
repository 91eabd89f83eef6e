"""A subscriber who answers 410 (Gone) is sent nothing more, and everybody is told so."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.declarations import declaration
from support.subscriber import Subscriber, answering, taken
from support.windows import HeldClock, window

from onewindow.gateway.papers import XML
from onewindow.gateway.place import BEGINNING
from onewindow.gateway.webhook import RETRY_SECONDS_MAX, WebhookStatus
from onewindow.gateway.webhooks import Wish
from onewindow.gateway.window import Window

OFF = "onewindow_webhooks_off"
DECIDED = ("decided",)


async def becomes(opened: Window, webhook_id: str, wanted: Callable[[WebhookStatus], bool]) -> WebhookStatus:
    """The webhook once it is like this."""
    async with asyncio.timeout(60):
        while True:
            found = await opened.webhooks.find(webhook_id)
            assert found is not None
            if wanted(found):
                return found
            await asyncio.sleep(0)


def is_off(found: WebhookStatus) -> bool:
    """It is switched off."""
    return found.switched_off_at is not None


async def declare(opened: Window, reference: str) -> None:
    """A case that is decided."""
    submission = await opened.submit(declaration(reference), XML)
    assert await opened.decided(submission.case.id, 30) is not None


def off(opened: Window) -> float | None:
    """How many webhooks are off, by the metric."""
    return opened.metrics.registry.get_sample_value(OFF)


async def test_a_subscriber_that_is_gone(tmp_path: Path) -> None:
    """410 switches a webhook off: nothing more is sent, not after a restart either; list, log and metric say so."""
    clock = HeldClock()
    gone = Subscriber(answering(410))
    with capture_logs() as logs:
        async with gone.listening(), Subscriber().listening() as good:
            async with window(tmp_path, clock=clock) as opened:
                made = await opened.webhooks.create(Wish(url=gone.url, events=DECIDED))
                await opened.webhooks.create(Wish(url=good.url, events=DECIDED))
                await declare(opened, "GONE-1")
                found = await becomes(opened, made.id, is_off)
                metric = off(opened)
                clock.advance(timedelta(seconds=RETRY_SECONDS_MAX))
                await declare(opened, "GONE-2")
                await good.until(2)
            async with window(tmp_path, clock=clock) as opened:
                await declare(opened, "GONE-3")
                await good.until(3)
                again = await opened.webhooks.find(made.id)
    assert 1 == len(gone.received)
    assert found.last_error is not None
    assert ("gone", None) == (found.last_error.code, found.next_attempt_at)
    assert (1.0, True) == (metric, again is not None and is_off(again))
    assert [made.id] == [each["webhook"] for each in logs if each["event"] == "webhook switched off by its subscriber"]


async def test_switched_on_again(tmp_path: Path) -> None:
    """Sending again switches a webhook on: what it missed comes, and what follows."""
    subscriber = Subscriber(answering(410))
    async with window(tmp_path) as opened, subscriber.listening():
        made = await opened.webhooks.create(Wish(url=subscriber.url, events=DECIDED))
        await declare(opened, "ON-1")
        await becomes(opened, made.id, is_off)
        subscriber.answer = taken
        back = await opened.webhooks.send_back(made.id, BEGINNING)
        await subscriber.until(2)
        await declare(opened, "ON-2")
        await subscriber.until(3)
        found = await becomes(opened, made.id, lambda each: each.deliveries == 2)
        metric = off(opened)
    assert back is not None
    assert (None, None, None, 0.0) == (back.switched_off_at, found.switched_off_at, found.last_error, metric)


async def test_a_test_of_one_that_is_off(tmp_path: Path) -> None:
    """A test is sent also to a webhook that is off, and switches none on; one answered with 410 switches none off."""
    subscriber = Subscriber(answering(410, 204, 410))
    async with window(tmp_path) as opened, subscriber.listening():
        made = await opened.webhooks.create(Wish(url=subscriber.url, events=DECIDED))
        await declare(opened, "TEST-OFF")
        await becomes(opened, made.id, is_off)
        tested = await opened.webhooks.test(made.id)
        found = await opened.webhooks.find(made.id)
        another = await opened.webhooks.create(Wish(url=subscriber.url, events=DECIDED))
        refused = await opened.webhooks.test(another.id)
        still_on = await opened.webhooks.find(another.id)
    assert tested is not None
    assert refused is not None
    assert refused.error is not None
    assert (True, True, "gone") == (tested.delivered, found is not None and is_off(found), refused.error.code)
    assert (False, True) == (still_on is None, still_on is not None and not is_off(still_on))


@pytest.mark.parametrize("status", [301, 404, 429, 503])
async def test_other_refusals(status: int, tmp_path: Path) -> None:
    """Any other refusal is tried again: only 410 means never."""
    clock = HeldClock()
    subscriber = Subscriber(answering(status, 204))
    async with window(tmp_path, clock=clock) as opened, subscriber.listening():
        made = await opened.webhooks.create(Wish(url=subscriber.url, events=DECIDED))
        await declare(opened, f"AGAIN-{status}")
        found = await becomes(opened, made.id, lambda each: each.failures == 1)
        assert found.next_attempt_at is not None
        clock.advance(found.next_attempt_at - clock())
        await subscriber.until(2)
    assert found.switched_off_at is None
