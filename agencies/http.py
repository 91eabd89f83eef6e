"""The transport that posts messages to an agency over HTTP; the reply is in the answer, or the agency brings it later.

    POST URL
    Content-Type: application/xml
    Onewindow-Message-Id: 0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f/tax/1
    Onewindow-Kind: declaration | inspection-order | notice
    Onewindow-Attempt: 1
    Onewindow-Reference: the declaration's reference, percent-encoded UTF-8

200 with a reply as XML: answered. 202 or 204: taken, the reply comes later. 400, 409, 413, 415, 422: the message is not
what the agency takes, and would not be if it were sent again. Anything else: not delivered, it is sent again.
"""

import errno
import ssl
from pathlib import Path
from typing import Final, NoReturn, Self
from urllib.parse import quote

import aiohttp
from msgspec import Struct

from ..codecs.finding import Finding, Text
from ..codecs.limits import DEFAULT, VALUE_CHARS_MAX
from .http_connector import HttpConnector
from .media_type import media_type
from .tls_files import client_context
from .transport import Evidence, MessageKind, Outgoing, Refused, Unreachable, evidence

XML: Final = "application/xml"

MESSAGE_ID: Final = "Onewindow-Message-Id"
KIND: Final = "Onewindow-Kind"
ATTEMPT: Final = "Onewindow-Attempt"
REFERENCE: Final = "Onewindow-Reference"

REFUSALS: Final = (400, 409, 413, 415, 422)
"""Statuses of an agency that does not take the message, and would not if it were sent again."""

TAKEN: Final = (202, 204)
"""Statuses of an agency that has the message, and brings its reply later or has none to bring."""

_KEEPALIVE_SECONDS: Final = 30.0
_ERRNO_CODES: Final = {
    errno.ECONNREFUSED: "connection-refused",
    errno.ECONNRESET: "connection-reset",
    errno.EPIPE: "connection-reset",
    errno.EHOSTUNREACH: "no-route",
    errno.ENETUNREACH: "no-route",
    errno.ETIMEDOUT: "timeout",
}


class Access(Struct, frozen=True, kw_only=True):
    """How an agency's server is reached.

    url: where messages are posted. token: the bearer token that is shown, empty for none. ca: PEM file of the
    authorities that may have certified the server, None for those of the system. certificate, private_key: PEM files of
    the window's own. timeout_seconds: for one whole answer. connections_max: at one time.
    """

    url: str
    token: str = ""
    ca: Path | None = None
    certificate: Path | None = None
    private_key: Path | None = None
    timeout_seconds: float = 30.0
    connections_max: int = 64
    answer_bytes_max: int = DEFAULT.body_bytes_max


class Http:
    """Posts messages to one agency, over connections that are kept alive. To be closed, and made in a running loop.

    Raises OSError (ssl.SSLError among them) where a file of `access` can't be used.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        headers = {"Content-Type": XML, "Accept": XML, "Accept-Encoding": "identity"}
        if access.token:
            headers["Authorization"] = f"Bearer {access.token}"
        self._session = aiohttp.ClientSession(
            connector=HttpConnector(
                limit=access.connections_max,
                ssl=client_context(access.ca, access.certificate, access.private_key),
                keepalive_timeout=_KEEPALIVE_SECONDS,
            ),
            timeout=aiohttp.ClientTimeout(total=access.timeout_seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=headers,
            auto_decompress=False,  # an answer of a few bytes must not unpack to gigabytes
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """The reply's bytes, or None where the agency took the message and answers later.

        Raises Refused, and Unreachable: `connection-refused`, `connection-reset`, `connection-failed`,
        `name-unknown`, `no-route`, `tls`, `timeout`, `answer-cut-off`, `answer-too-large`, `answer-empty`, `not-xml`,
        `not-http`, `status-NNN`.
        """
        try:
            async with self._session.post(
                self._access.url, data=outgoing.body, headers=headers(outgoing), allow_redirects=False
            ) as answer:
                body = await self._read(answer)
                return _answer(answer, body, outgoing)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(_code(error), str(error) or type(error).__name__) from error

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        """All of the answer; of one that breaks off, what came is the evidence."""
        body = bytearray()
        most = self._access.answer_bytes_max
        try:
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > most:
                    answer.close()
                    raise Unreachable("answer-too-large", f"more than {most} bytes", _evidence(answer, body))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            came = _evidence(answer, body) if body else None
            raise Unreachable(_code(error), str(error) or type(error).__name__, came) from error
        return bytes(body)


def headers(outgoing: Outgoing) -> dict[str, str]:
    """What a message's headers say of it, over HTTP and on the bus."""
    return {
        MESSAGE_ID: quote(outgoing.message_id),
        KIND: outgoing.kind.value,
        ATTEMPT: str(outgoing.attempt),
        REFERENCE: quote(outgoing.reference),
    }


def _answer(answer: aiohttp.ClientResponse, body: bytes, outgoing: Outgoing) -> bytes | None:
    if answer.status in TAKEN:
        return None
    if answer.status in REFUSALS:
        _refused(answer, body, outgoing)
    came = _evidence(answer, body)
    if answer.status != 200:
        words = f"HTTP {answer.status} {answer.reason or ''}".strip()
        raise Unreachable(f"status-{answer.status}", words, came if body else None)
    if outgoing.kind is MessageKind.NOTICE:
        return None
    if not body:
        raise Unreachable("answer-empty", "HTTP 200 without a reply in it", came)
    is_plain = answer.headers.get("Content-Encoding", "identity").lower() == "identity"
    given = media_type(answer.headers.get("Content-Type", "")).name
    if not is_plain or not (given in (XML, "text/xml") or given.endswith("+xml")):
        raise Unreachable("not-xml", f"the answer is {given}", came)
    return body


def _evidence(answer: aiohttp.ClientResponse, body: bytes | bytearray) -> Evidence:
    return evidence(body, answer.headers.get("Content-Type", ""))


def _refused(answer: aiohttp.ClientResponse, body: bytes, outgoing: Outgoing) -> NoReturn:
    status = answer.status
    said = body.decode("utf-8", errors="replace")[:VALUE_CHARS_MAX]
    message = Text(
        en=f"The agency refuses the message {outgoing.message_id} with HTTP {status}: {said}",
        zh=f"部门以 HTTP {status} 拒收分发报文 {outgoing.message_id}：{said}",
    )
    finding = Finding(code="message-refused", pointer="/", message=message, value=said)
    raise Refused(finding, _evidence(answer, body))


def _code(error: Exception) -> str:
    """The stable word for a failure."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "name-unknown"
    if isinstance(error, ssl.SSLError | aiohttp.ClientSSLError | aiohttp.ServerFingerprintMismatch):
        return "tls"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "answer-cut-off"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "connection-reset"
    if isinstance(error, OSError):
        return _ERRNO_CODES.get(error.errno or 0, "connection-failed")
    return "not-http"
