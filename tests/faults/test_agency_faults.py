"""Faults 4, 5 and 6 over every transport: agencies that repeat themselves, keep silent, are late or bring rubbish."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest
from support.declarations import declaration
from support.far_side import Behaviour, FarSide, Lost, Message, Told
from support.gateway_process import AGENCIES
from support.office import Office, answering, office

from onewindow.agencies.ledger import MemoryLedger

TRANSPORTS = ("http", "mailbox", "nats")

TAX = "tax"


def thrice(opened: Office, code: str, chance: random.Random) -> Behaviour:
    """An agency whose first answer gets lost, and which then brings its answers three times, in any order."""
    once = answering(opened.ledgers[code], code)

    async def answer(side: FarSide, message: Message) -> bytes | None:
        came = await asyncio.gather(*(once(side, message) for _ in range(3)))
        assert 1 == len(set(came))
        if message.attempt == 1:
            raise Lost

        async def bring(reply: bytes | None) -> None:
            for _ in range(chance.randrange(20)):
                await asyncio.sleep(0)
            if reply is not None:
                await side.bring(reply)

        await asyncio.gather(*(bring(reply) for reply in came))
        return came[0]

    return answer


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_everything_three_times(transport: str, tmp_path: Path) -> None:
    """Fault 4: fifty submissions at once, lost answers, and every reply three times, are one case answered once."""
    chance = random.Random(4)
    body = declaration("THRICE-1", items=3)
    async with office(tmp_path, transport, lambda it: {code: thrice(it, code, chance) for code in AGENCIES}) as opened:
        submit, url = opened.ledger.submit, opened.process.url
        statuses = await asyncio.gather(*(submit(opened.client, url, body) for _ in range(50)))
        await opened.ledger.settled(opened.client, url)
        (case_id,) = opened.ledger.receipts
        timeline = [each["event"] for each in (await opened.status(case_id))["timeline"]]
        told = {code: side.told for code, side in opened.sides.items()}
        await opened.judged()
    assert {200, 202} >= set(statuses)
    assert (4, 1) == (timeline.count("replied"), timeline.count("decided"))
    assert {Told(200)} == {each for of_one in told.values() for each in of_one}
    assert all(len(of_one) >= 3 for of_one in told.values())


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_an_agency_that_forgets_is_caught(transport: str, tmp_path: Path) -> None:
    """The control of fault 4: answers of an agency that keeps no ledger of them do not pass the oracle."""
    async with office(tmp_path, transport, lambda _: {TAX: answering(MemoryLedger(), TAX)}) as opened:
        assert 202 == await opened.ledger.submit(opened.client, opened.process.url, declaration("FORGETS-1"))
        await opened.ledger.settled(opened.client, opened.process.url)
        with pytest.raises(AssertionError, match=TAX):
            await opened.judged()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_silent_then_a_day_late(transport: str, tmp_path: Path) -> None:
    """Fault 5: while one agency is silent the others' answers are stored; a day later its own is kept, and no more."""
    brought: list[bytes] = []

    def silent(opened: Office) -> dict[str, Behaviour]:
        desk = answering(opened.ledgers[TAX], TAX)

        async def take(side: FarSide, message: Message) -> bytes | None:
            reply = await desk(side, message)
            brought.extend([reply] if reply is not None else [])
            return None

        return {TAX: take}

    limit: dict[str, str | float] = {"time_limit": "3s", "on_overdue": "deem-approved"}
    async with office(tmp_path, transport, silent, {TAX: limit}) as opened:
        url = opened.process.url
        assert 202 == await opened.ledger.submit(opened.client, url, declaration("LATE-1"))
        (case_id,) = opened.ledger.receipts
        states = await opened.come_to(case_id, lambda found: list(found.values()).count("answered") == 3)
        await opened.ledger.settled(opened.client, url)
        response = opened.ledger.shown[case_id]
        await opened.process.kill()
        opened.process.start(ahead=timedelta(days=1))
        await opened.process.ready()
        told = [await opened.sides[TAX].bring(brought[0]) for _ in range(2)]
        again = await opened.ledger.response(opened.client, url, case_id)
        opened.ledger.shown[case_id] = response.replace(b"</", b"<!-- --></", 1)
        with pytest.raises(AssertionError, match="never another"):  # the control: a response rewritten is noticed
            await opened.ledger.response(opened.client, url, case_id)
        opened.ledger.shown[case_id] = response
        timeline = [(each["event"], each["agency"]) for each in (await opened.status(case_id))["timeline"]]
        await opened.judged()
    assert "answered" != states[TAX]
    assert [Told(200)] * 2 == told
    assert response == again
    assert 1 == timeline.count(("replied", TAX))
    assert timeline.index(("replied", TAX)) > timeline.index(("decided", None))


def rubbish(good: bytes) -> dict[str, bytes]:
    """What an agency brings in the place of this reply, by what is wrong with it."""
    return {
        "half": good[: len(good) // 2],
        "empty": b"",
        "html": b"<!DOCTYPE html><html><body>It works!</body></html>",
        "against its schema": good.replace(b"OutcomeCode>", b"Outcome>"),
        "of another agency": good.replace(b">tax<", b">customs<"),
        "for another case": good.replace(b"/tax/1<", b"/tax/7<"),
        "for no case": good.replace(b"<MessageID>", b"<MessageID>x"),
    }


TOLD = {
    "half": Told(400, "not-well-formed"),
    "empty": Told(400, "empty-body"),
    "html": Told(400, "forbidden-construct"),
    "against its schema": Told(422, "invalid"),
    "of another agency": Told(422, "invalid"),
    "for another case": Told(409, "message-unknown"),
    "for no case": Told(409, "message-unknown"),
}


def refused(exposition: str) -> float:
    """How much of what was brought has been refused, by the gateway's metrics."""
    lines = [line for line in exposition.splitlines() if line.startswith("onewindow_replies_refused_total")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


async def dead_letters(opened: Office) -> list[bytes]:
    """What the gateway keeps of what tax brought, byte for byte."""
    url = f"{opened.process.url}/v1/dead-letters"
    async with opened.client.get(url, params={"agency": TAX, "limit": 100}) as answer:
        letters = (await answer.json())["dead_letters"]
    kept = []
    for each in letters:
        async with opened.client.get(f"{url}/{each['id']}/body") as answer:
            kept.append(await answer.read())
    return kept


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_rubbish_is_brought(transport: str, tmp_path: Path) -> None:
    """Fault 6: rubbish is a named error to its sender, counted, kept as it came, and no answer; the reply still is."""
    told: dict[str, Told] = {}
    states: list[dict[str, str]] = []
    brought: dict[str, bytes] = {}

    def wrong(opened: Office) -> dict[str, Behaviour]:
        desk = answering(opened.ledgers[TAX], TAX)
        turn = asyncio.Lock()

        async def answer(side: FarSide, message: Message) -> bytes | None:
            reply = await desk(side, message)
            assert reply is not None
            async with turn:  # where all this takes longer than the lease, the message comes again meanwhile
                if not brought:
                    brought.update(rubbish(reply))
                    for what, body in brought.items():
                        told[what] = await side.bring(body)
                    states.append(await opened.states(message.message_id.partition("/")[0]))
            return reply

        return {TAX: answer}

    async with office(tmp_path, transport, wrong) as opened:
        assert 202 == await opened.ledger.submit(opened.client, opened.process.url, declaration("RUBBISH-1"))
        await opened.ledger.settled(opened.client, opened.process.url)
        async with opened.client.get(f"{opened.process.url}/metrics") as answer:
            counted = refused(await answer.text())
        kept = await dead_letters(opened)
        await opened.judged()
    assert TOLD == told
    assert all("answered" != found[TAX] for found in states)
    assert len(TOLD) == counted
    assert sorted(body for what, body in brought.items() if what != "empty") == sorted(kept)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_what_is_right_is_no_rubbish(transport: str, tmp_path: Path) -> None:
    """The control of fault 6: replies that are as they should be are refused to nobody, and kept as no dead letter."""
    async with office(tmp_path, transport, lambda it: {TAX: thrice(it, TAX, random.Random(6))}) as opened:
        assert 202 == await opened.ledger.submit(opened.client, opened.process.url, declaration("RIGHT-1"))
        await opened.ledger.settled(opened.client, opened.process.url)
        async with opened.client.get(f"{opened.process.url}/metrics") as answer:
            counted = refused(await answer.text())
        kept = await dead_letters(opened)
        told = opened.sides[TAX].told
        await opened.judged()
    assert {Told(200)} == set(told)
    assert (0, []) == (counted, kept)
