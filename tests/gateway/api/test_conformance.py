"""Schemathesis against the served gateway: whatever is asked, the answer is one that /openapi.json describes."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from support.batches import NDJSON
from support.declarations import declaration
from support.filing import file_document
from support.served import DECLARATIONS, XML, served

from onewindow.gateway.api.openapi import document
from onewindow.gateway.api.routes import ROUTES


def problem_conformance(
    _: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> bool | None:
    """A problem is of a kind that is described for this call and status, and says its status."""
    called = described["paths"][case.path].get(case.method.lower())  # none where a method is tried that there is not
    if called is not None and response.status_code >= 400:
        found = msgspec.json.decode(response.content)
        assert response.status_code == found["status"]
        assert found["type"] in called["responses"][str(response.status_code)]["x-problem-types"]
    return None


CHECKS = [
    problem_conformance,
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@schemathesis.serializer(NDJSON)
def one_line(_: schemathesis.SerializationContext, value: Any) -> bytes:
    """A batch of one declaration."""
    return msgspec.json.encode(value) + b"\n"


@schemathesis.deserializer(NDJSON)
def first_line(_: schemathesis.DeserializationContext, answer: schemathesis.Response) -> Any:
    """The answer to it."""
    (line,) = answer.content.splitlines()
    return msgspec.json.decode(line)


described = document(ROUTES)
DECLARING = ["submitDeclaration", "submitBatch", "supplementDeclaration", "amendDeclaration"]
submission = schemathesis.openapi.from_dict(described).include(operation_id=DECLARING)
# Its coverage phase makes thousands of declarations, one for each facet of each element; codecs test those.
submission.config.phases.coverage.enabled = False
reading = schemathesis.openapi.from_dict(described).exclude(operation_id=DECLARING)


@schemathesis.serializer("application/pdf", "application/ofd", "image/png", "image/jpeg", "image/tiff")
def as_bytes(_: object, value: object) -> bytes:
    """Any value as the bytes of a file."""
    return str(value).encode(errors="replace")


@dataclass
class Served:
    """A gateway with a decided case, a document on file and a dead letter, and how it answered submissions."""

    url: str
    case_id: str
    digest: str
    letter_id: str
    statuses: set[int] = field(default_factory=set)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway in a thread of its own, because schemathesis blocks the one that it is in."""
    begun: asyncio.Queue[Served] = asyncio.Queue()
    stop = asyncio.Event()
    loop = asyncio.new_event_loop()

    async def run(folder: Path) -> None:
        async with served(folder) as opened:
            answer = await opened.post(declaration("CONFORMANCE"), Prefer="wait=30")
            filed = await file_document(opened, b"a scan")
            case_id = answer.headers["Location"].removeprefix(f"{DECLARATIONS}/")
            await opened.ask("POST", "/v1/agencies/tax/replies", {"Content-Type": XML}, b"<Reply>")
            (letter,) = (await opened.get("/v1/dead-letters")).json["dead_letters"]
            await begun.put(Served(opened.url, case_id, filed.json["digest"], letter["id"]))
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=[run(tmp_path_factory.mktemp("gateway"))])
    with ExitStack() as ending:
        thread.start()
        ending.callback(thread.join)
        ending.callback(loop.call_soon_threadsafe, stop.set)
        gateway = asyncio.run_coroutine_threadsafe(begun.get(), loop).result(60)
        yield gateway
        if gateway.statuses:  # or only the other tests were asked for
            assert gateway.statuses & {200, 202}, "valid declarations were among those sent"
            assert gateway.statuses & {400, 422}, "and so were others"
    loop.close()


limited = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@reading.parametrize()
@limited
def test_every_answer_to_reading_is_described(case: schemathesis.Case[Any], gateway: Served) -> None:
    """No answer to reading is a failure of the server, none is undescribed; for what exists and for what does not."""
    named = gateway.letter_id if "dead-letters" in case.path else gateway.case_id
    there = {"id": named, "digest": gateway.digest}
    for path_parameters in (case.path_parameters, {**case.path_parameters, **there}):
        case.path_parameters = path_parameters
        case.validate_response(case.call(base_url=gateway.url, timeout=60), checks=CHECKS)


@submission.parametrize()
@limited
def test_every_answer_to_a_submission_is_described(case: schemathesis.Case[Any], gateway: Served) -> None:
    """No answer to a submission is a failure of the server, none is undescribed."""
    answer = case.call(base_url=gateway.url, timeout=60)
    gateway.statuses.add(answer.status_code)
    case.validate_response(answer, checks=CHECKS)
