"""Connections to servers of others, which may send anything: no flood of interim answers keeps the event loop.

aiohttp reads over interim answers (1xx: RFC 9110, section 15.2) without ever letting others run, for as long as more of
them are there than it has read; no time limit ends that.
"""

import asyncio
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp.client_proto import ResponseHandler

INTERIM_ANSWERS_MAX: Final = 16
"""Answers that may lie unread on one connection: to one request there is one, and before it perhaps a few interim."""


class _Answers(ResponseHandler):
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if len(self._buffer) > INTERIM_ANSWERS_MAX:
            self._buffer.clear()
            self.set_exception(aiohttp.ClientPayloadError("too many answers to one request"))
            if self.transport is not None:
                self.transport.abort()


def _answers(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    return _Answers(loop)


class HttpConnector(aiohttp.TCPConnector):
    """aiohttp's, with its options. To be made in a running loop."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._factory = partial(_answers, asyncio.get_running_loop())
