"""Dead letters through the window: what agencies send that is no answer, and what an operator does about it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from support.declarations import declaration
from support.fickle_agency import Answering, FickleAgency
from support.outgoing import CASE, desk
from support.served import JSON, XML, Answer, Gateway, configured
from support.windows import now

from onewindow.agencies.transport import EVIDENCE_BYTES_MAX
from onewindow.codecs import REPLY
from onewindow.codecs.digest import digest
from onewindow.codecs.limits import DEFAULT
from onewindow.gateway import backoff, breaker, dead_letter_office
from onewindow.gateway.config import AgencyConfig
from onewindow.gateway.events import SendFailed
from onewindow.gateway.store import StoreUnavailable
from onewindow.gateway.store.sql_dead_letters import SqlDeadLetters

LETTERS = "/v1/dead-letters"
HTML = b"<!DOCTYPE html><title>502 Bad Gateway</title>\x1b[2J"


@pytest.fixture
async def agency(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FickleAgency]:
    """Customs, over real HTTP; messages to it are tried again at once."""
    monkeypatch.setattr(backoff, "RETRY_SECONDS_FIRST", 0.001)
    async with FickleAgency("customs").listening(now) as opened:
        yield opened


@pytest.fixture
async def gateway(agency: FickleAgency, tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway that reaches customs over HTTP; tax answers by the mailbox."""
    async with configured(tmp_path, {**agency.config, "tax": AgencyConfig(transport="mailbox")}) as opened:
        yield opened


async def letters(gateway: Gateway, **asked: str) -> list[dict[str, Any]]:
    """The dead letters, newest first."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = await gateway.get(f"{LETTERS}?{query}")
    assert 200 == answer.status
    found: list[dict[str, Any]] = answer.json["dead_letters"]
    return found


async def evidence(gateway: Gateway, letter: dict[str, Any]) -> bytes:
    """The bytes of a dead letter."""
    answer = await gateway.get(f"{LETTERS}/{letter['id']}/body")
    assert (200, "application/octet-stream", "nosniff") == (
        answer.status,
        answer.headers["Content-Type"],
        answer.headers["X-Content-Type-Options"],
    )
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.body


async def submitted(gateway: Gateway, reference: str) -> str:
    """The id of a new case."""
    answer = await gateway.post(declaration(reference))
    assert 202 == answer.status
    return answer.headers["Location"].rpartition("/")[2]


async def failed(gateway: Gateway, case_id: str, count: int = 1) -> list[SendFailed]:
    """The first failures of a case, once they are told."""
    found: list[SendFailed] = []
    async with asyncio.timeout(30):
        async for _, event in gateway.window.follow(case_id, 0):
            if isinstance(event, SendFailed):
                found.append(event)
                if len(found) == count:
                    return found
    raise AssertionError(f"the case ended after {found}")


async def tax_answers(gateway: Gateway) -> int:
    """Tax fetches its messages and answers them; how many."""
    fetched = (await gateway.get("/v1/agencies/tax/messages?wait=30")).json["messages"]
    for message in fetched:
        reply = desk("tax").answer(message["message_id"], message["body"].encode())
        assert 200 == (await brought(gateway, reply)).status
    return len(fetched)


async def brought(gateway: Gateway, body: bytes, agency: str = "tax", content_type: str = XML) -> Answer:
    """What is said of a reply that an agency brings."""
    return await gateway.ask("POST", f"/v1/agencies/{agency}/replies", {"Content-Type": content_type}, body)


async def settled(gateway: Gateway, letter: dict[str, Any], what: str, **given: str) -> Answer:
    """What is said of something that an operator does about a dead letter."""
    headers = {"Content-Type": JSON} if given else {}
    data = msgspec.json.encode(given) if given else None
    return await gateway.ask("POST", f"{LETTERS}/{letter['id']}/{what}", headers, data)


def with_body(status: int, body: bytes, content_type: str = "text/html") -> Answering:
    """Answers with these bytes."""

    async def answering(_: web.Request, __: bytes) -> web.Response:
        return web.Response(status=status, body=body, content_type=content_type)

    return answering


async def reset(request: web.Request, _: bytes) -> web.Response:
    """Breaks the connection off."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def half(request: web.Request, right: bytes) -> web.StreamResponse:
    """Breaks off in the middle of the reply."""
    answer = web.StreamResponse(headers={"Content-Type": XML, "Content-Length": str(len(right))})
    await answer.prepare(request)
    await answer.write(right[:100])
    assert request.transport is not None
    request.transport.close()
    return answer


def changed(old: bytes, new: bytes) -> Answering:
    """The right reply with something changed in it."""

    async def answering(_: web.Request, right: bytes) -> web.Response:
        assert old in right
        return web.Response(body=right.replace(old, new, 1), content_type=XML)

    return answering


async def to_another_case(_: web.Request, right: bytes) -> web.Response:
    """The right reply under another case's message id."""
    mine = REPLY.decode_xml(right).message_id
    return web.Response(body=right.replace(mine.encode(), f"{CASE}/customs/1".encode()), content_type=XML)


FAULTS: dict[str, tuple[str, Answering]] = {
    "half an answer": ("answer-cut-off", half),
    "nothing": ("answer-empty", with_body(200, b"", XML)),
    "HTML with 200": ("not-xml", with_body(200, HTML)),
    "HTML called XML": ("reply-malformed", with_body(200, HTML, XML)),
    "against the schema": ("reply-malformed", changed(b"OutcomeCode>", b"Outcome>")),
    "decided in the year 2100": ("reply-malformed", changed(b"<DecisionDateTime>20", b"<DecisionDateTime>21")),
    "to another case": ("reply-unmatched", to_another_case),
    "another agency's": ("reply-unmatched", changed(b"<AgencyCode>customs<", b"<AgencyCode>tax<")),
    "another content type": ("not-xml", with_body(200, b'{"outcome": "approved"}', JSON)),
    "500 with a body": ("status-500", with_body(500, HTML)),
    "too large": ("answer-too-large", with_body(200, b"<" * (DEFAULT.body_bytes_max + 1), XML)),
}


async def test_what_is_no_answer(agency: FickleAgency, gateway: Gateway) -> None:
    """What is no answer is a named failure and kept as it came; once the agency behaves, the case is decided."""
    for place, (fault, (code, answering)) in enumerate(FAULTS.items()):
        agency.asked.clear()
        sent = _told(agency, answering)
        case_id = await submitted(gateway, f"DL-1-{place}")
        assert [code] == [each.code for each in await failed(gateway, case_id)], fault
        await tax_answers(gateway)
        assert await gateway.window.decided(case_id, 30) is not None, fault
        letter = (await letters(gateway))[0]
        expected = ("customs", "answer", code, f"{case_id}/customs/1", case_id, "answered", 1)
        names = ("agency", "origin", "code", "message_id", "case_id", "state", "count")
        assert expected == tuple(letter[name] for name in names), fault
        body = await evidence(gateway, letter)
        assert sent[0][:EVIDENCE_BYTES_MAX] == body, fault
        assert (len(body), digest(body)) == (letter["kept_bytes"], letter["digest"])
        assert letter["size_bytes"] >= len(body)
        record = await gateway.window.load(case_id)
        assert record is not None
        assert {f"{case_id}/customs/1"} == set(agency.asked)
        assert 4 == sum(part.reply_digest is not None for part in record.case.parts)
    assert len(FAULTS) == len(await letters(gateway))


def _told(agency: FickleAgency, answering: Answering) -> list[bytes]:
    """Have the agency answer like this once; the bytes that it sends then."""
    sent: list[bytes] = []

    async def seen(request: web.Request, right: bytes) -> web.StreamResponse:
        answer = await answering(request, right)
        whole = answer.body if isinstance(answer, web.Response) else None
        sent.append(whole if isinstance(whole, bytes) else right[:100])
        return answer

    agency.answering, agency.left = seen, 1
    return sent


async def test_connection_broken_off(agency: FickleAgency, gateway: Gateway) -> None:
    """Where nothing came there is nothing to look into: a failure, and no dead letter."""
    agency.answering, agency.left = reset, 2
    case_id = await submitted(gateway, "DL-2")
    assert ["connection-reset"] == [each.code for each in await failed(gateway, case_id)]
    await tax_answers(gateway)
    assert await gateway.window.decided(case_id, 30) is not None
    assert [] == await letters(gateway)


async def test_good_answers(gateway: Gateway) -> None:
    """Answers that are answers leave no dead letters, and nothing in the metrics."""
    case_id = await submitted(gateway, "DL-3")
    await tax_answers(gateway)
    assert await gateway.window.decided(case_id, 30) is not None
    assert [] == await letters(gateway)
    assert b"onewindow_dead_letters_total{" not in (await gateway.get("/metrics")).body


async def test_the_same_again(agency: FickleAgency, gateway: Gateway) -> None:
    """The same rubbish to every attempt is one dead letter, which counts, and is counted."""
    agency.answering, agency.left = with_body(200, HTML), 5
    case_id = await submitted(gateway, "DL-4")
    await tax_answers(gateway)
    assert await gateway.window.decided(case_id, 30) is not None
    (letter,) = await letters(gateway)
    assert (5, True) == (letter["count"], letter["last_at"] > letter["first_at"])
    assert b'onewindow_dead_letters_total{agency="customs",code="not-xml"} 5.0' in (await gateway.get("/metrics")).body


async def test_status_says_why(agency: FickleAgency, gateway: Gateway) -> None:
    """As long as no answer can be used the status says so in words, and waits."""
    agency.answering = with_body(200, HTML, XML)
    case_id = await submitted(gateway, "DL-5")
    await failed(gateway, case_id)
    status = (await gateway.get(f"/v1/declarations/{case_id}")).json
    (customs,) = (each for each in status["agencies"] if each["code"] == "customs")
    assert ("unreachable", "reply-malformed", None) == (customs["state"], customs["failure"], customs["outcome"])
    (line,) = (each for each in status["timeline"] if each["event"] == "send-failed")
    assert "could not be sent: its reply can't be read or breaks the schema" == line["words"]["en"]


async def test_send_again(agency: FickleAgency, gateway: Gateway) -> None:
    """A message that its agency refused rests; sent again by hand it goes out at once, under its id."""
    agency.answering = with_body(422, "缺少编号".encode(), "text/plain")
    case_id = await submitted(gateway, "DL-6")
    assert ["message-refused"] == [each.code for each in await failed(gateway, case_id)]
    await tax_answers(gateway)
    (letter,) = await letters(gateway, state="open")
    assert ("message", "message-refused") == (letter["origin"], letter["code"])
    assert "缺少编号".encode() == await evidence(gateway, letter)
    shown = (await gateway.get(f"{LETTERS}/{letter['id']}")).json
    assert (letter, True) == (shown["letter"], shown["awaited"])
    agency.answering = None
    answer = await settled(gateway, letter, "resend")
    assert (202, "sent-again") == (answer.status, answer.json["letter"]["state"])
    assert await gateway.window.decided(case_id, 30) is not None
    assert [f"{case_id}/customs/1"] * 2 == agency.asked
    shown = (await gateway.get(f"{LETTERS}/{letter['id']}")).json
    assert ("answered", "decided", False) == (shown["letter"]["state"], shown["case_status"], shown["awaited"])
    again = await settled(gateway, letter, "resend")
    assert (409, "message-not-awaited") == (again.status, again.problem)


async def test_sent_again_in_vain(agency: FickleAgency, gateway: Gateway) -> None:
    """A dead letter that was sent again and comes back is open again."""
    agency.answering = with_body(422, b"no", "text/plain")
    case_id = await submitted(gateway, "DL-7")
    await failed(gateway, case_id)
    (letter,) = await letters(gateway)
    assert 202 == (await settled(gateway, letter, "resend")).status
    async with asyncio.timeout(30):
        while (back := await letters(gateway))[0]["count"] < 2:
            await asyncio.sleep(0)
    assert [("open", letter["id"])] == [(each["state"], each["id"]) for each in back]


async def test_send_again_past_an_open_breaker(
    agency: FickleAgency, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agency that is taken for down is tried at once where an operator knows better."""
    monkeypatch.setattr(breaker, "PAUSE_SECONDS_FIRST", 3600.0)
    monkeypatch.setattr(breaker, "PAUSE_SECONDS_MAX", 3600.0)
    monkeypatch.setattr(breaker, "UNTRIED_PAUSE_SECONDS_MAX", 3600.0)
    agency.answering = with_body(500, HTML)
    cases = [await submitted(gateway, f"DL-8-{number}") for number in range(breaker.FAILED_MESSAGES_MAX)]
    at_rest = {
        f'onewindow_agency_{name}{{agency="customs"}} {value}' for name, value in (("breaker", 2.0), ("inflight", 0.0))
    }
    async with asyncio.timeout(60):
        while not at_rest <= set((await gateway.get("/metrics")).body.decode().splitlines()):
            await asyncio.sleep(0)
    agency.answering = None
    letter = next(each for each in await letters(gateway) if each["case_id"] in cases)
    assert 202 == (await settled(gateway, letter, "resend")).status
    answered = 0
    while answered < len(cases):
        answered += await tax_answers(gateway)
    for case_id in cases:
        assert await gateway.window.decided(case_id, 30) is not None
    assert {"answered"} == {each["state"] for each in await letters(gateway)}


async def test_answered_by_hand(agency: FickleAgency, gateway: Gateway) -> None:
    """A reply that is brought by hand settles the dead letters of its message, and the case goes on."""
    agency.answering = with_body(422, b"no", "text/plain")
    case_id = await submitted(gateway, "DL-9")
    await failed(gateway, case_id)
    message = await gateway.get(f"/v1/declarations/{case_id}/messages/customs", Accept=XML)
    reply = desk("customs").answer(f"{case_id}/customs/1", message.body)
    assert 200 == (await brought(gateway, reply, "customs")).status
    await tax_answers(gateway)
    assert await gateway.window.decided(case_id, 30) is not None
    assert ["answered"] == [each["state"] for each in await letters(gateway)]


async def test_put_aside(agency: FickleAgency, gateway: Gateway) -> None:
    """A dead letter is put aside once, with a note that can be shown."""
    agency.answering = with_body(422, b"no", "text/plain")
    case_id = await submitted(gateway, "DL-10")
    await failed(gateway, case_id)
    (letter,) = await letters(gateway)
    for wrong in ({}, {"note": " "}, {"note": "a\x1bb"}):
        assert (await settled(gateway, letter, "discard", **wrong)).status in (400, 415, 422)
    answer = await settled(gateway, letter, "discard", note="told them by telephone")
    assert (200, "discarded") == (answer.status, answer.json["letter"]["state"])
    assert "told them by telephone" == answer.json["letter"]["note"]
    again = await settled(gateway, letter, "discard", note="once more")
    assert (409, "dead-letter-settled") == (again.status, again.problem)
    assert [] == await letters(gateway, state="open")


NOT_TAKEN = {
    "not XML": (400, "not-well-formed"),
    "HTML": (400, "forbidden-construct"),
    "against the schema": (422, "invalid"),
    "to no message": (409, "message-unknown"),
    "customs' own": (422, "invalid"),
    "called JSON": (415, "unsupported-media-type"),
}


async def test_brought(gateway: Gateway) -> None:
    """A reply that is brought and not taken is an error to who brings it, counted, and kept; a right one settles it."""
    for place, (fault, (status, problem)) in enumerate(NOT_TAKEN.items()):
        case_id = await submitted(gateway, f"DL-11-{place}")
        (message,) = (await gateway.get("/v1/agencies/tax/messages?wait=30")).json["messages"]
        right = desk("tax").answer(message["message_id"], message["body"].encode())
        body, kind = {
            "not XML": (b"502 Bad Gateway", XML),
            "HTML": (HTML, XML),
            "against the schema": (right.replace(b"OutcomeCode>", b"Outcome>"), XML),
            "to no message": (right.replace(case_id.encode(), CASE.encode()), XML),
            "customs' own": (right.replace(b"<AgencyCode>tax<", b"<AgencyCode>customs<"), XML),
            "called JSON": (right, JSON),
        }[fault]
        answer = await brought(gateway, body, content_type=kind)
        assert (status, problem) == (answer.status, answer.problem), fault
        letter = (await letters(gateway, agency="tax"))[0]
        names = ("agency", "origin", "code", "state")
        assert ("tax", "brought", problem, "open") == tuple(letter[name] for name in names), fault
        named = {"not XML": None, "HTML": None, "to no message": f"{CASE}/tax/1"}.get(fault, f"{case_id}/tax/1")
        assert named == letter["message_id"], fault
        assert body == await evidence(gateway, letter), fault
        assert 200 == (await brought(gateway, right)).status, fault
        assert await gateway.window.decided(case_id, 30) is not None, fault
        letter = (await letters(gateway, agency="tax"))[0]
        assert ("answered" if named == f"{case_id}/tax/1" else "open") == letter["state"], fault
    counted = (await gateway.get("/metrics")).body.decode()
    for code, count in (("not-well-formed", 1), ("invalid", 2), ("unsupported-media-type", 1)):
        assert f'onewindow_replies_refused_total{{agency="tax",code="{code}"}} {count}.0' in counted


async def test_refused_acknowledgement(gateway: Gateway) -> None:
    """A message that an agency refuses by word is a dead letter with its reason; an unknown one that it names too."""
    case_id = await submitted(gateway, "DL-12")
    await gateway.get("/v1/agencies/tax/messages?wait=30")
    for name, status in ((f"{case_id}/tax/1", 200), (f"{case_id}/tax/9", 409)):
        said = msgspec.json.encode({"message_id": name, "refused": "编号不存在"})
        headers = {"Content-Type": JSON}
        assert status == (await gateway.ask("POST", "/v1/agencies/tax/acknowledgements", headers, said)).status
    found = await letters(gateway, agency="tax")
    expected = [("brought", "message-unknown", f"{case_id}/tax/9"), ("message", "message-refused", f"{case_id}/tax/1")]
    assert expected == [(each["origin"], each["code"], each["message_id"]) for each in found]
    assert "编号不存在".encode() == await evidence(gateway, found[1])
    assert 202 == (await settled(gateway, found[1], "resend")).status
    ((message,),) = [(await gateway.get("/v1/agencies/tax/messages?wait=30")).json["messages"]]
    assert f"{case_id}/tax/1" == message["message_id"]


async def test_pages(gateway: Gateway) -> None:
    """Dead letters come newest first, page by page, each once; one that is not there is 404."""
    for number in range(5):
        assert 400 == (await brought(gateway, b"%d" % number)).status
    first = await gateway.get(f"{LETTERS}?limit=2")
    pages, answer = [first.json["dead_letters"]], first
    while answer.json["next_cursor"] is not None:
        answer = await gateway.get(answer.headers["Link"].partition(">")[0].removeprefix("<"))
        pages.append(answer.json["dead_letters"])
    assert [2, 2, 1] == [len(page) for page in pages]
    bodies = [await evidence(gateway, letter) for page in pages for letter in page]
    assert [b"%d" % number for number in (4, 3, 2, 1, 0)] == bodies
    for path in (f"{LETTERS}/{CASE}", f"{LETTERS}/{CASE}/body", f"{LETTERS}/x"):
        assert 404 == (await gateway.get(path)).status
    assert 404 == (await settled(gateway, {"id": CASE}, "resend")).status


@pytest.mark.parametrize("how", ["fails", "hangs"])
async def test_store_that_keeps_none(
    how: str, agency: FickleAgency, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where dead letters can't be written cases go on all the same, and the loss is counted."""
    monkeypatch.setattr(dead_letter_office, "KEEP_SECONDS", 0.01)

    async def keep(*_: object) -> None:
        if how == "hangs":
            await asyncio.Event().wait()
        raise StoreUnavailable("no")

    monkeypatch.setattr(SqlDeadLetters, "keep", keep)
    agency.answering, agency.left = with_body(200, HTML), 1
    case_id = await submitted(gateway, "DL-13")
    assert 400 == (await brought(gateway, HTML)).status
    await tax_answers(gateway)
    assert await gateway.window.decided(case_id, 30) is not None
    metrics = (await gateway.get("/metrics")).body
    for code in ("customs", "tax"):
        assert f'onewindow_dead_letters_lost_total{{agency="{code}"}} 1.0'.encode() in metrics


async def test_hostile_head(gateway: Gateway, agency: FickleAgency) -> None:
    """What can't be printed in an answer's head stops nothing and is nowhere shown."""

    async def answering(request: web.Request, right: bytes) -> web.StreamResponse:
        assert request.transport is not None
        head = b"HTTP/1.1 500 \xff\x1b[31m\r\nContent-Type: text/\xfe\r\nContent-Length: 2\r\n\r\n"
        request.transport.write(head + b"no")
        request.transport.close()
        return web.Response()

    agency.answering, agency.left = answering, 1
    case_id = await submitted(gateway, "DL-14")
    (failure,) = await failed(gateway, case_id)
    assert ("status-500", True) == (failure.code, failure.detail.isprintable())
    await tax_answers(gateway)
    assert await gateway.window.decided(case_id, 30) is not None
    (letter,) = await letters(gateway)
    assert letter["detail"].isprintable()
    assert b"no" == await evidence(gateway, letter)
