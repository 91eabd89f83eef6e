"""A gateway that is not one: it answers every call with what fits the call's form, and every text in it is the same."""

import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from onewindow.gateway.agency_queue import AgencyQueue
from onewindow.gateway.api.problem import TYPE_PREFIX
from onewindow.gateway.api.replies import ReplyTaken
from onewindow.gateway.cli.client import CasePage, DeadLetterPage, DocumentPage, LineAnswer, Problem
from onewindow.gateway.dead_letter_office import DeadLetterShown
from onewindow.gateway.dry_run import DryRun
from onewindow.gateway.feed import FeedDocument
from onewindow.gateway.receipt import ReceiptEnvelope
from onewindow.gateway.service_guide import GuideList, ServiceGuide
from onewindow.gateway.status import Status
from onewindow.gateway.store.register import OnFile
from onewindow.gateway.supervision import Supervision
from onewindow.gateway.webhook import NewWebhook, WebhookList, WebhookStatus, WebhookTest

HOSTILE = "a\x1b]0;owned\x07\x9b31m\u202eevil\u2066\u200b\nforged\tline \x7f\r"
"""What steers a terminal, hides or turns what is read, and begins a line."""

FORMS: Mapping[str, Any] = {
    r"GET /v1/declarations/[^/]+": Status,
    r"POST /v1/declarations/[^/]+/(supplements|amendments|withdrawal|documents|payments|rating)": Status,
    r"POST /v1/declarations\?dry_run=true": DryRun,
    r"POST /v1/declarations:batch": LineAnswer,
    r"POST /v1/declarations": ReceiptEnvelope,
    r"GET /v1/events.*": FeedDocument,
    r"GET /v1/webhooks": WebhookList,
    r"POST /v1/webhooks": NewWebhook,
    r"POST /v1/webhooks/[^/]+/redelivery": WebhookStatus,
    r"POST /v1/webhooks/[^/]+/test": WebhookTest,
    r"GET /v1/dead-letters\?.*": DeadLetterPage,
    r"(GET|POST) /v1/dead-letters/[^/]+(/resend|/discard)?": DeadLetterShown,
    r"GET /v1/documents\?.*": DocumentPage,
    r"POST /v1/documents\?.*": OnFile,
    r"GET /v1/guide": GuideList,
    r"GET /v1/guide/.+": ServiceGuide,
    r"GET /v1/supervision(\?.*)?": Supervision,
    r"POST /v1/agencies/[^/]+/replies": ReplyTaken,
    r"GET /v1/agencies/[^/]+/queue\?.*": AgencyQueue,
    r"GET /v1/declarations\?.*": CasePage,
}


def fabricated(kind: Any, text: str) -> Any:
    """What JSON of this form says, where every text is this one."""
    return _made(inspect.type_info(kind), text)


def _made(info: inspect.Type, text: str) -> Any:
    if isinstance(info, inspect.StrType):
        return text
    if type(info) in _VALUES:
        return _VALUES[type(info)]
    match info:
        case inspect.Metadata(type=inner):
            return _made(inner, text)
        case inspect.StructType(fields=fields):
            return {field.encode_name: _made(field.type, text) for field in fields}
        case inspect.EnumType(cls=cls):
            return next(iter(cls)).value
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.UnionType(types=types):
            return _made(next(each for each in types if not isinstance(each, inspect.NoneType)), text)
        case (
            inspect.VarTupleType(item_type=item, min_length=least) | inspect.ListType(item_type=item, min_length=least)
        ):
            return [_made(item, text)] * max(1, least or 0)
        case inspect.DictType(key_type=key, value_type=value):
            return {_made(key, text): _made(value, text)}
    raise AssertionError(f"nothing is fabricated of {info}")


_VALUES: Mapping[type[inspect.Type], Any] = {
    inspect.BoolType: True,
    inspect.DateTimeType: "2026-12-01T08:00:00Z",
    inspect.DecimalType: "1.50",
    inspect.FloatType: 3,
    inspect.IntType: 3,
}


class _Handler(BaseHTTPRequestHandler):
    text = HOSTILE
    refusing = False

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = f"{self.command} {self.path}"
        kind = next((form for pattern, form in FORMS.items() if re.fullmatch(pattern, call)), None)
        if self.refusing or self.path.endswith("/response"):
            body = fabricated(Problem, self.text) | {"type": f"{TYPE_PREFIX}not-decided"}
            self._answer(404, "application/problem+json", msgspec.json.encode(body))
        elif self.path.endswith("/events"):
            self._answer(204, "text/event-stream", b"")
        elif self.command == "DELETE":
            self._answer(204, "application/json", b"")
        elif kind is None:
            self._answer(200, "application/octet-stream", self.text.encode())
        else:
            body = fabricated(kind, self.text)
            if kind is Status:
                body |= {"outcome": None, "status": "awaiting-trader"}
                body["agencies"][0] |= {"outcome": "supplement-required"}
            if kind is FeedDocument:
                body["more"] = False
            self._answer(200, "application/json", msgspec.json.encode(body) + b"\n")

    do_POST = do_DELETE = do_GET  # noqa: N815 - names of the standard library's

    def _answer(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        """Answer, or nothing where the other side hangs up in the handshake."""
        with suppress(OSError):
            super().handle()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def fabricated_gateway(
    text: str = HOSTILE, *, refusing: bool = False, certificate: tuple[Path, Path] | None = None
) -> Iterator[str]:
    """Its URL, while it answers; `refusing`: every call, with findings. certificate: with its key, for TLS."""
    handler = type("Handler", (_Handler,), {"text": text, "refusing": refusing})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
