"""Fault 4: fifty submissions at once; every message and reply three times, out of order and late."""

import asyncio
import random
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.declarations import declaration
from support.windows import desks, window

from onewindow.agencies.transport import Outgoing
from onewindow.codecs import DECLARATION
from onewindow.gateway.events import event_name
from onewindow.gateway.papers import XML
from onewindow.gateway.store import Query
from onewindow.gateway.submission import ReferenceConflict


class Thrice:
    """Delivers every message three times, in an order of its own, and returns one of the three replies."""

    def __init__(self, seed: int) -> None:
        self.inner = desks()
        self.chance = random.Random(seed)
        self.replies: dict[str, set[bytes | None]] = {}

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """One of the three replies."""
        answers = []
        for _ in range(3):
            for _ in range(self.chance.randrange(20)):
                await asyncio.sleep(0)
            answers.append(await self.inner.deliver(outgoing))
        self.replies.setdefault(outgoing.message_id, set()).update(answers)
        return self.chance.choice(answers)


@pytest.mark.parametrize("seed", range(5))
async def test_fifty_submissions_at_once_are_one_case(seed: int, tmp_path: Path) -> None:
    """The same declaration fifty times at once is one case with one receipt, four messages and one response."""
    thrice = Thrice(seed)
    body = declaration("FIFTY-1", items=2)
    async with window(tmp_path, thrice) as opened:
        submissions = await asyncio.gather(*(opened.submit(body, XML) for _ in range(50)))
        case = await opened.decided(submissions[0].case.id, 30)
        assert case is not None
        record = await opened.load(case.id)
        assert record is not None
        cases = await opened.find(Query())
    assert 1 == len({submission.case.id for submission in submissions})
    assert 1 == len({submission.receipt.body for submission in submissions})
    assert 1 == [submission.replay for submission in submissions].count(False)
    assert [each.id for each in cases] == [case.id]
    assert [1, 1, 1, 1] == [len(replies) for replies in thrice.replies.values()]
    assert ["accepted", *["sent"] * 4, *["replied"] * 4, "decided"] == [event_name(event) for event in record.events]


async def test_other_content_among_the_fifty_is_refused_and_stores_nothing(tmp_path: Path) -> None:
    """Of two declarations under one reference, sent fifty times at once, one is the case, one a conflict."""
    first = declaration("FIFTY-2")
    value = DECLARATION.decode_xml(first)
    other = DECLARATION.encode_xml(replace(value, declaration_office_id=value.declaration_office_id[:-1] + "9"))
    async with window(tmp_path) as opened:
        results = await asyncio.gather(
            *(opened.submit(other if place % 2 else first, XML) for place in range(50)), return_exceptions=True
        )
        cases = await opened.find(Query())
    conflicts = [result for result in results if isinstance(result, ReferenceConflict)]
    assert 1 == len(cases)
    assert (25, 50) == (len(conflicts), len(results))
    assert {conflict.case_id for conflict in conflicts} == {cases[0].id}


async def test_two_windows_on_one_store_leave_one_history(tmp_path: Path) -> None:
    """Two gateways that carry the same case at once leave one journal and one response."""
    bodies = [declaration(f"TWO-{place}") for place in range(10)]
    async with window(tmp_path, Thrice(1)) as one, window(tmp_path, Thrice(2)) as two:
        sent = await asyncio.gather(*(each.submit(body, XML) for body in bodies for each in (one, two)))
        for submission in sent:
            case = await two.decided(submission.case.id, 30)
            assert case is not None
            record = await one.load(case.id)
            assert record is not None
            assert sorted(["accepted", *["sent"] * 4, *["replied"] * 4, "decided"]) == sorted(
                event_name(event) for event in record.events
            )
    assert len({submission.case.id for submission in sent}) == len(bodies)
