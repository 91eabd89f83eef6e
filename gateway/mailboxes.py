"""The mailboxes of a window, of the agencies that fetch their messages."""

from collections.abc import Mapping

from ..agencies.mailbox import Letter, Mailbox
from ..agencies.transport import Transport


class Mailboxes:
    """The mailboxes among a window's transports, by agency code."""

    def __init__(self, transports: Mapping[str, Transport]) -> None:
        self._boxes = {code: each for code, each in transports.items() if isinstance(each, Mailbox)}

    async def fetch(self, agency: str, wait_seconds: float, count_max: int) -> tuple[Letter, ...] | None:
        """Lease an agency the messages in its mailbox; None where it has none. Raises StoreUnavailable."""
        box = self._boxes.get(agency)
        return None if box is None else await box.fetch(wait_seconds, count_max)

    def give_back(self, agency: str, letters: tuple[Letter, ...]) -> None:
        """Messages that were fetched have reached nobody."""
        self._boxes[agency].give_back(letters)

    def settle(self, agency: str, message_id: str) -> None:
        """A message was answered or acknowledged: if it lies in a mailbox, it is taken out."""
        if agency in self._boxes:
            self._boxes[agency].settle(message_id)

    def close(self) -> None:
        """Let everybody go who waits for messages."""
        for box in self._boxes.values():
            box.close()
