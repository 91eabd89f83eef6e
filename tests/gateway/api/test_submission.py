"""Submitting a declaration over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.declarations import declaration
from support.served import DECLARATIONS, JSON, XML, Gateway, Held, served
from support.windows import now

from onewindow.codecs import DECLARATION, RECEIPT, RESPONSE
from onewindow.codecs.digest import digest
from onewindow.codecs.verification import verify
from onewindow.gateway.config import GatewayConfig
from onewindow.gateway.receipt import receipt_xml
from onewindow.gateway.store.store import Query


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def test_a_declaration_is_receipted(gateway: Gateway) -> None:
    """A submission is answered with 202, the case's address and the receipt, whose signature holds for these bytes."""
    body = declaration("S-1")
    answer = await gateway.post(body)
    receipt = answer.json
    assert 202 == answer.status
    assert f"/v1/declarations/{receipt['id']}" == answer.headers["Location"]
    assert answer.headers["Location"] == receipt["links"]["self"]
    assert "Idempotent-Replay" not in answer.headers
    assert {"id", "reference", "declarant", "status", "received_at", "digest", "links", "signature"} == set(receipt)
    assert ("S-1", "accepted", digest(body)) == (receipt["reference"], receipt["status"], receipt["digest"])
    verify(receipt_xml(answer.body), gateway.window.trust, now())


async def test_the_receipt_as_xml(gateway: Gateway) -> None:
    """With Accept: application/xml the receipt is the signed XML itself."""
    answer = await gateway.post(declaration("S-2"), Accept=XML)
    signed = verify(answer.body, gateway.window.trust, now()).signed
    assert (202, XML) == (answer.status, answer.headers["Content-Type"])
    assert "S-2" == RECEIPT.decode_xml(signed).functional_reference_id


async def test_a_declaration_in_json(gateway: Gateway) -> None:
    """The JSON twin of a declaration is taken as the XML is."""
    twin = DECLARATION.encode_json(DECLARATION.decode_xml(declaration("S-3")))
    answer = await gateway.post(twin, Content_Type="application/json; charset=utf-8")
    assert (202, "S-3") == (answer.status, answer.json["reference"])


@pytest.mark.parametrize("media_type", [XML, JSON])
async def test_waiting_for_the_response(media_type: str, gateway: Gateway) -> None:
    """With Prefer: wait the answer is 200 and the response, in the media type asked for."""
    answer = await gateway.post(declaration("S-4"), Prefer="wait=30", Accept=media_type)
    later = await gateway.get(answer.headers["Content-Location"], Accept=media_type)
    decode = RESPONSE.decode_xml if media_type == XML else RESPONSE.decode_json
    assert (200, "wait=30") == (answer.status, answer.headers["Preference-Applied"])
    assert f"{answer.headers['Location']}/response" == answer.headers["Content-Location"]
    assert "S-4" == decode(answer.body).functional_reference_id
    assert answer.body == later.body
    assert answer.headers["ETag"] == later.headers["ETag"]


async def test_not_waiting_any_longer(tmp_path: Path) -> None:
    """Where the response is not there in time the answer is 202 and the receipt."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        answer = await gateway.post(declaration("S-5"), Prefer="wait=0")
        held.released.set()
    assert (202, "wait=0", "S-5") == (answer.status, answer.headers["Preference-Applied"], answer.json["reference"])


async def test_a_preference_that_cannot_be_read_is_ignored(gateway: Gateway) -> None:
    """A wait that is no number is as if it had not been there."""
    answer = await gateway.post(declaration("S-6"), Prefer="wait=forever")
    assert (202, None) == (answer.status, answer.headers.get("Preference-Applied"))


async def test_fifty_at_once_are_one_case(gateway: Gateway) -> None:
    """The same declaration fifty times at once is one case and one receipt; all but one answer say it is a replay."""
    body = declaration("S-7")
    answers = await asyncio.gather(*(gateway.post(body) for _ in range(50)))
    replays = [answer.headers.get("Idempotent-Replay") for answer in answers]
    assert {202} == {answer.status for answer in answers}
    assert 1 == len({answer.body for answer in answers})
    assert (1, 49) == (replays.count(None), replays.count("true"))
    assert 1 == len(await gateway.window.find(Query()))


async def test_a_replay_can_wait_too(gateway: Gateway) -> None:
    """A declaration sent again with Prefer: wait is answered with the response of the case that is there already."""
    body = declaration("S-8")
    first = await gateway.post(body, Prefer="wait=30", Accept=XML)
    again = await gateway.post(body, Prefer="wait=30", Accept=XML)
    assert (200, 200) == (first.status, again.status)
    assert "true" == again.headers["Idempotent-Replay"]
    assert first.body == again.body


async def test_one_digit_changed_is_a_conflict(gateway: Gateway) -> None:
    """The same reference with other content is 409, names the case that is in the way, and stores nothing."""
    body = declaration("S-9")
    first = await gateway.post(body)
    office = DECLARATION.decode_xml(body).declaration_office_id
    changed = body.replace(office.encode(), office[:-1].encode() + (b"8" if office[-1] == "9" else b"9"))
    answer = await gateway.post(changed)
    assert changed != body
    assert (409, "reference-conflict") == (answer.status, answer.problem)
    assert first.headers["Location"] == answer.json["related"]
    assert 1 == len(await gateway.window.find(Query()))


async def test_too_much_in_hand(tmp_path: Path) -> None:
    """Beyond the cases that the window takes on it answers 429 with Retry-After, and stores nothing."""
    held = Held()
    async with served(tmp_path, held, gateway=GatewayConfig(max_inflight=2)) as gateway:
        statuses = [(await gateway.post(declaration(f"S-1{place}"))).status for place in range(2)]
        refused = await gateway.post(declaration("S-12"))
        known = len(await gateway.window.find(Query()))
        held.released.set()
    assert [202, 202] == statuses
    assert (429, "overloaded", "1") == (refused.status, refused.problem, refused.headers["Retry-After"])
    assert 2 == known


async def test_submissions_are_counted(gateway: Gateway) -> None:
    """What becomes of each submission is counted under its name."""
    body = declaration("S-20")
    for sent in (body, body, body.replace(b">IM<", b">EX<"), b"<not-well-formed"):
        await gateway.post(sent)
    metrics = (await gateway.get("/metrics")).body.decode()
    counted = {
        line.split('"')[1]: float(line.split()[-1])
        for line in metrics.splitlines()
        if line.startswith("onewindow_declarations_total{")
    }
    assert {"accepted": 1.0, "replayed": 1.0} == {name: counted[name] for name in ("accepted", "replayed")}
    assert 2.0 == counted["conflict"] + counted["rejected"]


async def test_unknown_parameters_are_refused(gateway: Gateway) -> None:
    """A query parameter that the call does not know is refused rather than ignored, and stores nothing."""
    answer = await gateway.ask("POST", f"{DECLARATIONS}?dryrun=true", {"Content-Type": XML}, declaration("S-21"))
    assert (400, "unknown-parameter") == (answer.status, answer.problem)
    assert ["?dryrun"] == [finding["pointer"] for finding in answer.json["findings"]]
    assert () == await gateway.window.find(Query())
