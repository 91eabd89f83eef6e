"""What a trader sees of a case."""

from datetime import timedelta
from pathlib import Path

import msgspec
from support.declarations import declaration
from support.windows import window

from onewindow.agencies.registry import installed
from onewindow.agencies.transport import Outgoing, Unreachable
from onewindow.gateway.papers import XML
from onewindow.gateway.status import Status, documents, status
from onewindow.gateway.window import Window

NAMES = [
    "id",
    "reference",
    "test",
    "declarant",
    "status",
    "outcome",
    "revision",
    "received_at",
    "decided_at",
    "elapsed_seconds",
    "due_at",
    "agencies",
    "timeline",
]
AGENCY_NAMES = [
    "code",
    "name",
    "state",
    "outcome",
    "sent_at",
    "replied_at",
    "due_at",
    "overdue",
    "elapsed_seconds",
    "findings",
]


async def seen(opened: Window, case_id: str, after: timedelta = timedelta(0)) -> Status:
    """The status as the interface shows it, so long after now."""
    record = await opened.load(case_id)
    assert record is not None
    record = await opened.load(case_id, *documents(record.case))
    assert record is not None
    return status(record, opened.agencies, opened.clock() + after)


class Closed:
    """A transport to agencies that are all out of reach."""

    async def deliver(self, outgoing: Outgoing) -> bytes:
        """Never delivers."""
        raise Unreachable("connection-refused", outgoing.agency)


async def test_a_decided_case_shows_every_agency_and_its_timeline(tmp_path: Path) -> None:
    """The status has the members of the contract, every agency's answer, and every event in order."""
    async with window(tmp_path) as opened:
        submission = await opened.submit(declaration("STATUS-1", items=12), XML)
        assert await opened.decided(submission.case.id, 30) is not None
        shown = msgspec.to_builtins(await seen(opened, submission.case.id))
    assert set(NAMES) <= set(shown)
    assert all(set(AGENCY_NAMES) <= set(agency) for agency in shown["agencies"])
    assert list(installed()) == [agency["code"] for agency in shown["agencies"]]
    assert {("answered", False)} == {(agency["state"], agency["overdue"]) for agency in shown["agencies"]}
    assert list(range(1, 16)) == [entry["sequence"] for entry in shown["timeline"]]
    assert "inspection-ordered" in [entry["event"] for entry in shown["timeline"]]
    findings = [finding for agency in shown["agencies"] for finding in agency["findings"]]
    assert findings
    assert all(finding["pointer"].startswith("/Declaration") for finding in findings if finding["pointer"])
    assert all(finding["message"]["en"] and finding["message"]["zh"] for finding in findings)


async def test_an_agency_out_of_reach_says_why_and_until_when(tmp_path: Path) -> None:
    """While agencies are out of reach the status names the cause and when the answer is due; later it is overdue."""
    async with window(tmp_path, Closed()) as opened:
        submission = await opened.submit(declaration("STATUS-2"), XML)
        async for _, event in opened.follow(submission.case.id, 0):
            if event.__struct_config__.tag == "send-failed":
                break
        now = await seen(opened, submission.case.id)
        later = await seen(opened, submission.case.id, timedelta(days=400))
    unreachable = [agency for agency in now.agencies if agency.state == "unreachable"]
    assert {"connection-refused"} == {agency.failure for agency in unreachable}
    assert all(agency.due_at is not None and not agency.overdue for agency in unreachable)
    assert all(agency.overdue for agency in later.agencies)
    assert ("processing", None) == (now.status, now.outcome)
    assert now.due_at == max(agency.due_at for agency in now.agencies if agency.due_at is not None)
