"""Declarations that refer to documents on file, at the window: submitted, again, supplemented, amended, looked at."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from support.declarations import declaration, incomplete
from support.filing import DECLARANT, DOCUMENTS, file_document, referring
from support.served import DECLARATIONS, JSON, XML, Gateway, served
from support.windows import HeldClock, now, window

from onewindow.codecs import DECLARATION
from onewindow.codecs.digest import digest
from onewindow.codecs.finding import Rejected
from onewindow.codecs.messages.codes import DocumentType
from onewindow.codecs.messages.common import AdditionalDocument
from onewindow.gateway.api import Limits
from onewindow.gateway.config import Config, DocumentsConfig, StoreConfig
from onewindow.gateway.documents_on_file import Statement
from onewindow.gateway.store import OnFile
from onewindow.gateway.store.store import Query
from onewindow.gateway.submission import ReferenceConflict
from onewindow.gateway.window import Window

SCAN = b"%PDF-1.7 a bill of lading"
OTHER = b"%PDF-1.7 another"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path, limits=Limits(drain_seconds=0.01)) as opened:
        yield opened


async def put(window: Window, body: bytes, **changes: object) -> OnFile:
    """Put a document on file at a window."""
    stated = {"owner": DECLARANT, "type_code": DocumentType._705, "id": "BL-1", "media_type": "application/pdf"}
    async with window.documents.arriving() as arriving:
        await arriving.take(body)
        await arriving.end()
        entry, _ = await window.put_on_file(arriving, Statement(**(stated | changes)))  # type: ignore[arg-type]  # mixed
    return entry


def deferring(reference: str, today: datetime) -> bytes:
    """A valid declaration whose bill of lading is to follow within ten days."""
    whole = DECLARATION.decode_xml(declaration(reference))
    follows = AdditionalDocument(
        type_code=DocumentType._705,
        id="BL-1",
        deferred_indicator=True,
        due_date=today.date() + timedelta(days=10),
    )
    return DECLARATION.encode_xml(replace(whole, additional_document=(*whole.additional_document, follows)))


async def codes(window: Window, body: bytes) -> list[str]:
    """The codes with which a declaration is refused; none where it is taken."""
    try:
        await window.submit(body, XML)
    except Rejected as rejected:
        return [finding.code for finding in rejected.findings]
    return []


async def test_on_file(gateway: Gateway) -> None:
    """The status says of each document with a digest whether it is on file; one that is not is no hindrance."""
    await file_document(gateway, SCAN)
    taken = await gateway.post(referring("R-1", digest(OTHER), digest(SCAN)), Prefer="wait=30")
    assert 200 == taken.status
    status = (await gateway.get(taken.headers["Location"])).json
    assert [("BL-1", digest(OTHER), False), ("BL-2", digest(SCAN), True)] == [
        (each["id"], each["digest"], each["on_file"]) for each in status["documents"]
    ]
    await file_document(gateway, OTHER)
    status = (await gateway.get(taken.headers["Location"])).json
    assert [True, True] == [each["on_file"] for each in status["documents"]]


async def test_somebody_elses(gateway: Gateway) -> None:
    """A reference to somebody else's document is refused and points at it, line and all, until they share it."""
    await file_document(gateway, SCAN, owner="STRANGER1")
    body = referring("R-1", digest(OTHER), digest(SCAN)).replace(b"><", b">\n<")
    refused = await gateway.post(body)
    (finding,) = refused.json["findings"]
    assert (422, "invalid", "document-not-shared") == (refused.status, refused.problem, finding["code"])
    lines = body.decode().splitlines()
    assert digest(SCAN) in lines[finding["line"] - 1]
    twin = await gateway.post(DECLARATION.encode_json(DECLARATION.decode_xml(body)), Content_Type=JSON)
    assert [finding["pointer"]] == [each["pointer"] for each in twin.json["findings"]]
    assert () == await gateway.window.find(Query())
    await file_document(gateway, SCAN, owner="STRANGER1", shared_with=DECLARANT)
    assert 202 == (await gateway.post(body)).status


async def test_wrong_type(gateway: Gateway) -> None:
    """A file on file as an invoice is no bill of lading, until it is on file as one too."""
    await file_document(gateway, SCAN, type_code="380")
    refused = await gateway.post(referring("R-1", digest(SCAN)))
    assert (422, ["document-type-differs"]) == (refused.status, [each["code"] for each in refused.json["findings"]])
    await file_document(gateway, SCAN)
    assert 202 == (await gateway.post(referring("R-1", digest(SCAN)))).status


async def test_own_copy(gateway: Gateway) -> None:
    """Whoever holds the same file may put it on file as well, and then refer to it."""
    await file_document(gateway, SCAN, owner="STRANGER1")
    await file_document(gateway, SCAN)
    assert 202 == (await gateway.post(referring("R-1", digest(SCAN)))).status


async def test_expired(tmp_path: Path) -> None:
    """A document holds until its time is over; what was taken in time stays taken, under the same reference."""
    clock = HeldClock()
    async with window(tmp_path, clock=clock) as opened:
        entry = await put(opened, SCAN, expires_at=clock.at + timedelta(hours=1))
        body = referring("R-1", entry.digest)
        taken = await opened.submit(body, XML)
        clock.advance(timedelta(hours=1))
        assert ["document-expired"] == await codes(opened, referring("R-2", entry.digest))
        again = await opened.submit(body, XML)
        assert (True, taken.case.id) == (again.replay, again.case.id)
        with pytest.raises(ReferenceConflict):
            await opened.submit(referring("R-1", entry.digest, entry.digest), XML)
        await put(opened, SCAN, expires_at=clock.at + timedelta(hours=1))
        assert [] == await codes(opened, referring("R-2", entry.digest))


async def test_supplement_and_amendment(tmp_path: Path) -> None:
    """Revisions go by the same rule; the revision that is there already is no news and needs no rule."""
    clock = HeldClock()
    async with window(tmp_path, clock=clock) as opened:
        theirs = await put(opened, OTHER, owner="STRANGER1")
        mine = await put(opened, SCAN, expires_at=clock.at + timedelta(hours=1))
        for revise in (opened.supplement, opened.amend):
            reference = f"R-{revise.__name__}"
            case = (await opened.submit(incomplete(reference), XML)).case
            assert await opened.decided(case.id, 30) is None
            with pytest.raises(Rejected) as refused:
                await revise(case.id, referring(reference, theirs.digest), XML)
            assert ["document-not-shared"] == [finding.code for finding in refused.value.findings]
            changed = await revise(case.id, referring(reference, mine.digest), XML)
            assert changed is not None
            assert 2 == changed.case.revision


async def test_supplement_again(tmp_path: Path) -> None:
    """A supplement that is sent again after a document's time is over is still the supplement that was taken."""
    clock = HeldClock()
    async with window(tmp_path, clock=clock) as opened:
        mine = await put(opened, SCAN, expires_at=clock.at + timedelta(minutes=1))
        case = (await opened.submit(incomplete("R-1"), XML)).case
        assert await opened.decided(case.id, 30) is None
        body = referring("R-1", mine.digest)
        first = await opened.supplement(case.id, body, XML)
        clock.advance(timedelta(minutes=1))
        again = await opened.supplement(case.id, body, XML)
        assert first is not None
        assert again is not None
        assert 2 == first.case.revision == again.case.revision


async def test_required(tmp_path: Path) -> None:
    """Where documents have to be on file a digest of none is refused, and a declaration without digests is taken."""
    config = Config(
        store=StoreConfig(url=f"sqlite:///{tmp_path / 'onewindow.db'}"),
        documents=DocumentsConfig(required_on_file=True, folder=tmp_path / "elsewhere"),
    )
    async with window(tmp_path, config=config) as opened:
        body = referring("R-1", digest(SCAN))
        assert ["document-not-on-file"] == await codes(opened, body)
        await put(opened, SCAN)
        assert [] == await codes(opened, body)
        assert [] == await codes(opened, declaration("R-2"))
    assert (tmp_path / "elsewhere").is_dir()


async def test_agencies_have_the_digest(gateway: Gateway) -> None:
    """An agency that is sent a document finds its digest in the message, and the file under it."""
    await file_document(gateway, SCAN)
    taken = await gateway.post(referring("R-1", digest(SCAN)), Prefer="wait=30")
    message = await gateway.get(f"{taken.headers['Location']}/messages/customs", Accept=XML)
    assert digest(SCAN).encode() in message.body
    assert SCAN == (await gateway.get(f"{DOCUMENTS}/{digest(SCAN)}")).body


async def test_delivered(tmp_path: Path) -> None:
    """A document that was to follow goes by the same rule when it comes, and by its status then; again is no harm."""
    clock = HeldClock()
    async with window(tmp_path, clock=clock) as opened:
        case = (await opened.submit(deferring("R-1", clock.at), XML)).case
        assert await opened.decided(case.id, 30) is not None
        theirs = await put(opened, OTHER, owner="STRANGER1")
        invoice = await put(opened, b"an invoice", type_code=DocumentType._380)
        mine = await put(opened, SCAN, expires_at=clock.at + timedelta(hours=1))
        for entry, code in ((theirs, "document-not-shared"), (invoice, "document-type-differs")):
            with pytest.raises(Rejected) as refused:
                await opened.receive_document(case.id, "705", "BL-1", entry.digest)
            assert [code] == [finding.code for finding in refused.value.findings]
        for _ in range(2):
            taken = await opened.receive_document(case.id, "705", "BL-1", mine.digest)
            assert taken is not None
            assert [mine.digest] == [each.digest for each in taken.case.deferred]
            clock.advance(timedelta(hours=1))


async def test_delivered_by_http(gateway: Gateway) -> None:
    """A delivery that may not be is 422 and points into what was sent; one that may be is on file in the status."""
    await file_document(gateway, SCAN, owner="STRANGER1")
    address = (await gateway.post(deferring("R-1", now()), Prefer="wait=30")).headers["Location"]
    body = msgspec.json.encode({"type_code": "705", "id": "BL-1", "digest": digest(SCAN)})
    refused = await gateway.ask("POST", f"{address}/documents", {"Content-Type": JSON}, body)
    assert (422, ["/digest"]) == (refused.status, [finding["pointer"] for finding in refused.json["findings"]])
    await file_document(gateway, SCAN)
    taken = await gateway.ask("POST", f"{address}/documents", {"Content-Type": JSON}, body)
    assert 202 == taken.status
    assert [(digest(SCAN), True)] == [(each["digest"], each["on_file"]) for each in taken.json["documents"]]


async def test_unknown_case(gateway: Gateway) -> None:
    """A revision of no case is 404, whatever it refers to."""
    await file_document(gateway, SCAN, owner="STRANGER1")
    path = f"{DECLARATIONS}/0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f/amendments"
    assert 404 == (await gateway.ask("POST", path, {"Content-Type": XML}, referring("R-1", digest(SCAN)))).status
