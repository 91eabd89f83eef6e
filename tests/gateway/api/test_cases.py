"""Looking at cases over HTTP: the list, one case, its response and its messages."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from support.declarations import declaration
from support.served import DECLARATIONS, JSON, XML, Gateway, Held, served
from support.windows import now

from onewindow.agencies.registry import installed
from onewindow.codecs import RESPONSE
from onewindow.codecs.digest import digest
from onewindow.codecs.verification import verify

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def decided(gateway: Gateway, reference: str, items: int = 1) -> str:
    """The path of a case that has its response."""
    answer = await gateway.post(declaration(reference, items), Prefer="wait=30")
    assert 200 == answer.status
    return answer.headers["Location"]


async def test_where_a_case_stands(gateway: Gateway) -> None:
    """The status names case, agencies and timeline as the contract has them."""
    path = await decided(gateway, "C-1", items=3)
    status = (await gateway.get(path)).json
    assert path.endswith(status["id"])
    assert ("C-1", "decided") == (status["reference"], status["status"])
    assert {
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
        "released_at",
        "cleared_at",
        "agencies",
        "inspection",
        "deferred",
        "bill",
        "rating",
        "documents",
        "timeline",
        "waiting",
    } == set(status)
    assert list(installed()) == [agency["code"] for agency in status["agencies"]]
    assert ["accepted", "decided"] == [status["timeline"][place]["event"] for place in (0, -1)]
    assert list(range(1, 11)) == [entry["sequence"] for entry in status["timeline"]]


async def test_the_response_is_what_was_signed(gateway: Gateway) -> None:
    """The XML response verifies and is the stored one byte for byte; its JSON twin verifies as XML."""
    path = await decided(gateway, "C-2", items=3)
    xml = await gateway.get(f"{path}/response", Accept=XML)
    twin = await gateway.get(f"{path}/response", Accept=JSON)
    unasked = await gateway.get(f"{path}/response")
    record = await gateway.window.load(path.rpartition("/")[2], "response")
    verify(xml.body, gateway.window.trust, now())
    assert record is not None
    assert record.documents["response"].body == xml.body
    assert RESPONSE.decode_xml(xml.body) == RESPONSE.decode_json(twin.body)
    verify(RESPONSE.encode_xml(RESPONSE.decode_json(twin.body)), gateway.window.trust, now())
    assert (XML, xml.body) == (unasked.headers["Content-Type"], unasked.body)


async def test_the_response_may_be_kept(gateway: Gateway) -> None:
    """A response never changes: it may be cached for good, and who has it is told so."""
    path = await decided(gateway, "C-3") + "/response"
    xml = await gateway.get(path, Accept=XML)
    twin = await gateway.get(path, Accept=JSON)
    known = await gateway.get(path, Accept=XML, If_None_Match=f'"other", {xml.headers["ETag"]}')
    other = await gateway.get(path, Accept=JSON, If_None_Match=xml.headers["ETag"])
    assert f'"{digest(xml.body)}"' == xml.headers["ETag"]
    assert xml.headers["ETag"] != twin.headers["ETag"]
    assert "private, max-age=31536000, immutable" == xml.headers["Cache-Control"]
    assert "Accept" == xml.headers["Vary"]
    assert (304, b"", xml.headers["ETag"]) == (known.status, known.body, known.headers["ETag"])
    assert 200 == other.status


async def test_no_response_yet(tmp_path: Path) -> None:
    """Before there is a response asking for it is 404 not-decided, which nobody may keep."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("C-4"))).headers["Location"]
        answer = await gateway.get(f"{path}/response")
        status = (await gateway.get(path)).json
        held.released.set()
    assert (404, "not-decided", "no-store") == (answer.status, answer.problem, answer.headers["Cache-Control"])
    assert {"accepted", "processing"} & {status["status"]}
    assert status["outcome"] is None


@pytest.mark.parametrize("agency", list(installed()))
async def test_the_message_as_sent(agency: str, gateway: Gateway) -> None:
    """A message is there as the agency was sent it, and as its JSON twin."""
    path = await decided(gateway, "C-5", items=2)
    xml = await gateway.get(f"{path}/messages/{agency}")
    twin = await gateway.get(f"{path}/messages/{agency}", Accept=JSON)
    codec = installed()[agency].message
    record = await gateway.window.load(path.rpartition("/")[2])
    assert record is not None
    part = record.case.part(agency)
    assert part is not None
    assert part.message_digest == digest(xml.body)
    assert codec.decode_xml(xml.body) == codec.decode_json(twin.body)


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/declarations/{NOBODY}",
        f"/v1/declarations/{NOBODY}/response",
        f"/v1/declarations/{NOBODY}/events",
        f"/v1/declarations/{NOBODY}/messages/customs",
        f"/v1/declarations/{NOBODY.upper()}",
        "/v1/declarations/%00",
        "/v1/declarations/%ff%fe",
        "/v1/declarations/%",
        "/v1/declarations/%2e%2e%2fetc",
        "/v1/declarations/" + quote("办件"),
        "/v1/declarations/" + "9" * 4000,
        "/v1/declarations/",
        "/v1/declarations//response",
        "/v1/declaration",
        "/v1/schemas/customs",
        "/v1/schemas/nothing.xsd",
        "/v1/schemas/..%2fcodes.xsd",
        "/v1/codes/Nothing",
        "/v1/codes/%00",
        "/",
    ],
)
async def test_what_is_not_there(path: str, gateway: Gateway) -> None:
    """Whatever does not exist, however it is spelt, is 404 not-found."""
    answer = await gateway.get(path)
    assert (404, "not-found") == (answer.status, answer.problem)


async def test_messages_that_are_not_there(gateway: Gateway) -> None:
    """An agency that is not in the plan has no message, whatever its code looks like."""
    path = await decided(gateway, "C-6")
    for agency in ("nobody", "%00", "..", "customs%2f1", "a" * 4000):
        answer = await gateway.ask("GET", f"{path}/messages/{agency}")
        assert (404, "not-found") == (answer.status, answer.problem)


async def test_pages_of_cases(gateway: Gateway) -> None:
    """Cases are listed newest first, a page at a time, each once, until there is no further page."""
    await asyncio.gather(*(gateway.post(declaration(f"C-7{place}")) for place in range(7)))
    path, pages = f"{DECLARATIONS}?limit=3", []
    while path:
        answer = await gateway.get(path)
        page = answer.json
        pages.append([case["id"] for case in page["declarations"]])
        path = answer.headers.get("Link", "").removeprefix("<").removesuffix('>; rel="next"')
        assert bool(path) == (page["next_cursor"] is not None)
    ids = [case_id for page in pages for case_id in page]
    assert [3, 3, 1] == [len(page) for page in pages]
    assert sorted(set(ids), reverse=True) == ids


async def test_a_list_can_be_narrowed(gateway: Gateway) -> None:
    """Status, outcome, reference, declarant and time of reception choose cases; `from` is in the range, `to` is not."""
    await decided(gateway, "C-8", items=1)
    await decided(gateway, "C-9", items=3)
    newest, oldest = (await gateway.get(DECLARATIONS)).json["declarations"]
    at = quote(newest["received_at"])

    async def found(query: str) -> list[str]:
        return [case["reference"] for case in (await gateway.get(f"{DECLARATIONS}?{query}")).json["declarations"]]

    assert ["C-9", "C-8"] == await found("status=decided")
    assert [] == await found("status=accepted")
    assert oldest["outcome"] != newest["outcome"]
    assert ["C-8"] == await found(f"outcome={oldest['outcome']}")
    assert ["C-8"] == await found("reference=C-8")
    assert [] == await found("reference=C")
    assert ["C-9", "C-8"] == await found(f"declarant={quote(newest['declarant'])}")
    assert [] == await found("declarant=NOBODY")
    assert ["C-9"] == await found(f"from={at}")
    assert ["C-8"] == await found(f"to={at}")
    assert ["C-9"] == await found(f"from={at}&outcome={newest['outcome']}&limit=1")


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("limit=0", ["?limit"]),
        ("limit=201", ["?limit"]),
        ("limit=1e2", ["?limit"]),
        ("limit=" + "9" * 5000, ["?limit"]),
        ("limit=%D9%A1", ["?limit"]),
        ("limit=", ["?limit"]),
        ("limit", ["?limit"]),
        ("limit=1&limit=2", ["?limit"]),
        ("status=open&outcome=good", ["?status", "?outcome"]),
        ("status=%00", ["?status"]),
        ("cursor=abc", ["?cursor"]),
        ("reference=", ["?reference"]),
        ("declarant=" + "9" * 141, ["?declarant"]),
        ("from=yesterday", ["?from"]),
        ("from=2026-03-01", ["?from"]),
        ("from=2026-03-01T00:00:00", ["?from"]),
        ("from=2026-02-30T00:00:00Z", ["?from"]),
        ("from=0001-01-01T00:00:00%2B23:59", ["?from"]),
        ("to=9999-12-31T23:59:59-23:59", ["?to"]),
        ("to=%ff", ["?to"]),
    ],
)
async def test_parameters_with_bad_values(query: str, pointers: list[str], gateway: Gateway) -> None:
    """A value that is not allowed is 400, with a finding for each that names the parameter and what is allowed."""
    answer = await gateway.get(f"{DECLARATIONS}?{query}")
    assert (400, "invalid-parameter") == (answer.status, answer.problem)
    assert pointers == [finding["pointer"] for finding in answer.json["findings"]]
    assert all(finding["expected"] for finding in answer.json["findings"])


async def test_a_plus_that_an_url_made_a_space(gateway: Gateway) -> None:
    """A zone's `+` that was not escaped is still read as one."""
    answer = await gateway.ask("GET", f"{DECLARATIONS}?from=2026-03-01T00:00:00+08:00")
    assert 200 == answer.status


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("response", "/response"),
        ("message/customs/1", "/messages/customs"),
        ("reply/customs/1", ""),
        ("declaration/1", ""),
    ],
)
@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE documents SET body = x'3c' WHERE name = ?",
        "DELETE FROM documents WHERE name = ?",
    ],
)
async def test_damaged_documents_are_not_shown(name: str, path: str, fault: str, tmp_path: Path) -> None:
    """A stored document that can't be read is a fault of ours, in whatever form it is asked for: record-damaged."""
    async with served(tmp_path) as gateway:
        posted = await gateway.post(declaration("DAMAGED"), Prefer="wait=30", Accept=JSON)
        with closing(sqlite3.connect(tmp_path / "onewindow.db", isolation_level=None)) as other:
            assert 1 == other.execute(fault, (name,)).rowcount
        address = f"/v1/declarations/{posted.json['ID']}{path}"
        forms = (JSON, XML) if path else (JSON,)
        answers = [await gateway.get(address, Accept=form) for form in forms]
    assert {(500, "record-damaged")} == {(answer.status, answer.problem) for answer in answers}


async def test_changed_documents_are_not_shown(tmp_path: Path) -> None:
    """A stored response with other figures than were signed is not handed out."""
    async with served(tmp_path) as gateway:
        posted = await gateway.post(declaration("CHANGED"), Prefer="wait=30", Accept=JSON)
        with closing(sqlite3.connect(tmp_path / "onewindow.db", isolation_level=None)) as other:
            other.execute(
                "UPDATE documents SET body = CAST(replace(CAST(body AS TEXT), 'CHANGED', 'CHARGED') AS BLOB)"
                " WHERE name = 'response'"
            )
        answer = await gateway.get(f"/v1/declarations/{posted.json['ID']}/response", Accept=XML)
    assert (500, "record-damaged") == (answer.status, answer.problem)
