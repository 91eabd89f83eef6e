"""What every store promises of its dead letters: an engine's tests inherit from DeadLettersContract and give a URL."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace
from support import cases

from onewindow.agencies.transport import evidence
from onewindow.gateway.dead_letter import DeadLetter, LetterState, Origin, Returned, dead_letter
from onewindow.gateway.store import Conflict, Store, StoreUnavailable, open_store, sql_dead_letters
from onewindow.gateway.store.dead_letters import LetterSearch, LettersFull, Settling

ANY = tuple(LetterState)


def letter(number: int, body: bytes = b"<html>", **changes: Any) -> DeadLetter:
    """The dead letter with this number, of as many seconds after noon; about tax's message of case 1."""
    returned = Returned(
        agency="tax",
        origin=Origin.ANSWER,
        code="not-xml",
        detail="the answer is text/html",
        message_id=f"{cases.case_id(1)}/tax/1",
        evidence=evidence(body, "text/html"),
    )
    return replace(dead_letter(returned, cases.case_id(number), cases.noon(number)), **changes)


def settling(number: int, state: LetterState, of: tuple[LetterState, ...] = ANY, note: str | None = None) -> Settling:
    """Something done about it an hour later."""
    return Settling(id=cases.case_id(number), of=of, state=state, at=cases.noon(3600), note=note)


class DeadLettersContract:
    """The promises. An engine's test class has a fixture `url`, of a fresh store."""

    @pytest.fixture
    async def store(self, url: str) -> AsyncIterator[Store]:
        """The fresh store, open."""
        store = await open_store(url)
        yield store
        await store.close()

    async def test_keep(self, store: Store) -> None:
        """What is kept is found as it was kept, and its bytes byte for byte; what is not there is not."""
        bodies = {1: b"", 2: bytes(range(256)) * 256}
        for number, body in bodies.items():
            await store.dead_letters.keep(letter(number, body), body)
        for number, body in bodies.items():
            assert letter(number, body) == await store.dead_letters.load(cases.case_id(number))
            assert body == await store.dead_letters.body(cases.case_id(number))
        assert (None, None) == (await store.dead_letters.load("x"), await store.dead_letters.body("x"))

    async def test_about_no_message(self, store: Store) -> None:
        """A dead letter need not be about a message, and twice the same is one all the same."""
        for number in (1, 2):
            await store.dead_letters.keep(letter(number, message_id=None, case_id=None), b"<html>")
        (found,) = await store.dead_letters.find(LetterSearch())
        assert (None, None, 2) == (found.message_id, found.case_id, found.count)

    async def test_the_same_again(self, store: Store) -> None:
        """The same agency, message, code and bytes again are the same dead letter; another of them is another."""
        for number in (1, 2, 3):
            await store.dead_letters.keep(letter(number), b"<html>")
        others = [
            letter(4, agency="customs"),
            letter(5, message_id="another/tax/1"),
            letter(6, code="status-500"),
            letter(7, b"<html/>"),
        ]
        for other in others:
            await store.dead_letters.keep(other, b"")
        found = await store.dead_letters.find(LetterSearch())
        assert (*reversed(others), letter(1, count=3, last_at=cases.noon(3))) == found

    async def test_at_once(self, store: Store) -> None:
        """The same thing twenty times at once is one dead letter that was met twenty times."""
        await asyncio.gather(*(store.dead_letters.keep(letter(number), b"<html>") for number in range(20)))
        (found,) = await store.dead_letters.find(LetterSearch())
        assert 20 == found.count

    async def test_settle(self, store: Store) -> None:
        """What is done about a dead letter is kept with its time and note, if it stands where it should."""
        await store.dead_letters.keep(letter(1), b"<html>")
        await store.dead_letters.settle(settling(1, LetterState.DISCARDED, (LetterState.OPEN,), "told them"))
        found = await store.dead_letters.load(cases.case_id(1))
        assert letter(1, state=LetterState.DISCARDED, changed_at=cases.noon(3600), note="told them") == found
        for wrong in (settling(1, LetterState.ANSWERED, (LetterState.OPEN,)), settling(2, LetterState.ANSWERED)):
            with pytest.raises(Conflict):
                await store.dead_letters.settle(wrong)

    @pytest.mark.parametrize(
        ("before", "after"),
        [(LetterState.SENT_AGAIN, LetterState.OPEN), (LetterState.DISCARDED, LetterState.DISCARDED)],
    )
    async def test_back_again(self, before: LetterState, after: LetterState, store: Store) -> None:
        """One that was sent again and comes back is open again; one that was put aside stays so, and counts."""
        await store.dead_letters.keep(letter(1), b"<html>")
        await store.dead_letters.settle(settling(1, before))
        await store.dead_letters.keep(letter(2), b"<html>")
        found = await store.dead_letters.load(cases.case_id(1))
        assert found is not None
        assert (after, 2) == (found.state, found.count)

    async def test_answered(self, store: Store) -> None:
        """An answer that is stored settles what is open of its agency's message, in the same step, and nothing else."""
        entries = cases.whole(1)
        mine, other = letter(1), letter(2, message_id=f"{cases.case_id(2)}/tax/1")
        sent, aside, foreign = letter(3, b"3"), letter(4, b"4"), letter(5, agency="customs")
        for each in (mine, other, sent, aside, foreign):
            await store.dead_letters.keep(each, b"")
        await store.dead_letters.settle(settling(3, LetterState.SENT_AGAIN))
        await store.dead_letters.settle(settling(4, LetterState.DISCARDED))
        states = []
        for entry in entries[:3]:
            await store.append(entry)
            states.append([each.state.value for each in reversed(await store.dead_letters.find(LetterSearch()))])
        before = ["open", "open", "sent-again", "discarded", "open"]
        assert [before, before, ["answered", "open", "answered", "discarded", "open"]] == states
        found = await store.dead_letters.load(mine.id)
        assert found is not None
        assert entries[2].events[0].at <= found.changed_at <= entries[2].events[-1].at

    async def test_many_answered_at_once(self, store: Store) -> None:
        """Dead letters of many cases that are answered in one transaction are all settled."""
        for number in range(1, 8):
            await store.dead_letters.keep(letter(number, message_id=f"{cases.case_id(number)}/tax/1"), b"")
            for entry in cases.whole(number)[:2]:
                await store.append(entry)
        await asyncio.gather(*(store.append(cases.whole(number)[2]) for number in range(1, 8)))
        found = await store.dead_letters.find(LetterSearch())
        assert [LetterState.ANSWERED] * 7 == [each.state for each in found]

    async def test_bound(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of one agency so many are kept; one more takes the place of what has been settled longest, or is not kept."""
        monkeypatch.setattr(sql_dead_letters, "LETTERS_MAX", 3)
        for number in (1, 2, 3):
            await store.dead_letters.keep(letter(number, b"%d" % number), b"")
        await store.dead_letters.keep(letter(4, agency="customs"), b"")
        with pytest.raises(LettersFull):
            await store.dead_letters.keep(letter(5, b"5"), b"")
        await store.dead_letters.keep(letter(5, b"3"), b"")  # which is there
        await store.dead_letters.settle(replace(settling(3, LetterState.DISCARDED), at=cases.noon(9)))
        await store.dead_letters.settle(replace(settling(2, LetterState.ANSWERED), at=cases.noon(8)))
        await store.dead_letters.keep(letter(6, b"6"), b"")
        found = await store.dead_letters.find(LetterSearch(agency="tax"))
        assert [cases.case_id(number) for number in (6, 3, 1)] == [each.id for each in found]
        assert 1 == len(await store.dead_letters.find(LetterSearch(agency="customs")))

    async def test_find(self, store: Store) -> None:
        """Dead letters are found newest first, by agency and state, and page by page each comes once."""
        for number in range(1, 12):
            agency = "tax" if number % 3 else "customs"
            await store.dead_letters.keep(letter(number, b"%d" % number, agency=agency), b"")
        await store.dead_letters.settle(settling(6, LetterState.DISCARDED))
        pages, after = [], None
        while page := await store.dead_letters.find(LetterSearch(limit=4, after=after)):
            pages.append([each.id for each in page])
            after = page[-1].id
        assert [4, 4, 3] == [len(page) for page in pages]
        assert [cases.case_id(number) for number in range(11, 0, -1)] == [each for page in pages for each in page]
        open_ones = await store.dead_letters.find(LetterSearch(agency="customs", state="open"))
        assert [cases.case_id(9), cases.case_id(3)] == [each.id for each in open_ones]

    async def test_inspect(self, store: Store) -> None:
        """Inspection shows every dead letter by id."""
        for number in (3, 1, 2):
            await store.dead_letters.keep(letter(number, b"%d" % number), b"")
        found = [raw.letter async for raw in store.dead_letters.inspect()]
        assert [letter(number, b"%d" % number) for number in (1, 2, 3)] == found

    async def test_reopen(self, url: str) -> None:
        """What was kept is there when the store is opened again; a closed one takes none."""
        store = await open_store(url)
        await store.dead_letters.keep(letter(1), b"<html>")
        await store.close()
        with pytest.raises(StoreUnavailable):
            await store.dead_letters.keep(letter(2, b"2"), b"")
        store = await open_store(url)
        assert (letter(1),) == await store.dead_letters.find(LetterSearch())
        await store.close()

    async def test_value_that_is_not_taken(self, store: Store) -> None:
        """A value that can't be written stops that dead letter, and not what is written in the same transaction."""
        hostile = letter(1, detail="\udcff")
        entries = [cases.accepted(number) for number in range(1, 9)]
        met = await asyncio.gather(
            *(store.append(entry) for entry in entries[:4]),
            store.dead_letters.keep(hostile, b""),
            *(store.append(entry) for entry in entries[4:]),
            return_exceptions=True,
        )
        assert isinstance(met[4], StoreUnavailable)
        assert [None] * 8 == met[:4] + met[5:]
        assert [entry.case.id for entry in entries] == [case.id async for case in store.outstanding()]
