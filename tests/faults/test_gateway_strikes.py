"""Faults 1 and 2 on the whole gateway: struck at the store's system calls over one declaration, and their order."""

import asyncio
import shutil
from pathlib import Path

import aiohttp
import pytest
from support import strace
from support.declarations import declaration
from support.gateway_process import ClientLedger, GatewayProcess, gateway
from support.oracle import oracle
from support.sweeps import Sampled

NEVER = 65_535
"""The call at which nothing is struck, because so many are not made; it is the most that strace counts to."""

pytestmark = pytest.mark.skipif(strace.unavailable() is not None, reason=str(strace.unavailable()))


CALLS = ("pwrite64", "fdatasync")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys and an empty store, so that the strikes fall on the declaration and not on the set-up."""

    async def made(folder: Path) -> None:
        async with gateway(folder) as process:
            process.start()
            await process.ready()
            assert 0 == await process.terminate()

    folder = tmp_path_factory.mktemp("prepared")
    asyncio.run(made(folder))
    return folder


@pytest.fixture(scope="module")
def undisturbed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of a declaration that nothing strikes."""
    folder = tmp_path_factory.mktemp("undisturbed") / "gateway"
    shutil.copytree(prepared, folder)
    assert not asyncio.run(_struck(folder, CALLS[0], strace.KILL, NEVER))
    return folder / "strace.log"


@pytest.mark.sweep(cases=2)
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("fault", [strace.KILL, strace.EIO])
@pytest.mark.parametrize("call", CALLS)
async def test_a_declaration_outlives_strikes_at(
    call: str, fault: str, prepared: Path, undisturbed: Path, tmp_path: Path, sampled: Sampled
) -> None:
    """Killed at a call of the store, or refused it by the disk, the gateway keeps every promise afterwards."""
    strikes = 0
    for nth in sampled(range(1, 1 + strace.busiest(undisturbed, call))):
        folder = tmp_path / f"{nth}"
        shutil.copytree(prepared, folder)
        strikes += await _struck(folder, call, fault, nth)
        shutil.rmtree(folder)
    print(f"{strikes} strikes by {fault} at {call}")
    assert strikes > 0


async def _struck(folder: Path, call: str, fault: str, nth: int) -> bool:
    """One run under strace and one after it; whether the fault was met."""
    ledger = ClientLedger()
    body = declaration("STRIKE-1", items=2)
    log = folder / "strace.log"
    under = [
        *(*strace.tracing(fault), "-D", "-P", str(folder / "onewindow.db-wal"), "-o", str(log)),
        *("-e", f"trace={','.join(CALLS)}", "-e", f"inject={call}:{fault}:when={nth}"),
    ]
    async with gateway(folder) as process, aiohttp.ClientSession() as client:
        process.start(under=under)
        await process.alive()
        await _until_answered(client, process, ledger, body)
        killed = not process.running
        if not killed:
            await process.kill()
        process.start()
        await process.ready()
        assert await ledger.submit(client, process.url, body) in (200, 202)
        await ledger.settled(client, process.url)
        await process.kill()
        await oracle(process, ledger)
    assert 1 == len(ledger.receipts)
    return killed or "(INJECTED)" in log.read_text("utf-8", errors="replace")


async def _until_answered(
    client: aiohttp.ClientSession, process: GatewayProcess, ledger: ClientLedger, body: bytes
) -> None:
    """Submit and wait for the response, until it is there, the process is gone, or the store has been refused."""
    for _ in range(600):
        if not process.running:
            return
        if not ledger.receipts:
            await ledger.submit(client, process.url, body)
        elif await ledger.response(client, process.url, next(iter(ledger.receipts))) is not None:
            return
        await asyncio.sleep(0.02)


async def test_no_receipt_leaves_before_it_is_on_disk(prepared: Path, tmp_path: Path) -> None:
    """In the order of system calls, no answer with a case's id leaves while the case is unsynced."""
    ledger = ClientLedger()
    folder = tmp_path / "gateway"
    shutil.copytree(prepared, folder)
    log = folder / "strace.log"
    calls = "write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync"
    under = [*strace.tracing(), "-D", "-s", "16384", "-e", f"trace={calls}", "-o", str(log)]
    async with gateway(folder) as process, aiohttp.ClientSession() as client:
        process.start(under=under)
        await process.ready()
        for place in range(5):
            assert 202 == await ledger.submit(client, process.url, declaration(f"ORDER-{place}"))
        await ledger.settled(client, process.url)
        assert 0 == await process.terminate()
    trace = strace.Trace(log.read_text("utf-8", errors="replace").splitlines())
    store = folder / "onewindow.db"
    assert [] == trace.early(sorted(ledger.receipts), (store, store.with_name("onewindow.db-wal")))
