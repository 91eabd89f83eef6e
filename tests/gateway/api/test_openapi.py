"""The OpenAPI document and the page made from it."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from openapi_spec_validator import validate
from support.outgoing import message
from support.served import JSON, XML, served
from support.waiting import listening

from onewindow.agencies.http import Access, Http
from onewindow.agencies.transport import Unreachable
from onewindow.codecs import DECLARATION
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.codes import CaseOutcome
from onewindow.codecs.verification import WORDS as SIGNATURE_WORDS
from onewindow.gateway.api.finding_words import FINDINGS
from onewindow.gateway.api.openapi import document
from onewindow.gateway.api.page import page
from onewindow.gateway.api.problem import KINDS
from onewindow.gateway.api.routes import ROUTES

ROOT = Path(__file__).resolve().parents[3]
LATER = ("/log/", "messages?wait")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The document, as it is served."""
    return dict(msgspec.json.decode(msgspec.json.encode(document(ROUTES))))


def test_it_is_valid_openapi(described: dict[str, Any]) -> None:
    """The document is valid OpenAPI 3.1."""
    assert described["openapi"].startswith("3.1")
    validate(described)


async def test_it_is_what_is_served(described: dict[str, Any], tmp_path: Path) -> None:
    """/openapi.json is the document of the table of routes."""
    async with served(tmp_path) as gateway:
        answer = await gateway.get("/openapi.json")
    assert (200, JSON, described) == (answer.status, answer.headers["Content-Type"], answer.json)


def test_it_has_every_route_and_no_other(described: dict[str, Any]) -> None:
    """Each route of the table is a call of the document under its operation id; no later call is there."""
    calls = {
        (method.upper(), path, operation["operationId"])
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    }
    assert {(route.method, route.path, route.operation) for route in ROUTES} == calls
    assert [] == [path for path in described["paths"] for word in LATER if word in path]
    for operations in described["paths"].values():
        assert all({"400", "405", "406", "500"} <= set(operation["responses"]) for operation in operations.values())


def test_every_problem_is_described(described: dict[str, Any]) -> None:
    """Each kind of problem is an allowed `type` of some answer with its status, and no answer has another."""
    allowed = {
        (kind.rpartition(":")[2], int(status))
        for operations in described["paths"].values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        if int(status) >= 400
        for kind in answer["x-problem-types"]
    }
    assert {(code, kind.status) for code, kind in KINDS.items()} == allowed
    assert set(KINDS) == set(described["x-problems"])


async def test_what_an_agency_serves_is_described(described: dict[str, Any]) -> None:
    """The call that the window makes is described as it is made: its headers, and what each status means to it."""
    call = described["webhooks"]["agencyMessage"]["post"]
    seen: dict[str, str] = {}
    meant: dict[str, set[int]] = {"answered": set(), "taken": set(), "refused": set(), "not delivered": set()}

    async def answering(request: web.Request) -> web.Response:
        seen.update(request.headers)
        status = int(request.query["status"])
        return web.Response(status=status, body=b"<Reply/>" if status == 200 else b"", content_type=XML)

    app = web.Application()
    app.router.add_post("/", answering)
    async with listening(app) as url:
        for status in [*range(200, 207), *range(301, 304), *range(400, 430), *range(500, 505)]:
            access = Access(url=f"{url}/?status={status}", token="a-token-of-an-agency")  # noqa: S106 - of nothing
            async with Http(access) as transport:
                meant[await met(transport)].add(status)
    named = [each for each in call["parameters"] if each["in"] == "header"]
    assert {each["name"] for each in named} == {name for name in seen if name.startswith(("Onewindow-", "Authoriz"))}
    assert {"Authorization"} == {each["name"] for each in named if not each["required"]}
    statuses = {status: answer["description"] for status, answer in call["responses"].items()}
    assert meant["answered"] == {int(status) for status, words in statuses.items() if words.startswith("Answered")}
    assert meant["taken"] == {int(status) for status, words in statuses.items() if words.startswith("Taken")}
    assert meant["refused"] == {int(status) for status, words in statuses.items() if "Refused" in words}
    assert statuses["default"].startswith("Not delivered")


async def met(transport: Http) -> str:
    """What the window makes of an answer."""
    try:
        answer = await transport.deliver(message("tax"))
    except Rejected:
        return "refused"
    except Unreachable:
        return "not delivered"
    return "taken" if answer is None else "answered"


def test_examples_are_valid_declarations(described: dict[str, Any]) -> None:
    """The examples of the submission are declarations that decode, in XML and in JSON."""
    content = described["paths"]["/v1/declarations"]["post"]["requestBody"]["content"]
    xml = [DECLARATION.decode_xml(each["value"].encode()) for each in content["application/xml"]["examples"].values()]
    twins = [
        DECLARATION.decode_json(msgspec.json.encode(each["value"]))
        for each in content["application/json"]["examples"].values()
    ]
    assert 2 == len(xml)
    assert xml == twins


class _Tags(HTMLParser):
    """Checks that elements nest, and collects ids and what the page would fetch or go to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values[name] or "" for name in ("href", "src") if name in values]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        assert tag == self.open.pop()


def test_the_page_stands_alone(described: dict[str, Any]) -> None:
    """The page has each call and each problem, is well nested, and fetches nothing from anywhere."""
    html = page(described)
    tags = _Tags()
    tags.feed(html)
    assert [] == tags.open
    assert len(set(tags.ids)) == len(tags.ids)
    assert {f"#{route.operation}" for route in ROUTES} <= set(tags.links)
    assert "receiveMessage" in tags.ids
    assert {link[1:] for link in tags.links if link.startswith("#")} <= set(tags.ids)
    assert {"/openapi.json"} == {link for link in tags.links if not link.startswith("#")}
    assert re.search(r"<script|@import|url\(", html) is None
    assert all(f"urn:onewindow:problem:{code}" in html for code in KINDS)
    assert all(f"<code>{code}</code>" in html for code in [*FINDINGS, *CaseOutcome])
    assert "application/json（default 默认）" in html
    assert all(words in html for words in ("onewindow verify response.xml", "JSON 形式", "准予提离"))


def test_every_code_of_a_finding_is_listed() -> None:
    """The codes in the documentation are those that the source gives findings, none more and none less."""
    sources = [
        *(
            path
            for path in (ROOT / "codecs").glob("*.py")
            if path.name not in ("certificates.py", "keys.py", "signature.py")
        ),
        *(ROOT / "gateway" / "api").glob("*.py"),
        ROOT / "gateway" / "admission.py",
        ROOT / "gateway" / "document_reuse.py",
        ROOT / "gateway" / "identifiers.py",
        ROOT / "gateway" / "intake.py",
        ROOT / "gateway" / "plain_text.py",
        ROOT / "gateway" / "plausible_dates.py",
        ROOT / "gateway" / "requests.py",
        ROOT / "gateway" / "replies.py",
        ROOT / "gateway" / "reply_reading.py",
        ROOT / "gateway" / "webhooks.py",
        ROOT / "agencies" / "directives.py",
    ]
    pattern = re.compile(
        r'(?:Finding|Test|too_large|value_wrong|_found)\(\s*(?:code=)?"([a-z][a-z0-9-]+)"|\bcode="([a-z][a-z0-9-]+)"'
    )
    given = {one or other for path in sources for one, other in pattern.findall(path.read_text("utf-8"))}
    shape = re.compile(r'"(value-shape|character-forbidden)", pointer')
    given |= set(shape.findall((ROOT / "codecs" / "json_twin.py").read_text("utf-8")))
    assert sorted({*given, *SIGNATURE_WORDS}) == sorted(FINDINGS)
    assert all(words.en.isascii() and not words.zh.isascii() for words in FINDINGS.values())


async def test_the_page_is_served(described: dict[str, Any], tmp_path: Path) -> None:
    """/docs is the page, with a policy that lets it fetch nothing."""
    async with served(tmp_path) as gateway:
        answer = await gateway.get("/docs", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert "text/html; charset=utf-8" == answer.headers["Content-Type"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert page(described) == answer.body.decode()
