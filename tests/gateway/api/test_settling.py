"""Documents that follow, payments, ratings, and agencies' own replies, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from support.declarations import declaration
from support.served import JSON, XML, Answer, Gateway, Held, served

from onewindow.agencies.decision import reply
from onewindow.codecs import REPLY
from onewindow.codecs.messages.codes import BillLineStatus, CurrencyCode, DutyTaxFeeType, ReplyOutcome
from onewindow.codecs.messages.common import Amount
from onewindow.codecs.messages.reply import DutyTaxFee, Inspection, Slot
from onewindow.gateway.document_names import reply_name

DIGEST = f"sha256:{'0' * 64}"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def decided(gateway: Gateway, reference: str, items: int = 3) -> str:
    """The path of a case that has its response."""
    answer = await gateway.post(declaration(reference, items), Prefer="wait=30")
    assert 200 == answer.status
    return answer.headers["Location"]


async def ask(gateway: Gateway, path: str, given: Any) -> Answer:
    """A request to a case, in JSON."""
    return await gateway.ask("POST", path, {"Content-Type": JSON}, msgspec.json.encode(given))


async def test_a_case_is_settled(gateway: Gateway) -> None:
    """Document, payment and rating are answered with the status, which in the end says that all is settled."""
    path = await decided(gateway, "P-1")
    (deferred,) = (await gateway.get(path)).json["deferred"]
    document = {"type_code": deferred["type_code"], "id": deferred["id"], "digest": DIGEST}
    received = await ask(gateway, f"{path}/documents", document)
    assert (202, DIGEST) == (received.status, received.json["deferred"][0]["digest"])
    (money,) = received.json["bill"]["due"]
    paid = await ask(gateway, f"{path}/payments", {"reference": "BANK-1", **money})
    assert (202, []) == (paid.status, paid.json["bill"]["due"])
    assert paid.json["cleared_at"] is not None
    rated = await ask(gateway, f"{path}/rating", {"score": 4, "comment": "好"})
    assert (202, 4) == (rated.status, rated.json["rating"]["score"])
    assert {"document-received", "paid", "cleared", "rated"} <= {each["event"] for each in rated.json["timeline"]}


@pytest.mark.parametrize(
    ("call", "given", "pointer"),
    [
        ("payments", {"reference": "B", "amount": "1.234", "currency": "CNY"}, "/amount"),
        ("payments", {"reference": "B", "amount": "0.00", "currency": "CNY"}, "/amount"),
        ("payments", {"reference": "B", "amount": "-1", "currency": "CNY"}, "/amount"),
        ("payments", {"reference": "B", "amount": 1.5, "currency": "CNY"}, "/amount"),
        ("payments", {"reference": "", "amount": "1", "currency": "CNY"}, "/reference"),
        ("payments", {"reference": "B\n", "amount": "1", "currency": "CNY"}, "/reference"),
        ("payments", {"reference": "B", "amount": "1\n", "currency": "CNY"}, "/amount"),
        ("payments", {"reference": "B", "amount": "1", "currency": "CNY\n"}, "/currency"),
        ("documents", {"type_code": "861", "id": "CO-1", "digest": f"{DIGEST}\n"}, "/digest"),
        ("rating", {"score": 5, "comment": "good\n"}, "/comment"),
        ("rating", {"score": 6}, "/score"),
        ("rating", {"score": 5, "comment": " "}, "/comment"),
        ("rating", {"stars": 5}, "/"),
        ("documents", {"type_code": "861", "id": "CO-1", "digest": "md5:0"}, "/digest"),
        ("withdrawal", {"reason": "\u0000"}, "/reason"),
    ],
)
async def test_what_is_wrong_is_said(gateway: Gateway, call: str, given: dict[str, Any], pointer: str) -> None:
    """A request that lacks something or has a wrong value is a 422 that points at it, and changes nothing."""
    path = await decided(gateway, "P-2", 1)
    answer = await ask(gateway, f"{path}/{call}", given)
    assert (422, "invalid") == (answer.status, answer.problem)
    assert [pointer] == [finding["pointer"] for finding in answer.json["findings"]]
    assert "decided" == (await gateway.get(path)).json["timeline"][-1]["event"]


@pytest.mark.parametrize("call", ["documents", "payments", "rating"])
async def test_a_case_that_is_not_there(gateway: Gateway, call: str) -> None:
    """Nothing is settled of a case that does not exist."""
    given = {
        "documents": {"type_code": "861", "id": "CO-1", "digest": DIGEST},
        "payments": {"reference": "B", "amount": "1", "currency": "CNY"},
        "rating": {"score": 5},
    }
    answer = await ask(gateway, f"/v1/declarations/00000000-0000-7000-8000-000000000000/{call}", given[call])
    assert (404, "not-found") == (answer.status, answer.problem)


@pytest.mark.parametrize(
    ("call", "given", "problem"),
    [
        ("payments", {"reference": "B", "amount": "1", "currency": "CNY"}, "not-decided-yet"),
        ("rating", {"score": 5}, "not-decided-yet"),
        ("documents", {"type_code": "861", "id": "CO-1", "digest": DIGEST}, "document-not-awaited"),
    ],
)
async def test_what_comes_too_early(tmp_path: Path, call: str, given: dict[str, Any], problem: str) -> None:
    """An open case is neither paid nor rated, and waits for no document that was not deferred."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("P-3"))).headers["Location"]
        answer = await ask(gateway, f"{path}/{call}", given)
        held.released.set()
    assert (409, problem) == (answer.status, answer.problem)


async def test_agencies_bring_replies(tmp_path: Path) -> None:
    """A reply that an agency brings is stored as it came and counts; again, it is known, and another is refused."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("P-4"))).headers["Location"]
        case_id = path.rpartition("/")[2]
        record = await gateway.window.load(case_id)
        assert record is not None
        body = REPLY.encode_xml(reply("tax", f"{case_id}/tax/1", record.case.received_at, ()))
        first = await gateway.ask("POST", "/v1/agencies/tax/replies", {"Content-Type": XML}, body)
        again = await gateway.ask("POST", "/v1/agencies/tax/replies", {"Content-Type": XML}, body)
        said = REPLY.decode_xml(body)
        later = replace(said, decision_date_time=said.decision_date_time + timedelta(minutes=1))
        others = (later, replace(later, agency_reference_id="TAX-OTHER"))
        told = [
            await gateway.ask("POST", "/v1/agencies/tax/replies", {"Content-Type": XML}, REPLY.encode_xml(each))
            for each in others
        ]
        kept = await gateway.window.load(case_id, reply_name(f"{case_id}/tax/1"))
        held.released.set()
    assert (200, False, True) == (first.status, first.json["known"], again.json["known"])
    assert [(200, True), (409, None)] == [(each.status, each.json.get("known")) for each in told]
    assert kept is not None
    assert [body] == [document.body for document in kept.documents.values()]


async def test_replies_that_are_not_taken(gateway: Gateway) -> None:
    """A reply of another agency, to no message of ours, malformed or for nobody is refused by name and counted."""
    path = await decided(gateway, "P-5", 1)
    case_id = path.rpartition("/")[2]
    record = await gateway.window.load(case_id)
    assert record is not None
    at = record.case.received_at
    cases = {
        "invalid": REPLY.encode_xml(reply("customs", f"{case_id}/customs/1", at, ())),
        "message-unknown": REPLY.encode_xml(reply("tax", f"{case_id}/tax/7", at, ())),
        "not-well-formed": b"<Reply",
    }
    for problem, body in cases.items():
        answer = await gateway.ask("POST", "/v1/agencies/tax/replies", {"Content-Type": XML}, body)
        assert problem == answer.problem
    nowhere = REPLY.encode_xml(reply("tax", "no-case/tax/1", at, ()))
    answer = await gateway.ask("POST", "/v1/agencies/tax/replies", {"Content-Type": XML}, nowhere)
    assert (409, "message-unknown") == (answer.status, answer.problem)
    answer = await gateway.ask("POST", "/v1/agencies/police/replies", {"Content-Type": XML}, nowhere)
    assert (404, "not-found") == (answer.status, answer.problem)
    metrics = (await gateway.get("/metrics")).body.decode()
    assert 'onewindow_replies_refused_total{agency="tax",code="message-unknown"} 2.0' in metrics
    assert "police" not in metrics


async def test_replies_that_can_not_be_meant(tmp_path: Path) -> None:
    """A time to inspect that ends before it begins, charges beyond any bill, or a decision to come, are findings."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("P-6"))).headers["Location"]
        case_id = path.rpartition("/")[2]
        record = await gateway.window.load(case_id)
        assert record is not None
        at = record.case.received_at
        amount = Amount(value=Decimal("99999999999999.99"), currency_id=CurrencyCode.CNY)
        line = DutyTaxFee(
            type_code=DutyTaxFeeType.VAT,
            tax_base_amount=amount,
            tax_rate_numeric=Decimal(13),
            payment_amount=amount,
            status_code=BillLineStatus.FINAL,
        )
        backwards = Inspection(slot=(Slot(start_date_time=at, end_date_time=at),))
        sound = reply("tax", f"{case_id}/tax/1", at, ())
        wanting = replace(sound, outcome_code=ReplyOutcome.INSPECTION_REQUIRED, inspection=backwards)
        wrong = {
            "slot-order": wanting,
            "sum-too-large": replace(sound, duty_tax_fee=(line,)),
            "decision-in-future": replace(sound, decision_date_time=at + timedelta(hours=1)),
        }
        for code, value in wrong.items():
            body = REPLY.encode_xml(value)
            answer = await gateway.ask("POST", "/v1/agencies/tax/replies", {"Content-Type": XML}, body)
            assert (422, [code]) == (answer.status, [finding["code"] for finding in answer.json["findings"]])
        held.released.set()
        assert await gateway.window.decided(case_id, 30) is not None


async def test_many_at_once_on_one_case(tmp_path: Path) -> None:
    """Revisions and documents that come at the same moment are taken or refused by name, each by itself."""
    held = Held()
    async with served(tmp_path, held) as gateway:
        path = (await gateway.post(declaration("P-7", 3))).headers["Location"]
        (deferred,) = (await gateway.get(path)).json["deferred"]
        document = msgspec.json.encode({"type_code": deferred["type_code"], "id": deferred["id"], "digest": DIGEST})
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(
                    gateway.ask("POST", f"{path}/amendments", {"Content-Type": XML}, declaration("P-7", items))
                )
                for items in range(4, 12)
            ]
            tasks += [
                group.create_task(gateway.ask("POST", f"{path}/documents", {"Content-Type": JSON}, document))
                for _ in range(8)
            ]
        held.released.set()
    assert {202} <= {task.result().status for task in tasks} <= {202, 409}
