"""One attempt to deliver a document to a webhook's subscriber, over HTTP."""

import errno
import socket
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver

from .. import __version__
from ..agencies.http_connector import HttpConnector
from ..codecs.causes import cause
from ..codecs.finding import Text
from .webhook import retry_after
from .webhook_address import OWN_ADDRESS, forbidden, leads_back, may_lead_to

ATTEMPT_SECONDS_MAX: Final = 15.0
CONNECT_SECONDS_MAX: Final = 5.0

HEADER_BYTES_MAX: Final = 8 * 1024
"""One header of an answer. Its body is not read, whatever its size."""

_GENERAL: Final = "the connection broke before there was an answer"


class Miss(msgspec.Struct, frozen=True):
    """Why an attempt failed: a stable code, words, and how long the subscriber asks to be left alone."""

    code: str
    message: Text
    retry_after: timedelta | None = None


GONE: Final = "gone"
"""Code of the Miss after which nothing is to be sent any more."""


class Forbidden(OSError):
    """A connection to an address that webhooks may not lead to: a stable code, and words as part of a sentence."""

    def __init__(self, code: str, words: Text) -> None:
        super().__init__(errno.EACCES, words.en)
        self.code = code
        self.words = words


class Post:
    """The gateway's HTTP client for deliveries.

    It follows no redirection, takes no proxy from the environment, keeps no cookie and reads no body. `demo`: callers
    are not told apart, see webhook_address. `own`: where the gateway itself listens. `resolver`: instead of the
    system's.
    """

    def __init__(
        self, demo: bool, resolver: AbstractResolver | None = None, own: Collection[tuple[str, int]] = ()
    ) -> None:
        self._demo = demo
        self._own = own
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let go of all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Miss | None:
        """Deliver; None where the subscriber took it (2xx), or why it did not."""
        try:
            async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                if 200 <= answer.status < 300:
                    return None
                return _refused(answer.status, retry_after(answer.headers.get("Retry-After"), now))
        except aiohttp.ClientSSLError:
            return Miss("tls", Text("no secure connection could be made", "无法建立安全连接"))
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, Forbidden):
                return Miss(error.os_error.code, error.os_error.words)
            return Miss("unreachable", _unreachable(cause(error.os_error)))
        except TimeoutError:
            return Miss("timeout", Text("the subscriber did not answer in time", "订阅方未在规定时间内应答"))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Miss("broken", Text(f"{_GENERAL}: {type(error).__name__}", "连接在应答之前中断"))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Each subscriber has one connection at most and must not wait for those of others.
                connector=HttpConnector(limit=0, resolver=self._resolver, socket_factory=self._socket),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=ATTEMPT_SECONDS_MAX, sock_connect=CONNECT_SECONDS_MAX),
                headers={"User-Agent": f"onewindow/{__version__}", "Accept-Encoding": "identity"},
                auto_decompress=False,
                max_line_size=HEADER_BYTES_MAX,
                max_field_size=HEADER_BYTES_MAX,
            )
        return self._session

    def _socket(self, address: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that has been looked up: the last thing before the connection, for names and numbers.

        Raises Forbidden.
        """
        family, kind, protocol, _, place = address
        if leads_back(str(place[0]), int(place[1]), self._own):
            raise Forbidden("own-address", OWN_ADDRESS)
        if not may_lead_to(str(place[0]), self._demo):
            raise Forbidden("address-forbidden", forbidden(self._demo))
        return socket.socket(family=family, type=kind, proto=protocol)


def _refused(status: int, asked: timedelta | None) -> Miss:
    en, zh = f"the subscriber answered {status}", f"订阅方应答 {status}"
    if 300 <= status < 400:
        return Miss("redirected", Text(f"{en}; redirections are not followed", f"{zh}，不跟随重定向"), asked)
    if status == 410:
        return Miss(GONE, Text(f"{en}: it is gone, nothing more is sent", f"{zh}：已失效，不再推送"))
    return Miss("status", Text(f"{en} and not 2xx", f"{zh}，而非 2xx"), asked)


def _unreachable(why: Text) -> Text:
    return Text(f"the subscriber can't be reached: {why.en}", f"无法连接订阅方：{why.zh}")
