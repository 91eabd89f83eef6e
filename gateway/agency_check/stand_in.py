"""The stand-in for the window while an agency is checked: what agencies see of a window, and no case behind it."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ...agencies.agency import AnyAgency
from ...agencies.mailbox import Letter, Mailbox
from ...agencies.transport import Held, MessageKind, Outgoing
from ...codecs.messages.codes import ReplyOutcome
from ..api.agency_side import Post
from ..case import CaseStatus
from ..commands import Forbidden
from ..config import Config
from ..dead_letter import Returned
from ..mailboxes import Mailboxes
from ..message_id import case_of
from ..metrics import Metrics
from ..reply_reading import read_reply_of
from .arrivals import Arrivals, Brought
from .bus_box import BusBox

_NAMED: Final = re.compile(rb"<(?:[\w.-]+:)?MessageID>\s*([^<\s]+)")


class Standing(Struct, frozen=True):
    """Where the case of a test message stands: there is none, and an agency is told what it would be told of one."""

    id: str
    status: CaseStatus = CaseStatus.PROCESSING


class Uncollected:
    """Dead letters of a check: nobody keeps them, its report is about them."""

    async def keep(self, returned: Returned) -> None:
        """Let it go."""


class StandIn:
    """Takes what the agency brings, with the answers and errors that the window has for it, and hands it to `arrivals`.

    tokens: see `transports.tokens`. box: where messages are laid for an agency whose transport is `mailbox`. on_bus:
    the same for one with `nats`.
    """

    def __init__(
        self,
        agency: AnyAgency,
        config: Config,
        tokens: Mapping[str, str],
        arrivals: Arrivals,
        clock: Callable[[], datetime],
        on_bus: BusBox | None = None,
    ) -> None:
        own = config.agency(agency.code)
        self.config = config
        self.metrics = Metrics()
        self.agencies = {agency.code: agency}
        self.agency_tokens = tokens
        self.dead_letters = Uncollected()
        self.ready, self.stopping = True, False
        self.box = Box(own.lease, own.inflight_max(config.gateway.max_inflight), arrivals)
        self.mailboxes: Post = self.box if own.transport == "mailbox" else Mailboxes({})
        self.arrivals = arrivals
        self._clock = clock
        self._on_bus = on_bus
        self._sent: dict[str, MessageKind] = {}
        self._acknowledged: set[str] = set()
        self._outcomes: dict[str, ReplyOutcome] = {}

    def expect(self, outgoing: Outgoing) -> None:
        """A message that is about to be sent."""
        self._sent.setdefault(outgoing.message_id, outgoing.kind)

    async def was_fetched(self, message_id: str) -> bool:
        """Whether the agency has fetched a message that lay ready for it."""
        if self._on_bus is not None:
            return await self._on_bus.was_fetched(message_id)
        return self.arrivals.was_fetched(message_id)

    async def reply(self, agency: str, body: bytes) -> tuple[Standing, bool]:
        """Hand on a reply, whatever it is; what the window would say of it. Raises as `Window.reply` does."""
        message_id = self._meant(body)
        if message_id is not None:
            self.box.settle(message_id)
            self.arrivals.came(message_id, Brought(reply=body))
        value = read_reply_of(agency, body, self._clock())
        kind = self._sent.get(value.message_id)
        if kind is None:
            raise Forbidden("message-unknown")
        if kind is MessageKind.NOTICE:
            raise Forbidden("reply-not-awaited")
        if kind is MessageKind.INSPECTION_ORDER and value.outcome_code is ReplyOutcome.INSPECTION_REQUIRED:
            raise Forbidden("result-missing")
        known = value.message_id in self._outcomes
        if self._outcomes.setdefault(value.message_id, value.outcome_code) is not value.outcome_code:
            raise Forbidden("reply-differs")
        return Standing(case_of(value.message_id)), known

    async def acknowledge(self, agency: str, message: str, refused: str | None) -> tuple[Standing, bool]:
        """Hand on an acknowledgement or a refusal. Raises as `Window.acknowledge` does."""
        if message not in self._sent or agency not in self.agencies:
            raise Forbidden("message-unknown")
        known = message in self._acknowledged
        self._acknowledged.add(message)
        self.box.settle(message)
        self.arrivals.came(message, Brought(refused=refused))
        return Standing(case_of(message)), known

    def _meant(self, body: bytes) -> str | None:
        """The message that a reply is about, as far as anybody can say: where its id is wrong, the one waited for."""
        found = _NAMED.search(body)
        named = "" if found is None else found[1].decode(errors="replace")
        if named in self._sent:
            return named
        awaited = self.arrivals.awaited
        return next(iter(awaited)) if len(awaited) == 1 else None


class Box:
    """The mailbox of an agency under check: each delivery is a letter of its own, so a message can lie there twice."""

    def __init__(self, lease_seconds: float, leased_max: int, arrivals: Arrivals) -> None:
        self._box = Mailbox(self._read, lease_seconds, leased_max)
        self._arrivals = arrivals
        self._laid: dict[str, Outgoing] = {}
        self._out: defaultdict[str, dict[str, Letter]] = defaultdict(dict)  # by message, its letters that were fetched
        self._numbers = count(1)

    async def deliver(self, outgoing: Outgoing) -> Held:
        """Lay one delivery ready."""
        slip = f"{outgoing.message_id}#{next(self._numbers)}"
        self._laid[slip] = outgoing
        return await self._box.deliver(replace(outgoing, message_id=slip))

    async def _read(self, slip: str) -> bytes | None:
        laid = self._laid.get(slip)
        return None if laid is None else laid.body

    async def fetch(self, agency: str, wait_seconds: float, count_max: int) -> tuple[Letter, ...]:
        """Lease the agency, which is the only one here, what lies ready."""
        del agency
        return tuple(self._addressed(letter) for letter in await self._box.fetch(wait_seconds, count_max))

    def _addressed(self, letter: Letter) -> Letter:
        """The letter under its message's own id."""
        laid = self._laid[letter.message_id]
        self._out[laid.message_id][letter.message_id] = letter
        self._arrivals.fetched(laid.message_id)
        return replace(letter, message_id=laid.message_id, attempt=laid.attempt + letter.attempt - 1)

    def give_back(self, agency: str, letters: tuple[Letter, ...]) -> None:
        """Letters that were fetched have reached nobody."""
        del agency
        fetched = (self._out[letter.message_id] for letter in letters)
        self._box.give_back(tuple(out.pop(next(reversed(out))) for out in fetched if out))

    def settle(self, message_id: str) -> None:
        """One delivery of a message is done with: of those that were fetched, the first."""
        out = self._out[message_id]
        if out:
            slip = next(iter(out))
            del out[slip]
            self._laid.pop(slip, None)
            self._box.settle(slip)

    def close(self) -> None:
        """Let everybody go who waits for messages."""
        self._box.close()
