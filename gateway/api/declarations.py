"""Declarations over HTTP: submit, list, look at one, fetch its response and its messages."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

import msgspec
from aiohttp import ETag, web

from ...codecs import RESPONSE
from ...codecs.digest import digest
from ...codecs.finding import Rejected
from ...codecs.messages.codes import CaseOutcome
from ...codecs.messages.declaration import Declaration
from ..case import Case, CaseStatus, PartState
from ..document_names import RESPONSE_NAME, declaration_name, message_name
from ..document_reuse import DocumentStatus, parties, references
from ..document_reuse import standing as document_standing
from ..off_loop import off_loop
from ..papers import read_declaration
from ..receipt import Links, links, receipt_json
from ..status import documents, status
from ..store.store import Document, Names, Query, Record, RecordDamaged, no_names
from ..waits import CaseWait, case_waits
from ..window import Window
from . import body
from .context import LIMITS, MEDIA_TYPE, PARAMETERS, UPLOADS, WINDOW
from .limits import PAGE_CASES
from .negotiation import JSON, XML, wait_seconds
from .problem import Refusal
from .waiting import may_wait, waiting

UNCHANGING: Final = "private, max-age=31536000, immutable"
"""Cache-Control of what is signed or sent: it is never changed."""

T = TypeVar("T")

_encode = msgspec.json.Encoder(decimal_format="string").encode


class CaseSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A case as a line of a list; `type` is IM or EX. `waits_for`: why it is not decided yet, agency by agency."""

    id: str
    reference: str
    declarant: str
    type: str
    status: CaseStatus
    outcome: CaseOutcome | None
    revision: int
    received_at: datetime
    decided_at: datetime | None
    links: Links
    waits_for: tuple[CaseWait, ...]


class CasePage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list; `next_cursor` is the `cursor` of the page after it, None on the last one."""

    declarations: tuple[CaseSummary, ...]
    next_cursor: str | None


async def submit(request: web.Request) -> web.Response:
    """Take a declaration over; with `Prefer: wait` answer with the response if it is there in time."""
    window = request.app[WINDOW]
    limits = request.app[LIMITS]
    wait = wait_seconds(",".join(request.headers.getall("Prefer", ())) or None, limits.wait_seconds_max)
    media_type = body.media_type(request)
    with window.metrics.stage("receive"):
        document = await body.read(
            request, window.config.gateway.max_body, limits.body_seconds_max, request.app[UPLOADS]
        )
    if request[PARAMETERS].get("dry_run"):
        return await _dry_run(request, document, media_type)
    submission = await window.submit(document, media_type)
    case_id = submission.case.id
    headers = {"Location": links(case_id).self_, "Vary": "Accept, Prefer"}
    if submission.replay:
        headers["Idempotent-Replay"] = "true"
    if wait is not None and may_wait(request):  # a preference may be ignored; what is taken must not be refused for it
        headers["Preference-Applied"] = f"wait={wait}"
        async with waiting(request):
            decided = await window.decided(case_id, wait)
        if decided is not None:
            record = await window.load(case_id, RESPONSE_NAME)
            if record is not None and RESPONSE_NAME in record.documents:
                headers["Content-Location"] = links(case_id).response
                return await _response(request, record, 200, headers)
    if request[MEDIA_TYPE] == XML:
        return _answer(submission.receipt.body, XML, 202, headers)
    envelope = await _read_off_loop(case_id, submission.receipt, receipt_json)
    return _answer(_encode(envelope), JSON, 202, headers)


async def _dry_run(request: web.Request, document: bytes, media_type: str) -> web.Response:
    if request[MEDIA_TYPE] != JSON:
        raise Refusal("not-acceptable")
    return _answer(_encode(await request.app[WINDOW].dry_run(document, media_type)), JSON, 200, {})


async def find(request: web.Request) -> web.Response:
    """The cases, newest first, a page at a time."""
    given = request[PARAMETERS]
    limit = given.get("limit", PAGE_CASES)
    query = Query(
        declarant=given.get("declarant"),
        reference=given.get("reference"),
        status=given.get("status"),
        outcome=given.get("outcome"),
        received_from=given.get("from"),
        received_to=given.get("to"),
        after=given.get("cursor"),
        limit=limit + 1,
    )
    cases = await request.app[WINDOW].find(query)
    page = CasePage(
        declarations=tuple(_summary(case) for case in cases[:limit]),
        next_cursor=cases[limit - 1].id if len(cases) > limit else None,
    )
    headers = {}
    if page.next_cursor is not None:
        following = request.rel_url.update_query(cursor=page.next_cursor)
        headers["Link"] = f'<{following.raw_path_qs}>; rel="next"'
    return _answer(_encode(page), JSON, 200, headers)


def _summary(case: Case) -> CaseSummary:
    return CaseSummary(
        id=case.id,
        reference=case.reference,
        declarant=case.declarant,
        type=case.type_code,
        status=case.status,
        outcome=case.outcome,
        revision=case.revision,
        received_at=case.received_at,
        decided_at=case.decided_at,
        links=links(case.id),
        waits_for=case_waits(case),
    )


async def show(request: web.Request) -> web.Response:
    """Where one case stands, agency by agency."""
    return await standing(request, 200)


async def standing(request: web.Request, code: int) -> web.Response:
    """The status of the case that the path names, as an answer with this HTTP status."""
    window = request.app[WINDOW]
    record = await existing(request, of=documents)
    missing = [name for name in documents(record.case) if name not in record.documents]
    if missing:
        raise RecordDamaged(record.case.id, f"not there: {', '.join(missing)}")
    try:
        declared = record.documents[declaration_name(record.case.revision)]
        declaration = await off_loop(record.document_bytes, lambda: read_declaration(declared))
        on_file = await _on_file(window, record.case, declaration)
        current = await off_loop(
            record.document_bytes, lambda: status(record, window.agencies, window.clock(), on_file, window.seal)
        )
    except Rejected as rejected:
        raise _damaged(record.case.id, rejected) from rejected
    return _answer(_encode(current), JSON, code, {})


async def _on_file(window: Window, case: Case, declaration: Declaration) -> tuple[DocumentStatus, ...]:
    came = {
        (each.document.type_code, each.document.document_id): each.digest
        for each in case.deferred
        if each.digest is not None
    }
    referred = references(declaration, came)
    return document_standing(referred, parties(declaration), await window.documents.referred(referred))


async def response(request: web.Request) -> web.Response:
    """The one signed response: the XML byte for byte as it was signed, or its JSON twin."""
    record = await existing(request, RESPONSE_NAME)
    if record.case.response_digest is None:
        raise Refusal("not-decided")
    return await _response(request, record, 200, {"Vary": "Accept"})


async def message(request: web.Request) -> web.Response:
    """The message as one agency was sent it, or its JSON twin."""
    agency = request.match_info["agency"]

    def of_agency(case: Case) -> tuple[str, ...]:
        asked = case.part(agency)
        return () if asked is None else (message_name(asked.message_id),)

    record = await existing(request, of=of_agency)
    part = record.case.part(agency)
    if part is None:
        raise Refusal("not-found")
    if part.state is PartState.NOT_CONCERNED:
        raise Refusal("not-concerned")
    name = message_name(part.message_id)
    sent = _kept(record, name, part.message_digest)
    if request[MEDIA_TYPE] == XML:
        return _unchanging(request, sent.body, XML, 200, {"Vary": "Accept"})
    installed = request.app[WINDOW].agencies.get(agency)
    if installed is None:  # no longer: without its codec the message is there in XML only
        raise Refusal("not-acceptable")
    codec = installed.message
    twin = await _read_off_loop(record.case.id, sent, lambda xml: codec.encode_json(codec.decode_xml(xml)))
    return _unchanging(request, twin, JSON, 200, {"Vary": "Accept"})


async def existing(request: web.Request, *names: str, of: Names = no_names) -> Record:
    """The case that the path names, with these documents, as `Store.load`. Raises Refusal where there is none."""
    record = await request.app[WINDOW].load(request.match_info["id"], *names, of=of)
    if record is None:
        raise Refusal("not-found")
    return record


def _kept(record: Record, name: str, promised: str | None) -> Document:
    """A document of the record, which has to have the digest that the journal names. Raises RecordDamaged."""
    document = record.documents.get(name)
    if document is None or digest(document.body) != promised:
        raise RecordDamaged(record.case.id, f"{name} is not there, or not what was written")
    return document


def _damaged(case_id: str, rejected: Rejected) -> RecordDamaged:
    """What to say of a stored document that can't be read: the fault is ours and not the caller's."""
    return RecordDamaged(case_id, f"a document can't be read: {rejected}")


async def _response(request: web.Request, record: Record, code: int, headers: dict[str, str]) -> web.Response:
    signed = _kept(record, RESPONSE_NAME, record.case.response_digest)
    if request[MEDIA_TYPE] == XML:
        return _unchanging(request, signed.body, XML, code, headers)
    twin = await _read_off_loop(record.case.id, signed, lambda xml: RESPONSE.encode_json(RESPONSE.decode_xml(xml)))
    return _unchanging(request, twin, JSON, code, headers)


def _unchanging(
    request: web.Request, content: bytes, media_type: str, code: int, headers: dict[str, str]
) -> web.Response:
    """What never changes, under a strong tag of its own; 304 to a GET by a caller who has it already."""
    tag = ETag(digest(content))
    asked = request.if_none_match or ()
    answer = _answer(content, media_type, code, headers)
    if request.method != "POST" and any(each.value in (tag.value, "*") for each in asked):
        answer = web.Response(status=304, headers=headers)
    answer.etag = tag
    answer.headers["Cache-Control"] = UNCHANGING if request.method != "POST" else "no-store"
    return answer


def _answer(content: bytes, media_type: str, code: int, headers: dict[str, str]) -> web.Response:
    return web.Response(status=code, body=content, content_type=media_type, headers=headers)


async def _read_off_loop(case_id: str, document: Document, read: Callable[[bytes], T]) -> T:
    """A stored document as `read` gives it, in a thread where it is large. Raises RecordDamaged where it can't be."""
    try:
        return await off_loop(len(document.body), lambda: read(document.body))
    except Rejected as rejected:
        raise _damaged(case_id, rejected) from rejected
