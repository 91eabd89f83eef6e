"""Documents on file over HTTP: put one on file, list them, fetch one.

In demo mode callers are not told apart: whoever asks names the owner, and sees what is on file for everybody.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from typing import Final

import msgspec
import structlog
from aiohttp import ETag, web

from ...codecs.check_digits import mistaken_party
from ...codecs.finding import Text
from ..document_media_types import ENDINGS
from ..documents_on_file import Statement
from ..store.document_folder import PREFIX, DocumentDamaged
from ..store.register import OnFile, Search
from ..store.store import StoreUnavailable
from ..submission import NotServing
from . import body, content_digest
from .context import LIMITS, PARAMETERS, UPLOADS, WINDOW
from .declarations import UNCHANGING
from .limits import PAGE_CASES, SHARED_WITH_COUNT_MAX
from .negotiation import JSON
from .parameters import BadValue
from .problem import Refusal

DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")
PARTY: Final = re.compile("[A-Z0-9]{5,20}")

_DAMAGED: Final = Text(
    "What is kept of this document is not what was put on file, so it is not given out. Put it on file again.",
    "该文件的存储内容与存档时不符，不予提供；请重新存档。",
)

log = structlog.get_logger("onewindow.api")

_encode = msgspec.json.Encoder().encode


class DocumentPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list; `next_cursor` is the `cursor` of the page after it, None on the last one."""

    documents: tuple[OnFile, ...]
    next_cursor: str | None


def party(text: str) -> str:
    """Reads a party's identifier, whose check digit is right where it has one: no declaration could name another."""
    mistaken = mistaken_party(text)
    if mistaken is not None:
        raise BadValue(Text(f"a {mistaken.en} with the right check digit", f"校验码正确的{mistaken.zh}"))
    if not PARTY.fullmatch(text):
        raise BadValue(Text("a party identifier", "企业编号"))
    return text


def parties(text: str) -> tuple[str, ...]:
    """Reads party identifiers with commas between them, each once."""
    named = tuple(dict.fromkeys(text.split(",")))
    if len(named) > SHARED_WITH_COUNT_MAX or not all(PARTY.fullmatch(party) for party in named):
        most = SHARED_WITH_COUNT_MAX
        raise BadValue(
            Text(f"1 to {most} party identifiers with commas between them", f"1 至 {most} 个企业编号，以英文逗号分隔")
        )
    return tuple(map(party, named))


async def put(request: web.Request) -> web.Response:
    """Put a document on file; the same document again is the entry that is there already."""
    window = request.app[WINDOW]
    limits = request.app[LIMITS]
    stated = Statement(media_type=body.media_type(request, tuple(ENDINGS)), **request[PARAMETERS])
    digests = content_digest.stated(request.headers)
    if not window.ready:
        raise NotServing("stopping", 5)
    async with window.documents.arriving() as arriving:
        await body.stream(
            request,
            window.config.documents.max_bytes,
            limits.document_seconds_max,
            request.app[UPLOADS],
            limits.document_uploads_max,
            arriving.take,
        )
        content_digest.check(digests, await arriving.end())
        entry, new = await window.put_on_file(arriving, stated)
    headers = {"Location": f"/v1/documents/{entry.digest}"}
    return _answer(entry, 201 if new else 200, headers)


async def find(request: web.Request) -> web.Response:
    """The entries of documents on file, newest first, a page at a time."""
    given = request[PARAMETERS]
    limit = given.get("limit", PAGE_CASES)
    search = Search(owner=given.get("owner"), digest=given.get("digest"), after=given.get("cursor"), limit=limit + 1)
    found = await request.app[WINDOW].documents.register.find(search)
    more = len(found) > limit
    page = DocumentPage(documents=found[:limit], next_cursor=str(found[limit - 1].number) if more else None)
    headers = {}
    if page.next_cursor is not None:
        following = request.rel_url.update_query(cursor=page.next_cursor)
        headers["Link"] = f'<{following.raw_path_qs}>; rel="next"'
    return _answer(page, 200, headers)


async def fetch(request: web.Request) -> web.StreamResponse:
    """The bytes of a document, as they were sent, to be kept and not to be shown."""
    digest = request.match_info["digest"]
    documents = request.app[WINDOW].documents
    entries = await documents.register.of([digest]) if DIGEST.fullmatch(digest) else ()
    if not entries:
        raise Refusal("not-found")
    entry = entries[0]
    response = web.StreamResponse(headers={"Cache-Control": UNCHANGING})
    response.etag = ETag(digest)
    if any(each.value in (digest, "*") for each in request.if_none_match or ()):
        response.set_status(304)
        return response
    name = digest.removeprefix(PREFIX) + ENDINGS.get(entry.media_type, ("",))[0]
    response.content_type = entry.media_type
    response.content_length = entry.bytes
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Repr-Digest"] = content_digest.header(digest)
    try:
        async with documents.reading(entry) as chunks:
            await response.prepare(request)
            if request.method != "HEAD":
                await _send(request, response, chunks)
    except DocumentDamaged as damaged:
        log.error("document damaged", digest=digest, detail=damaged.detail)
        raise Refusal("record-damaged", _DAMAGED) from None
    return response


async def _send(request: web.Request, response: web.StreamResponse, chunks: AsyncGenerator[bytes]) -> None:
    """Send all of it in time, or break the connection off: from its length the receiver knows that some is missing."""
    try:
        async with asyncio.timeout(request.app[LIMITS].document_seconds_max):
            async for chunk in chunks:
                await response.write(chunk)
    except (StoreUnavailable, TimeoutError) as error:
        log.warning("document cut off", path=request.rel_url.raw_path, error=repr(error))
        if request.transport is not None:
            request.transport.abort()


def _answer(content: OnFile | DocumentPage, code: int, headers: dict[str, str]) -> web.Response:
    return web.Response(status=code, body=_encode(content), content_type=JSON, headers=headers)
