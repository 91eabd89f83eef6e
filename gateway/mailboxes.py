"""What holds messages until agencies fetch them: the window's mailboxes, and the bus."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from ..agencies.bus import Bus
from ..agencies.mailbox import Letter, Mailbox
from ..agencies.nats import Nats
from ..agencies.transport import Transport, evidence
from .dead_letter import Origin, Returned

UNSETTLED: Final = "message-unsettled"
"""The code of a message that its agency has fetched so often without a word that it is a dead letter."""

UNSETTLED_FETCHES: Final = 12

Keep = Callable[[Returned], Awaitable[None]]


class Mailboxes:
    """The mailboxes among a window's transports, by agency code, and the bus, where some go over it.

    `keep` has the messages that agencies fetch again and again: the case waits for its time limit as before.
    """

    def __init__(self, transports: Mapping[str, Transport], keep: Keep | None = None) -> None:
        self._keep = keep
        self._boxes = {code: each for code, each in transports.items() if isinstance(each, Mailbox)}
        self._on_bus = {code: each for code, each in transports.items() if isinstance(each, Nats)}

    @property
    def bus(self) -> Bus | None:
        """The bus, where an agency takes its messages from it."""
        return next((each.bus for each in self._on_bus.values()), None)

    def when_lost(self, call: Callable[[frozenset[str]], None]) -> None:
        """Call this with the agencies whose messages may be gone, whenever the bus may have lost them."""
        codes = frozenset(self._on_bus)
        if self.bus is not None:
            self.bus.when_lost(lambda lost: call(codes if lost is None else codes & lost))

    async def fetch(self, agency: str, wait_seconds: float, count_max: int) -> tuple[Letter, ...] | None:
        """Lease an agency the messages in its mailbox; None where it has none. Raises StoreUnavailable."""
        box = self._boxes.get(agency)
        if box is None:
            return None
        letters = await box.fetch(wait_seconds, count_max)
        for each in letters:
            if each.attempt == UNSETTLED_FETCHES and self._keep is not None:
                await self._keep(_unsettled(agency, each))
        return letters

    def give_back(self, agency: str, letters: tuple[Letter, ...]) -> None:
        """Messages that were fetched have reached nobody."""
        self._boxes[agency].give_back(letters)

    def settle(self, agency: str, message_id: str) -> None:
        """A message was answered or acknowledged: if it lies in a mailbox, it is taken out.

        On the bus it stays until the agency has had it: it answers what was answered, and then lets it go.
        """
        if agency in self._boxes:
            self._boxes[agency].settle(message_id)

    def close(self) -> None:
        """Let everybody go who waits for messages."""
        for box in self._boxes.values():
            box.close()


def _unsettled(agency: str, letter: Letter) -> Returned:
    return Returned(
        agency=agency,
        origin=Origin.MESSAGE,
        code=UNSETTLED,
        detail=f"fetched {letter.attempt} times and not settled",
        message_id=letter.message_id,
        evidence=evidence(b""),
    )
