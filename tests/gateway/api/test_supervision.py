"""Supervision over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest
from support.declarations import declaration
from support.served import Gateway, served
from support.windows import now

from onewindow.agencies.registry import installed
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway.api.supervision import RANGE_DAYS, RANGE_DAYS_MAX
from onewindow.gateway.supervision import Question, Supervision
from onewindow.gateway.supervisor import Unanswered
from onewindow.gateway.window import Window

SUPERVISION = "/v1/supervision"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once, with an import and two exports that are decided."""
    async with served(tmp_path) as opened:
        for number, kind in enumerate((DeclarationType.IM, DeclarationType.EX, DeclarationType.EX)):
            answer = await opened.post(declaration(f"SU-{number}", type_code=kind), Prefer="wait=30")
            assert 200 == answer.status
        yield opened


async def asked(gateway: Gateway, **parameters: str) -> Supervision:
    """The answer with these parameters."""
    named = {name.rstrip("_"): value for name, value in parameters.items()}
    answer = await gateway.get(f"{SUPERVISION}?{urlencode(named)}")
    assert 200 == answer.status
    return msgspec.json.decode(answer.body, type=Supervision)


async def test_the_last_days(gateway: Gateway) -> None:
    """Without parameters it is about the last RANGE_DAYS days until now, all agencies and both procedures."""
    answer = await gateway.get(SUPERVISION)
    assert 200 == answer.status
    assert {"from", "to", "at", "cases", "procedures", "agencies"} == set(answer.json)
    found = msgspec.json.decode(answer.body, type=Supervision)
    assert timedelta(days=RANGE_DAYS) == found.received_to - found.received_from
    assert abs(now() - found.received_to) < timedelta(minutes=5)
    assert [("import", 1), ("export", 2)] == [(each.procedure, each.decided) for each in found.procedures]
    rows = [(code, way) for code in installed() for way in ("import", "export")]
    assert rows == [(row.agency, row.procedure) for row in found.agencies]
    for row in found.agencies:
        assert row.sent + row.not_concerned == (1 if row.procedure == "import" else 2)
        assert (row.sent, row.sent) == (row.on_time, row.elapsed_seconds.count)


async def test_filters(gateway: Gateway) -> None:
    """Time, procedure and agency narrow what is counted."""
    exports = await asked(gateway, procedure="export")
    assert (2, ["export"]) == (exports.cases, [each.procedure for each in exports.procedures])
    assert {"export"} == {row.procedure for row in exports.agencies}
    tax = await asked(gateway, agency="tax")
    assert (3, {"tax"}) == (tax.cases, {row.agency for row in tax.agencies})
    start, end = (now() + timedelta(hours=hours) for hours in (1, 2))
    later = await asked(gateway, from_=start.isoformat(), to=end.isoformat())
    assert (0, ()) == (later.cases, later.agencies)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z", "?from"),
        ("from=2026-03-02T00:00:01Z&to=2026-03-02T00:00:00Z", "?from"),
        ("from=2025-03-01T00:00:00Z&to=2026-03-02T00:00:01Z", "?from"),
        ("from=2000-01-01T00:00:00Z", "?from"),
        ("to=0001-01-01T00:00:00Z", "?from"),
        ("procedure=transit", "?procedure"),
        ("agency=Tax%20", "?agency"),
        ("agency=port-health", "?agency"),
        ("from=yesterday", "?from"),
    ],
)
async def test_a_question_that_can_not_be_asked(query: str, pointer: str, gateway: Gateway) -> None:
    """A time that is none, turned round or too long, and other words than the parameters take, are 400."""
    answer = await gateway.get(f"{SUPERVISION}?{query}")
    assert (400, "invalid-parameter") == (answer.status, answer.problem)
    assert [pointer] == [finding["pointer"] for finding in answer.json["findings"]]


@pytest.mark.parametrize("query", ["to=0001-01-10T00:00:00Z", "from=9999-12-31T00:00:00Z&to=9999-12-31T23:59:59Z"])
async def test_the_ends_of_the_calendar(query: str, gateway: Gateway) -> None:
    """The first and the last days that a calendar has can be asked about."""
    answer = await gateway.get(f"{SUPERVISION}?{query}")
    assert (200, 0) == (answer.status, answer.json["cases"])


async def test_the_longest_time(gateway: Gateway) -> None:
    """A time of RANGE_DAYS_MAX days is answered."""
    end = now() + timedelta(hours=1)
    found = await asked(gateway, from_=(end - timedelta(days=RANGE_DAYS_MAX)).isoformat(), to=end.isoformat())
    assert 3 == found.cases


@pytest.mark.parametrize(
    ("code", "status", "problem"), [("busy", 429, "overloaded"), ("too-many-cases", 400, "invalid-parameter")]
)
async def test_a_question_that_is_not_answered(
    code: str, status: int, problem: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many questions at one time are 429 and say when to come again; too many cases are 400."""

    async def unanswered(_: Window, question: Question) -> Supervision:
        raise Unanswered(code)

    monkeypatch.setattr(Window, "supervise", unanswered)
    answer = await gateway.get(SUPERVISION)
    assert (status, problem) == (answer.status, answer.problem)
    assert (status == 429) == ("Retry-After" in answer.headers)
