"""Desks inside the process, reached as a transport."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from onewindow.agencies import AnyAgency, Outgoing, Unreachable, installed
from onewindow.agencies.desk import Desk
from onewindow.agencies.inprocess import InProcess
from onewindow.agencies.ledger import MemoryLedger
from onewindow.codecs import REPLY
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.declaration import Declaration

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)


@pytest.fixture
def desks() -> dict[str, Desk]:
    """A desk for each installed agency."""
    return {code: Desk(agency, MemoryLedger(), lambda: NOW) for code, agency in installed().items()}


def outgoing(agency: AnyAgency, declaration: Declaration) -> Outgoing:
    """The agency's message as the gateway sends it."""
    body = agency.message.encode_xml(agency.split(declaration))
    return Outgoing(f"case-1/{agency.code}/1", agency.code, body, 1, declaration.functional_reference_id)


async def test_answers_at_once(desks: dict[str, Desk], imported: Declaration) -> None:
    """What the desk answers comes back from the delivery itself."""
    transport = InProcess(desks)
    for code, desk in desks.items():
        answer = await transport.deliver(outgoing(desk.agency, imported))
        assert answer is not None
        assert code == REPLY.decode_xml(answer).agency_code


async def test_no_desk(imported: Declaration) -> None:
    """An agency that has no desk here is unreachable, under a code of its own."""
    with pytest.raises(Unreachable) as caught:
        await InProcess({}).deliver(outgoing(installed()["tax"], imported))
    assert "no-desk" == caught.value.code


async def test_refusal_passes_through(desks: dict[str, Desk]) -> None:
    """A desk's refusal of a message reaches the sender."""
    with pytest.raises(Rejected):
        await InProcess(desks).deliver(Outgoing("case-1/tax/1", "tax", b"<Tax/>", 1, "R-1"))


async def test_agencies_work_at_once(
    desks: dict[str, Desk], imported: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Desks with a delay wait side by side: none has its turn before the last one waits too."""
    together = asyncio.Barrier(len(desks))
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        await together.wait()

    monkeypatch.setattr("onewindow.agencies.inprocess.asyncio.sleep", wait)
    transport = InProcess(desks, dict.fromkeys(desks, 1.0))
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        for desk in desks.values():
            tasks.create_task(transport.deliver(outgoing(desk.agency, imported)))
    assert [1.0] * len(desks) == waited


@pytest.mark.parametrize(("spare", "in_loop"), [(0, True), (-1, False)])
async def test_large_messages_leave_the_event_loop(imported: Declaration, spare: int, in_loop: bool) -> None:
    """A message at the size limit is assessed by the event loop's thread, one byte above it by another."""
    agency = installed()["tax"]
    sent = outgoing(agency, imported)
    threads: list[int] = []

    def clock() -> datetime:
        threads.append(threading.get_ident())
        return NOW

    transport = InProcess({"tax": Desk(agency, MemoryLedger(), clock)}, thread_bytes=len(sent.body) + spare)
    await transport.deliver(sent)
    assert in_loop == (set(threads) == {threading.get_ident()})


async def test_what_is_left_to_a_person(desks: dict[str, Desk], imported: Declaration) -> None:
    """A desk takes what is answered by hand without an answer, and answers the rest."""
    transport = InProcess(desks, by_hand={"tax": ["declaration"]})
    answers = {code: await transport.deliver(outgoing(desk.agency, imported)) for code, desk in desks.items()}
    assert ["tax"] == [code for code, answer in answers.items() if answer is None]
