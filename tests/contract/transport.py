"""What every transport promises: its tests inherit from TransportContract and say how an agency is linked by it."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from msgspec.structs import replace
from support.outgoing import NOW, desk, message, notice

from onewindow.agencies.agency_fault import AgencyFault
from onewindow.agencies.desk import Desk
from onewindow.agencies.ledger import MemoryLedger
from onewindow.agencies.transport import HELD, Answer, Outgoing, Transport, Unreachable
from onewindow.codecs import REPLY
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.reply import Reply

TAX = "tax"


class Link(Protocol):
    """The window's end of a way to one agency, and what comes back on it."""

    transport: Transport

    async def reply(self, message_id: str) -> bytes:
        """The next reply to this message that the agency brings on its own account."""

    async def taken(self, message_id: str) -> None:
        """Returns once the agency has said that it took this message and sends no reply now."""

    async def refused(self, message_id: str) -> None:
        """Returns once the agency has said that it does not take this message."""


async def answered(link: Link, outgoing: Outgoing) -> bytes:
    """The reply to a message, whichever way it comes."""
    answer = await link.transport.deliver(outgoing)
    return answer if isinstance(answer, bytes) else await link.reply(outgoing.message_id)


async def _met(link: Link, outgoing: Outgoing) -> Answer | type[Exception]:
    """What a delivery ends in: an answer, or a kind of failure."""
    try:
        return await link.transport.deliver(outgoing)
    except (Unreachable, Rejected, AgencyFault) as error:
        return next(kind for kind in (Unreachable, Rejected, AgencyFault) if isinstance(error, kind))


class TransportContract:
    """The promises. A transport's test class says how a desk is `linked`, and how one is that has `gone`."""

    def linked(self, desk: Desk, by_hand: tuple[str, ...] = ()) -> AbstractAsyncContextManager[Link]:
        """A desk at the other end; it only takes kinds that are `by_hand`."""
        raise AssertionError("a transport's tests say how")

    def gone(self) -> AbstractAsyncContextManager[Link]:
        """Nobody at the other end."""
        raise AssertionError("a transport's tests say how")

    async def test_reply(self) -> None:
        """A message reaches its agency byte for byte, and the agency's reply comes back byte for byte."""
        ledger = MemoryLedger()
        sent = message(TAX)
        async with self.linked(desk(TAX, ledger)) as link:
            came = await answered(link, sent)
        assert [(sent.message_id, came)] == [(entry.message_id, entry.reply) for entry in ledger.entries()]
        assert sent.message_id == REPLY.decode_xml(came).message_id

    async def test_repeats(self) -> None:
        """A message that is delivered again, under the same id, is taken once and gets the same answer."""
        ledger = MemoryLedger()
        async with self.linked(desk(TAX, ledger)) as link:
            came = [await answered(link, replace(message(TAX), attempt=attempt)) for attempt in (1, 2, 3)]
        assert 1 == len(set(came))
        assert 1 == len(list(ledger.entries()))

    async def test_many_at_once(self) -> None:
        """Messages on their way at the same time each get their own answer."""
        async with self.linked(desk(TAX)) as link, asyncio.timeout(60):
            sent = [message(TAX, revision) for revision in range(1, 21)]
            came = await asyncio.gather(*(answered(link, each) for each in sent))
        assert [each.message_id for each in sent] == [REPLY.decode_xml(reply).message_id for reply in came]

    async def test_one_message_is_too_much(self) -> None:
        """Where an agency's own program fails on some messages, all others are answered, also those that come after."""
        own = desk(TAX)
        rules = own.agency.assess
        assert rules is not None

        def assess(read: Any, message_id: str, now: datetime) -> Reply:
            if message_id.rpartition("/")[2] in ("1", "3"):
                raise ZeroDivisionError
            return rules(read, message_id, now)

        own = Desk(replace(own.agency, assess=assess), MemoryLedger(), lambda: NOW)
        async with self.linked(own) as link, asyncio.timeout(60):
            for revision in (1, 2, 3, 4):
                sent = message(TAX, revision)
                if revision % 2:
                    assert await _met(link, sent) in (Unreachable, AgencyFault, HELD)
                else:
                    assert sent.message_id == REPLY.decode_xml(await answered(link, sent)).message_id

    async def test_notice(self) -> None:
        """A notice is taken note of, once, and gets no reply."""
        ledger = MemoryLedger()
        told = notice(TAX)
        async with self.linked(desk(TAX, ledger)) as link:
            for _ in range(2):
                await self._only_taken(link, told)
        assert [(told.message_id, b"")] == [(entry.message_id, entry.reply) for entry in ledger.entries()]

    async def test_by_hand(self) -> None:
        """A message that the agency leaves to a person is taken, and the window hears of it."""
        async with self.linked(desk(TAX), by_hand=("declaration",)) as link:
            await self._only_taken(link, message(TAX))

    async def _only_taken(self, link: Link, outgoing: Outgoing) -> None:
        answer = await link.transport.deliver(outgoing)
        if answer is HELD:
            await link.taken(outgoing.message_id)
        else:
            assert answer is None

    async def test_refusal(self) -> None:
        """A message that breaks its schema is refused: the window hears of it, and the agency keeps no trace of it."""
        ledger = MemoryLedger()
        wrong = replace(message(TAX), body=b"<Tax/>")
        async with self.linked(desk(TAX, ledger)) as link:
            met = await _met(link, wrong)
            assert met in (Rejected, HELD)
            if met is HELD:
                await link.refused(wrong.message_id)
        assert [] == list(ledger.entries())

    async def test_nobody_there(self) -> None:
        """With nobody at the other end the window hears that the message is not delivered, and can try again."""
        async with self.gone() as link:
            for attempt in (1, 2):
                assert await _met(link, replace(message(TAX), attempt=attempt)) in (Unreachable, HELD)

    async def test_id_with_other_content(self) -> None:
        """An id that comes again with other content is never answered with what was approved before."""
        ledger = MemoryLedger()
        async with self.linked(desk(TAX, ledger)) as link:
            first = await answered(link, message(TAX))
            other = replace(message(TAX, reference="OTHER"), message_id=message(TAX).message_id)
            met = await _met(link, other)
            assert met in (Rejected, HELD)
            if met is HELD:
                await link.refused(other.message_id)
        assert [first] == [entry.reply for entry in ledger.entries()]
