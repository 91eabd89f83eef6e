"""The mailbox: leases, and the contract of transports over the window's own HTTP interface."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from contract.transport import Link, TransportContract
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.outgoing import message
from support.waiting import Arrivals, listening

from onewindow.agencies import mailbox
from onewindow.agencies.desk import Desk
from onewindow.agencies.desk_mailbox import MailboxDesk
from onewindow.agencies.mailbox import AGAIN_AT_ONCE_MAX, AGAIN_SECONDS_MAX, Mailbox, again_seconds
from onewindow.agencies.transport import HELD, Held, Outgoing
from onewindow.codecs import REPLY
from onewindow.gateway.api import application
from onewindow.gateway.config import Config
from onewindow.gateway.mailboxes import Mailboxes
from onewindow.gateway.metrics import Metrics
from onewindow.gateway.store import StoreUnavailable


class Bodies(dict[str, bytes]):
    """The bodies of messages that are still to be delivered."""

    async def read(self, message_id: str) -> bytes | None:
        """One of them."""
        return self.get(message_id)


class Laid(Mailbox):
    """A mailbox that remembers the bodies of what is laid there."""

    def __init__(self, bodies: Bodies) -> None:
        super().__init__(bodies.read, 60.0, 64)
        self.bodies = bodies

    async def deliver(self, outgoing: Outgoing) -> Held:
        """Lay it there."""
        self.bodies[outgoing.message_id] = outgoing.body
        return await super().deliver(outgoing)


class Hatch:
    """What the HTTP interface asks of a window, with one mailbox and no cases."""

    def __init__(self, box: Laid, agency: str) -> None:
        self.box = box
        self.arrivals = Arrivals(box)
        self.config = Config()
        self.metrics = Metrics()
        self.agencies = {agency: None}
        self.agency_tokens: dict[str, str] = {}
        self.mailboxes = Mailboxes({agency: box})
        self.ready, self.stopping = True, False

    async def reply(self, agency: str, body: bytes) -> Any:
        """A reply is kept."""
        message_id = REPLY.decode_xml(body).message_id
        self.box.settle(message_id)
        self.arrivals.came(message_id, body)
        return _CASE, False

    async def acknowledge(self, agency: str, message_id: str, refused: str | None) -> Any:
        """An acknowledgement is kept."""
        self.box.settle(message_id)
        self.arrivals.came(message_id, refused)
        return _CASE, False


_CASE = SimpleNamespace(id="0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f", status=SimpleNamespace(value="processing"))


class TestContract(TransportContract):
    """The contract of transports."""

    @asynccontextmanager
    async def linked(self, desk: Desk, by_hand: tuple[str, ...] = ()) -> AsyncIterator[Link]:
        """A desk that fetches."""
        window = Hatch(Laid(Bodies()), desk.agency.code)
        app = application(window)  # type: ignore[arg-type]  # as much of a window as the interface needs here
        async with listening(app) as url, MailboxDesk(desk, url, by_hand=by_hand) as fetching:
            running = asyncio.create_task(fetching.run())
            try:
                yield window.arrivals
            finally:
                running.cancel()
                window.box.close()
                await asyncio.wait([running])

    @asynccontextmanager
    async def gone(self) -> AsyncIterator[Link]:
        """Nobody who fetches."""
        yield Arrivals(Laid(Bodies()))


def box(lease_seconds: float = 60.0, leased_max: int = 64) -> tuple[Mailbox, Bodies]:
    """A mailbox and the bodies that it reads."""
    bodies = Bodies()
    return Mailbox(bodies.read, lease_seconds, leased_max), bodies


async def lay(mailbox: Mailbox, bodies: Bodies, *revisions: int) -> list[str]:
    """Lay messages there; their ids."""
    sent = [message("tax", revision) for revision in revisions]
    for each in sent:
        bodies[each.message_id] = each.body
        assert await mailbox.deliver(each) is HELD
    return [each.message_id for each in sent]


async def fetched(mailbox: Mailbox, count: int = 100) -> list[str]:
    """The ids that are fetched now."""
    return [letter.message_id for letter in await mailbox.fetch(0, count)]


async def test_each_is_fetched_once() -> None:
    """Messages are fetched in the order in which they were laid there, each by one, however often it is laid there."""
    post, bodies = box()
    ids = await lay(post, bodies, 1, 2, 3)
    await lay(post, bodies, 1, 2, 3)
    assert ids[:2] == await fetched(post, 2)
    await lay(post, bodies, 1, 2, 3)
    assert ids[2:] == await fetched(post)
    assert [] == await fetched(post)


async def test_a_lease_ends() -> None:
    """A message that is not settled is fetched again under the same id, also by one who waits for it."""
    post, bodies = box(lease_seconds=0.01)
    ids = await lay(post, bodies, 1)
    assert [1] == [letter.attempt for letter in await post.fetch(0, 1)]
    (again,) = await post.fetch(30, 1)
    assert (ids[0], 2) == (again.message_id, again.attempt)


async def test_who_is_never_settled_comes_between_the_others() -> None:
    """Messages that were fetched and not settled come one in four while others wait."""
    post, bodies = box(lease_seconds=0, leased_max=8)
    poison = await lay(post, bodies, 1, 2, 3)
    assert poison == await fetched(post)
    others = await lay(post, bodies, *range(4, 16))
    came: list[str] = []
    for _ in range(12):
        (message_id,) = await fetched(post, 1)
        came.append(message_id)
        if message_id in others:
            post.settle(message_id)
    assert (9, others[:9]) == (
        len([each for each in came if each in others]),
        [each for each in came if each in others],
    )


async def test_few_leases_are_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many messages the agency never settles, those that it has not had find leases; theirs are few."""
    now = 0.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    post, bodies = box(lease_seconds=60.0, leased_max=8)
    poison = await lay(post, bodies, *range(1, 9))
    assert poison == await fetched(post)
    others = await lay(post, bodies, *range(9, 21))
    assert [] == await fetched(post)
    now = 61.0
    came = await fetched(post)
    assert (2, others[:6]) == (len(set(came) & set(poison)), [each for each in came if each in others])


@pytest.mark.parametrize(
    ("fetches", "seconds"),
    [(AGAIN_AT_ONCE_MAX - 1, 0), (AGAIN_AT_ONCE_MAX, 60), (AGAIN_AT_ONCE_MAX + 1, 120), (100, AGAIN_SECONDS_MAX)],
)
def test_pauses_grow(fetches: int, seconds: float) -> None:
    """A message that is not settled lies ready again at once a few times, and then later each time, up to a limit."""
    assert seconds == again_seconds(60.0, fetches)


async def test_settled_is_forgotten() -> None:
    """A message that is settled is not fetched again, leased or not."""
    post, bodies = box(lease_seconds=0)
    ids = await lay(post, bodies, 1, 2)
    assert [ids[:1], ids[1:], ids[:1]] == [await fetched(post, 1) for _ in range(3)]
    for message_id in ids:
        post.settle(message_id)
    assert [] == await fetched(post)


async def test_given_back() -> None:
    """Messages that reached nobody lie ready again at once, in their order, and count as not fetched."""
    post, bodies = box()
    ids = await lay(post, bodies, 1, 2, 3)
    post.give_back(await post.fetch(0, 2))
    again = await post.fetch(0, 3)
    assert [(message_id, 1) for message_id in ids] == [(letter.message_id, letter.attempt) for letter in again]


async def test_what_is_not_awaited_is_not_fetched() -> None:
    """A message that was withdrawn or replaced meanwhile is not fetched, and takes nobody's place."""
    post, bodies = box()
    ids = await lay(post, bodies, 1, 2, 3)
    del bodies[ids[1]]
    assert [ids[0], ids[2]] == await fetched(post, 2)


@pytest.mark.parametrize(("most", "expected"), [(3, 3), (2, 2)])
async def test_leases_are_limited(most: int, expected: int) -> None:
    """No more messages are leased at one time than the agency takes; one that is settled makes room."""
    post, bodies = box(leased_max=most)
    ids = await lay(post, bodies, 1, 2, 3)
    assert ids[:expected] == await fetched(post)
    assert [] == await fetched(post)
    post.settle(ids[0])
    assert ids[expected : expected + 1] == await fetched(post)


async def test_bytes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages at the limit are fetched together, one byte more and the last is left; one alone may be larger."""
    post, bodies = box()
    ids = await lay(post, bodies, 1, 2)
    monkeypatch.setattr(mailbox, "FETCHED_BYTES_MAX", sum(map(len, bodies.values())))
    assert ids == await fetched(post)
    post, bodies = box()
    await lay(post, bodies, 1, 2)
    bodies[ids[0]] += b" "
    assert [[ids[0]], [ids[1]]] == [await fetched(post), await fetched(post)]
    monkeypatch.setattr(mailbox, "FETCHED_BYTES_MAX", 1)
    await lay(post, bodies, 3)
    assert 1 == len(await fetched(post))


async def test_who_waits_is_told() -> None:
    """Whoever waits gets a message the moment it is laid there, and of two who wait each gets one."""
    post, bodies = box()
    waiting = [asyncio.create_task(post.fetch(60, 1)) for _ in range(2)]
    await asyncio.sleep(0)
    ids = await lay(post, bodies, 1, 2)
    async with asyncio.timeout(30):
        came = await asyncio.gather(*waiting)
    assert ids == sorted(letter.message_id for letters in came for letter in letters)


async def test_who_waits_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who wait at a mailbox of which nothing more may be leased sleep, and do not wake each other for ever."""
    waits = []

    def counted(when: float) -> asyncio.Timeout:
        waits.append(when)
        return asyncio.Timeout(when)

    monkeypatch.setattr(asyncio, "timeout_at", counted)
    post, bodies = box(leased_max=1)
    first, second = await lay(post, bodies, 1, 2)
    assert [first] == await fetched(post)
    waiting = [asyncio.create_task(post.fetch(60, 1)) for _ in range(2)]
    await post.deliver(message("tax", 3))
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(waits) <= 4
    post.settle(first)
    done, _ = await asyncio.wait(waiting, timeout=30, return_when=asyncio.FIRST_COMPLETED)
    assert [[second]] == [[letter.message_id for letter in each.result()] for each in done]
    post.close()
    await asyncio.wait(waiting)


async def test_closing_lets_everybody_go() -> None:
    """Whoever waits when the window closes gets nothing, at once."""
    post, _ = box()
    waiting = asyncio.gather(*(post.fetch(60, 1) for _ in range(3)))
    await asyncio.sleep(0)
    post.close()
    async with asyncio.timeout(30):
        assert [(), (), ()] == await waiting


async def test_a_store_that_fails_leases_nothing() -> None:
    """Where a message can't be read nothing is leased: all of them are there for the next one."""
    bodies = Bodies()
    failing = [True]

    async def read(message_id: str) -> bytes | None:
        if failing and message_id.endswith("/2"):
            raise StoreUnavailable("locked")
        return await bodies.read(message_id)

    post = Mailbox(read, 60.0, 64)
    ids = await lay(post, bodies, 1, 2, 3)
    with pytest.raises(StoreUnavailable):
        await post.fetch(0, 10)
    failing.clear()
    letters = await post.fetch(0, 10)
    assert ids == sorted(letter.message_id for letter in letters)
    assert {1} == {letter.attempt for letter in letters}


async def test_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox that is full forgets what else is laid there, until it is laid there again."""
    monkeypatch.setattr(mailbox, "MESSAGES_MAX", 2)
    post, bodies = box()
    ids = await lay(post, bodies, 1, 2, 3)
    assert ids[:2] == await fetched(post)
    post.settle(ids[0])
    await lay(post, bodies, 3)
    assert ids[2:] == await fetched(post)


@given(st.lists(st.tuples(st.sampled_from(["lay", "fetch", "settle"]), st.integers(1, 5)), max_size=60))
async def test_whatever_happens(moves: list[tuple[str, int]]) -> None:
    """Between two deliveries nobody fetches the same message twice, and what is settled is not fetched."""
    post, bodies = box(leased_max=3)
    laid: set[str] = set()
    out: Counter[str] = Counter()
    for move, number in moves:
        message_id = f"case/tax/{number}"
        if move == "lay":
            bodies[message_id] = b"<Tax/>"
            await post.deliver(replace(_BLANK, message_id=message_id))
            if not out[message_id]:
                laid.add(message_id)
        elif move == "fetch":
            for each in await fetched(post, number):
                assert each in laid
                laid.discard(each)
                out[each] += 1
        else:
            post.settle(message_id)
            laid.discard(message_id)
            out[message_id] = 0
        assert all(times <= 1 for times in out.values())
        assert sum(out.values()) <= 3


_BLANK = Outgoing("", "tax", b"<Tax/>", 1, "R-1")
