"""What holds messages until agencies fetch them, and what the window does when it hears that it may have lost them."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from support.declarations import declaration
from support.windows import window

from onewindow.agencies.nats import Nats
from onewindow.agencies.transport import HELD, Answer, Outgoing
from onewindow.codecs.finding import Rejected


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
