"""Following cases through a window: a transport that logs what is sent, and waiting for what becomes of a case."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from support.declarations import incomplete
from support.windows import desks, now

from onewindow.agencies.inprocess import InProcess
from onewindow.agencies.transport import Outgoing
from onewindow.codecs import RESPONSE
from onewindow.codecs.messages.response import Response
from onewindow.codecs.verification import verify
from onewindow.gateway import fsck
from onewindow.gateway.case import Case
from onewindow.gateway.events import event_name
from onewindow.gateway.papers import XML
from onewindow.gateway.store import open_store
from onewindow.gateway.window import Window


@dataclass
class Logged:
    """A transport that keeps what each agency was sent, and holds back the messages whose id ends as one of `held`."""

    held: tuple[str, ...] = ()
    inner: InProcess = field(default_factory=desks)
    sent: list[str] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The reply, once it may go."""
        self.sent.append(outgoing.message_id.partition("/")[2])
        if outgoing.message_id.endswith(self.held) and self.held:
            await self.released.wait()
        return await self.inner.deliver(outgoing)


async def come_to(opened: Window, case_id: str, *wanted: str) -> Case:
    """The case, once its last event is one of these."""
    async with asyncio.timeout(30):
        async for sequence, event in opened.follow(case_id, 0):
            if event_name(event) in wanted:
                record = await opened.load(case_id)
                assert record is not None
                if record.case.sequence == sequence:
                    return record.case
    raise AssertionError(f"the case came to its end without {wanted}")


async def awaited(opened: Window, reference: str) -> Case:
    """A case that waits for the trader: customs asks for a certificate of origin."""
    submission = await opened.submit(incomplete(reference), XML)
    return await come_to(opened, submission.case.id, "supplement-requested")


async def late(opened: Window, case_id: str) -> Case:
    """The case, once it has kept a late reply."""
    async with asyncio.timeout(30):
        while True:
            record = await opened.load(case_id)
            if record is not None and record.case.late:
                return record.case
            await asyncio.sleep(0)


async def answer(opened: Window, case_id: str) -> Response:
    """The response of the case, which has to verify."""
    case = await opened.decided(case_id, 30)
    assert case is not None
    record = await opened.load(case_id, "response")
    assert record is not None
    return RESPONSE.decode_xml(verify(record.documents["response"].body, opened.trust, now()).signed)


async def sound(folder: Path, opened: Window) -> None:
    """Fsck finds nothing wrong."""
    store = await open_store(f"sqlite:///{folder / 'onewindow.db'}")
    report = await fsck.check(store, trust=opened.trust)
    await store.close()
    assert () == report.problems
