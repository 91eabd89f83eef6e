"""What of a window agencies deal with: the routes of agencies ask nothing else of it."""

from collections.abc import Collection, Mapping
from typing import Protocol

from ...agencies.mailbox import Letter
from ..case import CaseStatus
from ..config import Config
from ..dead_letter import Returned
from ..metrics import Metrics


class Standing(Protocol):
    """Where a case stands."""

    @property
    def id(self) -> str:
        """The case's id."""

    @property
    def status(self) -> CaseStatus:
        """Its status."""


class Post(Protocol):
    """Mailboxes that agencies fetch from."""

    async def fetch(self, agency: str, wait_seconds: float, count_max: int) -> tuple[Letter, ...] | None:
        """Lease an agency the messages in its mailbox; None where it has none."""

    def give_back(self, agency: str, letters: tuple[Letter, ...]) -> None:
        """Messages that were fetched have reached nobody."""


class DeadLetters(Protocol):
    """Where what is no answer goes."""

    async def keep(self, returned: Returned) -> None:
        """Keep what came."""


class AgencySide(Protocol):
    """A window as agencies see it; `Window` says what each member is."""

    @property
    def config(self) -> Config:
        """How the window is set up."""

    @property
    def metrics(self) -> Metrics:
        """What it counts."""

    @property
    def agencies(self) -> Collection[str]:
        """The codes of its agencies."""

    @property
    def agency_tokens(self) -> Mapping[str, str]:
        """The token of each agency that has one."""

    @property
    def mailboxes(self) -> Post:
        """Where messages lie ready."""

    @property
    def dead_letters(self) -> DeadLetters:
        """Where what is no answer goes."""

    @property
    def ready(self) -> bool:
        """Whether it takes anything."""

    @property
    def stopping(self) -> bool:
        """Whether it is about to end."""

    async def reply(self, agency: str, body: bytes) -> tuple[Standing, bool] | None:
        """Take a reply."""

    async def acknowledge(self, agency: str, message: str, refused: str | None) -> tuple[Standing, bool] | None:
        """Take an acknowledgement or a refusal."""
