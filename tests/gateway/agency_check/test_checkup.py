"""The check of an agency: one that keeps the contract passes, and each way to break it is found by its name."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from support.bad_agency import BadAgency
from support.windows import now

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.registry import installed
from onewindow.agencies.transport import Outgoing, Transport, Unreachable
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway.agency_check import TITLES, Arrivals, Probe, StandIn, State, Verdict, check, specimens
from onewindow.gateway.config import Config
from onewindow.gateway.message_id import CHECK
from onewindow.gateway.sample import sample

AGENCY = installed()["quality-inspection"]
PATIENCE_SECONDS = 0.05

RUBBISH = frozenset(name for name in TITLES if name.startswith("rubbish-") and name != "rubbish-no-trace")
NOTICES = frozenset({"notice-withdrawal", "notice-document", "notice-duplicate"})

BREACHES: Mapping[str, frozenset[str]] = {
    **{
        name: frozenset({name})
        for name in (
            *("agency-code", "decision-time", "reasons", "languages", "pointers", "levies"),
            *("duplicates-at-once", "id-reused", "order", "concurrency", "rubbish-doctype", "rubbish-no-trace"),
            *("largest-message", "inspection-order", "inspection-result", "inspection-duplicate"),
            *("notice-document", "notice-duplicate", "late-answers"),
        )
    },
    "reply-schema": frozenset({"reply-schema", "largest-message"}),
    "message-id": frozenset({"message-id", "order", "concurrency", "rubbish-no-trace", "largest-message"}),
    "duplicate": frozenset({"duplicate", "duplicates-at-once", "id-reused", "inspection-duplicate"}),
    "notice-withdrawal": frozenset({"notice-withdrawal", "notice-duplicate"}),
    "still-there": frozenset({"still-there", "largest-message"}),
    "rubbish-approved": RUBBISH,
    "rubbish-crash": RUBBISH,
    "time": NOTICES | {"time"},
}
"""What is planted, and what the check has to say of it."""


def stand_in(agency: AnyAgency = AGENCY) -> StandIn:
    """Where an agency's late answers arrive."""
    return StandIn(agency, Config(), {}, Arrivals(PATIENCE_SECONDS), now)


async def checked(
    transport: Transport, hears: StandIn | None = None, agency: AnyAgency = AGENCY
) -> tuple[Verdict, ...]:
    """The verdicts on an agency behind a transport; the messages are small, so that it is quick."""
    at = now()
    declarations = [sample(items, DeclarationType.IM, "X", at) for items in (2, 12)]
    full = specimens(agency, [sample(60, DeclarationType.IM, "X", at)], "run-large")
    probe = Probe(agency.code, transport, "run", now, PATIENCE_SECONDS, hears)
    return await check(agency, probe, specimens(agency, declarations, "run"), full[0], timedelta(minutes=1), at)


def broken(verdicts: tuple[Verdict, ...]) -> set[str]:
    """The names of what was broken."""
    return {each.check for each in verdicts if each.state is State.BROKEN}


@pytest.mark.parametrize("code", ["customs", "tax", "market-supervision", "quality-inspection"])
async def test_reference_agencies_keep_the_contract(code: str) -> None:
    """A reference agency breaks nothing; every check is reported once, in order, and only some have no occasion."""
    agency = installed()[code]
    verdicts = await checked(BadAgency(agency, now, "nothing"), stand_in(agency), agency)
    assert list(TITLES) == [each.check for each in verdicts]
    assert set() == broken(verdicts), [each.detail.en for each in verdicts if each.state is State.BROKEN]
    skipped = {each.check for each in verdicts if each.state is State.SKIPPED}
    assert skipped <= {"late-answers", "inspection-order", "inspection-result", "inspection-duplicate"}


@pytest.mark.parametrize("breach", BREACHES)
async def test_breach_is_found(breach: str) -> None:
    """A breach of the contract that is planted is found by its name, with words, and nothing else is blamed for it."""
    verdicts = await checked(BadAgency(AGENCY, now, breach), stand_in())
    assert BREACHES[breach] == broken(verdicts)
    assert all(each.detail.en and each.detail.zh for each in verdicts if each.state is State.BROKEN)


def test_every_check_has_its_breach() -> None:
    """There is a planted breach for every check but the one that an agency which can't be reached fails."""
    assert set(TITLES) - {"reachable"} == set().union(*BREACHES.values())


class Gone:
    """A way to an agency that is not there."""

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """No delivery."""
        raise Unreachable("connection-refused", outgoing.agency)


async def test_agency_that_can_not_be_reached() -> None:
    """Of an agency that can't be reached that is said, and the rest is left open."""
    verdicts = await checked(Gone())
    assert {"reachable", "still-there"} == broken(verdicts)
    assert {State.SKIPPED} == {each.state for each in verdicts[1:-3]}


class Faulty:
    """A transport with a fault in it."""

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """A fault."""
        raise KeyError(outgoing.message_id)


async def test_transport_that_falls_over() -> None:
    """A fault of the transport is reported, and does not end the check."""
    verdicts = await checked(Faulty())
    assert {"reachable", "still-there"} == broken(verdicts)
    assert "KeyError" in verdicts[0].detail.en


class Later:
    """An agency that takes its messages and brings its answers by itself: each time, or only once."""

    def __init__(self, *, once: bool = False) -> None:
        self.hears = stand_in()
        self._desk = BadAgency(AGENCY, now, "nothing")
        self._brought: set[str] = set()
        self._once = once

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """Nothing but that it was taken."""
        self.hears.expect(outgoing)
        answer = await self._desk.deliver(outgoing)
        if answer is not None and not (self._once and outgoing.message_id in self._brought):
            self._brought.add(outgoing.message_id)
            await self.hears.reply(AGENCY.code, answer)
        return None


@pytest.mark.parametrize("once", [False, True])
async def test_answers_that_come_by_themselves(once: bool) -> None:
    """Of an agency that answers later everything is checked as well, where its answers can be heard."""
    agency = Later(once=once)
    heard = {each.check: each for each in await checked(agency, agency.hears)}
    assert (set(), State.KEPT) == (broken(tuple(heard.values())), heard["late-answers"].state)
    deaf = {each.check: each.state for each in await checked(Later(once=once))}
    assert (State.KEPT, State.SKIPPED) == (deaf["reachable"], deaf["late-answers"])


class Listening:
    """A transport that takes down what goes by."""

    def __init__(self) -> None:
        self.seen: list[Outgoing] = []
        self._inner = BadAgency(AGENCY, now, "nothing")

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """As the agency does."""
        self.seen.append(outgoing)
        return await self._inner.deliver(outgoing)


async def test_messages_say_that_they_are_tests() -> None:
    """Every message has an id and a reference of the check, in what is sent and in what goes with it."""
    transport = Listening()
    await checked(transport)
    assert all(each.message_id.startswith(CHECK) and each.reference.startswith(CHECK) for each in transport.seen)
    valid = [each.body for each in transport.seen if b"FunctionalReferenceID>" in each.body]
    assert len(valid) > 40
    assert all(b"FunctionalReferenceID>CHECK-" in body or b"DOCTYPE" in body for body in valid)
