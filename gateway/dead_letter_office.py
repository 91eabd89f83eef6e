"""The dead letter office: keeps dead letters, and does with them what an operator says."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable
from typing import Final

import msgspec
import structlog

from .case import Case, CaseStatus
from .case_id import case_id
from .clock import Clock
from .commands import Forbidden
from .dead_letter import UNSETTLED, DeadLetter, LetterState, Returned, dead_letter
from .life import Deliver, outstanding
from .metrics import Metrics
from .store.dead_letters import LettersFull, Settling
from .store.store import Conflict, RecordDamaged, Store, StoreUnavailable

KEEP_SECONDS: Final = 2.0
"""How long a dead letter may take to be written: what it is about waits for it, and matters more."""

KEPT_AT_ONCE: Final = 16
"""Dead letters of one agency on their way to the disk at one time."""

log = structlog.get_logger("onewindow.dead_letters")


class DeadLetterShown(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter, and how its message stands: `case_status` is None where there is no such case.

    `awaited`: the message is still to be brought to its agency, so that it can be sent again.
    """

    letter: DeadLetter
    case_status: CaseStatus | None
    awaited: bool


class DeadLetterOffice:
    """The dead letters of a window. `send_again` is told a message that is to go out at once."""

    def __init__(
        self, store: Store, clock: Clock, metrics: Metrics, send_again: Callable[[str, Deliver], None]
    ) -> None:
        self._store = store
        self.letters = store.dead_letters
        self._clock = clock
        self._metrics = metrics
        self._send_again = send_again
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(KEPT_AT_ONCE))

    async def keep(self, returned: Returned) -> None:
        """Keep what came; where that can't be, it is counted and logged, and nobody has to mind."""
        now = self._clock()
        letter = dead_letter(returned, case_id(now, secrets.token_bytes(10)), now)
        self._metrics.dead_letter(letter.agency, letter.code)
        try:
            async with asyncio.timeout(KEEP_SECONDS), self._turns[letter.agency]:
                await self.letters.keep(letter, returned.evidence.body)
        except (LettersFull, StoreUnavailable, TimeoutError) as error:
            self._metrics.dead_letter_lost(letter.agency)
            why = str(error) or type(error).__name__
            log.warning("dead letter not kept", agency=letter.agency, code=letter.code, why=why)

    async def show(self, letter_id: str) -> DeadLetterShown | None:
        """A dead letter, or None. Raises RecordDamaged, StoreUnavailable."""
        letter = await self.letters.load(letter_id)
        if letter is None:
            return None
        case = await self._case(letter)
        status = None if case is None else case.status
        return DeadLetterShown(letter=letter, case_status=status, awaited=_awaited(case, letter) is not None)

    async def resend(self, letter_id: str) -> DeadLetterShown | None:
        """Send the message of a dead letter again, at once and under its id; None where there is no such letter.

        A message that is being tried just now is tried on. Raises Forbidden (`message-not-awaited`), RecordDamaged,
        StoreUnavailable.
        """
        letter = await self.letters.load(letter_id)
        if letter is None:
            return None
        case = await self._case(letter)
        work = _awaited(case, letter)
        if case is None or work is None:
            raise Forbidden("message-not-awaited")
        await self._settle(letter, tuple(LetterState), LetterState.SENT_AGAIN)
        self._send_again(case.id, work)
        log.info("dead letter sent again", id=letter_id, message_id=work.message_id)
        return await self.show(letter_id)

    async def discard(self, letter_id: str, note: str) -> DeadLetterShown | None:
        """Put a dead letter aside, with a note; None where there is no such letter.

        Raises Forbidden (`dead-letter-settled`), RecordDamaged, StoreUnavailable.
        """
        letter = await self.letters.load(letter_id)
        if letter is None:
            return None
        await self._settle(letter, UNSETTLED, LetterState.DISCARDED, note)
        log.info("dead letter discarded", id=letter_id)
        return await self.show(letter_id)

    async def _settle(
        self, letter: DeadLetter, of: tuple[LetterState, ...], state: LetterState, note: str | None = None
    ) -> None:
        try:
            await self.letters.settle(Settling(id=letter.id, of=of, state=state, at=self._clock(), note=note))
        except Conflict:
            raise Forbidden("dead-letter-settled") from None

    async def _case(self, letter: DeadLetter) -> Case | None:
        if letter.case_id is None:
            return None
        try:
            record = await self._store.load(letter.case_id)
        except RecordDamaged as error:
            log.error("record damaged", case=letter.case_id, detail=error.detail)
            return None
        return None if record is None else record.case


def _awaited(case: Case | None, letter: DeadLetter) -> Deliver | None:
    """The work of bringing the letter's message to its agency, where it is still to be done."""
    work = () if case is None else outstanding(case)
    named = (letter.agency, letter.message_id)
    return next((each for each in work if isinstance(each, Deliver) and (each.agency, each.message_id) == named), None)
