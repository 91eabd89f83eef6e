"""Supplements, amendments and withdrawals over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from support.declarations import declaration, incomplete, repacked
from support.served import JSON, XML, Answer, Gateway, served

from onewindow.codecs import RESPONSE

NOBODY = "/v1/declarations/00000000-0000-7000-8000-000000000000"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def waiting(gateway: Gateway, reference: str) -> str:
    """The path of a case that waits for the trader."""
    answer = await gateway.post(incomplete(reference), Prefer="wait=30")
    assert 202 == answer.status
    path = answer.headers["Location"]
    assert "awaiting-trader" == (await gateway.get(path)).json["status"]
    return path


async def put(gateway: Gateway, path: str, body: bytes, media_type: str = XML) -> Answer:
    """A request to a case."""
    return await gateway.ask("POST", path, {"Content-Type": media_type}, body)


def reason(text: str) -> bytes:
    """The body of a withdrawal."""
    return msgspec.json.encode({"reason": text})


async def test_a_supplement_is_answered_with_the_status(gateway: Gateway) -> None:
    """A case in want of a supplement takes it with 202 and the status, and comes to its response."""
    path = await waiting(gateway, "Q-1")
    assert (404, "not-decided") == ((before := await gateway.get(f"{path}/response")).status, before.problem)
    taken = await put(gateway, f"{path}/supplements", declaration("Q-1"))
    assert (202, 2) == (taken.status, taken.json["revision"])
    assert "supplemented" in [entry["event"] for entry in taken.json["timeline"]]
    again = await gateway.post(incomplete("Q-1"), Prefer="wait=30")
    assert (200, "true") == (again.status, again.headers["Idempotent-Replay"])
    assert 2 == RESPONSE.decode_xml((await gateway.get(f"{path}/response")).body).revision_numeric
    message = await gateway.get(f"{path}/messages/customs")
    assert b"<TypeCode>861<" in message.body


async def test_an_amendment_is_answered_with_the_status(gateway: Gateway) -> None:
    """An open case takes an amendment with 202 and the status, in JSON as in XML."""
    path = await waiting(gateway, "Q-2")
    taken = await put(gateway, f"{path}/amendments", repacked("Q-2"))
    assert (202, 2) == (taken.status, taken.json["revision"])


async def test_a_withdrawal_is_answered_with_the_status(gateway: Gateway) -> None:
    """An open case is withdrawn with 202 and the status, and ends in a response that says so; twice is no harm."""
    path = await waiting(gateway, "Q-3")
    for _ in range(2):
        taken = await put(gateway, f"{path}/withdrawal", reason("the order was cancelled"), JSON)
        assert 202 == taken.status
    assert "withdrawn" in [entry["event"] for entry in taken.json["timeline"]]
    answer = await gateway.post(incomplete("Q-3"), Prefer="wait=30")
    assert (200, "withdrawn") == (answer.status, answer.json["OutcomeCode"])


async def test_the_same_request_again_says_so(gateway: Gateway) -> None:
    """A supplement, an amendment or a withdrawal over again is answered as before, and that it is a replay."""
    for place, (what, body, media_type) in enumerate(
        (
            ("supplements", declaration("Q-10"), XML),
            ("amendments", repacked("Q-11"), XML),
            ("withdrawal", reason("the order was cancelled"), JSON),
        )
    ):
        path = await waiting(gateway, f"Q-{10 + place}")
        answers = [await put(gateway, f"{path}/{what}", body, media_type) for _ in range(3)]
        assert [202] * 3 == [answer.status for answer in answers]
        assert [None, "true", "true"] == [answer.headers.get("Idempotent-Replay") for answer in answers]


@pytest.mark.parametrize(("what", "problem"), [("supplements", "case-decided"), ("amendments", "case-decided")])
async def test_a_decided_case_is_not_revised(what: str, problem: str, gateway: Gateway) -> None:
    """What comes after the response is 409, and so is a withdrawal."""
    path = (await gateway.post(declaration("Q-4"), Prefer="wait=30")).headers["Location"]
    answer = await put(gateway, f"{path}/{what}", repacked("Q-4"))
    assert (409, problem) == (answer.status, answer.problem)
    late = await put(gateway, f"{path}/withdrawal", reason("too late"), JSON)
    assert (409, "case-decided") == (late.status, late.problem)


async def test_a_revision_that_changes_nothing(gateway: Gateway) -> None:
    """The declaration as it stands is no amendment and 409; as a supplement it has the agency look again."""
    path = await waiting(gateway, "Q-5")
    answer = await put(gateway, f"{path}/amendments", incomplete("Q-5"))
    assert (409, "nothing-changed") == (answer.status, answer.problem)
    for revision in (2, 3):
        answer = await put(gateway, f"{path}/supplements", incomplete("Q-5"))
        assert (202, None, revision) == (
            answer.status,
            answer.headers.get("Idempotent-Replay"),
            answer.json["revision"],
        )
        await gateway.post(incomplete("Q-5"), Prefer="wait=30")  # until the agency has asked again


async def test_a_revision_of_another_declaration(gateway: Gateway) -> None:
    """A revision under another reference is 422 and names the element."""
    path = await waiting(gateway, "Q-6")
    answer = await put(gateway, f"{path}/amendments", declaration("Q-7"))
    assert (422, "invalid") == (answer.status, answer.problem)
    assert ["/Declaration/FunctionalReferenceID"] == [finding["pointer"] for finding in answer.json["findings"]]


@pytest.mark.parametrize(
    ("status", "problem", "body", "media_type"),
    [
        (400, "not-well-formed", b"{", JSON),
        (400, "empty-body", b"", JSON),
        (413, "too-large", b'{"reason": "' + b"x" * 10_000 + b'"}', JSON),
        (415, "unsupported-media-type", b"<Withdrawal/>", XML),
        (422, "invalid", b"{}", JSON),
        (422, "invalid", b'{"reason": ""}', JSON),
        (422, "invalid", b'{"reason": "   "}', JSON),
        (422, "invalid", b'{"reason": 7}', JSON),
        (422, "invalid", b'{"reason": "a", "other": 1}', JSON),
        (400, "not-well-formed", b'{"reason": "\xff"}', JSON),
    ],
)
async def test_a_withdrawal_that_is_not_taken(
    status: int, problem: str, body: bytes, media_type: str, gateway: Gateway
) -> None:
    """A withdrawal without a reason to read is refused, and the case goes on waiting."""
    path = await waiting(gateway, "Q-8")
    answer = await put(gateway, f"{path}/withdrawal", body, media_type)
    assert (status, problem) == (answer.status, answer.problem)
    assert "awaiting-trader" == (await gateway.get(path)).json["status"]


async def test_a_case_that_is_not_there(gateway: Gateway) -> None:
    """A request to no case is 404."""
    for path in (NOBODY, "/v1/declarations/%00"):
        for what, body, media_type in (
            ("supplements", declaration("Q-9"), XML),
            ("amendments", declaration("Q-9"), XML),
            ("withdrawal", reason("none"), JSON),
        ):
            answer = await put(gateway, f"{path}/{what}", body, media_type)
            assert (404, "not-found") == (answer.status, answer.problem)
