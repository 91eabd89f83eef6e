"""Who changes a case waits for his turn: few wait, the rest is told to come again, and nobody else feels it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from support.declarations import declaration, repacked
from support.outgoing import desk
from support.served import JSON, XML, Gateway, Held, served

from onewindow.gateway import case_turns
from onewindow.gateway.case_turns import CHANGES_MAX, WAITING_REPLIES_MAX, WAITING_REQUESTS_MAX, CaseTurns
from onewindow.gateway.events import Amended
from onewindow.gateway.store.database import Database
from onewindow.gateway.store.store import Conflict, Entry, Names, Record, no_names
from onewindow.gateway.submission import NotServing

REVISIONS = 300


@asynccontextmanager
async def opened_case(folder: Path, reference: str) -> AsyncIterator[tuple[Gateway, str, Held]]:
    """A gateway with a case whose agencies have not answered, and what lets them."""
    held = Held()
    async with served(folder, held) as gateway:
        try:
            yield gateway, (await gateway.post(declaration(reference))).json["id"], held
        finally:
            held.released.set()


async def amended(gateway: Gateway, case_id: str, body: bytes) -> tuple[int, str, str | None]:
    """What an amendment is answered: status, problem, and when to come again."""
    answer = await gateway.ask("POST", f"/v1/declarations/{case_id}/amendments", {"Content-Type": XML}, body)
    return answer.status, answer.problem if answer.status >= 400 else "", answer.headers.get("Retry-After")


@pytest.mark.parametrize("waiting_max", [WAITING_REQUESTS_MAX, WAITING_REPLIES_MAX])
async def test_so_many_wait(waiting_max: int) -> None:
    """Beside the one whose turn it is as many wait as may; the next is sent away, and another case has its own turn."""
    turns, going_on = CaseTurns(), asyncio.Event()
    had: list[int] = []

    async def change(number: int) -> None:
        async with turns.turn("case", waiting_max):
            had.append(number)
            await going_on.wait()

    waiting = [asyncio.create_task(change(number)) for number in range(1 + waiting_max)]
    await asyncio.sleep(0)
    with pytest.raises(NotServing, match="case-busy"):
        await change(-1)
    async with turns.turn("another case", waiting_max):
        assert [0] == had
    going_on.set()
    await asyncio.gather(*waiting)
    assert list(range(1 + waiting_max)) == had
    await change(-1)


async def test_who_goes_away_leaves_his_turn() -> None:
    """Whoever is cancelled while he waits, or while it is his turn, holds up nobody."""
    turns = CaseTurns()

    async def change() -> None:
        async with turns.turn("case", 1):
            await asyncio.Event().wait()

    for _ in range(3):
        going = [asyncio.create_task(change()) for _ in range(2)]
        await asyncio.sleep(0)
        for each in going:
            each.cancel()
        await asyncio.wait(going)
    async with turns.turn("case", 0):
        pass


async def test_many_amendments_at_once(tmp_path: Path) -> None:
    """Of hundreds of amendments of one case a few are taken and all others told to come again; others are as usual."""
    async with opened_case(tmp_path, "TURNS-1") as (gateway, case_id, held):
        bodies = [repacked("TURNS-1", 100 + number) for number in range(REVISIONS)]
        asked = asyncio.gather(*(amended(gateway, case_id, body) for body in bodies))
        others = await asyncio.gather(*(gateway.post(declaration(f"TURNS-OTHER-{number}")) for number in range(10)))
        looks = await asyncio.gather(*(gateway.get(f"/v1/declarations/{case_id}") for _ in range(10)))
        told = Counter(await asked)
        after = (await gateway.get(f"/v1/declarations/{case_id}")).json
        assert {202} == {each.status for each in others}
        assert {200} == {each.status for each in looks}
        assert {(202, "", None), (503, "case-busy", "1")} == set(told)
        assert 1 + told[(202, "", None)] == after["revision"]
        assert told[(202, "", None)] > WAITING_REQUESTS_MAX
        again = await amended(gateway, case_id, repacked("TURNS-1", 99))
        assert (202, "", None) == again
        held.released.set()
        assert await gateway.window.decided(case_id, 60) is not None


async def test_without_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where everybody is let in at once, what is asked of one case is decided over and over."""
    appended: list[str] = []
    append = Database.append

    async def counted(self: Database, entry: Entry) -> None:
        appended.append(entry.case.id)
        await append(self, entry)

    @asynccontextmanager
    async def at_once(_: CaseTurns, __: str, ___: int) -> AsyncIterator[None]:
        yield

    monkeypatch.setattr(Database, "append", counted)
    tried = []
    for way in (CaseTurns.turn, at_once):
        monkeypatch.setattr(case_turns.CaseTurns, "turn", way)
        (tmp_path / way.__name__).mkdir()
        async with opened_case(tmp_path / way.__name__, "TURNS-2") as (gateway, case_id, _):
            appended.clear()
            bodies = [repacked("TURNS-2", 100 + number) for number in range(WAITING_REQUESTS_MAX)]
            await asyncio.gather(*(amended(gateway, case_id, body) for body in bodies))
            tried.append(appended.count(case_id))
    assert 2 * tried[0] < tried[1]


async def test_a_case_that_never_stands_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that is overtaken time and again, by another process say, is given up after so many times."""
    loads = 0
    load = Database.load

    async def overtaken(self: Database, case_id: str, *documents: str, of: Names = no_names) -> Record | None:
        nonlocal loads
        record = await load(self, case_id, *documents, of=of)
        if record is None:
            return None
        loads += 1
        stale = msgspec.structs.replace(record.case, sequence=record.case.sequence - 1)
        return msgspec.structs.replace(record, case=stale)

    async with opened_case(tmp_path, "TURNS-3") as (gateway, case_id, _):
        message = await gateway.get(f"/v1/declarations/{case_id}/messages/tax", Accept=XML)
        reply = desk("tax").answer(f"{case_id}/tax/1", message.body)
        with monkeypatch.context() as patched:
            patched.setattr(Database, "load", overtaken)
            assert (503, "case-busy", "1") == await amended(gateway, case_id, repacked("TURNS-3"))
            brought = await gateway.ask("POST", "/v1/agencies/tax/replies", {"Content-Type": XML}, reply)
            withdrawn = await gateway.ask(
                "POST",
                f"/v1/declarations/{case_id}/withdrawal",
                {"Content-Type": JSON},
                b'{"reason": "order cancelled"}',
            )
        assert [(503, "case-busy")] * 2 == [(each.status, each.problem) for each in (brought, withdrawn)]
        assert 3 * CHANGES_MAX <= loads
        assert (202, "", None) == await amended(gateway, case_id, repacked("TURNS-3"))


@pytest.mark.parametrize(("times", "status"), [(CHANGES_MAX - 1, 202), (CHANGES_MAX, 503)])
async def test_overtaken_so_often(times: int, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that is overtaken one time short of the limit is made; at the limit it is given up."""
    left, append = times, Database.append

    async def overtaken(self: Database, entry: Entry) -> None:
        nonlocal left
        if left and any(isinstance(event, Amended) for event in entry.events):
            left -= 1
            raise Conflict
        await append(self, entry)

    async with opened_case(tmp_path, "TURNS-5") as (gateway, case_id, _):
        monkeypatch.setattr(Database, "append", overtaken)
        assert status == (await amended(gateway, case_id, repacked("TURNS-5")))[0]
    assert 0 == left


async def test_a_status_while_the_case_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A status comes from one look at the case, however fast it goes on: what it shows stood there at one moment."""
    looks: list[str] = []
    load = Database.load

    async def counted(self: Database, case_id: str, *documents: str, of: Names = no_names) -> Record | None:
        looks.append(case_id)
        return await load(self, case_id, *documents, of=of)

    async with opened_case(tmp_path, "TURNS-4") as (gateway, case_id, held):
        held.released.set()
        assert await gateway.window.decided(case_id, 60) is not None
        monkeypatch.setattr(Database, "load", counted)
        assert 200 == (await gateway.get(f"/v1/declarations/{case_id}")).status
        assert 200 == (await gateway.get(f"/v1/declarations/{case_id}/messages/tax", Accept=XML)).status
    assert [case_id, case_id] == looks
