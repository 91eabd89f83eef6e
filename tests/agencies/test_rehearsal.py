"""The transport in test mode: faults on the way to an agency and back."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from onewindow.agencies.rehearsal import ATTEMPT_MAX, RUBBISH, Rehearsal
from onewindow.agencies.transport import HELD, Answer, Held, MessageKind, Outgoing, Unreachable

REPLY = b"<Reply/>"


@dataclass
class Bench:
    """A rehearsal over a transport that answers at once, and everything that happens, in order."""

    answer: Answer = REPLY
    seen: list[object] = field(default_factory=list)

    async def deliver(self, outgoing: Outgoing) -> bytes | Held | None:
        """The inner transport."""
        self.seen.append(("delivered", outgoing.attempt))
        return self.answer

    async def inbound(self, agency: str, reply: bytes) -> None:
        """The door for replies that come by themselves."""
        self.seen.append((agency, reply))

    async def wait(self, duration: timedelta) -> None:
        """Time goes by."""
        self.seen.append(duration)

    async def attempt(
        self, reference: str, attempt: int = 1, kind: MessageKind = MessageKind.DECLARATION
    ) -> bytes | Held | None:
        """One attempt to deliver a message to tax."""
        rehearsal = Rehearsal(self, self.inbound, self.wait)
        return await rehearsal.deliver(Outgoing("c/tax/1", "tax", b"<Tax/>", attempt, reference, kind))


@pytest.mark.parametrize("reference", ["S-1", "TEST-1", "TEST-customs=timeout", "TEST-tax=refuse", "TEST-tax=lat"])
async def test_as_usual(reference: str) -> None:
    """Where a reference asks for no fault of this agency its message goes as any other."""
    bench = Bench()
    assert await bench.attempt(reference) == REPLY
    assert [("delivered", 1)] == bench.seen


async def test_timeout() -> None:
    """An attempt at an agency that never answers is given up after a while, and the message never reaches it."""
    bench = Bench()
    with pytest.raises(Unreachable) as failure:
        await bench.attempt("TEST-tax=timeout", attempt=7)
    assert "timeout" == failure.value.code
    assert [ATTEMPT_MAX] == bench.seen


async def test_late() -> None:
    """A late agency answers when the time has gone by."""
    bench = Bench()
    assert await bench.attempt("TEST-tax=late:30s") == REPLY
    assert [timedelta(seconds=30), ("delivered", 1)] == bench.seen


async def test_unreachable_for_a_while() -> None:
    """The attempts that are to fail do so before anything is delivered; the next one gets through."""
    bench = Bench()
    for attempt in (1, 2):
        with pytest.raises(Unreachable):
            await bench.attempt("TEST-tax=unreachable:2", attempt)
    assert [] == bench.seen
    assert await bench.attempt("TEST-tax=unreachable:2", 3) == REPLY


async def test_malformed_at_first() -> None:
    """The first answer is rubbish, of a message that did reach the agency; the second is its reply."""
    bench = Bench()
    assert [RUBBISH, REPLY] == [await bench.attempt("TEST-tax=malformed", attempt) for attempt in (1, 2)]
    assert [("delivered", 1), ("delivered", 2)] == bench.seen


async def test_duplicate() -> None:
    """A reply that is delivered twice comes by itself and as the answer, the same bytes."""
    bench = Bench()
    assert await bench.attempt("TEST-tax=duplicate") == REPLY
    assert [("delivered", 1), ("tax", REPLY)] == bench.seen


async def test_out_of_order() -> None:
    """A reply out of order comes by itself, and only then word that the message was taken."""
    bench = Bench()
    assert None is await bench.attempt("TEST-tax=out-of-order")
    assert [("delivered", 1), ("tax", REPLY)] == bench.seen


@pytest.mark.parametrize("fault", ["duplicate", "out-of-order", "malformed"])
async def test_an_agency_that_answers_later(fault: str) -> None:
    """Of an agency that takes the message and answers later there is no answer to be spoilt."""
    bench = Bench(answer=None)
    assert None is await bench.attempt(f"TEST-tax={fault}")
    assert [("delivered", 1)] == bench.seen


@pytest.mark.parametrize("fault", ["timeout", "unreachable", "late:1d"])
async def test_notices_are_delivered_as_usual(fault: str) -> None:
    """What an agency is only told is told it, whatever goes wrong with what it has to answer."""
    bench = Bench(answer=None)
    assert None is await bench.attempt(f"TEST-tax={fault}", kind=MessageKind.NOTICE)
    assert [("delivered", 1)] == bench.seen
    with pytest.raises(Unreachable):
        await bench.attempt("TEST-tax=unreachable", kind=MessageKind.INSPECTION_ORDER)


@pytest.mark.parametrize("fault", ["malformed", "duplicate", "out-of-order"])
async def test_what_is_not_answered_yet(fault: str) -> None:
    """A message that lies ready for its agency has no answer that could be changed: it lies there."""
    bench = Bench(answer=HELD)
    assert await bench.attempt(f"TEST-tax={fault}") is HELD
    assert [("delivered", 1)] == bench.seen
