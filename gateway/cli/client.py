"""A client of the gateway's HTTP interface: what it can't reach or is refused ends the command, in words."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from contextlib import aclosing
from types import TracebackType
from typing import Final, Literal, NoReturn, Self, TypeVar
from urllib.parse import quote, urlencode

import aiohttp
import msgspec
from msgspec import Struct

from ...agencies.media_type import media_type
from ...codecs.finding import Finding
from ..agency_queue import AgencyQueue
from ..dead_letter import DeadLetter
from ..dead_letter_office import DeadLetterShown
from ..dry_run import DryRun, ReferenceUse
from ..feed import FeedDocument
from ..receipt import ReceiptEnvelope
from ..status import Status, TimelineEntry
from ..store.register import OnFile
from ..supervision import Supervision
from ..waits import CaseWait
from ..webhook import NewWebhook, WebhookList, WebhookStatus, WebhookTest
from .document import JSON, XML, Given
from .ending import NO, UNREACHABLE, Stop
from .harmless import values
from .transfer import Incoming, Outgoing
from .unreachable import check_proxy, foreign, unreachable

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 60.0
"""How long the gateway may take for one answer that nobody has to decide on."""

COUNT_SECONDS: Final = 600.0
"""How long the gateway may take to count many cases up, behind others who asked for the same."""

TRANSFER_SECONDS: Final = 600.0
"""How long a document may take on its way to the gateway or from it."""

SILENCE_SECONDS: Final = 60.0
"""How long an event stream may say nothing, not even a heartbeat, before it counts as cut off."""

RECONNECT_COUNT_MAX: Final = 5

LINE_BYTES_MAX: Final = 1024 * 1024
"""Bytes of one answer to a line of a batch: it has a hundred findings at most."""

NDJSON: Final = "application/x-ndjson"

_BUSY: Final = (429, 503)
_DOCUMENTS: Final = "/v1/documents"
_DEAD_LETTERS: Final = "/v1/dead-letters"

T = TypeVar("T")


class Problem(Struct, frozen=True):
    """What is read of a problem document."""

    type: str = ""
    title: str = ""
    title_zh: str = ""
    detail: str = ""
    detail_zh: str = ""
    related: str | None = None
    findings: tuple[Finding, ...] = ()


class Taken(Struct, frozen=True):
    """A declaration that the gateway took over: its receipt, as it came and read; `replay`: it was there already."""

    receipt: ReceiptEnvelope
    body: bytes
    replay: bool


class DocumentPage(Struct, frozen=True):
    """What is read of a list of documents on file."""

    documents: tuple[OnFile, ...]
    next_cursor: str | None


class DeadLetterPage(Struct, frozen=True):
    """What is read of a list of dead letters."""

    dead_letters: tuple[DeadLetter, ...]
    next_cursor: str | None


class Put(Struct, frozen=True):
    """A request that a case has taken: its status then, as it came and read; `replay`: it had the request already."""

    status: Status
    body: bytes
    replay: bool


class Tried(Struct, frozen=True):
    """What is read of a dry run in the answer to a line."""

    reference: str
    outcome: str | None
    reference_used: ReferenceUse | None

    @property
    def is_no(self) -> bool:
        """It would be refused, by an agency or because its reference is used."""
        return self.outcome == "refused" or (self.reference_used is not None and self.reference_used.conflict)


class LineAnswer(Struct, frozen=True):
    """What is read of the answer to one line of a batch; `last`: the batch ends there, before its lines do."""

    line: int
    status: int
    receipt: ReceiptEnvelope | None = None
    replay: bool = False
    dry_run: Tried | None = None
    problem: Problem | None = None
    last: bool = False


class CaseLine(Struct, frozen=True):
    """What is read of a case in a list."""

    id: str
    declarant: str
    status: str
    outcome: str | None
    waits_for: tuple[CaseWait, ...] = ()


class CasePage(Struct, frozen=True):
    """What is read of a list of cases."""

    declarations: tuple[CaseLine, ...]
    next_cursor: str | None


class Client:
    """One gateway, for the time of a command; `token`: what is shown it, empty for nothing."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        check_proxy(self.url)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, headers=self._headers, trust_env=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def submit(self, given: Given) -> Taken:
        """Submit a declaration. Raises Stop where it is refused or the gateway can't be reached."""
        headers = {"Content-Type": given.media_type, "Accept": JSON}
        answered, body = await self._call("POST", "/v1/declarations", headers, given.body)
        return Taken(
            receipt=self._read(body, ReceiptEnvelope),
            body=body,
            replay=_is_replay(answered),
        )

    async def batch(
        self, lines: AsyncIterable[bytes], *, dry_run: bool = False
    ) -> AsyncGenerator[tuple[bytes, LineAnswer]]:
        """The answers to the lines of a batch as they come, each as the line it is and read.

        Raises Stop where the batch is refused, and where it breaks off.
        """
        headers = {"Content-Type": NDJSON, "Accept": NDJSON}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        url = f"{self.url}/v1/declarations:batch{'?dry_run=true' if dry_run else ''}"
        try:
            async with self._open.post(
                url, headers=headers, data=lines, timeout=timeout, read_bufsize=LINE_BYTES_MAX
            ) as answer:
                if answer.status != 200:
                    self._refused(answer.status, answer.headers, await answer.read())
                async for line in answer.content:
                    yield line, self._read(line, LineAnswer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._unreachable(error)

    async def dry_run(self, given: Given) -> tuple[DryRun, bytes]:
        """What would become of a declaration, read and as it came. Raises Stop where it is refused."""
        headers = {"Content-Type": given.media_type, "Accept": JSON}
        _, body = await self._call("POST", "/v1/declarations?dry_run=true", headers, given.body)
        return self._read(body, DryRun), body

    async def cases(self, asked: Mapping[str, str]) -> CasePage:
        """A page of the list of cases, newest first; `asked` are the call's query parameters."""
        _, body = await self._call("GET", f"/v1/declarations?{urlencode(asked)}", {"Accept": JSON})
        return self._read(body, CasePage)

    async def status(self, case_id: str) -> tuple[Status, bytes]:
        """The status of a case, read and as it came. Raises Stop (`not-found`) where there is no such case."""
        try:
            _, body = await self._call("GET", _path(case_id), {"Accept": JSON})
        except Stop as stop:
            if stop.code != "not-found":
                raise
            en, zh = f"There is no case {case_id} at {self.url}.", f"无此办件：{case_id}（{self.url}）。"
            raise Stop(stop.status, stop.code, en, zh, problem=stop.problem) from None
        return self._read(body, Status), body

    async def agency_queue(self, agency: str, limit: int) -> tuple[AgencyQueue, bytes]:
        """What waits at an agency for a person, read and as it came."""
        path = f"/v1/agencies/{quote(agency, safe='')}/queue?limit={limit}"
        _, body = await self._call("GET", path, {"Accept": JSON})
        return self._read(body, AgencyQueue), body

    async def revise(self, case_id: str, kind: Literal["supplements", "amendments"], given: Given) -> Put:
        """Put a new revision to a case. Raises Stop where it is refused."""
        return await self._put(f"{_path(case_id)}/{kind}", given.media_type, given.body)

    async def ask(self, case_id: str, what: str, given: object) -> Put:
        """Ask something of a case: its `withdrawal`, `documents`, `payments` or `rating`. Raises Stop if refused."""
        return await self._put(f"{_path(case_id)}/{what}", JSON, msgspec.json.encode(given))

    async def _put(self, path: str, media_type: str, given: bytes) -> Put:
        headers = {"Content-Type": media_type, "Accept": JSON}
        answered, body = await self._call("POST", path, headers, given)
        return Put(self._read(body, Status), body, _is_replay(answered))

    async def reply(self, agency: str, reply: bytes) -> bytes:
        """Bring an agency's reply, XML; what the gateway says of it. Raises Stop where it is refused."""
        path = f"/v1/agencies/{quote(agency, safe='')}/replies"
        _, body = await self._call("POST", path, {"Content-Type": XML, "Accept": JSON}, reply)
        return body

    async def guide(self, procedure: str, kind: type[T]) -> tuple[T, bytes]:
        """The guide to a procedure, or with an empty name the list of them; read and as it came."""
        _, body = await self._call("GET", f"/v1/guide/{quote(procedure, safe='')}".rstrip("/"), {"Accept": JSON})
        return self._read(body, kind), body

    async def response(self, case_id: str) -> bytes:
        """The signed response of a decided case, XML, byte for byte."""
        _, body = await self._call("GET", f"{_path(case_id)}/response", {"Accept": XML})
        return body

    async def supervision(self, asked: Mapping[str, str]) -> tuple[Supervision, bytes]:
        """How agencies and procedures did; `asked` are the call's query parameters. Read and as it came."""
        path = f"/v1/supervision?{urlencode(asked)}"
        _, body = await self._call("GET", path, {"Accept": JSON}, seconds=COUNT_SECONDS)
        return self._read(body, Supervision), body

    async def put_document(self, stated: Mapping[str, str], media_type: str, given: Outgoing) -> tuple[OnFile, bytes]:
        """Put a document on file; its entry, read and as it came. Raises Stop where it is not taken."""
        digest = b64encode(bytes.fromhex(given.digest.partition(":")[2])).decode()
        headers = {
            "Content-Type": media_type,
            "Content-Length": str(given.size),
            "Content-Digest": f"sha-256=:{digest}:",
            "Accept": JSON,
        }
        path = f"{_DOCUMENTS}?{urlencode(stated)}"
        _, body = await self._call("POST", path, headers, given.chunks(), TRANSFER_SECONDS)
        return self._read(body, OnFile), body

    async def documents(self, owner: str | None, limit: int) -> tuple[DocumentPage, bytes]:
        """The newest documents on file, of one owner or of all, read and as they came."""
        asked = {"limit": str(limit), **({} if owner is None else {"owner": owner})}
        _, body = await self._call("GET", f"{_DOCUMENTS}?{urlencode(asked)}", {"Accept": JSON})
        return self._read(body, DocumentPage), body

    async def fetch_document(self, digest: str, into: Incoming) -> str:
        """Fetch a document on file; its media type. Raises Stop where there is none, or not all of it comes."""
        timeout = aiohttp.ClientTimeout(total=TRANSFER_SECONDS, sock_connect=CONNECT_SECONDS)
        address = f"{self.url}{_DOCUMENTS}/{quote(digest, safe=':')}"
        try:
            async with self._open.get(address, headers={"Accept": "*/*"}, timeout=timeout) as answer:
                if answer.status != 200:
                    self._refused(answer.status, answer.headers, await answer.read())
                into.expect(answer.content_length or 0)
                async for chunk in answer.content.iter_any():
                    await into.take(chunk)
                return media_type(answer.headers.get("Content-Type", "")).name
        except (aiohttp.ClientError, TimeoutError) as error:
            self._unreachable(error)

    async def events(self, case_id: str) -> AsyncGenerator[TimelineEntry, None]:
        """The events of a case from its first, as they happen, until it is decided.

        A stream that is cut off is taken up again after the last event that came.
        """
        path, last, failures = f"{_path(case_id)}/events", 0, 0
        while True:
            try:
                async with aclosing(self._stream(path, last)) as entries:
                    async for entry in entries:
                        last, failures = entry.sequence, 0
                        yield entry
                        if entry.event == "decided":
                            return
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                failures += 1
                if failures >= RECONNECT_COUNT_MAX or isinstance(error, aiohttp.ClientConnectorError):
                    self._unreachable(error)
            # The stream also ends when the gateway is about to stop: the next start continues the case.
            await asyncio.sleep(0.2)

    async def _stream(self, path: str, last: int) -> AsyncGenerator[TimelineEntry, None]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(last)}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS)
        async with self._open.get(self.url + path, headers=headers, timeout=timeout) as answer:
            if answer.status == 204:  # there is nothing to come
                return
            if answer.status != 200:
                self._refused(answer.status, answer.headers, await answer.read())
            data: list[bytes] = []
            async for line in answer.content:
                field, _, value = line.rstrip(b"\r\n").partition(b":")
                if field == b"data":
                    data.append(value.removeprefix(b" "))
                elif not field and data and not value:
                    yield self._read(b"\n".join(data), TimelineEntry)
                    data = []

    async def feed(
        self, after: str | None, limit: int, declarant: str | None, wait: int = 0
    ) -> tuple[FeedDocument, bytes]:
        """A page of the event feed, read and as it came; where there is nothing yet, what comes in `wait` seconds."""
        wanted = {"after": after, "limit": limit, "declarant": declarant}
        query = urlencode({name: value for name, value in wanted.items() if value is not None})
        _, body = await self._call("GET", f"/v1/events?{query}", {"Accept": JSON, "Prefer": f"wait={wait}"})
        return self._read(body, FeedDocument), body

    async def webhooks(self) -> tuple[WebhookList, bytes]:
        """All webhooks, read and as they came."""
        _, body = await self._call("GET", "/v1/webhooks", {"Accept": JSON})
        return self._read(body, WebhookList), body

    async def add_webhook(self, wish: Mapping[str, object]) -> tuple[NewWebhook, bytes]:
        """A new webhook with its secret, read and as it came. Raises Stop where it is refused."""
        headers = {"Content-Type": JSON, "Accept": JSON}
        _, body = await self._call("POST", "/v1/webhooks", headers, msgspec.json.encode(wish))
        return self._read(body, NewWebhook), body

    async def remove_webhook(self, webhook_id: str) -> None:
        """End a webhook. Raises Stop (`not-found`) where there is none."""
        await self._call("DELETE", _webhook(webhook_id), {"Accept": JSON})

    async def resend(self, webhook_id: str, after: str) -> tuple[WebhookStatus, bytes]:
        """Have a webhook told again of everything after a cursor; it, read and as it came."""
        headers = {"Content-Type": JSON, "Accept": JSON}
        given = msgspec.json.encode({"after": after})
        try:
            _, body = await self._call("POST", f"{_webhook(webhook_id)}/redelivery", headers, given)
        except Stop as stop:
            if not any(each.pointer == "/after" for each in stop.findings):
                raise
            words = stop.findings[0].message
            raise Stop(NO, "cursor-unknown", f"--after {after}: {words.en}", f"--after {after}：{words.zh}") from stop
        return self._read(body, WebhookStatus), body

    async def test_webhook(self, webhook_id: str) -> tuple[WebhookTest, bytes]:
        """Have a test sent to a webhook; what came of it, read and as it came."""
        _, body = await self._call("POST", f"{_webhook(webhook_id)}/test", {"Accept": JSON})
        return self._read(body, WebhookTest), body

    async def dead_letters(self, asked: Mapping[str, str]) -> tuple[DeadLetterPage, bytes]:
        """The newest dead letters; `asked` are the call's query parameters. Read and as they came."""
        _, body = await self._call("GET", f"{_DEAD_LETTERS}?{urlencode(asked)}", {"Accept": JSON})
        return self._read(body, DeadLetterPage), body

    async def dead_letter(self, letter_id: str) -> tuple[DeadLetterShown, bytes]:
        """One dead letter, read and as it came. Raises Stop (`not-found`) where there is none."""
        _, body = await self._call("GET", _dead_letter(letter_id), {"Accept": JSON})
        return self._read(body, DeadLetterShown), body

    async def evidence(self, letter_id: str) -> bytes:
        """The bytes of a dead letter."""
        _, body = await self._call("GET", f"{_dead_letter(letter_id)}/body", {"Accept": "*/*"})
        return body

    async def settle_dead_letter(
        self, letter_id: str, what: Literal["resend", "discard"], given: object = None
    ) -> tuple[DeadLetterShown, bytes]:
        """Have its message sent again, or it put aside; it then, read and as it came. Raises Stop where it can't be."""
        headers = {"Accept": JSON} if given is None else {"Content-Type": JSON, "Accept": JSON}
        told = None if given is None else msgspec.json.encode(given)
        _, body = await self._call("POST", f"{_dead_letter(letter_id)}/{what}", headers, told)
        return self._read(body, DeadLetterShown), body

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the client is used outside its `async with`")
        return self._session

    async def _call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | AsyncIterable[bytes] | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> tuple[Mapping[str, str], bytes]:
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self._open.request(
                method, self.url + path, headers=headers, data=body, timeout=timeout
            ) as answer:
                content = await answer.read()
                if answer.status >= 400:
                    self._refused(answer.status, answer.headers, content)
                return answer.headers, content
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._unreachable(error)

    def _read(self, body: bytes, kind: type[T]) -> T:
        try:
            return values(msgspec.json.decode(body, type=kind))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self._foreign(200)

    def _unreachable(self, error: Exception) -> NoReturn:
        raise unreachable(self.url, error) from error

    def _refused(self, status: int, headers: Mapping[str, str], body: bytes) -> NoReturn:
        try:
            problem = values(msgspec.json.decode(body, type=Problem))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self._foreign(status)
        code = problem.type.rpartition(":")[2] or str(status)
        en, zh = problem.detail or problem.title, problem.detail_zh or problem.title_zh
        if problem.related:
            case_id = problem.related.rpartition("/")[2]
            en, zh = f"{en} The case is {case_id}.", f"{zh}办件：{case_id}"
        if status in _BUSY:
            seconds = headers.get("Retry-After", "1")
            en, zh = f"{en} Try again in {seconds} s.", f"{zh}请于 {seconds} 秒后重试。"
        raise Stop(UNREACHABLE if status in _BUSY else NO, code, en, zh, problem.findings, body)

    def _foreign(self, status: int) -> NoReturn:
        raise foreign(self.url, status)


def _path(case_id: str) -> str:
    """The case's path; whatever the user typed stays one step of it."""
    return f"/v1/declarations/{quote(case_id, safe='')}"


def _webhook(webhook_id: str) -> str:
    """The webhook's path, likewise."""
    return f"/v1/webhooks/{quote(webhook_id, safe='')}"


def _dead_letter(letter_id: str) -> str:
    """The dead letter's path, likewise."""
    return f"{_DEAD_LETTERS}/{quote(letter_id, safe='')}"


def _is_replay(headers: Mapping[str, str]) -> bool:
    return headers.get("Idempotent-Replay", "").lower() == "true"
