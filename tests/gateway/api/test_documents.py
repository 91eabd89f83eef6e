"""Documents on file over HTTP: what is taken, what is given out again, and what is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs
from support.filing import DECLARANT, DOCUMENTS, PDF, file_document, files, query
from support.served import JSON, Gateway, served

from onewindow.codecs.digest import digest
from onewindow.gateway.api import Limits
from onewindow.gateway.api.content_digest import header
from onewindow.gateway.config import DOCUMENT_FOLDER, DocumentsConfig
from onewindow.gateway.document_media_types import ENDINGS
from onewindow.gateway.store import document_folder

SCAN = b"%PDF-1.7 a bill of lading"
NAME = f"{digest(SCAN)[7:9]}/{digest(SCAN)[7:]}"
BYTES_MAX = 1_000_000


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway that takes documents of a megabyte."""
    async with served(tmp_path, documents=DocumentsConfig(max_bytes=BYTES_MAX)) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where its documents are kept."""
    return tmp_path / DOCUMENT_FOLDER


async def none_on_file(gateway: Gateway, folder: Path) -> None:
    """Nothing is kept, and the next document is taken."""
    assert [] == files(folder)
    assert [] == (await gateway.get(DOCUMENTS)).json["documents"]
    assert 201 == (await file_document(gateway, SCAN)).status
    assert [NAME] == files(folder)


async def test_put_and_fetch(gateway: Gateway, folder: Path) -> None:
    """A document comes back byte for byte, in its media type, to be kept and not shown, under its digest."""
    answer = await file_document(gateway, SCAN, shared_with="AAAAA,BBBBB", expires_at="2027-01-04T23:59:59%2B08:00")
    address = f"{DOCUMENTS}/{digest(SCAN)}"
    assert (201, address) == (answer.status, answer.headers["Location"])
    entry = answer.json
    entry.pop("received_at")
    assert {
        "number": 1,
        "digest": digest(SCAN),
        "owner": DECLARANT,
        "type_code": "705",
        "id": "BL-1",
        "media_type": PDF,
        "bytes": len(SCAN),
        "expires_at": "2027-01-04T15:59:59Z",
        "shared_with": ["AAAAA", "BBBBB"],
    } == entry
    assert [NAME] == files(folder)
    fetched = await gateway.get(address)
    assert (200, SCAN, PDF) == (fetched.status, fetched.body, fetched.headers["Content-Type"])
    assert f'attachment; filename="{digest(SCAN)[7:]}.pdf"' == fetched.headers["Content-Disposition"]
    assert "nosniff" == fetched.headers["X-Content-Type-Options"]
    assert header(digest(SCAN)) == fetched.headers["Repr-Digest"]
    assert f'"{digest(SCAN)}"' == fetched.headers["ETag"]


@pytest.mark.parametrize("media_type", ENDINGS)
async def test_media_types(media_type: str, gateway: Gateway) -> None:
    """A document of each type that is taken comes back as that type."""
    assert 201 == (await file_document(gateway, SCAN, {"Content-Type": media_type})).status
    fetched = await gateway.get(f"{DOCUMENTS}/{digest(SCAN)}")
    assert (media_type, SCAN) == (fetched.headers["Content-Type"], fetched.body)


async def test_head_and_etag(gateway: Gateway) -> None:
    """HEAD tells what GET would, without the bytes; who has them already gets 304."""
    await file_document(gateway, SCAN)
    address = f"{DOCUMENTS}/{digest(SCAN)}"
    head = await gateway.ask("HEAD", address)
    assert (200, b"", str(len(SCAN))) == (head.status, head.body, head.headers["Content-Length"])
    for tag in (f'"{digest(SCAN)}"', "*", f'"other", "{digest(SCAN)}"'):
        known = await gateway.get(address, If_None_Match=tag)
        assert (304, b"", f'"{digest(SCAN)}"') == (known.status, known.body, known.headers["ETag"])
    assert 200 == (await gateway.get(address, If_None_Match='"other"')).status


async def test_again(gateway: Gateway, folder: Path) -> None:
    """The same document again is the same entry; what is stated of it last holds; other owners and types are others."""
    first = await file_document(gateway, SCAN)
    again = await file_document(gateway, SCAN)
    restated = await file_document(gateway, SCAN, {"Content-Type": "image/png"}, id="BL-2", shared_with="AAAAA")
    assert [201, 200, 200] == [answer.status for answer in (first, again, restated)]
    assert first.json == again.json
    changes = {"id": "BL-2", "media_type": "image/png", "shared_with": ["AAAAA"]}
    assert {**first.json, **changes} == restated.json
    assert [201, 201] == [
        (await file_document(gateway, SCAN, **other)).status for other in ({"owner": "AAAAA"}, {"type_code": "380"})
    ]
    assert [NAME] == files(folder)


@pytest.mark.parametrize("number", ["沪食药监(2026)第12号", "沪市监许〔2026〕12号", "№ 12/45", "A" * 140])
async def test_numbers_as_printed(number: str, gateway: Gateway) -> None:
    """A document is on file under its number as it is printed."""
    answer = await file_document(gateway, SCAN, id=quote(number))
    assert (201, number) == (answer.status, answer.json["id"])


async def test_at_once(gateway: Gateway, folder: Path) -> None:
    """The same bytes ten times at once are one entry and one file."""
    answers = await asyncio.gather(*(file_document(gateway, SCAN) for _ in range(10)))
    assert [200] * 9 + [201] == sorted(answer.status for answer in answers)
    assert 1 == len({answer.body for answer in answers})
    assert [NAME] == files(folder)


async def test_list(gateway: Gateway) -> None:
    """Documents are listed newest first, by owner and by file, page by page."""
    for number in range(5):
        await file_document(gateway, b"%d" % number, owner="AAAAA" if number == 2 else DECLARANT)
    address: str | None = f"{DOCUMENTS}?limit=2&owner={DECLARANT}"
    pages = []
    while address is not None:
        page = await gateway.get(address)
        pages.append([entry["number"] for entry in page.json["documents"]])
        link = page.headers.get("Link")
        assert (page.json["next_cursor"] is None) == (link is None)
        address = None if link is None else link.partition(">")[0].removeprefix("<")
    assert [[5, 4], [2, 1]] == pages
    found = await gateway.get(f"{DOCUMENTS}?digest={digest(b'2')}")
    assert ["AAAAA"] == [entry["owner"] for entry in found.json["documents"]]


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"owner": "", "type_code": "", "id": ""}, ["?owner", "?type_code", "?id"]),
        ({"owner": "lower", "type_code": "999", "id": "%00"}, ["?owner", "?type_code", "?id"]),
        ({"expires_at": "tomorrow"}, ["?expires_at"]),
        ({"shared_with": ",".join(f"PARTY{number}" for number in range(21))}, ["?shared_with"]),
        ({"shared_with": "AAAAA,"}, ["?shared_with"]),
        ({"shared_with": "AAAAA,91310000MA1FL4QK76"}, ["?shared_with"]),
        ({"owner": "91310000MA1FL4QK76"}, ["?owner"]),
        ({"id": "%20BL-1"}, ["?id"]),
        ({"id": "BL%20%201"}, ["?id"]),
        ({"id": "BL%E2%80%AE1"}, ["?id"]),
        ({"id": "%E3%80%80"}, ["?id"]),
        ({"id": "a" * 141}, ["?id"]),
    ],
)
async def test_wrong_statements(changes: dict[str, str], pointers: list[str], gateway: Gateway, folder: Path) -> None:
    """What is missing or wrong in what is said of a document is told at once, and nothing is kept."""
    answer = await file_document(gateway, SCAN, **changes)
    assert (400, "invalid-parameter") == (answer.status, answer.problem)
    assert pointers == [finding["pointer"] for finding in answer.json["findings"]]
    await none_on_file(gateway, folder)


async def test_twenty_parties(gateway: Gateway) -> None:
    """A document can be shared with twenty parties; one named twice counts once."""
    parties = [f"PARTY{number}" for number in range(20)]
    answer = await file_document(gateway, SCAN, shared_with=",".join([*parties, parties[0]]))
    assert (201, parties) == (answer.status, answer.json["shared_with"])


@pytest.mark.parametrize(
    ("status", "problem", "body", "headers"),
    [
        (400, "empty-body", b"", {}),
        (400, "digest-mismatch", SCAN, {"Content-Digest": header(digest(b"x"))}),
        (400, "digest-mismatch", SCAN, {"Repr-Digest": header(digest(b"x")), "Content-Digest": header(digest(SCAN))}),
        (400, "invalid-parameter", SCAN, {"Content-Digest": "sha-256=x"}),
        (413, "too-large", b"x" * (BYTES_MAX + 1), {}),
        (415, "unsupported-media-type", SCAN, {"Content-Type": "text/html"}),
        (415, "unsupported-media-type", SCAN, {"Content-Type": "application/octet-stream"}),
        (415, "unsupported-media-type", SCAN, {"Content-Type": "text/plain; charset=gb18030"}),
        (415, "unsupported-encoding", SCAN, {"Content-Encoding": "gzip"}),
        (417, "expectation-failed", SCAN, {"Expect": "200-ok"}),
    ],
)
async def test_what_is_not_taken(
    status: int, problem: str, body: bytes, headers: dict[str, str], gateway: Gateway, folder: Path
) -> None:
    """The answer names the problem, nothing is kept, and the next document is taken."""
    answer = await file_document(gateway, body, headers)
    assert (status, problem) == (answer.status, answer.problem)
    await none_on_file(gateway, folder)


async def test_right_digest(gateway: Gateway) -> None:
    """A document that is what its digest header says is taken."""
    assert 201 == (await file_document(gateway, SCAN, {"Content-Digest": header(digest(SCAN))})).status


async def test_size(gateway: Gateway, folder: Path) -> None:
    """A document of the most bytes that are taken is; one byte more, in chunks without a length, is not."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(BYTES_MAX // 1000):
            yield b"x" * 1000
        yield b"x"

    answer = await file_document(gateway, chunks())
    assert (413, "too-large") == (answer.status, answer.problem)
    assert [] == files(folder)
    assert 201 == (await file_document(gateway, b"x" * BYTES_MAX)).status


@pytest.mark.parametrize(
    "name",
    [
        "sha256:" + "0" * 64,
        "sha256:" + "0" * 63,
        "sha256:..%2f..%2fonewindow.db",
        "..%2f..%2fonewindow.db",
        "..%5c..%5conewindow.db",
        "incoming",
        "%00",
        digest(SCAN).upper(),
        digest(SCAN)[7:],
        digest(SCAN) + "%0a",
    ],
)
async def test_no_such_document(name: str, gateway: Gateway) -> None:
    """What is no digest of a document on file leads nowhere."""
    await file_document(gateway, SCAN)
    async with gateway.client.get(f"{gateway.url}{DOCUMENTS}/{name}", allow_redirects=False) as answer:
        assert 404 == answer.status


async def test_file_without_entry(gateway: Gateway, folder: Path) -> None:
    """A file that nobody put on file is not given out, and is what the same bytes find when they come."""
    (folder / NAME).parent.mkdir(parents=True)
    (folder / NAME).write_bytes(SCAN)
    assert 404 == (await gateway.get(f"{DOCUMENTS}/{digest(SCAN)}")).status
    assert 201 == (await file_document(gateway, SCAN)).status
    assert [NAME] == files(folder)


@pytest.mark.parametrize("found", [None, b"", SCAN + b"!", SCAN[:-1] + b"?"])
async def test_damaged_file(found: bytes | None, gateway: Gateway, folder: Path) -> None:
    """A file whose bytes are not those that were put on file is not given out until it is put on file again."""
    await file_document(gateway, SCAN)
    (folder / NAME).unlink()
    if found is not None:
        (folder / NAME).write_bytes(found)
    for method in ("GET", "HEAD"):
        answer = await gateway.ask(method, f"{DOCUMENTS}/{digest(SCAN)}")
        assert 500 == answer.status
    assert "record-damaged" == (await gateway.get(f"{DOCUMENTS}/{digest(SCAN)}")).problem
    assert 200 == (await file_document(gateway, SCAN)).status
    assert SCAN == (await gateway.get(f"{DOCUMENTS}/{digest(SCAN)}")).body


async def test_a_slow_document_is_given_up(tmp_path: Path, folder: Path) -> None:
    """A document that does not come in time is answered with 408, and nothing of it is kept."""
    async with served(tmp_path, limits=Limits(drain_seconds=0.01, document_seconds_max=0.5)) as gateway:
        reader, writer = await held(gateway)
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        assert head.startswith(b"HTTP/1.1 408 ")
        await none_on_file(gateway, folder)


async def test_a_client_that_hangs_up(gateway: Gateway, folder: Path) -> None:
    """A client that hangs up in the middle of a document leaves nothing behind."""
    _, writer = await held(gateway)
    while not files(folder):
        await asyncio.sleep(0)
    writer.transport.abort()
    while files(folder):
        await asyncio.sleep(0)
    await none_on_file(gateway, folder)


async def test_documents_at_one_time(tmp_path: Path) -> None:
    """Only so many documents come in at one time; the next is put off, and taken later."""
    async with served(tmp_path, limits=Limits(drain_seconds=0.01, document_uploads_max=2)) as gateway:
        writers = [(await held(gateway))[1] for _ in range(2)]
        while len(files(tmp_path / DOCUMENT_FOLDER)) < 2:
            await asyncio.sleep(0)
        answer = await file_document(gateway, SCAN)
        assert (429, "overloaded", "5") == (answer.status, answer.problem, answer.headers["Retry-After"])
        for writer in writers:
            writer.transport.abort()
        while (await file_document(gateway, SCAN)).status == 429:
            await asyncio.sleep(0)


async def test_stopping(tmp_path: Path, folder: Path) -> None:
    """A gateway that is told to stop breaks a document off with 503 and keeps nothing of it."""
    async with served(tmp_path) as gateway:
        reader, writer = await held(gateway)
        while not files(folder):
            await asyncio.sleep(0)
        gateway.stop.set()
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
    assert head.startswith(b"HTTP/1.1 503 ")
    assert [] == files(folder)


async def test_no_room(gateway: Gateway, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk has no room a document is put off with 503; later it is taken."""
    with monkeypatch.context() as full:
        full.setattr(document_folder, "FREE_BYTES_MIN", 2**63)
        answer = await file_document(gateway, SCAN)
        assert (503, "store-unavailable", "5") == (answer.status, answer.problem, answer.headers["Retry-After"])
    await none_on_file(gateway, folder)


async def test_disk_that_fails_on_the_way(gateway: Gateway, folder: Path) -> None:
    """Where the disk refuses the middle of a document it is put off with 503 and nothing of it is kept."""
    resource = pytest.importorskip("resource", reason="file sizes can be limited on POSIX systems only")
    await file_document(gateway, b"first")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, limits[1]))
    try:
        answer = await file_document(gateway, b"x" * BYTES_MAX)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (503, "store-unavailable") == (answer.status, answer.problem)
    assert 1 == len(files(folder))
    assert 201 == (await file_document(gateway, b"x" * BYTES_MAX)).status


async def test_a_download_that_nobody_reads(tmp_path: Path) -> None:
    """A document that is not fetched in time is cut off, so that its receiver sees that some is missing."""
    scan = b"x" * 20_000_000
    async with served(tmp_path) as gateway:
        assert 201 == (await file_document(gateway, scan)).status
    limits = Limits(drain_seconds=0.01, document_seconds_max=0.05)
    async with served(tmp_path, limits=limits) as gateway:
        host, port = gateway.url.removeprefix("http://").split(":")
        with capture_logs() as logs:
            reader, writer = await asyncio.open_connection(host, int(port), limit=1000)
            writer.write(f"GET {DOCUMENTS}/{digest(scan)} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            while not logs:  # the reader takes no more than its limit meanwhile
                await asyncio.sleep(0)
        came = 0
        with suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                came += len(chunk)
        writer.close()
    assert ["document cut off"] == [entry["event"] for entry in logs]
    assert 0 < came < len(scan)


async def test_json_is_a_document_too(gateway: Gateway) -> None:
    """A JSON document is given out as it came, whatever a caller would rather have."""
    body = b'{ "b":1,\r\n"a" : 2}'
    assert 201 == (await file_document(gateway, body, {"Content-Type": JSON})).status
    fetched = await gateway.get(f"{DOCUMENTS}/{digest(body)}", Accept="application/pdf, */*;q=0.1")
    assert (body, JSON) == (fetched.body, fetched.headers["Content-Type"])


async def held(gateway: Gateway) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a document has begun to come in."""
    host, port = gateway.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {DOCUMENTS}?{query()} HTTP/1.1\r\nHost: a\r\nContent-Type: {PDF}\r\n".encode())
    writer.write(b"Content-Length: 400000\r\n\r\n" + b"x" * 300_000)
    await writer.drain()
    return reader, writer
