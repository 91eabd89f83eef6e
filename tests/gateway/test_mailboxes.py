"""What holds messages until agencies fetch them, and what the window does when it hears that it may have lost them."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from support.declarations import declaration
from support.outgoing import message
from support.windows import window

from onewindow.agencies.mailbox import Mailbox
from onewindow.agencies.nats import Nats
from onewindow.agencies.transport import HELD, Answer, Outgoing
from onewindow.codecs.finding import Rejected
from onewindow.gateway.dead_letter import Returned
from onewindow.gateway.failure_words import failure_words
from onewindow.gateway.mailboxes import UNSETTLED_FETCHES, Mailboxes


class Loss:
    """As much of a bus as tells of its losses."""

    def __init__(self) -> None:
        self.tell: Callable[[frozenset[str] | None], None] = lambda _: None

    def when_lost(self, call: Callable[[frozenset[str] | None], None]) -> None:
        """Call this."""
        self.tell = call


class Counted(Nats):
    """Counts what is laid there; customs' messages stay on their way, quality inspection refuses its own."""

    def __init__(self, loss: Loss) -> None:
        super().__init__(loss, "any")  # type: ignore[arg-type]  # as much of a bus as the window needs here
        self.laid: Counter[str] = Counter()
        self._more = asyncio.Event()

    async def deliver(self, outgoing: Outgoing) -> Answer:  # type: ignore[override]  # it never returns for customs
        """Lay it there."""
        self.laid[outgoing.agency] += 1
        self._more.set()
        if outgoing.agency == "customs":
            await asyncio.Event().wait()
        if outgoing.agency == "quality-inspection":
            raise Rejected("message-refused", ())
        return HELD

    async def until(self, agency: str, times: int) -> None:
        """Returns once that agency's message was laid there so often."""
        async with asyncio.timeout(30):
            while self.laid[agency] < times:
                self._more.clear()
                await self._more.wait()


async def test_a_message_that_is_never_settled(tmp_path: Path) -> None:
    """A message that its agency fetches so often without a word is a dead letter, once, and is fetched all the same."""

    async def read(_: str) -> bytes | None:
        return b"<Tax/>"

    kept: list[Returned] = []

    async def keep(returned: Returned) -> None:
        kept.append(returned)

    box = Mailbox(read, 0.0, 64)
    boxes = Mailboxes({"tax": box}, keep)
    await box.deliver(message("tax"))
    came = []
    for _ in range(UNSETTLED_FETCHES + 2):
        letters = await boxes.fetch("tax", 0, 1)
        assert letters is not None
        came.append((letters[0].attempt, len(kept)))
    assert [(attempt, int(attempt >= UNSETTLED_FETCHES)) for attempt in range(1, UNSETTLED_FETCHES + 3)] == came
    assert [("tax", "message-unsettled", message("tax").message_id)] == [
        (each.agency, each.code, each.message_id) for each in kept
    ]
    assert failure_words("message-unsettled").en != failure_words("message-unsettled").zh


async def test_lost(tmp_path: Path) -> None:
    """What lies ready is laid again at once when it may be lost, also of a case in hand; what was refused rests on."""
    loss = Loss()
    transport = Counted(loss)
    async with window(tmp_path, transport) as opened:
        await opened.submit(declaration("LOST-1"), "application/xml")
        for agency in ("tax", "market-supervision", "customs", "quality-inspection"):
            await transport.until(agency, 1)
        for times in (2, 3):
            await asyncio.sleep(0)
            loss.tell(None)
            await transport.until("tax", times)
            await transport.until("market-supervision", times)
    assert {"customs": 1, "quality-inspection": 1} == {
        code: transport.laid[code] for code in ("customs", "quality-inspection")
    }
