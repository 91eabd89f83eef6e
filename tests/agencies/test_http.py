"""The transport `http`, over real sockets: the contract of transports, and everything that an answer may be."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from contract.transport import Link, TransportContract
from msgspec.structs import replace
from structlog.testing import capture_logs
from support.outgoing import desk, message, notice
from support.waiting import listening

from onewindow.agencies.desk import Desk
from onewindow.agencies.desk_http import application
from onewindow.agencies.http import Access, Http
from onewindow.agencies.transport import Evidence, Transport, Unreachable
from onewindow.codecs import REPLY
from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import init, key_files

TOKEN = "a-token-of-a-test"  # noqa: S105 - it opens nothing


@dataclass
class HttpLink:
    """A link by HTTP: all that an agency has to say is in its answer."""

    transport: Transport

    async def reply(self, message_id: str) -> bytes:
        """Not by itself."""
        raise AssertionError(f"{message_id} was answered without a reply")

    async def taken(self, message_id: str) -> None:
        """Not by itself."""
        raise AssertionError(message_id)

    refused = taken


class TestContract(TransportContract):
    """The contract of transports."""

    @asynccontextmanager
    async def linked(self, desk: Desk, by_hand: tuple[str, ...] = ()) -> AsyncIterator[Link]:
        """A desk that listens."""
        async with (
            listening(application(desk, token=TOKEN, by_hand=by_hand)) as url,
            Http(Access(url=f"{url}/messages", token=TOKEN)) as transport,
        ):
            yield HttpLink(transport)

    @asynccontextmanager
    async def gone(self) -> AsyncIterator[Link]:
        """A port at which nobody listens."""
        async with listening(web.Application()) as url:
            pass
        async with Http(Access(url=f"{url}/messages")) as transport:
            yield HttpLink(transport)


Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def agency(answering: Answering, **access: float) -> AsyncIterator[Http]:
    """The way to an agency that answers as it likes."""
    app = web.Application()
    app.router.add_post("/messages", answering)
    async with listening(app) as url, Http(Access(url=f"{url}/messages", **access)) as transport:  # type: ignore[arg-type]  # of numbers
        yield transport


def plain(status: int, body: bytes = b"", content_type: str = "application/xml", **headers: str) -> Answering:
    """Answers with these bytes."""

    async def answering(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=body, content_type=content_type, headers=named)

    return answering


def saying(name: str, value: str) -> Answering:
    """Answers with a reply under this header."""

    async def answering(_: web.Request) -> web.Response:
        return web.Response(body=b"<Reply/>", headers={"Content-Type": "application/xml", name: value})

    return answering


async def reset(request: web.Request) -> web.Response:
    """Breaks the connection off before an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def half(request: web.Request) -> web.StreamResponse:
    """Promises more than it sends."""
    answer = web.StreamResponse(headers={"Content-Type": "application/xml", "Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(b"<Reply>")
    assert request.transport is not None
    request.transport.close()
    return answer


async def interim(request: web.Request) -> web.Response:
    """Sends one interim answer after another, and nothing else, until whoever asked is gone."""
    transport = request.transport
    while transport is not None and not transport.is_closing():
        transport.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)
        await asyncio.sleep(0)
    return web.Response()


async def silent(_: web.Request) -> web.Response:
    """Never answers."""
    await asyncio.Event().wait()
    return web.Response()


@pytest.mark.parametrize(
    ("code", "answering"),
    [
        ("connection-reset", reset),
        ("answer-cut-off", interim),
        ("answer-cut-off", half),
        ("timeout", silent),
        ("answer-empty", plain(200)),
        ("not-xml", plain(200, b"<html>busy</html>", "text/html")),
        ("not-xml", plain(200, b"\x1f\x8b", Content_Encoding="gzip")),
        ("answer-too-large", plain(200, b"x" * 1001)),
        ("status-500", plain(500, b"<html>oops</html>", "text/html")),
        ("status-503", plain(503)),
        ("status-429", plain(429)),
        ("status-401", plain(401)),
        ("status-403", plain(403)),
        ("status-404", plain(404)),
        ("status-302", plain(302, Location="/elsewhere")),
        ("status-201", plain(201, b"<Reply/>")),
    ],
)
async def test_what_is_no_answer(code: str, answering: Answering) -> None:
    """An answer that can't be a reply leaves the message undelivered, under a code that says what came."""
    async with agency(answering, timeout_seconds=0.3, answer_bytes_max=1000) as transport:
        with pytest.raises(Unreachable) as caught:
            await transport.deliver(message("tax"))
    assert code == caught.value.code


async def test_evidence() -> None:
    """What came instead of a reply comes with the failure."""
    async with agency(plain(500, b"<html>oops</html>", "text/html")) as transport:
        with pytest.raises(Unreachable) as caught:
            await transport.deliver(message("tax"))
    assert Evidence(b"<html>oops</html>", 17, "text/html") == caught.value.evidence


ODD = ("application/xml; a*", f"application/xml; a={'(' * 3000}", f"application/xml{'; a=b' * 1000}", "; charset=", ",")


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
async def test_odd_media_types(value: str) -> None:
    """A reply whose media type can't be read is no answer, and what came is kept."""
    async with agency(saying("Content-Type", value)) as transport:
        with pytest.raises(Unreachable) as caught:
            await transport.deliver(message("tax"))
    assert ("not-xml", Evidence(b"<Reply/>", 8, value)) == (caught.value.code, caught.value.evidence)


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize(
    "name", ["Set-Cookie", "Link", "Location", "Retry-After", "Content-Disposition", "ETag", "Date"]
)
async def test_odd_headers(name: str, value: str) -> None:
    """Whatever else an agency's headers say, the reply is read."""
    async with agency(saying(name, value)) as transport:
        assert b"<Reply/>" == await transport.deliver(message("tax"))


@pytest.mark.parametrize("size", [1000, 1001])
async def test_answer_size(size: int) -> None:
    """An answer at the limit is taken, one byte more is not."""
    async with agency(plain(200, b"x" * size), answer_bytes_max=1000) as transport:
        if size == 1000:
            assert b"x" * 1000 == await transport.deliver(message("tax"))
        else:
            with pytest.raises(Unreachable):
                await transport.deliver(message("tax"))


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
async def test_refusals(status: int) -> None:
    """A message that the agency can't take is refused for good, with what the agency said."""
    async with agency(plain(status, "缺少编号".encode(), "text/plain")) as transport:
        with pytest.raises(Rejected) as caught:
            await transport.deliver(message("tax"))
    assert ("message-refused", "缺少编号") == (caught.value.problem, caught.value.findings[0].value)


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_notice_is_acknowledged_by_status(status: int) -> None:
    """Whatever is in the answer to a notice, its status says that the agency took note."""
    async with agency(plain(status)) as transport:
        assert await transport.deliver(notice("tax")) is None


async def test_headers() -> None:
    """The agency is told message id, kind, attempt and reference, the last percent-encoded."""
    seen: list[dict[str, str]] = []

    async def look(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(status=202)

    async with agency(look) as transport:
        await transport.deliver(replace(message("tax", reference="申报 1"), attempt=3))
    assert {
        "Content-Type": "application/xml",
        "Onewindow-Message-Id": message("tax").message_id,
        "Onewindow-Kind": "declaration",
        "Onewindow-Attempt": "3",
        "Onewindow-Reference": "%E7%94%B3%E6%8A%A5%201",
    } == {name: value for name, value in seen[0].items() if name.startswith(("Onewindow", "Content-T"))}
    assert "Authorization" not in seen[0]


async def test_connections_are_kept_and_counted() -> None:
    """Messages share connections that are kept alive, never more at one time than are allowed."""
    sources: set[object] = set()

    async def look(request: web.Request) -> web.Response:
        assert request.transport is not None
        sources.add(request.transport.get_extra_info("peername"))
        return web.Response(status=202)

    async with agency(look, connections_max=2) as transport:
        await asyncio.gather(*(transport.deliver(message("tax")) for _ in range(30)))
        await transport.deliver(message("tax"))
    assert 1 <= len(sources) <= 2


async def test_wrong_token() -> None:
    """An agency that knows another token is not reached, and the token is in no error."""
    async with (
        listening(application(desk("tax"), token=TOKEN)) as url,
        Http(Access(url=f"{url}/messages", token="another-" + TOKEN)) as transport,
    ):
        with pytest.raises(Unreachable) as caught:
            await transport.deliver(message("tax"))
    assert "status-401" == caught.value.code
    assert TOKEN not in str(caught.value)


async def test_who_is_turned_away_is_logged() -> None:
    """A caller without the token is in the agency's log, once until somebody is let in, and no token is."""
    with capture_logs() as logs:
        async with listening(application(desk("tax"), token=TOKEN)) as url:
            for shown in ("", "", "another-" + TOKEN, "another-" + TOKEN, TOKEN, ""):
                async with Http(Access(url=f"{url}/messages", token=shown)) as transport:
                    with nullcontext() if shown == TOKEN else pytest.raises(Unreachable):
                        await transport.deliver(message("tax"))
    told = [(each["log_level"], each["shown"]) for each in logs if each["event"] == "a caller is turned away"]
    assert [("warning", "no token"), ("warning", "a wrong token"), ("warning", "no token")] == told
    assert TOKEN not in str(logs)


async def test_name_unknown() -> None:
    """A host that stands for no address has a code of its own."""
    async with Http(Access(url="http://nowhere.invalid/")) as transport:
        with pytest.raises(Unreachable) as caught:
            await transport.deliver(message("tax"))
    assert caught.value.code in ("name-unknown", "timeout")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Development keys: an authority, and a certificate that it gave."""
    from support.windows import now

    folder = tmp_path_factory.mktemp("keys") / "keys"
    init(folder, now())
    return folder


@pytest.mark.parametrize(("shows", "code"), [(True, ""), (False, "tls")])
async def test_mutual_tls(keys: Path, shows: bool, code: str) -> None:
    """An agency that demands the window's certificate answers who has one, and nobody else."""
    context, ca = _demanding(keys)
    files = key_files(keys)
    access = Access(
        url="",
        ca=ca,
        certificate=files.gateway_certificate if shows else None,
        private_key=files.gateway_key if shows else None,
    )
    async with (
        listening(application(desk("tax")), context) as url,
        Http(replace(access, url=f"{url}/messages")) as transport,
    ):
        if shows:
            answer = await transport.deliver(message("tax"))
            assert isinstance(answer, bytes)
            assert "tax" == REPLY.decode_xml(answer).agency_code
        else:
            with pytest.raises(Unreachable) as caught:
                await transport.deliver(message("tax"))
            assert caught.value.code in (code, "connection-reset")


async def test_foreign_certificate(keys: Path) -> None:
    """An agency whose certificate is from nobody we trust is not sent a message."""
    context, _ = _demanding(keys)
    context.verify_mode = ssl.CERT_NONE
    async with listening(application(desk("tax")), context) as url, Http(Access(url=f"{url}/messages")) as transport:
        with pytest.raises(Unreachable) as caught:
            await transport.deliver(message("tax"))
    assert "tls" == caught.value.code


def _demanding(keys: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context that demands a certificate of our authority, and the file by which the server is trusted."""
    from support.tls import server_certificate

    certificate, key = server_certificate(keys)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(key_files(keys).authority_certificate)
    return context, certificate
