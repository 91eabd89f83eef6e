"""The server: it comes up on any port, and ends without cutting an answer off or losing what it promised."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from support.declarations import declaration
from support.gateway_process import ClientLedger, gateway
from support.oracle import oracle
from support.served import XML, Held, served, unserved

from onewindow.gateway.api import Limits
from onewindow.gateway.case import CaseStatus
from onewindow.gateway.server import serve
from onewindow.gateway.store.store import Query, StoreUnavailable


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Returns once the condition holds."""
    async with asyncio.timeout(30):
        while not await holds():
            await asyncio.sleep(0)


async def test_waiters_get_their_receipt_when_the_gateway_stops(tmp_path: Path) -> None:
    """Who waits for a response when the gateway stops is answered at once with the receipt; the case goes on later."""
    async with served(tmp_path, Held()) as opened:
        waiting = [asyncio.create_task(opened.post(declaration(f"W-{place}"), Prefer="wait=60")) for place in range(5)]

        async def all_taken() -> bool:
            return len(await opened.window.find(Query())) == len(waiting)

        await until(all_taken)
        opened.stop.set()
        answers = await asyncio.gather(*waiting)
    assert {202} == {answer.status for answer in answers}
    assert {"close"} == {answer.headers["Connection"] for answer in answers}
    async with served(tmp_path) as opened:
        again = await asyncio.gather(
            *(opened.post(declaration(f"W-{place}"), Prefer="wait=30", Accept=XML) for place in range(5))
        )
    assert {200} == {answer.status for answer in again}


async def test_an_upload_in_progress_is_told(tmp_path: Path) -> None:
    """Who is still sending when the gateway stops is answered with 503 and when to come again."""
    async with served(tmp_path) as opened:
        host, port = opened.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /v1/declarations HTTP/1.1\r\nHost: a\r\nContent-Type: application/xml\r\n")
        writer.write(b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n")
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == await reader.readuntil(b"\r\n\r\n")
        opened.stop.set()
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 5\r\n" in head


async def test_connections_kept_alive_are_refused(tmp_path: Path) -> None:
    """On a connection that is still open a stopping gateway answers 503 and closes it; new ones are not taken."""
    async with served(tmp_path, limits=Limits(drain_seconds=0.5)) as opened:
        await opened.get("/health/ready")
        opened.stop.set()

        async def stopping() -> bool:
            return opened.window.stopping

        await until(stopping)
        refused = await opened.post(declaration("K-1"))
        with pytest.raises(aiohttp.ClientConnectorError):
            await opened.get("/health/ready")
    assert (503, "stopping", "close") == (refused.status, refused.problem, refused.headers["Connection"])
    assert "Retry-After" in refused.headers


async def test_stopping_under_load(tmp_path: Path) -> None:
    """Under load every answer is whole or never begun, and each declaration taken has its case after the stop."""
    async with served(tmp_path) as opened:
        numbers = itertools.count()
        taken: list[str] = []

        async def client(wait: int) -> None:
            while True:
                try:
                    answer = await opened.post(declaration(f"L-{next(numbers)}"), Prefer=f"wait={wait}")
                except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                    return  # not one byte of an answer; ClientPayloadError would be half of one
                if answer.status == 503:
                    return
                taken.append(answer.headers["Location"])
                if len(taken) == 40:
                    opened.stop.set()

        await asyncio.gather(*(client(place % 2 * 30) for place in range(12)))
        await opened.ended
    assert 40 <= len(taken)
    async with served(tmp_path) as opened:

        async def all_decided() -> bool:
            return {CaseStatus.DECIDED} == {case.status for case in await opened.window.find(Query(limit=10_000))}

        await until(all_decided)
        responses = [await opened.get(f"{path}/response") for path in taken]
    assert {200} == {response.status for response in responses}


async def test_sigterm_under_load(tmp_path: Path) -> None:
    """A process ended by SIGTERM under load exits with 0, and all that it receipted is answered after a restart."""
    async with gateway(tmp_path) as process, aiohttp.ClientSession() as client:
        ledger = ClientLedger()
        numbers = itertools.count()
        enough = asyncio.Event()

        async def submit() -> None:
            while await ledger.submit(client, process.url, declaration(f"T-{next(numbers)}")) == 202:
                if len(ledger.receipts) >= 30:
                    enough.set()

        process.start()
        await process.ready()
        clients = [asyncio.create_task(submit()) for _ in range(8)]
        await enough.wait()
        status = await process.terminate()
        await asyncio.gather(*clients)
        process.start()
        await process.ready()
        await ledger.settled(client, process.url)
        again = await process.terminate()
    assert (0, 0) == (status, again)
    await oracle(process, ledger)


async def test_a_window_that_fails_ends_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the window's own work comes to an unforeseen end the server ends too, and says why."""
    window = await unserved(tmp_path)

    async def failing() -> None:
        raise RuntimeError("the window is broken")

    monkeypatch.setattr(window, "run", failing)
    with pytest.raises(RuntimeError, match="the window is broken"):
        await serve(window, "127.0.0.1", 0, on_ready=lambda _: None, stop=asyncio.Event())
    with pytest.raises(StoreUnavailable):
        await window.find(Query())


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """Where the address is taken the server says so, and closes the window."""
    async with served(tmp_path / "one") as opened:
        window = await unserved(tmp_path / "two")
        with pytest.raises(OSError, match="Address already in use"):
            await serve(window, "127.0.0.1", int(opened.url.rpartition(":")[2]), on_ready=lambda _: None)
    with pytest.raises(StoreUnavailable):
        await window.find(Query())


async def test_the_url_of_an_ipv6_address(tmp_path: Path) -> None:
    """An IPv6 address stands in brackets in the URL."""
    stop = asyncio.Event()
    urls: list[str] = []

    def ready(url: str) -> None:
        urls.append(url)
        stop.set()

    await serve(await unserved(tmp_path), "::1", 0, on_ready=ready, stop=stop, limits=Limits(drain_seconds=0))
    assert urls[0].startswith("http://[::1]:")
    assert not urls[0].endswith(":0")
