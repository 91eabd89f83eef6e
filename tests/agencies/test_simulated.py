"""A simulated agency: as slow and as unreliable as it is told to be, and the same every time."""

from onewindow.agencies.latency import figures, log_normal
from onewindow.agencies.simulated import Simulated
from onewindow.agencies.transport import MessageKind, Outgoing, Unreachable


class Inner:
    """A transport that answers everything."""

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The message's id."""
        return outgoing.message_id.encode()


class Waits:
    """Takes down how long was waited."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Does not wait."""
        self.seconds.append(seconds)


def message(number: int, case: str = "a", kind: MessageKind = MessageKind.DECLARATION, attempt: int = 1) -> Outgoing:
    """A message of declaration `number`, under a case id of its own."""
    return Outgoing(f"{case}/tax/1", "tax", b"<Tax/>", attempt, f"REF-{number}", kind)


async def waited(seed: int, case: str = "a") -> list[float]:
    """How long fifty declarations take."""
    waits = Waits()
    agency = Simulated(Inner(), log_normal(10, 0.9, 30), 0, seed, waits)
    assert [f"{case}/tax/1".encode()] * 50 == [await agency.deliver(message(number, case)) for number in range(50)]
    return waits.seconds


async def test_times_are_repeated_by_their_seed() -> None:
    """The same declarations take the same times, whatever their case ids are; another seed draws others."""
    first = await waited(1)
    assert (first, 50) == (await waited(1, "b"), len(set(first)))
    assert first != await waited(2)


async def test_a_share_of_attempts_fails() -> None:
    """As many attempts fail as was asked for, each message's next attempt by itself."""
    agency = Simulated(Inner(), None, 0.25, 1, Waits())
    failed = {1: set[int](), 2: set[int]()}
    for attempt, numbers in failed.items():
        for number in range(1000):
            try:
                await agency.deliver(message(number, attempt=attempt))
            except Unreachable:
                numbers.add(number)
    assert 200 < len(failed[1]) < 300
    assert 30 < len(failed[1] & failed[2]) < 100


async def test_notices_take_no_time() -> None:
    """Of a notice the agency takes note at once."""
    waits = Waits()
    agency = Simulated(Inner(), figures([5]), 0, 1, waits)
    await agency.deliver(message(1, kind=MessageKind.NOTICE))
    await agency.deliver(message(1, kind=MessageKind.INSPECTION_ORDER))
    assert [5] == waits.seconds
