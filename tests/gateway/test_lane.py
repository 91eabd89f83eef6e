"""One agency's harm stays its own: slow, down or overfull, it holds up no other agency and no other case."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs
from support.declarations import declaration
from support.outgoing import message as sent
from support.windows import desks, window

from onewindow.agencies import installed
from onewindow.agencies.transport import HELD, Answer, Outgoing, Unfit, Unreachable
from onewindow.codecs.finding import Finding, Rejected, Text
from onewindow.gateway import backoff, breaker, delivery, dispatch
from onewindow.gateway.breaker import FAILED_MESSAGES_MAX
from onewindow.gateway.case import PartState
from onewindow.gateway.config import AgencyConfig, Config, GatewayConfig
from onewindow.gateway.dead_letter import LetterState
from onewindow.gateway.deadlines import next_deadline
from onewindow.gateway.events import SendFailed, Sent, event_name
from onewindow.gateway.lane import ATTEMPTS_MAX
from onewindow.gateway.papers import XML
from onewindow.gateway.store.dead_letters import LetterSearch
from onewindow.gateway.submission import Submission
from onewindow.gateway.window import Window


class Ailing:
    """Four agencies of which tax does what the test wants; it counts how tax is asked."""

    def __init__(self) -> None:
        self.inner = desks()
        self.attempts: list[str] = []
        self.at_once = self.most_at_once = 0

    async def deliver(self, outgoing: Outgoing) -> Answer:
        """What the agency does; of tax it is counted."""
        if outgoing.agency != "tax":
            return await self.inner.deliver(outgoing)
        self.attempts.append(outgoing.message_id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self.tax(outgoing)
        finally:
            self.at_once -= 1

    async def tax(self, outgoing: Outgoing) -> Answer:
        """What tax does."""
        return await self.inner.deliver(outgoing)


class Down(Ailing):
    """Tax is down until it is `up`."""

    up = False

    async def tax(self, outgoing: Outgoing) -> Answer:
        """What tax does."""
        if not self.up:
            raise Unreachable("connection-refused", "nobody listens")
        return await self.inner.deliver(outgoing)


class Slow(Ailing):
    """Tax answers nobody until it is `free`."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()

    async def tax(self, outgoing: Outgoing) -> Answer:
        """What tax does."""
        await self.free.wait()
        return await self.inner.deliver(outgoing)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of milliseconds."""
    monkeypatch.setattr(backoff, "RETRY_SECONDS_FIRST", 0.001)
    monkeypatch.setattr(breaker, "PAUSE_SECONDS_MAX", 0.05)


async def submitted(opened: Window, name: str, count: int) -> list[Submission]:
    """So many declarations, taken one after another."""
    return [await opened.submit(declaration(f"{name}-{place}"), XML) for place in range(count)]


async def settled(opened: Window, submissions: list[Submission], expected: dict[str, PartState]) -> None:
    """Returns once every agency's part of every case stands as expected."""
    async with asyncio.timeout(60):
        for submission in submissions:
            async for _ in following(opened, submission.case.id):
                record = await opened.load(submission.case.id)
                assert record is not None
                if expected == {part.agency: part.state for part in record.case.parts}:
                    break


async def following(opened: Window, case_id: str) -> AsyncIterator[None]:
    """At once, and at each event of the case."""
    yield
    async for _ in opened.follow(case_id, 0):
        yield


ANSWERED = dict.fromkeys(("customs", "tax", "market-supervision", "quality-inspection"), PartState.ANSWERED)


def metric(opened: Window, name: str) -> float:
    """What is measured of tax."""
    found = re.search(rf'^onewindow_agency_{name}{{agency="tax".*}} (\S+)$', opened.metrics.exposition().decode(), re.M)
    assert found is not None
    return float(found[1])


@pytest.mark.usefixtures("quick")
async def test_an_agency_that_is_down_is_left_alone(tmp_path: Path) -> None:
    """With tax down the others answer, status says why tax has not, and all go on by themselves when it is up."""
    down = Down()
    config = Config(gateway=GatewayConfig(max_inflight=4))
    async with window(tmp_path, down, config=config) as opened:
        stuck: list[Submission] = []
        for place in range(30):
            stuck += await _patient(opened, f"DOWN-{place}")
        await settled(opened, stuck, {**ANSWERED, "tax": PartState.UNREACHABLE})
        for submission in stuck:
            record = await opened.load(submission.case.id)
            assert record is not None
            part = record.case.part("tax")
            assert part is not None
            assert "connection-refused" == part.failure
            assert 1 == [event_name(event) for event in record.events].count("send-failed")
        assert metric(opened, "breaker") in (1, 2)
        assert FAILED_MESSAGES_MAX <= metric(opened, "failures_total")
        down.up = True
        for submission in stuck:
            assert await opened.decided(submission.case.id, 60) is not None
        assert (0, 0, 0) == tuple(metric(opened, name) for name in ("breaker", "waiting", "inflight"))


@pytest.mark.usefixtures("quick")
async def test_an_agency_that_goes_and_comes_back_is_logged(tmp_path: Path) -> None:
    """The log says once that an agency is left alone and why, and once that it answers again."""
    down = Down()
    with capture_logs() as logs:
        async with window(tmp_path, down, config=Config(agencies={"tax": AgencyConfig(inflight=1)})) as opened:
            stuck = await submitted(opened, "LOGGED", FAILED_MESSAGES_MAX + 2)
            await settled(opened, stuck, {**ANSWERED, "tax": PartState.UNREACHABLE})
            async with asyncio.timeout(60):
                while len(down.attempts) < FAILED_MESSAGES_MAX + 3:
                    await asyncio.sleep(0)
            down.up = True
            for submission in stuck:
                assert await opened.decided(submission.case.id, 60) is not None
    told = [(each["log_level"], each["event"], each.get("code")) for each in logs if each.get("agency") == "tax"]
    assert [
        ("warning", "agency is left alone, but for a message now and then that tries", "connection-refused"),
        ("info", "agency answers again", None),
    ] == told


async def test_a_breaker_spares_an_agency(tmp_path: Path) -> None:
    """An agency that is down is not asked once for each case: after the breaker has opened, nobody asks at all."""
    down = Down()
    async with window(tmp_path, down, config=Config(agencies={"tax": AgencyConfig(inflight=1)})) as opened:
        stuck = await submitted(opened, "SPARED", 40)
        await settled(opened, stuck, {**ANSWERED, "tax": PartState.UNREACHABLE})
        assert len(down.attempts) < 40


async def test_a_slow_agency_keeps_no_case_in_hand(tmp_path: Path) -> None:
    """With tax slow as treacle the others answer more cases than may be in hand, and tax gets what it can take."""
    slow = Slow()
    config = Config(gateway=GatewayConfig(max_inflight=8), agencies={"tax": AgencyConfig(inflight=3)})
    async with window(tmp_path, slow, config=config) as opened:
        waiting: list[Submission] = []
        for place in range(40):
            waiting += await _patient(opened, f"SLOW-{place}")
        await settled(opened, waiting, {**ANSWERED, "tax": PartState.SENT})
        assert (3, 3) == (slow.at_once, slow.most_at_once)
        slow.free.set()
        for submission in waiting:
            assert await opened.decided(submission.case.id, 60) is not None
        assert 3 == slow.most_at_once
    assert len(waiting) == len(set(slow.attempts))


async def _patient(opened: Window, reference: str) -> list[Submission]:
    """One declaration, taken as soon as there is room for it."""
    from onewindow.gateway.submission import NotServing

    async with asyncio.timeout(60):
        while True:
            try:
                return [await opened.submit(declaration(reference), XML)]
            except NotServing:
                await asyncio.sleep(0)


async def test_a_held_message_keeps_no_case_in_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that lies ready for its agency stays sent, its case is put by, and it is laid there again later on."""
    monkeypatch.setattr(dispatch, "SWEEP_SECONDS", 0.02)
    monkeypatch.setattr(delivery, "HELD_SECONDS", 0.05)

    class Asleep(Ailing):
        laid = 0

        async def tax(self, outgoing: Outgoing) -> Answer:
            self.laid += 1
            return HELD if self.laid < 3 else await self.inner.deliver(outgoing)

    asleep = Asleep()
    async with window(tmp_path, asleep) as opened:
        submission = await opened.submit(declaration("HELD-1"), XML)
        assert await opened.decided(submission.case.id, 30) is not None
        record = await opened.load(submission.case.id)
    assert record is not None
    assert (3, 1) == (asleep.laid, len(set(asleep.attempts)))
    assert 1 == sum(isinstance(event, Sent) and event.agency == "tax" for event in record.events)


@pytest.mark.usefixtures("quick")
async def test_a_message_that_lies_ready_after_failures_is_sent(tmp_path: Path) -> None:
    """A message that could not be delivered and then lies ready is sent, without a failure and with its first times."""

    class Fetched(Ailing):
        async def tax(self, outgoing: Outgoing) -> Answer:
            if len(self.attempts) == 1:
                raise Unreachable("bus-down", "nobody listens")
            return HELD

    async with window(tmp_path, Fetched()) as opened:
        submission = await opened.submit(declaration("HELD-2"), XML)
        await settled(opened, [submission], {**ANSWERED, "tax": PartState.SENT})
        async for _ in following(opened, submission.case.id):
            record = await opened.load(submission.case.id)
            assert record is not None
            names = [event_name(event) for event in record.events if getattr(event, "agency", "") == "tax"]
            if len(names) == 3:
                break
    assert record is not None
    part = record.case.part("tax")
    assert part is not None
    assert (["sent", "send-failed", "sent"], None) == (names, part.failure)
    first = next(event for event in record.events if isinstance(event, Sent) and event.agency == "tax")
    assert (first.at, first.due_at) == (part.sent_at, part.due_at)


async def test_a_refused_message_is_not_sent_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that its agency refuses rests; status says why, and the agency's other messages go on."""
    monkeypatch.setattr(dispatch, "SWEEP_SECONDS", 0.01)
    words = Text("There is no such office.", "没有该机关。")

    class Strict(Ailing):
        async def tax(self, outgoing: Outgoing) -> Answer:
            if outgoing.reference == "REFUSED-0":
                raise Rejected("message-refused", (Finding(code="office", pointer="/", message=words),))
            return await self.inner.deliver(outgoing)

    strict = Strict()
    async with window(tmp_path, strict) as opened:
        (refused,) = await submitted(opened, "REFUSED", 1)
        await settled(opened, [refused], {**ANSWERED, "tax": PartState.UNREACHABLE})
        for submission in await submitted(opened, "GOOD", 30):
            assert await opened.decided(submission.case.id, 30) is not None
        record = await opened.load(refused.case.id)
        assert record is not None
        part = record.case.part("tax")
        assert part is not None
        assert ("message-refused", 0) == (part.failure, metric(opened, "breaker"))
    assert 1 == strict.attempts.count(f"{refused.case.id}/tax/1")


async def test_messages_that_do_not_fit_are_not_the_agencys_fault(tmp_path: Path) -> None:
    """Messages that can't go an agency's way rest, each tried once, and those that can go on."""

    class Narrow(Ailing):
        async def tax(self, outgoing: Outgoing) -> Answer:
            if outgoing.reference.startswith("LARGE"):
                raise Unfit("message-too-large", "more than the bus takes")
            return await self.inner.deliver(outgoing)

    narrow = Narrow()
    async with window(tmp_path, narrow) as opened:
        large = await submitted(opened, "LARGE", 2 * FAILED_MESSAGES_MAX)
        await settled(opened, large, {**ANSWERED, "tax": PartState.UNREACHABLE})
        assert 0 == metric(opened, "breaker")
        for submission in await submitted(opened, "SMALL", 3):
            assert await opened.decided(submission.case.id, 30) is not None
        for submission in large:
            record = await opened.load(submission.case.id)
            assert record is not None
            part = record.case.part("tax")
            assert part is not None
            assert "message-too-large" == part.failure
    assert 2 * FAILED_MESSAGES_MAX + 3 == len(narrow.attempts)


async def test_who_waits_is_not_overtaken(tmp_path: Path) -> None:
    """With room for one message a case that waited is next, however many fresh ones come meanwhile."""
    slow = Slow()
    config = Config(agencies={"tax": AgencyConfig(inflight=1)})
    async with window(tmp_path, slow, config=config) as opened:
        cases = await submitted(opened, "TURN", 8)
        await settled(opened, cases[:1], {**ANSWERED, "tax": PartState.SENT})
        slow.free.set()
        await settled(opened, cases + await submitted(opened, "FRESH", 8), ANSWERED)
    assert [f"{each.case.id}/tax/1" for each in cases] == slow.attempts[:8]


async def test_an_agency_that_is_no_longer_installed(tmp_path: Path) -> None:
    """Cases that wait for an agency which is not installed any more wait for it, and the others go on."""
    installed_now = installed()
    async with window(tmp_path, Down()) as opened:
        (left,) = await submitted(opened, "LEFT", 1)
        await settled(opened, [left], {**ANSWERED, "tax": PartState.UNREACHABLE})
    fewer = {code: agency for code, agency in installed_now.items() if code != "tax"}
    async with window(tmp_path, agencies=fewer) as opened:
        (other,) = await submitted(opened, "OTHER", 1)
        assert await opened.decided(other.case.id, 30) is not None
        assert opened.ready
    async with window(tmp_path) as opened:
        assert await opened.decided(left.case.id, 30) is not None


class Apart(Slow):
    """As `Slow`, and customs answers nobody."""

    async def deliver(self, outgoing: Outgoing) -> Answer:
        """What the agency does."""
        if outgoing.agency == "customs":
            await asyncio.Event().wait()
        return await super().deliver(outgoing)


async def test_a_place_is_not_kept_for_who_needs_none(tmp_path: Path) -> None:
    """A case that was answered by hand while it waited, and stays in hand for another agency, keeps nobody's place."""
    apart = Apart()
    config = Config(agencies={"tax": AgencyConfig(inflight=1)})
    unanswered = {**ANSWERED, "customs": PartState.SENT}
    async with window(tmp_path, apart, config=config) as opened:
        cases = await submitted(opened, "PLACE", 3)
        await settled(opened, cases, {**unanswered, "tax": PartState.SENT})
        message = replace(sent("tax"), message_id=f"{cases[1].case.id}/tax/1")
        by_hand = await desks().deliver(message)
        assert by_hand is not None
        await opened.reply("tax", by_hand)
        apart.free.set()
        await settled(opened, cases, unanswered)
    assert 2 == len(apart.attempts)


class Poisoned(Ailing):
    """Tax can't do with messages of a reference that begins with POISON: it fails, or hangs until it is `free`."""

    def __init__(self, *, hangs: bool = False) -> None:
        super().__init__()
        self.hangs = hangs
        self.cured = False
        self.free = asyncio.Event()

    async def tax(self, outgoing: Outgoing) -> Answer:
        """What tax does."""
        if outgoing.reference.startswith("POISON") and not self.cured:
            if self.hangs:
                await self.free.wait()
            raise Unreachable("status-500", "HTTP 500 Internal Server Error")
        return await self.inner.deliver(outgoing)


async def resent(opened: Window, submission: Submission) -> None:
    """Have the message sent again where it has become a dead letter."""
    for letter in await opened.dead_letters.letters.find(LetterSearch(limit=100)):
        if letter.case_id == submission.case.id and letter.state is LetterState.OPEN:
            await opened.dead_letters.resend(letter.id)


async def failed_so_often(agency: Poisoned, cases: list[Submission], attempts: int) -> None:
    """Returns once tax has been asked so often for each of these cases."""
    async with asyncio.timeout(60):
        while min(agency.attempts.count(f"{each.case.id}/tax/1") for each in cases) < attempts:
            await asyncio.sleep(0)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("inflight", [1, 64])
async def test_messages_that_fail_hold_up_no_others(tmp_path: Path, inflight: int) -> None:
    """However many messages an agency can't do with, and however often they are tried, the others are answered."""
    poisoned = Poisoned()
    config = Config(agencies={"tax": AgencyConfig(inflight=inflight)})
    async with window(tmp_path, poisoned, config=config) as opened:
        poison = await submitted(opened, "POISON", FAILED_MESSAGES_MAX + 2)
        await settled(opened, poison, {**ANSWERED, "tax": PartState.UNREACHABLE})
        for submission in await submitted(opened, "GOOD", 5):
            assert await opened.decided(submission.case.id, 60) is not None
        await failed_so_often(poisoned, poison, 3)
        for submission in await submitted(opened, "LATER", 5):
            assert await opened.decided(submission.case.id, 60) is not None
        assert 0 == metric(opened, "breaker")
        open_still = [await opened.load(submission.case.id) for submission in poison]
        assert {None} == {record and record.case.outcome for record in open_still}
        poisoned.cured = True
        for submission in poison:
            await resent(opened, submission)
            assert await opened.decided(submission.case.id, 60) is not None


async def test_messages_that_hang_hold_up_no_others(tmp_path: Path) -> None:
    """While messages that an agency never answers keep their places, the others have the rest and are answered."""
    poisoned = Poisoned(hangs=True)
    config = Config(agencies={"tax": AgencyConfig(inflight=12)})
    async with window(tmp_path, poisoned, config=config) as opened:
        await settled(opened, await submitted(opened, "POISON", 10), {**ANSWERED, "tax": PartState.SENT})
        for submission in await submitted(opened, "GOOD", 8):
            assert await opened.decided(submission.case.id, 60) is not None
        poisoned.free.set()


async def test_messages_that_hung_have_few_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages that have failed before have a quarter of the places, however many of them are due."""
    monkeypatch.setattr(backoff, "RETRY_SECONDS_FIRST", 0.001)
    poisoned = Poisoned()
    config = Config(agencies={"tax": AgencyConfig(inflight=8)})
    async with window(tmp_path, poisoned, config=config) as opened:
        poison = await submitted(opened, "POISON", 8)
        await failed_so_often(poisoned, poison, 1)
        poisoned.hangs = True
        async with asyncio.timeout(60):
            while poisoned.at_once < 2:
                await asyncio.sleep(0)
        poisoned.most_at_once = 0
        for submission in await submitted(opened, "GOOD", 8):
            assert await opened.decided(submission.case.id, 60) is not None
        assert 2 == poisoned.at_once
        poisoned.free.set()


async def send_failures(opened: Window, submission: Submission) -> list[str]:
    """The codes of the failures in the case's journal."""
    record = await opened.load(submission.case.id)
    assert record is not None
    return [event.code for event in record.events if isinstance(event, SendFailed)]


@pytest.mark.usefixtures("quick")
async def test_a_message_that_fails_alone_becomes_a_dead_letter(tmp_path: Path) -> None:
    """After so many attempts a message to which others are no worse is a dead letter; an operator sends it again."""
    poisoned = Poisoned()
    async with window(tmp_path, poisoned) as opened:
        (alone,) = await submitted(opened, "POISON", 1)
        await failed_so_often(poisoned, [alone], 1)
        for submission in await submitted(opened, "GOOD", 2):
            assert await opened.decided(submission.case.id, 60) is not None
        async with asyncio.timeout(60):
            while not (found := await opened.dead_letters.letters.find(LetterSearch())):
                await asyncio.sleep(0)
        (letter,) = found
        assert ("tax", "message-undeliverable", alone.case.id) == (letter.agency, letter.code, letter.case_id)
        assert "12 attempts; the last: status-500 HTTP 500 Internal Server Error" == letter.detail
        async with asyncio.timeout(60):
            while len(codes := await send_failures(opened, alone)) < 2:
                await asyncio.sleep(0)
        assert ["status-500", "message-undeliverable"] == codes
        assert ATTEMPTS_MAX == poisoned.attempts.count(f"{alone.case.id}/tax/1")
        record = await opened.load(alone.case.id)
        assert record is not None
        assert next_deadline(record.case) is not None
        poisoned.cured = True
        assert await opened.dead_letters.resend(letter.id) is not None
        assert await opened.decided(alone.case.id, 60) is not None
