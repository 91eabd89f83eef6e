"""Batches of which only is said what would become of them, and the list that says why cases wait."""

from pathlib import Path

from support.batches import BATCH, NDJSON, answers, spoilt, twin
from support.declarations import declaration, incomplete
from support.served import DECLARATIONS, Held, served

from onewindow.gateway.place import BEGINNING


async def test_a_batch_of_dry_runs(tmp_path: Path) -> None:
    """With dry_run=true each line is answered as a dry run alone would be, and nothing is kept of any."""
    async with served(tmp_path) as gateway:
        alone = await gateway.ask(
            "POST", f"{DECLARATIONS}?dry_run=true", {"Content-Type": "application/json"}, twin("DRY-1")
        )
        async with gateway.client.post(
            f"{gateway.url}{BATCH}?dry_run=true",
            data=b"\n".join((twin("DRY-1"), spoilt("DRY-2"), twin("DRY-3"))),
            headers={"Content-Type": NDJSON},
        ) as answer:
            first, second, third = [each async for each in answers(answer)]
        unknown = await gateway.ask("POST", f"{BATCH}?dry_run=maybe", {"Content-Type": NDJSON}, twin("DRY-4"))
        page = await gateway.window.feed.page(BEGINNING, 1, None)
    assert [200, 422, 200] == [each["status"] for each in (first, second, third)]
    assert {**alone.json, "assessed_at": ""} == {**first["dry_run"], "assessed_at": ""}
    assert ("DRY-3", {"line", "status", "dry_run"}) == (third["dry_run"]["reference"], set(third))
    assert (400, "invalid-parameter", ()) == (unknown.status, unknown.problem, page.events)


async def test_why_cases_wait(tmp_path: Path) -> None:
    """The list says of each open case whom it waits for and why, and of one that is decided nothing."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("WAITS-1"))).headers["Location"]
        (waiting,) = (await gateway.get(f"{DECLARATIONS}?reference=WAITS-1")).json["declarations"]
        held.released.set()
        await gateway.post(declaration("WAITS-1"), Prefer="wait=30")
        (decided,) = (await gateway.get(f"{DECLARATIONS}?reference=WAITS-1")).json["declarations"]
        asked = (await gateway.post(incomplete("WAITS-2"))).headers["Location"]
        async with gateway.client.get(f"{gateway.url}{asked}/events") as stream:
            async for line in stream.content:
                if b"supplement-requested" in line:
                    break
        (lacking,) = (await gateway.get(f"{DECLARATIONS}?reference=WAITS-2")).json["declarations"]
        (asking,) = [
            each["code"]
            for each in (await gateway.get(asked)).json["agencies"]
            if each["outcome"] == "supplement-required"
        ]
    assert path.endswith(waiting["id"])
    assert {"customs", "tax", "market-supervision", "quality-inspection"} == {
        each["agency"] for each in waiting["waits_for"]
    }
    assert all(each["words"]["en"] and not each["words"]["zh"].isascii() for each in waiting["waits_for"])
    assert ("decided", []) == (decided["status"], decided["waits_for"])
    assert [(asking, "asks the trader for a supplement")] == [
        (each["agency"], each["words"]["en"]) for each in lacking["waits_for"]
    ]
