"""Documents on file against kills, failing disks and large files, on a real gateway process."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiohttp
import pytest
from support import strace
from support.filing import DOCUMENTS, PDF, files, query, referring
from support.gateway_process import ClientLedger, GatewayProcess, gateway
from support.oracle import oracle

from onewindow.codecs.digest import digest
from onewindow.gateway.config import DOCUMENT_FOLDER

SCAN = b"%PDF-1.7 a bill of lading " * 20_000
NAME = f"{digest(SCAN)[7:9]}/{digest(SCAN)[7:]}"
MEBIBYTE = 1024 * 1024

needs_strace = pytest.mark.skipif(strace.unavailable() is not None, reason=str(strace.unavailable()))


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def put(client: aiohttp.ClientSession, process: GatewayProcess, body: bytes) -> int | None:
    """Put a document on file; the status, or None where the connection broke."""
    address = f"{process.url}{DOCUMENTS}?{query()}"
    try:
        async with client.post(address, data=body, headers={"Content-Type": PDF}) as answer:
            await answer.read()
            return answer.status
    except (aiohttp.ClientError, ConnectionError):
        return None


async def fetch(client: aiohttp.ClientSession, process: GatewayProcess, name: str) -> bytes | None:
    """A document on file, None where there is none."""
    async with client.get(f"{process.url}{DOCUMENTS}/{name}") as answer:
        return await answer.read() if answer.status == 200 else None


async def sound(process: GatewayProcess, ledger: ClientLedger | None = None) -> None:
    """Stop the gateway and have fsck prove what it keeps."""
    await process.kill()
    await oracle(process, ledger or ClientLedger())


@pytest.mark.parametrize(("crash_point", "entered"), [("document-written", False), ("document-entered", True)])
async def test_killed_at(crash_point: str, entered: bool, tmp_path: Path, client: aiohttp.ClientSession) -> None:
    """Killed between file, entry and answer, the gateway has the document whole or not at all, and takes it again."""
    async with gateway(tmp_path) as process:
        process.start(crash_point)
        await process.ready()
        assert await put(client, process, SCAN) is None
        await process.ended()
        assert [NAME] == files(tmp_path / DOCUMENT_FOLDER)
        process.start()
        await process.ready()
        assert (SCAN if entered else None) == await fetch(client, process, digest(SCAN))
        assert (200 if entered else 201) == await put(client, process, SCAN)
        assert SCAN == await fetch(client, process, digest(SCAN))
        ledger = ClientLedger()
        assert 202 == await ledger.submit(client, process.url, referring("R-1", digest(SCAN)))
        await ledger.settled(client, process.url)
        await sound(process, ledger)


async def test_no_document_is_lost_by_kills(tmp_path: Path, client: aiohttp.ClientSession) -> None:
    """Killed while documents come in, again and again, the gateway has every document that it ever said it had."""
    promised: asyncio.Queue[bytes] = asyncio.Queue()
    told: list[bytes] = []
    async with gateway(tmp_path) as process:
        for kill in range(3):
            process.start()
            await process.ready()
            names = [b"%d %d" % (kill, lane) for lane in range(4)]
            uploads = [asyncio.create_task(_keep_putting(client, process, name, promised)) for name in names]
            told += [await promised.get() for _ in range(10)]
            await process.kill()
            await asyncio.gather(*uploads)
        told += [promised.get_nowait() for _ in range(promised.qsize())]
        process.start()
        await process.ready()
        for body in told:
            assert body == await fetch(client, process, digest(body))
        await sound(process)
    print(f"{len(told)} documents on file")
    assert 30 <= len(told)


async def _keep_putting(
    client: aiohttp.ClientSession, process: GatewayProcess, name: bytes, promised: asyncio.Queue[bytes]
) -> None:
    """Put documents on file until the connection breaks; those of which it was said that they are, are promised."""
    for nth in range(10_000):
        body = b"%s %d " % (name, nth) * 10_000
        status = await put(client, process, body)
        if status is None:
            return
        assert 201 == status
        promised.put_nowait(body)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys, store and one document."""
    folder = tmp_path_factory.mktemp("fresh")

    async def prepare() -> None:
        async with gateway(folder) as process, aiohttp.ClientSession() as client:
            process.start()
            await process.ready()
            assert 201 == await put(client, process, b"first")
            assert 0 == await process.terminate()

    asyncio.run(prepare())
    return folder


@pytest.fixture
def prepared(fresh: Path, tmp_path: Path) -> Path:
    """A copy of it, so that strikes fall on the next document and not on the set-up."""
    return Path(shutil.copytree(fresh, tmp_path / "prepared"))


def _under(folder: Path, fault: str | None, *options: str) -> Sequence[str]:
    return [*strace.tracing(fault), "-D", "-s", "16384", "-o", str(folder / "strace.log"), *options]


@needs_strace
@pytest.mark.sweep(cases=2)
@pytest.mark.parametrize("fault", [strace.KILL, strace.EIO])
@pytest.mark.parametrize("nth", [4, 5, 6])
async def test_struck_at_a_sync(nth: int, fault: str, prepared: Path, client: aiohttp.ClientSession) -> None:
    """Killed at a sync of a document's file or folders, or refused it by the disk, nothing is said to be on file."""
    async with gateway(prepared) as process:
        # A document's thread makes three syncs, of the file and of two folders; those of the second one are struck.
        process.start(under=_under(prepared, fault, "-e", "trace=fsync", "-e", f"inject=fsync:{fault}:when={nth}"))
        await process.ready()
        assert 200 == await put(client, process, b"first")
        assert (None if fault == strace.KILL else 503) == await put(client, process, SCAN)
        if fault == strace.KILL:
            await process.ended()
            process.start()
            await process.ready()
        assert await fetch(client, process, digest(SCAN)) is None
        assert 201 == await put(client, process, SCAN)
        assert SCAN == await fetch(client, process, digest(SCAN))
        await sound(process)
    assert re.search(r"INJECTED|killed by SIGKILL", (prepared / "strace.log").read_text("utf-8", errors="replace"))


@needs_strace
@pytest.mark.sweep(cases=2)
@pytest.mark.parametrize(
    ("call", "fault"),
    [("pwrite64", "error=ENOSPC"), ("pwrite64", strace.KILL), ("fdatasync", strace.EIO), ("fdatasync", strace.KILL)],
)
async def test_struck_at_the_entry(call: str, fault: str, prepared: Path, client: aiohttp.ClientSession) -> None:
    """Where the register can't be written a document is put off with 503, and is on file once it is sent again."""
    async with gateway(prepared) as process:
        log = str(prepared / "onewindow.db-wal")
        process.start(
            under=_under(prepared, fault, "-P", log, "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when=1")
        )
        await process.ready(sign="/health/live")  # asked whether it is ready, it would write, and be struck at that
        statuses = [await put(client, process, SCAN)]
        if fault == strace.KILL:
            await process.ended()
            process.start()
            await process.ready()
        while statuses[-1] not in (200, 201):  # each thread is struck once
            statuses.append(await put(client, process, SCAN))
            assert len(statuses) < 8
        assert {None if fault == strace.KILL else 503} == set(statuses[:-1])
        assert 2 == len(files(prepared / DOCUMENT_FOLDER))
        assert SCAN == await fetch(client, process, digest(SCAN))
        await sound(process)


@needs_strace
async def test_order(prepared: Path, client: aiohttp.ClientSession) -> None:
    """In the order of system calls: the file is synced, then its entry is, and only then the answer leaves."""
    store = prepared / "onewindow.db"
    calls = "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync"
    async with gateway(prepared) as process:
        process.start(under=_under(prepared, None, "-e", calls))
        await process.ready()
        bodies = [b"%d" % number * 1000 for number in range(5)]
        assert [201] * 5 == [await put(client, process, body) for body in bodies]
        assert 0 == await process.terminate()
    trace = strace.Trace((prepared / "strace.log").read_text("utf-8", errors="replace").splitlines())
    names = [digest(body) for body in bodies]
    log = store.with_name("onewindow.db-wal")
    assert [] == trace.early(names, (store, log))
    assert [] == _entered_unsynced(trace, names, str(log))
    unsynced = strace.Trace([])
    unsynced.calls = tuple(call for call in trace.calls if call.name != "fsync")
    assert names == _entered_unsynced(unsynced, names, str(log)), "the control"


def _entered_unsynced(trace: strace.Trace, names: Sequence[str], log: str) -> list[str]:
    """The files that are named in the database's log before they, and the folders that name them, were synced."""
    found = []
    for name in names:
        entered = next(place for place, call in enumerate(trace.calls) if call.file == log and name in call.text)
        synced = [call.file for call in trace.calls[:entered] if call.name == "fsync" and call.ended == 0]
        folder = f"/{DOCUMENT_FOLDER}/{name[7:9]}"
        if not any(file.endswith(folder) for file in synced) or not any(file.endswith(".part") for file in synced):
            found.append(name)
    return found


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells by /proc what a process held")
async def test_memory(tmp_path: Path, client: aiohttp.ClientSession) -> None:
    """Four documents of 20 MiB at once, and fetched again, take less memory than one of them."""
    bodies = [bytes([number]) * (20 * MEBIBYTE) for number in range(4)]
    async with gateway(tmp_path) as process:
        process.start()
        await process.ready()
        assert 201 == await put(client, process, b"first")
        before = process.peak_bytes()
        for _ in range(2):
            assert {200, 201} >= set(await asyncio.gather(*(put(client, process, body) for body in bodies)))
            for body in bodies:
                assert body == await fetch(client, process, digest(body))
        grown = process.peak_bytes() - before
    print(f"grown by {grown / MEBIBYTE:.1f} MiB")
    assert grown < 20 * MEBIBYTE
