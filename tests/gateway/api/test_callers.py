"""Whose requests are answered: a browser on this machine is no way in, and a webhook does not bite its own tail."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.declarations import declaration
from support.served import DECLARATIONS, XML, Answer, Gateway, served

from onewindow.gateway.config import GatewayConfig
from onewindow.gateway.place import BEGINNING

EVIL = "http://evil.example"
UNKNOWN = "0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f"
CHANGING = [
    ("POST", DECLARATIONS),
    ("POST", f"{DECLARATIONS}:batch"),
    ("POST", f"{DECLARATIONS}?dry_run=true"),
    ("POST", f"{DECLARATIONS}/{UNKNOWN}/withdrawal"),
    ("POST", f"{DECLARATIONS}/{UNKNOWN}/supplements"),
    ("POST", "/v1/documents?owner=91310115MA1K7Q2H8C&type_code=705&id=1"),
    ("POST", "/v1/agencies/customs/replies"),
    ("GET", "/v1/agencies/customs/messages"),
    ("POST", "/v1/webhooks"),
    ("DELETE", f"/v1/webhooks/{UNKNOWN}"),
    ("POST", f"/v1/dead-letters/{UNKNOWN}/discard"),
    ("PUT", "/nothing"),
]
"""Calls that change something, and one that might."""


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


def port(gateway: Gateway) -> str:
    """The gateway's port."""
    return gateway.url.rpartition(":")[2]


async def is_untouched(gateway: Gateway) -> bool:
    """Nothing was filed."""
    page = await gateway.window.feed.page(BEGINNING, 1, None)
    documents = await gateway.get("/v1/documents")
    return not page.events and not documents.json["documents"]


async def test_a_host_that_is_not_ours(gateway: Gateway) -> None:
    """Whatever is asked under a name that is not the gateway's is 421, and nothing is done."""
    headers = {"Host": "evil.example", "Content-Type": XML}
    for method, path in [*CHANGING, ("GET", DECLARATIONS), ("GET", "/docs"), ("GET", "/metrics"), ("HEAD", "/docs")]:
        answer = await gateway.ask(method, path, headers, declaration("HOST-1") if method == "POST" else None)
        assert (421, path) == (answer.status, path)
        assert method == "HEAD" or "misdirected" == answer.problem
    assert await is_untouched(gateway)


OTHERS = [
    "evil.example:{port}",
    "evil.example",
    "127.0.0.1",
    "127.0.0.1:1",
    "localhost",
    "localhost:{port}x",
    "localhost.evil.example:{port}",
    "evil@localhost:{port}",
    "localhost:{port}/",
    "127.0.0.1.evil.example:{port}",
    "0.0.0.0:{port}",
    "192.168.0.1:{port}",
    "[::1",
    "",
    ":{port}",
]
OWN = ["127.0.0.1:{port}", "127.9.8.7:{port}", "[::1]:{port}", "LocalHost:{port}", "localhost.:{port}"]


async def test_hosts_of_the_loopback_address(gateway: Gateway) -> None:
    """A host is ours where it is a loopback address with our port, and not where it only looks like one."""
    found = {
        host: (await gateway.ask("GET", DECLARATIONS, {"Host": host.format(port=port(gateway))})).status
        for host in (*OTHERS, *OWN)
    }
    assert {**dict.fromkeys(OTHERS, 421), **dict.fromkeys(OWN, 200)} == found


async def raw(gateway: Gateway, *lines: str) -> bytes:
    """The status line of the answer to a request without a body, written by hand."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port(gateway)))
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    async with asyncio.timeout(60):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head.partition(b"\r\n")[0]


async def test_a_host_in_the_request_line(gateway: Gateway) -> None:
    """A whole URL in the request line is looked at as Host is; without Host only HTTP/1.0 is answered."""
    own = f"127.0.0.1:{port(gateway)}"
    assert b" 200 " in await raw(gateway, f"GET http://{own}/health/live HTTP/1.1", f"Host: {own}")
    assert b" 421 " in await raw(gateway, "GET http://evil.example/health/live HTTP/1.1", f"Host: {own}")
    assert b" 421 " in await raw(gateway, f"GET http://{own}/health/live HTTP/1.1", "Host: evil.example")
    assert b" 400 " in await raw(gateway, "GET /health/live HTTP/1.1", "Accept: */*")
    assert b" 200 " in await raw(gateway, "GET /health/live HTTP/1.0", "Accept: */*")


async def test_hosts_that_are_configured(tmp_path: Path) -> None:
    """A name in [gateway] hosts is ours, with the port that it has there, or with any."""
    async with served(tmp_path, gateway=GatewayConfig(hosts=("gateway.example", "other.example:8443"))) as gateway:
        found = {
            host: (await gateway.ask("GET", DECLARATIONS, {"Host": host})).status
            for host in (
                "gateway.example",
                "gateway.example:8443",
                "other.example:8443",
                "other.example",
                "evil.example",
            )
        }
    assert {"gateway.example": 200, "gateway.example:8443": 200, "other.example:8443": 200} == {
        host: status for host, status in found.items() if status == 200
    }
    assert {421} == {status for status in found.values() if status != 200}


PAGES: list[dict[str, str]] = [
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"},
]


async def test_a_page_of_another_site(gateway: Gateway) -> None:
    """What a browser says to come from another site's page changes nothing: 403."""
    for method, path in CHANGING:
        body = declaration("PAGE-1") if method == "POST" else None
        for headers in PAGES:
            answer = await gateway.ask(method, path, {"Content-Type": "text/plain", **headers}, body)
            assert (403, "cross-site", path) == (answer.status, answer.problem, path)
    assert await is_untouched(gateway)


async def test_a_page_of_our_own_and_programs(gateway: Gateway) -> None:
    """The gateway's own page, a link from anywhere, and a program that sends none of these headers are answered."""
    own = {"Origin": gateway.url, "Sec-Fetch-Site": "same-origin", "Content-Type": XML}
    from_page = await gateway.ask("POST", DECLARATIONS, own, declaration("PAGE-2"))
    typed = await gateway.ask("GET", "/docs", {"Sec-Fetch-Site": "none"})
    linked = await gateway.ask("GET", "/docs", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    program = await gateway.post(declaration("PAGE-3"))
    assert [202, 200, 200, 202] == [each.status for each in (from_page, typed, linked, program)]


async def test_the_own_tail(gateway: Gateway) -> None:
    """What is signed as a webhook's delivery is 410, which ends the webhook, by whatever way it came."""
    headers = {"webhook-id": "1-1", "webhook-timestamp": "1", "webhook-signature": "v1,x", "Content-Type": XML}

    async def answer(path: str) -> Answer:
        return await gateway.ask("POST", path, headers, declaration("TAIL-1"))

    for path in (DECLARATIONS, "/v1/documents?owner=91310115MA1K7Q2H8C&type_code=705&id=1"):
        refused = await answer(path)
        assert (410, "no-deliveries") == (refused.status, refused.problem)
    assert await is_untouched(gateway)
